"""Self-ratings: before, "thinking back to before" (then), and now.

People re-scale after a training, so that now - before understates and now - then flatters: the
three contrasts stand side by side, as counts and an exact test of ranks, and never enter a gain of
knowledge. Source: statistics.md §7; Howard 1980; Hill & Betz 2005, Am. J. Eval. 26:501.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.figures import Exact
from app.core.gains import ChangeCounts
from app.core.histograms import JointHistogram, median_of
from app.core.means import ScoreSums
from app.core.ranks import SignedRanks, signed_ranks
from app.core.scoring import UNITS_PER_POINT

Ratings = Sequence[int | None]


@dataclass(frozen=True, kw_only=True)
class RatingContrast:
    """`later` - `earlier` of those who gave both: sums, up / same / down, signed ranks."""

    gains: ScoreSums
    changes: ChangeCounts
    ranks: SignedRanks


@dataclass(frozen=True, kw_only=True)
class Retrospective:
    """The three contrasts, and the medians of before, then and now (`no_pairs` without any)."""

    median_pre: Exact
    median_then: Exact
    median_post: Exact
    traditional: RatingContrast
    retrospective: RatingContrast
    response_shift: RatingContrast


def retrospective_of(
    pre: Ratings, then: Ratings, post: Ratings, *, units_per_point: int = UNITS_PER_POINT
) -> Retrospective:
    """Return the contrasts of ratings in units, one place per person, None where missing.

    ValueError for lists of different lengths.
    """
    medians = [_median(each, units_per_point) for each in (pre, then, post)]
    return Retrospective(
        median_pre=medians[0],
        median_then=medians[1],
        median_post=medians[2],
        traditional=_contrast(pre, post, units_per_point),
        retrospective=_contrast(then, post, units_per_point),
        response_shift=_contrast(pre, then, units_per_point),
    )


def _median(ratings: Ratings, units_per_point: int) -> Exact:
    given = [each for each in ratings if each is not None]
    return median_of({each: given.count(each) for each in given}, units_per_point=units_per_point)


def _contrast(earlier: Ratings, later: Ratings, units_per_point: int) -> RatingContrast:
    histogram = JointHistogram.from_pairs(
        ((x, y) for x, y in zip(earlier, later, strict=True) if x is not None and y is not None),
        max_units=0,
        units_per_point=units_per_point,
    )
    return RatingContrast(
        gains=histogram.sums().gains(),
        changes=histogram.changes(),
        ranks=signed_ranks(histogram.gains()),
    )
