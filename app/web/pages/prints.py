"""What a trainer prints before the day: cards, poster, room sheet, the test on paper."""

from fastapi import Response

from app.web import prints
from app.web.deps import (
    AuditedWork,
    OpenWork,
    OwnWorkshop,
    PageTrainer,
    TheHouse,
)
from app.web.proof import FreshProof
from app.web.routers import staff_pages
from app.web.view import ReaderView
from app.workshops.schemas import Occasion

router = staff_pages("/trainer/workshops/{workshop_id}")


@router.get("/cards.pdf", dependencies=[FreshProof])
def show_printed_cards(
    house: TheHouse,
    work: AuditedWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    number: str = "",
) -> Response:
    """24 cards to an A4, or the one with this number; their squares are secret."""
    return prints.print_cards(house, work, workshop, number, by=trainer)


@router.get("/poster.pdf")
def show_poster(house: TheHouse, workshop: OwnWorkshop) -> Response:
    """One page for the wall."""
    return prints.print_poster(house, workshop)


@router.get("/room-sheet.pdf")
def show_room_sheet(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """The list to tick on paper, in the reader's language."""
    return prints.print_room_sheet(house, work, workshop, language=view.language)


@router.get("/paper-test.pdf")
def show_paper_test(
    house: TheHouse,
    work: OpenWork,
    workshop: OwnWorkshop,
    occasion: Occasion = Occasion.PRE,
    language: str = "",
) -> Response:
    """The test on paper, in one of the workshop's languages."""
    return prints.print_paper_test(house, work, workshop, occasion, language)
