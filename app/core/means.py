"""Means of one or two groups of scores: variance, Student's t, Welch's t, Hedges' g.

All from three integers per group: n, sum and sum of squares, so that a variance of equal scores is
exactly 0 and is seen before anything is divided by it. Source: statistics.md §3, §5, §6.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from app.core.distributions import hedges_factor, student_t_p, student_t_quantile
from app.core.figures import Exact, Figures, Interval, Real, Reason, high_of, low_of
from app.core.scoring import UNITS_PER_POINT


@dataclass(frozen=True, kw_only=True)
class ScoreSums:
    """All that a mean and a variance need of n scores (or gains), in units.

    `units_per_point` says what a unit is; means are in points, variances in points².
    """

    n: int
    total: int
    squares: int
    units_per_point: int = UNITS_PER_POINT

    @classmethod
    def of(cls, units: Iterable[int], *, units_per_point: int = UNITS_PER_POINT) -> Self:
        """Return the sums of these scores."""
        known = list(units)
        return cls(
            n=len(known),
            total=sum(known),
            squares=sum(each * each for each in known),
            units_per_point=units_per_point,
        )

    def __add__(self, other: Self) -> Self:
        """Return the sums of both groups."""
        return type(self)(
            n=self.n + other.n,
            total=self.total + other.total,
            squares=self.squares + other.squares,
            units_per_point=self.units_per_point,
        )

    @property
    def mean(self) -> Exact:
        """The mean in points; `no_pairs` for nobody."""
        return Fraction(self.total, self.n * self.units_per_point) if self.n else Reason.NO_PAIRS

    @property
    def variance(self) -> Exact:
        """The sample variance (n - 1) in points²; `n_too_small` for n < 2, 0 if all are equal."""
        if self.n < 2:
            return Reason.N_TOO_SMALL
        return Fraction(self.spread, self.n * (self.n - 1) * self.units_per_point**2)

    @property
    def spread(self) -> int:
        """n Σx² - (Σx)² in units²: exactly 0 when all are equal."""
        return self.n * self.squares - self.total**2


@dataclass(frozen=True, kw_only=True)
class MeanTest(Figures):
    """Student's t of one mean against 0, df = n - 1, and its interval of 95 %.

    All five are undefined for n < 2 (`n_too_small`) and when all values are equal
    (`zero_variance`): then no margin of error can be computed.
    """

    t: float | None
    df: int | None
    p_t: float | None
    ci95_low: float | None
    ci95_high: float | None


def root_of(variance: Exact) -> Real:
    """Return the standard deviation, or the reason why there is none."""
    return variance if isinstance(variance, Reason) else math.sqrt(variance)


def mean_interval(sums: ScoreSums) -> Interval | Reason:
    """Return mean ± t(.975, n - 1) SD / √n; `n_too_small` or `zero_variance`."""
    mean, variance = sums.mean, sums.variance
    if isinstance(mean, Reason) or isinstance(variance, Reason):
        return Reason.N_TOO_SMALL
    if variance == 0:
        return Reason.ZERO_VARIANCE
    half = student_t_quantile(0.975, sums.n - 1) * math.sqrt(variance / sums.n)
    return Interval.around(float(mean), half)


def mean_test(sums: ScoreSums) -> MeanTest:
    """Return t = mean / (SD / √n), its two-sided p and the interval of the mean.

    Source: Student 1908, Biometrika 6:1.
    """
    interval = mean_interval(sums)
    if isinstance(interval, Reason):
        return MeanTest.of(
            t=interval, df=interval, p_t=interval, ci95_low=interval, ci95_high=interval
        )
    # n Σx² - (Σx)² > 0 here; t² = (Σx)² (n - 1) / spread without rounding on the way.
    t = math.copysign(math.sqrt(Fraction(sums.total**2 * (sums.n - 1), sums.spread)), sums.total)
    return MeanTest.of(
        t=t,
        df=sums.n - 1,
        p_t=student_t_p(t, sums.n - 1),
        ci95_low=interval.low,
        ci95_high=interval.high,
    )


@dataclass(frozen=True, kw_only=True)
class Contrast(Figures):
    """The difference of two groups' means in points (first - second), Welch's test, Hedges' g.

    diff: `no_pairs` when a group is empty. t, df, p, ci: `n_too_small` when a group has fewer than
    two, `zero_variance` when neither varies. hedges_g: the same, on the pooled SD.
    """

    diff: Fraction | None
    t: float | None
    df: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    hedges_g: float | None


def contrast_of(first: ScoreSums, second: ScoreSums) -> Contrast:
    """Return first - second with Welch's t: equal variances are not assumed.

    SE² = v1/n1 + v2/n2, df = SE⁴ / ((v1/n1)²/(n1-1) + (v2/n2)²/(n2-1)).
    Source: Welch 1947, Biometrika 34:28.
    """
    m1, m2, v1, v2 = first.mean, second.mean, first.variance, second.variance
    if isinstance(m1, Reason) or isinstance(m2, Reason):
        return _undefined_contrast(Reason.NO_PAIRS, Reason.N_TOO_SMALL)
    if isinstance(v1, Reason) or isinstance(v2, Reason):
        return _undefined_contrast(m1 - m2, Reason.N_TOO_SMALL)
    e1, e2 = v1 / first.n, v2 / second.n
    if e1 + e2 == 0:
        return _undefined_contrast(m1 - m2, Reason.ZERO_VARIANCE)
    se = math.sqrt(e1 + e2)
    df = float((e1 + e2) ** 2 / (e1**2 / (first.n - 1) + e2**2 / (second.n - 1)))
    t = float(m1 - m2) / se
    interval = Interval.around(float(m1 - m2), student_t_quantile(0.975, df) * se)
    return Contrast.of(
        diff=m1 - m2,
        t=t,
        df=df,
        p=student_t_p(t, df),
        ci_low=low_of(interval),
        ci_high=high_of(interval),
        hedges_g=_hedges_g(m1 - m2, first, second),
    )


def _hedges_g(diff: Fraction, first: ScoreSums, second: ScoreSums) -> float:
    """J(n1 + n2 - 2) × difference ÷ pooled SD; Hedges 1981. Somebody varies here."""
    df = first.n + second.n - 2
    within = Fraction(first.spread, first.n) + Fraction(second.spread, second.n)
    pooled = within / df / first.units_per_point**2
    return hedges_factor(df) * float(diff) / math.sqrt(pooled)


def _undefined_contrast(diff: Exact, reason: Reason) -> Contrast:
    names = ("t", "df", "p", "ci_low", "ci_high", "hedges_g")
    return Contrast.of(diff=diff, **dict.fromkeys(names, reason))
