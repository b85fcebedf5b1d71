"""GIFT, Moodle XML and XLSForm: what is carried into a draft, and what is listed as lost.

The files have the shapes of the published samples of these tools (GIFT's examples.txt and Moodle's
test files in moodle/moodle, XLSForm's examples in XLSForm/pyxform); the words are our own.
"""

import json
from datetime import date
from typing import Any

import pytest

from app.adapters.brought import read_brought
from app.adapters.xml_files import read_xml
from app.banks.foreign import as_draft, export_losses, items_for_export
from app.banks.gift import TOOL as GIFT_TOOL
from app.banks.gift import read_gift, write_gift
from app.banks.importing import look_over
from app.banks.moodle_xml import TOOL as MOODLE_TOOL
from app.banks.moodle_xml import read_moodle, write_moodle
from app.banks.plain import as_json, from_json
from app.banks.xlsform import read_xlsform
from app.core.scoring import ItemKind
from tests.fixtures.bank_bombs import sheet_of
from tests.fixtures.workbooks import NAMES, banks

# shape: (the text, kind, options with the keys marked, what is listed as lost)
GIFT: dict[str, tuple[str, str, list[str], list[str]]] = {
    "one right answer": ("Who keeps the bridge?{~Music ~Shops =Roads}", "single_choice",
                         ["Music", "Shops", "Roads*"], []),
    "over several lines": ("Which way? {\n    ~North\n    =South\n    ~East}", "single_choice",
                           ["North", "South*", "East"], []),
    "in the middle of a sentence": ("Ann is {~old =young ~gone} today.", "single_choice",
                                    ["old", "young*", "gone"], []),
    "true": ("The sun rises in the east.{T}", "true_false", ["True*", "False"], []),
    "false": ("The gate is open.{FALSE}", "true_false", ["True", "False*"], []),
    "false with a comment": ("The gate is open.{F#It is not.}", "true_false",
                             ["True", "False*"], ["a comment: It is not."]),
    "with a name and comments": (
        "::Bridge::Who keeps it?{\n~Music#no\n=Roads#Very good!}", "single_choice",
        ["Music", "Roads*"], ["a comment: no", "a comment: Very good!"]),
    "several right answers": (
        "Who came? {\n ~No one\n ~%50%Ann\n ~%50%Bob\n ~Carl }", "multi_select",
        ["No one", "Ann*", "Bob*", "Carl"], []),
    "with points taken off": (
        "Who came? {~%-50%No one ~%50%Ann ~%50%Bob ~%-50%Carl}", "multi_select",
        ["No one", "Ann*", "Bob*", "Carl"], []),
    "with half of the points": (
        "Who came?{~wrong ~%50%half =full}", "single_choice", ["wrong", "half", "full*"],
        ["part of the points for “half”"]),
    "with uneven parts": (
        "Who came?{~%70%Ann ~%30%Bob ~%-100%Carl}", "multi_select", ["Ann*", "Bob*", "Carl"],
        [f"part of the points for “{name}”" for name in ("Ann", "Bob", "Carl")]),
    "with a slip that costs": (
        "Who came?{~%100%Ann ~%-50%Bob ~Carl}", "single_choice", ["Ann*", "Bob", "Carl"],
        ["part of the points for “Bob”"]),
    "with thirds": (
        "Who?{~%33.333%Ann ~%33.333%Bob ~%33.333%Dan ~%-33.3%Carl}", "multi_select",
        ["Ann*", "Bob*", "Dan*", "Carl"], []),
    "either is right": (
        "Who came?{=Ann =Bob ~Carl}", "multi_select", ["Ann*", "Bob*", "Carl"],
        ["that one of several right answers is enough"]),
    "with escaped signs": (r"Which is 5? {~\=2+2 =\=2+3 ~a\:b}", "single_choice",
                           ["=2+2", "=2+3*", "a:b"], []),
    "an essay": ("Say why. {}", "short_text", [], []),
    "with markup": (
        "[html]<p>Who <b>keeps</b> it?</p><img src='x'>{~Music =Roads}", "single_choice",
        ["Music", "Roads*"], ["markup: img"]),
    "below a comment": ("// for Basma\nWho keeps it?{~Music =Roads}", "single_choice",
                        ["Music", "Roads*"], []),
}  # fmt: skip
GIFT_LOST = {
    "a number": ("When?{#1822:1}", "an answer that is a number"),
    "typed answers": ("Who?{=no one =nobody}", "right answers to be typed"),
    "an answer without its pair": (
        "Match. {=Ann -> bread =Bob}",
        "an answer without its pair: “Bob”",
    ),
    "a category": ("$CATEGORY: $course$/Law", "the category: $course$/Law"),
    "a title without a question": ("Part two of the test", "a text without answers"),
}


def options_of(item: Any) -> list[str]:
    return [each.text["en"] + "*" * each.is_key for each in item.options]


@pytest.mark.parametrize("name", GIFT)
def test_gift_is_carried_and_the_rest_is_listed(name: str) -> None:
    text, kind, options, lost = GIFT[name]
    foreign = read_gift(text)
    (item,) = foreign.items
    assert (item.kind, options_of(item)) == (kind, options)
    assert [each.message for each in foreign.losses] == lost
    assert "{" not in item.stem["en"]


@pytest.mark.parametrize("name", GIFT_LOST)
def test_gift_that_has_no_place_here_is_listed_with_its_line(name: str) -> None:
    text, lost = GIFT_LOST[name]
    foreign = read_gift(f"Here is one.{{T}}\n\n{text}\n")
    assert len(foreign.items) == 1
    said = [(each.spot.line, each.message) for each in foreign.losses]
    assert any(line == 3 and message.startswith(lost) for line, message in said), said


def test_a_gap_in_a_sentence_becomes_a_line() -> None:
    (item,) = read_gift("Ann is {~old =young} today.").items
    assert item.stem["en"] == "Ann is _____ today."


MOODLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category"><category><text>$course$/Law</text></category></question>
  <question type="multichoice">
    <name><text>Bridge</text></name>
    <questiontext format="html"><text><![CDATA[<p>Who keeps the <b>bridge</b>?</p>]]></text></questiontext>
    <generalfeedback format="html"><text>See page 3.</text></generalfeedback>
    <defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>
    <single>true</single><shuffleanswers>false</shuffleanswers>
    <answer fraction="100" format="html"><text>Roads &amp; ways</text><feedback format="html"><text>Yes</text></feedback></answer>
    <answer fraction="50" format="html"><text>Music</text></answer>
    <hint format="html"><text>Think.</text></hint><hint><text>Again.</text></hint>
    <tags><tag><text>law</text></tag></tags>
  </question>
  <question type="multichoice">
    <name><text>Came</text></name>
    <questiontext format="html"><text><![CDATA[Who came? <img src="@@PLUGINFILE@@/a.jpg" alt="x">]]></text>
      <file name="a.jpg" encoding="base64">AAAA</file></questiontext>
    <defaultgrade>0.5</defaultgrade><single>false</single>
    <answer fraction="50"><text>Ann</text></answer><answer fraction="50"><text>Bob</text></answer>
    <answer fraction="-100"><text>Carl</text></answer><answer fraction="0"><text>Dan</text></answer>
  </question>
  <question type="truefalse">
    <name><text>Gate</text></name>
    <questiontext format="html"><text>The gate is open.</text></questiontext>
    <answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer>
  </question>
  <question type="essay"><name><text>Why</text></name>
    <questiontext format="plain_text"><text>Say why 2 &lt; 3.</text></questiontext></question>
  <question type="ddwtos"><name><text>Words</text></name></question>
  <question type="pattern"><name><text>Shape</text></name></question>
</quiz>"""  # noqa: E501  as that tool writes it


def test_moodle_xml_is_carried_and_the_rest_is_listed() -> None:
    foreign = read_moodle(read_xml(MOODLE))
    told = [(each.name, each.kind, each.points, options_of(each)) for each in foreign.items]
    assert told == [
        ("Bridge", "single_choice", 2, ["Roads & ways*", "Music"]),
        ("Came", "multi_select", 1, ["Ann*", "Bob*", "Carl", "Dan"]),
        ("Gate", "true_false", 1, ["True", "False*"]),
        ("Why", "short_text", 1, []),
    ]
    assert [each.stem["en"] for each in foreign.items][:2] == ["Who keeps the bridge?", "Who came?"]
    assert [each.is_fixed for each in foreign.items][:2] == [True, False]
    assert [each.message for each in foreign.losses] == [
        "the category: $course$/Law", "a comment: See page 3.", "a comment: Think.",
        "a comment: Again.", "a tag: law", "a comment: Yes",
        "part of the points for “Music”", "markup: img", "a file: a.jpg",
        "its points: 0.5, which is no whole number from 1 to 10", "part of the points for “Carl”",
        "words to be dragged: “Words”",
        "a question of the kind pattern: “Shape”",
    ]  # fmt: skip


SURVEY = [
    ["type", "name", "label::English (en)", "label::Urdu (ur)", "relevant"],
    ["begin group", "g1", "Part one", "پہلا حصہ"],
    ["select_one agree or_other", "clear", "It was clear.", "بات واضح تھی۔"],
    ["text", "change", "What should change?", "کیا بدلنا چاہیے؟"],
    ["integer", "age", "Your age", "آپ کی عمر"],
    ["select_multiple agree", "many", "Which?", "کون سے؟"],
    ["select one from yes_no", "again", "Again?", "دوبارہ؟"],
    ["end group"],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Urdu (ur)"],
    ["agree", "1", "No", "نہیں"], ["agree", "2", "<img src=x>Partly", "کچھ"],
    ["agree", "3", "Yes", "ہاں"],
    ["yes_no", "yes", "Yes", "ہاں"], ["yes_no", "no", "No", "نہیں"],
]  # fmt: skip


def table(rows: list[list[str]]) -> Any:
    return read_brought(sheet_of(rows)()).tables["s0"]


def test_a_language_of_an_xlsform_keeps_its_country() -> None:
    survey = [["type", "name", "label::Dari (fa-AF)"], ["text", "why", "چرا؟"]]
    foreign = read_xlsform({"survey": table(survey), "choices": table(CHOICES[:1])})
    assert [each.stem for each in foreign.items] == [{"fa-AF": "چرا؟"}]
    assert foreign.language == "fa-AF"


def test_an_xlsform_becomes_a_questionnaire_in_its_languages() -> None:
    foreign = read_xlsform({"survey": table(SURVEY), "choices": table(CHOICES)})
    bank, problems = as_draft(foreign)
    assert bank is not None
    assert problems == []
    assert bank.source.purpose == "questionnaire"
    assert [(each.ref, each.kind) for each in bank.source.items] == [
        ("clear", "likert"), ("change", "short_text"),
    ]  # fmt: skip
    assert [each.text for each in bank.source.items[0].options] == ["No", "Partly", "Yes"]
    assert bank.languages["ur"].items["clear"].options["c"] == "ہاں"
    assert [(str(each.spot), each.message) for each in foreign.losses] == [
        ("choices C3", "markup: img"),
        ("survey E1", "the column “relevant”"),
        ("survey A2", "begin group: “g1”"),
        ("survey A3", "“or_other” of “clear”"),
        ("survey A5", "integer: “age”"),
        ("survey A6", "select_multiple agree: “many”"),
        ("survey A7", "“again”: a choice of 2, a scale has 3 to 7"),
        ("survey A8", "end group: “”"),
    ]


def _without_markup_of_spaces(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("kind", ["gift", "moodle"])
def test_a_bank_goes_out_and_comes_back_but_for_what_is_listed(
    name: str, language: str, kind: str
) -> None:
    bank = banks()[name]
    is_gift = kind == "gift"
    wanted = items_for_export(bank, language, GIFT_TOOL if is_gift else MOODLE_TOOL)
    if is_gift:
        foreign = read_gift(write_gift(bank, language).decode())
    else:
        foreign = read_moodle(read_xml(write_moodle(bank, language)))
    assert foreign.losses == []
    assert len(foreign.items) == len(wanted)
    for mine, theirs in zip(foreign.items, wanted, strict=True):
        is_truth = theirs.kind is ItemKind.TRUE_FALSE
        assert (mine.name, mine.kind) == (theirs.name, theirs.kind)
        assert mine.stem["en"] == _without_markup_of_spaces(theirs.stem[language])
        assert [each.is_key for each in mine.options] == [each.is_key for each in theirs.options]
        if not is_truth:
            assert [each.text["en"] for each in mine.options] == [
                each.text[language] for each in theirs.options
            ]
        assert [(each.text["en"], each.column) for each in mine.rows] == [
            (each.text[language], each.column) for each in theirs.rows
        ]
        if kind == "moodle":
            assert mine.points == theirs.points
            assert is_truth or mine.is_fixed == theirs.is_fixed


def test_what_an_export_leaves_out_is_said_and_stands_in_the_file() -> None:
    bank = banks()["my-bank"]
    lost = export_losses(bank, "en", GIFT_TOOL)
    assert lost == [
        "the words in ur", "topics", "false beliefs behind wrong options", "names of options",
        "levels", "points", "sources, days and countries of the law", "flags and reviews", "forms",
        "shared texts as texts of their own: they stand in each question",
    ]  # fmt: skip
    text = write_gift(bank, "en").decode()
    assert all(f"// Left out: {each}\n" in text for each in lost)
    assert "the points" not in write_moodle(bank, "en").decode()


def test_a_draft_is_shown_with_what_it_still_needs_and_cannot_be_published() -> None:
    seen = look_over(read_brought(MOODLE), lambda ref: None, date(2026, 11, 23))
    assert seen.bank is not None
    assert (seen.is_draft, seen.can_be_published, len(seen.losses)) == (True, False, 13)
    said = [str(each.spot) for each in seen.about_items["bridge"]]
    assert set(said) == {"Moodle XML:5"}
    assert any("names no misconception" in each.message for each in seen.notes)
    again, _ = from_json(as_json(seen.bank))
    assert again == seen.bank


@pytest.mark.parametrize("name", ["ur.yamlx", "forms/ur", "ur", "../ur.yaml", "forms/deep/x.yaml"])
def test_a_bank_that_is_sent_back_has_files_of_a_bank_alone(name: str) -> None:
    plain = json.loads(as_json(banks()["my-bank"]))
    plain[name] = plain["ur.yaml"]
    with pytest.raises(ValueError, match="no file of a bank"):
        from_json(json.dumps(plain))
