"""Everybody's own sign-in: the second step, open sign-ins, tokens for programs, the proof again."""

from typing import Annotated, Any

from fastapi import Form, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app.accounts import api_tokens, second_factors, sign_ins
from app.accounts.schemas import OpenSignIn, TokenScope
from app.adapters.qr import qr_svg
from app.core.errors import Refusal, SecondCodeWrong, ValueRefused, WrongSignIn
from app.core.staff_codes import RECOVERY_GROUPS, app_address, spelled_secret
from app.web.deps import AtLaptop, OpenWork, PageSignIn, PageStaff
from app.web.pages.join import safe_path
from app.web.proof import FreshProof, OwnPassword
from app.web.routers import staff_pages
from app.web.staff_ways import is_step_missing
from app.web.view import ReaderView, View

router = staff_pages("/staff")

_PAGE = "own_sign_in.html"
SURE = [AtLaptop, FreshProof]


@router.get("/sign-in")
def show_own_sign_in(view: ReaderView, work: OpenWork, sign_in: PageSignIn) -> Response:
    """How this person comes in, where they are signed in, and which programs act for them."""
    return view.show(_PAGE, error=None, **_own(view, work, sign_in))


@router.post("/sign-in/second-step", name="start_second_step", dependencies=SURE)
def start_second_step(work: OpenWork, staff: PageStaff) -> Response:
    """A secret for the app; it counts once a code of it was typed."""
    second_factors.start_second_step(work, staff)
    return RedirectResponse("/staff/sign-in", 303)


@router.post("/sign-in/second-step/confirm", name="confirm_second_step", dependencies=SURE)
def confirm_second_step(
    view: ReaderView, work: OpenWork, sign_in: PageSignIn, code: Annotated[str, Form()] = ""
) -> Response:
    """The app's first code; the list stands on this answer alone."""
    try:
        codes = second_factors.confirm_second_step(work, sign_in, code)
    except Refusal as refusal:
        view.show_again(_PAGE, refusal, **_own(view, work, sign_in))
    return view.show(_PAGE, error=None, **_own(view, work, sign_in, codes=codes))


@router.post("/sign-in/second-step/list", name="renew_recovery_codes", dependencies=SURE)
def renew_recovery_codes(view: ReaderView, work: OpenWork, sign_in: PageSignIn) -> Response:
    """A new list, which stands on this answer alone; the one before it opens nothing."""
    codes = second_factors.renew_recovery_codes(work, sign_in.staff)
    return view.show(_PAGE, error=None, **_own(view, work, sign_in, codes=codes))


@router.post("/sign-in/second-step/end", name="remove_second_step", dependencies=SURE)
def remove_own_second_step(work: OpenWork, staff: PageStaff) -> Response:
    """The password alone, until another step is set up."""
    second_factors.remove_second_step(work, staff.id, by=staff)
    return RedirectResponse("/staff/sign-in", 303)


@router.post("/sign-in/open/{sign_in_id}/end", name="end_sign_in")
def end_own_sign_in(work: OpenWork, staff: PageStaff, sign_in_id: str) -> Response:
    """That browser is signed out."""
    sign_ins.end_sign_in_of(work, staff.id, sign_in_id, by=staff)
    return RedirectResponse("/staff/sign-in", 303)


@router.post("/sign-in/tokens", name="create_token", dependencies=SURE)
def create_own_token(
    view: ReaderView,
    work: OpenWork,
    sign_in: PageSignIn,
    label: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
) -> Response:
    """A token for a program, which stands on this answer alone."""
    try:
        if scope not in set(TokenScope):
            raise ValueRefused(field="scope", reason="not_in_list")
        secret = api_tokens.create_api_token(
            work, sign_in.staff, label=label, scope=TokenScope(scope)
        )
    except Refusal as refusal:
        view.show_again(_PAGE, refusal, **_own(view, work, sign_in, typed=label))
    return view.show(_PAGE, error=None, **_own(view, work, sign_in, secret=secret))


@router.post("/sign-in/tokens/{own_token_id}/end", name="revoke_token")
def end_own_token(work: OpenWork, staff: PageStaff, own_token_id: str) -> Response:
    """The program can do nothing from now on."""
    api_tokens.revoke_token_of(work, staff.id, own_token_id, by=staff)
    return RedirectResponse("/staff/sign-in", 303)


@router.get("/again", dependencies=[AtLaptop])
def show_again(view: ReaderView, sign_in: PageSignIn, next: str = "") -> Response:  # noqa: A002
    """The password again, before names are downloaded."""
    return view.show("again.html", error=None, is_done=False, **_again(sign_in, next))


@router.post("/again", name="create_token", dependencies=[AtLaptop])
def prove_again(
    fits: OwnPassword,  # first: before the transaction is opened
    view: ReaderView,
    work: OpenWork,
    sign_in: PageSignIn,
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002  the usual name
) -> Response:
    """A right password or code counts for ten minutes; a wrong one is counted."""
    context = _again(sign_in, next)
    if second_factors.prove_again(work, sign_in, fits=fits, code=code):
        return view.show("again.html", error=None, is_done=True, **context)
    error = SecondCodeWrong() if code else WrongSignIn()
    return view.show("again.html", status=401, error=error, is_done=False, **context)


def _again(sign_in: OpenSignIn, wanted: str) -> dict[str, Any]:
    return {
        "next": safe_path(wanted or "/staff"),
        "has_second_step": sign_in.has_second_step,
        "minutes": sign_ins.PROOF_LASTS.seconds // 60,
    }


def _own(
    view: View,
    work: OpenWork,
    sign_in: OpenSignIn,
    *,
    codes: list[str] | None = None,
    secret: str = "",
    typed: str = "",
) -> dict[str, Any]:
    """What the page shows; `codes` and `secret` were just made, `typed` comes back."""
    staff, house = sign_in.staff, view.house
    step = second_factors.get_second_step(work, staff.id)
    new = second_factors.read_new_secret(work, staff)
    square = qr_svg(app_address(new, login=staff.login, service="Tafawut")) if new else ""
    return {
        "step": step,
        "is_missing": step is None and is_step_missing(house, sign_in),
        "new_secret": spelled_secret(new) if new else "",
        # Made here from our own secret, no text in it.
        "square": Markup(square),  # noqa: S704
        "codes": codes or [],
        "code_groups": RECOVERY_GROUPS,
        "sign_ins": sign_ins.find_sign_ins(work, staff.id, house.sign_in_rules),
        "this_sign_in": sign_in.sign_in_id,
        "tokens": api_tokens.find_api_tokens(work, staff.id),
        "scopes": tuple(TokenScope),
        "secret": secret,
        "typed": typed,
        "now": work.now,
    }
