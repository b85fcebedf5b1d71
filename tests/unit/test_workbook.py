"""A bank as a workbook: out and in again it is the same bank, and every mistake has its cell."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.adapters.workbooks import TableRow, Tables, read_tables
from app.banks.drafting import draft_form
from app.banks.linting import lint_bank
from app.banks.schemas import ItemBank
from app.banks.workbook import write_bank
from app.banks.workbook_reading import column_letters, read_workbook
from tests.fixtures.workbooks import MADE_AT, NAMES, banks, written


def changed(name: str, change: Callable[[dict[str, Worksheet]], None]) -> bytes:
    """The workbook after somebody has worked on it in a spreadsheet."""
    book = load_workbook(io.BytesIO(written(name)))
    change({sheet.title: sheet for sheet in book.worksheets})
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cell_of(sheet: Worksheet, label: str, row: int) -> str:
    headings = [cell.value for cell in sheet[1]]
    return f"{column_letters(headings.index(label))}{row}"


Change = Callable[[dict[str, list[TableRow]]], None]


def put(sheet: str, label: str, line: int, value: str | None) -> Change:
    """Another text in one cell, or none."""

    def change(sheets: dict[str, list[TableRow]]) -> None:
        rows = sheets[sheet]
        at = next(at for at, text in rows[0].cells.items() if text == label)
        row = next(row for row in rows if row.line == line)
        cells = {**row.cells, at: value} if value else {**row.cells}
        if value is None:
            del cells[at]
        rows[rows.index(row)] = replace(row, cells=cells)

    return change


def edited(*changes: Change) -> tuple[ItemBank | None, list[str]]:
    """What is read of the example after these changes."""
    sheets = {name: list(rows) for name, rows in tables().items()}
    for change in changes:
        change(sheets)
    bank, problems = read_workbook({name: tuple(rows) for name, rows in sheets.items()})
    return bank, [str(each) for each in problems]


@cache
def tables() -> Tables:
    return read_tables(written("my-bank"))


def read(content: bytes) -> tuple[ItemBank | None, list[str]]:
    bank, problems = read_workbook(read_tables(content))
    return bank, [str(each) for each in problems]


@pytest.mark.parametrize("name", NAMES)
def test_every_bank_comes_back_equal_with_the_same_published_content(name: str) -> None:
    bank, problems = read(written(name))
    assert problems == []
    assert bank == banks()[name]
    for mine, theirs in zip(bank.forms, banks()[name].forms, strict=True):
        assert draft_form(bank, mine) == draft_form(banks()[name], theirs)


def test_a_workbook_that_a_spreadsheet_has_saved_again_is_the_same_bank() -> None:
    assert read(changed("my-bank", lambda sheets: None)) == (banks()["my-bank"], [])


def test_the_example_is_a_bank_in_which_the_linter_finds_nothing() -> None:
    assert lint_bank(banks()["my-bank"], date(2026, 11, 23)) == []


NASTY = (
    "=1+1", "+92 300", "-5", "@here", "'quoted", " begins with a space", "ends with one ",
    "two\nlines", "a\ttab", "010", "1e5", "TRUE", "2026-01-01", "_x0041_", "http://example.invalid",
    "<b>bold</b>", "]]>", "نام\u200cگذاری", "۱۲", "#REF!", "{=SUM(A1)}", "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.invalid")', "x" * 2000,
)  # fmt: skip


def test_text_that_looks_like_a_formula_a_number_or_a_day_comes_back_as_it_was() -> None:
    bank = banks()["my-bank"]
    item = bank.source.items[0]
    items = tuple(
        item.model_copy(update={"ref": f"i{n}", "stem": text}) for n, text in enumerate(NASTY)
    )
    source = bank.source.model_copy(update={"items": items})
    nasty = replace(bank, source=source, languages={}, forms=())
    found, problems = read_workbook(read_tables(write_bank(nasty, made_at=MADE_AT)))
    assert problems == []
    assert found is not None
    assert [each.stem for each in found.source.items] == list(NASTY)


def test_text_like_a_formula_stays_text_also_when_somebody_types_into_its_cell() -> None:
    bank = banks()["my-bank"]
    source = bank.source.model_copy(update={"title": "=1+1"})
    book = load_workbook(io.BytesIO(write_bank(replace(bank, source=source), made_at=MADE_AT)))
    sheet = book["bank"]
    cell = sheet[cell_of(sheet, "title [en]", 2)]
    assert (cell.value, cell.data_type, cell.number_format, cell.quotePrefix) == (
        "=1+1",
        "s",
        "@",
        True,
    )


def test_what_a_spreadsheet_makes_of_numbers_days_and_ticks_is_what_was_meant() -> None:
    def change(sheets: dict[str, Worksheet]) -> None:
        items, rows = sheets["items"], sheets["blueprints"]
        items[cell_of(items, "points", 2)] = 3
        items[cell_of(items, "law_as_of", 2)] = datetime(2026, 1, 2)  # noqa: DTZ001
        items[cell_of(items, "option 1 key", 2)] = True
        items[cell_of(items, "option 1 key", 3)] = "x"
        items[cell_of(items, "flags", 2)] = "case, confirm"
        rows[cell_of(rows, "number", 2)] = 2.0

    bank, problems = read(changed("my-bank", change))
    assert problems == []
    assert bank is not None
    item = bank.source.items[0]
    assert (item.points, item.law_as_of) == (3, date(2026, 1, 2))
    assert [each.key for each in item.options] == [True, False]
    assert item.flags == ("case", "confirm")
    assert bank.source.items[1].options[0].key is True


def test_a_formula_is_not_computed_and_not_taken_for_text() -> None:
    def change(sheets: dict[str, Worksheet]) -> None:
        sheets["objectives"]["B2"] = '="First"&" topic"'

    _, problems = read(changed("my-bank", change))
    assert problems == [
        "objectives B2: a formula; type its value, or paste it as a value",
        "objectives B2: “title” is missing",
    ]


def _formula(sheets: dict[str, list[TableRow]]) -> None:
    put("items", "stem [en]", 2, None)(sheets)
    sheets["items"][1] = replace(sheets["items"][1], formulas=(17,))


def _beside(sheets: dict[str, list[TableRow]]) -> None:
    row = sheets["objectives"][2]
    sheets["objectives"][2] = replace(row, cells={**row.cells, 7: "what about this?"})


def _note(sheets: dict[str, list[TableRow]]) -> None:
    head, first, *rest = sheets["items"]
    noted = replace(first, cells={**first.cells, 99: "is this true?"})
    later = [replace(row, line=row.line + 3) for row in rest]
    sheets["items"] = [replace(head, cells={**head.cells, 99: "# ask Basma"}), noted, *later]


def _sheet(name: str) -> Change:
    return lambda sheets: sheets.__setitem__(name, [TableRow(1, {0: "something"})])


# name of the mistake: (what somebody does in the spreadsheet, every message)
MISTAKES: dict[str, tuple[Change, list[str]]] = {
    "a kind that does not exist": (
        put("items", "kind", 3, "essay"),
        ["items B3: “essay” is not one of 'single_choice', 'true_false', 'multi_select'"],
    ),
    "a topic that does not exist": (
        put("items", "objective", 3, "third-topic"),
        ["blueprints A2: the blueprint does not fit the items, which are: first-topic 1, ",
         "items C3: no objective is called “third-topic”"],
    ),
    "a question without words": (
        put("items", "stem [en]", 3, None), ["items R3: “stem” is missing"],
    ),
    "a question that is not translated": (
        put("items", "stem [ur]", 3, None), ["items S3: “stem” is missing"],
    ),
    "an option that is not translated": (
        put("items", "option 4 text [ur]", 3, None),
        ["items AK3: “every-day” is not translated in options"],
    ),
    "a topic that is not translated": (
        put("objectives", "title [ur]", 2, None),
        ["objectives C2: “first-topic” is not translated in objectives"],
    ),
    "two keys": (
        put("items", "option 2 key", 3, "yes"),
        ["items T3: “opening-day” has 2 keys; exactly one is needed",
         "items Y3: key “saturday” cannot be a misconception"],
    ),
    "a name with a space": (
        put("items", "ref", 3, "opening day"), ["items A3: “opening day” is not a valid ref"],
    ),
    "a name twice": (
        put("objectives", "ref", 3, "first-topic"),
        ["items C4: no objective is called “second-topic”",
         "items C5: no objective is called “second-topic”",
         "objectives A3: “first-topic” stands twice in objectives"],
    ),
    "too many points": (
        put("items", "points", 3, "11"),
        ["items E3: points: input should be less than or equal to 10"],
    ),
    "a day that is none": (
        put("items", "law_as_of", 2, "2026-02-30"), ["items K2: law_as_of: "],
    ),
    "a form of an unknown question": (
        put("form items", "item", 3, "closing-day"),
        ["form items A3: no item is called “closing-day” in the bank",
         "blueprints A2: the blueprint does not fit the items"],
    ),
    "a question of an unknown form": (
        put("form items", "form", 5, "other"),
        ["form items A5: no form of the sheet “forms” is called “other”",
         "blueprints A2: the blueprint does not fit the items"],
    ),
    "a blueprint that does not fit": (
        put("blueprints", "number", 2, "3"),
        ["blueprints A2: the blueprint does not fit the items"],
    ),
    "a language that nobody has written": (
        put("forms", "languages", 2, "en ps"),
        ["forms C2: nothing is translated into “ps”", "forms D2: the title is missing in “ps”"],
    ),
    "a formula": (
        _formula,
        ["items R2: a formula; type its value, or paste it as a value",
         "items R2: “stem” is missing"],
    ),
    "a column that is not known": (
        put("items", "kind", 1, "sort"),
        ["items B1: no column is called “sort” here", "items A2: “kind” is missing",
         "items A5: “kind” is missing"],
    ),
    "a column twice": (
        put("items", "level", 1, "points"), ["items E1: “points” stands here twice", *[""] * 4],
    ),
    "text beside the table": (
        _beside,
        ["objectives H3: nothing stands above this column"],
    ),
    "a sheet that is not known": (
        _sheet("questions"), ["questions A1: no sheet of a bank is called so; they are: bank,"],
    ),
    "no sheet of questions": (lambda sheets: sheets.pop("items"), ["bank A2: items: "]),
    "no sheet of the bank": (
        lambda sheets: sheets.pop("bank"),
        ["bank A1: “bank” is missing", "bank A1: “language” is missing",
         "bank A1: “purpose” is missing", "bank A1: “title” is missing"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_with_its_sheet_and_cell(name: str) -> None:
    change, wanted = MISTAKES[name]
    _, said = edited(change)
    assert len(said) >= len(wanted)
    for begins in wanted:
        assert [each for each in said if each.startswith(begins)], (begins, said)


def test_the_linter_names_the_cell_too() -> None:
    bank, problems = edited(put("items", "option 1 text [ur]", 3, "Monday morning"))
    assert problems == []
    assert bank is not None
    said = [str(each) for each in lint_bank(bank, date(2026, 11, 23))]
    assert "items V3: “Monday morning” is not translated" in said


def test_notes_of_ones_own_and_empty_rows_change_nothing() -> None:
    assert edited(_note, _sheet("# ideas")) == (banks()["my-bank"], [])


def test_columns_may_be_moved_and_their_names_typed_as_people_type() -> None:
    def change(sheets: dict[str, list[TableRow]]) -> None:
        for row in list(sheets["objectives"]):
            ref, title, urdu = row.cells.values()
            moved = replace(row, cells={0: urdu, 1: ref, 5: title})
            sheets["objectives"][sheets["objectives"].index(row)] = moved

    renamed = (
        put("objectives", "title [ur]", 1, " Title  [ ur ]"),
        put("items", "law_as_of", 1, "Law as of"),
    )
    assert edited(change, *renamed) == (banks()["my-bank"], [])
