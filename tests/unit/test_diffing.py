"""What has changed between two versions of a form, in words."""

import copy
import json
from typing import Any

import pytest

from app.banks.diffing import CHANGE_WORDS, Change, FormText, find_changes, say_change
from app.banks.versions import _version_of

DOCUMENT: dict[str, Any] = {
    "title": {"en": "A test", "ur": "ایک ٹیسٹ"},
    "languages": ["en", "ur"],
    "objectives": {"elements": {"en": "The elements"}},
    "items": [
        {
            "item": "1", "ref": "consent", "kind": "single_choice", "objective": "elements",
            "flags": [], "stem": {"en": "Whose consent?", "ur": "کس کی؟"}, "stimulus": None,
            "options": [
                {"option": "a", "ref": "adult", "text": {"en": "An adult's"}},
                {"option": "b", "ref": "none", "text": {"en": "Nobody's"}},
            ],
        },
        {
            "item": "2", "ref": "border", "kind": "true_false", "objective": "elements",
            "flags": ["case"], "stem": {"en": "Needs a border?"}, "stimulus": {"en": "A case."},
            "options": [
                {"option": "a", "ref": "yes", "text": {"en": "Yes"}},
                {"option": "b", "ref": "no", "text": {"en": "No"}},
            ],
        },
    ],
}  # fmt: skip
KEY: dict[str, Any] = {
    "items": {
        "1": {"kind": "single_choice", "points": 1, "options": ["a", "b"], "keys": ["b"],
              "misconceptions": {"a": "adults-can"}},
        "2": {"kind": "true_false", "points": 1, "options": ["a", "b"], "keys": ["b"],
              "misconceptions": {"a": "border-myth"}},
    },
    "misconceptions": {"border-myth": {"en": "It needs a border"},
                       "adults-can": {"en": "Adults can consent"}},
}  # fmt: skip
OLD = FormText(DOCUMENT, KEY)


def changed(path: str, value: Any) -> list[Change]:
    """What is found when one place is changed; `path` as "document/items/0/stem/en"."""
    whole = {"document": copy.deepcopy(DOCUMENT), "key": copy.deepcopy(KEY)}
    place: Any = whole
    *way, last = [int(part) if part.isdecimal() and len(part) == 1 else part
                  for part in path.split("/")]  # fmt: skip
    for part in way:
        place = place[part if not isinstance(place, dict) else str(part)]
    place[last if not isinstance(place, dict) else str(last)] = value
    return find_changes(OLD, FormText(whole["document"], whole["key"]))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("document/title/en", "Another", "The title in en was “A test”, now “Another”."),
        ("document/languages", ["en", "ur", "ps"], "There is a new language: ps."),
        ("document/languages", ["en"], "A language is gone: ur."),
        ("document/objectives/elements/en", "Parts",
         "The topic elements in en was “The elements”, now “Parts”."),
        ("key/misconceptions/border-myth/en", "A line",
         "The mistaken belief border-myth in en was “It needs a border”, now “A line”."),
        ("document/items/0/stem/ur", "کس؟",
         "Question consent in ur was “کس کی؟”, now “کس؟”."),
        ("document/items/0/kind", "multi_select",
         "Question consent was of the kind single_choice, now multi_select."),
        ("document/items/1/flags", [], "Question border was marked case, now –."),
        ("document/items/1/stimulus", None,
         "The text above question border in en was “A case.”, now “–”."),
        ("document/items/0/options/0/text/en", "A parent's",
         "Question consent: answer adult in en was “An adult's”, now “A parent's”."),
        ("key/items/1/keys", ["a"], "Question consent: right was none, now adult."),
        ("key/items/1/points", 2, "Question consent gave 1 points, now 2."),
        ("key/items/1/misconceptions", {},
         "Question consent: behind answer adult stood adults-can, now –."),
    ],
)  # fmt: skip
def test_each_change_is_one_sentence(path: str, value: Any, says: str) -> None:
    assert [say_change(each) for each in changed(path, value)] == [says]


def test_questions_that_came_went_or_moved_are_known_by_their_names() -> None:
    document, key = copy.deepcopy(DOCUMENT), copy.deepcopy(KEY)
    first, second = document["items"]
    document["items"] = [second | {"item": "1"}, first | {"item": "2", "ref": "consent-2"}]
    key["items"] = {"1": KEY["items"]["2"], "2": KEY["items"]["1"]}
    found = [say_change(each) for each in find_changes(OLD, FormText(document, key))]
    assert found == [
        "Question consent is gone; it was number 1.",
        "Question border was number 2, now 1.",
        "Question consent-2 is new, as number 2.",
    ]


def test_another_order_of_the_answers_is_no_change() -> None:
    document, key = copy.deepcopy(DOCUMENT), copy.deepcopy(KEY)
    options = document["items"][0]["options"]
    document["items"][0]["options"] = [
        options[1] | {"option": "a"}, options[0] | {"option": "b"},
    ]  # fmt: skip
    key["items"]["1"] |= {"keys": ["a"], "misconceptions": {"b": "adults-can"}}
    assert find_changes(OLD, FormText(document, key)) == []


def test_a_question_that_counts_no_more_says_so() -> None:
    key = copy.deepcopy(KEY)
    del key["items"]["1"]
    (found,) = find_changes(OLD, FormText(DOCUMENT, key))
    assert say_change(found) == "Question consent: counted yes, now –."


def test_options_that_came_or_went_stand_with_their_words() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["items"][1]["options"][0] |= {"ref": "always", "text": {"en": "Always"}}
    key = copy.deepcopy(KEY)
    kinds = [each.kind for each in find_changes(OLD, FormText(document, key))]
    assert kinds == ["option_removed", "option_added"]


def test_every_sentence_can_be_said() -> None:
    facts = dict.fromkeys(("item", "name", "language", "old", "new"), "x")
    for kind in CHANGE_WORDS:
        assert "{" not in say_change(Change(kind, facts))
    assert json.dumps(list(CHANGE_WORDS))


def test_a_changed_table_is_a_change_and_languages_come_in_their_order() -> None:
    old, new = copy.deepcopy(DOCUMENT), copy.deepcopy(DOCUMENT)
    codes = ["ur", "en", "fa", "ps", "ar"]
    for document, cell in ((old, "12"), (new, "13")):
        document["items"][1]["table"] = {
            code: {"head": ["Year", "Cases"], "rows": [["2024", cell]]} for code in codes
        }
    found = find_changes(FormText(old, KEY), FormText(new, KEY))
    assert [(each.kind, each.facts["language"]) for each in found] == [
        ("stimulus", code) for code in codes
    ]
    assert "2024 | 13" in say_change(found[0])


def test_another_table_makes_another_question_and_none_keeps_the_code() -> None:
    item, key = DOCUMENT["items"][1], KEY["items"]["2"]
    table = {"en": {"head": ["Year"], "rows": [["2024"]]}}
    other = {"en": {"head": ["Year"], "rows": [["2025"]]}}
    plain, none, one, two = (
        _version_of("bank", item | more, key, KEY["misconceptions"]).code
        for more in ({}, {"table": None}, {"table": table}, {"table": other})
    )
    assert plain == none
    assert len({plain, one, two}) == 3
