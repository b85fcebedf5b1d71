"""The joint histogram: how many people have this pre and that post, which is all but the items.

It holds everything that the six sums do not: who moved over the pass mark, medians, ranks and the
gains of single people. Ten million pairs of a test of twenty points fill 441 cells.
Source: statistics.md §10.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.core.figures import Exact, Reason
from app.core.gains import ChangeCounts, PairSums
from app.core.proportions import Movement
from app.core.scoring import UNITS_PER_POINT


@dataclass(frozen=True, kw_only=True)
class JointHistogram:
    """(pre, post) in units -> how many people; `max_units` 0 where there is no maximum.

    ValueError for a negative number of people, or as `PairSums` for a score outside the form.
    """

    cells: Mapping[tuple[int, int], int]
    max_units: int
    units_per_point: int = UNITS_PER_POINT

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.cells.values()):
            raise ValueError("a cell of the histogram holds less than nobody")

    @classmethod
    def from_pairs(
        cls,
        pairs: Iterable[tuple[int, int]],
        *,
        max_units: int,
        units_per_point: int = UNITS_PER_POINT,
    ) -> JointHistogram:
        """Count (pre, post) pairs in units."""
        return cls(cells=Counter(pairs), max_units=max_units, units_per_point=units_per_point)

    @property
    def n(self) -> int:
        """The number of pairs."""
        return sum(self.cells.values())

    def sums(self) -> PairSums:
        """Return the six sums."""
        return PairSums.from_cells(
            ((x, y, count) for (x, y), count in self.cells.items()),
            max_units=self.max_units,
            units_per_point=self.units_per_point,
        )

    def gains(self) -> dict[int, int]:
        """Return gain in units -> how many people."""
        found: Counter[int] = Counter()
        for (x, y), count in self.cells.items():
            found[y - x] += count
        return dict(found)

    def changes(self) -> ChangeCounts:
        """Return how many went up, stayed and went down."""
        return ChangeCounts.from_gains(self.gains().items())

    def movement(self, pass_units: int) -> Movement:
        """Return the movement over a pass mark; a score equal to it is above."""
        return Movement.from_pairs(
            (x >= pass_units, y >= pass_units, count) for (x, y), count in self.cells.items()
        )

    def median_pre(self) -> Exact:
        """Return the median of the pre scores in points; `no_pairs` for nobody."""
        return self._median(0)

    def median_post(self) -> Exact:
        """Return the median of the post scores in points; `no_pairs` for nobody."""
        return self._median(1)

    def _median(self, which: int) -> Exact:
        found: Counter[int] = Counter()
        for pair, count in self.cells.items():
            found[pair[which]] += count
        return median_of(found, units_per_point=self.units_per_point)


def median_of(counts: Mapping[int, int], *, units_per_point: int = 1) -> Exact:
    """Return the median of values given as value -> how many; the mean of the middle two.

    In points when values are units; `no_pairs` for nobody.
    """
    n = sum(counts.values())
    if n == 0:
        return Reason.NO_PAIRS
    below, middle = 0, []
    for value in sorted(counts):
        for place in ((n - 1) // 2, n // 2):
            if below <= place < below + counts[value]:
                middle.append(value)
        below += counts[value]
    return Fraction(sum(middle), 2 * units_per_point)
