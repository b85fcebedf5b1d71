"""Gains as parts of what could still be gained: Hake's <g>, the individual gain, c.

M is the maximum, b = M - x what a person could still gain. <g> of averages is the one to report,
second to the gain in percentage points; the average of individual gains is biased and c an annex.
Source: statistics.md §2; Hake 1998, Am. J. Phys. 66:64; Bao 2006, Am. J. Phys. 74:917;
Marx & Cummings 2007, Am. J. Phys. 75:87.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from app.core.distributions import student_t_quantile
from app.core.figures import Exact, Figures, Interval, Real, Reason, high_of, low_of
from app.core.gains import PairSums
from app.core.histograms import JointHistogram


@dataclass(frozen=True, kw_only=True)
class HakeGain(Figures):
    """<g> = mean(d)/mean(b) with SE and interval g ± t(n - 1) SE, all pure numbers.

    <g>: `no_max`, `no_pairs`, `pre_at_ceiling` (mean(b) = 0). SE = SD(d - g b)/(√n mean(b)) and
    interval: also `n_too_small` for n < 2, `zero_variance` when d - g b is 0 for everybody.
    """

    hake_g_of_averages: Fraction | None
    hake_g_se: float | None
    hake_g_ci_low: float | None
    hake_g_ci_high: float | None


def hake_gain(sums: PairSums) -> HakeGain:
    """Return <g> of n pairs; SE by the delta method, judged in whole numbers."""
    g = hake_g(sums)
    se = g if isinstance(g, Reason) else _hake_se(sums, g)
    interval = _interval(g, se, sums.n)
    return HakeGain.of(
        hake_g_of_averages=g,
        hake_g_se=se,
        hake_g_ci_low=low_of(interval),
        hake_g_ci_high=high_of(interval),
    )


def hake_g(sums: PairSums) -> Exact:
    """Return the gain of averages Σd / Σb, exact; undefined as in `HakeGain`."""
    if not sums.max_units:
        return Reason.NO_MAX
    if not sums.n:
        return Reason.NO_PAIRS
    possible = sums.n * sums.max_units - sums.sx
    return Fraction(sums.gains().total, possible) if possible else Reason.PRE_AT_CEILING


def _hake_se(sums: PairSums, g: Fraction) -> Real:
    """Σ(d - g b)² = Σd² - 2g Σdb + g² Σb²; the mean of d - g b is 0 by definition of g."""
    if sums.n < 2:
        return Reason.N_TOO_SMALL
    top, d = sums.max_units, sums.gains()
    products = top * d.total - (sums.sxy - sums.sxx)  # Σ d b = M Σd - Σ d x
    squares = sums.n * top**2 - 2 * top * sums.sx + sums.sxx
    residuals = d.squares - 2 * g * products + g**2 * squares
    if not residuals:
        return Reason.ZERO_VARIANCE
    possible = Fraction(sums.n * top - sums.sx, sums.n)
    return math.sqrt(residuals / (sums.n * (sums.n - 1))) / float(possible)


def _interval(g: Exact, se: Real, n: int) -> Interval | Reason:
    if isinstance(g, Reason) or isinstance(se, Reason):
        return se if isinstance(se, Reason) else Reason.NO_PAIRS
    return Interval.around(float(g), student_t_quantile(0.975, n - 1) * se)


@dataclass(frozen=True, kw_only=True)
class PersonalGains(Figures):
    """Means over single people's shares of what they could gain; all pure numbers.

    mean_individual_gain: d/b over the n_individual_gain people below the ceiling. mean_c, sd_c
    over n_c people: d/b for a rise, d/x for a fall, 0 for neither, without those at M or at 0 both
    times. `pre_at_ceiling` when nobody is left for a mean, sd_c `n_too_small` for fewer than two,
    `no_pairs` for nobody, `no_max` without a maximum.
    """

    n_at_ceiling_pre: int
    n_individual_gain: int
    mean_individual_gain: float | None
    n_c: int
    mean_c: float | None
    sd_c: float | None


def personal_gains(histogram: JointHistogram) -> PersonalGains:
    """Return the individual gain and c of a histogram; equal shares have an SD of exactly 0."""
    top = histogram.max_units
    # Without a maximum nobody has a share: the counts are 0.
    cells = [(x, y, count) for (x, y), count in histogram.cells.items() if count and top]
    gains = [((y - x) / (top - x), count) for x, y, count in cells if x < top]
    changes = [(_c(x, y, top), count) for x, y, count in cells if not (x == y and x in {0, top})]
    n_gain, n_c = (sum(count for _, count in each) for each in (gains, changes))
    nobody = _why_nobody(histogram)
    return PersonalGains.of(
        n_at_ceiling_pre=sum(count for x, _, count in cells if x >= top),
        n_individual_gain=n_gain,
        mean_individual_gain=_mean(gains) if n_gain else nobody,
        n_c=n_c,
        mean_c=_mean(changes) if n_c else nobody,
        sd_c=_sd(changes) if n_c > 1 else Reason.N_TOO_SMALL if n_c else nobody,
    )


def _why_nobody(histogram: JointHistogram) -> Reason:
    if not histogram.max_units:
        return Reason.NO_MAX
    return Reason.PRE_AT_CEILING if histogram.n else Reason.NO_PAIRS


def _c(x: int, y: int, top: int) -> float:
    if y > x:
        return (y - x) / (top - x)
    return (y - x) / x if y < x else 0.0


def _mean(shares: Iterable[tuple[float, int]]) -> float:
    known = list(shares)
    return math.fsum(share * count for share, count in known) / sum(count for _, count in known)


def _sd(shares: Iterable[tuple[float, int]]) -> float:
    # Division of whole numbers rounds right: equal shares are equal floats, and their SD is 0.
    known = list(shares)
    if len({share for share, _ in known}) == 1:
        return 0.0
    mean, n = _mean(known), sum(count for _, count in known)
    return math.sqrt(math.fsum(count * (share - mean) ** 2 for share, count in known) / (n - 1))
