"""The gain of those who took both tests, from six integer sums.

Marks stay integers in units (see `scoring`) until the last division; means are exact Fractions;
only roots and quantiles are floats. Undefined is None with a Reason beside it, never 0 or NaN.
x = pre, y = post, d = y - x, all of the same person. Source: statistics.md §0, §2, §3, §10.
Which of these numbers somebody may see is decided in `disclosure`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from app.core.scoring import UNITS_PER_POINT

Z_95 = 1.959963984540054


class Reason(StrEnum):
    """Why a number is undefined; stays inside the team."""

    N_TOO_SMALL = "n_too_small"
    NO_PAIRS = "no_pairs"
    ZERO_VARIANCE = "zero_variance"
    NO_MAX = "no_max"
    PRE_AT_CEILING = "pre_at_ceiling"
    NO_CHANGE = "no_change"
    NO_DISCORDANT = "no_discordant"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class Interval:
    """A two-sided interval of 95 %, in the unit of its estimate; never clipped."""

    low: float
    high: float

    def scaled(self, factor: float) -> Interval:
        """Return the interval in another unit; `factor` > 0."""
        return Interval(self.low * factor, self.high * factor)


@dataclass(frozen=True, kw_only=True)
class PairSums:
    """All that the gain needs of n pairs, in units; `max_units` 0 where there is no maximum.

    ValueError for sums that no n pairs can have (a rollup that took away what it never added).
    """

    n: int
    sx: int
    sy: int
    sxx: int
    syy: int
    sxy: int
    max_units: int

    def __post_init__(self) -> None:
        spread_x = self.n * self.sxx - self.sx**2
        spread_y = self.n * self.syy - self.sy**2
        together = self.n * self.sxy - self.sx * self.sy
        is_possible = min(spread_x, spread_y) >= 0 and together**2 <= spread_x * spread_y
        is_nobody = self.n == self.sxx == self.syy == self.sxy == 0
        if self.n < 0 or self.max_units < 0 or not is_possible or (self.n == 0 and not is_nobody):
            raise ValueError(f"no pairs have these sums: {self}")

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[int, int]], *, max_units: int) -> Self:
        """Return the sums of (pre, post) pairs in units.

        ValueError for a score outside 0..max_units; without a maximum (0) any integer will do.
        """
        known = list(pairs)
        if max_units and any(not 0 <= units <= max_units for pair in known for units in pair):
            raise ValueError(f"a score is outside 0..{max_units} units")
        return cls(
            n=len(known),
            sx=sum(x for x, _ in known),
            sy=sum(y for _, y in known),
            sxx=sum(x * x for x, _ in known),
            syy=sum(y * y for _, y in known),
            sxy=sum(x * y for x, y in known),
            max_units=max_units,
        )

    def __add__(self, other: Self) -> Self:
        """Return the sums of both groups; ValueError unless both have the same maximum."""
        return self._combined(other, 1)

    def without(self, other: Self) -> Self:
        """Return the sums after `other` is taken out (erased or scored again); ValueError as +."""
        return self._combined(other, -1)

    def variance_of_gains(self) -> Fraction | None:
        """Return the sample variance of d in points², exact; None for n < 2 (`n_too_small`)."""
        if self.n < 2:
            return None
        return Fraction(self._spread_of_gains(), self.n * (self.n - 1) * UNITS_PER_POINT**2)

    def _spread_of_gains(self) -> int:
        """n Σd² - (Σd)² in units²: 0 exactly when all gains are equal."""
        sum_of_squares = self.sxx - 2 * self.sxy + self.syy
        return self.n * sum_of_squares - (self.sy - self.sx) ** 2

    def _combined(self, other: Self, sign: int) -> Self:
        if self.max_units != other.max_units:
            raise ValueError("points are pooled only within one form version")
        return type(self)(
            n=self.n + sign * other.n,
            sx=self.sx + sign * other.sx,
            sy=self.sy + sign * other.sy,
            sxx=self.sxx + sign * other.sxx,
            syy=self.syy + sign * other.syy,
            sxy=self.sxy + sign * other.sxy,
            max_units=self.max_units,
        )


@dataclass(frozen=True, kw_only=True)
class ChangeCounts:
    """How many pairs went up, stayed and went down; any higher score counts as up."""

    improved: int
    same: int
    declined: int

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[int, int]]) -> Self:
        """Count (pre, post) pairs in units."""
        gains = [y - x for x, y in pairs]
        improved, declined = sum(d > 0 for d in gains), sum(d < 0 for d in gains)
        return cls(improved=improved, same=len(gains) - improved - declined, declined=declined)

    @property
    def n(self) -> int:
        """The number of pairs."""
        return self.improved + self.same + self.declined

    @property
    def share_improved(self) -> Fraction | None:
        """Improved ÷ pairs, 0..1; None for no pairs."""
        return Fraction(self.improved, self.n) if self.n else None

    @property
    def share_improved_interval(self) -> Interval | None:
        """Wilson's interval of the share improved, 0..1; None for no pairs."""
        return wilson(self.improved, self.n)


@dataclass(frozen=True, kw_only=True)
class Gain:
    """The gain of n pairs; Fractions are exact, in points or (pct_, _pp) × 100 ÷ the maximum.

    means_reason: no_pairs. percent_reason: no_pairs, no_max. sd_reason: n_too_small.
    interval_reason, for both intervals: n_too_small, zero_variance (everybody gained the same);
    where only `interval_pp` is None, percent_reason says why.
    """

    n: int
    mean_pre: Fraction | None
    mean_post: Fraction | None
    mean_gain: Fraction | None
    means_reason: Reason | None
    pct_mean_pre: Fraction | None
    pct_mean_post: Fraction | None
    gain_pp: Fraction | None
    percent_reason: Reason | None
    sd_gain: float | None
    sd_reason: Reason | None
    interval: Interval | None
    interval_pp: Interval | None
    interval_reason: Reason | None
    counts: ChangeCounts | None


def gain_of(sums: PairSums, *, counts: ChangeCounts | None = None) -> Gain:
    """Return means, gain, SD and Student's t interval of n pairs.

    Counts up, same and down are not in the sums and are handed through; ValueError when they count
    other pairs.
    """
    if counts is not None and counts.n != sums.n:
        raise ValueError(f"counts of {counts.n} pairs beside sums of {sums.n}")
    mean_pre, mean_post = _mean_points(sums.sx, sums.n), _mean_points(sums.sy, sums.n)
    mean_gain = _mean_points(sums.sy - sums.sx, sums.n)
    percent = _percent_per_point(sums.max_units)
    variance = sums.variance_of_gains()
    interval = _t_interval(mean_gain, variance, sums.n)
    no_pairs = Reason.NO_PAIRS if sums.n == 0 else None
    return Gain(
        n=sums.n,
        mean_pre=mean_pre,
        mean_post=mean_post,
        mean_gain=mean_gain,
        means_reason=no_pairs,
        pct_mean_pre=_times(mean_pre, percent),
        pct_mean_post=_times(mean_post, percent),
        gain_pp=_times(mean_gain, percent),
        percent_reason=no_pairs or (Reason.NO_MAX if percent is None else None),
        sd_gain=None if variance is None else math.sqrt(variance),
        sd_reason=Reason.N_TOO_SMALL if variance is None else None,
        interval=interval,
        interval_pp=interval.scaled(float(percent)) if interval and percent else None,
        interval_reason=_interval_reason(variance),
        counts=counts,
    )


def wilson(count: int, n: int) -> Interval | None:
    """Return Wilson's score interval of count ÷ n, 0..1; None for n = 0.

    0 of n begins at exactly 0 and n of n ends at exactly 1. ValueError unless 0 <= count <= n.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is not a share")
    if n == 0:
        return None
    share, z2 = count / n, Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(
        low=0.0 if count == 0 else middle - half,
        high=1.0 if count == n else middle + half,
    )


def _mean_points(total_units: int, n: int) -> Fraction | None:
    return Fraction(total_units, n * UNITS_PER_POINT) if n else None


def _percent_per_point(max_units: int) -> Fraction | None:
    return Fraction(100 * UNITS_PER_POINT, max_units) if max_units else None


def _times(mean: Fraction | None, factor: Fraction | None) -> Fraction | None:
    return None if mean is None or factor is None else mean * factor


def _interval_reason(variance: Fraction | None) -> Reason | None:
    if variance is None:
        return Reason.N_TOO_SMALL
    return Reason.ZERO_VARIANCE if variance == 0 else None


def _t_interval(mean: Fraction | None, variance: Fraction | None, n: int) -> Interval | None:
    """Mean ± t(.975, n - 1) × SD ÷ √n; None for n < 2 and for equal gains, judged by integers."""
    if mean is None or not variance:
        return None
    half = _student_t_quantile(0.975, n - 1) * math.sqrt(variance / n)
    return Interval(float(mean) - half, float(mean) + half)


def _student_t_quantile(probability: float, df: int) -> float:
    # Imported on first use: scipy.special costs a second that no page of a participant should pay.
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))
