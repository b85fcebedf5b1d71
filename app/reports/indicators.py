"""Indicators for donors' systems: the fixed tables outside the team as flat rows, nothing else.

Every number is that of the pooled report of the same choice, through the same door: sums of whole
bundles of ten people (decision 0020), a lonely sex withheld. So rows subtracted from rows, or from
a pooled table, are sums of whole bundles too. Who took only one of the tests is told of everybody
and not by group, as in the pooled report. Head-counts are what staff entered, no outcomes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from app.accounts import service as accounts
from app.adapters.clock import local_day
from app.adapters.db import Work
from app.banks import service as banks
from app.banks.schemas import PublishedForm
from app.core.errors import ValueRefused
from app.gains import service as gains
from app.gains.results import Unsaid
from app.gains.service import Breakdown, Choice, PeopleCounted
from app.reports.document import Fact
from app.reports.facts import row_facts
from app.reports.pooled import offer, pick, usual_first, values_of
from app.reports.schemas import Offered, Terms
from app.workshops.schemas import WorkshopRecord

MOST_TABLES = 300
"""How many fixed tables one request may read: some seconds of work."""

EVERYBODY = "everybody"
EACH_YEAR, EACH_QUARTER, ALL_TIME = "years", "quarters", "all"
EACH_PROVINCE = "each"
TAKEN = ("registered", "pre", "post")
"""Who came, and who took a test: of everybody together alone."""

TOLD = ("workshops", "paired", "passed_before_percent", "passed_after_percent")
"""What is told of everybody and of each group."""


@dataclass(frozen=True, kw_only=True)
class WantedIndicators:
    """What a program asks for, as an address says it; empty: every form, country and breakdown.

    `province`: a code, or "each"; empty: the whole country. `period`: "quarters" (when empty),
    "years", "all", or one of them ("2026", "2026-3"). `programme`: its id or "none"; empty: all
    together. `by`: "everybody", or a breakdown.
    """

    form: str = ""
    country: str = ""
    province: str = ""
    period: str = ""
    programme: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One fact of one group; `group` and `breakdown` are "everybody" where there is no group."""

    form: PublishedForm
    programme: str
    choice: Choice
    group: str
    fact: Fact

    @property
    def breakdown(self) -> str:
        """The breakdown's code."""
        return self.choice.breakdown.value or EVERYBODY

    @property
    def period(self) -> str:
        """2026Q3, 2026 or all: what DHIS2 writes, and no spreadsheet takes for a date."""
        return write_period(self.choice.year, self.choice.quarter)


@dataclass(frozen=True, kw_only=True)
class Indicators:
    """The rows of one request, and when they were true; `has_synthetic`: some workshops are."""

    organisation: str
    as_of: datetime
    threshold: int
    has_synthetic: bool
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, kw_only=True)
class HeadCounts:
    """Women and men of each workshop that has begun, as staff entered them; the latest first."""

    organisation: str
    as_of: datetime
    workshops: tuple[WorkshopRecord, ...]


def write_period(year: int | None, quarter: int | None) -> str:
    """A quarter as 2026Q3, a year as 2026, all time as "all"."""
    if year is None:
        return ALL_TIME
    return f"{year}Q{quarter}" if quarter else f"{year}"


def build_head_counts(work: Work, organisation_id: str) -> HeadCounts:
    """The head-counts; a workshop that was called off or lies ahead has none."""
    seen = gains.find_told_workshops(work, organisation_id)
    held = [each for each in seen if each.starts_on <= local_day(work.now, each.zone)]
    return HeadCounts(
        organisation=accounts.organisation_name(work, organisation_id),
        as_of=work.now,
        workshops=tuple(sorted(held, key=lambda each: (each.ends_on, each.id), reverse=True)),
    )


def build_indicators(
    work: Work, organisation_id: str, wanted: WantedIndicators, terms: Terms
) -> Indicators:
    """The fixed tables of a request as rows; raises ValueRefused for what is not offered."""
    seen = gains.find_told_workshops(work, organisation_id)
    tables = list(_find_tables(work, seen, wanted)) if seen else []
    if len(tables) > MOST_TABLES:
        raise ValueRefused(field="period", reason="many_tables")
    return Indicators(
        organisation=accounts.organisation_name(work, organisation_id),
        as_of=work.now,
        threshold=terms.threshold,
        has_synthetic=any(each.is_synthetic for each in seen),
        rows=tuple(
            row
            for table in tables
            for row in _read_rows(work, organisation_id, table, terms)
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """One fixed table that is wanted; `programme` is its name, empty for all together."""

    form: PublishedForm
    choice: Choice
    programme: str


def _find_tables(
    work: Work, seen: Sequence[WorkshopRecord], wanted: WantedIndicators
) -> Iterator[_Table]:
    """Every table of the request: areas, periods and breakdowns, one of each at a time."""
    forms = {each: banks.require_form(work, each) for each in usual_first(w.form_id for w in seen)}
    pick("form", wanted.form, list(forms))
    countries = usual_first(each.country for each in seen)
    if pick("country", wanted.country, countries):
        countries = [wanted.country]
    _check(wanted, offer((), countries, [each for each in seen if each.country in countries]))
    breakdowns = _find_breakdowns(wanted)
    for country in countries:
        there = [each for each in seen if each.country == country]
        offered = offer((), [country], there)
        if wanted.programme and wanted.programme not in offered.programmes:
            continue
        programme = offered.programmes.get(wanted.programme) or wanted.programme
        choices = list(_find_choices(country, offered, wanted, breakdowns))
        for form_id in usual_first(each.form_id for each in there):
            if wanted.form in ("", form_id):
                yield from (_Table(forms[form_id], each, programme) for each in choices)


def _check(wanted: WantedIndicators, offered: Offered) -> None:
    """Refuse what no country of the request has; raises ValueRefused."""
    pick("programme", wanted.programme, list(offered.programmes))
    pick("province", wanted.province, [EACH_PROVINCE, *offered.provinces])
    pick("period", wanted.period, [EACH_QUARTER, EACH_YEAR, ALL_TIME, *offered.periods])


def _find_choices(
    country: str, offered: Offered, wanted: WantedIndicators, breakdowns: Sequence[Breakdown]
) -> Iterator[Choice]:
    periods = _find_periods(offered, wanted.period)
    provinces = _find_provinces(offered, wanted.province)
    for period, province, by in product(periods, provinces, breakdowns):
        if province and by is Breakdown.PROVINCE:
            continue
        year, _, quarter = period.partition("-")
        yield Choice(
            country=country,
            province=province or None,
            year=int(year) if year else None,
            quarter=int(quarter) if quarter else None,
            programme_id=wanted.programme or None,
            breakdown=by,
        )


def _find_periods(offered: Offered, wanted: str) -> list[str]:
    """Periods of one country, the earliest first; empty: all time."""
    if wanted == ALL_TIME:
        return [""]
    if wanted in ("", EACH_QUARTER, EACH_YEAR):
        is_quarter = wanted != EACH_YEAR
        return sorted(each for each in offered.periods if ("-" in each) == is_quarter)
    return [each for each in offered.periods if each == wanted]


def _find_provinces(offered: Offered, wanted: str) -> list[str]:
    """Provinces of one country; empty: all of it."""
    if wanted in ("", EACH_PROVINCE):
        return list(offered.provinces) if wanted else [""]
    return [each for each in offered.provinces if each == wanted]


def _find_breakdowns(wanted: WantedIndicators) -> list[Breakdown]:
    """What one request may be broken down by; workshops one by one are in the report alone."""
    known = {each.value or EVERYBODY: each for each in Breakdown if each is not Breakdown.WORKSHOP}
    if not wanted.by:
        return list(known.values())
    by = known[pick("by", wanted.by, list(known))]
    if wanted.province and by is Breakdown.PROVINCE:
        raise ValueRefused(field="by", reason="one_province")
    return [by]


def _read_rows(
    work: Work, organisation_id: str, table: _Table, terms: Terms
) -> Iterator[IndicatorRow]:
    own = (organisation_id, table.form.id, table.choice)
    by = table.choice.breakdown
    values = values_of(table.choice, terms.provinces)
    told = gains.read_table(work, *own, values=values, is_brief=True)
    blank = IndicatorRow(
        form=table.form, programme=table.programme, choice=table.choice, group=EVERYBODY,
        fact=Fact(measure=""),
    )  # fmt: skip
    if by is not Breakdown.WHOLE:
        for row in told.rows:
            for fact in row_facts(row, TOLD):
                yield replace(blank, group=row.value, fact=fact)
        return
    for fact in (*_taken(gains.read_people(work, *own)), *row_facts(told.whole, TOLD)):
        yield replace(blank, fact=fact)


def _taken(people: PeopleCounted | None) -> Iterator[Fact]:
    for name in TAKEN:
        if people is None:
            yield Fact(measure=name, unsaid=Unsaid.WITHHELD.value)
        else:
            yield Fact(measure=name, value=getattr(people, name))
