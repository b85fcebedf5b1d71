"""Everything about one workshop's results on the wire: the door's values, digit by digit.

A figure has a value or the code of why it has none; what may not be seen is not in here.
"""

from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.gains.service import TeachFirst, WorkshopResults


class Shaped(BaseModel):
    """A value of the wire that has the fields of the door's own."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class ToldFigure(Shaped):
    """Printed digits, or why there are none; `extreme`: only that it is so much or beyond."""

    value: Decimal | None
    unsaid: str | None
    extreme: str | None


class ToldGainFigures(Shaped):
    """The gain of one group of pairs: percent, percentage points, <g>, g_av, 95 % intervals."""

    paired: int | None
    pre_percent: ToldFigure
    post_percent: ToldFigure
    gain_pp: ToldFigure
    gain_pp_low: ToldFigure
    gain_pp_high: ToldFigure
    passed_before: ToldFigure
    passed_after: ToldFigure
    passed_change: ToldFigure
    passed_change_low: ToldFigure
    passed_change_high: ToldFigure
    improved: ToldFigure
    part_gained: ToldFigure
    part_gained_low: ToldFigure
    part_gained_high: ToldFigure
    effect: ToldFigure
    effect_low: ToldFigure
    effect_high: ToldFigure


class ToldGroup(Shaped):
    """One group of a facet; without figures it is withheld, its size too."""

    value: str
    figures: ToldGainFigures | None
    unsaid: str | None


class ToldDifference(Shaped):
    """By how much more the second group gained."""

    first: str
    second: str
    difference_pp: ToldFigure
    low: ToldFigure
    high: ToldFigure
    pre_difference_pp: ToldFigure
    same_start_pp: ToldFigure


class ToldFacet(Shaped):
    """A room by one facet; `combined`: pairs in the groups withheld, where that may be told."""

    facet: str = Field(examples=["sex"])
    rows: list[ToldGroup]
    differences: list[ToldDifference]
    combined: int | None
    offers_pooled: bool


class ToldObjective(Shaped):
    """One objective of the form."""

    objective: str
    items: list[str]
    max_points: Decimal
    figures: ToldGainFigures | None
    unsaid: str | None


class ToldChoice(Shaped):
    """One choice of a question: how many took it before and after; of rows, "2a"."""

    option: str
    is_key: bool
    before: int
    after: int
    before_percent: ToldFigure
    after_percent: ToldFigure


class ToldItem(Shaped):
    """One question among the pairs; counts are for its team alone."""

    item: str
    objective: str
    right_before: ToldFigure
    right_after: ToldFigure
    change: ToldFigure
    change_low: ToldFigure
    change_high: ToldFigure
    retained: int | None
    learned: int | None
    lost: int | None
    not_learned: int | None
    do_not_know_before: ToldFigure
    do_not_know_after: ToldFigure
    omitted_before: int | None
    omitted_after: int | None
    guessing_percent: ToldFigure
    rest_r: ToldFigure
    evidence: str
    flags: list[str]
    options: list[ToldChoice]
    unsaid: str | None


class ToldBelief(Shaped):
    """A false belief: how often it was chosen, of how many times it was offered."""

    belief: dict[str, str]
    items: list[str]
    asked: int | None
    before: int | None
    after: int | None
    before_percent: ToldFigure
    after_percent: ToldFigure


class ToldCrimes(Shaped):
    """What cases are (first name) and what people called them (second)."""

    items: list[str]
    before: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]
    unsaid: str | None


class ToldLanguageRow(Shaped):
    """One question by the language of the answers."""

    item: str
    right_after: dict[str, ToldFigure]
    is_suspect: bool


class ToldLanguages(Shaped):
    """Questions that may be hard in one language only."""

    rows: list[ToldLanguageRow]
    unsaid: str | None


class ToldAttrition(Shaped):
    """Who is missing, and what that does to the gain."""

    registered: int | None
    pre: int | None
    post: int | None
    paired: int | None
    completion_percent: ToldFigure
    completion_low: ToldFigure
    completion_high: ToldFigure
    judged: str | None
    leavers_start_pp: ToldFigure
    leavers_differ: bool | None
    adjusted_gain_pp: ToldFigure
    adjusted_low: ToldFigure
    adjusted_high: ToldFigure
    differs_from_gain: bool | None


class ToldFlagged(Shaped):
    """The gain without late, paper, assisted and rescued sittings."""

    flagged_pairs: int | None
    without: ToldGainFigures | None
    unsaid: str | None


class ToldPairArrow(Shaped):
    """Both scores of somebody, in percent."""

    before: Decimal
    after: Decimal
    way: str


class ToldPairArrows(Shaped):
    """An arrow for each pair by its scores alone, from ten pairs; for the workshop's own team."""

    arrows: list[ToldPairArrow]
    unsaid: str | None


class ToldResults(Shaped):
    """Everything about one workshop and form version that this reader may see."""

    workshop_id: str
    form_id: str
    shown: str
    as_of: datetime | None
    room: ToldGainFigures | None
    unsaid: str | None
    facets: list[ToldFacet]
    objectives: list[ToldObjective]
    items: list[ToldItem]
    beliefs: list[ToldBelief]
    crimes: ToldCrimes
    languages: ToldLanguages
    attrition: ToldAttrition
    flagged: ToldFlagged
    has_ceiling: bool | None
    reliability: ToldFigure
    reliability_low: ToldFigure
    reliability_high: ToldFigure
    wilcoxon_p: ToldFigure
    pair_arrows: ToldPairArrows

    @classmethod
    def of(cls, results: WorkshopResults) -> Self:
        """From the door's own value."""
        return cls.model_validate(results)


class ToldTopicToTeach(Shaped):
    """A topic: of ten points that could be won before the workshop, about so many were."""

    objective: str
    items: list[str]
    right_in_ten: int


class ToldBeliefToTeach(Shaped):
    """A mistaken belief: of ten people asked, about so many chose it."""

    belief: dict[str, str]
    items: list[str]
    held_in_ten: int


class ToldTeachFirst(Shaped):
    """What to teach first, from the pre-test's closing; no topics below five tests."""

    as_of: datetime | None
    taken: int
    topics: list[ToldTopicToTeach]
    beliefs: list[ToldBeliefToTeach]

    @classmethod
    def of(cls, found: TeachFirst) -> Self:
        """From the door's own value."""
        return cls.model_validate(found)
