"""Questions of rows and columns: each row is put into one column; an answer is a set of placings.

    placing   the row's number, then the column's letter: "1a", "10c"

A placing travels, is merged, stored and scored like any other option; a plain option has no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MOST_ROWS = 10
"""Ten equal parts of a point are exact (statistics.md §0)."""

_ROW = re.compile(r"\d*")


def placing_of(row: str, column: str) -> str:
    """Return the option that says: this row belongs into this column."""
    return f"{row}{column}"


def placings_of(rows: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """Return every placing, row after row."""
    return tuple(placing_of(row, column) for row in rows for column in columns)


def row_of(option: str) -> str:
    """Return the row's number; empty for an option that is no placing."""
    found = _ROW.match(option)
    return found[0] if found else ""


def column_of(option: str) -> str:
    """Return the column's letter; the option itself where it is no placing."""
    return option[len(row_of(option)) :]


def rows_of(options: Iterable[str]) -> tuple[str, ...]:
    """Return the rows of these placings, each once, in the order in which they come."""
    return tuple(dict.fromkeys(row for row in map(row_of, options) if row))


def has_row_twice(options: Iterable[str]) -> bool:
    """Tell whether one row stands in two columns, which nobody can have meant."""
    rows = [row for row in map(row_of, options) if row]
    return len(set(rows)) < len(rows)
