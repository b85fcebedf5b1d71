"""Spreadsheets row by row in little memory: numbers stay numbers, text is never a formula."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_EXACT_TO = 10**15  # beyond, a spreadsheet shows other digits than were written
_FORMULA_STARTS = ("=", "+", "-", "@")  # what a spreadsheet computes once a cell is changed
_LAST_CHOICE = 1000
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


class Look(NamedTuple):
    """How numbers are shown: what stands around the digits, and whether a plus stands before."""

    before: str = ""
    after: str = ""
    is_signed: bool = False


class Number(NamedTuple):
    """A number as a spreadsheet keeps it; a report has one `look` for a column of them."""

    value: int | Decimal
    look: Look = Look()


class Heading(NamedTuple):
    """Text in bold."""

    text: str


class Words(NamedTuple):
    """Text that people go on writing: wrapped, and kept as text also when they change it."""

    text: str
    is_rtl: bool = False


Cell = str | Number | Heading | Words | None


class _Looks:
    """The formats of a workbook: one for all cells that look alike."""

    def __init__(self, book: Any, *, is_rtl: bool) -> None:
        self._book = book
        # In a sheet from right to left Latin words stand at the beginning too.
        start = {"valign": "top", "text_wrap": True} | ({"align": "right"} if is_rtl else {})
        self.plain = book.add_format(start)
        self._known: dict[tuple[int, Look], Any] = {}
        self.bold = book.add_format({"bold": True} | start)
        # By the names of Words: whether it reads from the right, whether it begins like a formula.
        self.words = {
            (is_rtl, is_quoted): book.add_format(
                {
                    "num_format": "@",
                    "text_wrap": True,
                    "valign": "top",
                    "reading_order": 2 if is_rtl else 1,
                    "quote_prefix": is_quoted,
                }
            )
            for is_rtl in (False, True)
            for is_quoted in (False, True)
        }

    def of(self, cell: Number) -> Any:
        """The format with as many decimals as the digits have."""
        value, look = cell
        exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        found = self._known.get((places, look))
        if found is None:
            found = self._book.add_format({"num_format": _shown(places, look)})
            self._known[places, look] = found
        return found


@dataclass(frozen=True)
class Sheet:
    """A sheet's name, its rows, and how many signs wide each column is.

    `typed`: what people may type below the rows stays text, a 010 or a day too; `choices`: the
    words that a column offers for a choice, by its number from 0.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int]
    frozen_rows: int = 0
    frozen_columns: int = 0
    typed: bool = False
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, made_at: datetime, is_rtl: bool
) -> bytes:
    """The workbook; the same sheets are the same bytes. `made_at` is the date inside the file."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": title, "created": created})
    looks = _Looks(book, is_rtl=is_rtl)
    names: set[str] = set()
    for each in sheets:
        page = book.add_worksheet(_free_name(each.name, names))
        if is_rtl:
            page.right_to_left()
        for column, width in enumerate(each.widths):
            page.set_column(
                column, column, width, looks.words[False, False] if each.typed else None
            )
        page.freeze_panes(each.frozen_rows, each.frozen_columns)
        page.set_landscape()
        page.fit_to_pages(1, 0)  # on paper no row is cut in two, however long the sheet
        for column, words in each.choices.items():
            page.data_validation(
                1, column, _LAST_CHOICE, column, {"validate": "list", "source": list(words)}
            )
        for row, cells in enumerate(each.rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    _write(page, row, column, cell, looks)
    book.close()
    return buffer.getvalue()


def _free_name(wanted: str, taken: set[str]) -> str:
    """A name a sheet may have: 31 signs at most, none twice, large and small letters alike."""
    name = _NOT_IN_NAMES.sub(" ", wanted).strip()[:_LONGEST_NAME].strip() or "Sheet"
    number = 1
    while name.casefold() in taken:
        number += 1
        ending = f" {number}"
        name = name[: _LONGEST_NAME - len(ending)] + ending
    taken.add(name.casefold())
    return name


def _write(
    page: Any, row: int, column: int, cell: str | Number | Heading | Words, looks: _Looks
) -> None:
    if isinstance(cell, Number):
        number = float(cell.value)
        if -_EXACT_TO < number < _EXACT_TO:
            page.write_number(row, column, number, looks.of(cell))
        else:
            page.write_string(row, column, str(cell.value))
    elif isinstance(cell, Heading):
        page.write_string(row, column, cell.text, looks.bold)
    elif isinstance(cell, Words):
        is_quoted = cell.text.startswith(_FORMULA_STARTS)
        page.write_string(row, column, cell.text, looks.words[cell.is_rtl, is_quoted])
    else:
        page.write_string(row, column, cell, looks.plain)


def _shown(places: int, look: Look) -> str:
    """The format of a number with so many decimals."""
    digits = "0" + ("." + "0" * places if places else "")
    start, end = (f'"{each}"' if each else "" for each in (look.before, look.after))
    one = f"{start}{digits}{end}"
    return f"+{one};-{one};{one}" if look.is_signed else one
