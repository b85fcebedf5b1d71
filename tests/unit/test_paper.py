"""A sheet typed in one line: 4 + 20 keys, and every slip named by its question."""

import pytest

from app.core.codes import card_number
from app.core.errors import CodeMistyped
from app.core.paper import (
    PaperItem,
    Sheet,
    SheetFault,
    SheetUnreadable,
    letters_of,
    paper_item,
    read_sheet,
    write_sheet,
)
from app.core.scoring import ItemKind

CARD = card_number(418)
SINGLE, SEVERAL, TEXT = ItemKind.SINGLE_CHOICE, ItemKind.MULTI_SELECT, ItemKind.SHORT_TEXT


def singles(count: int = 20) -> list[PaperItem]:
    """Questions with four options and "I do not know"."""
    return [paper_item(str(n), SINGLE, list("abcd")) for n in range(1, count + 1)]


def mixed(*kinds: ItemKind) -> list[PaperItem]:
    """One question of each kind; several have six options."""
    options = {SINGLE: "abcd", SEVERAL: "abcdef", TEXT: "", ItemKind.TRUE_FALSE: "ab"}
    return [paper_item(str(n), kind, list(options[kind])) for n, kind in enumerate(kinds, 1)]


def said(typed: str, items: list[PaperItem]) -> list[str]:
    """What was read, question by question; the code of "I do not know" as it is kept."""
    return [" ".join(each) for each in read_sheet(typed, items).answers.values()]


def fault_of(typed: str, items: list[PaperItem]) -> tuple[SheetFault, str, str]:
    with pytest.raises(SheetUnreadable) as refused:
        read_sheet(typed, items)
    return refused.value.fault, refused.value.item, refused.value.sign


def test_a_sheet_of_twenty_is_four_and_twenty_keys_and_enter() -> None:
    typed = CARD + "ACBDEACBDEACBDEACBDE"
    assert len(typed) + 1 == 25
    sheet = read_sheet(typed, singles())
    assert sheet.card == CARD
    assert list(sheet.answers) == [str(n) for n in range(1, 21)]
    assert list(sheet.answers.values())[:5] == [("a",), ("c",), ("b",), ("d",), ("dk",)]


@pytest.mark.parametrize(
    "typed", ["ACBDE", "acbde", "13245", "۱۳۲۴۵", "١٣٢٤٥", "১৩২৪৫", "ＡＣＢＤＥ", "A3b۴E"]
)
def test_letters_of_any_size_and_the_digits_of_any_script_say_the_same(typed: str) -> None:
    assert said(CARD + typed, singles(5)) == ["a", "c", "b", "d", "dk"]


@pytest.mark.parametrize("shown", ["{0}{1}{2}{3}", "{0}{1} {2}{3}", "{0}-{1}-{2}-{3}"])
def test_the_card_may_be_typed_as_it_is_printed(shown: str) -> None:
    assert read_sheet(shown.format(*CARD) + "AB", singles(2)).card == CARD
    assert (
        read_sheet("".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in CARD) + "12", singles(2)).card
        == CARD
    )


@pytest.mark.parametrize("typed", ["", "41", "AB", "4180AB", "x" + CARD])
def test_a_card_that_cannot_be_one_is_told_before_any_answer(typed: str) -> None:
    with pytest.raises(CodeMistyped) as refused:
        read_sheet(typed, singles(2))
    assert refused.value.facts["kind"] == "card_number"


@pytest.mark.parametrize("blank", [" ", "-", "–", "\u00a0"])
def test_no_answer_is_a_space_or_a_hyphen(blank: str) -> None:
    assert said(CARD + f"A{blank}B", singles(3)) == ["a", "", "b"]
    assert said(CARD + f"{blank}AB", singles(3)) == ["", "a", "b"]
    assert said(CARD + f"AB{blank}", singles(3)) == ["a", "b", ""]


def test_several_letters_are_closed_and_the_last_one_also_by_the_end() -> None:
    items = mixed(SINGLE, SEVERAL, SINGLE, SEVERAL)
    wanted = ["a", "a c", "b", "b d dk"]
    for typed in ("AAC/BBDG", "aca/bgdb/", "A13\n2742\n", "AAC,BBDG;"):
        assert said(CARD + typed, items) == wanted
    assert said(CARD + "A-B-", items) == ["a", "", "b", ""]
    assert said(CARD + "A /B/", items) == ["a", "", "b", ""]


def test_a_text_has_no_key_and_no_answer() -> None:
    items = mixed(SINGLE, TEXT, ItemKind.TRUE_FALSE)
    assert read_sheet(CARD + "AC", items).answers == {"1": ("a",), "3": ("dk",)}


def test_a_wrong_sign_names_its_question() -> None:
    assert fault_of(CARD + "ABxD", singles(4)) == (SheetFault.NOT_A_CHOICE, "3", "x")
    assert fault_of(CARD + "ABFD", singles(4)) == (SheetFault.NOT_A_CHOICE, "3", "F")
    assert fault_of(CARD + "AB0D", singles(4)) == (SheetFault.NOT_A_CHOICE, "3", "0")
    assert fault_of(CARD + "AB۶D", singles(4)) == (SheetFault.NOT_A_CHOICE, "3", "۶")
    assert fault_of(CARD + "AB㏅D", singles(4)) == (SheetFault.NOT_A_CHOICE, "3", "㏅")
    assert fault_of(CARD + "A/BD", singles(4)) == (SheetFault.NOT_A_CHOICE, "2", "/")


def test_a_key_too_few_or_too_many_is_never_taken_for_a_sheet() -> None:
    assert fault_of(CARD + "ABC", singles(4)) == (SheetFault.TOO_SHORT, "4", "")
    assert fault_of(CARD, singles(4)) == (SheetFault.TOO_SHORT, "1", "")
    assert fault_of(CARD + "ABCDE", singles(4)) == (SheetFault.TOO_LONG, "4", "E")
    assert said(CARD + "ABCD  \n", singles(4)) == ["a", "b", "c", "d"]


def test_letters_that_are_not_closed_or_stand_twice_are_told() -> None:
    items = mixed(SEVERAL, SINGLE)
    assert fault_of(CARD + "ABC", items) == (SheetFault.NOT_CLOSED, "1", "")
    assert fault_of(CARD + "AB C", items) == (SheetFault.NOT_CLOSED, "1", " ")
    assert fault_of(CARD + "AA/C", items) == (SheetFault.TWICE, "1", "A")
    assert fault_of(CARD + "AZ/C", items) == (SheetFault.NOT_A_CHOICE, "1", "Z")


def test_a_space_after_the_card_is_a_gap_or_no_answer_and_never_a_guess() -> None:
    assert said(CARD + " ABCD", singles(4)) == ["a", "b", "c", "d"]
    assert said(CARD + " ABC", singles(4)) == ["", "a", "b", "c"]
    assert said(CARD + "  ABC", singles(4)) == ["", "a", "b", "c"]
    items = mixed(SINGLE, SINGLE, SEVERAL)
    # "-A, B and C" or "A, B, and C": both are whole sheets.
    assert fault_of(CARD + " ABC", items) == (SheetFault.FIRST_UNCLEAR, "1", "")
    assert said(CARD + "-ABC", items) == ["", "a", "b c"]
    assert said(CARD + "ABC", items) == ["a", "b", "c"]
    assert fault_of(CARD + " AxC", items) == (SheetFault.NOT_A_CHOICE, "3", "x")


def test_what_was_read_is_written_as_the_same_line() -> None:
    items = mixed(SINGLE, SEVERAL, TEXT, SINGLE, SEVERAL)
    line = CARD + "-CA/EG/"
    sheet = read_sheet(line, items)
    assert write_sheet(sheet, items) == CARD + "-AC/EG/"
    assert read_sheet(write_sheet(sheet, items), items) == sheet
    assert letters_of(items[1], ("c", "a")) == "AC"
    empty = Sheet(CARD, {each.item: () for each in items if each.choices})
    assert write_sheet(empty, items) == CARD + "----"
