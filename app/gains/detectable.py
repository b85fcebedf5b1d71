"""Before the day: the smallest rise that so many people would show."""

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.core.gains import ASSUMED_SD_PP, detectable_gain, gain_of, percent_per_point
from app.core.printing import printed_pp
from app.gains import told_queries as queries
from app.gains.outside_tables import Scope
from app.gains.printed import sums_of
from app.gains.tables_told import Breakdown, Choice

_LEAST_WORKSHOPS = 5


@dataclass(frozen=True)
class DetectableRise:
    """What so many pairs would show 8 times in 10, in percentage points; None for fewer than 2.

    `workshops`: how many earlier ones of the form and country `sd_pp` is from, all their people
    together; 0 where they are fewer than five and it is assumed. Source: statistics.md §6.
    """

    people: int
    rise_pp: Decimal | None
    sd_pp: Decimal
    workshops: int


def detectable_rise(db: Session, scope: Scope, country: str, people: int) -> DetectableRise:
    """The rise; earlier workshops count as far as they are told to anybody outside their team."""
    own = (scope.organisation_id, scope.form_id, Choice(country=country))
    cell = queries.sum_cells(db, *own, Breakdown.WHOLE).get("", {"workshop_count": 0})
    workshops, sd = cell["workshop_count"], ASSUMED_SD_PP
    if workshops < _LEAST_WORKSHOPS:
        workshops = 0
    else:
        sums = sums_of(cell, scope.max_units)
        sd = (gain_of(sums).sd_gain or 0.0) * float(percent_per_point(sums) or 0)
    rise = detectable_gain(people, sd)
    return DetectableRise(
        people=people,
        rise_pp=None if rise is None else printed_pp(rise, people),
        sd_pp=printed_pp(sd, people),
        workshops=workshops,
    )
