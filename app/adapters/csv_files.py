"""CSV that opens right in a spreadsheet: a byte-order mark for Urdu, no formula from data."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | Decimal | None


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


def _guarded(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | Decimal):
        return str(cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
