"""A whole workbook as plain text cells, each sheet by its name, read in a process of its own.

`sheets` reads the one table of a list of people and mends what it can; here every sheet counts,
text keeps its lines, and nothing is guessed. No formula is computed: a cell that holds one is
named, so that somebody can put its value there.
"""

import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.apart import ApartBusy, ApartEnded, bound_this_process, run_apart
from app.adapters.sheets import (
    REPLACED,
    SheetRefused,
    check_parts,
    load_reader,
    open_book,
    refuse_other_kinds,
    unescape,
)

MOST_BYTES = 4 << 20
MOST_SHEETS = 40
MOST_FILLED_ROWS = 2000
MOST_COLUMNS = 400
MOST_SIGNS = 3_000_000

_SECONDS = 8
_MEGABYTES = 640


@dataclass(frozen=True)
class TableRow:
    """A row that holds something: its number from 1, and its filled cells by column from 0."""

    line: int
    cells: Mapping[int, str]
    formulas: tuple[int, ...] = ()


Tables = Mapping[str, tuple[TableRow, ...]]
"""A workbook's sheets by name, in their order."""


def read_tables_apart(content: bytes) -> Tables:
    """`read_tables` in a process of its own, with bounds; raises SheetRefused."""
    if len(content) > MOST_BYTES:
        raise SheetRefused("list_too_large")
    refuse_other_kinds(content)
    try:
        told = json.loads(run_apart(__name__, content, seconds=2 * _SECONDS))
    except ApartBusy as error:
        raise SheetRefused("list_busy") from error
    except (ApartEnded, ValueError) as error:
        raise SheetRefused("list_too_heavy") from error
    if "refused" in told:
        raise SheetRefused(told["refused"])
    return {
        name: tuple(
            TableRow(line, {int(at): text for at, text in cells.items()}, tuple(formulas))
            for line, cells, formulas in rows
        )
        for name, rows in told["sheets"]
    }


def serve_apart() -> None:
    """The other side: the workbook from the input, its cells as JSON to the output."""
    content = sys.stdin.buffer.read()
    load_reader()
    bound_this_process(seconds=_SECONDS, megabytes=_MEGABYTES)
    told: dict[str, Any]
    try:
        sheets = read_tables(content)
        told = {
            "sheets": [
                (name, [(row.line, row.cells, row.formulas) for row in rows])
                for name, rows in sheets.items()
            ]
        }
    except SheetRefused as refusal:
        told = {"refused": refusal.reason}
    except (MemoryError, RecursionError):
        told = {"refused": "list_too_heavy"}
    sys.stdout.write(json.dumps(told))


def read_tables(content: bytes) -> Tables:
    """Every sheet's filled cells; raises SheetRefused. Not for the process that serves."""
    try:
        check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and prints that we do not read
            return _all_sheets(content)
    except (SheetRefused, MemoryError, RecursionError):
        raise
    except Exception as error:  # a broken file raises whatever it likes
        raise SheetRefused("list_broken") from error


def _all_sheets(content: bytes) -> Tables:
    book = open_book(content, is_computed=False)
    if len(book.worksheets) > MOST_SHEETS:
        raise SheetRefused("list_too_heavy")
    found: dict[str, tuple[TableRow, ...]] = {}
    signs = 0
    for sheet in book.worksheets:
        rows = []
        for row in _filled_rows(sheet):
            rows.append(row)
            signs += sum(map(len, row.cells.values()))
            if len(rows) > MOST_FILLED_ROWS or signs > MOST_SIGNS:
                raise SheetRefused("list_too_large")
        found[sheet.title] = tuple(rows)
    if not any(found.values()):
        raise SheetRefused("list_empty")
    return found


def _filled_rows(sheet: Any) -> Iterator[TableRow]:
    sheet.reset_dimensions()  # what it says of its size may be a lie
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        filled = [(at, cell) for at, cell in enumerate(cells) if cell.value not in {None, ""}]
        texts = {at: _text_of(cell.value) for at, cell in filled if cell.data_type != "f"}
        formulas = tuple(at for at, cell in filled if cell.data_type == "f")
        kept = {at: text for at, text in texts.items() if text.strip()}
        if max((*kept, *formulas), default=0) >= MOST_COLUMNS:
            raise SheetRefused("list_too_wide")
        if kept or formulas:
            yield TableRow(line, kept, formulas)


def _text_of(value: Any) -> str:
    """A cell as it would be typed: whole numbers without a point, a day as year-month-day."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return (value.date() if is_day else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = unescape(str(value))
    return "".join(REPLACED if "\ud800" <= sign <= "\udfff" else sign for sign in text)
