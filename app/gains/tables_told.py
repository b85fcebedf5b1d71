"""Values of the fixed tables outside the team: what was chosen, and what is told of it."""

from dataclasses import dataclass
from enum import StrEnum

from app.gains.results import Figure, GainFigures, Unsaid


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
