"""What a staff sign-in and a staff token are held to, wherever one is shown."""

from fastapi import Request

from app.accounts import api_tokens, sign_ins
from app.accounts.schemas import OpenSignIn, Role, StaffPerson, TokenScope
from app.adapters.db import Work
from app.core.errors import LaptopOnly, NotAllowed, SecondStepNeeded, SignInNeeded, TokenTooNarrow
from app.web.house import House
from app.web.laptop import is_elsewhere
from app.web.units import SAFE

WITHOUT_SECOND_STEP = frozenset({
    "/staff/sign-in", "/staff/sign-in/second-step", "/staff/sign-in/second-step/confirm",
    "/staff/again", "/sign-out",
})  # fmt: skip
"""Where somebody goes who has to set up the second step first."""


def is_step_missing(house: House, sign_in: OpenSignIn) -> bool:
    """Whether the settings ask this person for a second step that is not set up yet."""
    is_asked = sign_in.staff.role.value in house.settings.second_step_roles
    return is_asked and not sign_in.has_second_step and not sign_in.is_borrowed


def require_second_step(request: Request, house: House, sign_in: OpenSignIn) -> None:
    """Raises SecondStepNeeded, except on the pages where it is set up."""
    if is_step_missing(house, sign_in) and request.url.path not in WITHOUT_SECOND_STEP:
        raise SecondStepNeeded()


def open_page(request: Request, house: House, work: Work, token: str) -> OpenSignIn:
    """The sign-in of this browser; raises SignInNeeded, and SecondStepNeeded.

    On another device of a room only a borrowed one counts: raises LaptopOnly, so that a cookie that
    somebody read along in the network opens nothing.
    """
    found = sign_ins.get_sign_in(work, token, house.sign_in_rules)
    if is_elsewhere(request, house) and (found is None or not found.is_borrowed):
        raise LaptopOnly()
    if found is None:
        raise SignInNeeded()
    require_second_step(request, house, found)
    return found


def require_role(staff: StaffPerson, *roles: Role) -> StaffPerson:
    """Who has one of the roles; raises NotAllowed for anybody else."""
    if staff.role not in roles:
        raise NotAllowed()
    return staff


def open_token(request: Request, work: Work, token: str) -> StaffPerson:
    """Whose token it is; raises SignInNeeded, and TokenTooNarrow where one only reads."""
    staff, scope = api_tokens.require_api_token(work, token)
    if request.method not in SAFE and scope is TokenScope.READ:
        raise TokenTooNarrow(needed=TokenScope.WRITE.value)
    request.state.token_scope = scope
    return staff
