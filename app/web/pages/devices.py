"""In a room's own network: the laptop lends its sign-in to one more device, which borrows it."""

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app.accounts import loans
from app.accounts.schemas import OpenSignIn
from app.adapters.db import Work
from app.adapters.qr import qr_svg
from app.core.codes import LOAN_CODE_GROUPS, read_loan_code
from app.core.errors import CodeMistyped
from app.web.cookies import set_cookie
from app.web.deps import (
    AtLaptop,
    OpenWork,
    PageSignIn,
    PageStaff,
    TheHouse,
    check_csrf,
    check_origin,
    keep_sign_in,
    require_room,
)
from app.web.house import House
from app.web.prints import short_address
from app.web.urls import is_for_phones, loan_url
from app.web.view import ReaderView

router = APIRouter(
    include_in_schema=False, dependencies=[Depends(require_room), Depends(check_origin)]
)
OF_STAFF = [Depends(check_csrf), Depends(keep_sign_in)]


@router.get("/staff/devices", dependencies=OF_STAFF)
def show_devices(
    view: ReaderView, house: TheHouse, work: OpenWork, sign_in: PageSignIn
) -> Response:
    """The devices that were lent to, and the button that lends to one more."""
    return _show_devices(view, house, work, sign_in, code="")


@router.post("/staff/devices", name="create_token", dependencies=[AtLaptop, *OF_STAFF])
def lend_device(view: ReaderView, house: TheHouse, work: OpenWork, sign_in: PageSignIn) -> Response:
    """A square and a number for one device; they stand on this answer alone."""
    code = loans.lend(work, sign_in)
    return _show_devices(view, house, work, sign_in, code=code)


@router.post("/staff/devices/{device_id}/end", name="revoke_token", dependencies=OF_STAFF)
def end_device(work: OpenWork, staff: PageStaff, device_id: str) -> Response:
    """The device is signed out."""
    loans.end_lent_device(work, staff, device_id)
    return RedirectResponse("/staff/devices", 303)


@router.get("/b")
def show_borrow(view: ReaderView, number: str = "") -> Response:
    """Where the laptop's number is typed; a slip is answered without the database."""
    try:
        code = read_loan_code(number) if number else ""
    except CodeMistyped as refusal:
        view.show_again("borrow.html", refusal, lender=None, typed=number)
    if code:
        return RedirectResponse(f"/b/{code}", 303)
    return view.show("borrow.html", error=None, lender=None, typed="")


@router.get("/b/{code}")
def show_loan(view: ReaderView, house: TheHouse, work: OpenWork, code: str) -> Response:
    """What the number opens; looking does not spend it."""
    lender = loans.read_loan(work, read_loan_code(code), house.sign_in_rules)
    return view.show("borrow.html", error=None, lender=lender, typed=code)


@router.post("/b/{code}", name="create_token")
def borrow(house: TheHouse, work: OpenWork, code: str) -> Response:
    """This device is signed in as the laptop is, until the laptop signs out."""
    rules = house.sign_in_rules
    token = loans.borrow(work, read_loan_code(code), rules)
    response = RedirectResponse("/staff", 303)
    set_cookie(response, house, "staff", token, rules.longest)
    return response


def _show_devices(
    view: ReaderView, house: House, work: Work, sign_in: OpenSignIn, *, code: str
) -> Response:
    return view.show(
        "devices.html",
        devices=loans.find_lent_devices(work, sign_in.staff, house.sign_in_rules),
        now=work.now,
        can_reach=is_for_phones(house),
        number=code,
        number_groups=LOAN_CODE_GROUPS,
        address=f"{short_address(house)}/b",
        # Made here from our own address, no text in it.
        square=Markup(qr_svg(loan_url(house, code))) if code else "",  # noqa: S704
        minutes=loans.LASTS.seconds // 60,
    )
