"""Cookies of participants' pages: which a script may read, where they are sent, how they end."""

from datetime import timedelta

from fastapi import Response

from app.adapters.db import Work
from app.participants.schemas import OpenPass
from app.sittings.schemas import SittingRecord
from app.sittings.tokens import LIFETIME
from app.web.deps import COOKIE_PATHS, cookie_name
from app.web.house import House

_PHONE = timedelta(days=90)


def set_cookie(
    response: Response,
    house: House,
    base: str,
    value: str,
    lifetime: timedelta = _PHONE,
    *,
    is_readable: bool = False,
) -> None:
    """A cookie that other sites cannot send; and scripts cannot read, unless they must."""
    response.set_cookie(
        cookie_name(house, base),
        value,
        max_age=int(lifetime.total_seconds()),
        httponly=not is_readable,
        samesite="lax",
        secure=house.settings.is_https,
        path=COOKIE_PATHS.get(base, "/"),
    )


def delete_cookie(response: Response, house: House, base: str) -> None:
    """The browser forgets it."""
    response.delete_cookie(
        cookie_name(house, base),
        path=COOKIE_PATHS.get(base, "/"),
        secure=house.settings.is_https,
        httponly=True,
        samesite="lax",
    )


def set_sitting_cookie(
    response: Response, house: House, work: Work, phone: OpenPass, sitting: SittingRecord
) -> None:
    """What the test's script needs when there is no network: the sitting's token, the card's
    number and the administration, for the rescue code.

    The document itself is the same for everybody, so this cannot stand in it.
    """
    token = house.sitting_token(sitting, work.now)
    value = f"{token}.{phone.card.number}.{sitting.administration_id}"
    set_cookie(response, house, "sitting", value, LIFETIME, is_readable=True)
