"""Several workshops together: random effects, prediction, and the average participant.

Headline is Paule and Mandel's τ² with the modified Knapp-Hartung interval; the others stand beside
it for the annex. Never the naive interval, which forgets that people of one workshop are alike.
Points are pooled within one form version only; across forms pool g_av (its SE²), and group
differences are computed inside each workshop and pooled here.
m_i, v_i: estimate and its squared SE; w_i = 1/(v_i + τ²). Source: statistics.md §6;
τ²: `core.heterogeneity`; IntHout 2014, BMC MRM 14:25;
Röver 2015, BMC MRM 15:99; Higgins, Thompson & Spiegelhalter 2009 (prediction).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.core.distributions import chi2_tail, student_t_quantile
from app.core.figures import Z_95, Figures, Interval, Real, Reason
from app.core.heterogeneity import Heterogeneity, Weighting, find_tau2
from app.core.means import ScoreSums, mean_interval
from app.core.scoring import UNITS_PER_POINT

if TYPE_CHECKING:
    import numpy as np

    _Array = np.ndarray[Any, np.dtype[np.float64]]
    _Whole = np.ndarray[Any, np.dtype[Any]]

LEAST_PAIRS = 5
LEAST_WORKSHOPS = 3


@dataclass(frozen=True)
class WorkshopSums:
    """The gains of many workshops, one place each: pairs, Σd, Σd² in units.

    Columns, because a country has tens of thousands of workshops. ValueError for columns of
    different lengths.
    """

    n: Sequence[int] | _Whole
    total: Sequence[int] | _Whole
    squares: Sequence[int] | _Whole
    units_per_point: int = UNITS_PER_POINT

    def __post_init__(self) -> None:
        if not len(self.n) == len(self.total) == len(self.squares):
            raise ValueError("the columns of the workshops differ in length")

    @classmethod
    def of(cls, workshops: Iterable[ScoreSums]) -> WorkshopSums:
        """Return the columns of single workshops, all in the unit of the first."""
        known = list(workshops)
        return cls(
            [each.n for each in known],
            [each.total for each in known],
            [each.squares for each in known],
            known[0].units_per_point if known else UNITS_PER_POINT,
        )

    def everybody(self) -> ScoreSums:
        """Return the sums of all people."""
        n, total, squares = (_sum(each) for each in self._given)
        return ScoreSums(n=n, total=total, squares=squares, units_per_point=self.units_per_point)

    @cached_property
    def _given(self) -> tuple[_Whole, _Whole, _Whole]:
        """n, Σd and Σd² as whole numbers of 64 bits, or of any size where those would not do."""
        n, total, squares = (_whole(each) for each in (self.n, self.total, self.squares))
        most, largest, square = (_largest(each) for each in (n, total, squares))
        products = (most * square, 2 * _sum(n) * largest, most**3)
        if max(products) < 2**62:
            return n, total, squares
        return n.astype(object), total.astype(object), squares.astype(object)

    @cached_property
    def columns(self) -> tuple[_Whole, _Whole, _Whole]:
        """n, Σd and n Σd² - (Σd)², which is 0 exactly where all gained the same."""
        n, total, squares = self._given
        return n, total, n * squares - total * total


def _whole(column: Sequence[int] | _Whole) -> _Whole:
    import numpy

    try:
        return numpy.asarray(column, dtype=numpy.int64)
    except OverflowError:
        return numpy.asarray(column, dtype=object)


def _largest(column: _Whole) -> int:
    return max(int(column.max()), -int(column.min())) if len(column) else 0


def _sum(column: _Whole) -> int:
    """Exact, whatever the size."""
    if _largest(column) * len(column) < 2**62:
        return int(column.sum())
    return sum(column.tolist())


def _least(column: Sequence[float] | _Array) -> float:
    """1 where there is nothing."""
    if isinstance(column, Sequence):
        return min(column, default=1)
    return float(column.min()) if len(column) else 1


@dataclass(frozen=True)
class Estimates:
    """Means (gains in points, g_av, or differences of groups) and their squared SE, > 0.

    ValueError for a variance of 0 or less, or lists of different lengths.
    """

    means: Sequence[float] | _Array
    variances: Sequence[float] | _Array

    def __post_init__(self) -> None:
        if len(self.means) != len(self.variances) or not _least(self.variances) > 0:
            raise ValueError("every mean has a variance above 0")

    @property
    def k(self) -> int:
        """How many there are."""
        return len(self.means)


@dataclass(frozen=True, kw_only=True)
class RandomEffects(Figures):
    """The mean of all workshops, those not seen too: μ = Σwm/Σw with three intervals.

    z: ± 1.96/√Σw. hksj: ± t(k-1) √(q/Σw), q = Σw(m - μ)²/(k - 1); `zero_variance` when q = 0.
    hksj_modified: ± t(k-1) √(max(1, q)/Σw). prediction ("a new workshop may gain between"):
    ± t(k-2) √(τ² + 1/Σw). All `n_too_small` below 3 workshops: two are listed, not pooled.
    """

    tau2: float | None
    mu: float | None
    ci_z: Interval | None
    ci_hksj: Interval | None
    ci_hksj_modified: Interval | None
    prediction: Interval | None


@dataclass(frozen=True, kw_only=True)
class Spread(Figures):
    """The fixed effect, Cochran's Q with its p (χ², k - 1), and I² in percent, floored at 0.

    All `n_too_small` below 3 workshops.
    """

    fixed_effect: float | None
    q: float | None
    p_q: float | None
    i2: float | None


@dataclass(frozen=True, kw_only=True)
class PooledPeople(Figures):
    """The average participant over k workshops of N people; points, ICC 0..1.

    cluster SE² = k/(k-1) Σ_g(Σ_i(d - d̄))²/N² (CR1) with t(k - 1): `n_too_small` for k < 2; its
    interval `zero_variance` when SE = 0. Fit to print from 10 workshops, none over 20 % of N.
    naive: t(N - 1) as if no one shared a workshop; only to show what it forgets.
    icc = (MSB - MSW)/(MSB + (n0 - 1) MSW), n0 = (N - Σn²/N)/(k - 1), floored at 0;
    `n_too_small` for k < 2 or N = k, `zero_variance` when all gains are equal.
    """

    n_total: int
    pooled_mean_gain: Fraction | None
    pooled_naive_ci: Interval | None
    pooled_cluster_se_cr1: float | None
    pooled_cluster_ci: Interval | None
    icc_anova: float | None


def estimates_of(workshops: WorkshopSums) -> Estimates:
    """Return mean gain and SD²/n, in points, of the workshops that enter the pooling.

    Workshops with fewer than 5 pairs or equal gains have no usable variance and stay out here; in
    `pool_people` they count.
    """
    n, total, spread = workshops.columns
    used = (n >= LEAST_PAIRS) & (spread > 0)
    n, total, spread = n[used], total[used], spread[used]
    unit = workshops.units_per_point
    means = (total / n).astype(float) / unit
    variances = (spread / (n * n * (n - 1))).astype(float) / unit / unit
    return Estimates(means, variances)


def spread_of(estimates: Estimates) -> Spread:
    """Return fixed effect, Q = Σ(m - μ)²/v and I² = max(0, (Q - (k-1))/Q)."""
    k = estimates.k
    if k < LEAST_WORKSHOPS:
        return Spread.of(**dict.fromkeys(("fixed_effect", "q", "p_q", "i2"), Reason.N_TOO_SMALL))
    fixed = Weighting(estimates.means, estimates.variances).at(0.0)
    q = fixed.squares
    return Spread.of(
        fixed_effect=fixed.mu,
        q=q,
        p_q=chi2_tail(q, k - 1),
        i2=100 * (q - (k - 1)) / q if q > k - 1 else 0.0,
    )


def random_effects(estimates: Estimates, method: Heterogeneity = Heterogeneity.PM) -> RandomEffects:
    """Return the pooled mean with τ² by `method`; see `RandomEffects`."""
    k = estimates.k
    if k < LEAST_WORKSHOPS:
        names = ("tau2", "mu", "ci_z", "ci_hksj", "ci_hksj_modified", "prediction")
        return RandomEffects.of(**dict.fromkeys(names, Reason.N_TOO_SMALL))
    weighting = Weighting(estimates.means, estimates.variances)
    tau2 = find_tau2(weighting, method)
    mu, weight, squares, _ = weighting.at(tau2)
    q, t = squares / (k - 1), student_t_quantile(0.975, k - 1)
    prediction = student_t_quantile(0.975, k - 2) * math.sqrt(tau2 + 1 / weight)
    return RandomEffects.of(
        tau2=tau2,
        mu=mu,
        ci_z=Interval.around(mu, Z_95 / math.sqrt(weight)),
        ci_hksj=Interval.around(mu, t * math.sqrt(q / weight)) if q else Reason.ZERO_VARIANCE,
        ci_hksj_modified=Interval.around(mu, t * math.sqrt(max(1.0, q) / weight)),
        prediction=Interval.around(mu, prediction),
    )


def pool_people(workshops: WorkshopSums) -> PooledPeople:
    """Return the mean gain of all people of all workshops; see `PooledPeople`."""
    everybody = workshops.everybody()
    return PooledPeople.of(
        n_total=everybody.n,
        pooled_mean_gain=everybody.mean,
        pooled_naive_ci=mean_interval(everybody),
        pooled_cluster_se_cr1=_cluster_se(workshops, everybody),
        pooled_cluster_ci=cluster_interval(workshops),
        icc_anova=_icc(workshops, everybody),
    )


def cluster_interval(workshops: WorkshopSums) -> Interval | Reason:
    """Return the average participant's interval alone; see `PooledPeople`."""
    everybody = workshops.everybody()
    se, mean = _cluster_se(workshops, everybody), everybody.mean
    if isinstance(se, Reason) or isinstance(mean, Reason):
        return se if isinstance(se, Reason) else Reason.NO_PAIRS
    if not se:
        return Reason.ZERO_VARIANCE
    return Interval.around(float(mean), student_t_quantile(0.975, _k(workshops) - 1) * se)


def _k(workshops: WorkshopSums) -> int:
    return int((workshops.columns[0] > 0).sum())


def _cluster_se(workshops: WorkshopSums, everybody: ScoreSums) -> Real:
    k, n = _k(workshops), everybody.n
    if k < 2:
        return Reason.N_TOO_SMALL if k else Reason.NO_PAIRS
    own, total, _ = workshops.columns
    # Σ_i(d - d̄) of a workshop, times N: whole numbers, so equal means give exactly 0.
    apart = (total * n - own * everybody.total).astype(float) / n
    squares = float((apart**2).sum())
    return math.sqrt(k / (k - 1) * squares) / n / everybody.units_per_point


def _icc(workshops: WorkshopSums, everybody: ScoreSums) -> Real:
    k, n = _k(workshops), everybody.n
    if k < 2 or n == k:
        return Reason.N_TOO_SMALL
    if not everybody.spread:
        return Reason.ZERO_VARIANCE
    own, _, spread = workshops.columns
    within = float((spread[own > 0] / own[own > 0]).sum())
    between = max(0.0, everybody.spread / n - within)
    msb, msw = between / (k - 1), within / (n - k)
    n0 = (n - int((own * own).sum()) / n) / (k - 1)
    return max(0.0, (msb - msw) / (msb + (n0 - 1) * msw))
