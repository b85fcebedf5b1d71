"""Reports over several workshops on the wire: what can be chosen, and the document itself."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.reports.schemas import PooledReport
from app.web.api.wire_details import Shaped

_DIGITS = "The printed digits."


class ToldFact(Shaped):
    """One number of one group, or the code of why it is not there."""

    measure: str
    value: str | None = Field(description=_DIGITS)
    low: str | None = Field(description="Lower end of its 95 % interval.")
    high: str | None = Field(description="Upper end of its 95 % interval.")
    limit: str | None = Field(description="at_most or at_least: the value is a limit.")
    unsaid: str | None = Field(description="Why there is no value; `reasons` has the words.")


class ToldRow(Shaped):
    """A group's facts."""

    code: str = Field(description="The group's code, or a workshop's id; empty for all together.")
    name: str
    facts: list[ToldFact]
    is_typed: bool


class ToldColumn(Shaped):
    """A measure of a table; `recipe` is explained at /methods."""

    measure: str
    name: str
    short: str
    unit: str
    recipe: str


class ToldTable(Shaped):
    """A table: a list has one row, its measures below each other."""

    code: str
    caption: str
    layout: str
    columns: list[ToldColumn]
    rows: list[ToldRow]
    stub: str


class ToldArrow(Shaped):
    """From the average before to the average after, in percent."""

    row: str
    name: str
    before: str = Field(description=_DIGITS)
    after: str = Field(description=_DIGITS)
    way: str


class ToldBar(Shaped):
    """How many gave each answer of a scale, and the share of the two highest."""

    row: str
    name: str
    counts: list[int]
    agreed: str = Field(description=_DIGITS)


class ToldChart(Shaped):
    """A drawing, as numbers."""

    code: str
    caption: str
    arrows: list[ToldArrow]
    bars: list[ToldBar]
    parts: list[str] = Field(description="What the parts of a bar are called, the lowest first.")


class ToldNote(Shaped):
    """A sentence, and its facts without words."""

    code: str
    text: str
    facts: list[tuple[str, str]]


class ToldSection(Shaped):
    """A heading with its sentences, tables and drawings."""

    code: str
    heading: str
    notes: list[ToldNote]
    tables: list[ToldTable]
    charts: list[ToldChart]
    part: str


class ToldScope(Shaped):
    """What was chosen; null is all of them."""

    form: str
    form_title: str
    form_version: int
    form_hash: str
    country: str
    province: str | None
    year: int | None
    quarter: int | None
    programme: str | None
    breakdown: str
    words: list[str]


class ToldDocument(Shaped):
    """A report; `scope` is null and nothing is told while the organisation has no workshop.

    `id` and `hash` are those of the facts, whatever the language and the moment.
    """

    id: str
    hash: str
    language: str
    organisation: str
    as_of: datetime
    threshold: int
    title: str
    finding: str
    sentence: str
    scope: ToldScope | None
    method: list[ToldNote]
    sections: list[ToldSection]
    has_synthetic: bool
    labels: list[tuple[str, str]]
    reasons: list[tuple[str, str]]


class ToldOffered(Shaped):
    """What can be chosen; provinces, periods and programmes are those of one country."""

    forms: list[str]
    countries: list[str]
    provinces: list[str]
    periods: list[str]
    programmes: dict[str, str]
    has_all_programmes: bool

    @classmethod
    def of(cls, report: PooledReport) -> Self:
        """From the room's own value; empty while there is no workshop."""
        offered = report.offered
        if offered is None:
            empty: list[str] = []
            return cls(
                forms=empty, countries=empty, provinces=empty, periods=empty, programmes={},
                has_all_programmes=True,
            )  # fmt: skip
        return cls(
            forms=[each.id for each in offered.forms],
            countries=list(offered.countries),
            provinces=list(offered.provinces),
            periods=list(offered.periods),
            programmes=offered.programmes,
            has_all_programmes=offered.has_all_programmes,
        )


class SentChoice(BaseModel):
    """What to keep; what is empty is all, or what most workshops have."""

    model_config = ConfigDict(extra="forbid", strict=True)

    form: str = Field(default="", max_length=80)
    country: str = Field(default="", max_length=80)
    province: str = Field(default="", max_length=80)
    period: str = Field(default="", max_length=80)
    programme: str = Field(default="", max_length=80)
    by: str = Field(default="", max_length=80)


class ToldKeptId(Shaped):
    """A report that is kept now."""

    id: str


class ToldKept(Shaped):
    """A kept report: its finding, its scope, and the hash of its facts."""

    id: str
    hash: str
    kept_at: datetime
    title: str
    about: str
