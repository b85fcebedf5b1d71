"""Printed things for pages and API alike: read inside the transaction, drawn after it."""

from collections.abc import Callable

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.core.errors import CardUnknown
from app.participants import service as participants
from app.participants.as_pdf import (
    card_sheet_as_pdf,
    paper_test_as_pdf,
    poster_as_pdf,
    room_sheet_as_pdf,
)
from app.participants.paper_test import PaperTest, build_paper_test, languages_on_paper
from app.participants.printed import (
    Door,
    Poster,
    Wifi,
    build_card_sheet,
    build_poster,
    build_room_sheet,
)
from app.web.files import DrawnResponse
from app.web.form_document import HEADINGS
from app.web.house import House
from app.web.urls import card_url, join_url
from app.workshops import service as workshops
from app.workshops.schemas import Occasion, WorkshopRecord


class PdfResponse(DrawnResponse):
    """A PDF that is drawn when it is sent."""

    def __init__(self, draw: Callable[[], bytes], *, file_name: str) -> None:
        super().__init__(draw, media_type="application/pdf", file_name=file_name)


def print_cards(
    house: House, work: Work, workshop: WorkshopRecord, number: str = "", *, by: StaffPerson
) -> PdfResponse:
    """The card sheet, or one card of it; raises CardUnknown where there is none to print.

    The log remembers the address on them: a server that moves can say that they lead nowhere.
    """
    found = participants.find_printed_cards(work, workshop)
    cards = [each for each in found if number in ("", each.card.number)]
    if not cards:
        raise CardUnknown()
    accounts.record_event(
        work,
        by=by,
        verb="print_cards",
        object_kind="workshop",
        object_id=workshop.id,
        address=house.settings.base_url,
    )
    sheet = build_card_sheet(
        workshop,
        cards,
        door=_door(house, workshop),
        card_url=lambda number, token: card_url(house, workshop, number, token),
        translate=house.catalogues.translate,
    )
    return PdfResponse(lambda: card_sheet_as_pdf(sheet), file_name=_name(workshop, "cards"))


def poster_of(house: House, workshop: WorkshopRecord) -> Poster:
    """What the poster and the lobby on the wall say: the way in, in the workshop's languages."""
    known = house.settings
    return build_poster(
        workshop,
        door=_door(house, workshop),
        translate=house.catalogues.translate,
        wifi=Wifi(known.wifi_name, known.wifi_password) if known.wifi_name else None,
    )


def print_poster(house: House, workshop: WorkshopRecord) -> PdfResponse:
    """The poster for the wall."""
    poster = poster_of(house, workshop)
    return PdfResponse(lambda: poster_as_pdf(poster), file_name=_name(workshop, "poster"))


def print_room_sheet(
    house: House, work: Work, workshop: WorkshopRecord, *, language: str
) -> PdfResponse:
    """The trainer's list, in the trainer's language."""
    sheet = build_room_sheet(
        workshop,
        [line.card for line in participants.find_card_lines(work, workshop)],
        door=_door(house, workshop),
        language=language,
        translate=house.catalogues.translate,
    )
    return PdfResponse(lambda: room_sheet_as_pdf(sheet), file_name=_name(workshop, "room-sheet"))


def print_paper_test(
    house: House, work: Work, workshop: WorkshopRecord, occasion: Occasion, language: str
) -> PdfResponse:
    """The test on paper in one language, empty for the first; raises ValueRefused."""
    test = paper_test_of(house, work, workshop, occasion, language)
    kind = f"{occasion.value}-{test.language}".replace("_", "-")
    return PdfResponse(lambda: paper_test_as_pdf(test), file_name=_name(workshop, kind))


def paper_test_of(
    house: House, work: Work, workshop: WorkshopRecord, occasion: Occasion, language: str
) -> PaperTest:
    """The test with its letters in one language, empty for the first; raises ValueRefused."""
    return build_paper_test(
        workshop,
        workshops.require_form(work, workshop),
        heading=HEADINGS[occasion],
        language=language,
        translate=house.catalogues.translate,
    )


def paper_languages(work: Work, workshop: WorkshopRecord) -> tuple[str, ...]:
    """The languages in which the test can be printed, the workshop's first one first."""
    return languages_on_paper(workshop, workshops.require_form(work, workshop))


def short_address(house: House) -> str:
    """What people type into a browser: no scheme, no slash at the end."""
    return house.settings.base_url.partition("://")[2].rstrip("/")


def _door(house: House, workshop: WorkshopRecord) -> Door:
    return Door(
        address=short_address(house),
        join_code=workshop.join_code,
        join_url=join_url(house, workshop),
    )


def _name(workshop: WorkshopRecord, kind: str) -> str:
    """Six digits and plain letters: a title could carry anything into a header."""
    return f"tafawut-{workshop.join_code}-{kind}.pdf"
