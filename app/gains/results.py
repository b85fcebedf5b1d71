"""Values of a workshop's results, exactly as a reader may see them: a page is a template over them.

Every number is a `Figure`: the printed digits, or the reason why there are none. What may not be
seen is not in here at all. Shares are percent, gains percentage points, intervals 95 %.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.core.attrition import Completion
from app.core.disclosure import Audience, Extreme, Shown
from app.core.distractors import ItemFlag
from app.core.items import Evidence


class Unsaid(StrEnum):
    """Why there is no number. Outside the team numbers too small have one word: withheld."""

    WITHHELD = "withheld"
    N_TOO_SMALL = "n_too_small"
    N_TOO_LARGE = "n_too_large"
    NO_PAIRS = "no_pairs"
    ZERO_VARIANCE = "zero_variance"
    NO_MAX = "no_max"
    PRE_AT_CEILING = "pre_at_ceiling"
    NO_CHANGE = "no_change"
    NO_DISCORDANT = "no_discordant"
    SUPPRESSED = "suppressed"
    NO_PASS_MARK = "no_pass_mark"  # noqa: S105  no password
    NOT_IN_FORM = "not_in_form"
    ONE_LANGUAGE = "one_language"
    NOT_FROZEN = "not_frozen"
    SEVERAL_ROOMS = "several_rooms"
    NO_FLAGGED = "no_flagged"
    RESCORED = "rescored"


class Direction(StrEnum):
    """Where the mean went: unclear where the interval holds 0.

    Without an interval everybody changed by the same: moved, or unclear when that is nothing.
    """

    ROSE = "rose"
    FELL = "fell"
    UNCLEAR = "unclear"
    MOVED = "moved"


def direction_of(gain: Decimal | None, low: Decimal | None, high: Decimal | None) -> Direction:
    """What may be said of a gain; judged by the printed digits."""
    if low is None or high is None:
        return Direction.MOVED if gain else Direction.UNCLEAR
    if low > 0:
        return Direction.ROSE
    return Direction.FELL if high < 0 else Direction.UNCLEAR


@dataclass(frozen=True)
class Figure:
    """The digits to print, or why there are none. `extreme`: only that it is so much or beyond."""

    value: Decimal | None
    unsaid: Unsaid | None = None
    extreme: Extreme | None = None


@dataclass(frozen=True, kw_only=True)
class GainFigures:
    """The gain of one group of pairs.

    `passed_`: share at or above the pass mark, and by how many points of percent it moved.
    `part_gained`: <g> of averages; `effect`: g_av. Both pure numbers, both with their interval.
    """

    paired: int | None
    pre_percent: Figure
    post_percent: Figure
    gain_pp: Figure
    gain_pp_low: Figure
    gain_pp_high: Figure
    passed_before: Figure
    passed_after: Figure
    passed_change: Figure
    passed_change_low: Figure
    passed_change_high: Figure
    improved: Figure
    part_gained: Figure
    part_gained_low: Figure
    part_gained_high: Figure
    effect: Figure
    effect_low: Figure
    effect_high: Figure

    @property
    def direction(self) -> Direction:
        """Where the gain of these pairs went."""
        return direction_of(self.gain_pp.value, self.gain_pp_low.value, self.gain_pp_high.value)


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """One value of a facet: its figures, or only that it is there. `value` not_said: unknown."""

    value: str
    figures: GainFigures | None
    unsaid: Unsaid | None


@dataclass(frozen=True, kw_only=True)
class GroupDifference:
    """How much more the second group gained than the first, and how their starts differ."""

    first: str
    second: str
    difference_pp: Figure
    low: Figure
    high: Figure
    pre_difference_pp: Figure
    same_start_pp: Figure


@dataclass(frozen=True, kw_only=True)
class FacetTable:
    """A room by one facet. `combined`: pairs in the groups withheld, where that may be told.

    `offers_pooled`: a group is withheld here that several workshops together may show.
    """

    facet: str
    rows: tuple[GroupRow, ...]
    differences: tuple[GroupDifference, ...]
    combined: int | None
    offers_pooled: bool


@dataclass(frozen=True, kw_only=True)
class ObjectiveRow:
    """One objective of the form: its own questions' part of the gain."""

    objective: str
    items: tuple[str, ...]
    max_points: Decimal
    figures: GainFigures | None
    unsaid: Unsaid | None


@dataclass(frozen=True, kw_only=True)
class OptionRow:
    """One choice: how many took it before and after. `option` dk: "I do not know"."""

    option: str
    is_key: bool
    misconception: str | None
    before: int
    after: int
    before_percent: Figure
    after_percent: Figure


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """One question among the pairs; counts are None outside the team.

    `guessing_percent`: what blind choice would give. `options` and `flags` from 20 pairs.
    """

    item: str
    objective: str
    right_before: Figure
    right_after: Figure
    change: Figure
    change_low: Figure
    change_high: Figure
    retained: int | None
    learned: int | None
    lost: int | None
    not_learned: int | None
    do_not_know_before: Figure
    do_not_know_after: Figure
    omitted_before: int | None
    omitted_after: int | None
    guessing_percent: Figure
    rest_r: Figure
    evidence: Evidence
    flags: tuple[ItemFlag, ...]
    options: tuple[OptionRow, ...]
    unsaid: Unsaid | None


@dataclass(frozen=True, kw_only=True)
class BeliefRow:
    """A named false belief: how often it was chosen before and after.

    `asked`: pairs times the questions that offer it, so that "12 of 24 thought …; 3 still do";
    where there are several questions these are answers, not people.
    """

    misconception: str
    belief: dict[str, str]
    items: tuple[str, ...]
    asked: int | None
    before: int | None
    after: int | None
    before_percent: Figure
    after_percent: Figure


@dataclass(frozen=True, kw_only=True)
class CrimeMatrix:
    """What cases are and what people said, over all questions that ask which crime it is.

    `before[right][said]`: answers; right and said are trafficking, smuggling, both, neither; said
    also do_not_know and omitted. Empty with a reason when it may not be told or is not asked.
    """

    items: tuple[str, ...]
    before: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]
    unsaid: Unsaid | None


@dataclass(frozen=True, kw_only=True)
class LanguageRow:
    """A question that may be hard in one language only: share right after, by language.

    `is_suspect`: two languages are further apart here than in the middle one of the other
    questions, by more than 1.96 standard errors.
    """

    item: str
    right_after: dict[str, Figure]
    is_suspect: bool


@dataclass(frozen=True, kw_only=True)
class LanguageCheck:
    """Every question by language, for languages of ten pairs and more."""

    rows: tuple[LanguageRow, ...]
    unsaid: Unsaid | None


@dataclass(frozen=True, kw_only=True)
class AttritionFigures:
    """Who is missing, and what that does to the gain; leavers took only the pre-test."""

    registered: int | None
    pre: int | None
    post: int | None
    paired: int | None
    completion_percent: Figure
    completion_low: Figure
    completion_high: Figure
    judged: Completion | None
    leavers_start_pp: Figure
    leavers_differ: bool | None
    adjusted_gain_pp: Figure
    adjusted_low: Figure
    adjusted_high: Figure
    differs_from_gain: bool | None


@dataclass(frozen=True, kw_only=True)
class FlaggedFigures:
    """The gain with and without late, paper, assisted and rescued sittings, taken together."""

    flagged_pairs: int | None
    without: GainFigures | None
    unsaid: Unsaid | None


class Way(StrEnum):
    """Where a pair's second score stands from its first."""

    ROSE = "rose"
    SAME = "same"
    FELL = "fell"


@dataclass(frozen=True, order=True)
class PairArrow:
    """Both scores of somebody in percent of the most, one decimal; equal pairs are equal values."""

    before: Decimal
    after: Decimal
    way: Way


@dataclass(frozen=True, kw_only=True)
class PairArrows:
    """One arrow for each pair of a room, by the first score and then the second; team only.

    No number, name or facet is in it, and no order but that of the scores.
    """

    arrows: tuple[PairArrow, ...]
    unsaid: Unsaid | None

    def count(self, way: Way) -> int:
        """How many arrows point that way."""
        return sum(each.way == way for each in self.arrows)


@dataclass(frozen=True, kw_only=True)
class WorkshopResults:
    """Everything about one workshop and form version that this reader may see."""

    workshop_id: str
    form_id: str
    audience: Audience
    shown: Shown
    as_of: datetime | None
    room: GainFigures | None
    unsaid: Unsaid | None
    facets: tuple[FacetTable, ...]
    objectives: tuple[ObjectiveRow, ...]
    items: tuple[ItemRow, ...]
    beliefs: tuple[BeliefRow, ...]
    crimes: CrimeMatrix
    languages: LanguageCheck
    attrition: AttritionFigures
    flagged: FlaggedFigures
    has_ceiling: bool | None
    pair_arrows: PairArrows
    reliability: Figure
    reliability_low: Figure
    reliability_high: Figure
    wilcoxon_p: Figure


@dataclass(frozen=True, kw_only=True)
class PeopleCounted:
    """Who is counted in a table; of a person in two workshops, both. `completion`: both of pre."""

    registered: int
    pre: int
    post: int
    paired: int
    pre_only: int
    post_only: int
    completion: Figure
    completion_low: Figure
    completion_high: Figure
    judged: Completion
