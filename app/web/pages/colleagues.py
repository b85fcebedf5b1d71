"""The admin's page about one person: how that person comes in, and the ways to end it."""

from typing import Any

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.accounts import api_tokens, second_factors, sign_ins, staffing
from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.core.errors import Refusal, ValueRefused
from app.web.deps import OpenWork, PageAdmin, SentForm, TheHouse
from app.web.proof import FreshProof
from app.web.routers import staff_pages
from app.web.urls import one_time_url
from app.web.view import ReaderView, View

router = staff_pages("/admin/staff/{staff_id}")


@router.get("")
def show_colleague(view: ReaderView, work: OpenWork, admin: PageAdmin, staff_id: str) -> Response:
    """Open sign-ins, tokens, the second step; nothing of what the person did."""
    person = accounts.require_colleague(work, staff_id, by=admin)
    return view.show("admin/person.html", error=None, **_told(view, work, person))


@router.post("/open/{sign_in_id}/end", name="end_sign_in")
def end_sign_in(work: OpenWork, admin: PageAdmin, staff_id: str, sign_in_id: str) -> Response:
    """That browser is signed out."""
    staff = accounts.require_colleague(work, staff_id, by=admin)
    sign_ins.end_sign_in_of(work, staff.id, sign_in_id, by=admin)
    return _to(staff_id)


@router.post("/tokens/{own_token_id}/end", name="revoke_token_of")
def end_token(work: OpenWork, admin: PageAdmin, staff_id: str, own_token_id: str) -> Response:
    """The program can do nothing from now on."""
    staff = accounts.require_colleague(work, staff_id, by=admin)
    api_tokens.revoke_token_of(work, staff.id, own_token_id, by=admin)
    return _to(staff_id)


@router.post("/second-step/end", name="remove_second_step", dependencies=[FreshProof])
def remove_second_step(work: OpenWork, admin: PageAdmin, staff_id: str) -> Response:
    """The phone is lost: the password alone, until another step is set up."""
    second_factors.remove_second_step(work, staff_id, by=admin)
    return _to(staff_id)


@router.post("/link", name="invite_again", dependencies=[FreshProof])
def invite_again(
    view: ReaderView, house: TheHouse, work: OpenWork, admin: PageAdmin, staff_id: str
) -> Response:
    """A one-time link to choose a password, which stands on this answer alone."""
    token = staffing.invite_again(work, staff_id, by=admin)
    person = accounts.require_colleague(work, staff_id, by=admin)
    context = _told(view, work, person, invite_url=one_time_url(house, token))
    return view.show("admin/person.html", error=None, **context)


@router.post("/switch-off", name="switch_off")
def switch_off(view: ReaderView, work: OpenWork, admin: PageAdmin, staff_id: str) -> Response:
    """Somebody left: sign-ins and tokens end."""
    try:
        staffing.switch_off(work, staff_id, by=admin)
    except Refusal as refusal:
        person = accounts.require_colleague(work, staff_id, by=admin)
        view.show_again("admin/person.html", refusal, **_told(view, work, person))
    return _to(staff_id)


@router.post("/switch-on", name="switch_on")
def switch_on(work: OpenWork, admin: PageAdmin, staff_id: str) -> Response:
    """Somebody may sign in again."""
    staffing.switch_on(work, staff_id, by=admin)
    return _to(staff_id)


@router.post("/scope", name="set_scope")
def set_scope(
    view: ReaderView, work: OpenWork, admin: PageAdmin, staff_id: str, sent: SentForm
) -> Response:
    """Limit what an evaluator or viewer reads, or no more."""
    typed = str(sent.get("countries", ""))
    countries = typed.replace(",", " ").split()
    programmes = [str(each) for each in sent.getlist("programme")]
    try:
        staffing.set_scope(work, staff_id, countries=countries, programmes=programmes, by=admin)
    except ValueRefused as refusal:
        person = accounts.require_colleague(work, staff_id, by=admin)
        told = _told(view, work, person) | {"typed_countries": typed}
        view.show_again("admin/person.html", refusal, **told)
    return _to(staff_id)


def _told(
    view: View, work: OpenWork, person: StaffPerson, *, invite_url: str = ""
) -> dict[str, Any]:
    return {
        "person": person,
        "step": second_factors.get_second_step(work, person.id),
        "sign_ins": sign_ins.find_sign_ins(work, person.id, view.house.sign_in_rules),
        "tokens": api_tokens.find_api_tokens(work, person.id),
        "invite_url": invite_url,
        "programmes": accounts.find_programmes(work, person.organisation_id),
        "typed_countries": " ".join(person.scope.countries),
        "now": work.now,
    }


def _to(staff_id: str) -> Response:
    return RedirectResponse(f"/admin/staff/{staff_id}", 303)
