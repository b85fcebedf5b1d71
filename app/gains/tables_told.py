"""Values of the fixed tables outside the team: what was chosen, and what is told of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.gains.results import Direction, Figure, GainFigures, Unsaid, direction_of


class Breakdown(StrEnum):
    """One breakdown at a time; `province` is the participants' own."""

    WHOLE = ""
    WORKSHOP = "workshop"
    SEX = "sex"
    AGENCY_TYPE = "agency_type"
    PROVINCE = "province"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Area, period, programme and breakdown; None is all of them.

    ValueError for a quarter without a year, or participants' provinces within one province.
    """

    country: str
    province: str | None = None
    year: int | None = None
    quarter: int | None = None
    programme_id: str | None = None
    breakdown: Breakdown = Breakdown.WHOLE

    def __post_init__(self) -> None:
        if self.quarter is not None and (self.year is None or self.quarter not in range(1, 5)):
            raise ValueError("a quarter is 1 to 4 of a year")
        if self.province is not None and self.breakdown is Breakdown.PROVINCE:
            raise ValueError("participants' provinces are told for a whole country")


@dataclass(frozen=True, kw_only=True)
class PooledGain:
    """Several workshops as a sample of all workshops (Paule-Mandel, modified Knapp-Hartung).

    `workshops` are told one by one, `entered` have a usable variance. `prediction_`: what a new
    workshop may gain. `average_`: the average participant, from ten workshops on.
    """

    workshops: int
    entered: int
    gain_pp: Figure
    gain_pp_low: Figure
    gain_pp_high: Figure
    prediction_low: Figure
    prediction_high: Figure
    between_pp: Figure
    average_low: Figure
    average_high: Figure


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A group over several workshops, or only that nothing is told of it: its size neither.

    `value` is the group's code or a workshop's id; empty for everybody, and for small workshops
    together. `pooled` takes workshops as a sample; of a group, bundles (`core.bundling`).
    """

    value: str
    workshops: int | None
    figures: GainFigures | None
    pooled: PooledGain | None
    unsaid: Unsaid | None

    @property
    def interval(self) -> tuple[Figure, Figure] | None:
        """The 95 % of the row's gain: over the workshops, or of the pairs of a single one."""
        if self.figures is None:
            return None
        if self.pooled is None or self.workshops == 1:
            return self.figures.gain_pp_low, self.figures.gain_pp_high
        return self.pooled.gain_pp_low, self.pooled.gain_pp_high

    @property
    def direction(self) -> Direction | None:
        """Where the row's gain went, by that interval; None of a withheld row."""
        if self.figures is None or self.interval is None:
            return None
        low, high = self.interval
        return direction_of(self.figures.gain_pp.value, low.value, high.value)


@dataclass(frozen=True, kw_only=True)
class PooledDifference:
    """How much more `second` gained than `first`, inside each workshop, then pooled."""

    first: str
    second: str
    bundles: int
    difference_pp: Figure
    low: Figure
    high: Figure


@dataclass(frozen=True, kw_only=True)
class OutsideTable:
    """One fixed table: everybody, then the groups. Where nothing may be told all is withheld.

    Rows count the workshops whose groups may be told, so that they can be fewer than in the whole.
    Medians and Wilcoxon's p are of everybody; p of one workshop alone.
    """

    choice: Choice
    form_id: str
    whole: TableRow
    rows: tuple[TableRow, ...]
    differences: tuple[PooledDifference, ...]
    median_pre: Figure
    median_post: Figure
    wilcoxon_p: Figure


def without_lonely_sex(table: OutsideTable) -> OutsideTable:
    """The table; where one sex alone would be told, none is.

    A room whose women all left would be told as "men": one workshop's gain, by sex.
    """
    if (
        table.choice.breakdown is not Breakdown.SEX
        or sum(row.figures is not None for row in table.rows) != 1
    ):
        return table
    blank = TableRow(value="", workshops=None, figures=None, pooled=None, unsaid=Unsaid.WITHHELD)
    return replace(table, rows=tuple(replace(blank, value=row.value) for row in table.rows))


@dataclass(frozen=True, kw_only=True)
class ItemMovement:
    """One question over all workshops of a choice."""

    item: str
    paired: int
    right_before: Figure
    right_after: Figure
    change: Figure
    change_low: Figure
    change_high: Figure


@dataclass(frozen=True, kw_only=True)
class TopicMovement:
    """Fully right answers to a topic's questions over all workshops of a choice, in percent.

    `before` and `after` are limits where a question's share is told as one.
    """

    topic: str
    items: tuple[str, ...]
    paired: int
    before: Figure
    after: Figure
    change: Figure


@dataclass(frozen=True, kw_only=True)
class LatestWorkshops:
    """Workshops that are told one by one, the earliest first, and all others of the choice."""

    rows: tuple[TableRow, ...]
    rest: TableRow | None


@dataclass(frozen=True, kw_only=True)
class PooledEffect:
    """Different tests together: g_av, computed within each form, over their workshops.

    Points of different tests are never pooled; a page must say "different tests".
    """

    form_ids: tuple[str, ...]
    workshops: int
    effect: Figure
    low: Figure
    high: Figure
    prediction_low: Figure
    prediction_high: Figure
