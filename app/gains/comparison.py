"""Compares the kept cells with a fresh count, and sets right what differs.

Some workshops at a time, so that a whole country's are sorted in memory; what is right is not
written again. All numbers that differ are counted, and the first of them named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlmodel import Session

from app.gains.cells import ItemShape
from app.gains.recount import (
    CELLS,
    UNSEALED,
    Span,
    close_count,
    count_span,
    open_count,
    run,
)

_AT_ONCE = 100


@dataclass(frozen=True)
class CellDifference:
    """A number of a kept cell that is not what was counted; 0 where there is no cell."""

    table: str
    key: tuple[str, ...]
    column: str
    kept: int
    counted: int


@dataclass(frozen=True)
class Compared:
    """How many numbers differ, and the first of them by table and key."""

    count: int
    first: tuple[CellDifference, ...]


def spans_of(workshop_ids: Sequence[str]) -> list[Span]:
    """All workshops that are not sealed, about so many at once; `workshop_ids` in order.

    The first and the last span have no end, so that nothing lies between or beyond them.
    """
    ends = [None, *workshop_ids[_AT_ONCE - 1 : -1 : _AT_ONCE], None]
    found = []
    for after, upto in pairwise(ends):
        conditions, values = [UNSEALED], {}
        if after is not None:
            conditions.append("{} > :after")
            values["after"] = after
        if upto is not None:
            conditions.append("{} <= :upto")
            values["upto"] = upto
        found.append(Span(" AND ".join(conditions), values))
    return found


def span_of_one(workshop_id: str) -> Span:
    """One workshop, sealed or not."""
    return Span("{} = :workshop", {"workshop": workshop_id})


def compare(
    db: Session,
    forms: Mapping[str, Mapping[str, ItemShape]],
    spans: Sequence[Span],
    *,
    most: int,
    mends: bool = False,
) -> Compared:
    """Compare the cells of these forms with what the scores and answers say; `most` are named."""
    count, first = 0, []
    open_count(db)
    for form_id, shape in forms.items():
        found: dict[str, list[CellDifference]] = {table: [] for table in CELLS}
        for span in spans:
            count_span(db, form_id, shape, span)
            for table, named in found.items():
                comparing = _Table(db, table, form_id, span)
                different = comparing.count_differences()
                count += different
                if different and len(named) < most:
                    named.extend(comparing.find_differences(most))
                if different and mends:
                    comparing.mend()
        first += [each for known in found.values() for each in known]
    close_count(db)
    return Compared(count, tuple(first[:most]))


class _Table:
    """One table of cells in one span, beside what was counted."""

    def __init__(self, db: Session, table: str, form_id: str, span: Span) -> None:
        self._db, self._table = db, table
        self._key, self._sums, _ = CELLS[table]
        self._own = f"k.form_id = :form AND {span.on('k.workshop_id')}"
        self._same = " AND ".join(f"k.{name} = c.{name}" for name in self._key)
        self._values = {"form": form_id} | dict(span.values)

    def count_differences(self) -> int:
        """How many numbers differ."""
        filled = _any(f"k.{name} <> 0" for name in self._sums)
        cells, matched, different = self._run(
            f"SELECT count(*), sum(CASE WHEN {filled} THEN 1 ELSE 0 END), "
            f"sum({_count(f'c.{name} <> coalesce(k.{name}, 0)' for name in self._sums)}) "
            f"FROM {self._beside()}"
        ).one()
        kept = self._run(
            f"SELECT count(*) FROM {self._table} k WHERE {self._own} AND {filled}"
        ).scalar_one()
        if kept == (matched or 0):
            return int(different) if cells else 0
        left = self._run(
            f"SELECT sum({_count(f'k.{name} <> 0' for name in self._sums)}) "
            f"FROM {self._left_over()}"
        ).scalar_one()
        return int(different or 0) + int(left or 0)

    def find_differences(self, most: int) -> Iterator[CellDifference]:
        """Each of the numbers, by key; of the first cells that have any."""
        key = ", ".join(f"{{0}}.{name}" for name in self._key)
        kept = ", ".join(f"coalesce(k.{name}, 0)" for name in self._sums)
        counted = ", ".join(f"c.{name}" for name in self._sums)
        nothing = ", ".join("0" for _ in self._sums)
        differs = _any(f"c.{name} <> coalesce(k.{name}, 0)" for name in self._sums)
        filled = _any(f"k.{name} <> 0" for name in self._sums)
        rows = [
            *self._run(
                f"SELECT {key.format('c')}, {kept}, {counted} FROM {self._beside()} "
                f"WHERE {differs} ORDER BY {key.format('c')} LIMIT {most}"
            ),
            *self._run(
                f"SELECT {key.format('k')}, {kept}, {nothing} FROM {self._left_over()} "
                f"AND {filled} ORDER BY {key.format('k')} LIMIT {most}"
            ),
        ]
        width, names = len(self._key), self._sums
        for row in sorted(tuple(each) for each in rows):
            place, numbers = row[:width], row[width:]
            pairs = zip(names, numbers[: len(names)], numbers[len(names) :], strict=True)
            for name, old, new in pairs:
                if old != new:
                    yield CellDifference(self._table, place, name, int(old), int(new))

    def mend(self) -> None:
        """Put what was counted in the place of what was kept."""
        names = ", ".join((*self._key, *self._sums))
        self._run(f"DELETE FROM {self._table} AS k WHERE {self._own}")
        self._run(
            f"INSERT INTO {self._table} ({names}) SELECT {names} FROM counted_{self._table} "
            f"ORDER BY {', '.join(self._key)}"
        )

    def _beside(self) -> str:
        """Every counted cell, and the kept one of the same key if there is any."""
        joined = f"{self._own} AND {self._same}"
        return f"counted_{self._table} c LEFT JOIN {self._table} k ON {joined}"

    def _left_over(self) -> str:
        """Kept cells that were not counted."""
        return (
            f"{self._table} k LEFT JOIN counted_{self._table} c ON {self._same} "
            f"WHERE {self._own} AND c.workshop_id IS NULL"
        )

    def _run(self, statement: str) -> Any:
        return run(self._db, statement, self._values)


def _any(conditions: Iterator[str]) -> str:
    return "(" + " OR ".join(conditions) + ")"


def _count(conditions: Iterator[str]) -> str:
    return " + ".join(f"CASE WHEN {each} THEN 1 ELSE 0 END" for each in conditions)
