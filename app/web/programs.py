"""Programs that read indicators: the token they show, and what an address may ask.

The token comes as bearer or as the password of HTTP Basic (the name does not matter). One that
stands in an address is refused, also beside a right one: addresses are kept in histories and logs.
"""

import base64
import binascii
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBasic, HTTPBearer

from app.accounts import indicator_tokens
from app.accounts.schemas import IndicatorTokenRecord
from app.core.errors import IndicatorTokenNeeded, TokenInAddress
from app.core.text import to_latin_digits
from app.reports.indicators import WantedIndicators
from app.web.deps import TheHouse, require_laptop
from app.web.files import drawing_turns
from app.web.house import House

_NAMES = frozenset({
    "token", "access_token", "auth_token", "api_token", "api_key", "apikey", "key", "password",
    "authorization", "auth", "bearer", "secret",
})  # fmt: skip
_LONGEST = 512


class _Basic(HTTPBasic):
    """Describes the password in the API's description; `open_indicators` reads it."""

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Refuse nothing here: a header that cannot be read gets our own sentence."""


DESCRIBED = [
    Depends(
        HTTPBearer(
            auto_error=False,
            scheme_name="indicators_bearer",
            description="A token for indicators, from POST /indicator-tokens.",
        )
    ),
    Depends(
        _Basic(
            auto_error=False,
            scheme_name="indicators_basic",
            description="The same token as the password; any name.",
        )
    ),
]
"""What the API's description says of the token."""


async def open_indicators(
    request: Request, house: TheHouse, _place: Annotated[None, Depends(require_laptop)]
) -> AsyncIterator[IndicatorTokenRecord]:
    """The token of this request, counted; raises IndicatorTokenNeeded, TokenUsedTooOften.

    Counting is a short transaction of its own: the numbers are read in another one, which holds
    no writer up. A token nobody knows is not counted and waits for no writer. The numbers take
    turns with what is drawn, so that no donor's system takes the processor from a room.
    """
    _refuse_in_address(request)
    secret = read_secret(request.headers.get("authorization", ""))
    token = await run_in_threadpool(_require, house, secret)
    async with house.turns:
        await run_in_threadpool(_count, house, token)
    async with drawing_turns(request.app):
        yield token


def read_secret(header: str) -> str:
    """The token in an Authorization header; empty where there is none that can be read."""
    scheme, _, rest = header.strip().partition(" ")
    rest = rest.strip()
    if len(rest) > _LONGEST or not rest.isascii():
        return ""
    if scheme.lower() == "bearer":
        return rest
    if scheme.lower() != "basic":
        return ""
    try:
        told = base64.b64decode(rest, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return told.partition(":")[2].strip()


def _refuse_in_address(request: Request) -> None:
    for name, value in request.query_params.multi_items():
        if (
            name.lower() in _NAMES
            or indicator_tokens.PREFIX in value
            or indicator_tokens.PREFIX in name
        ):
            raise TokenInAddress()


def _require(house: House, secret: str) -> IndicatorTokenRecord:
    if not secret.startswith(indicator_tokens.PREFIX):  # also spares the database what is no token
        raise IndicatorTokenNeeded()
    with house.unit(writes=False) as work:
        return indicator_tokens.require_indicator_token(work, secret)


def _count(house: House, token: IndicatorTokenRecord) -> None:
    with house.unit(writes=True) as work:
        indicator_tokens.count_use(work, token)


def read_wanted(
    form: Annotated[str, Query(max_length=80, description="One form; empty: each of them.")] = "",
    country: Annotated[str, Query(max_length=80, description="One country; empty: each.")] = "",
    province: Annotated[
        str, Query(max_length=80, description="A code, or each; empty: the whole country.")
    ] = "",
    period: Annotated[
        str,
        Query(
            max_length=80,
            description="quarters (when empty), years, all, or one of them.",
            examples=["2026", "2026Q3"],
        ),
    ] = "",
    programme: Annotated[
        str, Query(max_length=80, description="Its id, or none; empty: all together.")
    ] = "",
    by: Annotated[
        str, Query(max_length=80, description="everybody, sex, agency_type or province.")
    ] = "",
) -> WantedIndicators:
    """What a program asks; quarters may be written as 2026Q3 or 2026-3."""
    return WantedIndicators(
        form=form,
        country=country.upper(),
        province=province if province.lower() == "each" else province.upper(),
        period=_read_period(period),
        programme=programme,
        by=by,
    )


def _read_period(typed: str) -> str:
    text = to_latin_digits(typed).strip()
    return text.upper().replace("Q", "-") if text[:1].isdigit() else text


IndicatorReader = Annotated[IndicatorTokenRecord, Depends(open_indicators, scope="function")]
IndicatorChoice = Annotated[WantedIndicators, Depends(read_wanted)]
