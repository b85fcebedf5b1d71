"""Several workshops together: random effects, prediction, and the average participant.

Headline is Paule and Mandel's τ² with the modified Knapp-Hartung interval; the others stand beside
it for the annex. Never the naive interval, which forgets that people of one workshop are alike.
Points are pooled within one form version only; across forms pool g_av (its SE²), and group
differences are computed inside each workshop and pooled here.
m_i, v_i: estimate and its squared SE; w_i = 1/(v_i + τ²). Source: statistics.md §6;
DerSimonian & Laird 1986; Paule & Mandel 1982; Viechtbauer 2005 (REML); IntHout 2014, BMC MRM 14:25;
Röver 2015, BMC MRM 15:99; Higgins, Thompson & Spiegelhalter 2009 (prediction).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.distributions import chi2_tail, student_t_quantile
from app.core.figures import Z_95, Figures, Interval, Real, Reason
from app.core.means import ScoreSums, mean_interval

LEAST_PAIRS = 5
LEAST_WORKSHOPS = 3
_HALVINGS = 200


class Heterogeneity(StrEnum):
    """How τ² is estimated."""

    DL = "DL"
    REML = "REML"
    PM = "PM"


@dataclass(frozen=True)
class Estimate:
    """One workshop's mean gain (or g_av, or group difference) and its squared SE, both > 0 apart
    from the mean itself. ValueError for a variance of 0 or less.
    """

    mean: float
    variance: float

    def __post_init__(self) -> None:
        if not self.variance > 0:
            raise ValueError(f"a variance of {self.variance} has no weight")


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


def estimates_of(workshops: Sequence[ScoreSums]) -> list[Estimate]:
    """Return mean gain and SD²/n of the workshops that enter the pooling, in points.

    Workshops with fewer than 5 pairs or equal gains have no usable variance and stay out; they are
    counted in `pool_people`.
    """
    return [
        Estimate(float(mean), float(variance / each.n))
        for each in workshops
        if each.n >= LEAST_PAIRS
        and not isinstance(mean := each.mean, Reason)
        and not isinstance(variance := each.variance, Reason)
        and variance > 0
    ]


def spread_of(estimates: Sequence[Estimate]) -> Spread:
    """Return fixed effect, Q = Σ(m - μ)²/v and I² = max(0, (Q - (k-1))/Q)."""
    k = len(estimates)
    if k < LEAST_WORKSHOPS:
        return Spread.of(**dict.fromkeys(("fixed_effect", "q", "p_q", "i2"), Reason.N_TOO_SMALL))
    mu, _, q = _weighted(estimates, 0.0)
    return Spread.of(
        fixed_effect=mu,
        q=q,
        p_q=chi2_tail(q, k - 1),
        i2=100 * (q - (k - 1)) / q if q > k - 1 else 0.0,
    )


def random_effects(
    estimates: Sequence[Estimate], method: Heterogeneity = Heterogeneity.PM
) -> RandomEffects:
    """Return the pooled mean with τ² by `method`; see `RandomEffects`."""
    k = len(estimates)
    if k < LEAST_WORKSHOPS:
        names = ("tau2", "mu", "ci_z", "ci_hksj", "ci_hksj_modified", "prediction")
        return RandomEffects.of(**dict.fromkeys(names, Reason.N_TOO_SMALL))
    tau2 = _TAU2[method](estimates)
    mu, weight, squares = _weighted(estimates, tau2)
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


def pool_people(workshops: Sequence[ScoreSums]) -> PooledPeople:
    """Return the mean gain of all people of all workshops; see `PooledPeople`."""
    known = [each for each in workshops if each.n]
    everybody = ScoreSums(n=0, total=0, squares=0)
    for place, each in enumerate(known):
        everybody = each if place == 0 else everybody + each
    se = _cluster_se(known, everybody)
    return PooledPeople.of(
        n_total=everybody.n,
        pooled_mean_gain=everybody.mean,
        pooled_naive_ci=mean_interval(everybody),
        pooled_cluster_se_cr1=se,
        pooled_cluster_ci=_cluster_interval(everybody, se, len(known)),
        icc_anova=_icc(known, everybody),
    )


def _weighted(estimates: Sequence[Estimate], tau2: float) -> tuple[float, float, float]:
    """μ = Σwm/Σw, Σw, and Σw(m - μ)² at this τ²."""
    weights = [1 / (each.variance + tau2) for each in estimates]
    whole = math.fsum(weights)
    if len({each.mean for each in estimates}) == 1:
        return estimates[0].mean, whole, 0.0  # exactly, not a rounding error's width
    mu = math.fsum(w * each.mean for w, each in zip(weights, estimates, strict=True)) / whole
    squares = math.fsum(
        w * (each.mean - mu) ** 2 for w, each in zip(weights, estimates, strict=True)
    )
    return mu, whole, squares


def _tau2_dl(estimates: Sequence[Estimate]) -> float:
    """max(0, (Q - (k-1)) / (S1 - S2/S1)), Sj = Σ v^-j."""
    _, s1, q = _weighted(estimates, 0.0)
    s2 = math.fsum(each.variance**-2 for each in estimates)
    return max(0.0, (q - (len(estimates) - 1)) / (s1 - s2 / s1))


def _tau2_pm(estimates: Sequence[Estimate]) -> float:
    """The τ² at which Q(τ²) = k - 1, by halving; 0 when Q(0) is not above it."""
    k = len(estimates)
    return _root(lambda tau2: _weighted(estimates, tau2)[2] - (k - 1))


def _tau2_reml(estimates: Sequence[Estimate]) -> float:
    """The τ² at which Σw²(m - μ)² = S1 - S2/S1, Sj = Σw^j; 0 when the slope at 0 is negative."""
    return _root(lambda tau2: _reml_slope(estimates, tau2))


def _reml_slope(estimates: Sequence[Estimate], tau2: float) -> float:
    mu, s1, _ = _weighted(estimates, tau2)
    weights = [1 / (each.variance + tau2) for each in estimates]
    s2 = math.fsum(w * w for w in weights)
    squares = math.fsum(
        (w * (each.mean - mu)) ** 2 for w, each in zip(weights, estimates, strict=True)
    )
    return squares - (s1 - s2 / s1)


def _root(falls_to_zero: Callable[[float], float]) -> float:
    """The place where a function that begins above 0 comes down to it; 0 if it begins below."""
    if falls_to_zero(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    while falls_to_zero(high) > 0:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if falls_to_zero(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


_TAU2: dict[Heterogeneity, Callable[[Sequence[Estimate]], float]] = {
    Heterogeneity.DL: _tau2_dl,
    Heterogeneity.REML: _tau2_reml,
    Heterogeneity.PM: _tau2_pm,
}


def _cluster_se(workshops: Sequence[ScoreSums], everybody: ScoreSums) -> Real:
    k, n = len(workshops), everybody.n
    if k < 2:
        return Reason.N_TOO_SMALL if k else Reason.NO_PAIRS
    # Σ_i(d - d̄) of a workshop, times N: whole numbers, so equal means give exactly 0.
    apart = sum((each.total * n - each.n * everybody.total) ** 2 for each in workshops)
    return math.sqrt(Fraction(k * apart, (k - 1) * n**4)) / everybody.units_per_point


def _cluster_interval(everybody: ScoreSums, se: Real, k: int) -> Interval | Reason:
    mean = everybody.mean
    if isinstance(se, Reason) or isinstance(mean, Reason):
        return se if isinstance(se, Reason) else Reason.NO_PAIRS
    if not se:
        return Reason.ZERO_VARIANCE
    return Interval.around(float(mean), student_t_quantile(0.975, k - 1) * se)


def _icc(workshops: Sequence[ScoreSums], everybody: ScoreSums) -> Real:
    k, n = len(workshops), everybody.n
    if k < 2 or n == k:
        return Reason.N_TOO_SMALL
    within = sum((Fraction(each.spread, each.n) for each in workshops), Fraction(0))
    between = Fraction(everybody.spread, n) - within
    msb, msw = between / (k - 1), within / (n - k)
    n0 = (n - Fraction(sum(each.n**2 for each in workshops), n)) / (k - 1)
    whole = msb + (n0 - 1) * msw
    return max(0.0, float((msb - msw) / whole)) if whole else Reason.ZERO_VARIANCE
