"""Questions with rows in GIFT and Moodle XML: carried both ways, and the listed losses exactly.

The files have the shapes of GIFT's examples.txt and Moodle's own test files; the words are ours.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.adapters.xml_files import read_xml
from app.banks.foreign import Foreign, ForeignItem, as_draft, export_losses, items_for_export
from app.banks.gift import TOOL as GIFT
from app.banks.gift import read_gift, write_gift
from app.banks.moodle_xml import TOOL as MOODLE
from app.banks.moodle_xml import read_moodle, write_moodle
from app.banks.reading import require_banks
from app.banks.schemas import ItemBank, Spot
from app.core.scoring import ItemKind
from tests.fixtures.row_files import write_row_bank
from tests.fixtures.workbooks import banks

NOWHERE = Spot("bank", 1)

# shape: (the text, the columns, rows with the numbers of their columns, what is listed as lost)
GIFT_PAIRS: dict[str, tuple[str, list[str], list[tuple[str, int]], list[str]]] = {
    "a pair a line": (
        "Match. {\n  =Lahore -> Punjab\n  =Quetta -> Balochistan\n  }",
        ["Punjab", "Balochistan"], [("Lahore", 0), ("Quetta", 1)], []),
    "in one line without spaces": (
        "Match the\ncities.{=Lahore->Punjab =Multan->Punjab =Quetta->Balochistan}",
        ["Punjab", "Balochistan"], [("Lahore", 0), ("Multan", 0), ("Quetta", 1)], []),
    "with a column that is wrong everywhere": (
        "Match. {=Lahore -> Punjab =Quetta -> Balochistan = -> Sindh}",
        ["Punjab", "Balochistan", "Sindh"], [("Lahore", 0), ("Quetta", 1)], []),
    "with points of one's own": (
        "Match. {=%50%Lahore -> Punjab =Quetta -> Balochistan}",
        ["Punjab", "Balochistan"], [("Lahore", 0), ("Quetta", 1)],
        ["part of the points for “Lahore”"]),
    "with escaped signs and markup": (
        "::Pairs::[html]Match. {=2 \\= 2 -> true =<b>2</b><img src\\='x'> > 3 -> false}",
        ["true", "false"], [("2 = 2", 0), ("2 > 3", 1)], ["markup: img"]),
}  # fmt: skip

MOODLE_ROWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="matching">
    <name><text>Provinces</text></name>
    <questiontext format="html"><text><![CDATA[<p>In which <b>province</b>?</p>]]></text></questiontext>
    <generalfeedback><text>See the map.</text></generalfeedback>
    <defaultgrade>2</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>
    <shuffleanswers>false</shuffleanswers>
    <correctfeedback><text>Well done.</text></correctfeedback>
    <subquestion format="html"><text><![CDATA[<p>Lahore</p>]]></text><answer><text>Punjab</text></answer></subquestion>
    <subquestion><text>Quetta</text><answer><text>Balochistan</text></answer></subquestion>
    <subquestion><text>Multan</text><answer><text>Punjab</text></answer></subquestion>
    <subquestion><text></text><answer><text>Sindh</text></answer></subquestion>
  </question>
  <question type="ordering">
    <name><text>Bread</text></name>
    <questiontext format="html"><text>In which order?</text></questiontext>
    <layouttype>VERTICAL</layouttype><selecttype>RANDOM</selecttype><selectcount>2</selectcount>
    <gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>
    <answer fraction="10.0" format="moodle_auto_format"><text>Bake</text></answer>
    <answer fraction="1.0"><text>Grind</text><feedback><text>First.</text></feedback></answer>
    <answer fraction="2.0"><text>Knead</text></answer>
  </question>
</quiz>"""  # noqa: E501  as that tool writes it


def rows_of(item: ForeignItem) -> list[Any]:
    return [(row.text["en"], row.column) for row in item.rows]


def columns_of(item: ForeignItem) -> list[str]:
    return [each.text["en"] for each in item.options]


@pytest.fixture
def little(tmp_path: Path) -> ItemBank:
    """A bank with every kind of question with rows, and a table."""
    (bank,) = require_banks(write_row_bank(tmp_path))
    return bank


@pytest.mark.parametrize("name", GIFT_PAIRS)
def test_pairs_of_gift_become_rows_and_columns(name: str) -> None:
    text, columns, rows, lost = GIFT_PAIRS[name]
    foreign = read_gift(text)
    (item,) = foreign.items
    assert (item.kind, columns_of(item), rows_of(item)) == ("match", columns, rows)
    assert [each.message for each in foreign.losses] == lost


def test_choices_with_an_arrow_in_them_are_choices() -> None:
    (item,) = read_gift("Which way?{~north -> south =east -> west}").items
    assert (item.kind, columns_of(item)) == ("single_choice", ["north -> south", "east -> west"])


def test_pairs_and_orders_of_moodle_become_rows() -> None:
    foreign = read_moodle(read_xml(MOODLE_ROWS))
    pairs, steps = foreign.items
    assert (pairs.kind, pairs.points) == ("match", 2)
    assert columns_of(pairs) == ["Punjab", "Balochistan", "Sindh"]
    assert rows_of(pairs) == [("Lahore", 0), ("Quetta", 1), ("Multan", 0)]
    assert (steps.kind, steps.options) == ("order", ())
    assert rows_of(steps) == [("Grind", None), ("Knead", None), ("Bake", None)]
    assert [(each.spot.line, each.message) for each in foreign.losses] == [
        (3, "a comment: See the map."), (3, "a comment: Well done."),
        (3, "that its lines keep their order"),
        (15, "its way of counting: RELATIVE_NEXT_EXCLUDE_LAST"),
        (15, "that some of its lines are drawn"), (21, "a comment: First."),
    ]  # fmt: skip


def test_a_draft_holds_its_rows_and_asks_for_the_beliefs() -> None:
    bank, problems = as_draft(read_moodle(read_xml(MOODLE_ROWS)))
    assert bank is not None
    pairs, steps = bank.source.items
    assert [(row.text, row.column) for row in pairs.rows] == [
        ("Lahore", "a"), ("Quetta", "b"), ("Multan", "a"),
    ]  # fmt: skip
    assert [row.text for row in steps.rows] == ["Grind", "Knead", "Bake"]
    said = {each.message for each in problems}
    assert "“row-1” names no misconception behind “b”" in said
    assert not [each for each in said if "column of" in each or "its column" in each]


def test_a_line_or_choice_too_many_stays_and_is_said() -> None:
    pairs = " ".join(f"=line {n} -> column {n}" for n in range(12))
    choices = " ".join(f"~choice {n}" for n in range(29))
    bank, problems = as_draft(read_gift(f"Match.{{{pairs}}}\n\nChoose.{{=right {choices}}}"))
    assert bank is not None
    match, choice = bank.source.items
    assert (len(match.rows), len(match.options), len(choice.options)) == (12, 12, 30)
    said = {each.message for each in problems}
    assert "“match” has 12 rows; a match item has 2 to 10" in said
    assert "“choose” has 30 options; a single_choice item has 2 to 7" in said


def read_again(bank: ItemBank, language: str, tool: str) -> Foreign:
    if tool == "gift":
        return read_gift(write_gift(bank, language).decode())
    return read_moodle(read_xml(write_moodle(bank, language)))


def as_it_comes_back(item: ForeignItem, language: str, *, keeps_points: bool) -> ForeignItem:
    """What goes out, in the language that a draft is read in and without what the list names."""

    def words(text: dict[str, str]) -> dict[str, str]:
        return {"en": text[language]}

    return replace(
        item,
        stem=words(item.stem),
        options=tuple(replace(each, text=words(each.text)) for each in item.options),
        rows=tuple(replace(each, text=words(each.text)) for each in item.rows),
        points=item.points if keeps_points else 1,
        is_fixed=item.is_fixed and keeps_points,
    )


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("tool", ["gift", "moodle"])
def test_rows_go_out_and_come_back_the_same_but_for_the_list(
    little: ItemBank, language: str, tool: str
) -> None:
    known = GIFT if tool == "gift" else MOODLE
    foreign = read_again(little, language, tool)
    assert foreign.losses == []
    found = [replace(each, spot=NOWHERE) for each in foreign.items]
    wanted = [
        as_it_comes_back(each, language, keeps_points=known.keeps_points)
        for each in items_for_export(little, language, known)
    ]
    assert found == wanted
    kinds = [each.kind.value for each in found]
    assert kinds == ["match", "match", *["order"] * (tool == "moodle"), "single_choice"]
    parts, crimes = found[:2]
    assert [row.column for row in parts.rows] == [0, 1, 0, 1]
    assert len(parts.options) == 3, "a column that is wrong everywhere goes out too"
    assert len(crimes.options) == 4


def test_what_is_left_out_of_rows_is_said_exactly_and_stands_in_the_file(little: ItemBank) -> None:
    common = [
        "the words in ur", "topics", "false beliefs behind wrong options", "names of options",
        "names of rows", "levels", "that columns keep their order",
        "that a question asks which crime it is: it is to be matched",
        "sources, days and countries of the law", "flags and reviews", "forms",
        "shared texts as texts of their own: they stand in each question",
        "tables as tables: their cells stand in each question, a bar between them",
    ]  # fmt: skip
    in_gift = export_losses(little, "en", GIFT)
    in_moodle = export_losses(little, "en", MOODLE)
    assert in_gift == [*common, "questions of the kind order"]
    assert in_moodle == common
    assert all(f"// Left out: {each}\n" in write_gift(little, "en").decode() for each in in_gift)
    written = write_moodle(little, "en").decode()
    assert all(f"<!-- Left out: {each} -->" in written for each in in_moodle)


def test_a_bank_without_rows_says_nothing_of_them() -> None:
    lost = export_losses(banks()["my-bank"], "en", MOODLE)
    assert not [each for each in lost if "row" in each or "column" in each or "table" in each]


def test_the_table_of_a_shared_text_stands_in_the_question(little: ItemBank) -> None:
    (boats,) = [each for each in read_again(little, "en", "gift").items if "boats" in each.name]
    assert boats.stem["en"].splitlines() == [
        "The harbour counted boats.", "Month | Boats | Nets", "May | 12 | 40", "June | 15 | 38",
        "Which month had more boats?",
    ]  # fmt: skip


def test_an_arrow_inside_a_line_is_written_otherwise_and_listed(little: ItemBank) -> None:
    first, *rest = little.source.items
    row = first.rows[0].model_copy(update={"text": "land -> sea"})
    first = first.model_copy(update={"rows": (row, *first.rows[1:])})
    source = little.source.model_copy(update={"items": (first, *rest)})
    text = write_gift(replace(little, source=source), "en").decode()
    assert "// Left out: the sign -> in “parts”: it is written →\n" in text
    assert rows_of(read_gift(text).items[0])[0] == ("land → sea", 0)


def test_a_wrong_tick_takes_away_elsewhere_what_it_takes_away_here() -> None:
    bank = banks()["tip-som"]
    several = [each for each in bank.source.items if each.kind is ItemKind.MULTI_SELECT]
    keys = {sum(option.key for option in each.options) for each in several}
    assert keys == {3}
    text, xml = write_gift(bank, "en").decode(), write_moodle(bank, "en").decode()
    for number, share in ((text.count("~%33.33333%"), 3), (text.count("~%-33.33333%"), 3)):
        assert number == share * len(several)
    assert xml.count('fraction="-33.33333"') == 3 * len(several)
