"""A participant's own pages around the test: desk, profile, questionnaire, result and name."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from app.adapters.db import Work
from app.certificates import papers
from app.certificates import service as certificates
from app.core.errors import NothingAnswered, Refusal, ResponseMalformed, SignInNeeded
from app.core.scoring import points_text
from app.feedback import ballots
from app.feedback import service as feedback
from app.feedback.schemas import SheetAnswer
from app.participants import calls, names
from app.participants import service as participants
from app.participants.schemas import AgencyType, OpenPass, PassState, Profile, Sex, Years
from app.sittings import service as sittings
from app.web.certificate_files import certificate_file, certificate_picture
from app.web.cookies import delete_cookie, set_sitting_cookie
from app.web.deps import (
    JoinedWorkshop,
    OpenWork,
    Phone,
    SentForm,
    TheHouse,
    cookie_name,
)
from app.web.desk import read_desk
from app.web.house import House
from app.web.pages.take import document_of
from app.web.places import provinces_of
from app.web.routers import public_pages
from app.web.view import ReaderView, View
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

router = public_pages()


def any_phone(request: Request, house: TheHouse, work: OpenWork) -> OpenPass:
    """The phone behind the cookie, also one that still waits; raises SignInNeeded."""
    phone = participants.get_pass(work, request.cookies.get(cookie_name(house, "phone"), ""))
    if phone is None:
        raise SignInNeeded()
    return phone


AnyPhone = Annotated[OpenPass, Depends(any_phone)]


@router.get("/my")
def show_desk(view: ReaderView, house: TheHouse, work: OpenWork, phone: AnyPhone) -> Response:
    """What comes next for this card: exactly one primary button."""
    if phone.state is PassState.WAITING:
        return _show_waiting(view, work, phone, "waiting", status=403)
    if phone.participant is None:
        return RedirectResponse("/my/consent", 303)
    workshop = workshops.require_workshop(work, phone.card.workshop_id)
    return _show_desk(view, house, work, phone, workshop, "desk")


@router.get("/my/live")
def show_desk_again(view: ReaderView, house: TheHouse, work: OpenWork, phone: AnyPhone) -> Response:
    """The live part of the desk alone; nothing when the phone has to go to another page."""
    if phone.state is PassState.WAITING:
        return _show_waiting(view, work, phone, "_waiting", status=200)
    if phone.participant is None:
        return Response(status_code=204)
    workshop = workshops.require_workshop(work, phone.card.workshop_id)
    return _show_desk(view, house, work, phone, workshop, "_desk")


@router.post("/my/call", name="call_trainer")
def call_trainer(work: OpenWork, phone: AnyPhone) -> Response:
    """The room's list says that this card needs help, until the trainer has been there.

    A phone that still waits may ask too: it is the one that has to be looked at.
    """
    calls.call_trainer(work, phone)
    return RedirectResponse("/my", 303)


@router.get("/my/profile")
def show_profile(
    view: ReaderView, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """Four questions, each of which may be left out; what the trainer's list says is chosen."""
    provinces, known = provinces_of(workshop.country), participants.get_profile(work, phone.card)
    return view.show(
        "participant/profile.html", workshop=workshop, provinces=provinces, known=known
    )


@router.post("/my/profile", name="save_profile")
def save_profile(
    house: TheHouse, work: OpenWork, phone: Phone, workshop: JoinedWorkshop, sent: SentForm
) -> Response:
    """Keep what was said; skipping keeps nothing and is not asked again."""
    profile = Profile() if sent.get("skip") else _profile_of(sent, workshop)
    participants.save_profile(work, phone, profile, house.on_profiled)
    return RedirectResponse("/my", 303)


def _profile_of(sent: FormData, workshop: WorkshopRecord) -> Profile:
    """What was said; what is on no list counts as not said."""
    sex, agency, province, years = (
        str(sent.get(name, "")) for name in ("sex", "agency_type", "province", "years")
    )
    known = {code for code, _ in provinces_of(workshop.country)}
    return Profile(
        sex=Sex(sex) if sex in set(Sex) else None,
        agency_type=AgencyType(agency) if agency in set(AgencyType) else None,
        province=province if province in known else None,
        years=Years(years) if years in set(Years) else None,
    )


@router.get("/my/questionnaire")
def show_questionnaire(
    view: ReaderView, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """The questionnaire with its own ticket; its answers go to an address without the cookie."""
    form = feedback.require_form(work, workshop)
    ticket = feedback.peek_ticket(work, phone.card)
    return view.show(
        "participant/questionnaire.html",
        workshop=workshop,
        form=form,
        ticket=ticket,
        typed={},
        error=None,
    )


@router.post("/questionnaire", name="hand_in_questionnaire")
def hand_in_questionnaire(view: ReaderView, work: OpenWork, sent: SentForm) -> Response:
    """Keep one sheet, unlinked; nothing here reads who sent it. One more question may follow."""
    ticket = str(sent.get("ticket", ""))
    try:
        workshop_id = feedback.hand_in(work, ticket, read_sheet(sent))
    except (NothingAnswered, ResponseMalformed) as refusal:
        workshop, form = feedback.read_ticket(work, ticket)
        context = {"workshop": workshop, "form": form, "ticket": ticket, "typed": dict(sent)}
        view.show_again("participant/questionnaire.html", refusal, **context)
    slip = ballots.hand_out_slip(work, workshop_id, is_private=view.house.settings.is_https)
    return view.show("participant/thanks.html", slip=slip, is_ballot=False)


@router.post("/ballot", name="cast_ballot")
def cast_ballot(
    view: ReaderView,
    work: OpenWork,
    answer: Annotated[Literal["y", "n"], Form()],
    slip: Annotated[str, Form()] = "",
) -> Response:
    """Count one answer; yes and no are as long as each other on the way here and back."""
    ballots.cast_ballot(work, slip, is_yes=answer == "y")
    return view.show("participant/thanks.html", slip=None, is_ballot=True)


@router.get("/my/result")
def show_result(
    view: ReaderView, house: TheHouse, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """The own points before and after; never a key."""
    result = sittings.own_result(work, phone, workshop, late=house.late)
    pre = None if result.pre_units is None else points_text(result.pre_units)
    post = None if result.post_units is None else points_text(result.post_units)
    return view.show(
        "participant/result.html",
        workshop=workshop,
        result=result,
        pre_points=pre,
        post_points=post,
        max_points=points_text(result.max_units),
    )


@router.get("/my/name")
def show_name(view: ReaderView, work: OpenWork, phone: Phone, workshop: JoinedWorkshop) -> Response:
    """The name for the certificate, as the holder wants it."""
    return view.show("participant/name.html", error=None, **_name_context(work, phone, workshop))


@router.post("/my/name", name="confirm_name")
def confirm_name(
    view: ReaderView,
    work: OpenWork,
    phone: Phone,
    workshop: JoinedWorkshop,
    local: Annotated[str, Form()] = "",
    latin: Annotated[str, Form()] = "",
) -> Response:
    """Seal the name; it stands apart from the answers."""
    try:
        participants.confirm_name(work, phone, workshop, local=local, latin=latin)
    except Refusal as refusal:
        context = _name_context(work, phone, workshop) | {"local": local, "latin": latin}
        view.show_again("participant/name.html", refusal, **context)
    return RedirectResponse("/my", 303)


@router.get("/my/certificate.pdf")
def download_own_certificate(
    house: TheHouse, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """The own certificate: by the card's token, or on the phone that confirmed the name."""
    return certificate_file(house, papers.get_own_paper(work, workshop, phone))


@router.get("/my/certificate.png")
def download_own_picture(
    house: TheHouse, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """The own certificate as a picture for a chat; for whom the PDF is."""
    return certificate_picture(house, papers.get_own_paper(work, workshop, phone))


def _show_waiting(view: View, work: Work, phone: OpenPass, page: str, *, status: int) -> Response:
    return view.show(
        f"participant/{page}.html",
        status=status,
        workshop=workshops.require_workshop(work, phone.card.workshop_id),
        card_number=phone.card.number,
        has_called=calls.has_called(work, phone.card),
    )


def _show_desk(
    view: View, house: House, work: Work, phone: OpenPass, workshop: WorkshopRecord, page: str
) -> Response:
    """The desk, with the sitting's cookie as long as there is something to send."""
    desk = read_desk(work, phone, workshop, late=house.late)
    sitting, template = desk.sitting, f"participant/{page}.html"
    if sitting is None or sitting.is_sent:
        shown = view.show(template, test_address=None, **desk.context())
        delete_cookie(shown, house, "sitting")
        return shown
    address = f"/my/test/{document_of(view, work, phone, workshop, sitting).version}"
    shown = view.show(template, test_address=address, **desk.context())
    set_sitting_cookie(shown, house, work, phone, sitting)
    return shown


def read_sheet(sent: FormData) -> list[SheetAnswer]:
    """What was said to each question of a questionnaire."""
    answers = []
    for name, value in sent.multi_items():
        kind, _, item = name.partition("-")
        if kind == "item":
            answers.append(SheetAnswer(item=item, option=str(value) or None, text=None))
        if kind == "text":
            answers.append(SheetAnswer(item=item, option=None, text=str(value).strip() or None))
    return answers


def _name_context(work: Work, phone: OpenPass, workshop: WorkshopRecord) -> dict[str, Any]:
    name = names.get_shown_name(work, phone)
    return {
        "workshop": workshop,
        "name": name,
        "local": name.local if name else "",
        "latin": name.latin if name else "",
        "days_attended": len(participants.find_attendance(work, phone.card)),
        "certificate": certificates.get_own_certificate(work, workshop, phone.card),
    }
