"""Answers of opinion: agreement on a scale, and the willingness to recommend (NPS).

Counts come first; shares carry Wilson's interval. Blanks are counted beside and are in no share.
Source: statistics.md §8; Rocks 2016, J. Mark. Anal. 4:211 (adjusted Wald).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.figures import Z_95, Exact, Figures, Interval, Reason
from app.core.histograms import median_of
from app.core.proportions import wilson


@dataclass(frozen=True, kw_only=True)
class Recommendation(Figures):
    """NPS = 100 (promoters 9-10 - detractors 0-6) / n, -100..100, with SE and interval × 100.

    `no_pairs` for nobody. SE = √((p + q - (p - q)²)/n). The interval is the adjusted Wald: 3/4
    promoter, 3/2 passives, 3/4 detractor are added, and it stands around that estimate.
    """

    n: int
    promoters: int
    passives: int
    detractors: int
    nps: Fraction | None
    nps_wald_se: float | None
    nps_adj_wald_ci: Interval | None


def recommendation_of(answers: Sequence[int]) -> Recommendation:
    """Return the NPS of answers 0..10; ValueError for another number."""
    if any(not 0 <= each <= 10 for each in answers):
        raise ValueError("an answer is outside 0..10")
    n = len(answers)
    up, down = sum(each >= 9 for each in answers), sum(each <= 6 for each in answers)
    if not n:
        names = ("nps", "nps_wald_se", "nps_adj_wald_ci")
        blank = dict.fromkeys(names, Reason.NO_PAIRS)
        return Recommendation.of(n=0, promoters=0, passives=0, detractors=0, **blank)
    se = _share_difference_se(Fraction(up), Fraction(down), Fraction(n))
    quarter = Fraction(3, 4)
    middle = 100 * (up - down) / Fraction(n + 3)
    adjusted = _share_difference_se(up + quarter, down + quarter, Fraction(n + 3))
    return Recommendation.of(
        n=n,
        promoters=up,
        passives=n - up - down,
        detractors=down,
        nps=Fraction(100 * (up - down), n),
        nps_wald_se=100 * se,
        nps_adj_wald_ci=Interval.around(float(middle), 100 * Z_95 * adjusted),
    )


def _share_difference_se(up: Fraction, down: Fraction, n: Fraction) -> float:
    p, q = up / n, down / n
    return math.sqrt((p + q - (p - q) ** 2) / n)


@dataclass(frozen=True, kw_only=True)
class Agreement(Figures):
    """Counts of the points 1..k of a scale, and what they say; shares 0..1 of n answers.

    top2, bottom2: the two highest and two lowest points; net = top2 - bottom2. All but the counts
    are `no_pairs` without an answer. The mean stands here for sums of several items; one item is
    told by its counts.
    """

    counts: tuple[int, ...]
    n: int
    missing: int
    median: Fraction | None
    mean: Fraction | None
    top2: Fraction | None
    top2_wilson: Interval | None
    bottom2: Fraction | None
    net_agreement: Fraction | None


def agreement_of(answers: Sequence[int | None], points: int) -> Agreement:
    """Return what answers 1..points say; None is a blank. ValueError for another number."""
    given = [each for each in answers if each is not None]
    if any(not 1 <= each <= points for each in given):
        raise ValueError(f"an answer is outside 1..{points}")
    counts = tuple(given.count(point) for point in range(1, points + 1))
    n = len(given)
    top: Exact = Fraction(sum(counts[-2:]), n) if n else Reason.NO_PAIRS
    bottom: Exact = Fraction(sum(counts[:2]), n) if n else Reason.NO_PAIRS
    return Agreement.of(
        counts=counts,
        n=n,
        missing=len(answers) - n,
        median=median_of(dict(enumerate(counts, start=1))),
        mean=Fraction(sum(given), n) if n else Reason.NO_PAIRS,
        top2=top,
        top2_wilson=wilson(sum(counts[-2:]), n) or Reason.NO_PAIRS,
        bottom2=bottom,
        net_agreement=Reason.NO_PAIRS
        if isinstance(top, Reason) or isinstance(bottom, Reason)
        else top - bottom,
    )
