"""Effect sizes of paired scores: d_z, d_av, d_rm, and g_av with its interval.

From the six sums of `gains.PairSums`. s1, s2, r: SD of pre and post, their correlation;
s_av² = (s1² + s2²)/2. Source: statistics.md §3; Lakens 2013, Front. Psychol. 4:863; Bonett 2008,
Psychol. Methods 13:99, eq. 10; equal to SMCRPH of R's metafor.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.distributions import hedges_factor
from app.core.figures import Z_95, Figures, Interval, Real, Reason, high_of, low_of
from app.core.gains import PairSums
from app.core.means import root_of

_LEAST_PAIRS = 3


@dataclass(frozen=True, kw_only=True)
class EffectSizes(Figures):
    """Spread, correlation and standardised gains of n pairs; sd_ in points, the others pure.

    sd_: `n_too_small` for n < 2. r_pre_post: also `zero_variance` when pre or post do not vary.
    d_z = mean(d)/SD(d): n >= 2 and gains that vary; for power only. d_av = mean(d)/s_av,
    d_rm = d_z √(2(1 - r)), g_av = J(m) d_av with m = 2(n-1)/(1 + r²): n >= 3, s1 > 0, s2 > 0.
    g_av is the one to report. Its interval, g ± 1.96 SE, is undefined when SE = 0.
    """

    sd_pre: float | None
    sd_post: float | None
    sd_gain: float | None
    r_pre_post: float | None
    d_z: float | None
    d_av: float | None
    d_rm: float | None
    g_av: float | None
    g_av_se: float | None
    g_av_ci_low: float | None
    g_av_ci_high: float | None


def effects_of(sums: PairSums) -> EffectSizes:
    """Return spread, correlation and effect sizes of n pairs."""
    d_z = standardised_gain(sums)
    return EffectSizes.of(
        sd_pre=root_of(sums.pre().variance),
        sd_post=root_of(sums.post().variance),
        sd_gain=root_of(sums.gains().variance),
        r_pre_post=correlation(sums),
        d_z=d_z,
        **_average_sizes(sums, d_z),
    )


@dataclass(frozen=True)
class ManySizes:
    """g_av of many workshops and its squared SE; `places`: which of those given it is of."""

    places: Sequence[int]
    sizes: Sequence[float]
    variances: Sequence[float]


def sizes_of_many(rows: Sequence[tuple[int, int, int, int, int, int]]) -> ManySizes:
    """Return g_av as `effects_of` does, in one go for tens of thousands of workshops.

    A row: n, Σx, Σy, Σx², Σy², Σxy of pairs, whole numbers. Left out: n < 3, pre or post that do
    not vary, SE = 0.
    """
    import numpy
    from scipy.special import gammaln

    if not rows:
        return ManySizes((), (), ())
    most = max(each[0] for each in rows) * max(max(each[3:5]) for each in rows)
    kind = numpy.int64 if most < 2**61 else object
    n, sx, sy, sxx, syy, sxy = numpy.array(rows, dtype=kind).T
    x, y, both = n * sxx - sx * sx, n * syy - sy * sy, n * sxy - sx * sy
    kept = numpy.nonzero((n >= _LEAST_PAIRS) & (x > 0) & (y > 0))[0]
    d = (x + y - 2 * both)[kept].astype(float)
    mean = ((sy - sx)[kept] / n[kept]).astype(float)
    n, x, y, both = (each[kept].astype(float) for each in (n, x, y, both))
    per = n * (n - 1)
    v1, v2, r_squared = x / per, y / per, both * both / (x * y)
    s_av_squared, m = (v1 + v2) / 2, 2 * (n - 1) / (1 + r_squared)
    exact = numpy.exp(gammaln(m / 2) - 0.5 * numpy.log(m / 2) - gammaln((m - 1) / 2))
    series = numpy.exp(-0.75 / m - 0.5 / m**2 - 0.375 / m**3)
    g = numpy.where(m > 5000, series, exact) * mean / numpy.sqrt(s_av_squared)
    fourth = v1**2 + v2**2 + 2 * r_squared * v1 * v2
    variances = d / per / (s_av_squared * (n - 1)) + g * g * fourth / (
        8 * s_av_squared**2 * (n - 1)
    )
    told = variances > 0
    return ManySizes(kept[told].tolist(), g[told].tolist(), variances[told].tolist())


def correlation(sums: PairSums) -> Real:
    """Return Pearson's r of pre and post, exactly ±1 where the scores lie on a line.

    `n_too_small` for n < 2, `zero_variance` when one of them does not vary.
    """
    if sums.n < 2:
        return Reason.N_TOO_SMALL
    spreads = sums.pre().spread * sums.post().spread
    if not spreads:
        return Reason.ZERO_VARIANCE
    return math.copysign(math.sqrt(Fraction(sums.together() ** 2, spreads)), sums.together())


def standardised_gain(sums: PairSums) -> Real:
    """Return d_z = mean(d)/SD(d); `n_too_small` for n < 2, `zero_variance` for equal gains."""
    gains = sums.gains()
    if gains.n < 2:
        return Reason.N_TOO_SMALL
    if not gains.spread:
        return Reason.ZERO_VARIANCE
    return gains.total / gains.n / math.sqrt(Fraction(gains.spread, gains.n * (gains.n - 1)))


def _average_sizes(sums: PairSums, d_z: Real) -> dict[str, Real]:
    """The sizes over s_av, and d_rm, which goes with them; in units, which cancel.

    SE² = SD(d)²/(s_av² (n-1)) + g² (s1⁴ + s2⁴ + 2 r² s1² s2²)/(8 s_av⁴ (n-1)).
    """
    n, x, y, d = sums.n, sums.pre().spread, sums.post().spread, sums.gains()
    if n < _LEAST_PAIRS:
        return dict.fromkeys(_AVERAGE_SIZES, Reason.N_TOO_SMALL)
    if not (x and y):
        return dict.fromkeys(_AVERAGE_SIZES, Reason.ZERO_VARIANCE)
    per = n * (n - 1)
    v1, v2, vd = Fraction(x, per), Fraction(y, per), Fraction(d.spread, per)
    s_av_squared, r_squared = (v1 + v2) / 2, Fraction(sums.together() ** 2, x * y)
    d_av = d.total / n / math.sqrt(s_av_squared)
    g = hedges_factor(float(2 * (n - 1) / (1 + r_squared))) * d_av
    fourth = v1**2 + v2**2 + 2 * r_squared * v1 * v2
    of_estimate = g * g * float(fourth / (8 * s_av_squared**2 * (n - 1)))
    se = math.sqrt(float(vd / (s_av_squared * (n - 1))) + of_estimate)
    interval = Interval.around(g, Z_95 * se) if se else Reason.ZERO_VARIANCE
    r = correlation(sums)
    return {
        "d_av": d_av,
        "d_rm": d_z if isinstance(d_z, Reason) else d_z * math.sqrt(2 * (1 - float(r))),
        "g_av": g,
        "g_av_se": se,
        "g_av_ci_low": low_of(interval),
        "g_av_ci_high": high_of(interval),
    }


_AVERAGE_SIZES = ("d_av", "d_rm", "g_av", "g_av_se", "g_av_ci_low", "g_av_ci_high")
