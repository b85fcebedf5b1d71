"""A workbook as it is written: text is text whatever it looks like, numbers are numbers."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from app.adapters.xlsx import Cell, Heading, Look, Number, Sheet, write_workbook
from tests.fixtures.nasty_cells import NASTY

MADE_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def made(*rows: list[Cell], name: str = "A sheet", is_rtl: bool = False) -> Workbook:
    sheet = Sheet(name=name, rows=rows, widths=(10,))
    content = write_workbook([sheet], title="Synthetic", made_at=MADE_AT, is_rtl=is_rtl)
    return load_workbook(io.BytesIO(content))


def test_nasty_text_comes_back_as_the_same_text_in_cells_and_in_headings() -> None:
    assert len(NASTY) >= 300
    (sheet,) = made(*([text, Heading(text)] for text in NASTY)).worksheets
    for text, row in zip(NASTY, sheet.iter_rows(), strict=True):
        for cell in row:
            # The format's own escape, which this reader leaves in inline text.
            assert (unescape(cell.value), cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(
    ("number", "value", "shown"),
    [
        (Number(-12, Look(is_signed=True)), -12, "+0;-0;0"),
        (Number(Decimal("-3.5"), Look(is_signed=True)), -3.5, "+0.0;-0.0;0.0"),
        (Number(Decimal("65.0"), Look(after="%")), 65, '0.0"%"'),
        (Number(2, Look("≤ ", "%")), 2, '"≤ "0"%"'),
        (Number(Decimal("0.42")), 0.42, "0.00"),
        (Number(0), 0, "0"),
    ],
)
def test_numbers_stay_numbers_and_show_the_digits_they_were_printed_with(
    number: Number, value: float, shown: str
) -> None:
    cell = made([number]).worksheets[0]["A1"]
    assert (cell.value, cell.data_type, cell.number_format) == (value, "n", shown)


def test_a_number_that_a_spreadsheet_would_round_is_text() -> None:
    cell = made([Number(9_007_199_254_740_993)]).worksheets[0]["A1"]
    assert (cell.value, cell.data_type) == ("9007199254740993", "s")


def test_sheets_have_names_a_spreadsheet_takes_and_none_twice() -> None:
    wanted = ("a/b:c?[d]*\\", "x" * 40, "X" * 40, "=cmd|'/C calc'!A0", "", "فرق اعداد میں")
    sheets = [Sheet(name=each, rows=[["x"]], widths=()) for each in wanted]
    content = write_workbook(sheets, title="Synthetic", made_at=MADE_AT, is_rtl=True)
    book = load_workbook(io.BytesIO(content))
    names = [each.casefold() for each in book.sheetnames]
    assert len(set(names)) == len(wanted)
    assert max(map(len, names)) <= 31
    assert book.sheetnames[-1] == "فرق اعداد میں"
    assert all(each.sheet_view.rightToLeft for each in book.worksheets)


def test_the_same_sheets_are_the_same_bytes() -> None:
    def once() -> bytes:
        sheet = Sheet(name="A", rows=[["x", Number(1)]], widths=(5, 5))
        return write_workbook([sheet], title="Synthetic", made_at=MADE_AT, is_rtl=False)

    assert once() == once()
