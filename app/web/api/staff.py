"""API for staff: programmes, forms, workshops, administrations, cards, attendance."""

from fastapi import APIRouter, Response

from app.accounts import service as accounts
from app.feedback import service as feedback
from app.participants import calls
from app.participants import service as participants
from app.web.api.problems import PROBLEMS
from app.web.api.wire_staff import (
    SentAttendance,
    SentClosing,
    SentCount,
    SentDay,
    SentOpening,
    SentProgramme,
    SentWorkshop,
    ToldAdministration,
    ToldCard,
    ToldProgramme,
    ToldProgress,
    ToldQuestionnaire,
    ToldWorkshop,
)
from app.web.deps import (
    ApiAdmin,
    ApiOwnWorkshop,
    ApiStaff,
    ApiTrainer,
    OpenWork,
    TheHouse,
)
from app.web.plans import check_province
from app.web.proof import NamesToken
from app.web.room import read_room
from app.web.urls import card_url
from app.workshops import service as workshops
from app.workshops.schemas import Occasion, WorkshopState

router = APIRouter(responses=PROBLEMS)


@router.get("/programmes", operation_id="list_programmes", tags=["staff"])
def list_programmes(work: OpenWork, staff: ApiStaff) -> list[ToldProgramme]:
    """The organisation's programmes."""
    return [
        ToldProgramme(id=each.id, name=each.name, funder_line=each.funder_line)
        for each in accounts.find_programmes(work, staff.organisation_id)
    ]


@router.post("/programmes", status_code=201, operation_id="create_programme", tags=["staff"])
def create_programme(work: OpenWork, admin: ApiAdmin, sent: SentProgramme) -> ToldProgramme:
    """A set of workshops with one donor."""
    made = accounts.create_programme(
        work,
        organisation_id=admin.organisation_id,
        name=sent.name,
        funder_line=sent.funder_line,
    )
    return ToldProgramme(id=made.id, name=made.name, funder_line=made.funder_line)


@router.get("/workshops", operation_id="list_workshops", tags=["workshops"])
def list_workshops(work: OpenWork, trainer: ApiTrainer) -> list[ToldWorkshop]:
    """The workshops this trainer runs."""
    found = workshops.find_workshops_of_trainer(work, trainer)
    return [ToldWorkshop.of(each) for each in found]


@router.post("/workshops", status_code=201, operation_id="create_workshop", tags=["workshops"])
def create_workshop(work: OpenWork, trainer: ApiTrainer, sent: SentWorkshop) -> ToldWorkshop:
    """A new workshop; its pre, post and follow-up are planned."""
    check_province(sent.country, sent.province)
    return ToldWorkshop.of(workshops.create_workshop(work, sent.to_plan(), by=trainer))


@router.get("/workshops/{workshop_id}", operation_id="get_workshop", tags=["workshops"])
def get_workshop(workshop: ApiOwnWorkshop) -> ToldWorkshop:
    """One workshop."""
    return ToldWorkshop.of(workshop)


@router.put("/workshops/{workshop_id}", operation_id="correct_workshop", tags=["workshops"])
def correct_workshop(
    house: TheHouse,
    work: OpenWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
    sent: SentWorkshop,
) -> ToldWorkshop:
    """Correct what was said of it."""
    check_province(sent.country, sent.province)
    return ToldWorkshop.of(house.correct_workshop(work, workshop, sent.to_plan(), by=trainer))


@router.post("/workshops/{workshop_id}/cancel", operation_id="cancel_workshop", tags=["workshops"])
def cancel_workshop(work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop) -> ToldWorkshop:
    """Call it off."""
    ended = workshops.end_workshop(work, workshop, WorkshopState.CANCELLED, by=trainer)
    return ToldWorkshop.of(ended)


@router.post(
    "/workshops/{workshop_id}/archive", operation_id="archive_workshop", tags=["workshops"]
)
def archive_workshop(work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop) -> ToldWorkshop:
    """Put it away."""
    ended = workshops.end_workshop(work, workshop, WorkshopState.ARCHIVED, by=trainer)
    return ToldWorkshop.of(ended)


@router.get(
    "/workshops/{workshop_id}/administrations",
    operation_id="list_administrations",
    tags=["administrations"],
)
def list_administrations(work: OpenWork, workshop: ApiOwnWorkshop) -> list[ToldAdministration]:
    """Its tests and where they stand."""
    found = workshops.find_administrations(work, workshop)
    return [ToldAdministration.of(each) for each in found]


@router.post(
    "/workshops/{workshop_id}/administrations/{occasion}/open",
    operation_id="open_administration",
    tags=["administrations"],
)
def open_administration(
    house: TheHouse,
    work: OpenWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
    occasion: Occasion,
    sent: SentOpening,
) -> ToldAdministration:
    """Open a test, or open it again."""
    opened = house.open_test(
        work, workshop, occasion, by=trainer, accepts_unreviewed=sent.accepts_unreviewed
    )
    return ToldAdministration.of(opened)


@router.post(
    "/workshops/{workshop_id}/administrations/{occasion}/close",
    operation_id="close_administration",
    tags=["administrations"],
)
def close_administration(
    house: TheHouse,
    work: OpenWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
    occasion: Occasion,
    sent: SentClosing,
) -> ToldAdministration:
    """Announce the end, or close now."""
    closed = house.close_test(work, workshop, occasion, by=trainer, seconds=sent.within_seconds)
    return ToldAdministration.of(closed)


@router.get(
    "/workshops/{workshop_id}/progress", operation_id="get_progress", tags=["administrations"]
)
def get_progress(house: TheHouse, work: OpenWork, workshop: ApiOwnWorkshop) -> ToldProgress:
    """How far the room is."""
    places = house.settings.room_places
    return ToldProgress.of(read_room(work, workshop, is_in_waves=bool(places)))


@router.get(
    "/workshops/{workshop_id}/cards",
    operation_id="list_cards",
    dependencies=[NamesToken],
    tags=["cards"],
)
def list_cards(house: TheHouse, work: OpenWork, workshop: ApiOwnWorkshop) -> list[ToldCard]:
    """The cards as they are printed; a token opens what is kept under its card, the name too."""
    return [
        ToldCard(
            number=each.card.number,
            edition=each.card.edition,
            token=each.token,
            url=card_url(house, workshop, each.card.number, each.token),
        )
        for each in participants.find_printed_cards(work, workshop)
    ]


@router.post(
    "/workshops/{workshop_id}/cards",
    operation_id="make_cards",
    dependencies=[NamesToken],
    tags=["cards"],
)
def make_cards(
    house: TheHouse, work: OpenWork, workshop: ApiOwnWorkshop, sent: SentCount
) -> list[ToldCard]:
    """Add cards until there are so many."""
    participants.make_cards(work, workshop, sent.count)
    return list_cards(house, work, workshop)


@router.post(
    "/workshops/{workshop_id}/cards/{number}/reissue",
    operation_id="reissue_card",
    dependencies=[NamesToken],
    tags=["cards"],
)
def reissue_card(
    house: TheHouse, work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop, number: str
) -> ToldCard:
    """A lost card: the old one works no longer."""
    made = participants.reissue_card(work, workshop, number, by=trainer)
    return ToldCard(
        number=made.card.number,
        edition=made.card.edition,
        token=made.token,
        url=card_url(house, workshop, made.card.number, made.token),
    )


@router.post(
    "/workshops/{workshop_id}/cards/{number}/admit",
    status_code=204,
    operation_id="admit_phone",
    dependencies=[NamesToken],
    tags=["cards"],
)
def admit_phone(
    work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop, number: str
) -> Response:
    """Let a second phone go on; it may then print the name that the card's holder confirmed."""
    participants.admit_phone(work, workshop, number, by=trainer)
    return Response(status_code=204)


@router.post(
    "/workshops/{workshop_id}/cards/{number}/answer-call",
    status_code=204,
    operation_id="answer_call",
    tags=["cards"],
)
def answer_call(work: OpenWork, workshop: ApiOwnWorkshop, number: str) -> Response:
    """The trainer has been there: the card needs no help any more."""
    calls.answer_call(work, workshop, number)
    return Response(status_code=204)


@router.post(
    "/workshops/{workshop_id}/attendance",
    status_code=204,
    operation_id="tick_attendance",
    tags=["attendance"],
)
def tick_attendance(
    work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop, sent: SentAttendance
) -> Response:
    """A tick for one card and day."""
    participants.tick_attendance(
        work, workshop, sent.number, day=sent.day, was_there=sent.was_there, by=trainer
    )
    return Response(status_code=204)


@router.post(
    "/workshops/{workshop_id}/attendance/all",
    status_code=204,
    operation_id="tick_everybody",
    tags=["attendance"],
)
def tick_everybody(
    work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop, sent: SentDay
) -> Response:
    """A tick for everybody who has joined."""
    participants.tick_everybody(work, workshop, day=sent.day, by=trainer)
    return Response(status_code=204)


@router.get(
    "/workshops/{workshop_id}/questionnaire",
    operation_id="get_questionnaire_result",
    tags=["questionnaire"],
)
def get_questionnaire_result(work: OpenWork, workshop: ApiOwnWorkshop) -> ToldQuestionnaire:
    """Counts per question after closing, from 5 sheets."""
    return ToldQuestionnaire.of(feedback.read_result(work, workshop))


@router.post(
    "/workshops/{workshop_id}/questionnaire/close",
    status_code=204,
    operation_id="close_questionnaire",
    tags=["questionnaire"],
)
def close_questionnaire(work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop) -> Response:
    """Open and shuffle the sheets; from then on counts are shown."""
    feedback.close_round(work, workshop, by=trainer)
    return Response(status_code=204)
