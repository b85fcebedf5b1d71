"""Answers carried by hand come back whole, and no slip is taken for an answer."""

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.codes import card_number
from app.core.rescue import (
    HIGHEST_REVISION,
    RescueUnreadable,
    decode,
    encode,
    read_heading,
)
from app.core.rescue_fields import ItemShape
from app.core.scoring import ROW_KINDS, ItemKind

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORM = "administration-7"
option_counts = st.integers(1, 12)
cards = st.integers(0, 999).map(card_number)
revisions = st.integers(0, HIGHEST_REVISION)


def _answers_to(item):
    if item.kind is ItemKind.SHORT_TEXT:
        return st.none() | st.text(min_size=1, max_size=6)
    if item.kind in ROW_KINDS:
        said = st.none() | st.sampled_from(item.columns)
        rows = st.tuples(*[said.map(_placing(row)) for row in item.rows])
        return st.tuples(st.booleans(), rows).map(_answer_of_rows)
    most = len(item.choices) if item.kind is ItemKind.MULTI_SELECT else 1
    chosen = st.frozensets(st.sampled_from(item.choices), min_size=1, max_size=most)
    return st.none() | chosen


def _placing(row):
    return lambda column: row + column if column else None


def _answer_of_rows(said):
    is_unknown, rows = said
    return frozenset(filter(None, ("dk" if is_unknown else None, *rows))) or None


_plain = sorted(set(ItemKind) - ROW_KINDS - {ItemKind.SHORT_TEXT})
_choices = st.builds(ItemShape, st.sampled_from(_plain), option_counts) | st.builds(
    ItemShape, st.sampled_from(sorted(ROW_KINDS)), option_counts, st.integers(1, 10)
)
_texts = st.just(ItemShape(ItemKind.SHORT_TEXT))


@st.composite
def rescues(draw):
    """A shape with at most three texts, and answers that fit it."""
    shape = draw(st.lists(_choices, max_size=30)) + draw(st.lists(_texts, max_size=3))
    shape = draw(st.permutations(shape))
    return shape, tuple(draw(_answers_to(item)) for item in shape)


@given(rescues(), cards, revisions, st.text(max_size=30))
def test_answers_come_back_whole(rescue, card, revision, form):
    shape, answers = rescue
    code = encode(shape, card=card, form=form, revision=revision, answers=answers)
    assert code.left_out == ()
    read = decode(code.text, shape, form=form)
    assert read.answers == answers
    assert (read.heading.card, read.heading.revision) == (card, revision)
    assert read_heading(code.text) == read.heading


@given(rescues(), st.sampled_from(["", " ", "-", "\u00a0", ".", "·", "\u200f"]))
def test_gaps_and_small_letters_change_nothing(rescue, gap):
    shape, answers = rescue
    code = encode(shape, card="1234", form=FORM, revision=60, answers=answers)
    typed = gap.join("".join(code.groups).lower())
    assert decode(typed, shape, form=FORM).answers == answers


@given(rescues(), st.data())
def test_a_wrong_sign_is_found_in_its_group(rescue, data):
    shape, answers = rescue
    code = encode(shape, card="1234", form=FORM, revision=60, answers=answers)
    signs = "".join(code.groups)
    place = data.draw(st.integers(0, len(signs) - 1))
    wrong = data.draw(st.sampled_from(CROCKFORD.replace(signs[place], "")))
    with pytest.raises(RescueUnreadable) as caught:
        decode(signs[:place] + wrong + signs[place + 1 :], shape, form=FORM)
    assert caught.value.group == 1 + place // 5


@given(rescues(), st.data())
def test_two_swapped_signs_of_a_group_are_found(rescue, data):
    shape, answers = rescue
    code = encode(shape, card="1234", form=FORM, revision=60, answers=answers)
    groups = list(code.groups)
    number = data.draw(st.integers(0, len(groups) - 1))
    first, second = data.draw(st.lists(st.integers(0, 4), min_size=2, max_size=2, unique=True))
    signs = list(groups[number])
    assume(signs[first] != signs[second])
    signs[first], signs[second] = signs[second], signs[first]
    groups[number] = "".join(signs)
    with pytest.raises(RescueUnreadable):
        decode(" ".join(groups), shape, form=FORM)


@given(rescues(), rescues())
def test_the_shape_of_another_form_never_ends_in_a_crash(rescue, other):
    shape, answers = rescue
    code = encode(shape, card="1234", form=FORM, revision=60, answers=answers)
    with suppress(RescueUnreadable):
        decode(code.text, other[0], form=FORM)


@given(st.text(max_size=60) | st.text(CROCKFORD, min_size=5, max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed):
    with suppress(RescueUnreadable):
        read_heading(typed)
