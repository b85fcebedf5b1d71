"""What is told of one bundle, added up workshop by workshop, and how its gain is packed.

A country has tens of thousands of bundles. Of each, random effects need n, Σd and Σd²: these stand
packed, one behind the other, in the total of their place and quarter, so that a table of the whole
country reads some hundred rows whatever the number of workshops.
"""

import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from app.core.means import ScoreSums
from app.gains.cells import PROFILE_FACETS, SUMS, Facet
from app.gains.frozen import Frozen
from app.gains.tables import ReleasedCell

if TYPE_CHECKING:
    import numpy as np

    _Numbers = np.ndarray[Any, np.dtype[np.int64]]

TOLD = tuple(name for name in SUMS if name in ReleasedCell.model_fields)
WHOLE = Facet.ROOM.value
BREAKDOWNS = tuple(facet.value for facet in PROFILE_FACETS)
MOVES = ("retained", "lost", "learned", "not_learned")
_PASSED = ("passed_both", "passed_before", "passed_after", "passed_neither")
_PACKED = ">4q"  # n, Σd, Σd², whether it is one workshop
PACKED_LENGTH = 2 * struct.calcsize(_PACKED)


@dataclass(frozen=True)
class BundleGains:
    """A group's pairs, Σd and Σd² in each bundle, as columns; `alone`: it is one workshop."""

    n: "_Numbers"
    total: "_Numbers"
    squares: "_Numbers"
    alone: "_Numbers"


class BundleSums:
    """The numbers of one bundle: of all, or of the groups of a breakdown that are told."""

    def __init__(self, breakdown: str, told: Sequence[str]) -> None:
        self.workshops = 0
        self.cells = {value: dict.fromkeys(TOLD, 0) for value in told}
        self.people: Counter[tuple[str, int, int]] = Counter()
        self.items: dict[str, list[int]] = {}
        self._breakdown = breakdown
        pairs = [] if breakdown == WHOLE else _every_two(sorted(told))
        self._contrasts = {each: _Contrast() for each in pairs}

    def add(self, frozen: Frozen) -> None:
        """Take in a workshop."""
        self.workshops += 1
        for value, cell in self.cells.items():
            group = (self._breakdown, value)
            for name, number in frozen.sums(group).items():
                if name in cell:
                    cell[name] += number
            for scores, people in frozen.pairs.get(group, {}).items():
                self.people[value, *scores] += people
        if self._breakdown == WHOLE:
            self._add_items(frozen)
        for (first, second), contrast in self._contrasts.items():
            contrast.add(*(_gains_of(frozen, self._breakdown, each) for each in (first, second)))

    def differences(self) -> list[tuple[str, str, float, float]]:
        """First, second, difference and its variance, of every two groups that are told.

        Inside each workshop, so that nothing of it is a difference between workshops.
        """
        return [
            (*groups, *found)
            for groups, contrast in self._contrasts.items()
            if (found := contrast.pooled()) is not None
        ]

    def packed_gain(self, value: str) -> str:
        """A group's gain as a piece of `ReleasedTotal.gains`."""
        cell = self.cells[value]
        squares = cell["sum_pre_squared"] - 2 * cell["sum_products"] + cell["sum_post_squared"]
        total = cell["sum_post"] - cell["sum_pre"]
        return struct.pack(_PACKED, cell["pair_count"], total, squares, self.workshops == 1).hex()

    def _add_items(self, frozen: Frozen) -> None:
        for item in frozen.values(Facet.ITEM.value):
            sums = frozen.sums((Facet.ITEM.value, item))
            known = self.items.setdefault(item, [0, 0, 0, 0])
            for place, name in enumerate(_PASSED):
                known[place] += sums[name]


def unpack_gains(texts: Iterable[str]) -> BundleGains:
    """The gains of all bundles in these totals.

    The text is hexadecimal, since both databases append to a text and not to bytes.
    """
    import numpy

    rows = numpy.frombuffer(bytes.fromhex("".join(texts)), dtype=">i8").reshape(-1, 4)
    n, total, squares, alone = rows.astype(numpy.int64).T
    return BundleGains(n, total, squares, alone)


def hash_of(gains: str) -> int:
    """A number that differs where packed gains do, in whatever order they stand."""
    pieces = (gains[at : at + PACKED_LENGTH] for at in range(0, len(gains), PACKED_LENGTH))
    return sum(crc32(each.encode()) for each in pieces)


class _Contrast:
    """Σ w d ÷ Σ w with w = n1 n2/(n1 + n2), one variance of the gains in all workshops."""

    def __init__(self) -> None:
        self._weights = self._total = self._inside = 0.0
        self._people = 0

    def add(self, first: ScoreSums, second: ScoreSums) -> None:
        """Take in a workshop; one that lacks a group says nothing of their difference."""
        if not (first.n and second.n):
            return
        weight = first.n * second.n / (first.n + second.n)
        self._weights += weight
        per_unit = second.total / second.n - first.total / first.n
        self._total += weight * per_unit / first.units_per_point
        for group in (first, second):
            self._inside += group.spread / group.n / group.units_per_point**2
            self._people += group.n - 1

    def pooled(self) -> tuple[float, float] | None:
        """None without a workshop that has both, or where gains do not vary."""
        if not self._weights or self._people < 1 or self._inside <= 0:
            return None
        return self._total / self._weights, self._inside / self._people / self._weights


def _every_two(values: Sequence[str]) -> list[tuple[str, str]]:
    return [(first, second) for n, first in enumerate(values) for second in values[n + 1 :]]


def _gains_of(frozen: Frozen, breakdown: str, value: str) -> ScoreSums:
    sums: Mapping[str, int] = frozen.sums((breakdown, value))
    return ScoreSums(
        n=sums["pair_count"],
        total=sums["sum_post"] - sums["sum_pre"],
        squares=sums["sum_pre_squared"] - 2 * sums["sum_products"] + sums["sum_post_squared"],
    )
