"""The gain of those who took both tests, from six integer sums.

Marks stay integers in units (see `scoring`) until the last division; means are exact Fractions;
only roots and quantiles are floats. Undefined is None with a Reason beside it, never 0 or NaN.
x = pre, y = post, d = y - x, all of the same person. Source: statistics.md §0, §2, §3, §10.
Effect sizes stand in `effects`, the whole list of a room in `paired`; which of these numbers
somebody may see is decided in `disclosure`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from app.core.distributions import student_t_quantile
from app.core.figures import Interval, Reason
from app.core.means import ScoreSums, mean_interval
from app.core.proportions import wilson
from app.core.scoring import UNITS_PER_POINT

__all__ = [
    "ASSUMED_SD_PP",
    "ChangeCounts",
    "Gain",
    "Interval",
    "PairSums",
    "Reason",
    "detectable_gain",
    "gain_of",
    "wilson",
]


@dataclass(frozen=True, kw_only=True)
class PairSums:
    """All that the gain needs of n pairs, in units; `max_units` 0 where there is no maximum.

    A unit is 1/2520 of a point unless `units_per_point` says otherwise. ValueError for sums that
    no n pairs can have (a rollup that took away what it never added).
    """

    n: int
    sx: int
    sy: int
    sxx: int
    syy: int
    sxy: int
    max_units: int
    units_per_point: int = UNITS_PER_POINT

    def __post_init__(self) -> None:
        spread_x, spread_y = self.pre().spread, self.post().spread
        is_possible = min(spread_x, spread_y) >= 0 and self.together() ** 2 <= spread_x * spread_y
        is_nobody = self.n == self.sxx == self.syy == self.sxy == 0
        if self.n < 0 or self.max_units < 0 or not is_possible or (self.n == 0 and not is_nobody):
            raise ValueError(f"no pairs have these sums: {self}")

    @classmethod
    def from_pairs(
        cls,
        pairs: Iterable[tuple[int, int]],
        *,
        max_units: int,
        units_per_point: int = UNITS_PER_POINT,
    ) -> Self:
        """Return the sums of (pre, post) pairs in units; ValueError as `from_cells`."""
        return cls.from_cells(
            ((x, y, 1) for x, y in pairs), max_units=max_units, units_per_point=units_per_point
        )

    @classmethod
    def from_cells(
        cls,
        cells: Iterable[tuple[int, int, int]],
        *,
        max_units: int,
        units_per_point: int = UNITS_PER_POINT,
    ) -> Self:
        """Return the sums of (pre, post, how many people) cells.

        ValueError for a score outside 0..max_units; without a maximum (0) any integer will do.
        """
        known = list(cells)
        if max_units and any(not 0 <= units <= max_units for x, y, _ in known for units in (x, y)):
            raise ValueError(f"a score is outside 0..{max_units} units")
        return cls(
            n=sum(count for _, _, count in known),
            sx=sum(x * count for x, _, count in known),
            sy=sum(y * count for _, y, count in known),
            sxx=sum(x * x * count for x, _, count in known),
            syy=sum(y * y * count for _, y, count in known),
            sxy=sum(x * y * count for x, y, count in known),
            max_units=max_units,
            units_per_point=units_per_point,
        )

    def __add__(self, other: Self) -> Self:
        """Return the sums of both groups; ValueError unless both have the same maximum."""
        return self._combined(other, 1)

    def without(self, other: Self) -> Self:
        """Return the sums after `other` is taken out (erased or scored again); ValueError as +."""
        return self._combined(other, -1)

    def pre(self) -> ScoreSums:
        """Return the sums of the pre scores alone."""
        return self._scores(self.sx, self.sxx)

    def post(self) -> ScoreSums:
        """Return the sums of the post scores alone."""
        return self._scores(self.sy, self.syy)

    def gains(self) -> ScoreSums:
        """Return the sums of d = post - pre: Σd² = Σx² - 2 Σxy + Σy²."""
        return self._scores(self.sy - self.sx, self.sxx - 2 * self.sxy + self.syy)

    def together(self) -> int:
        """Return n Σxy - Σx Σy in units²: n(n - 1) times the covariance."""
        return self.n * self.sxy - self.sx * self.sy

    def variance_of_gains(self) -> Fraction | None:
        """Return the sample variance of d in points², exact; None for n < 2 (`n_too_small`)."""
        variance = self.gains().variance
        return None if isinstance(variance, Reason) else variance

    def _scores(self, total: int, squares: int) -> ScoreSums:
        return ScoreSums(
            n=self.n, total=total, squares=squares, units_per_point=self.units_per_point
        )

    def _combined(self, other: Self, sign: int) -> Self:
        own, others = (
            (self.max_units, self.units_per_point),
            (other.max_units, other.units_per_point),
        )
        if own != others:
            raise ValueError("points are pooled only within one form version")
        return type(self)(
            n=self.n + sign * other.n,
            sx=self.sx + sign * other.sx,
            sy=self.sy + sign * other.sy,
            sxx=self.sxx + sign * other.sxx,
            syy=self.syy + sign * other.syy,
            sxy=self.sxy + sign * other.sxy,
            max_units=self.max_units,
            units_per_point=self.units_per_point,
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
        return cls.from_gains((y - x, 1) for x, y in pairs)

    @classmethod
    def from_gains(cls, gains: Iterable[tuple[int, int]]) -> Self:
        """Count (gain, how many people)."""
        known = list(gains)
        return cls(
            improved=sum(count for gain, count in known if gain > 0),
            same=sum(count for gain, count in known if gain == 0),
            declined=sum(count for gain, count in known if gain < 0),
        )

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
    mean_pre, mean_post = _or_none(sums.pre().mean), _or_none(sums.post().mean)
    mean_gain = _or_none(sums.gains().mean)
    percent = percent_per_point(sums)
    variance = sums.variance_of_gains()
    judged = mean_interval(sums.gains())
    interval = None if isinstance(judged, Reason) else judged
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
        interval_reason=judged if isinstance(judged, Reason) else None,
        counts=counts,
    )


def percent_per_point(sums: PairSums) -> Fraction | None:
    """Return how many percent of the maximum one point is; None without a maximum."""
    return Fraction(100 * sums.units_per_point, sums.max_units) if sums.max_units else None


ASSUMED_SD_PP = 15.0
"""How much gains differ from person to person, in percentage points, where nothing is known yet."""


def detectable_gain(n: int, sd_gain: float = ASSUMED_SD_PP) -> float | None:
    """Return the smallest gain that n pairs would show 8 times in 10, in the unit of `sd_gain`.

    (t(.975, n - 1) + t(.80, n - 1)) SD / √n; 15 percentage points stand in for an SD not yet
    known. None for n < 2 (`n_too_small`).
    """
    if n < 2:
        return None
    quantiles = student_t_quantile(0.975, n - 1) + student_t_quantile(0.80, n - 1)
    return quantiles * sd_gain / math.sqrt(n)


def _or_none(mean: Fraction | Reason) -> Fraction | None:
    return None if isinstance(mean, Reason) else mean


def _times(mean: Fraction | None, factor: Fraction | None) -> Fraction | None:
    return None if mean is None or factor is None else mean * factor
