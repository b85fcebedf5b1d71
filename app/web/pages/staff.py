"""Staff sign-in, one-time links, and the first pages after them."""

from typing import Annotated, Any

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import second_factors, sign_ins
from app.accounts import service as accounts
from app.accounts.schemas import OneTimeWayIn, Purpose, Role, StaffPerson
from app.adapters.passwords import is_password
from app.core.errors import Refusal, SecondCodeWrong, WrongSignIn
from app.web.cookies import set_cookie
from app.web.deps import (
    AtLaptop,
    OpenWork,
    PageStaff,
    TheHouse,
    check_csrf,
    cookie_name,
    read_body,
)
from app.web.house import House
from app.web.pages.join import safe_path
from app.web.routers import public_pages
from app.web.view import ReaderView, View

router = public_pages()

_HOMES = {
    Role.ADMIN: "/admin",
    Role.TRAINER: "/trainer",
    Role.EVALUATOR: "/evaluator",
    Role.VIEWER: "/viewer",
}


@router.get("/sign-in", dependencies=[AtLaptop])
def show_sign_in(view: ReaderView, next: str = "") -> Response:  # noqa: A002  the usual name
    """Name and password; pasting is allowed."""
    return view.show("sign_in.html", error=None, login="", next=safe_path(next or "/staff"))


def compare_password(
    house: TheHouse,
    _body: Annotated[None, Depends(read_body)],
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> bool:
    """Whether the password fits: slow on purpose, so nobody's turn to write is held meanwhile."""
    with house.unit(writes=False) as work:
        stored = sign_ins.read_password_hash(work, login)
    return is_password(password, stored)


@router.post("/sign-in", name="create_token", dependencies=[AtLaptop])
def sign_in(
    fits: Annotated[bool, Depends(compare_password)],  # first: before the transaction is opened
    view: ReaderView,
    work: OpenWork,
    login: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/staff",  # noqa: A002  the usual name
) -> Response:
    """Start a sign-in; a wrong password is counted, and says nothing about the name."""
    staff = sign_ins.record_try(work, login=login, fits=fits)
    if staff is None:
        return view.show(
            "sign_in.html", status=401, error=WrongSignIn(), login=login, next=safe_path(next)
        )
    return go_on(view, work, staff, next)


@router.post("/sign-in/code", name="create_token", dependencies=[AtLaptop])
def finish_sign_in(
    view: ReaderView,
    work: OpenWork,
    half: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/staff",  # noqa: A002  the usual name
) -> Response:
    """The second step: a code from the app or the list; a wrong one is counted."""
    staff = sign_ins.read_half_sign_in(work, half)
    if second_factors.is_right_code(work, staff, code):
        return keep_signed_in(view.house, work, staff, next)
    context = {"half": half, "next": safe_path(next), "error": SecondCodeWrong()}
    return view.show("sign_in_code.html", status=401, **context)


@router.post("/sign-out", name="revoke_token", dependencies=[Depends(check_csrf)])
def sign_out(request: Request, house: TheHouse, work: OpenWork, _staff: PageStaff) -> Response:
    """End this browser's sign-in."""
    name = cookie_name(house, "staff")
    sign_ins.end_sign_in(work, request.cookies.get(name, ""))
    response = RedirectResponse("/", 303)
    response.delete_cookie(name, path="/", secure=house.settings.is_https)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.get("/staff")
def show_own_home(staff: PageStaff) -> Response:
    """The page this role starts at."""
    return RedirectResponse(_HOMES[staff.role], 303)


@router.get("/one-time/{token}", dependencies=[AtLaptop])
def show_one_time(view: ReaderView, work: OpenWork, token: str) -> Response:
    """What the link opens; looking does not spend it."""
    way_in = accounts.read_one_time_link(work, token)
    return view.show("one_time.html", error=None, **_one_time_context(way_in))


@router.post("/one-time/{token}", name="create_token", dependencies=[AtLaptop])
def spend_one_time(
    view: ReaderView,
    work: OpenWork,
    token: str,
    password: Annotated[str, Form()] = "",
    display_name: Annotated[str, Form()] = "",
    login: Annotated[str, Form()] = "",
    organisation: Annotated[str, Form()] = "",
) -> Response:
    """Spend the link: set the password where that is its purpose, and sign in."""
    way_in = accounts.read_one_time_link(work, token)
    try:
        staff = accounts.spend_one_time_link(work, token, password=password or None)
        accounts.introduce(
            work, staff, display_name=display_name, login=login, organisation=organisation
        )
    except Refusal as refusal:
        typed = {"display_name": display_name, "login": login, "organisation": organisation}
        view.show_again("one_time.html", refusal, **_one_time_context(way_in, **typed))
    return go_on(view, work, staff, "/staff")


def go_on(view: View, work: OpenWork, staff: StaffPerson, wanted: str) -> Response:
    """Signed in; or, with a second step, the page that asks for its code."""
    if second_factors.get_second_step(work, staff.id) is None:
        return keep_signed_in(view.house, work, staff, wanted)
    half = sign_ins.half_sign_in(work, staff)
    return view.show("sign_in_code.html", error=None, half=half, next=safe_path(wanted))


def keep_signed_in(house: House, work: OpenWork, staff: StaffPerson, wanted: str) -> Response:
    """Hand the browser its sign-in token, and lead on."""
    rules = house.sign_in_rules
    token = sign_ins.start_sign_in(work, staff, rules)
    response = RedirectResponse(safe_path(wanted), 303)
    set_cookie(response, house, "staff", token, rules.longest)
    return response


def _one_time_context(way_in: OneTimeWayIn, **typed: str) -> dict[str, Any]:
    """What the page shows; `typed` comes back in its fields, a password never does."""
    is_password = way_in.purpose is Purpose.SET_PASSWORD
    return {
        "way_in": way_in,
        "typed": typed,
        "asks_password": is_password,
        "is_first": is_password
        and way_in.staff.role is Role.ADMIN
        and not way_in.staff.has_password,
    }
