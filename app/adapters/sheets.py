"""Tables from elsewhere as plain text cells: XLSX, CSV in its many kinds, pasted lines.

A file is known by its first bytes, never by its name. No formula is computed (what the spreadsheet
last showed counts), nothing outside the file is opened, XML with a DTD is refused, and all of it
happens in a process of its own: `read_sheet_apart`.
"""

import io
import re
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.adapters.apart import ApartReader, ReadingRefused
from app.adapters.csv_files import CsvUnreadable, decode_any, split_rows

MOST_BYTES = 2 << 20
MOST_FILLED_ROWS = 515  # 500 people, and what stands above them
MOST_FILLED_COLUMNS = 60
MOST_SIGNS = 400_000
MOST_SIGNS_A_CELL = 300  # longer than any name: the rest is cut, and the row is refused
REPLACED = "\ufffd"

_MOST_PARTS = 2000
_MOST_UNPACKED = 32 << 20

_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]{0,80}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "list_pdf"),
    (b"\xff\xd8\xff", "list_picture"),
    (b"\x89PNG", "list_picture"),
    (b"GIF8", "list_picture"),
    (b"BM", "list_picture"),
    (b"II*\x00", "list_picture"),
    (b"MM\x00*", "list_picture"),
    (b"{\\rtf", "list_document"),
    (b"Rar!", "list_archive"),
    (b"7z\xbc\xaf", "list_archive"),
    (b"\x1f\x8b", "list_archive"),
    (b"BZh", "list_archive"),
    (b"\xfd7zXZ", "list_archive"),
)
_INSIDE: tuple[tuple[str, str], ...] = (
    ("word/", "list_document"),
    ("ppt/", "list_document"),
    ("xl/workbook.bin", "list_xlsb"),
    ("Index/", "list_numbers"),
)


class SheetRefused(ReadingRefused):
    """A table that is not taken."""


_READER = ApartReader(
    __name__, seconds=5, megabytes=640, busy="list_busy", heavy="list_too_heavy",
    refusal=SheetRefused,
)  # fmt: skip


@dataclass(frozen=True)
class SheetRow:
    """One row; `line` is its number in the spreadsheet, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The first visible sheet that holds something; how many others do."""

    rows: tuple[SheetRow, ...]
    others: int = 0


def read_sheet_apart(content: bytes) -> Sheet:
    """`read_sheet` in a process of its own, with bounds; raises SheetRefused."""
    if len(content) > MOST_BYTES:
        raise SheetRefused("list_too_large")
    refuse_other_kinds(content)
    told = _READER.ask(content)
    return Sheet(
        tuple(SheetRow(line, tuple(cells)) for line, cells in told["rows"]), told["others"]
    )


def serve_apart() -> None:
    """The other side of `read_sheet_apart`."""
    _READER.serve(load_reader, lambda content: _as_plain(read_sheet(content)))


def _as_plain(sheet: Sheet) -> dict[str, Any]:
    return {"rows": [[row.line, row.cells] for row in sheet.rows], "others": sheet.others}


def read_sheet(content: bytes) -> Sheet:
    """The cells of a file as text; raises SheetRefused. Not for the process that serves."""
    refuse_other_kinds(content)
    return _read_workbook(content) if content.startswith(b"PK") else read_lines(content)


def refuse_other_kinds(content: bytes) -> None:
    """What the first bytes tell needs no process of its own."""
    if reason := next((reason for start, reason in _STARTS if content.startswith(start)), ""):
        raise SheetRefused(reason)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # What a password protects is packed as an old Excel file is.
        is_locked = "EncryptedPackage".encode("utf-16-le") in content
        raise SheetRefused("list_locked" if is_locked else "list_xls")


def read_lines(content: bytes) -> Sheet:
    """The cells of CSV in any of its kinds, or of pasted lines; raises SheetRefused."""
    try:
        text = decode_any(content)
    except CsvUnreadable as error:
        raise SheetRefused("list_unknown") from error
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "<table", "mime-")):
        raise SheetRefused("list_web_page")
    try:
        rows = split_rows(text)
        kept = _bounded(SheetRow(row.line, row.cells) for row in rows)
    except CsvUnreadable as error:
        raise SheetRefused("list_broken") from error
    if not kept:
        raise SheetRefused("list_empty")
    return Sheet(kept)


def _bounded(rows: Iterable[SheetRow]) -> tuple[SheetRow, ...]:
    """The rows that hold something, with clean and bounded cells; raises SheetRefused."""
    kept: list[SheetRow] = []
    signs = 0
    for row in rows:
        cells = tuple(_clean(cell) for cell in row.cells)
        if not any(cells):
            continue
        kept.append(SheetRow(row.line, cells))
        signs += sum(map(len, cells))
        if len(kept) > MOST_FILLED_ROWS:
            raise SheetRefused("list_too_long")
        if sum(map(bool, cells)) > MOST_FILLED_COLUMNS:
            raise SheetRefused("list_too_wide")
        if signs > MOST_SIGNS:
            raise SheetRefused("list_too_large")
    return _without_empty_columns(kept)


def _without_empty_columns(rows: list[SheetRow]) -> tuple[SheetRow, ...]:
    used = sorted({place for row in rows for place, cell in enumerate(row.cells) if cell})
    if len(used) > MOST_FILLED_COLUMNS:
        raise SheetRefused("list_too_wide")
    return tuple(
        SheetRow(
            row.line, tuple(row.cells[place] if place < len(row.cells) else "" for place in used)
        )
        for row in rows
    )


def _clean(cell: str) -> str:
    """Signs that no text of ours may hold become one that a reader sees; line ends are spaces."""
    line = " ".join(cell[: MOST_SIGNS_A_CELL * 4].split())
    kept = "".join(REPLACED if _is_unkeepable(sign) else sign for sign in line)
    return kept[:MOST_SIGNS_A_CELL]


def _is_unkeepable(sign: str) -> bool:
    return sign < " " or "\x7f" <= sign <= "\x9f" or "\ud800" <= sign <= "\udfff"


# --- XLSX --------------------------------------------------------------------------------------


def _read_workbook(content: bytes) -> Sheet:
    with workbook_open(content):
        return _first_sheet(content)


@contextmanager
def workbook_open(content: bytes) -> Iterator[None]:
    """While a workbook is read: its parts are checked first; raises SheetRefused."""
    try:
        _check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and prints that we do not read
            yield
    except (SheetRefused, MemoryError, RecursionError):
        raise
    except Exception as error:  # a broken file raises whatever it likes
        raise SheetRefused("list_broken") from error


def _check_parts(content: bytes) -> None:
    """Refuse what is no XLSX, what unpacks to too much, and XML with a DTD."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = [part.filename for part in parts]
        _check_kind(archive, names)
        is_packed_too_well = sum(part.file_size for part in parts) > _MOST_UNPACKED
        if is_packed_too_well or len(parts) > _MOST_PARTS:
            raise SheetRefused("list_too_heavy")
        if any(part.flag_bits & 1 for part in parts):
            raise SheetRefused("list_locked")
        left = _MOST_UNPACKED  # what a part says of its size may be a lie
        for part in parts:
            with archive.open(part) as file:
                inside = file.read(left + 1)
            left -= len(inside)
            if left < 0:
                raise SheetRefused("list_too_heavy")
            if part.filename.lower().endswith((".xml", ".rels")) and _has_dtd(inside):
                raise SheetRefused("list_broken")


def _check_kind(archive: zipfile.ZipFile, names: list[str]) -> None:
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise SheetRefused("list_ods")
    for start, reason in _INSIDE:
        if any(name.startswith(start) for name in names):
            raise SheetRefused(reason)
    if "xl/workbook.xml" not in names:
        raise SheetRefused("list_broken" if "[Content_Types].xml" in names else "list_archive")


def _has_dtd(xml: bytes) -> bool:
    """Office files have none. NULs are left out, so that UTF-16 hides nothing."""
    bare = xml.replace(b"\0", b"")
    return b"<!DOCTYPE" in bare or b"<!ENTITY" in bare


def open_book(content: bytes, *, is_computed: bool) -> Any:
    """The workbook, to be read row by row: what its formulas last showed, or the formulas."""
    import openpyxl

    return openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=is_computed, keep_links=False
    )


def load_reader(content: bytes) -> None:
    """Load what reads workbooks, if this may be one."""
    if not content.startswith(b"PK"):
        return
    # openpyxl only asks whether numpy is there; loading it would take most of our memory.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    import openpyxl  # noqa: F401


def unescape(text: str) -> str:
    """Text with the format's own escapes (_x000D_) read."""
    from openpyxl.utils.escape import unescape as read_escapes

    return str(read_escapes(text))


def _first_sheet(content: bytes) -> Sheet:
    book = open_book(content, is_computed=True)
    found: tuple[SheetRow, ...] = ()
    others = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            if found:
                others += next(_filled_rows(sheet), None) is not None
                continue
            rows = list(islice(_filled_rows(sheet), MOST_FILLED_ROWS + 1))
            if len(rows) > MOST_FILLED_ROWS:
                raise SheetRefused("list_too_long")
            # The sheet's own file: openpyxl reads merged cells only where it reads all at once.
            found = _bounded(_merged(rows, _merges(archive, sheet._worksheet_path)))
    if not found:
        raise SheetRefused("list_empty")
    return Sheet(found, others)


def _filled_rows(sheet: Any) -> Iterator[SheetRow]:
    sheet.reset_dimensions()  # what it says of its size may be a lie
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(value is not None for value in values):
            cells = tuple("" if value is None else _text_of(value) for value in values)
            if any(cell.strip() for cell in cells):
                yield SheetRow(line, cells)


def _text_of(value: Any) -> str:
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value) if is_whole else value)


def _merges(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int, int, int]]:
    """The merged areas of a sheet: first and last row, first and last column, from 1.

    Searched for, since reading a long sheet's XML twice takes seconds; text in it holds no "<".
    """
    with archive.open(part) as file:
        sheet = file.read(_MOST_UNPACKED)
    for left, top, right, bottom in _MERGED.findall(sheet, max(0, sheet.rfind(b"</sheetData"))):
        yield int(top), int(bottom), _place_of(left), _place_of(right)


def _place_of(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _merged(
    rows: list[SheetRow], merges: Iterable[tuple[int, int, int, int]]
) -> Iterator[SheetRow]:
    """The rows, what stands in a merged area written into each of its cells."""
    texts = {row.line: row.cells for row in rows}
    filled = {row.line: list(row.cells) for row in rows}
    for top, bottom, left, right in merges:
        first = texts.get(top, ())[left - 1 : left]
        if not first or right - left >= MOST_FILLED_COLUMNS * 4:
            continue
        for line in (each for each in filled if top <= each <= bottom):
            cells = filled[line]
            cells.extend("" for _ in range(right - len(cells)))
            cells[left - 1 : right] = first * (right - left + 1)
    for line, cells in filled.items():
        yield SheetRow(line, tuple(cells))
