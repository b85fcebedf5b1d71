"""The test on paper: every question and choice in its order, no key, boxes and letters to tick."""

import re
from dataclasses import replace

import pytest

from app.banks.schemas import FormItem, FormOption
from app.core.errors import ValueRefused
from app.core.paper import LETTERS, PaperItem, paper_item
from app.core.scoring import ItemKind
from app.participants.as_pdf import paper_test_as_pdf, paper_test_facts
from app.participants.paper_test import PaperQuestion, languages_on_paper
from tests.fixtures.prints import (
    a_paper_test,
    a_record,
    fonts_in,
    outlines_in,
    pictures_of,
    scanned,
    the_form,
    words_of,
)

FORMS = ("multidisciplinary", "ngo", "ngo-full", "lea-data", "lea-data-full")
SORTING = "multidisciplinary-sorting"
DK = {"en": "I do not know", "ur": "مجھے نہیں معلوم"}
BOX, RING = ("box", 24, 28), ("ring", 15, 15)


def an_item(kind: ItemKind, options: int, *, item: str = "1", long: int = 1) -> FormItem:
    """An item with so many options, its words so many times as long."""
    return FormItem(
        item=item,
        kind=kind,
        objective="o",
        flags=frozenset(),
        stem={"en": "What is asked here? " * long},
        stimulus={"en": "A story. " * long} if long > 1 else None,
        options=tuple(
            FormOption(letter, {"en": f"Choice {letter}. " * long})
            for letter in "abcdefghijkl"[:options]
        ),
        max_length=500,
    )


def said_of(question: PaperQuestion) -> str:
    """What a page says of a question, in one line, without the strip."""
    choices = " ".join(f"({each.letter}) {each.text}" for each in question.choices)
    parts = (question.told, f"{question.number}. {question.stem}", question.hint, choices)
    return " ".join(" ".join(parts).split())


@pytest.mark.parametrize("form_ref", FORMS)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_question_and_choice_stands_in_the_order_of_the_published_form(
    form_ref: str, language: str
) -> None:
    form = the_form(form_ref)
    test = a_paper_test(language, form=form)
    for question, item in zip(test.questions, form.items, strict=True):
        assert question.number == item.item
        assert question.stem == item.stem[language]
        assert question.told == (item.stimulus or {}).get(language, "")
        words = [option.text[language] for option in item.options]
        assert [each.text for each in question.choices] == [*words, DK[language]]
        assert "".join(each.letter for each in question.choices) == LETTERS[: len(words) + 1]
        assert bool(question.hint) == (item.kind is ItemKind.MULTI_SELECT)


@pytest.mark.parametrize("form_ref", FORMS)
def test_the_file_says_every_question_whole_on_one_page_with_its_letters_beside_it(
    form_ref: str,
) -> None:
    test = a_paper_test(form=the_form(form_ref))
    pages = words_of(paper_test_as_pdf(test))
    place, page = 0, 0
    for question in test.questions:
        strip = f"{question.number} {' '.join(each.letter for each in question.choices)}"
        wanted = f"{said_of(question)} {strip}"
        (page_now,) = [number for number, words in enumerate(pages) if wanted in words]
        now = pages[page_now].index(wanted)
        assert (page_now, now) > (page, place)
        page, place = page_now, now


def test_the_file_has_letters_for_every_row_and_the_table_before_its_question() -> None:
    test = a_paper_test(form=the_form(SORTING))
    first, *_, last = test.questions
    pages = words_of(paper_test_as_pdf(test))
    (page,) = [words for words in pages if first.stem in words]
    assert len(first.rows) == 6
    for row in first.rows:
        assert f"{row.number} {row.text} {row.number} A B C D" in page
    (page,) = [words for words in pages if last.stem in words]
    assert "Victims Number Women 16,950 Men 2,918 Boys 1,310 Girls 50 All victims 21,253" in page
    assert page.index("All victims") < page.index(last.stem)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_row_has_a_ring_for_each_letter_and_the_question_none_of_its_own(
    language: str,
) -> None:
    test = a_paper_test(language, form=the_form(SORTING))
    rings = sum(page.count(RING) for page in outlines_in(paper_test_as_pdf(test)))
    assert rings == sum(len(each.choices) * max(1, len(each.rows)) for each in test.questions)


def test_the_urdu_file_has_every_number_and_letter_in_order() -> None:
    """Nastaliq cannot be read back; what is Latin can, and the facts are the words themselves."""
    test = a_paper_test("ur")
    said = " ".join(words_of(paper_test_as_pdf(test)))
    assert re.findall(r"[()]([A-M])[()]", said) == [
        each.letter for question in test.questions for each in question.choices
    ]
    strips = [
        f"{question.number} {' '.join(each.letter for each in question.choices)}"
        for question in test.questions
    ]
    places = [said.find(strip) for strip in strips]
    assert -1 not in places
    assert places == sorted(places)
    told = paper_test_facts(test)["questions"]
    assert [each["stem"] for each in told] == [each.stem["ur"] for each in the_form().items]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_has_four_boxes_and_every_choice_one_letter_to_tick(language: str) -> None:
    test = a_paper_test(language)
    pages = outlines_in(paper_test_as_pdf(test))
    assert [page.count(BOX) for page in pages] == [4] * len(pages)
    rings = sum(page.count(RING) for page in pages)
    assert rings == sum(len(question.choices) for question in test.questions)


def test_every_page_says_which_test_in_which_language_and_its_number() -> None:
    pages = words_of(paper_test_as_pdf(a_paper_test()))
    for number, page in enumerate(pages, start=1):
        assert page.startswith(f"Number on your card Pre-test · English {number} / {len(pages)}")
    assert "482 711" in pages[0]
    assert len(pages) <= 4


def test_the_code_of_the_choice_i_do_not_know_is_nowhere() -> None:
    for language in ("en", "ur"):
        test = a_paper_test(language)
        assert test.questions[0].choices[-1].letter == "E"
        assert not [page for page in words_of(paper_test_as_pdf(test)) if "dk" in page.split()]
        assert '"dk"' not in str(paper_test_facts(test))


def test_urdu_is_set_in_nastaliq_from_the_right_with_the_strip_at_the_left() -> None:
    assert "NotoNastaliqUrdu-Regular" in fonts_in(paper_test_as_pdf(a_paper_test("ur")))
    for language, is_left in (("ur", True), ("en", False)):
        page, *_ = pictures_of("paper-test", paper_test_facts(a_paper_test(language)), ppi=60)
        strip = page.crop((0, 180, 130, page.height)), page.crop((366, 180, 496, page.height))
        ink = [sum(side.histogram()[:128]) for side in strip]
        assert (ink[0] < ink[1]) == is_left
        assert scanned(page) == set()


def test_long_questions_keep_together_and_a_short_text_gets_lines() -> None:
    items = [an_item(ItemKind.SINGLE_CHOICE, 5, item=str(n), long=9) for n in range(1, 8)]
    items.append(an_item(ItemKind.SHORT_TEXT, 0, item="8"))
    items.append(an_item(ItemKind.LIKERT, 5, item="9"))
    test = a_paper_test(languages=("en",), form=replace(the_form(), items=tuple(items)))
    assert [each.lines for each in test.questions] == [0] * 7 + [4, 0]
    assert len(test.questions[8].choices) == 5  # nobody is asked whether an opinion is known
    pages = words_of(paper_test_as_pdf(test))
    assert len(pages) > 2
    for question in test.questions[:7]:
        assert sum(said_of(question) in page for page in pages) == 1


def test_only_a_language_of_both_workshop_and_form_is_printed() -> None:
    workshop = a_record(languages=("sd", "en"))
    assert languages_on_paper(workshop, the_form()) == ("en",)
    assert a_paper_test("", languages=("sd", "en")).language == "en"
    with pytest.raises(ValueRefused) as refused:
        a_paper_test("ur", languages=("sd", "en"))
    assert refused.value.facts["languages"] == ("en",)


def test_letters_go_with_the_choices_and_there_are_thirteen_at_most() -> None:
    assert paper_item("1", ItemKind.TRUE_FALSE, ["a", "b"]).choices == ("a", "b", "dk")
    assert paper_item("1", ItemKind.LIKERT, ["a", "b"]).letters == "AB"
    assert paper_item("1", ItemKind.SHORT_TEXT, []).letters == ""
    assert paper_item("1", ItemKind.MULTI_SELECT, list("abcdefghijkl")).letters[-1] == "M"
    with pytest.raises(ValueError, match="more than 13"):
        PaperItem("1", ItemKind.SINGLE_CHOICE, tuple("abcdefghijklmn"))
