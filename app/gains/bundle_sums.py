"""What is told of one bundle, added up workshop by workshop, and how its gain is packed.

A country has tens of thousands of bundles. Of each, random effects need n, Σd and Σd², and of every
two groups their difference: these stand packed, one behind the other, in the totals of their place
and quarter, so that a table of the country reads as many rows whatever the number of workshops.
"""

import math
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from app.core.means import ScoreSums
from app.gains.cells import PROFILE_FACETS, SUMS, Facet
from app.gains.frozen import Frozen
from app.gains.recount import RESPONSE_SUMS
from app.gains.tables import ReleasedCell

if TYPE_CHECKING:
    import numpy as np

    _Numbers = np.ndarray[Any, np.dtype[np.int64]]
    _Reals = np.ndarray[Any, np.dtype[np.float64]]

TOLD = tuple(name for name in SUMS if name in ReleasedCell.model_fields)
WHOLE = Facet.ROOM.value
BREAKDOWNS = tuple(facet.value for facet in PROFILE_FACETS)
MOVES = ("retained", "lost", "learned", "not_learned")
_PASSED = ("passed_both", "passed_before", "passed_after", "passed_neither")
_GAIN = ">2i2q"  # n, whether it is one workshop, Σd, Σd²
_DIFFERENCE = ">3d"  # difference, its variance, pairs

Rest = tuple[str | int, ...]
"""The key of a row of a place, but for the place."""
Shared = Mapping[str, int | bytes]
"""What a bundle adds to such a row, by column."""


class Difference(NamedTuple):
    """How much more the second group gained, in points; its squared SE; the pairs of both."""

    difference: float
    variance: float
    pairs: int


@dataclass(frozen=True)
class BundleGains:
    """A group's pairs, Σd and Σd² in each bundle, as columns; `alone`: it is one workshop."""

    n: "_Numbers"
    total: "_Numbers"
    squares: "_Numbers"
    alone: "_Numbers"


@dataclass(frozen=True)
class BundleDifferences:
    """The difference of two groups in each bundle, its variance, and the pairs of both."""

    difference: "_Reals"
    variance: "_Reals"
    pairs: "_Reals"


class BundleSums:
    """The numbers of one bundle: of all, or of the groups of a breakdown that are told."""

    def __init__(self, breakdown: str, told: Sequence[str]) -> None:
        self.workshops = 0
        self.cells = {value: dict.fromkeys(TOLD, 0) for value in told}
        self.people: Counter[tuple[str, int, int]] = Counter()
        self.items: dict[str, list[int]] = {}
        self.answers: dict[tuple[str, str, str], list[int]] = {}
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
            self._add_answers(frozen)
        for (first, second), contrast in self._contrasts.items():
            contrast.add(*(_gains_of(frozen, self._breakdown, each) for each in (first, second)))

    def differences(self) -> dict[tuple[str, str], Difference]:
        """The difference of every two groups that are told, by their names.

        Inside each workshop, so that nothing of it is a difference between workshops.
        """
        found = {}
        for groups, contrast in self._contrasts.items():
            pairs = sum(self.cells[each]["pair_count"] for each in groups)
            difference = contrast.pooled(pairs)
            if difference is not None:
                found[groups] = difference
        return found

    def shared(self) -> Iterator[tuple[str, Rest, Shared]]:
        """What is added to the rows of the bundle's place: table, the rest of the key, numbers."""
        by = self._breakdown
        for scores, people in self.people.items():
            yield "released_pairs", (by, *scores), {"people": people}
        for item, counts in self.items.items():
            yield "released_items", (item,), dict(zip(MOVES, counts, strict=True))
        for answer, sums in self.answers.items():
            yield "released_answers", answer, dict(zip(RESPONSE_SUMS, sums, strict=True))
        for value, cell in self.cells.items():
            more: dict[str, int | bytes] = {"workshop_count": self.workshops, **cell}
            yield "released_totals", (by, value), more | {"gains": self._packed_gain(value)}
        for groups, each in self.differences().items():
            packed = struct.pack(_DIFFERENCE, *each)
            yield "released_difference_totals", (by, *groups), {"differences": packed}

    def _packed_gain(self, value: str) -> bytes:
        """A group's gain as a piece of `ReleasedTotal.gains`."""
        cell = self.cells[value]
        squares = cell["sum_pre_squared"] - 2 * cell["sum_products"] + cell["sum_post_squared"]
        total = cell["sum_post"] - cell["sum_pre"]
        return struct.pack(_GAIN, cell["pair_count"], self.workshops == 1, total, squares)

    def _add_items(self, frozen: Frozen) -> None:
        for item in frozen.values(Facet.ITEM.value):
            sums = frozen.sums((Facet.ITEM.value, item))
            known = self.items.setdefault(item, [0, 0, 0, 0])
            for place, name in enumerate(_PASSED):
                known[place] += sums[name]

    def _add_answers(self, frozen: Frozen) -> None:
        """Answers of all languages together: who answered in which would be a few people."""
        for (item, occasion, _, chosen), sums in frozen.answers.items():
            known = self.answers.setdefault((item, occasion, chosen), [0, 0, 0])
            for place, number in enumerate(sums):
                known[place] += number


def unpack_gains(packed: Iterable[bytes]) -> BundleGains:
    """The gains of all bundles in these totals."""
    import numpy

    kind = numpy.dtype([("n", ">i4"), ("alone", ">i4"), ("total", ">i8"), ("squares", ">i8")])
    rows = numpy.frombuffer(b"".join(packed), dtype=kind)
    return BundleGains(**{name: rows[name].astype(numpy.int64) for name in kind.names or ()})


def unpack_differences(packed: Iterable[bytes]) -> BundleDifferences:
    """The differences of all bundles in these totals."""
    import numpy

    rows = numpy.frombuffer(b"".join(packed), dtype=">f8").reshape(-1, 3)
    return BundleDifferences(*rows.T.astype(numpy.float64, order="C"))


def hash_of(gains: bytes) -> int:
    """A number that differs where packed gains do, in whatever order they stand."""
    length = struct.calcsize(_GAIN)
    return sum(crc32(gains[at : at + length]) for at in range(0, len(gains), length))


def add_up(rows: dict[Any, dict[str, Any]], key: Any, more: Mapping[str, Any]) -> None:
    """Add to a row of sums, as the database does: numbers up, packed ones behind."""
    row = rows.setdefault(key, {})
    for name, number in more.items():
        row[name] = row[name] + number if name in row else number


def sum_differences(packed: bytes) -> dict[str, float]:
    """Each number over all bundles, by name: what order they stand in moves the last digits."""
    whole = len(packed) - len(packed) % struct.calcsize(_DIFFERENCE)
    rows = list(struct.iter_unpack(_DIFFERENCE, packed[:whole]))
    return {
        name: math.fsum(row[place] for row in rows) for place, name in enumerate(Difference._fields)
    }


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

    def pooled(self, pairs: int) -> Difference | None:
        """None without a workshop that has both, or where gains do not vary."""
        if not self._weights or self._people < 1 or self._inside <= 0:
            return None
        variance = self._inside / self._people / self._weights
        return Difference(self._total / self._weights, variance, pairs)


def _every_two(values: Sequence[str]) -> list[tuple[str, str]]:
    return [(first, second) for n, first in enumerate(values) for second in values[n + 1 :]]


def _gains_of(frozen: Frozen, breakdown: str, value: str) -> ScoreSums:
    sums: Mapping[str, int] = frozen.sums((breakdown, value))
    return ScoreSums(
        n=sums["pair_count"],
        total=sums["sum_post"] - sums["sum_pre"],
        squares=sums["sum_pre_squared"] - 2 * sums["sum_products"] + sums["sum_post_squared"],
    )
