"""The trainer's pages: home, a workshop's fields, the room, cards."""

from typing import Annotated, Any

from fastapi import Form, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from starlette.datastructures import FormData

from app.accounts import service as accounts
from app.adapters.clock import local_day
from app.adapters.db import Work
from app.adapters.qr import qr_svg
from app.core.errors import Refusal
from app.feedback import service as feedback
from app.gains import service as gains
from app.participants import calls
from app.participants import service as participants
from app.web.deps import (
    OpenWork,
    OwnWorkshop,
    PageTrainer,
    SentForm,
    TheHouse,
)
from app.web.house import House
from app.web.places import PROVINCES, ZONES
from app.web.plans import fill_in, read_count, read_plan, typed_again, typed_plan
from app.web.prints import paper_languages, short_address
from app.web.problems import ShowAgain, status_of
from app.web.room import QUIET_AFTER, Room, read_room
from app.web.routers import staff_pages
from app.web.urls import join_url
from app.web.view import ReaderView, View
from app.workshops import service as workshops
from app.workshops.schemas import Audience, Occasion, WorkshopPlan, WorkshopRecord, WorkshopState

router = staff_pages("/trainer")


@router.get("")
def show_trainer_home(view: ReaderView, work: OpenWork, trainer: PageTrainer) -> Response:
    """The trainer's workshops: today's, those to come, those that were."""
    own = workshops.find_workshops_of_trainer(work, trainer)
    return view.show(
        "trainer/home.html",
        workshops=own,
        today=local_day(work.now, own[0].zone if own else "UTC"),
        administrations={each.id: workshops.find_administrations(work, each) for each in own},
    )


@router.get("/workshops/new")
def show_new_workshop(view: ReaderView, work: OpenWork, trainer: PageTrainer) -> Response:
    """The fields of a new workshop."""
    today = local_day(work.now, "Asia/Karachi").isoformat()
    values = {"country": "PK", "starts_on": today, "ends_on": today, "languages": "ur en"}
    context = _form_context(work, trainer, None, values)
    return view.show("trainer/workshop_form.html", error=None, **context)


@router.get("/workshops/{workshop_id}/again")
def show_workshop_again(
    view: ReaderView, work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop
) -> Response:
    """The fields of a new workshop like this one, from today on: nothing is left to be typed."""
    values = typed_again(
        workshop,
        workshops.require_form(work, workshop).form_ref,
        workshops.find_cotrainer_logins(work, workshop),
        cards=len(participants.find_card_lines(work, workshop)),
        today=local_day(work.now, workshop.zone),
    )
    context = _form_context(work, trainer, None, values)
    return view.show("trainer/workshop_form.html", error=None, **context)


@router.post("/workshops", name="create_workshop")
def create_workshop(
    view: ReaderView, work: OpenWork, trainer: PageTrainer, sent: SentForm
) -> Response:
    """Make the workshop and its cards; what was typed wrong comes back with the fields."""
    try:
        plan = _plan_of(view, sent)
        workshop = workshops.create_workshop(work, plan, by=trainer)
        participants.make_cards(work, workshop, read_count(sent, "cards"))
    except Refusal as refusal:
        context = _form_context(work, trainer, None, _typed(sent))
        view.show_again("trainer/workshop_form.html", refusal, **context)
    return _to_room(workshop, "/people" if sent.get("people") == "list" else "")


@router.get("/workshops/{workshop_id}/edit")
def show_edit_workshop(
    view: ReaderView, work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop
) -> Response:
    """The fields of this workshop, to be corrected."""
    form_ref = workshops.require_form(work, workshop).form_ref
    values = typed_plan(workshop, form_ref, workshops.find_cotrainer_logins(work, workshop))
    context = _form_context(work, trainer, workshop, values)
    return view.show("trainer/workshop_form.html", error=None, **context)


@router.post("/workshops/{workshop_id}/edit", name="correct_workshop")
def correct_workshop(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    sent: SentForm,
) -> Response:
    """Correct what was said of the workshop."""
    try:
        plan = _plan_of(view, sent)
        house.correct_workshop(work, workshop, plan, by=trainer)
    except Refusal as refusal:
        context = _form_context(work, trainer, workshop, _typed(sent))
        view.show_again("trainer/workshop_form.html", refusal, **context)
    return _to_room(workshop)


@router.get("/workshops/{workshop_id}")
def show_room(view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop) -> Response:
    """The whole day on one screen, with exactly one primary button."""
    return _show_room(view, house, work, workshop)


@router.get("/workshops/{workshop_id}/progress")
def show_progress(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """The live part of the room alone."""
    places = house.settings.room_places
    context = _room_context(read_room(work, workshop, is_in_waves=bool(places)), places)
    return view.show("trainer/_progress.html", **context)


@router.post("/workshops/{workshop_id}/cancel", name="cancel_workshop")
def cancel_workshop(work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop) -> Response:
    """Call the workshop off; nothing that was answered is lost."""
    workshops.end_workshop(work, workshop, WorkshopState.CANCELLED, by=trainer)
    return _to_room(workshop)


@router.post("/workshops/{workshop_id}/archive", name="archive_workshop")
def archive_workshop(work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop) -> Response:
    """Put the workshop away; it stays in the reports."""
    workshops.end_workshop(work, workshop, WorkshopState.ARCHIVED, by=trainer)
    return _to_room(workshop)


@router.post("/workshops/{workshop_id}/administrations/{occasion}/open", name="open_administration")
def open_administration(
    house: TheHouse,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    occasion: Occasion,
    accepts_unreviewed: Annotated[str, Form()] = "",
) -> Response:
    """Open a test, or open it again; the questionnaire opens with the post-test."""
    house.open_test(
        work, workshop, occasion, by=trainer, accepts_unreviewed=bool(accepts_unreviewed)
    )
    return _to_room(workshop)


@router.post(
    "/workshops/{workshop_id}/administrations/{occasion}/close", name="close_administration"
)
def close_administration(
    house: TheHouse,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    occasion: Occasion,
    within: Annotated[int, Form(ge=0, le=3600)] = 0,
) -> Response:
    """Announce the end, or close now."""
    house.close_test(work, workshop, occasion, by=trainer, seconds=within)
    return _to_room(workshop)


@router.get("/workshops/{workshop_id}/administrations/{occasion}/close")
def show_closing(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop, occasion: Occasion
) -> Response:
    """Before a test closes: the numbers of who has not finished, and two minutes more."""
    room = read_room(work, workshop)
    if room.current is None or room.current.occasion is not occasion:
        return _to_room(workshop)
    return view.show(
        "trainer/close.html",
        workshop=workshop,
        current=room.current,
        lines=room.lines,
        late_hours=house.settings.late_hours,
    )


@router.post("/workshops/{workshop_id}/cards", name="make_cards")
def make_cards(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop, sent: SentForm
) -> Response:
    """Add cards until there are so many."""
    try:
        participants.make_cards(work, workshop, read_count(sent, "count"))
    except Refusal as refusal:
        page = _show_room(view, house, work, workshop, refusal, str(sent.get("count", "")))
        raise ShowAgain(page) from refusal
    return _to_room(workshop)


@router.get("/workshops/{workshop_id}/cards")
def show_cards(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """What can be printed, and the way in for the wall; no card's secret stands here."""
    return _show_cards(view, house, work, workshop, new_number="")


@router.post("/workshops/{workshop_id}/cards/{number}/admit", name="admit_phone")
def admit_phone(
    work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop, number: str
) -> Response:
    """Let a second phone go on."""
    participants.admit_phone(work, workshop, number, by=trainer)
    return _to_room(workshop)


@router.post("/workshops/{workshop_id}/cards/{number}/answer-call", name="answer_call")
def answer_call(work: OpenWork, workshop: OwnWorkshop, number: str) -> Response:
    """The trainer has been there: the card needs no help any more."""
    calls.answer_call(work, workshop, number)
    return _to_room(workshop)


@router.post("/workshops/{workshop_id}/cards/{number}/reissue", name="reissue_card")
def reissue_card(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    number: str,
) -> Response:
    """A lost card: the old one works no longer, the new one can be printed alone."""
    printed = participants.reissue_card(work, workshop, number, by=trainer)
    return _show_cards(view, house, work, workshop, new_number=printed.card.number)


@router.post("/workshops/{workshop_id}/questionnaire/close", name="close_questionnaire")
def close_questionnaire(work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop) -> Response:
    """Open and shuffle the sheets; from then on counts are shown."""
    feedback.close_round(work, workshop, by=trainer)
    return _to_room(workshop)


def _show_cards(
    view: ReaderView, house: House, work: Work, workshop: WorkshopRecord, *, new_number: str
) -> Response:
    url = join_url(house, workshop)
    return view.show(
        "trainer/cards.html",
        workshop=workshop,
        has_cards=bool(participants.find_card_lines(work, workshop)),
        new_number=new_number,
        paper_languages=paper_languages(work, workshop),
        address=short_address(house),
        join_qr=Markup(qr_svg(url)),  # noqa: S704  made here from our own address, no text in it
    )


def _show_room(
    view: View,
    house: House,
    work: Work,
    workshop: WorkshopRecord,
    refusal: Refusal | None = None,
    typed_count: str = "",
) -> Response:
    """The room; after a wrong number of cards with what was typed and what is wrong."""
    room = read_room(work, workshop, is_in_waves=bool(house.settings.room_places))
    form = workshops.require_form(work, workshop)
    people = len(room.lines) or workshop.women_count + workshop.men_count
    is_ahead = room.step == "setup"
    return view.show(
        "trainer/room.html",
        detectable=gains.read_detectable_rise(work, workshop, people) if is_ahead else None,
        **_room_context(room, house.settings.room_places),
        form=form,
        step=room.step,
        questionnaire=feedback.read_result(work, workshop),
        questionnaire_state=feedback.get_state(work, workshop),
        card_count=len(room.lines),
        closing_seconds=house.settings.closing_seconds,
        can_play_post=house.settings.is_demo and workshop.is_synthetic and room.step == "post",
        join_url=join_url(house, workshop),
        needs_review_tick=not form.is_reviewed() and not workshop.is_synthetic,
        error=refusal,
        typed_count=typed_count,
        status=200 if refusal is None else status_of(refusal),
    )


def _to_room(workshop: WorkshopRecord, part: str = "") -> Response:
    return RedirectResponse(f"/trainer/workshops/{workshop.id}{part}", 303)


def _room_context(room: Room, places: int) -> dict[str, Any]:
    return {
        "workshop": room.workshop,
        "administrations": room.administrations,
        "lines": room.lines,
        "counts": room.counts,
        "current": room.current,
        "closes_in_seconds": room.closes_in_seconds,
        "places": places,
        "quiet_minutes": int(QUIET_AFTER.total_seconds() // 60),
    }


def _form_context(
    work: Work, trainer: PageTrainer, workshop: WorkshopRecord | None, values: dict[str, str]
) -> dict[str, Any]:
    return {
        "workshop": workshop,
        "plan_values": values,
        "forms": workshops.find_tests(work, also=workshop.form_id if workshop else ""),
        "programmes": accounts.find_programmes(work, trainer.organisation_id),
        "provinces": PROVINCES["PK"],
        "zones": ZONES,
        "audiences": list(Audience),
        "trainers": [
            each
            for each in accounts.find_trainers(work, trainer.organisation_id)
            if each.id != trainer.id
        ],
        "languages_offered": workshops.find_languages(work),
    }


def _plan_of(view: View, sent: FormData) -> WorkshopPlan:
    return read_plan(
        fill_in(sent, view.voice.say),
        languages=_all(sent, "languages"),
        drafts=_all(sent, "draft_languages"),
        cotrainers=_all(sent, "cotrainer_logins"),
    )


def _all(sent: FormData, name: str) -> list[str]:
    return [str(value) for value in sent.getlist(name)]


def _typed(sent: FormData) -> dict[str, str]:
    typed = {name: str(value) for name, value in sent.items()}
    names = ("languages", "draft_languages", "cotrainer_logins")
    lists = {name: " ".join(_all(sent, name)) for name in names}
    return typed | lists
