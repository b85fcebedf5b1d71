"""The way in for a participant: code, language, card, consent."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import Depends, Form, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from app.core.errors import JoinCodeUnknown, Refusal
from app.participants import calls, without_card
from app.participants import service as participants
from app.sittings import service as sittings
from app.sittings.assistance import note_assistance
from app.web.cookies import delete_cookie, set_cookie
from app.web.deps import (
    JoinedWorkshop,
    OpenWork,
    Phone,
    TheHouse,
    cookie_name,
)
from app.web.door import Joinable, KnownWorkshop, TheDoor
from app.web.house import House
from app.web.laptop import is_elsewhere
from app.web.pages.take import way_to_test
from app.web.routers import public_pages
from app.web.view import SCRIPTS, ReaderView, View
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord, WorkshopState

router = public_pages()

_FONTS = Path(__file__).parents[2] / "fonts"


def only_workshop(request: Request, house: TheHouse, another: str = "") -> WorkshopRecord | None:
    """Where a phone of the room belongs without typing; None on the laptop, and if it asks."""
    is_staff = cookie_name(house, "staff") in request.cookies
    if another or is_staff or not is_elsewhere(request, house):
        return None
    with house.unit(writes=False) as work:
        return workshops.get_only_open_workshop(work)


@router.get("/")
def show_home(
    view: ReaderView, workshop: Annotated[WorkshopRecord | None, Depends(only_workshop)]
) -> Response:
    """Where a code is typed; in a room with one open workshop a phone need not."""
    if workshop is not None:
        return RedirectResponse(f"/j/{workshop.join_code}", 303)
    return view.show("home.html", error=None, typed="")


@router.post("/join", name="join")
def find_workshop(
    door: TheDoor, view: ReaderView, work: OpenWork, code: Annotated[str, Form()] = ""
) -> Response:
    """From the typed code to its workshop; a slip is answered without the database."""
    try:
        workshop = door.find_joinable(work, code)
    except Refusal as refusal:
        view.show_again("home.html", refusal, typed=code)
    return RedirectResponse(f"/j/{workshop.join_code}", 303)


@router.get("/j/{code}")
@router.get("/J/{code}")
@router.get("/j/{code}/{number}")
def show_join(workshop: KnownWorkshop, view: ReaderView, number: str = "") -> Response:
    """The workshop's languages, and the field for the card's number.

    Of a workshop that was put away only a card's own square opens it; the code alone is free again.
    """
    if workshop.state is not WorkshopState.ACTIVE and not number:
        raise JoinCodeUnknown()
    return view.show("participant/join.html", workshop=workshop, number=number, error=None)


@router.post("/j/{code}", name="join")
def join(
    door: TheDoor,
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    workshop: KnownWorkshop,
    language: Annotated[str, Form()] = "",
    number: Annotated[str, Form()] = "",
    token: Annotated[str, Form()] = "",
) -> Response:
    """Bind this phone to the card: by the card's token, or by its four digits."""
    spoken, draft = choose_words(view, workshop, language)
    try:
        if token:
            _, secret = participants.join_with_token(work, token, language=spoken)
        else:
            _, secret = door.open_by_number(work, workshop, number, language=spoken)
    except Refusal as refusal:
        view.show_again("participant/join.html", refusal, workshop=workshop, number=number)
    response = RedirectResponse("/my", 303)
    set_cookie(response, house, "phone", secret)
    return remember_words(response, house, spoken, draft)


@router.post("/j/{code}/number", name="take_number")
def take_number(
    workshop: Joinable,
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    language: Annotated[str, Form()] = "",
) -> Response:
    """Somebody without a card: the next free number, and this phone goes on with it."""
    spoken, draft = choose_words(view, workshop, language)
    try:
        _, secret = without_card.take_number(work, workshop, language=spoken)
    except Refusal as refusal:
        view.show_again("participant/join.html", refusal, workshop=workshop, number="")
    response = RedirectResponse("/my", 303)
    set_cookie(response, house, "phone", secret)
    return remember_words(response, house, spoken, draft)


@router.get("/my/consent")
def show_consent(
    view: ReaderView, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """Four lines, two buttons."""
    count = workshops.count_items(work, workshop)
    return view.show(
        "participant/consent.html",
        workshop=workshop,
        item_count=count,
        minutes=minutes_for(count),
        card_number=phone.card.number,
        has_called=calls.has_called(work, phone.card),
        is_taken=without_card.is_taken(work, phone.card),
    )


@router.post("/my/consent", name="answer_consent")
def answer_consent(
    view: ReaderView,
    work: OpenWork,
    phone: Phone,
    workshop: JoinedWorkshop,
    answer: Annotated[str, Form()] = "",
    helped: Annotated[str, Form()] = "",
) -> Response:
    """Yes goes to the test; no goes to the desk, and costs nothing. Nothing said asks again."""
    if answer not in ("yes", "no"):
        return RedirectResponse("/my/consent", 303)
    sitting = sittings.answer_consent(work, phone, has_agreed=answer == "yes")
    if sitting is not None and helped:
        note_assistance(work, sitting)
    return way_to_test(view, work, phone, workshop, sitting)


@router.post("/my/leave", name="leave")
def leave(house: TheHouse, work: OpenWork, phone: Phone) -> Response:
    """Give the phone to the next person: it forgets the card."""
    participants.end_pass(work, phone)
    response = RedirectResponse(f"/j/{_code_of(work, phone)}", 303)
    delete_cookie(response, house, "phone")
    delete_cookie(response, house, "sitting")
    delete_cookie(response, house, "draft")
    # Not "storage": answers of this person that were not sent yet are still on the phone.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.get("/static/nastaliq.woff2")
def send_nastaliq() -> Response:
    """The letters of Urdu; their address names the version, so a phone asks once."""
    return _send_font("nastaliq.woff2")


@router.get("/static/naskh-{weight}.ttf")
def send_naskh(weight: Literal["400", "700"]) -> Response:
    """The same as naskh, for a laptop of the staff that has no Arabic letters of its own."""
    return _send_font(f"naskh-{weight}.ttf")


def _send_font(name: str) -> Response:
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(_FONTS / name, headers=kept)


@router.post("/language", name="change_language")
def change_language(
    house: TheHouse,
    language: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
    script: Annotated[str, Form()] = "",
) -> Response:
    """Remember the language of this reader's pages, or the letters of Urdu."""
    response = RedirectResponse(safe_path(back), 303)
    if language in house.catalogues.languages:
        remember_words(response, house, language, "")
    if script in SCRIPTS:
        set_cookie(response, house, "script", script)
    return response


@router.post("/my/language", name="change_language")
def change_own_language(
    view: ReaderView,
    work: OpenWork,
    phone: Phone,
    workshop: JoinedWorkshop,
    language: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/my",
    script: Annotated[str, Form()] = "",
) -> Response:
    """The language of this phone, or its letters; what was answered stays."""
    response = change_language(view.house, "", back, script)
    if language in (*workshop.languages, *workshop.draft_languages):
        spoken, draft = choose_words(view, workshop, language)
        participants.change_language(work, phone, spoken)
        remember_words(response, view.house, spoken, draft)
    return response


def choose_words(view: View, workshop: WorkshopRecord, language: str) -> tuple[str, str]:
    """The full language to speak in and the draft below it, by what was chosen.

    Who chooses a draft keeps the full language of the pages so far, where the workshop has it.
    """
    wanted = view.language if language in workshop.draft_languages else language
    spoken = wanted if wanted in workshop.languages else workshop.languages[0]
    return spoken, language if language in workshop.draft_languages else ""


def remember_words(response: Response, house: House, language: str, draft: str) -> Response:
    """This phone's pages speak so from now on; only its own cookies know the draft."""
    set_cookie(response, house, "language", language)
    if draft:
        set_cookie(response, house, "draft", draft)
    else:
        delete_cookie(response, house, "draft")
    return response


def safe_path(path: str) -> str:
    """A path of this service, whatever was asked for: never another host."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and path.isprintable() and "\\" not in path else "/"


def minutes_for(item_count: int) -> int:
    """About how long a test takes."""
    return max(5, round(item_count * 0.75 / 5) * 5)


def _code_of(work: OpenWork, phone: Phone) -> str:
    return workshops.require_workshop(work, phone.card.workshop_id).join_code
