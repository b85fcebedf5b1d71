"""Shares, and what moved between two occasions: Wilson, McNemar, Bonett-Price, Holm and BH.

A movement is a fourfold table of the same people before and after: above or below the pass mark,
or an item right or wrong. Source: statistics.md §2, §4; sources per function.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.distributions import fair_tosses, normal_p
from app.core.figures import Z_95, Figures, Interval, Real, Reason, high_of, low_of


def wilson(count: int, n: int) -> Interval | None:
    """Return Wilson's score interval of count ÷ n, 0..1; None for n = 0.

    0 of n begins at exactly 0 and n of n ends at exactly 1. ValueError unless 0 <= count <= n.
    Source: Wilson 1927, JASA 22:209.
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


def sign_test_p(up: int, down: int) -> Real:
    """Return the exact two-sided p of `up` against `down`, each with probability 1/2.

    p = min(1, 2 P(X <= min(up, down))), X binomial(up + down, 1/2); `no_discordant` when nobody
    moved. It is McNemar's exact test as well.
    """
    if up + down == 0:
        return Reason.NO_DISCORDANT
    return min(1.0, 2 * fair_tosses(min(up, down), up + down).at_most)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """Counts of the same people before -> after; "yes" is above the pass mark, or item right.

    ValueError for a negative count.
    """

    yes_yes: int
    yes_no: int
    no_yes: int
    no_no: int

    def __post_init__(self) -> None:
        if min(self.yes_yes, self.yes_no, self.no_yes, self.no_no) < 0:
            raise ValueError(f"nobody is counted less than never: {self}")

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[bool, bool, int]]) -> Movement:
        """Count (before, after, how many people) triples."""
        found = {(before, after): 0 for before in (True, False) for after in (True, False)}
        for before, after, count in pairs:
            found[bool(before), bool(after)] += count
        return cls(
            yes_yes=found[True, True],
            yes_no=found[True, False],
            no_yes=found[False, True],
            no_no=found[False, False],
        )

    @property
    def n(self) -> int:
        """All people."""
        return self.yes_yes + self.yes_no + self.no_yes + self.no_no

    @property
    def before(self) -> int:
        """How many were "yes" before."""
        return self.yes_yes + self.yes_no

    @property
    def after(self) -> int:
        """How many were "yes" after."""
        return self.yes_yes + self.no_yes


@dataclass(frozen=True, kw_only=True)
class MovementFigures(Figures):
    """What the movement of n people says; shares and their difference 0..1 and -1..1.

    p_before, p_after, diff (after - before) and its interval: undefined for n = 0 (`no_pairs`).
    p_exact, p_midp, p_asymptotic: undefined when nobody moved (`no_discordant`).
    """

    n: int
    p_before: Fraction | None
    p_after: Fraction | None
    diff: Fraction | None
    discordant: int
    p_exact: float | None
    p_midp: float | None
    p_asymptotic: float | None
    diff_ci_low_bonett_price: float | None
    diff_ci_high_bonett_price: float | None


def movement_figures(movement: Movement) -> MovementFigures:
    """Return McNemar's three p-values and Bonett and Price's interval of one movement.

    p_asymptotic is (b - c)² / (b + c) by chi-squared(1), without continuity correction.
    """
    up, down, n = movement.no_yes, movement.yes_no, movement.n
    interval = bonett_price(movement)
    moved = up + down
    return MovementFigures.of(
        n=n,
        p_before=Fraction(movement.before, n) if n else Reason.NO_PAIRS,
        p_after=Fraction(movement.after, n) if n else Reason.NO_PAIRS,
        diff=Fraction(up - down, n) if n else Reason.NO_PAIRS,
        discordant=moved,
        p_exact=sign_test_p(up, down),
        p_midp=mcnemar_midp(up, down),
        p_asymptotic=normal_p((up - down) / math.sqrt(moved)) if moved else Reason.NO_DISCORDANT,
        diff_ci_low_bonett_price=low_of(interval),
        diff_ci_high_bonett_price=high_of(interval),
    )


def mcnemar_midp(up: int, down: int) -> Real:
    """Return McNemar's mid-p: the exact two-sided p less P(X = min); 1 - P(X = up)/2 if equal.

    `no_discordant` when nobody moved. The exact p is far too large at n = 15 to 30; this one is
    printed. Source: Fagerland, Lydersen & Laake 2013, BMC Med. Res. Methodol. 13:91.
    """
    if up + down == 0:
        return Reason.NO_DISCORDANT
    tail = fair_tosses(min(up, down), up + down)
    if up == down:
        return 1 - tail.exactly / 2
    return 2 * tail.at_most - tail.exactly


def bonett_price(movement: Movement) -> Interval | Reason:
    """Return the interval of the difference of two paired shares (after - before), within ±1.

    p10 = (up + 1)/(n + 2), p01 = (down + 1)/(n + 2),
    p10 - p01 ± 1.96 √((p10 + p01 - (p10 - p01)²)/(n + 2)); `no_pairs` for n = 0.
    Source: Bonett & Price 2012, JEBS 37:479.
    """
    if movement.n == 0:
        return Reason.NO_PAIRS
    n = movement.n + 2
    p10, p01 = Fraction(movement.no_yes + 1, n), Fraction(movement.yes_no + 1, n)
    half = Z_95 * math.sqrt((p10 + p01 - (p10 - p01) ** 2) / n)
    return Interval.around(float(p10 - p01), half).clipped(-1.0, 1.0)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p-values, in the order given: max over smaller p of (m - i + 1) p.

    Source: Holm 1979, Scand. J. Stat. 6:65.
    """
    m, adjusted, largest = len(p_values), [0.0] * len(p_values), 0.0
    for place, which in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, (m - place) * p_values[which]))
        adjusted[which] = largest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return Benjamini and Hochberg's adjusted p-values: min over larger p of m p / i.

    Source: Benjamini & Hochberg 1995, JRSS B 57:289.
    """
    m, adjusted, smallest = len(p_values), [0.0] * len(p_values), 1.0
    by_size = sorted(range(m), key=lambda i: p_values[i])
    for place in range(m, 0, -1):
        which = by_size[place - 1]
        smallest = min(smallest, m * p_values[which] / place)
        adjusted[which] = smallest
    return adjusted
