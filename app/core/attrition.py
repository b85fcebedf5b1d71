"""Who took only one of the two tests, and what that does to the gain.

Pre-takers are completers (both tests) and leavers (pre only). The adjusted gain answers "what if
the leavers had gained as people with their pre score do": regression of post on pre among pairs,
taken at the mean of all pre-takers. It needs sums alone and equals full-information maximum
likelihood. Source: statistics.md §5; Anderson 1957, JASA 52:200; Little & Rubin 2002, ch. 7.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.distributions import student_t_quantile
from app.core.figures import Figures, Interval, Reason, high_of, low_of
from app.core.gains import PairSums
from app.core.means import Contrast, MeanTest, ScoreSums, contrast_of, mean_test
from app.core.proportions import wilson
from app.core.scoring import UNITS_PER_POINT

_LEAST_PAIRS = 3
_PAIRS_FOR_ADJUSTMENT = 10


class Completion(StrEnum):
    """How far the pairs stand for all pre-takers, by completion: from 80 %, from 60 %, below."""

    FINE = "fine"
    WITH_CARE = "with_care"
    NOT_EVERYBODY = "not_everybody"


@dataclass(frozen=True, kw_only=True)
class AttritionSums:
    """The sums of a room: pairs, pre scores of leavers, and how many took the post alone.

    `n_neither`: registered people without any score.
    """

    pairs: PairSums
    leavers: ScoreSums
    n_post_only: int
    n_neither: int = 0

    @classmethod
    def from_scores(
        cls,
        scores: Sequence[tuple[int | None, int | None]],
        *,
        max_units: int = 0,
        units_per_point: int = UNITS_PER_POINT,
    ) -> AttritionSums:
        """Return the sums of (pre, post) in units, None where a test is missing."""
        return cls(
            pairs=PairSums.from_pairs(
                ((x, y) for x, y in scores if x is not None and y is not None),
                max_units=max_units,
                units_per_point=units_per_point,
            ),
            leavers=ScoreSums.of(
                (x for x, y in scores if x is not None and y is None),
                units_per_point=units_per_point,
            ),
            n_post_only=sum(x is None and y is not None for x, y in scores),
            n_neither=sum(x is None and y is None for x, y in scores),
        )

    @property
    def n_pre(self) -> int:
        """All who took the pre-test."""
        return self.pairs.n + self.leavers.n


@dataclass(frozen=True, kw_only=True)
class AdjustedGain(Figures):
    """The gain as if the leavers had stayed, in points, with SE and interval (t, n - 2).

    Undefined for n < 3 pairs (`n_too_small`), when the pairs' pre scores do not vary
    (`zero_variance`), and without leavers (`no_change`: it is the matched gain). Only the interval
    is undefined when SE = 0.
    """

    adjusted_mean_post: float | None
    adjusted_gain: float | None
    adjusted_gain_se: float | None
    adjusted_gain_ci_low: float | None
    adjusted_gain_ci_high: float | None


@dataclass(frozen=True, kw_only=True)
class Attrition(Figures):
    """Counts, completion = pairs ÷ pre-takers (0..1, `no_pairs` without pre-takers), contrast.

    `contrast` is completers - leavers on the pre-test; `matched` the pairs' mean gain.
    """

    n_registered: int
    n_paired: int
    n_pre_only: int
    n_post_only: int
    n_pre: int
    n_post: int
    completion_rate: Fraction | None
    completion_wilson_low: float | None
    completion_wilson_high: float | None
    mean_pre_completers: Fraction | None
    mean_pre_noncompleters: Fraction | None
    complete_case_gain: Fraction | None
    contrast: Contrast
    matched: MeanTest
    adjusted: AdjustedGain


def attrition_of(sums: AttritionSums) -> Attrition:
    """Return who is missing, how they differ, and the gain with and without them."""
    n, n_pre = sums.pairs.n, sums.n_pre
    interval = wilson(n, n_pre) or Reason.NO_PAIRS
    completers = sums.pairs.pre()
    return Attrition.of(
        n_registered=n_pre + sums.n_post_only + sums.n_neither,
        n_paired=n,
        n_pre_only=sums.leavers.n,
        n_post_only=sums.n_post_only,
        n_pre=n_pre,
        n_post=n + sums.n_post_only,
        completion_rate=Fraction(n, n_pre) if n_pre else Reason.NO_PAIRS,
        completion_wilson_low=low_of(interval),
        completion_wilson_high=high_of(interval),
        mean_pre_completers=completers.mean,
        mean_pre_noncompleters=sums.leavers.mean,
        complete_case_gain=sums.pairs.gains().mean,
        contrast=contrast_of(completers, sums.leavers),
        matched=mean_test(sums.pairs.gains()),
        adjusted=adjusted_gain(sums),
    )


def adjusted_gain(sums: AttritionSums) -> AdjustedGain:
    """Return a + B x̄_all - x̄_all, where y = a + B x among the n pairs; x̄_all over all pre-takers.

    SE² = s² (1/n + (x̄_all - x̄)²/Sxx) + (B - 1)² var(x_all)/n_pre, s² = residual variance (n - 2).
    """
    x, n = sums.pairs.pre(), sums.pairs.n
    if reason := _why_unadjusted(sums):
        return AdjustedGain.of(**dict.fromkeys(_ADJUSTED, reason))
    everybody = x + sums.leavers
    slope = Fraction(sums.pairs.together(), x.spread)
    mean_x, mean_all = _in_points(x), _in_points(everybody)
    post = _in_points(sums.pairs.post()) + slope * (mean_all - mean_x)
    per = Fraction(1, n * x.units_per_point**2)
    s_xx, s_yy = x.spread * per, sums.pairs.post().spread * per
    residual = (s_yy - slope**2 * s_xx) / (n - 2)
    of_line = residual * (Fraction(1, n) + (mean_all - mean_x) ** 2 / s_xx)
    se = math.sqrt(of_line + (slope - 1) ** 2 * _variance(everybody) / everybody.n)
    gain = post - mean_all
    interval = _interval(float(gain), se, n - 2)
    return AdjustedGain.of(
        adjusted_mean_post=float(post),
        adjusted_gain=float(gain),
        adjusted_gain_se=se,
        adjusted_gain_ci_low=low_of(interval),
        adjusted_gain_ci_high=high_of(interval),
    )


def needs_adjusted_gain(sums: AttritionSums) -> bool:
    """Tell whether the adjusted gain belongs beside the matched one.

    From 10 pairs, when 10 % or more of the pre-takers lack a post-test.
    """
    return sums.pairs.n >= _PAIRS_FOR_ADJUSTMENT and 10 * sums.leavers.n >= sums.n_pre


def judge_completion(n_paired: int, n_pre: int) -> Completion:
    """Return how far n pairs describe all pre-takers; nobody at all is `not_everybody`."""
    if n_pre and 100 * n_paired >= 80 * n_pre:
        return Completion.FINE
    is_most = n_pre and 100 * n_paired >= 60 * n_pre
    return Completion.WITH_CARE if is_most else Completion.NOT_EVERYBODY


def leavers_differ(contrast: Contrast, n_leavers: int) -> bool:
    """Tell whether the report warns of leavers who began elsewhere than completers.

    |g| > .25 (the limit of What Works Clearinghouse), or at least 5 leavers and an interval of the
    difference that leaves 0 out.
    """
    if contrast.hedges_g is not None and abs(contrast.hedges_g) > 0.25:
        return True
    if contrast.ci_low is None or contrast.ci_high is None or n_leavers < 5:
        return False
    return contrast.ci_low > 0 or contrast.ci_high < 0


_ADJUSTED = (
    "adjusted_mean_post",
    "adjusted_gain",
    "adjusted_gain_se",
    "adjusted_gain_ci_low",
    "adjusted_gain_ci_high",
)


def _why_unadjusted(sums: AttritionSums) -> Reason | None:
    if sums.pairs.n < _LEAST_PAIRS:
        return Reason.N_TOO_SMALL
    if not sums.pairs.pre().spread:
        return Reason.ZERO_VARIANCE
    return None if sums.leavers.n else Reason.NO_CHANGE


def _in_points(sums: ScoreSums) -> Fraction:
    return Fraction(sums.total, sums.n * sums.units_per_point)


def _variance(sums: ScoreSums) -> Fraction:
    return Fraction(sums.spread, sums.n * (sums.n - 1) * sums.units_per_point**2)


def _interval(estimate: float, se: float, df: int) -> Interval | Reason:
    if not se:
        return Reason.ZERO_VARIANCE
    return Interval.around(estimate, student_t_quantile(0.975, df) * se)
