"""Which groups of a table are withheld, so that no small one can be computed back.

Primary: 0 < n < threshold. Complementary: further groups, until what is withheld in every line is
at least two groups and at least the threshold together. Zero stays zero. A two-way table is audited
at the end: for every withheld cell the smallest and largest number that agrees with all that is
published. Counts decide for everything of a group: means leak by the same subtraction.
Sources: statistics.md §6; NCES 2011-603; Willenborg & de Waal 2001, Elements of Statistical
Disclosure Control, ch. 7-8.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[int, int]
"""(row, column) from 0; in a table with totals the last row and column hold them."""

_WITHOUT_LIMIT = 10**18


@dataclass(frozen=True, kw_only=True)
class SuppressedGroups:
    """What is told of a one-way table; names in their order.

    `combined_n`: how many the withheld groups have together (0 when none is withheld), told as
    "small groups combined" where `is_combined_publishable`. The total is withheld when it is
    itself small.
    """

    primary: tuple[str, ...]
    suppressed: tuple[str, ...]
    published: Mapping[str, int]
    combined_n: int
    is_combined_publishable: bool
    total: int
    is_total_published: bool


def is_small(n: int, threshold: int) -> bool:
    """Tell whether a group is withheld for its size: 0 < n < threshold."""
    return 0 < n < threshold


def suppress_groups(counts: Mapping[str, int], threshold: int) -> SuppressedGroups:
    """Withhold the small groups of a one-way table, and with them the next smallest ones.

    The smallest group left (not empty; ties by name) is added until at least two are withheld and
    have the threshold together, or none is left. ValueError for a negative count.
    """
    if min(counts.values(), default=0) < 0:
        raise ValueError("a group has less than nobody")
    primary = tuple(sorted(name for name, n in counts.items() if is_small(n, threshold)))
    suppressed = set(primary)
    left = sorted((n, name) for name, n in counts.items() if n and name not in suppressed)
    while primary and left and not is_enough((counts[name] for name in suppressed), threshold):
        suppressed.add(left.pop(0)[1])
    combined, total = sum(counts[name] for name in suppressed), sum(counts.values())
    return SuppressedGroups(
        primary=primary,
        suppressed=tuple(sorted(suppressed)),
        published={name: n for name, n in counts.items() if name not in suppressed},
        combined_n=combined,
        is_combined_publishable=combined >= threshold,
        total=total,
        is_total_published=not is_small(total, threshold),
    )


def is_enough(counts: Iterable[int], threshold: int) -> bool:
    """Tell whether withheld groups of one line protect each other: two, and many together."""
    withheld = list(counts)
    return len(withheld) >= 2 and sum(withheld) >= threshold


@dataclass(frozen=True)
class CellBounds:
    """What an attacker can say of one withheld cell: `low` <= `true` <= `high`; `high` None is
    without limit.
    """

    cell: Cell
    true: int
    low: int
    high: int | None

    @property
    def is_recoverable(self) -> bool:
        """Only one number agrees with what is published."""
        return self.low == self.high

    def protects(self, threshold: int) -> bool:
        """More than one number agrees, and the threshold or more is among them."""
        return not self.is_recoverable and (self.high is None or self.high >= threshold)


@dataclass(frozen=True, kw_only=True)
class TableAudit:
    """What withholding a pattern of cells is worth, in the pattern's order.

    safe: every primary cell is withheld and protected.
    """

    bounds: tuple[CellBounds, ...]
    missing_primary: tuple[Cell, ...]
    exactly_recoverable: tuple[Cell, ...]
    is_safe: bool


def find_primary(counts: Sequence[Sequence[int]], threshold: int) -> tuple[Cell, ...]:
    """Return the small cells of a two-way table, row by row."""
    return tuple(
        (r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if is_small(n, threshold)
    )


def audit_pattern(
    counts: Sequence[Sequence[int]], pattern: Sequence[Cell], threshold: int
) -> TableAudit:
    """Judge a pattern in a table whose totals are all published; cells are whole and >= 0."""
    bounds = find_bounds(with_totals(counts), pattern)
    primary = find_primary(counts, threshold)
    missing = tuple(cell for cell in primary if cell not in set(pattern))
    weak = {each.cell for each in bounds if not each.protects(threshold)}
    return TableAudit(
        bounds=tuple(bounds),
        missing_primary=missing,
        exactly_recoverable=tuple(each.cell for each in bounds if each.is_recoverable),
        is_safe=not missing and weak.isdisjoint(primary),
    )


def with_totals(counts: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return the table with a last column and a last row of totals."""
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def suppress_table(counts: Sequence[Sequence[int]], threshold: int) -> frozenset[Cell]:
    """Return the cells of a two-way table to withhold, totals among them (last row and column).

    The one-way rule runs along rows and columns, totals' lines included, until nothing changes;
    then every withheld cell's bounds are computed as an attacker would who knows that an empty cell
    is published as 0, and cells are added until each allows more than one number and each small
    one allows the threshold. Ends at the latest when nothing is told. ValueError for negatives.
    """
    if not counts or not counts[0]:
        return frozenset()
    table = with_totals(counts)
    if any(n < 0 for row in table for n in row):
        raise ValueError("a cell has less than nobody")
    primary = frozenset(find_primary(table, threshold))
    suppressed = set(primary)
    while True:
        _complete_lines(table, suppressed, threshold)
        weak = [
            each
            for each in find_bounds(table, sorted(suppressed), least=1)
            if each.is_recoverable or (each.cell in primary and not each.protects(threshold))
        ]
        if not weak:
            return frozenset(suppressed)
        suppressed.add(_next_cell(table, suppressed, weak[0].cell))


def _complete_lines(table: Sequence[Sequence[int]], suppressed: set[Cell], threshold: int) -> None:
    is_stable = False
    while not is_stable:
        is_stable = True
        for *parts, total in _lines(table):
            withheld = [cell for cell in parts if cell in suppressed]
            sizes = [_at(table, cell) for cell in withheld]
            if total in suppressed:
                is_closed = bool(withheld)
            else:
                is_closed = not withheld or is_enough(sizes, threshold)
            if is_closed:
                continue
            left = [cell for cell in parts if cell not in suppressed and _at(table, cell)]
            suppressed.add(min(left, key=lambda cell: (_at(table, cell), cell), default=total))
            is_stable = False


def _lines(table: Sequence[Sequence[int]]) -> Iterator[list[Cell]]:
    """Every row and column, each with its total last."""
    for r in range(len(table)):
        yield [(r, c) for c in range(len(table[0]))]
    for c in range(len(table[0])):
        yield [(r, c) for r in range(len(table))]


def _next_cell(table: Sequence[Sequence[int]], suppressed: Collection[Cell], weak: Cell) -> Cell:
    """The smallest cell still told that stands in the weak one's lines, else anywhere."""
    told = [
        (not (r == weak[0] or c == weak[1]), n, (r, c))
        for r, row in enumerate(table)
        for c, n in enumerate(row)
        if n and (r, c) not in suppressed
    ]
    return min(told)[2]


def _at(table: Sequence[Sequence[int]], cell: Cell) -> int:
    return table[cell[0]][cell[1]]


def find_bounds(
    table: Sequence[Sequence[int]], suppressed: Sequence[Cell], *, least: int = 0
) -> list[CellBounds]:
    """Return the bounds of each withheld cell of a table with totals, exact in whole numbers.

    Every cell that is not withheld is known, and that a row or column adds up to its total; a
    withheld cell is at least `least`. A total that moves up moves its line's sum down, so that rows
    and columns are the two sides of a network and the bounds two maximal flows.
    """
    network = _Network(table, suppressed, least)
    found = []
    for r, c in suppressed:
        true = table[r][c]
        more, less = network.reach((r, c), up=True), network.reach((r, c), up=False)
        if not network.counts_up((r, c)):
            more, less = less, more
        high = None if more >= _WITHOUT_LIMIT else true + more
        found.append(CellBounds((r, c), true, true - less, high))
    return found


class _Network:
    """How far withheld cells can move together without moving anything that is published.

    A cell is an edge between its row and its column. `up` is the direction in which the row's and
    the column's sums rise: for totals that is a smaller number.
    """

    def __init__(
        self, table: Sequence[Sequence[int]], suppressed: Sequence[Cell], least: int
    ) -> None:
        self._last_row, self._last_column = len(table) - 1, len(table[0]) - 1
        self._room: dict[Cell, tuple[int, int]] = {}
        for r, c in suppressed:
            down = max(0, table[r][c] - least)
            is_up = self.counts_up((r, c))
            self._room[r, c] = (_WITHOUT_LIMIT, down) if is_up else (down, _WITHOUT_LIMIT)

    def counts_up(self, cell: Cell) -> bool:
        """An inner cell and the grand total add to their lines; the other totals are taken off."""
        return (cell[0] < self._last_row) == (cell[1] < self._last_column)

    def reach(self, cell: Cell, *, up: bool) -> int:
        """How far a cell's own edge can go up (or down) when all others give way."""
        limit = self._room[cell][0 if up else 1]
        row, column = ("row", cell[0]), ("column", cell[1])
        start, end = (column, row) if up else (row, column)
        return min(limit, self._flow(start, end, cell))

    def _flow(self, start: tuple[str, int], end: tuple[str, int], without: Cell) -> int:
        """The maximal flow by shortest augmenting paths (Edmonds & Karp 1972)."""
        left: dict[tuple[str, int], dict[tuple[str, int], int]] = {}
        for (r, c), (up, down) in self._room.items():
            if (r, c) != without:
                left.setdefault(("row", r), {})["column", c] = up
                left.setdefault(("column", c), {})["row", r] = down
        total = 0
        while total < _WITHOUT_LIMIT:
            path = _shortest_path(left, start, end)
            if not path:
                break
            amount = min(left[a][b] for a, b in path)
            for a, b in path:
                left[a][b] -= amount
                left[b][a] += amount
            total += amount
        return total


def _shortest_path(
    left: Mapping[tuple[str, int], Mapping[tuple[str, int], int]],
    start: tuple[str, int],
    end: tuple[str, int],
) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """The arcs of a path with room on each, or nothing."""
    came_from = {start: start}
    waiting = deque([start])
    while waiting and end not in came_from:
        here = waiting.popleft()
        for there, room in left.get(here, {}).items():
            if room and there not in came_from:
                came_from[there] = here
                waiting.append(there)
    if end not in came_from:
        return []
    path, here = [], end
    while here != start:
        path.append((came_from[here], here))
        here = came_from[here]
    return path[::-1]
