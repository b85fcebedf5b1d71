"""Answers carried by hand: the layout worked by hand, every kind of item, every slip."""

import json
from pathlib import Path

import pytest

from app.core import rescue
from app.core.rescue import (
    HIGHEST_REVISION,
    MOST_GROUPS,
    Heading,
    RescueFault,
    RescueUnreadable,
    decode,
    encode,
    form_check,
    read_heading,
)
from app.core.rescue_fields import ItemShape
from app.core.scoring import ItemKind

VECTORS = json.loads(
    (Path(__file__).parents[1] / "golden" / "rescue.json").read_text(encoding="utf-8")
)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FOUR = ItemShape(ItemKind.SINGLE_CHOICE, 4)
TWENTY = (FOUR,) * 20
FORM = "administration-7"
CODE = encode(
    TWENTY,
    card="1234",
    form=FORM,
    revision=60,
    answers=[frozenset("abcd"[i % 4]) for i in range(20)],
)


def shape_of(vector):
    return tuple(ItemShape(ItemKind(kind), *counts) for kind, *counts in vector["shape"])


def answers_of(vector):
    return [
        frozenset(answer) if isinstance(answer, list) else answer for answer in vector["answers"]
    ]


def fault_of(typed, shape=TWENTY, form=FORM):
    with pytest.raises(RescueUnreadable) as caught:
        decode(typed, shape, form=form)
    return caught.value.fault, caught.value.group


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_golden_vector_is_written(vector):
    code = encode(
        shape_of(vector),
        card=vector["card"],
        form=vector["form"],
        revision=vector["revision"],
        answers=answers_of(vector),
    )
    assert code.text == vector["text"]
    assert code.left_out == tuple(vector["left_out"])
    assert code.text == " ".join(["TAFAWUT", *code.groups])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_golden_vector_is_read(vector):
    read = decode(vector["text"], shape_of(vector), form=vector["form"])
    assert read.heading == Heading(vector["card"], form_check(vector["form"]), vector["revision"])
    assert read.answers == tuple(
        None if place in vector["left_out"] or not answer else answer
        for place, answer in enumerate(answers_of(vector), start=1)
    )


def test_the_check_of_a_form_is_cut_from_a_known_crc():
    assert rescue._crc(b"123456789") == 0x21CF02  # the check value that catalogues of CRCs print
    assert form_check("123456789") == 0x1CF02
    assert form_check("") == 0x704CE


def test_the_layout_worked_by_hand():
    # version, card, form, revision, then option b, which is choice 2 of a base of 6
    number = 1 + 32 * (0 + 1000 * (0x704CE + 2**20 * (0 + 256 * 2)))
    body = [number >> 5 * place & 31 for place in range(11)]
    assert number >> 55 == 0
    crc = rescue._crc(body)
    digits = body + [crc >> shift & 31 for shift in (0, 5, 10, 15, 20)]
    groups = [digits[0:4], digits[4:8], digits[8:12], digits[12:16]]
    code = encode([FOUR], card="0000", form="", revision=0, answers=[frozenset("b")])
    assert [[CROCKFORD.index(sign) for sign in group[:4]] for group in code.groups] == groups
    assert code.text == VECTORS[0]["text"]


def test_rows_worked_by_hand():
    # "I do not know" not there, of a base of 2; then b, nothing and c of three columns: base 4
    rows = ItemShape(ItemKind.MATCH, 3, 3)
    fields = [*heading_fields(), (0, 2), (2, 4), (0, 4), (3, 4), (2, 6)]
    code = encode(
        [rows, FOUR],
        card="1234",
        form=FORM,
        revision=60,
        answers=[frozenset({"1b", "3c"}), frozenset("b")],
    )
    assert " ".join(code.groups) == written(*fields)
    assert decode(code.text, [rows, FOUR], form=FORM).answers == ({"1b", "3c"}, {"b"})


@pytest.mark.parametrize("kind", [ItemKind.MATCH, ItemKind.CLASSIFY, ItemKind.ORDER])
def test_an_item_has_rows_or_it_has_none(kind):
    for count in (0, 11):
        with pytest.raises(ValueError, match=f"{count} rows"):
            ItemShape(kind, 3, count)
    with pytest.raises(ValueError, match="2 rows"):
        ItemShape(ItemKind.SINGLE_CHOICE, 3, 2)


def test_the_check_of_a_group_worked_by_hand():
    # GF(32) with x^5 = x^2 + 1: the group's number weighs x^5 and the digits x^4 … x. So group 1
    # of 0 0 0 0 has x^5 = 5, and of 0 0 0 1 it has 5 + x = 7. The last group counts 16 more, and
    # 16 · x^5 = x^9 = x^4 · (x^2 + 1) = x^6 + x^4 = x^4 + x^3 + x = 26.
    assert rescue._group_check([0, 0, 0, 0], 1, is_last=False) == 5
    assert rescue._group_check([0, 0, 0, 1], 1, is_last=False) == 7
    assert rescue._group_check([0, 0, 0, 1], 1, is_last=True) == 7 ^ 26
    assert rescue._group_check([0, 0, 0, 1], 17, is_last=False) == 7


@pytest.mark.parametrize(("items", "signs"), [(10, 25), (20, 30), (25, 35)])
def test_how_much_there_is_to_type(items, signs):
    shape = (FOUR,) * items
    code = encode(shape, card="9990", form=FORM, revision=127, answers=[frozenset(["dk"])] * items)
    assert sum(len(group) for group in code.groups) == signs
    assert {len(group) for group in code.groups} == {5}


def test_a_heading_is_read_without_the_shape():
    assert read_heading(CODE.text) == Heading("1234", form_check(FORM), 60)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.text.lower(),
        "".join(CODE.groups),
        "-".join(CODE.groups),
        "\u2067" + "\u00a0\n".join(CODE.groups) + "\u2069",
        " ".join("".join(CODE.groups)),
        "tafawut" + "".join(CODE.groups),
        CODE.text.replace("TAFAWUT ", "").replace("1", "l").replace("0", "o"),
        CODE.text.replace("TAFAWUT ", "").replace("1", "I").replace("0", "O"),
        CODE.text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        CODE.text.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")),
    ],
)
def test_people_may_type_it_in_many_ways(typed):
    assert decode(typed, TWENTY, form=FORM).heading.card == "1234"


def test_every_single_wrong_sign_is_found_in_its_group():
    signs = "".join(CODE.groups)
    for place, right in enumerate(signs):
        for wrong in CROCKFORD.replace(right, ""):
            typed = signs[:place] + wrong + signs[place + 1 :]
            assert fault_of(typed)[1] == 1 + place // 5


def test_every_swap_of_neighbours_is_found_in_its_group():
    signs = "".join(CODE.groups)
    for place in range(len(signs) - 1):
        typed = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
        if typed != signs:
            assert fault_of(typed)[1] == 1 + place // 5


def test_every_swap_of_two_groups_is_found_in_the_first():
    for first in range(6):
        for second in range(first + 1, 6):
            groups = list(CODE.groups)
            groups[first], groups[second] = groups[second], groups[first]
            assert fault_of(" ".join(groups)) == (RescueFault.WRONG_GROUP, first + 1)


@pytest.mark.parametrize("group", range(1, 7))
def test_a_group_that_is_too_short_or_too_long_is_named(group):
    for change in (lambda typed: typed[:2] + typed[3:], lambda typed: typed + "7"):
        groups = list(CODE.groups)
        groups[group - 1] = change(groups[group - 1])
        assert fault_of("-".join(groups)) == (RescueFault.WRONG_LENGTH, group)


def test_a_sign_left_out_of_unbroken_typing_is_found_near_its_place():
    signs = "".join(CODE.groups)
    _, group = fault_of(signs[:12] + signs[13:])
    assert group == 3


@pytest.mark.parametrize("left_out", range(5))
def test_a_group_left_out_is_found_where_it_is_missing(left_out):
    groups = [group for place, group in enumerate(CODE.groups) if place != left_out]
    assert fault_of(" ".join(groups)) == (RescueFault.WRONG_GROUP, left_out + 1)


@pytest.mark.parametrize("kept", range(1, 6))
def test_an_end_that_is_missing_is_no_fault_of_what_was_typed(kept):
    assert fault_of(" ".join(CODE.groups[:kept])) == (RescueFault.GROUPS_MISSING, kept)


@pytest.mark.parametrize("typed", ["", "  ", "TAFAWUT", "-–·"])
def test_nothing_typed(typed):
    assert fault_of(typed) == (RescueFault.NOTHING_TYPED, None)


@pytest.mark.parametrize("wrong", ["U", "u", "²", "ش", "é"])
def test_a_sign_that_is_never_shown_is_named_with_its_group(wrong):
    groups = list(CODE.groups)
    groups[3] = wrong + groups[3][1:]
    assert fault_of(" ".join(groups)) == (RescueFault.WRONG_SIGN, 4)


def test_more_than_one_picture_holds_is_refused_unread():
    assert fault_of("0" * (5 * MOST_GROUPS + 1)) == (RescueFault.WRONG_LENGTH, None)


def test_answers_for_another_form_are_refused_and_their_heading_still_says_which():
    assert fault_of(CODE.text, form="administration-8") == (RescueFault.OTHER_FORM, None)
    assert read_heading(CODE.text).form_check == form_check(FORM)


def written(*fields):
    """A text with any fields, its checks right."""
    return " ".join(rescue._groups_of(rescue._digits_of(list(fields))))


def heading_fields(form=FORM, version=1):
    return [(version, 32), (123, 1000), (form_check(form), 1 << 20), (60, 256)]


def test_a_later_version_is_told_from_a_slip():
    typed = written(*heading_fields(version=2))
    assert fault_of(typed) == (RescueFault.OTHER_VERSION, None)


def test_groups_that_are_right_but_belong_to_two_texts_are_refused():
    other = encode(TWENTY, card="1234", form=FORM, revision=61, answers=[frozenset("a")] * 20)
    mixed = [*CODE.groups[:3], *other.groups[3:]]
    assert fault_of(" ".join(mixed)) == (RescueFault.WRONG_WHOLE, None)


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        ([(2, 6), (1, 6)], [FOUR]),
        ([(2, 81), (0xC3, 256), (0x28, 256)], [ItemShape(ItemKind.SHORT_TEXT)]),
    ],
    ids=["an answer more than the shape has", "words that are no UTF-8"],
)
def test_what_no_phone_writes_is_refused(fields, shape):
    typed = written(*heading_fields(), *fields)
    assert fault_of(typed, shape) == (RescueFault.IMPOSSIBLE, None)


def test_a_revision_beyond_the_highest_is_refused():
    typed = written(*heading_fields()[:3], *[(255, 256)] * 4, (1, 256))
    assert fault_of(typed, []) == (RescueFault.IMPOSSIBLE, None)


def test_one_group_alone_is_never_a_text():
    only = rescue._groups_of([1, 2, 3, 4])
    assert fault_of(only[0]) == (RescueFault.WRONG_WHOLE, None)


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
def test_half_a_pair_of_surrogates_is_left_out(text):
    shape = [ItemShape(ItemKind.SHORT_TEXT), FOUR]
    code = encode(shape, card="1234", form=FORM, revision=1, answers=[text, frozenset("a")])
    assert code.left_out == (1,)
    assert decode(code.text, shape, form=FORM).answers == (None, frozenset("a"))


@pytest.mark.parametrize(
    ("card", "revision", "count"),
    [
        ("1235", 1, 20),
        ("12345", 1, 20),
        ("", 1, 20),
        ("۱۲۳۴", 1, 20),
        ("1234", -1, 20),
        ("1234", HIGHEST_REVISION + 1, 20),
        ("1234", 1, 19),
        ("1234", 1, 21),
    ],
)
def test_what_cannot_be_written_is_refused(card, revision, count):
    with pytest.raises(ValueError, match=r"card|revision|answers"):
        encode(TWENTY, card=card, form=FORM, revision=revision, answers=[None] * count)


def test_a_form_for_which_there_is_no_picture_is_refused():
    shape = [ItemShape(ItemKind.MULTI_SELECT, 12)] * 80
    with pytest.raises(ValueError, match="groups"):
        encode(shape, card="1234", form=FORM, revision=1, answers=[frozenset("l")] * 80)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (ItemKind.SINGLE_CHOICE, 0),
        (ItemKind.MULTI_SELECT, 13),
        (ItemKind.LIKERT, -1),
        (ItemKind.SHORT_TEXT, 1),
    ],
)
def test_a_shape_that_no_item_has_is_refused(kind, count):
    with pytest.raises(ValueError, match="options"):
        ItemShape(kind, count)


def test_a_fault_says_its_group_and_no_answer():
    assert str(RescueUnreadable(RescueFault.WRONG_GROUP, 3)) == "wrong_group in group 3"
    assert str(RescueUnreadable(RescueFault.OTHER_FORM)) == "other_form"
