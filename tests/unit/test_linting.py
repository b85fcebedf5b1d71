"""The linter: what is planted is found in its file and line; a sound bank passes."""

from datetime import date
from pathlib import Path

import pytest

from app.banks.linting import RULES, Finding, Severity, lint_bank
from app.banks.reading import require_banks
from app.core.readability import count_syllables, numbers_in, reading_ease
from tests.fixtures.lint_files import bank_text, form_text, urdu_text, write_sound_bank
from tests.legs import ROOT

TODAY = date(2026, 11, 23)
FILES = {"bank.yaml": bank_text, "ur.yaml": urdu_text, "forms/short.yaml": form_text}

# name: (rule, file, [(what stands there, what is put there)], what the named line begins to say)
Planted = tuple[str, str, list[tuple[str, str]], str]
BANK, URDU, FORM = FILES

KEYS_THAT_SHOW: dict[str, Planted] = {
    "by its length": (
        "key-length", BANK,
        [("The office of roads", "The office of roads, which has looked after it for long")],
        "looked after it for long",
    ),
    "by its length in the translation": (
        "key-length", URDU, [("سڑکوں کا دفتر", "سڑکوں کا وہ دفتر جو شہر کے پرانے پل کے پاس ہے")],
        "پرانے پل",
    ),
    "by being short": (
        "key-short", BANK,
        [("The office of roads", "The king"), ("The school of music", "The old school of music"),
         ("The shop for flowers", "The old shop for flowers"),
         ("The club of runners", "The old club of runners")],
        "The king",
    ),
    "by all of the above": (
        "all-of-the-above", BANK, [("By bicycle", "All of the above")], "All of the above",
    ),
    "by none of these": (
        "all-of-the-above", BANK, [("By bicycle", "None of these")], "None of these",
    ),
    "by naming two letters": (
        "all-of-the-above", BANK, [("By bicycle", "Both A and C")], "Both A and C",
    ),
    "by all of the above in the translation": (
        "all-of-the-above", URDU, [("سائیکل سے", "مندرجہ بالا تمام")], "مندرجہ بالا",
    ),
    "by an option that nobody takes": (
        "do-not-know", BANK, [("On foot", "I do not know")], "I do not know",
    ),
    "by a full stop": ("key-looks", BANK, [("By bicycle", "By bicycle.")], "By bicycle."),
    "by a full stop in the translation": (
        "key-looks", URDU, [("سائیکل سے", "سائیکل سے۔")], "سائیکل سے۔",
    ),
    "by a small letter": ("key-looks", BANK, [("By bicycle", "by bicycle")], "by bicycle"),
    "by capitals": ("key-looks", BANK, [("By bicycle", "BY BICYCLE")], "BY BICYCLE"),
    "by quotation signs": ("key-looks", BANK, [("By bicycle", "By “bicycle”")], "By “bicycle”"),
    "by brackets": ("key-soft-looks", BANK, [("By bicycle", "By (any) cycle")], "By (any)"),
    "by a number": ("key-soft-looks", BANK, [("By bicycle", "By cycle 9")], "By cycle 9"),
    "by a hedge": ("key-soft-looks", BANK, [("By bicycle", "Often rides")], "Often rides"),
    "by always and never in the others": (
        "absolute", BANK,
        [("By a train", "Always so"), ("By a boat", "Never so"), ("On foot", "Only so")],
        "How does the post come?",
    ),
    "by a word of the question": (
        "clue", BANK, [("The office of roads", "The bridge office")], "The bridge office",
    ),
    "by standing in the question": (
        "key-in-question", BANK,
        [("Who looks after the bridge?", "Who, like the office of roads, looks after it?")],
        "The office of roads\"",
    ),
    "by standing in the shared text": (
        "key-in-question", BANK,
        [("A woman walks from the mill.", "A woman walks to a pond at the water.")],
        '"At the water"',
    ),
    "by grammar": (
        "article", BANK, [("Which tree stands in the yard?", "In the yard you see an …")], "see an",
    ),
    "by the name correct": ("name", BANK, [('"bicycle"', '"correct-one"')], "correct-one"),
    "by the name wrong": ("name", BANK, [('"train"', '"wrong-2"')], "wrong-2"),
    "by an item's name that says key": (
        "name", BANK, [("ref: letter-carrier", "ref: letter-key-b")], "letter-key-b",
    ),
    "by an item's name that says the right option": (
        "name", BANK, [("ref: letter-carrier", "ref: bicycle-post")], "ref: bicycle-post",
    ),
    "by the shared text's name": (
        "name", BANK, [("from-the-mill", "to-the-water")], "ref: end-of-the-walk",
    ),
    "by numbered names of the others": (
        "name", BANK, [('"train"', '"d1"'), ('ref: "boat"', 'ref: "d2"'), ('"foot"', '"d3"')],
        '"bicycle"',
    ),
    "by the order it is written in": (
        "order", BANK,
        [('order: drawn\n    stem: "How does', 'order: fixed\n    stem: "How does')],
        'order: fixed\n    stem: "How does',
    ),
    "by a picture's alternative text": (
        "picture", BANK, [("How does the post come?", "How? ![a bicycle](p.png)")], "![a bicycle]",
    ),
    "by a file name": (
        "picture", BANK, [("How does the post come?", "How? See bicycle.jpg")], "bicycle.jpg",
    ),
    "by markup": ("picture", BANK, [("By bicycle", "<b>By bicycle</b>")], "<b>By bicycle"),
    "by an address": (
        "picture", BANK, [("How does the post come?", "How? www.example.org/x")], "www.example",
    ),
    "by an invisible sign": ("invisible", BANK, [("By bicycle", "By bi\u200bcycle")], "By bi"),
    "by a space too many": ("invisible", BANK, [("By bicycle", "By bicycle ")], "By bicycle "),
    "by being left untranslated": (
        "copied", URDU, [("سائیکل سے", "By bicycle")], "By bicycle",
    ),
    "by a lost number": (
        "numbers", URDU, [("دروازہ دوپہر", "دروازہ 12 بجے دوپہر")], "دروازہ 12",
    ),
    "by two options with one translation": (
        "same-option", URDU, [("ریل گاڑی سے", "کشتی سے")], "کشتی سے",
    ),
    "by another question": (
        "told-by-another", BANK,
        [("What colour has the boat?", "What colour has the office of roads?")],
        "",
    ),
    "by being the longest too often": (
        "longest", BANK,
        [("The office of roads", "The office of our roads"), ("On Tuesday", "On Tuesday noon"),
         ('"Blue"', '"Blueish"'), ("A cherry tree", "A fine cherry tree"),
         ("By bicycle", "By bicycles")],
        "",
    ),
}  # fmt: skip

TRUE_ONE = (
    'ref: "true"\n        text: "True"\n        key: true\n'
    '      - ref: "false"\n        text: "False"\n        misconception: first-guess'
)
FALSE_ONE = (
    'ref: "true"\n        text: "True"\n        misconception: first-guess\n'
    '      - ref: "false"\n        text: "False"\n        key: true'
)
MISTAKES: dict[str, Planted] = {
    "three options": (
        "options", BANK,
        [('      - ref: "foot"\n        text: "On foot"\n'
          "        misconception: third-guess\n", "")],
        'options:\n      - ref: "bicycle"',
    ),
    "a question of fifty words": (
        "length", BANK, [("How does the post come?", "How does the post " + "so " * 48 + "?")],
        "How does the post",
    ),
    "hard English": (
        "reading-ease", BANK,
        [("How does the post come?", "How are considerations regarding communicative "
          "transportation infrastructures operationalised administratively?")],
        "considerations",
    ),
    "a term for both crimes": (
        "banned-term", BANK, [("How does the post", "How does human smuggling")], "human smuggling",
    ),
    "a term for both crimes in Urdu": (
        "banned-term", URDU, [("ڈاک کیسے", "انسانی " + "اسمگلنگ کیسے")], "اسمگلنگ",
    ),
    "a term without its abbreviation": (
        "abbreviation", BANK, [("What lies in the box", "What is trafficking in persons")],
        "trafficking in persons",
    ),
    "an Urdu term without its abbreviation": (
        "abbreviation", URDU, [("ڈاک کیسے", "افراد کی ناجائز تجارت کیسے")], "ناجائز تجارت",
    ),
    "a negative question": (
        "negative", BANK, [("How does the post come?", "How does the post not come?")], "not come",
    ),
    "a term of years": (
        "penalty", BANK, [("By bicycle", "Up to 7 years")], "Up to 7 years",
    ),
    "a fine": ("penalty", BANK, [("By bicycle", "By a fine")], "By a fine"),
    "a trial court": (
        "penalty", BANK, [("How does the post come?", "How does a Magistrate come?")],
        "Magistrate",
    ),
    "a fine in Urdu": ("penalty", URDU, [("سائیکل سے", "جرمانہ")], "جرمانہ"),
    "an amended section without its year": (
        "as-enacted", BANK,
        [('"Page of letter-carrier"\n    law_as_of: 2026-11-01\n    jurisdiction: international\n'
          "    confidence: V1\n    stability: S",
          '"Page of letter-carrier"\n    law_as_of: 2026-11-01\n    jurisdiction: international\n'
          "    confidence: V1\n    stability: A")],
        "How does the post come?",
    ),
    "a fact from memory": (
        "source", BANK, [("confidence: V1", "confidence: M+")], "confidence: M+",
    ),
    "a source that says nothing": (
        "source", BANK, [('"A made-up book"', '"?"')], 'source: "?"',
    ),
    "no day of review": (
        "source", BANK, [("    review_due: 2027-11-01\n", "")], "  - ref: gate-at-noon",
    ),
    "an overdue review": (
        "overdue", BANK, [("review_due: 2027-11-01", "review_due: 2026-11-22")], "2026-11-22",
    ),
    "nobody named as reviewer": (
        "reviewer", BANK, [('    reviewed_by: "nobody yet"\n', "")], "  - ref: gate-at-noon",
    ),
    "one belief behind two options": (
        "belief-twice", BANK,
        [('boat"\n        misconception: second', 'boat"\n        misconception: first')],
        "  - ref: letter-carrier",
    ),
    "a belief of no option": (
        "unused", BANK,
        [("stimuli:\n", '  - ref: no-guess\n    belief: "A no guess"\nstimuli:\n')], "no-guess",
    ),
    "a question that became a statement": (
        "question-sign", URDU, [("ڈاک کیسے آتی ہے؟", "ڈاک آتی ہے۔")], "ڈاک آتی",
    ),
    "linked questions apart": (
        "split-case", FORM,
        [("  - gate-at-noon\n", ""), ("  - weather-on-the-walk\n",
          "  - gate-at-noon\n  - weather-on-the-walk\n")],
        "weather-on-the-walk",
    ),
    "the same question twice": (
        "same-question", BANK,
        [("What colour has the boat?", "When is the market held?")], "",
    ),
    "statements that are all false": (
        "truth", BANK,
        [(TRUE_ONE, FALSE_ONE)],
        "",
    ),
    "nothing to apply": ("levels", BANK, [("level: apply", "level: remember")] * 3, ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """What the linter says of the sound bank."""
    return _lint(tmp_path_factory.mktemp("sound"), {})


def test_a_sound_bank_passes_without_a_word(quiet: list[Finding]) -> None:
    assert [str(each) for each in quiet] == []


@pytest.mark.parametrize("case", [*KEYS_THAT_SHOW, *MISTAKES])
def test_what_is_planted_is_found_in_its_line(case: str, tmp_path: Path) -> None:
    rule, file, changes, where = (KEYS_THAT_SHOW | MISTAKES)[case]
    text = FILES[file]()
    files = {file: text}
    for old, new in changes:
        assert old in files[file], old
        files[file] = files[file].replace(old, new, 1)
    # A renamed part keeps its translation.
    if file == BANK:
        names = [(old.strip('"'), new.strip('"')) for old, new in changes if " " not in old + new]
        names += [
            (old.split("ref: ")[1].strip('"'), new.split("ref: ")[1].strip('"'))
            for old, new in changes
            if old.startswith("ref: ")
        ]
        files |= _renamed(names)
        if case == "by the shared text's name":
            files[BANK] = text.replace(*changes[0])
        if case == "three options":
            files[URDU] = urdu_text().replace('      "foot": "پیدل"\n', "")
        if case == "a belief of no option":
            files[URDU] = urdu_text().replace("stimuli:", '  no-guess: "کچھ نہیں"\nstimuli:')

    found = [each for each in _lint(tmp_path, files) if each.rule == rule]

    assert found, f"not found by {rule}"
    if where:
        line = files[file].count("\n", 0, files[file].index(where)) + 1
        assert (f"sound/{file}", line) in [(each.file, each.line) for each in found]


def test_at_least_thirty_ways_in_which_a_key_shows_are_planted() -> None:
    assert len(KEYS_THAT_SHOW) >= 30


def test_every_rule_of_the_table_has_something_planted_for_it() -> None:
    planted = {rule for rule, *_ in (KEYS_THAT_SHOW | MISTAKES).values()}
    elsewhere = {"letter", "smuggling-act"}
    elsewhere |= {"one-column", "column", "left-over", "row-says-column"}  # test_rows_in_banks.py

    assert {rule.name for rule in RULES} == planted | elsewhere


def test_one_letter_for_most_keys_is_found(tmp_path: Path) -> None:
    first = bank_text().replace("order: drawn", "order: fixed\n    flags: [classify]")

    said = [each.message for each in _lint(tmp_path, {BANK: first}) if each.rule == "letter"]

    assert said == [
        "A is the key of 5 questions one after another",
        "A is the key of 7 of 7 questions",
    ]


def test_two_items_on_the_smuggling_act_are_one_too_many(tmp_path: Path) -> None:
    bank = bank_text().replace('"A made-up book"', '"Prevention of Smuggling of Migrants Act 2018"')

    said = {each.rule for each in _lint(tmp_path, {BANK: bank})}

    assert {"smuggling-act", "as-enacted"} <= said


def test_an_official_papers_own_words_may_be_quoted(tmp_path: Path) -> None:
    bank = bank_text().replace("How does the post come?", "What does “human smugglers” hide?")

    assert [each for each in _lint(tmp_path, {BANK: bank}) if each.rule == "banned-term"] == []


def test_an_age_is_no_penalty(tmp_path: Path) -> None:
    bank = bank_text().replace("A woman walks", "A 15-year-old walks")
    urdu = urdu_text().replace("ایک عورت چکی", "15 سالہ لڑکا چکی")

    assert _lint(tmp_path, {BANK: bank, URDU: urdu}) == []


def test_the_shipped_banks_have_no_error_and_nobody_is_named_as_reviewer_who_was_not() -> None:
    banks = require_banks(ROOT / "question_banks")
    found = [each for bank in banks for each in lint_bank(bank, TODAY)]

    assert [str(each) for each in found if each.severity is Severity.ERROR] == []
    scored = [item for item in banks[0].source.items if item.source]
    assert {item.reviewed_by for item in scored} == {"nobody yet"}


# Syllables by hand; the sentence's ease by the formula with 6 words, 1 sentence, 8 syllables.
@pytest.mark.parametrize(
    ("word", "syllables"),
    [("the", 1), ("gate", 1), ("walked", 1), ("wanted", 2), ("table", 2), ("migrants", 2),
     ("exploitation", 4), ("rhythm", 1), ("boxes", 2), ("makes", 1)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_reading_ease_is_fleschs_formula() -> None:
    assert reading_ease("The police walked to the table.") == pytest.approx(
        206.835 - 1.015 * 6 / 1 - 84.6 * 8 / 6
    )
    assert reading_ease("1602 …") is None


def test_numbers_are_the_same_in_every_script() -> None:
    assert numbers_in("۲۰۱۸ میں ٢١٬٢٥٣") == {"2018", "21", "253"}
    assert numbers_in("16.2.2 and 21,253") == {"16.2.2", "21,253"}


def _lint(folder: Path, files: dict[str, str]) -> list[Finding]:
    (bank,) = require_banks(write_sound_bank(folder, files))
    return lint_bank(bank, TODAY)


def _renamed(names: list[tuple[str, str]]) -> dict[str, str]:
    urdu, form = urdu_text(), form_text()
    for old, new in names:
        urdu = urdu.replace(f"  {old}:", f"  {new}:").replace(f'"{old}":', f'"{new}":', 1)
        form = form.replace(f"- {old}\n", f"- {new}\n")
    return {URDU: urdu, FORM: form}
