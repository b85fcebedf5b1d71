"""Whatever stands on a sheet is typed and read as it stands; one slip never makes another sheet."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.core.codes import card_number
from app.core.paper import PaperItem, Sheet, SheetUnreadable, paper_item, read_sheet, write_sheet
from app.core.scoring import ItemKind

_SCRIPTS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "০১২৩৪৫৬৭৮৯")
_KINDS = (ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE, ItemKind.MULTI_SELECT, ItemKind.LIKERT)


@st.composite
def items_of_a_form(draw: st.DrawFn, kinds: tuple[ItemKind, ...] = _KINDS) -> list[PaperItem]:
    drawn = draw(
        st.lists(st.tuples(st.sampled_from(kinds), st.integers(2, 8)), min_size=1, max_size=25)
    )
    return [paper_item(str(n), kind, "abcdefgh"[:most]) for n, (kind, most) in enumerate(drawn, 1)]


@st.composite
def sheets(draw: st.DrawFn, items: list[PaperItem]) -> Sheet:
    answers = {}
    for item in items:
        most = len(item.choices) if item.is_several else 1
        chosen = draw(st.sets(st.sampled_from(item.choices), max_size=most))
        answers[item.item] = tuple(each for each in item.choices if each in chosen)
    return Sheet(card_number(draw(st.integers(0, 999))), answers)


@given(st.data())
def test_a_sheet_that_is_written_is_read_again(data: st.DataObject) -> None:
    items = data.draw(items_of_a_form())
    sheet = data.draw(sheets(items))
    assert read_sheet(write_sheet(sheet, items), items) == sheet


@given(st.data())
def test_digits_of_any_script_and_small_letters_say_what_letters_say(data: st.DataObject) -> None:
    items = data.draw(items_of_a_form())
    sheet = data.draw(sheets(items))
    script = data.draw(st.sampled_from(_SCRIPTS))
    line = write_sheet(sheet, items)
    card, answers = line[:4], line[4:]
    in_digits = "".join(
        script[ord(sign) - ord("A") + 1]
        if sign in "ABCDEFGHI" and data.draw(st.booleans())
        else sign.lower()
        for sign in answers
    )
    assert read_sheet("".join(script[int(each)] for each in card) + in_digits, items) == sheet


@given(st.data())
def test_one_key_more_or_less_on_a_sheet_of_single_answers_is_always_seen(
    data: st.DataObject,
) -> None:
    items = data.draw(items_of_a_form((ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE)))
    line = write_sheet(data.draw(sheets(items)), items)
    at = data.draw(st.integers(4, len(line) - 1))
    for slipped in (line[:at] + line[at + 1 :], line[:at] + "A" + line[at:]):
        try:
            read_sheet(slipped, items)
        except SheetUnreadable:
            continue
        raise AssertionError(slipped)


@given(st.data())
def test_any_text_is_read_or_refused_at_a_question_of_the_form(data: st.DataObject) -> None:
    items = data.draw(items_of_a_form())
    typed = card_number(418) + data.draw(
        st.text(alphabet=st.sampled_from("ABCH19-/ ,\n۲ضx"), max_size=60)
    )
    try:
        sheet = read_sheet(typed, items)
    except SheetUnreadable as error:
        refused = error
    else:
        assert list(sheet.answers) == [each.item for each in items]
        for item in items:
            assert set(sheet.answers[item.item]) <= set(item.choices)
            assert item.is_several or len(sheet.answers[item.item]) <= 1
        return
    assert refused.item in {each.item for each in items}
    assert refused.sign in typed


@given(st.characters())
def test_a_sign_that_is_no_letter_digit_or_gap_is_never_an_answer(sign: str) -> None:
    item = paper_item("1", ItemKind.SINGLE_CHOICE, list("abcd"))
    try:
        chosen = read_sheet(
            card_number(418) + "A" + sign + "A",
            [item] * 1
            + [
                paper_item("2", ItemKind.SINGLE_CHOICE, list("abcd")),
                paper_item("3", ItemKind.SINGLE_CHOICE, list("abcd")),
            ],
        ).answers["2"]
    except SheetUnreadable:
        return
    is_blank = unicodedata.category(sign) in ("Zs", "Pd")
    meant = unicodedata.normalize("NFKC", sign).upper()
    assert (
        chosen == ()
        if is_blank
        else meant in set("ABCDE") or unicodedata.decimal(sign) in (1, 2, 3, 4, 5)
    )
