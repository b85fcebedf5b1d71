"""The columns of a bank's workbook, made from the schemas, and the translator's sheet."""

import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook

from app.adapters.workbooks import read_tables
from app.banks.columns import Field, Shape, columns_for, fields_of, read_label
from app.banks.schemas import FileModel, Problem, Ref, Text
from app.banks.translating import read_translation, write_translation
from app.banks.workbook_reading import column_letters
from app.banks.workbook_words import how_to_rows
from tests.fixtures.workbooks import EXAMPLE, MADE_AT, NAMES, banks, written


@pytest.mark.parametrize("name", NAMES)
def test_a_translators_sheet_comes_back_equal(name: str) -> None:
    bank = banks()[name]
    tables = read_tables(write_translation(bank, "ur", made_at=MADE_AT))
    assert read_translation(tables, bank) == (bank, [])


def test_a_translation_of_other_words_than_the_banks_is_not_taken() -> None:
    bank = banks()["my-bank"]
    book = load_workbook(io.BytesIO(write_translation(bank, "ps", made_at=MADE_AT)))
    sheet = book["translation"]
    for row in range(2, sheet.max_row + 1):
        sheet[f"D{row}"] = f"پښتو {row}"
    sheet["C3"], sheet["A4"] = "Another topic", "my-bank/items/gone/stem"
    buffer = io.BytesIO()
    book.save(buffer)
    _, problems = read_translation(read_tables(buffer.getvalue()), bank)
    assert [str(each) for each in problems] == [
        "translation C3: the source has changed since; it says now: “The first topic”",
        "translation D3: “second-topic” is not translated in objectives",
        "translation A4: the bank has no text of this name; take a new sheet",
    ]


def test_a_new_language_comes_in_by_the_translators_sheet_alone() -> None:
    bank = banks()["my-bank"]
    book = load_workbook(io.BytesIO(write_translation(bank, "ps", made_at=MADE_AT)))
    sheet = book["translation"]
    for row in range(2, sheet.max_row + 1):
        sheet[f"D{row}"] = f"پښتو {row}"
    buffer = io.BytesIO()
    book.save(buffer)
    found, problems = read_translation(read_tables(buffer.getvalue()), bank)
    assert problems == []
    assert found is not None
    assert found.source == bank.source
    assert sorted(found.languages) == ["ps", "ur"]
    assert found.languages["ps"].items["opening-day"].stem.startswith("پښتو")
    assert found.forms[0].title["ps"].startswith("پښتو")


class _Pair(FileModel):
    ref: Ref
    text: Text
    answers: tuple[Ref, ...] = ()


class _Grid(FileModel):
    ref: Ref
    rows: tuple[_Pair, ...] = ()
    head: Text


def test_a_new_field_of_a_schema_is_a_new_column() -> None:
    fields = fields_of(_Grid, frozenset({"rows", "head"}))
    labels = [each.label for each in columns_for(fields, ("en", "ur"), {"rows": 2})]
    assert labels == [
        "ref", "head [en]", "head [ur]",
        "row 1 ref", "row 1 text [en]", "row 1 text [ur]", "row 1 answers",
        "row 2 ref", "row 2 text [en]", "row 2 text [ur]", "row 2 answers",
    ]  # fmt: skip
    for label in labels:
        column = read_label(label, fields)
        assert column is not None
        assert column.label == label
    assert read_label("row 1 text", fields) is None
    assert fields[-1] == Field(("rows", "#", "answers"), Shape.LIST)


def test_the_sheet_of_instructions_explains_every_column() -> None:
    rows = list(how_to_rows())
    for name in NAMES:
        for sheet, label in _labels(written(name)):
            known = [
                row for row in rows if row[0] in {f"{sheet}: {label}", f"{sheet}: {_first(label)}"}
            ]
            assert known, (sheet, label)
            assert known[0][1], (sheet, label)


def _labels(content: bytes) -> Iterator[tuple[str, str]]:
    for name, rows in read_tables(content).items():
        if not name.startswith("#"):
            yield from ((name, label) for label in rows[0].cells.values())


def _first(label: str) -> str:
    words = ["1" if word.isdecimal() else word for word in label.replace("[ur]", "[en]").split()]
    return " ".join(words)


def test_problems_are_ordered_and_spoken_as_a_cell_or_a_line() -> None:
    assert str(Problem("items", 12, "it is wrong", "F")) == "items F12: it is wrong"
    assert str(Problem("a/bank.yaml", 12, "it is wrong")) == "a/bank.yaml:12: it is wrong"
    assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_folder_of_the_example_holds_what_the_guide_says() -> None:
    names = sorted(path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.rglob("*.yaml"))
    assert names == ["my-bank/bank.yaml", "my-bank/forms/my-form.yaml", "my-bank/ur.yaml"]
