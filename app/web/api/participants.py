"""API for participants: join, consent, sittings, own result, name, questionnaire."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from app.adapters.db import Work
from app.core.errors import (
    AdministrationNotOpen,
    CardUnknown,
    SignInNeeded,
    ValueRefused,
)
from app.core.scoring import points_text
from app.feedback import ballots
from app.feedback import service as feedback
from app.feedback.schemas import SheetAnswer
from app.participants import calls, without_card
from app.participants import service as participants
from app.participants.schemas import AgencyType, OpenPass, Profile, Sex, Years
from app.sittings import service as sittings
from app.sittings.assistance import note_assistance
from app.sittings.schemas import SittingRecord
from app.web.api.problems import PROBLEMS
from app.web.api.wire_forms import ToldForm, ToldItem
from app.web.api.wire_participants import (
    SentConsent,
    SentJoin,
    SentJoinWithoutCard,
    SentLanguage,
    SentName,
    SentProfile,
    SentSheet,
    SentStart,
    ToldDesk,
    ToldJoin,
    ToldOpenSitting,
    ToldResult,
    ToldSitting,
    ToldSlip,
    ToldTicket,
)
from app.web.deps import ApiJoinedWorkshop, ApiPhone, BearerToken, OpenWork, OwnSitting, TheHouse
from app.web.desk import read_desk
from app.web.door import Door, TheDoor
from app.web.plans import check_province
from app.workshops import service as workshops

router = APIRouter(responses=PROBLEMS)


def any_phone(credentials: BearerToken, work: OpenWork) -> OpenPass:
    """The phone or program that holds this token, also one that waits; raises SignInNeeded."""
    phone = participants.get_pass(work, credentials.credentials) if credentials else None
    if phone is None:
        raise SignInNeeded()
    return phone


AnyPhone = Annotated[OpenPass, Depends(any_phone)]


@router.post("/joins", status_code=201, operation_id="join", tags=["participants"])
def join(door: TheDoor, work: OpenWork, sent: SentJoin) -> ToldJoin:
    """Bind this program or phone to a card: by its token, or by code and four digits.

    A second phone with four digits gets `state: waiting` until the trainer lets it in; while
    numbers of the workshop are guessed, so does every phone with four digits.
    """
    return _told_join(work, *_open_pass(door, work, sent))


@router.post(
    "/joins/without-card", status_code=201, operation_id="take_number", tags=["participants"]
)
def take_number(door: TheDoor, work: OpenWork, sent: SentJoinWithoutCard) -> ToldJoin:
    """The next number that nobody uses, for somebody without a card.

    Given out are at most the head-count and ten more, and twenty in a minute.
    """
    workshop = door.find_joinable(work, sent.code)
    return _told_join(work, *without_card.take_number(work, workshop, language=sent.language))


@router.get("/me", operation_id="get_desk", tags=["participants"])
def get_desk(
    house: TheHouse, work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> ToldDesk:
    """What comes next for this card."""
    desk = read_desk(work, phone, workshop, late=house.late)
    return ToldDesk(
        card_number=phone.card.number,
        workshop=workshop.title,
        has_agreed=phone.has_agreed,
        open_occasion=desk.current.occasion.value if desk.current else None,
        closes_in_seconds=desk.closes_in_seconds,
        has_sent=[occasion.value for occasion, each in desk.sittings.items() if each.is_sent],
        can_take=desk.can_take and phone.has_agreed,
        can_questionnaire=desk.can_questionnaire,
        can_result=desk.result is not None,
        can_name=desk.can_name,
        has_called=desk.has_called,
        certificate_number=desk.certificate.number if desk.certificate else None,
    )


@router.post("/me/consent", status_code=204, operation_id="answer_consent", tags=["participants"])
def answer_consent(work: OpenWork, phone: ApiPhone, sent: SentConsent) -> Response:
    """Yes or no; no costs nothing, not even the certificate."""
    sitting = sittings.answer_consent(work, phone, has_agreed=sent.has_agreed)
    if sitting is not None and sent.is_assisted:
        note_assistance(work, sitting)
    return Response(status_code=204)


@router.post("/me/language", status_code=204, operation_id="change_language", tags=["participants"])
def change_language(
    work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop, sent: SentLanguage
) -> Response:
    """The language this phone shows; what was answered stays."""
    if sent.language not in workshop.languages:
        raise ValueRefused(
            field="language", reason="language_not_offered", languages=workshop.languages
        )
    participants.change_language(work, phone, sent.language)
    return Response(status_code=204)


@router.post("/me/profile", status_code=204, operation_id="save_profile", tags=["participants"])
def save_profile(
    house: TheHouse,
    work: OpenWork,
    phone: ApiPhone,
    workshop: ApiJoinedWorkshop,
    sent: SentProfile,
) -> Response:
    """Sex, agency type, province, years; each may be left out."""
    if sent.province is not None:
        check_province(workshop.country, sent.province)
    profile = Profile(
        sex=Sex(sent.sex) if sent.sex else None,
        agency_type=AgencyType(sent.agency_type) if sent.agency_type else None,
        province=sent.province,
        years=Years(sent.years) if sent.years else None,
    )
    participants.save_profile(work, phone, profile, house.on_profiled)
    return Response(status_code=204)


@router.post("/me/name", status_code=204, operation_id="confirm_name", tags=["participants"])
def confirm_name(
    work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop, sent: SentName
) -> Response:
    """The name for the certificate, once the trainer has ticked the attendance."""
    participants.confirm_name(work, phone, workshop, local=sent.local, latin=sent.latin)
    return Response(status_code=204)


@router.get("/me/result", operation_id="get_own_result", tags=["participants"])
def get_own_result(
    house: TheHouse, work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> ToldResult:
    """The own points before and after, once the post-test was sent; never a key."""
    result = sittings.own_result(work, phone, workshop, late=house.late)
    return ToldResult(
        pre_points=None if result.pre_units is None else points_text(result.pre_units),
        post_points=None if result.post_units is None else points_text(result.post_units),
        max_points=points_text(result.max_units),
        is_provisional=result.is_provisional,
    )


@router.post("/me/call", status_code=204, operation_id="call_trainer", tags=["participants"])
def call_trainer(work: OpenWork, phone: AnyPhone) -> Response:
    """Ask the trainer to come; kept are the card and the time, until somebody has been there."""
    calls.call_trainer(work, phone)
    return Response(status_code=204)


@router.post("/me/leave", status_code=204, operation_id="leave", tags=["participants"])
def leave(work: OpenWork, phone: ApiPhone) -> Response:
    """Give the card up on this phone; the token works no longer."""
    participants.end_pass(work, phone)
    return Response(status_code=204)


@router.post("/sittings", status_code=201, operation_id="open_sitting", tags=["sittings"])
def open_sitting(
    house: TheHouse, work: OpenWork, phone: ApiPhone, sent: SentStart | None = None
) -> ToldOpenSitting:
    """Start the test that is open, or go on with it; `token` is what adds answers to it."""
    sitting = sittings.start_current(work, phone)
    if sitting is None:
        raise AdministrationNotOpen()
    if sent is not None and sent.is_assisted:
        note_assistance(work, sitting)
    told = _told(work, sitting)
    return ToldOpenSitting(token=house.sitting_token(sitting, work.now), **dict(told))


@router.get("/sittings/{sitting_id}", operation_id="get_sitting", tags=["sittings"])
def get_sitting(work: OpenWork, sitting: OwnSitting) -> ToldSitting:
    """The questions, and what was chosen so far."""
    return _told(work, sitting)


@router.post(
    "/me/questionnaire-ticket", operation_id="get_questionnaire_ticket", tags=["questionnaire"]
)
def get_questionnaire_ticket(
    work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> ToldTicket:
    """The one-use ticket of this card, and the questionnaire it is for."""
    ticket = feedback.hand_out_ticket(work, workshop, phone.card)
    return ToldTicket(ticket=ticket, form=ToldForm.of(feedback.require_form(work, workshop)))


@router.post(
    "/questionnaires",
    status_code=204,
    operation_id="hand_in_questionnaire",
    tags=["questionnaire"],
    response_model=None,
    responses={200: {"model": ToldSlip, "description": "Kept, and one more question is asked."}},
)
def hand_in_questionnaire(house: TheHouse, work: OpenWork, sent: SentSheet) -> Response:
    """Hand in one sheet with its ticket and no other identity."""
    answers = [
        SheetAnswer(item=each.item, option=each.option, text=each.text) for each in sent.answers
    ]
    workshop_id = feedback.hand_in(work, sent.ticket, answers)
    slip = ballots.hand_out_slip(work, workshop_id, is_private=house.settings.is_https)
    if slip is None:
        return Response(status_code=204)
    return JSONResponse(ToldSlip(ballot_slip=slip).model_dump())


def _told_join(work: Work, phone: OpenPass, token: str) -> ToldJoin:
    workshop = workshops.require_workshop(work, phone.card.workshop_id)
    return ToldJoin(
        token=token,
        state=phone.state.value,
        card_number=phone.card.number,
        workshop_title=workshop.title,
        languages=list(workshop.languages),
    )


def _open_pass(door: Door, work: Work, sent: SentJoin) -> tuple[OpenPass, str]:
    if sent.card_token is not None:
        return participants.join_with_token(work, sent.card_token, language=sent.language)
    workshop = door.find_joinable(work, sent.code or "")
    if sent.number is None:
        raise CardUnknown()
    return door.open_by_number(work, workshop, sent.number, language=sent.language)


def _told(work: Work, sitting: SittingRecord) -> ToldSitting:
    form = sittings.form_of(work, sitting)
    chosen = sittings.find_chosen(work, sitting)
    return ToldSitting(
        id=sitting.id,
        occasion=sitting.occasion.value,
        state=sitting.state.value,
        answered_count=sitting.answered_count,
        next_revision=sittings.next_revision(work, sitting),
        languages=list(form.languages),
        items=[ToldItem.of(item) for item in form.items],
        chosen={item: list(options) for item, options in chosen.items()},
    )
