"""Tails and quantiles of the distributions that the statistics need, and exact coin tosses.

`scipy.special` is imported on first use: it costs a second that no page of a participant should
pay. Tails are taken from the complements of the incomplete beta and gamma functions, so that a
tiny p keeps its digits: 1 - 0.999… would not. All p are two-sided unless the name says otherwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

_EXACT_TOSSES = 1000


class HalfTail(NamedTuple):
    """Of n fair coin tosses: P(X <= k) and P(X = k)."""

    at_most: float
    exactly: float


def student_t_quantile(probability: float, df: float) -> float:
    """Return t with P(T <= t) = probability; df > 0 need not be whole (Welch)."""
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


def student_t_p(t: float, df: float) -> float:
    """Return P(|T| >= |t|) = 1 - I_x(1/2, df/2) at x = t² / (df + t²)."""
    from scipy.special import betaincc

    return float(betaincc(0.5, df / 2, t * t / (df + t * t)))


def f_tail(f: float, df1: float, df2: float) -> float:
    """Return P(F >= f), one-sided, = 1 - I_x(df1/2, df2/2) at x = df1 f / (df2 + df1 f)."""
    from scipy.special import betaincc

    return float(betaincc(df1 / 2, df2 / 2, df1 * f / (df2 + df1 * f)))


def f_quantile(probability: float, df1: float, df2: float) -> float:
    """Return f with P(F <= f) = probability."""
    from scipy.special import fdtri

    return float(fdtri(df1, df2, probability))


def chi2_tail(x: float, df: float) -> float:
    """Return P(X >= x) of chi-squared, one-sided."""
    from scipy.special import gammaincc

    return float(gammaincc(df / 2, x / 2))


def normal_p(z: float) -> float:
    """Return P(|Z| >= |z|) of the standard normal."""
    return math.erfc(abs(z) / math.sqrt(2))


def fair_tosses(k: int, n: int) -> HalfTail:
    """Return the lower tail of a binomial with n tosses and probability 1/2, 0 <= k <= n.

    Counted in whole numbers up to 1,000 tosses (exact to the last digit of a float), by the
    incomplete beta function beyond (relative error below 1e-8 at 10 million).
    """
    if n <= _EXACT_TOSSES:
        ways = [math.comb(n, i) for i in range(k + 1)]
        return HalfTail(sum(ways) / 2**n, ways[-1] / 2**n)
    from scipy.special import betainc, gammaln

    log_of_exactly = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) - n * math.log(2)
    at_most = 1.0 if k == n else float(betainc(n - k, k + 1, 0.5))
    return HalfTail(at_most, math.exp(float(log_of_exactly)))


def hedges_factor(m: float) -> float:
    """Return J(m) = Γ(m/2) / (√(m/2) Γ((m-1)/2)), which takes the bias out of d; m > 1.

    For m > 5000 its series exp(-.75/m - .5/m² - .375/m³): the two lgamma cancel there.
    Source: Hedges 1981, J. Educ. Stat. 6:107.
    """
    if m > 5000:
        return math.exp(-0.75 / m - 0.5 / m**2 - 0.375 / m**3)
    return math.exp(math.lgamma(m / 2) - 0.5 * math.log(m / 2) - math.lgamma((m - 1) / 2))
