"""Files as spreadsheets save them come out as cells of text."""

import io
from datetime import date

import openpyxl
import pytest

from app.adapters.sheets import SheetRefused, read_lines, read_sheet, read_sheet_apart
from tests.fixtures.nasty_rosters import GOOD, with_part, xlsx


def cells_of(content):
    return [row.cells for row in read_sheet(content).rows]


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                      "cp1256"])  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "،"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_every_kind_is_read(encoding, delimiter, end):
    if encoding == "cp1256" and delimiter == "،":
        delimiter = ";"
    text = end.join(
        delimiter.join(row) for row in [("اسم", "sex"), ("علي خان", "M"), ("Sara", "F")]
    )
    assert cells_of(text.encode(encoding)) == [("اسم", "sex"), ("علي خان", "M"), ("Sara", "F")]


def test_a_quoted_cell_may_hold_the_delimiter_and_a_line_end():
    assert cells_of(b'Name,Agency\n"Khan, Ali","Police\nKarachi"\n') == [
        ("Name", "Agency"),
        ("Khan, Ali", "Police Karachi"),
    ]


def test_a_quote_that_does_not_end_swallows_no_one():
    people = "\n".join(f"Synthetic {n},F" for n in range(20))
    assert len(cells_of(f'Name,Sex\n"Ali,M\n{people}\n'.encode())) == 22


def test_lines_are_numbered_as_in_the_spreadsheet():
    assert [row.line for row in read_lines(b"\n\nName\n\nAli\n").rows] == [3, 5]


def test_a_workbook_is_read_with_its_merged_cells():
    def fill(book):
        sheet = book.active
        sheet.append(["List of people"])
        sheet.append([])
        sheet.append(["No", "Participant", None, "Agency", "Since"])
        sheet.append([1, "Ali", "Khan", "Police", date(2020, 5, 1)])
        sheet.append([2.0, "Sara", "Bibi", None, 1.5])
        sheet.merge_cells("A1:E1")
        sheet.merge_cells("B3:C3")
        sheet.merge_cells("D4:D5")

    assert cells_of(workbook(fill)) == [
        ("List of people",) * 5,
        ("No", "Participant", "Participant", "Agency", "Since"),
        ("1", "Ali", "Khan", "Police", "2020-05-01 00:00:00"),
        ("2", "Sara", "Bibi", "Police", "1.5"),
    ]


def test_the_first_visible_sheet_with_something_in_it_counts():
    def fill(book):
        book.active.title = "empty"
        for title, state in (("away", "hidden"), ("list", "visible"), ("more", "visible")):
            sheet = book.create_sheet(title)
            sheet.append([title])
            sheet.sheet_state = state

    content = workbook(fill)
    assert cells_of(content) == [("list",)]
    assert read_sheet(content).others == 1


def test_a_formula_is_never_computed_what_was_last_shown_counts():
    def fill(book):
        book.active.append(["Name", "=1+1"])

    assert cells_of(workbook(fill)) == [("Name",)]
    shown = '<c r="A1" t="str"><f>CONCATENATE("A","li")</f><v>Ali</v></c>'
    sheet = xlsx([["x"]]), shown
    content = with_part(
        "xl/worksheets/sheet1.xml",
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1">{sheet[1]}</row></sheetData></worksheet>',
    )
    assert cells_of(content) == [("Ali",)]


def test_a_process_of_its_own_reads_the_same():
    content = xlsx(GOOD)
    assert read_sheet_apart(content) == read_sheet(content)
    with pytest.raises(SheetRefused) as refused:
        read_sheet_apart(b"")
    assert refused.value.reason == "list_empty"
