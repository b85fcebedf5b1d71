"""A whole workbook as plain text cells, each sheet by its name; `brought` reads it apart.

`sheets` reads the one table of a list of people and mends what it can; here every sheet counts,
text keeps its lines, and nothing is guessed. No formula is computed: a cell that holds one is
named, so that somebody can put its value there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.sheets import REPLACED, SheetRefused, open_book, unescape, workbook_open

MOST_SHEETS = 40
MOST_FILLED_ROWS = 2000
MOST_COLUMNS = 400
MOST_SIGNS = 3_000_000


@dataclass(frozen=True)
class TableRow:
    """A row that holds something: its number from 1, and its filled cells by column from 0."""

    line: int
    cells: Mapping[int, str]
    formulas: tuple[int, ...] = ()


Tables = Mapping[str, tuple[TableRow, ...]]
"""A workbook's sheets by name, in their order."""


def read_tables(content: bytes) -> Tables:
    """Every sheet's filled cells; raises SheetRefused. Not for the process that serves."""
    with workbook_open(content):
        return _all_sheets(content)


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
