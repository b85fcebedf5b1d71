"""What the columns of a list hold: guessed from the words over them, else from what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.roster_words import (
    PARTS_OF_NAME,
    Column,
    agency_of,
    column_of,
    is_latin,
    province_of,
    sex_of,
)
from app.core.text import name_key

HEADER_WITHIN = 15
"""Rows: titles, logos and dates stand above the words over the columns."""


@dataclass(frozen=True)
class ListRow:
    """One row of a list; `line` counts from 1, as the spreadsheet does."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """What the columns hold, the words over them, and how many rows stand above the people."""

    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    above: int


def tidy_rows(rows: Iterable[ListRow]) -> tuple[ListRow, ...]:
    """The rows that hold something, without columns that nowhere do; all of one width."""
    held = [row for row in rows if any(cell.strip() for cell in row.cells)]
    width = max((len(row.cells) for row in held), default=0)
    padded = [row.cells + ("",) * (width - len(row.cells)) for row in held]
    kept = [place for place in range(width) if any(cells[place].strip() for cells in padded)]
    return tuple(
        ListRow(row.line, tuple(cells[place] for place in kept))
        for row, cells in zip(held, padded, strict=True)
    )


def guess_layout(rows: Sequence[ListRow], provinces: Mapping[str, str]) -> Layout:
    """What the columns of tidy rows hold, by the words over them, else by what is in them."""
    width = len(rows[0].cells) if rows else 0
    first = _find_header(rows)
    if first is None:
        columns = _guess_by_content(rows, [Column.OTHER] * width, provinces)
        return Layout(columns, ("",) * width, 0)
    above = first + 1
    labels = list(rows[first].cells)
    if above < len(rows) and _goes_on(labels, rows[above].cells):
        labels = _joined(labels, rows[above].cells)
        above += 1
    found = [column_of(label) or Column.OTHER for label in labels]
    columns = _guess_by_content(rows[above:], _only_once(found, labels, rows[above:]), provinces)
    return Layout(columns, tuple(labels), above)


def filled(cells: Iterable[str]) -> list[str]:
    """The cells that hold something, without spaces around them."""
    return [cell.strip() for cell in cells if cell.strip()]


def _find_header(rows: Sequence[ListRow]) -> int | None:
    """The first row whose words are words over columns, one of them over the names."""
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        held = filled(row.cells)
        named = [column_of(cell) for cell in held]
        known = [each for each in named if each is not None]
        is_enough = len(known) >= 2 or len(rows[0].cells) == 1
        if Column.NAME in known and is_enough and 2 * len(known) >= len(held):
            return number
    return None


def _goes_on(labels: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the next row is a second row of words over the columns."""
    held = filled(below)
    known = [cell for cell in held if column_of(cell) is not None]
    over_names = [
        cell
        for label, cell in zip(labels, below, strict=True)
        if column_of(label) is Column.NAME and cell.strip()
    ]
    return 2 * len(known) >= max(1, len(held)) and all(map(column_of, over_names))


def _joined(top: Sequence[str], below: Sequence[str]) -> list[str]:
    """Two rows of words as one; a heading over several columns counts for each of them."""
    labels, over = [], ""
    for high, low in zip(top, below, strict=True):
        over = high if high.strip() or not low.strip() else over
        labels.append(" ".join(dict.fromkeys(part.strip() for part in (over, low) if part.strip())))
    return labels


def _only_once(
    columns: Sequence[Column], labels: Sequence[str], rows: Sequence[ListRow]
) -> list[Column]:
    """Each thing in one column; a name may be in parts, or in two scripts."""
    kept: list[Column] = []
    scripts: set[bool] = set()
    for place, column in enumerate(columns):
        is_again = column in kept
        if column is Column.NAME:
            is_roman = is_latin(" ".join(row.cells[place] for row in rows))
            is_part = not PARTS_OF_NAME.isdisjoint(name_key(labels[place]).split())
            is_again = is_again and not is_part and is_roman in scripts
            scripts.add(is_roman)
        kept.append(Column.OTHER if is_again else column)
    return kept


def _guess_by_content(
    rows: Sequence[ListRow], columns: list[Column], provinces: Mapping[str, str]
) -> tuple[Column, ...]:
    """Fill what the words over the columns did not say, where the content is plain."""
    found = list(columns)
    signs: tuple[tuple[Column, Callable[[str], object]], ...] = (
        (Column.SEX, sex_of),
        (Column.PROVINCE, lambda cell: province_of(cell, provinces)),
        (Column.AGENCY, agency_of),
        (Column.NAME, _is_like_a_name),
    )
    for place in range(len(found)):
        cells = filled([row.cells[place] for row in rows])
        for column, is_one in signs:
            is_open = found[place] is Column.OTHER and column not in found
            if (
                is_open
                and cells
                and 10 * sum(bool(is_one(cell)) for cell in cells) >= (6 * len(cells))
            ):
                found[place] = column
    return tuple(found)


def _is_like_a_name(cell: str) -> bool:
    letters = sum(sign.isalpha() for sign in cell)
    return letters >= 3 and not any(sign.isdigit() or sign in "@#%:/" for sign in cell)
