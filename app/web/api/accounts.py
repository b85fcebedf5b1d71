"""API for accounts: tokens with what they may do, the organisation's people, open sign-ins."""

from typing import Any

from fastapi import APIRouter, Response

from app.accounts import api_tokens, second_factors, sign_ins, staffing
from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.core.errors import NotAllowed, SecondCodeWrong, SecondStepNeeded
from app.web.api.problems import PROBLEMS
from app.web.api.wire_accounts import (
    SentCode,
    SentScope,
    SentStaff,
    ToldAccess,
    ToldApiToken,
    ToldInvitation,
    ToldSignIn,
    ToldStaff,
    ToldToken,
)
from app.web.deps import ApiAdmin, ApiStaff, AtLaptop, BearerToken, OpenWork, TheHouse
from app.web.house import House
from app.web.problems import problem
from app.web.proof import NamesToken
from app.web.urls import one_time_url

router = APIRouter(responses=PROBLEMS, tags=["staff"])


@router.post(
    "/tokens",
    status_code=201,
    operation_id="create_token",
    response_model=ToldToken,
    dependencies=[AtLaptop],
)
def create_token(house: TheHouse, work: OpenWork, sent: SentCode) -> Any:
    """Exchange a one-time code for a bearer token; the code is spent.

    A wrong second code is counted and spends nothing, so it is answered, not raised.
    """
    staff = accounts.read_one_time_link(work, sent.code).staff
    if second_factors.get_second_step(work, staff.id) is not None:
        if not second_factors.is_right_code(work, staff, sent.second_code or ""):
            return problem(SecondCodeWrong())
    elif staff.role.value in house.settings.second_step_roles:
        raise SecondStepNeeded()
    staff = accounts.spend_one_time_link(work, sent.code, password=sent.password)
    token = api_tokens.create_api_token(work, staff, label=sent.label, scope=sent.scope)
    return ToldToken(token=token)


@router.delete("/tokens/own", status_code=204, operation_id="revoke_token", dependencies=[AtLaptop])
def revoke_token(work: OpenWork, credentials: BearerToken) -> Response:
    """End the token this request came with, also one that only reads."""
    api_tokens.revoke_api_token(work, credentials.credentials if credentials else "")
    return Response(status_code=204)


@router.get("/staff", operation_id="list_staff")
def list_staff(work: OpenWork, admin: ApiAdmin) -> list[ToldStaff]:
    """The organisation's staff."""
    return [ToldStaff.of(each) for each in accounts.find_staff(work, admin.organisation_id)]


@router.post("/staff", status_code=201, operation_id="create_staff", dependencies=[NamesToken])
def create_staff(
    house: TheHouse, work: OpenWork, admin: ApiAdmin, sent: SentStaff
) -> ToldInvitation:
    """Invite somebody; the one-time link is shown once."""
    token = accounts.invite(
        work,
        by=admin,
        login=sent.login,
        display_name=sent.display_name,
        role=Role(sent.role),
    )
    return ToldInvitation(url=one_time_url(house, token))


@router.get("/own/access", operation_id="get_own_access")
def get_own_access(house: TheHouse, work: OpenWork, staff: ApiStaff) -> ToldAccess:
    """Where the token's owner is signed in, and which tokens work."""
    return _access(house, work, staff)


@router.delete("/own/sign-ins/{sign_in_id}", status_code=204, operation_id="end_own_sign_in")
def end_own_sign_in(work: OpenWork, staff: ApiStaff, sign_in_id: str) -> Response:
    """End one of the own sign-ins."""
    sign_ins.end_sign_in_of(work, staff.id, sign_in_id, by=staff)
    return Response(status_code=204)


@router.delete("/own/tokens/{own_token_id}", status_code=204, operation_id="revoke_own_token")
def revoke_own_token(work: OpenWork, staff: ApiStaff, own_token_id: str) -> Response:
    """End one of the own tokens."""
    api_tokens.revoke_token_of(work, staff.id, own_token_id, by=staff)
    return Response(status_code=204)


@router.get("/staff/{staff_id}/access", operation_id="get_access")
def get_access(house: TheHouse, work: OpenWork, admin: ApiAdmin, staff_id: str) -> ToldAccess:
    """Where a colleague is signed in, and which tokens work."""
    return _access(house, work, accounts.require_colleague(work, staff_id, by=admin))


@router.delete(
    "/staff/{staff_id}/sign-ins/{sign_in_id}", status_code=204, operation_id="end_sign_in"
)
def end_sign_in(work: OpenWork, admin: ApiAdmin, staff_id: str, sign_in_id: str) -> Response:
    """End a colleague's sign-in."""
    staff = accounts.require_colleague(work, staff_id, by=admin)
    sign_ins.end_sign_in_of(work, staff.id, sign_in_id, by=admin)
    return Response(status_code=204)


@router.delete(
    "/staff/{staff_id}/tokens/{own_token_id}", status_code=204, operation_id="revoke_token_of"
)
def revoke_token_of(work: OpenWork, admin: ApiAdmin, staff_id: str, own_token_id: str) -> Response:
    """End a colleague's token."""
    staff = accounts.require_colleague(work, staff_id, by=admin)
    api_tokens.revoke_token_of(work, staff.id, own_token_id, by=admin)
    return Response(status_code=204)


@router.delete(
    "/staff/{staff_id}/second-step",
    status_code=204,
    operation_id="remove_second_step",
    dependencies=[NamesToken],
)
def remove_second_step(work: OpenWork, admin: ApiAdmin, staff_id: str) -> Response:
    """The phone is lost: the person signs in with the password alone, and sets up another."""
    _refuse_own(admin, staff_id)
    second_factors.remove_second_step(work, staff_id, by=admin)
    return Response(status_code=204)


@router.post(
    "/staff/{staff_id}/link",
    status_code=201,
    operation_id="invite_again",
    dependencies=[NamesToken],
)
def invite_again(house: TheHouse, work: OpenWork, admin: ApiAdmin, staff_id: str) -> ToldInvitation:
    """A one-time link for somebody who forgot the password; shown once."""
    _refuse_own(admin, staff_id)
    return ToldInvitation(url=one_time_url(house, staffing.invite_again(work, staff_id, by=admin)))


@router.post("/staff/{staff_id}/switch-off", status_code=204, operation_id="switch_off")
def switch_off(work: OpenWork, admin: ApiAdmin, staff_id: str) -> Response:
    """Somebody left: sign-ins and tokens end."""
    staffing.switch_off(work, staff_id, by=admin)
    return Response(status_code=204)


@router.post("/staff/{staff_id}/switch-on", status_code=204, operation_id="switch_on")
def switch_on(work: OpenWork, admin: ApiAdmin, staff_id: str) -> Response:
    """Somebody may sign in again."""
    staffing.switch_on(work, staff_id, by=admin)
    return Response(status_code=204)


@router.put("/staff/{staff_id}/scope", status_code=204, operation_id="set_scope")
def set_scope(work: OpenWork, admin: ApiAdmin, staff_id: str, sent: SentScope) -> Response:
    """Limit an evaluator or viewer to some countries or programmes; both empty: no limit."""
    limits = {"countries": sent.countries, "programmes": sent.programmes}
    staffing.set_scope(work, staff_id, **limits, by=admin)
    return Response(status_code=204)


def _refuse_own(admin: StaffPerson, staff_id: str) -> None:
    """A token must not change how its owner signs in: whoever found it would stay."""
    if staff_id == admin.id:
        raise NotAllowed()


def _access(house: House, work: OpenWork, staff: StaffPerson) -> ToldAccess:
    found = sign_ins.find_sign_ins(work, staff.id, house.sign_in_rules)
    return ToldAccess(
        has_second_step=second_factors.get_second_step(work, staff.id) is not None,
        sign_ins=[ToldSignIn.of(each) for each in found],
        tokens=[ToldApiToken.of(each) for each in api_tokens.find_api_tokens(work, staff.id)],
    )
