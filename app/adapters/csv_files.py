"""CSV that opens right in a spreadsheet, and what spreadsheets save as CSV.

Written: a byte-order mark for Urdu, no formula from data. Read: UTF-8 with or without the mark,
Excel's "Unicode text" (UTF-16), commas, semicolons or tabs. `decode_any` and `split_rows` take what
people bring: also Windows' Arabic, UTF-16 without a mark, and quotes that do not end.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_DELIMITERS = (",", ";", "\t")
_LOOSE_DELIMITERS = ("\t", ";", ",", "|", "،", "؛")
_MOST_LINES_A_CELL = 5
_SEPARATED = "sep="  # Excel's own first line
_UTF_16_STARTS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Cell = str | int | Decimal | None


class CsvUnreadable(Exception):
    """The bytes are no CSV; the message says what to do."""


@dataclass(frozen=True)
class CsvRow:
    """One row, the cells as typed without spaces around them; `line` is where it begins, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvTable:
    """A header and the rows that are not blank."""

    header: CsvRow
    rows: tuple[CsvRow, ...]


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte-order mark; text cells and headers are guarded, numbers stay numbers.

    None is an empty cell. The guard is a leading apostrophe, as spreadsheets read it.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_guarded(cell) for cell in header])
    for row in rows:
        writer.writerow([_guarded(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def read_csv(content: bytes) -> CsvTable:
    """Read a table whose first row that is not blank is its header.

    CsvUnreadable for other encodings, for no row at all, and where the quotes do not end. The
    guard of `write_csv` is taken off again.
    """
    text = _decoded(content)
    lines = text.splitlines(keepends=True)
    delimiter = None
    if lines and lines[0].lower().startswith(_SEPARATED):
        delimiter = _said_delimiter(lines[0])
        lines[0] = "\n"
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=delimiter or max(_DELIMITERS, key=first.count))
    rows, begins = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(CsvRow(begins, tuple(_unguarded(cell.strip()) for cell in cells)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise CsvUnreadable(f"Line {begins} cannot be read ({error}).") from error
    if not rows:
        raise CsvUnreadable("There is no row in it.")
    return CsvTable(rows[0], tuple(rows[1:]))


def decode_any(content: bytes) -> str:
    """The text of a file whose encoding nobody said; CsvUnreadable for what is no text.

    Few broken signs in UTF-8 become U+FFFD. What is no UTF is read as Windows-1256, which has the
    Arabic letters and, where the Latin ones matter, the same as Windows-1252.
    """
    if content.startswith(_UTF_16_STARTS):
        text = content.decode("utf-16", "replace")
    elif content[1:200:2].count(0) > 0.4 * len(content[1:200:2]):
        text = content.decode("utf-16-le", "replace")
    elif content[0:200:2].count(0) > 0.4 * len(content[0:200:2]):
        text = content.decode("utf-16-be", "replace")
    else:
        text = content.decode("utf-8-sig", "replace")
        broken = text.count("\ufffd")
        if broken * 10 > sum(sign > "\x7f" for sign in text):
            text = content.decode("cp1256", "replace")
    controls = sum(sign < " " and sign not in "\t\n\r" for sign in text)
    if controls * 20 > len(text):
        raise CsvUnreadable("It is no text.")
    return text


def split_rows(text: str) -> list[CsvRow]:
    """Every row that is not blank, split at the sign that splits most rows; CsvUnreadable."""
    lines = text.splitlines(keepends=True)
    delimiter = None
    if lines and lines[0].lower().startswith(_SEPARATED):
        delimiter = _said_delimiter(lines[0])
        lines[0] = "\n"
    sample = [line for line in lines[:200] if line.strip()]
    delimiter = delimiter or max(_LOOSE_DELIMITERS, key=lambda sign: _splits(sample, sign))
    ways: tuple[Literal[0], Literal[3]] = (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)
    for quoting in ways:
        try:
            rows = _split(lines, delimiter, quoting)
        except csv.Error:
            continue
        # A quote that does not end takes the rest of the file into one cell.
        longest = max((cell.count("\n") for row in rows for cell in row.cells), default=0)
        if quoting == csv.QUOTE_NONE or longest <= _MOST_LINES_A_CELL:
            return rows
    raise CsvUnreadable("The rows cannot be told apart.")


def _said_delimiter(line: str) -> str | None:
    """The sign that the first line names; a quote or a line's end cannot be one."""
    sign = line[len(_SEPARATED) :][:1]
    return sign if sign == "\t" or (sign > " " and sign.isprintable() and sign != '"') else None


def _splits(lines: Sequence[str], sign: str) -> tuple[int, int]:
    return sum(sign in line for line in lines), sum(line.count(sign) for line in lines)


def _split(lines: Sequence[str], delimiter: str, quoting: Literal[0, 3]) -> list[CsvRow]:
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
    rows, begins = [], 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(CsvRow(begins, tuple(_unguarded(cell.strip()) for cell in cells)))
        begins = reader.line_num + 1
    return rows


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF_16_STARTS) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise CsvUnreadable(
            'It is not in UTF-8. In the spreadsheet choose "Save as", then "CSV UTF-8".'
        ) from error


def _unguarded(cell: str) -> str:
    is_guarded = cell.startswith("'") and cell[1:].lstrip(" ").startswith(_FORMULA_STARTS)
    return cell[1:] if is_guarded else cell


def _guarded(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | Decimal):
        return str(cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
