"""Rows and tables in a bank's files: what is refused, what the linter says, what is published."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.adapters.workbooks import read_tables
from app.banks.drafting import draft_form
from app.banks.linting import lint_bank
from app.banks.reading import read_bank, require_banks
from app.banks.schemas import FormDraft
from app.banks.translating import read_translation, write_translation
from app.banks.workbook import write_bank as write_bank_as_workbook
from app.banks.workbook_reading import read_workbook
from tests.fixtures.bank_files import write_bank
from tests.fixtures.row_files import BANK, URDU, write_row_bank
from tests.fixtures.workbooks import MADE_AT

TODAY = date(2026, 11, 23)
TO_SEA = (
    "column: land\n        misconceptions: {sea: swapped",
    "column: sea\n        misconceptions: {land: swapped",
)

# name: (file, what stands there, what is put there, what is said)
REFUSED = {
    "a column that is not there": (
        "bank",
        "column: sea",
        "column: lake",
        "no column of “parts” is called “lake”",
    ),
    "a row without its column": (
        "bank",
        "        column: sea\n",
        "",
        "“whale” does not say its column",
    ),
    "a wrong column without a belief": (
        "bank",
        "{land: swapped, air: everywhere}",
        "{land: swapped}",
        "“whale” names no misconception behind “air”",
    ),
    "a belief behind the right column": (
        "bank",
        "{land: swapped, air: everywhere}",
        "{land: swapped, air: everywhere, sea: swapped}",
        "“sea” is no wrong column of “whale”",
    ),
    "a belief that is not there": (
        "bank",
        "{land: swapped, air",
        "{land: nothing, air",
        "no misconception is called “nothing”",
    ),
    "a row that stands twice": (
        "bank",
        "ref: camel",
        "ref: whale",
        "“parts” has the same row twice",
    ),
    "a key among the columns": (
        "bank",
        '        text: "Sea"',
        '        text: "Sea"\n        key: true',
        "“sea” is a column: keys and beliefs stand in the rows",
    ),
    "a column that is no crime": (
        "bank",
        "ref: smuggling",
        "ref: theft",
        "“theft” is no column of a classify item",
    ),
    "columns of an order": (
        "bank",
        'made?"\n',
        'made?"\n    options:\n      - {ref: one, text: One}\n',
        "“steps” has 1 options",
    ),
    "a place named in an order": (
        "bank",
        '        text: "The grain is ground"\n',
        '        text: "The grain is ground"\n        column: one\n',
        "“grain” has its place by where it stands",
    ),
    "an order of two": (
        "bank",
        '      - ref: oven\n        text: "The oven bakes it"\n',
        "",
        "“steps” has 2 rows; a order item has 3 to 8",
    ),
    "rows of a choice": (
        "bank",
        '    stem: "Which month had more boats?"\n',
        '    stem: "Which month had more boats?"\n    rows:\n      - {ref: one, text: One}\n',
        "“most-boats” has rows; a single_choice item has none",
    ),
    "a row of a table that is too short": (
        "bank",
        '[June, "15", "38"]',
        '[June, "15"]',
        "the row has 2 cells, the head of “boats” 3",
    ),
    "a table of one column": ("bank", "head: [Month, Boats, Nets]", "head: [Month]", "head: "),
    "a row that is not translated": (
        "ur",
        '      whale: "وہیل"\n',
        "",
        "“whale” is not translated in rows",
    ),
    "a translated row that is not there": (
        "ur",
        '      whale: "وہیل"\n',
        '      whale: "وہیل"\n      squid: "اسکویڈ"\n',
        "“squid” does not exist in the bank",
    ),
    "a table that is not translated": (
        "ur",
        "tables:\n  boats:",
        "tables:\n  ships:",
        "“boats” is not translated in tables",
    ),
    "a translated table of another shape": (
        "ur",
        '      - [جون, "15", "38"]\n',
        "",
        "the table of “boats” has another shape than in en",
    ),
}

# name: (rule, file, changes, what the finding says)
FOUND = {
    "all rows in one column": (
        "one-column",
        "bank",
        [TO_SEA, TO_SEA],
        "every row of “parts” belongs into one column",
    ),
    "most rows in one column": (
        "column",
        "bank",
        [TO_SEA],
        "3 of 4 rows belong into “sea”",
    ),
    "the last row by elimination": (
        "left-over",
        "bank",
        [
            ('      - ref: neither\n        text: "Neither"\n', ""),
            (", neither: swapped", ""),
            (", neither: swapped", ""),
            (", neither: everywhere", ""),
        ],
        "each column of “crimes” is right once",
    ),
    "a row that says its column": (
        "row-says-column",
        "bank",
        [
            ('text: "A whale"', 'text: "A thing of the land"'),
            ("column: sea", "column: land"),
            ("{land: swapped, air", "{sea: swapped, air"),
        ],
        "“land” stands in the row and in no column but its own",
    ),
    "a row that says its column in the translation": (
        "row-says-column",
        "ur",
        [('whale: "وہیل"', 'whale: "سمندر کی وہیل"')],
        "“سمندر” stands in the row",
    ),
    "a row's name": (
        "name",
        "bank",
        [("ref: whale", "ref: sea-whale")],
        "says where the row belongs",
    ),
    "two rows with the same words": (
        "same-option",
        "bank",
        [("A camel", "A whale")],
        "stands here as a row more than once",
    ),
    "a row that is not translated": (
        "copied",
        "ur",
        [("وہیل", "A whale")],
        "“A whale” is not translated",
    ),
    "a number lost in a table": (
        "numbers",
        "ur",
        [('"40"', '"41"')],
        "the numbers differ from en: 40, 41",
    ),
    "a banned term in a cell": (
        "banned-term",
        "bank",
        [("Nets", "Illegal migrants")],
        "is a banned term",
    ),
    "a penalty in a row": (
        "penalty",
        "bank",
        [("A horse", "Imprisonment")],
        "“Imprisonment” states a penalty",
    ),
    "a key said by a cell": (
        "key-in-question",
        "bank",
        [("Nets", "They sailed in June"), ('text: "June"', 'text: "They sailed in June"')],
        "the question itself says “They sailed in June”",
    ),
    "a long row": (
        "length",
        "bank",
        [("A whale", "A whale " + "of the sea " * 7)],
        "a row has 23 words",
    ),
}


def draft(folder: Path, bank: str = BANK) -> FormDraft:
    (found,) = require_banks(write_row_bank(folder, bank=bank))
    return draft_form(found, found.forms[0])


def test_a_sound_bank_with_rows_and_a_table_is_read_and_linted_without_a_word(
    tmp_path: Path,
) -> None:
    (bank,) = require_banks(write_row_bank(tmp_path))
    assert [str(each) for each in lint_bank(bank, TODAY)] == []


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused_in_words_with_its_line(case: str, tmp_path: Path) -> None:
    file, old, new, said = REFUSED[case]
    texts = {"bank": BANK, "ur": URDU}
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    _, problems = read_bank(write_row_bank(tmp_path, **texts) / "little")
    named = [each for each in problems if said in each.message]
    assert named, [str(each) for each in problems]
    assert named[0].file == f"little/{'bank' if file == 'bank' else 'ur'}.yaml"
    assert named[0].line > 1


@pytest.mark.parametrize("case", FOUND)
def test_the_linter_finds_what_is_planted(case: str, tmp_path: Path) -> None:
    rule, file, changes, said = FOUND[case]
    texts = {"bank": BANK, "ur": URDU}
    for old, new in changes:
        assert old in texts[file], old
        texts[file] = texts[file].replace(old, new, 1)
    if case == "the last row by elimination":
        texts["ur"] = URDU.replace('      neither: "کوئی نہیں"\n', "", 1)
    if case == "a row's name":
        texts["ur"] = URDU.replace("      whale:", "      sea-whale:")
    (bank,) = require_banks(write_row_bank(tmp_path, **texts))
    assert any(each.rule == rule and said in each.message for each in lint_bank(bank, TODAY))


def test_a_questionnaire_has_no_rows(tmp_path: Path) -> None:
    bank = BANK.replace("purpose: test", "purpose: questionnaire")
    _, problems = read_bank(write_row_bank(tmp_path, bank=bank) / "little")
    assert "“parts” is a match item, which only a test has" in {each.message for each in problems}


def test_the_key_is_that_of_the_rows_as_they_are_printed(tmp_path: Path) -> None:
    form = draft(tmp_path)
    parts, crimes, steps, _ = form.document["items"]
    keys = form.key["items"]
    right = {"whale": "sea", "camel": "land", "shark": "sea", "horse": "land"}
    letters = {each["ref"]: each["option"] for each in parts["options"]}
    assert set(keys["1"]["keys"]) == {
        each["row"] + letters[right[each["ref"]]] for each in parts["rows"]
    }
    assert len(keys["1"]["options"]) == 12
    assert [each["ref"] for each in crimes["options"]] == [
        "trafficking", "smuggling", "both", "neither",
    ]  # fmt: skip
    numbers = {each["ref"]: each["row"] for each in steps["rows"]}
    assert [each["text"] for each in steps["options"]] == [
        {"en": place, "ur": place} for place in "123"
    ]
    assert set(keys["3"]["keys"]) == {
        numbers["grain"] + "a", numbers["dough"] + "b", numbers["oven"] + "c",
    }  # fmt: skip
    assert keys["3"]["misconceptions"] == {}
    whale = next(each["row"] for each in parts["rows"] if each["ref"] == "whale")
    assert keys["1"]["misconceptions"][whale + letters["land"]] == "swapped"
    assert form.max_units == 4 * 2520


def test_the_published_text_has_rows_and_tables_in_every_language_and_no_key(
    tmp_path: Path,
) -> None:
    form = draft(tmp_path)
    parts, *_, boats = form.document["items"]
    whale = next(each for each in parts["rows"] if each["ref"] == "whale")
    assert whale["text"] == {"en": "A whale", "ur": "وہیل"}
    assert boats["table"]["ur"] == {
        "head": ["مہینہ", "کشتیاں", "جال"],
        "rows": [["مئی", "12", "40"], ["جون", "15", "38"]],
    }
    told = json.dumps(form.document)
    assert not [
        each for each in ("column", "misconception", "swapped", "everywhere") if each in told
    ]


def test_a_form_without_rows_and_tables_keeps_the_hash_it_had_before_there_were_any(
    tmp_path: Path,
) -> None:
    (bank,) = require_banks(write_bank(tmp_path))
    assert (
        draft_form(bank, bank.forms[0]).content_hash
        == "2171af343e5c5ebaed23a1a6c2b31d5b967be0eda352d043cb5af81c02c9547b"
    )


def test_words_of_a_row_and_cells_of_a_table_are_part_of_the_hash(tmp_path: Path) -> None:
    hashes = {
        draft(tmp_path / str(number), BANK.replace(old, new, 1)).content_hash
        for number, (old, new) in enumerate(
            [
                ("", ""),
                ("A whale", "Whales"),
                ('"15"', '"16"'),
                ("land: swapped", "land: everywhere"),
            ]
        )
    }
    assert len(hashes) == 4


def test_a_workbook_gives_rows_and_tables_back_as_they_were(tmp_path: Path) -> None:
    (bank,) = require_banks(write_row_bank(tmp_path))
    found, problems = read_workbook(read_tables(write_bank_as_workbook(bank, made_at=MADE_AT)))
    assert problems == []
    assert found == bank
    assert draft_form(found, found.forms[0]) == draft_form(bank, bank.forms[0])


def test_a_translators_sheet_holds_rows_and_tables_and_brings_them_back(tmp_path: Path) -> None:
    (bank,) = require_banks(write_row_bank(tmp_path))
    sheet = read_tables(write_translation(bank, "ur", made_at=MADE_AT))
    texts = {row.cells[0]: row.cells for row in sheet["translation"][1:]}
    assert texts["little/items/parts/rows/whale"][3] == "وہیل"
    assert texts["little/tables/boats"][2] == "Month | Boats | Nets\nMay | 12 | 40\nJune | 15 | 38"
    found, problems = read_translation(sheet, bank)
    assert problems == []
    assert found == bank


def test_a_cell_with_a_bar_or_a_line_end_is_refused(tmp_path: Path) -> None:
    _, problems = read_bank(
        write_row_bank(tmp_path, bank=BANK.replace('"12"', '"1|2"', 1)) / "little"
    )
    assert [each.message for each in problems] == ["“1|2” is not a valid 1"]
