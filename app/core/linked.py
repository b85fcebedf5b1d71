"""Tables that share totals: what is withheld in all of them, so that none gives another away.

A country's provinces, a year's quarters, each by sex or agency type: every line of every table says
that a total is the sum of its parts, and the same cell stands in several lines. The rule of a
one-way table runs along all lines; then each withheld cell is attacked with everything that is
published, by an integer program. A single table with totals on both sides is judged faster by
`suppression.suppress_table`. Source: statistics.md §6, rules 3 to 5.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeAlias

from app.core.suppression import is_enough, is_small

Key: TypeAlias = Hashable
Line: TypeAlias = tuple[Key, tuple[Key, ...]]
"""A total and the parts that add up to it."""

Counts: TypeAlias = Mapping[Key, int]


def suppress_linked(counts: Counts, lines: Sequence[Line], threshold: int) -> frozenset[Key]:
    """Return the cells to withhold of all tables together.

    `counts` holds every cell of every line, totals among them. Zero stays zero. Afterwards no
    withheld cell has only one value that agrees with what is told, and each small one may be the
    threshold or more, also for who knows that an empty cell would be told. ValueError for a
    negative count or a total that its parts do not add up to.
    """
    _check(counts, lines)
    suppressed = {key for key, n in counts.items() if is_small(n, threshold)}
    attack = _Attack(counts, lines, threshold)
    while True:
        _complete(counts, lines, suppressed, threshold)
        weak = next((key for key in _in_order(suppressed) if attack.pins(key, suppressed)), None)
        if weak is None:
            return frozenset(suppressed)
        suppressed.add(_next_cell(counts, lines, suppressed, weak))


def find_recoverable(
    counts: Counts, lines: Sequence[Line], suppressed: Collection[Key], threshold: int
) -> list[Key]:
    """Return the withheld cells that an attacker can pin down, in a stable order.

    Pinned down: only one whole number >= 1 agrees with all that is told, or, for a small cell, only
    numbers below the threshold do.
    """
    attack = _Attack(counts, lines, threshold)
    return [key for key in _in_order(suppressed) if attack.pins(key, suppressed)]


def _check(counts: Counts, lines: Sequence[Line]) -> None:
    if min(counts.values(), default=0) < 0:
        raise ValueError("a cell has less than nobody")
    for total, parts in lines:
        if counts[total] != sum(counts[part] for part in parts):
            raise ValueError(f"the parts of {total} do not add up to it")


def _complete(counts: Counts, lines: Sequence[Line], suppressed: set[Key], threshold: int) -> None:
    """The one-way rule along every line, until nothing changes; totals are parts of other lines."""
    is_stable = False
    while not is_stable:
        is_stable = True
        for total, parts in lines:
            withheld = [part for part in parts if part in suppressed]
            if total in suppressed:
                is_closed = bool(withheld)
            else:
                is_closed = not withheld or is_enough(
                    (counts[each] for each in withheld), threshold
                )
            if not is_closed:
                left = [part for part in parts if part not in suppressed and counts[part]]
                suppressed.add(min(left, key=lambda part: (counts[part], str(part)), default=total))
                is_stable = False


def _next_cell(
    counts: Counts, lines: Sequence[Line], suppressed: Collection[Key], weak: Key
) -> Key:
    """The smallest cell still told in a line of the weak one, else anywhere."""
    told = {key for key, n in counts.items() if n and key not in suppressed}
    beside = {
        key for total, parts in lines if weak in {total, *parts} for key in (total, *parts)
    } & told
    return min(beside or told, key=lambda key: (counts[key], str(key)))


def _in_order(keys: Collection[Key]) -> list[Key]:
    return sorted(keys, key=str)


class _Attack:
    """What is known of withheld cells, kept while more are withheld.

    A table that agreed with what was told still agrees when less is told: a cell that was safe
    stays safe, and one found table speaks for every cell in it.
    """

    def __init__(self, counts: Counts, lines: Sequence[Line], threshold: int) -> None:
        self._counts, self._threshold = counts, threshold
        self._lines_of: dict[Key, list[Line]] = {key: [] for key in counts}
        for total, parts in lines:
            for key in {total, *parts}:
                self._lines_of[key].append((total, parts))
        self._seen: dict[Key, set[int]] = {key: {n} for key, n in counts.items()}

    def pins(self, cell: Key, suppressed: Collection[Key]) -> bool:
        """Tell whether the published cells pin this one down."""
        for sign in (1, -1):  # the largest value first: it may answer both questions
            if not self._is_pinned(cell):
                return False
            for other, value in self._reach(cell, sign, suppressed).items():
                self._seen[other].add(value)
        return self._is_pinned(cell)

    def _is_pinned(self, cell: Key) -> bool:
        seen, true = self._seen[cell], self._counts[cell]
        return len(seen) < 2 or (is_small(true, self._threshold) and max(seen) < self._threshold)

    def _reach(self, cell: Key, sign: int, suppressed: Collection[Key]) -> dict[Key, int]:
        """A table that agrees with all that is told, with the largest (or smallest) such cell."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        cells, lines = self._component(cell, set(suppressed))
        if not lines:
            return {cell: self._threshold + self._counts[cell] if sign > 0 else 1}
        rows, sums = [], []
        for total, parts in lines:
            signs = dict.fromkeys(parts, 1) | {total: -1}
            rows.append([signs.get(each, 0) for each in cells])
            sums.append(sum(signs.get(each, 0) * self._counts[each] for each in cells))
        beyond = sum(self._counts[each] for each in cells) + self._threshold  # without limit
        solved = milp(
            [-sign * (each == cell) for each in cells],
            integrality=[1] * len(cells),
            bounds=Bounds(1, beyond),
            constraints=LinearConstraint(rows, sums, sums),
        )
        if solved.x is None:
            raise ArithmeticError(f"no table agrees with itself: {solved.message}")
        return {each: round(value) for each, value in zip(cells, solved.x, strict=True)}

    def _component(self, start: Key, withheld: set[Key]) -> tuple[list[Key], list[Line]]:
        """The withheld cells that hang together with one through lines, and those lines."""
        waiting, cells = [start], {start}
        lines: dict[Line, None] = {}
        while waiting:
            for line in self._lines_of[waiting.pop()]:
                lines[line] = None
                near = ({line[0], *line[1]} & withheld) - cells
                cells |= near
                waiting += near
        return _in_order(cells), list(lines)
