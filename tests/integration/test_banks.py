"""Question banks: reading them, and saying what is wrong with them, with file and line."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from app.banks.reading import read_banks, require_banks
from app.banks.schemas import BankItem, ItemBank
from tests.fixtures.bank_files import BANK, FORM, URDU, changed, write_bank
from tests.fixtures.lint_files import bank_text, write_sound_bank
from tests.fixtures.server import run_app
from tests.legs import ROOT

SHIPPED = ROOT / "question_banks"

# name of the case: (which file, what stands in it now, what is put there instead, every message)
BROKEN: dict[str, tuple[str, str, str, list[str]]] = {
    "an unknown field": (
        "bank",
        "    level: remember\n",
        "    level: remember\n    colour: red\n",
        ["little/bank.yaml:16: “colour” is not a known name here"],
    ),
    "a missing field": (
        "bank",
        '    stem: "Which number is written here?"\n',
        "",
        ["little/bank.yaml:29: “stem” is missing"],
    ),
    "two keys": (
        "bank",
        "        text: YES\n        misconception: border-myth\n",
        "        text: YES\n        key: true\n",
        ["little/bank.yaml:17: “border” has 2 keys; exactly one is needed"],
    ),
    "no key": (
        "bank",
        "        text: NO\n        key: true\n",
        "        text: NO\n        misconception: border-myth\n",
        ["little/bank.yaml:17: “border” has 0 keys; exactly one is needed"],
    ),
    "a missing translation": (
        "ur",
        '      eight: "آٹھ"\n',
        "",
        ["little/ur.yaml:16: “eight” is not translated in options"],
    ),
    "a translation of nothing": (
        "ur",
        "  border-myth:",
        "  other-myth:",
        [
            "little/ur.yaml:6: “border-myth” is not translated in misconceptions",
            "little/ur.yaml:7: “other-myth” does not exist in the bank",
        ],
    ),
    "an unknown misconception": (
        "bank",
        "        text: 8\n        misconception: border-myth",
        "        text: 8\n        misconception: sea-myth",
        ["little/bank.yaml:40: no misconception is called “sea-myth”"],
    ),
    "a distractor without a misconception": (
        "bank",
        "        text: 8\n        misconception: border-myth\n",
        "        text: 8\n",
        ["little/bank.yaml:38: distractor “eight” names no misconception"],
    ),
    "an anchor": (
        "bank",
        "        text: YES",
        "        text: &yes YES",
        ["little/bank.yaml:19: anchors, aliases and tags are not accepted"],
    ),
    "an alias": (
        "bank",
        "        text: YES",
        "        text: *yes",
        ["little/bank.yaml:19: anchors, aliases and tags are not accepted"],
    ),
    "a tag": (
        "bank",
        "        text: YES",
        "        text: !!python/object:os.system YES",
        ["little/bank.yaml:19: anchors, aliases and tags are not accepted"],
    ),
    "a name twice": (
        "bank",
        "    level: apply\n",
        "    level: apply\n    level: apply\n",
        ["little/bank.yaml:33: “level” stands here twice"],
    ),
    "bad YAML": (
        "bank",
        '    stem: "Which number',
        '    stem: "Which "number',
        ["little/bank.yaml:33: expected <block end>, but found '<scalar>'"],
    ),
    "a sign that is not text": (
        "bank",
        "Article 010",
        "Article \x00010",
        ["little/bank.yaml:25: not YAML"],
    ),
    "an unknown kind": (
        "bank",
        "kind: single_choice",
        "kind: singel",
        [
            "little/bank.yaml:30: “singel” is not one of 'single_choice', 'true_false', "
            "'multi_select', 'match', 'classify', 'order', 'likert' or 'short_text'"
        ],
    ),
    "an item without its source": (
        "bank",
        '    source: "A made-up law"\n',
        "",
        ["little/bank.yaml:12: “border” does not say its source"],
    ),
    "a stimulus twice": (
        "bank",
        "items:\n",
        "stimuli:\n  - ref: one\n    text: A\n  - ref: one\n    text: B\nitems:\n",
        [
            "little/bank.yaml:14: “one” stands twice in stimuli",
            "little/ur.yaml:1: “one” is not translated in stimuli",
        ],
    ),
    "a blueprint that does not fit": (
        "form",
        "telling: 2",
        "telling: 3",
        ["little/forms/short.yaml:8: the blueprint does not fit the items, which are: telling 2"],
    ),
    "an item twice in a form": (
        "form",
        "  - number",
        "  - border",
        ["little/forms/short.yaml:12: “border” stands twice in items"],
    ),
    "a language without its file": (
        "form",
        "[en, ur]",
        "[en, sd]",
        [
            "little/forms/short.yaml:4: the title is missing in “sd”",
            "little/forms/short.yaml:7: nothing is translated into “sd”: there is no file sd.yaml",
        ],
    ),
    "a form of another bank": (
        "form",
        "bank: little",
        "bank: large",
        ["little/forms/short.yaml:2: the bank is “little”, not “large”"],
    ),
    "a form called otherwise than its file": (
        "form",
        "form: short",
        "form: long",
        ["little/forms/short.yaml:1: the file is called short.yaml but says “long”"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_bank_is_refused_with_file_and_line(case: str, tmp_path: Path) -> None:
    name, old, new, messages = BROKEN[case]
    whole = {"bank": BANK, "ur": URDU, "form": FORM}[name]
    folder = write_bank(tmp_path, **{name: changed(whole, old, new)})

    banks, problems = read_banks(folder)

    assert [str(problem) for problem in problems] == messages
    assert banks == []


def test_a_bank_that_is_not_utf_8_is_refused_at_the_line_of_the_wrong_byte(tmp_path: Path) -> None:
    content = BANK.encode().replace(b"made-up law", b"made-up law \xe9", 1)

    _, problems = read_banks(write_bank(tmp_path, bank=content))

    assert [str(problem) for problem in problems] == ["little/bank.yaml:24: not UTF-8 text"]


@pytest.mark.parametrize("content", [b"[" * 3000, b"- " * 3000], ids=["brackets", "dashes"])
def test_a_bank_nested_without_end_is_refused_in_one_sentence(
    content: bytes, tmp_path: Path
) -> None:
    _, problems = read_banks(write_bank(tmp_path, bank=content))

    assert [str(problem) for problem in problems] == ["little/bank.yaml:1: nested too deeply"]


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n"], ids=["empty", "a list"])
def test_a_bank_without_names_is_refused_in_words_its_author_understands(
    content: bytes, tmp_path: Path
) -> None:
    _, problems = read_banks(write_bank(tmp_path, bank=content))

    assert [(problem.file, problem.line) for problem in problems] == [("little/bank.yaml", 1)]
    assert "bankfile" not in problems[0].message.lower()
    assert "instance" not in problems[0].message


def test_a_folder_without_any_bank_is_a_problem_and_not_silence(tmp_path: Path) -> None:
    banks, problems = read_banks(tmp_path)

    assert banks == []
    assert [problem.message for problem in problems] == ["no bank.yaml found in any folder here"]


def test_the_shipped_banks_read_without_a_problem() -> None:
    banks, problems = read_banks(SHIPPED)

    assert problems == []
    assert [bank.source.bank for bank in banks] == ["tip-som", "workshop-feedback"]
    assert [sorted(bank.languages) for bank in banks] == [["ur"], ["ur"]]
    assert [form.form for bank in banks for form in bank.forms] == [
        "lea-data-full",
        "lea-data",
        "multidisciplinary-sorting",
        "multidisciplinary",
        "ngo-full",
        "ngo",
        "post-workshop-full",
        "post-workshop",
    ]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (
            "multidisciplinary",
            {
                "definitions": 4,
                "distinction": 4,
                "pakistan-law": 4,
                "identification": 2,
                "protection": 2,
                "cases": 3,
                "data": 1,
            },
        ),
        (
            "multidisciplinary-sorting",
            {
                "definitions": 4,
                "distinction": 4,
                "pakistan-law": 4,
                "identification": 2,
                "protection": 2,
                "cases": 3,
                "data": 1,
            },
        ),
        (
            "ngo",
            {
                "definitions": 2,
                "distinction": 3,
                "pakistan-law": 1,
                "identification": 1,
                "protection": 2,
                "cases": 1,
            },
        ),
        (
            "lea-data",
            {"definitions": 2, "distinction": 2, "pakistan-law": 2, "cases": 1, "data": 3},
        ),
        (
            "ngo-full",
            {
                "definitions": 4,
                "distinction": 5,
                "pakistan-law": 2,
                "identification": 3,
                "protection": 4,
                "cases": 2,
            },
        ),
        (
            "lea-data-full",
            {
                "definitions": 4,
                "distinction": 4,
                "pakistan-law": 3,
                "identification": 1,
                "protection": 1,
                "cases": 2,
                "data": 5,
            },
        ),
    ],
)
def test_each_form_has_its_blueprint(name: str, counts: dict[str, int]) -> None:
    assert Counter(item.objective for item in _items_of(name)) == counts


def test_the_multidisciplinary_form_has_classify_items_and_three_cases() -> None:
    flags = Counter(flag.value for item in _items_of("multidisciplinary") for flag in item.flags)

    assert flags["classify"] >= 4
    assert flags["case"] == 3


@pytest.mark.parametrize(
    "name", ["multidisciplinary", "multidisciplinary-sorting", "ngo-full", "lea-data-full"]
)
def test_a_full_form_has_twenty_scored_items_and_at_most_one_on_the_smuggling_act(
    name: str,
) -> None:
    items = _items_of(name)

    assert len(items) == 20
    assert all(item.rows or any(option.key for option in item.options) for item in items)
    assert sum("Smuggling of Migrants Act" in str(item.source) for item in items) <= 1


def test_the_long_questionnaire_has_nine_scales_two_texts_and_four_ratings_asked_twice() -> None:
    bank = _shipped()["workshop-feedback"]
    form = next(form for form in bank.forms if form.form == "post-workshop-full")
    items = {item.ref: item for item in bank.source.items}
    asked = Counter((items[ref].kind.value, items[ref].objective) for ref in form.items)

    assert asked.pop(("likert", "confidence")) == 8
    assert asked.pop(("short_text", "open")) == 2
    assert sum(asked.values()) == 9
    rated = [ref for ref in form.items if items[ref].objective == "confidence"]
    assert [ref.replace("before", "now") for ref in rated[1::2]] == rated[::2]


def test_no_bank_or_locale_uses_the_word_that_means_human_smuggling() -> None:
    banned = ("انسانی سمگلنگ", "انسانی اسمگلنگ")
    files = [*SHIPPED.rglob("*.yaml"), *(ROOT / "app" / "locales").rglob("*.*")]
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in files}

    assert len(texts) >= 8
    assert [path for path, text in texts.items() if any(word in text for word in banned)] == []


def test_banks_check_says_what_is_wrong_and_exits_with_1(tmp_path: Path) -> None:
    write_bank(tmp_path, ur=changed(URDU, '      eight: "آٹھ"\n', ""))

    said = run_app(["banks", "check", "--folder", str(tmp_path)], {})

    assert said.returncode == 1
    assert said.stderr == ""
    assert said.stdout.splitlines() == [
        "little/ur.yaml:16: “eight” is not translated in options",
        "Banks: 0. Items: 0. Problems: 1. Warnings: 0.",
    ]


def test_banks_check_of_a_sound_bank_exits_with_0(tmp_path: Path) -> None:
    said = run_app(["banks", "check", "--folder", str(write_sound_bank(tmp_path, {}))], {})

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines() == [
        "sound/ur.yaml: 55 of 55 texts translated.",
        "Banks: 1. Items: 11. Problems: 0. Warnings: 0.",
    ]


def test_banks_check_lints_what_reads_and_a_warning_alone_ends_well(tmp_path: Path) -> None:
    bare = {"bank.yaml": bank_text().replace("come?", "not come?")}
    wrong = {"bank.yaml": bank_text().replace('"By bicycle"', '"by bicycle"')}

    warned = run_app(["banks", "check", "--folder", str(write_sound_bank(tmp_path, bare))], {})
    refused = run_app(["banks", "check", "--folder", str(write_sound_bank(tmp_path, wrong))], {})

    assert (warned.returncode, refused.returncode) == (0, 1)
    assert warned.stdout.splitlines()[0] == (
        "sound/bank.yaml:195: warning: the question is put in the negative: ask for what is so"
    )
    assert refused.stdout.splitlines()[0] == (
        "sound/bank.yaml:198: the key alone begins with a small letter"
    )


def test_words_that_yaml_takes_for_something_else_stay_as_they_are_written(tmp_path: Path) -> None:
    bank = require_banks(write_bank(tmp_path))[0]

    texts = [option.text for item in bank.source.items for option in item.options]
    assert texts == ["YES", "NO", "010", "8", "1_000"]


@cache
def _shipped() -> dict[str, ItemBank]:
    return {bank.source.bank: bank for bank in require_banks(SHIPPED)}


def _items_of(form_ref: str) -> list[BankItem]:
    bank = _shipped()["tip-som"]
    form = next(form for form in bank.forms if form.form == form_ref)
    items = {item.ref: item for item in bank.source.items}
    return [items[ref] for ref in form.items]
