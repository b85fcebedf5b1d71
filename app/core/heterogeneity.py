"""How far estimates differ beyond their own errors: τ² by three ways, and the sums it is found by.

m_i, v_i: estimate and its squared SE; w_i = 1/(v_i + τ²). Source: statistics.md §6;
DerSimonian & Laird 1986; Paule & Mandel 1982; Viechtbauer 2005 (REML).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    _Array = np.ndarray[Any, np.dtype[np.float64]]

_REML_PLACES = 64
_NEWTON_STEPS = 200


class Heterogeneity(StrEnum):
    """How τ² is estimated."""

    DL = "DL"
    REML = "REML"
    PM = "PM"


class Weighted(NamedTuple):
    """At one τ²: μ = Σwm/Σw, Σw, Σw(m - μ)² and, what that falls by, Σw²(m - μ)²."""

    mu: float
    weight: float
    squares: float
    fall: float


class Weighting:
    """Means and their squared SE, > 0; numpy is imported when something is pooled."""

    def __init__(
        self, means: Sequence[float] | _Array, variances: Sequence[float] | _Array
    ) -> None:
        import numpy

        self.means: _Array = numpy.asarray(means, dtype=float)
        self.variances: _Array = numpy.asarray(variances, dtype=float)
        self.k = len(self.means)
        self.is_even = bool(self.means.min() == self.means.max())

    def at(self, tau2: float) -> Weighted:
        """Return the sums; both of squares are 0 exactly when all means are equal."""
        weights = 1 / (self.variances + tau2)
        whole = float(weights.sum())
        if self.is_even:
            return Weighted(float(self.means[0]), whole, 0.0, 0.0)
        mu = float((weights * self.means).sum()) / whole
        apart = self.means - mu
        weighted = weights * apart
        squares, fall = float((weighted * apart).sum()), float((weighted * weighted).sum())
        return Weighted(mu, whole, squares, fall)

    def reml_slope(self, tau2: float) -> float:
        """Σw²(m - μ)² - (S1 - S2/S1), Sj = Σw^j: the slope of the restricted likelihood, × 2."""
        found = self.at(tau2)
        s2 = float(((1 / (self.variances + tau2)) ** 2).sum())
        return found.fall - (found.weight - s2 / found.weight)

    def reml_height(self, tau2: float) -> float:
        """The restricted log-likelihood without its constant, × 2."""
        import numpy

        found = self.at(tau2)
        logs = float(numpy.log(self.variances + tau2).sum())
        return -logs - math.log(found.weight) - found.squares


def find_tau2(weighting: Weighting, method: Heterogeneity) -> float:
    """Return τ² >= 0 by one of the three ways; two estimates at least."""
    return _TAU2[method](weighting)


def _tau2_dl(weighting: Weighting) -> float:
    """max(0, (Q - (k-1)) / (S1 - S2/S1)), Sj = Σ v^-j."""
    at_0 = weighting.at(0.0)
    s1, s2 = at_0.weight, float((weighting.variances**-2).sum())
    return max(0.0, (at_0.squares - (weighting.k - 1)) / (s1 - s2 / s1))


def _tau2_pm(weighting: Weighting) -> float:
    """The τ² at which Q(τ²) = k - 1; Q only falls, so 0 when Q(0) is not above it.

    Newton's steps by -Q' = Σw²(m - μ)², from DerSimonian and Laird's τ², which is near and is 0
    just when this one is. Q is convex: the first step may come from above the place and pass it,
    the others come from below and never do.
    Source: DerSimonian & Kacker 2007, Contemp. Clin. Trials 28:105.
    """
    tau2 = _tau2_dl(weighting)
    if not tau2:
        return 0.0
    for count in range(_NEWTON_STEPS):
        found = weighting.at(tau2)
        above = found.squares - (weighting.k - 1)
        if above <= 0 and count:
            break
        step = above / found.fall
        tau2 = max(0.0, tau2 + step)
        if abs(step) <= 1e-15 * tau2:
            break
    return tau2


def _tau2_reml(weighting: Weighting) -> float:
    """The τ² >= 0 where the restricted likelihood is highest: its slope is 0 there, or τ² is.

    With very unequal workshops there can be two such places; the higher one counts.
    """
    slope = weighting.reml_slope
    top = _beyond(slope, float(weighting.variances.max()))
    places = [0.0, *(top * 10.0 ** (8 * (each / _REML_PLACES - 1)) for each in range(_REML_PLACES))]
    slopes = [slope(each) for each in places] + [slope(top)]
    found = [0.0] if slopes[0] <= 0 else []
    for place, low in enumerate(places):
        high = [*places, top][place + 1]
        if slopes[place] > 0 >= slopes[place + 1]:
            found.append(_halve(slope, low, high))
    return max(found, key=weighting.reml_height)


def _beyond(falling: Callable[[float], float], start: float) -> float:
    """A place from `start` on where the function has come down to 0 or below."""
    place = start
    while falling(place) > 0:
        place *= 2
    return place


def _halve(falling: Callable[[float], float], low: float, high: float) -> float:
    """The place between `low` (above 0) and `high` (not above 0) where the function is 0."""
    while high - low > 1e-14 * high:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


_TAU2: dict[Heterogeneity, Callable[[Weighting], float]] = {
    Heterogeneity.DL: _tau2_dl,
    Heterogeneity.REML: _tau2_reml,
    Heterogeneity.PM: _tau2_pm,
}
