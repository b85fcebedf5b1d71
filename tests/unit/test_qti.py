"""QTI 3.0: items alone and as packages become a draft; everything that has no place is listed."""

from datetime import date

import pytest

from app.adapters.brought import read_brought
from app.adapters.xml_files import XmlElement, read_xml
from app.banks.foreign import Foreign, ForeignItem, as_draft
from app.banks.importing import look_over, open_file
from app.banks.plain import as_json, from_json
from app.banks.qti import read_item
from app.core.errors import BankRefused
from tests.fixtures.bank_bombs import zipped
from tests.fixtures.qti_files import (
    MATCH,
    ORDER,
    SEVERAL,
    SINGLE,
    asked,
    choices,
    declared,
    item,
    manifest,
    package,
    pairs,
)

TODAY = date(2026, 11, 23)
OF_THE_ORDER = "its way of counting: match_correct"
TWO = choices(A="One", B="Two")


def read(content: bytes) -> Foreign:
    return read_item(read_xml(content))


def options_of(item: ForeignItem) -> list[str]:
    return [each.text["en"] + "*" * each.is_key for each in item.options]


def said(foreign: Foreign) -> list[str]:
    return [each.message for each in foreign.losses]


def test_one_right_answer_is_carried_with_the_text_around_its_question() -> None:
    foreign = read(SINGLE)
    (found,) = foreign.items
    assert (found.name, found.kind, found.points) == ("The gate", "single_choice", 1)
    assert found.stem == {"en": "The town has a gate.\nWho keeps the gate?"}
    assert options_of(found) == ["Music", "Roads & ways*", "Shops"]
    assert (found.is_fixed, said(foreign)) == (False, [])


def test_several_right_answers_are_carried_and_keep_their_order_without_a_shuffle() -> None:
    foreign = read(SEVERAL)
    (found,) = foreign.items
    assert (found.kind, found.is_fixed, said(foreign)) == ("multi_select", True, [])
    assert options_of(found) == ["Ann*", "Bob", "Carl*", "Dan"]


def test_a_match_becomes_rows_and_columns() -> None:
    foreign = read(MATCH)
    (found,) = foreign.items
    assert (found.kind, said(foreign)) == ("match", [])
    assert options_of(found) == ["Punjab", "Balochistan", "Sindh"]
    assert [(row.text["en"], row.column) for row in found.rows] == [
        ("Lahore", 0), ("Quetta", 1), ("Multan", 0),
    ]  # fmt: skip


def test_a_match_whose_second_set_holds_the_lines_is_turned_round() -> None:
    turned = pairs({"P": "Punjab", "B": "Balochistan"}, {"L": "Lahore", "Q": "Quetta", "M": "Mul"})
    keys = declared("P L", "B Q", "P M", cardinality="multiple", base="directedPair")
    (found,) = read(item("cities", keys + asked("match", "Where?", turned))).items
    assert [(row.text["en"], row.column) for row in found.rows] == [
        ("Lahore", 0), ("Quetta", 1), ("Mul", 0),
    ]  # fmt: skip


def test_an_order_becomes_rows_in_their_right_order() -> None:
    foreign = read(ORDER)
    (found,) = foreign.items
    assert (found.kind, found.options) == ("order", ())
    assert [row.text["en"] for row in found.rows] == ["Grind", "Knead", "Bake"]
    assert said(foreign) == [OF_THE_ORDER], "all or nothing there, by places here"


def test_a_name_with_a_prefix_and_a_language_are_read() -> None:
    bare = SINGLE.replace(b"qti-", b"q:qti-").replace(b"xmlns=", b"xmlns:q=")
    assert options_of(read(bare).items[0]) == ["Music", "Roads & ways*", "Shops"]
    foreign = read(SINGLE.replace(b'xml:lang="en"', b'xml:lang="ur"'))
    assert foreign.language == "ur"
    assert foreign.items[0].stem["ur"].startswith("The town")


def mapped(*entries: tuple[str, str]) -> str:
    told = "".join(
        f'<qti-map-entry map-key="{key}" mapped-value="{value}"/>' for key, value in entries
    )
    return f'<qti-mapping default-value="0">{told}</qti-mapping>'


_MAX = (
    '<qti-outcome-declaration identifier="MAXSCORE" cardinality="single" base-type="float">'
    "<qti-default-value><qti-value>%s</qti-value></qti-default-value></qti-outcome-declaration>"
)
_ONE = declared("A") + asked("choice", "Which?", TWO, more=' shuffle="true"')
_MANY = {"cardinality": "multiple"}

# name: (the item, how many questions are carried, what is listed)
LISTED: dict[str, tuple[bytes, int, list[str]]] = {
    "feedback": (
        item("x", declared("A") + asked("choice", "Which?", choices(
            A='One<qti-feedback-inline outcome-identifier="FEEDBACK" identifier="A">Yes!'
              "</qti-feedback-inline>", B="Two"), more=' shuffle="true"'),
             rest='<qti-modal-feedback identifier="A">Read page 3.</qti-modal-feedback>'),
        1, ["a comment: Yes!", "a comment: Read page 3."]),
    "a picture and a sum": (
        item("x", declared("A") + asked(
            "choice", "Which? <img src='a.png' alt='a'/>", TWO, more=' shuffle="true"',
            before="<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mi>x</m:mi></m:math>")),
        1, ["markup: img, math, mi"]),
    "a choice that stays": (
        item("x", declared("A") + asked("choice", "Which?", choices(A="One") + choices(
            more=' fixed="true"', B="None"), more=' shuffle="true"')),
        1, ["that one of the choices keeps its place"]),
    "points of its own": (
        item("x", declared("a", "b", **_MANY, more=mapped(("a", "2"), ("b", "1"), ("c", "-2")))
             + asked("choice", "Which?", choices(a="1", b="2", c="3", d="4")),
             counted="map_response"),
        1, ["points of its own for each answer"]),
    "points as they are counted here": (
        item("x", declared("a", "b", **_MANY, more=mapped(("a", "1"), ("b", "1"), ("c", "-1")))
             + asked("choice", "Which?", choices(a="1", b="2", c="3", d="4")),
             counted="map_response"),
        1, []),
    "all or nothing": (
        item("x", declared("a", "b", **_MANY)
             + asked("choice", "Which?", choices(a="1", b="2", c="3", d="4")),
             counted="match_correct"),
        1, ["its way of counting: match_correct"]),
    "rules of its own": (
        item("x", _ONE, rest="<qti-response-processing><qti-response-condition/>"
             "</qti-response-processing>"),
        1, ["its way of counting: rules of its own"]),
    "at most two": (
        item("x", declared("a", "b", **_MANY) + asked(
            "choice", "Which?", choices(a="1", b="2", c="3", d="4"),
            more=' min-choices="1" max-choices="2"')),
        1, ["that at least 1 are to be chosen", "that at most 2 are to be chosen"]),
    "half a point": (
        item("x", _MAX % "0.5" + _ONE),
        1, ["its points: 0.5, which is no whole number from 1 to 10"]),
    "three points": (item("x", _MAX % "3.0" + _ONE), 1, []),
    "styles, templates and outcomes": (
        item("x", '<qti-template-declaration identifier="N"/>' + _ONE
             + '<qti-outcome-declaration identifier="HINTS"/><qti-stylesheet href="a.css"/>'),
        1, ["the part template-declaration", "the outcome HINTS", "the part stylesheet"]),
    "adaptive": (
        item("x", _ONE).replace(b'adaptive="false"', b'adaptive="true"'), 1,
        ["that it is adaptive"]),
    "a line in two columns": (
        item("x", declared("L P", "L B", "Q P", **_MANY, base="directedPair") + asked(
            "match", "Where?", pairs({"L": "1", "Q": "2"}, {"P": "3", "B": "4"}))),
        0, ["pairs of which a line has no column or several", "the question “X”"]),
    "a line without a column": (
        item("x", declared("L P", **_MANY, base="directedPair") + asked(
            "match", "Where?", pairs({"L": "1", "Q": "2"}, {"P": "3", "B": "4"}))),
        0, ["pairs of which a line has no column or several", "the question “X”"]),
    "a pair that is none": (
        item("x", declared("L", "Q P X", **_MANY, base="directedPair") + asked(
            "match", "Where?", pairs({"L": "1", "Q": "2"}, {"P": "3", "B": "4"}))),
        0, ["pairs of which a line has no column or several", "the question “X”"]),
    "a line that is none": (
        item("x", declared("L P", "X B", **_MANY, base="directedPair") + asked(
            "match", "Where?", pairs({"L": "1", "Q": "2"}, {"P": "3", "B": "4"}))),
        0, ["pairs of which a line has no column or several", "the question “X”"]),
    "an order with a line twice": (
        item("x", declared("A", "B", "A", cardinality="ordered") + asked(
            "order", "Which?", TWO + choices(A="One again"))),
        0, ["an order in which not every line has its place", "the question “X”"]),
    "an order of some": (
        item("x", declared("B", cardinality="ordered") + asked("order", "Which?", TWO)),
        0, ["an order in which not every line has its place", "the question “X”"]),
    "two questions in one": (
        item("x", declared("A") + asked("choice", "Which?", TWO, before=(
            '<qti-text-entry-interaction response-identifier="R2"/>'))),
        0, ["several questions in one: “X”"]),
    "no question": (
        item("x", "<qti-item-body><p>Read.</p></qti-item-body>"), 0,
        ["a text without answers: “X”"]),
    "another kind": (
        item("x", declared("A") + asked("hotspot", "Where?", "")), 0,
        ["a question of the kind hotspot: “X”"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_what_has_no_place_is_listed_and_nothing_else(name: str) -> None:
    content, carried, lost = LISTED[name]
    foreign = read(content)
    assert len(foreign.items) == carried
    assert said(foreign) == lost


def test_points_are_those_of_the_whole_question() -> None:
    assert read(LISTED["three points"][0]).items[0].points == 3


@pytest.mark.parametrize("folder", ["", "our-test/"])
def test_a_package_is_read_in_its_process_in_the_order_of_its_manifest(folder: str) -> None:
    seen = look_over(open_file(package(folder)), lambda ref: None, TODAY)
    assert seen.bank is not None
    assert (seen.is_draft, seen.can_be_published) == (True, False)
    told = [(each.ref, each.kind.value) for each in seen.bank.source.items]
    assert told == [
        ("the-gate", "single_choice"), ("came", "multi_select"), ("cities", "match"),
        ("bread", "order"),
    ]  # fmt: skip
    assert [(str(each.spot), each.message) for each in seen.losses] == [
        ("imsmanifest.xml:6", "a test with its parts and their order: assessment.xml"),
        ("imsmanifest.xml:26", "a file: styles/look.css"),
        ("items/bread.xml:19", OF_THE_ORDER),
    ]  # fmt: skip
    spots = {str(each.spot) for each in seen.about_items["cities"]}
    assert spots == {"items/cities.xml:2"}
    again, _ = from_json(as_json(seen.bank))
    assert again == seen.bank


def test_what_a_package_says_beside_its_questions_is_listed() -> None:
    listed = manifest(
        "imsqti_item_xmlv3p0 items/gate.xml", "imsqti_item_xmlv3p0 items/gone.xml",
        "imsqti_item_xmlv2p1 old.xml", "imsqti_stimulus_xmlv3p0 text.xml",
        data="<lom/>",
    )  # fmt: skip
    content = package(imsmanifest_xml=listed, old_xml=b"<assessmentItem/>", text_xml=b"<x/>")
    seen = look_over(read_brought(content), lambda ref: None, TODAY)
    assert [(str(each.spot), each.message) for each in seen.losses] == [
        ("imsmanifest.xml:2", "data about it: lom"),
        ("imsmanifest.xml:10", "a question whose file is missing: items/gone.xml"),
        ("imsmanifest.xml:14", "a question that is not of QTI 3.0: old.xml"),
        ("imsmanifest.xml:18", "a text: text.xml"),
        *((f"{name}:1", "a file that the manifest does not name") for name in (
            "assessment.xml", "items/bread.xml", "items/came.xml", "items/cities.xml",
            "styles/look.css",
        )),
    ]  # fmt: skip


def test_items_of_another_language_are_taken_and_named() -> None:
    urdu = SEVERAL.replace(b'time-dependent="false"', b'time-dependent="false" xml:lang="ur"')
    seen = look_over(read_brought(package(items__came_xml=urdu)), lambda ref: None, TODAY)
    assert seen.bank is not None
    assert seen.bank.source.language == "en"
    assert "its language ur: it is taken as en" in [each.message for each in seen.losses]


def test_a_package_without_a_question_is_refused() -> None:
    content = zipped([("imsmanifest.xml", manifest("webcontent page.html"))])
    with pytest.raises(BankRefused):
        look_over(read_brought(content), lambda ref: None, TODAY)


def test_a_draft_of_it_asks_for_what_is_missing_at_the_place_of_each_item() -> None:
    bank, problems = as_draft(read(MATCH))
    assert bank is not None
    messages = {each.message for each in problems}
    assert "“row-1” names no misconception behind “b”" in messages
    assert not [each for each in messages if "column of" in each]


def test_text_and_elements_stand_in_their_order() -> None:
    root = read_xml(b"<p>Who <b>keeps</b> the <i>gate</i> &amp; door?</p>")
    told = [each if isinstance(each, str) else each.name for each in root.in_order()]
    assert told == ["Who ", "b", " the ", "i", " & door?"]
    assert root.size() == 3
    assert XmlElement.from_plain(root.as_plain()) == root
