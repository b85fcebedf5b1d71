"""Indicators and their tokens on the wire; the rows have the names of the CSV's columns."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from pydantic import Field

from app.accounts.schemas import IndicatorTokenRecord
from app.adapters.csv_files import Cell
from app.web.api.wire import Line, Sent, Told


class ToldIndicator(Told):
    """One fact of one group. Everybody and the groups stand in one list: do not add them up."""

    as_of: datetime
    organisation: str
    form: str
    form_version: int
    form_title: str
    country: str
    province: str | None = Field(description="Where the workshops were; null: all of the country.")
    area: str
    programme: str = Field(description="Empty: all together; none: workshops without one.")
    period: str = Field(examples=["2026Q3", "2026", "all"])
    year: int | None
    quarter: int | None
    breakdown: str = Field(examples=["everybody", "sex"])
    group: str = Field(examples=["everybody", "woman"])
    group_name: str | None
    indicator: str = Field(examples=["paired", "passed_after_percent"])
    indicator_name: str
    unit: str
    value: int | float | None = Field(description="The printed digits; null: `reason` says why.")
    limit: str | None = Field(description="at_most or at_least: the value is a limit.")
    reason: str | None
    origin: str


class ToldIndicators(Told):
    """The rows of one request."""

    rows: list[ToldIndicator]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Cell]]) -> Self:
        """From the CSV's own rows."""
        return cls(rows=[ToldIndicator(**_plain(each)) for each in rows])


class ToldHeadCount(Told):
    """Women and men of one workshop, as staff entered them."""

    as_of: datetime
    organisation: str
    workshop: str
    title: str
    country: str
    province: str
    area: str
    place: str
    programme: str
    starts_on: date
    ends_on: date
    period: str = Field(description="The quarter of its last day.", examples=["2026Q3"])
    year: int
    quarter: int
    registered_women: int
    registered_men: int
    registered: int
    origin: str


class ToldHeadCounts(Told):
    """The workshops of one request."""

    rows: list[ToldHeadCount]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Cell]]) -> Self:
        """From the CSV's own rows."""
        return cls(rows=[ToldHeadCount(**_plain(each)) for each in rows])


class SentIndicatorToken(Sent):
    """Which program the token is for."""

    label: Line = Field(examples=["Power BI of the donor"])


class ToldNewIndicatorToken(Told):
    """A token for indicators; shown once."""

    token: str


class ToldIndicatorToken(Told):
    """A token in the list, without its secret."""

    id: str
    label: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, record: IndicatorTokenRecord) -> Self:
        """From the room's own value."""
        return cls(**{name: getattr(record, name) for name in cls.model_fields})


def _plain(row: Mapping[str, Cell]) -> dict[str, Any]:
    return {name: _number(value) for name, value in row.items()}


def _number(value: Cell) -> str | int | float | None:
    """Digits as a number of JSON: few enough to be the same in a float."""
    if not isinstance(value, Decimal):
        return value
    return float(value) if int(value.as_tuple().exponent) < 0 else int(value)
