"""Questions with rows: what an answer is made of, and what it is worth row by row."""

from fractions import Fraction

import pytest

from app.core.errors import OptionUnknown, ResponseMalformed
from app.core.placings import column_of, has_row_twice, placings_of, row_of, rows_of
from app.core.scoring import AnswerStatus, ItemKey, ItemKind, ItemScore, score_item, score_sitting

KINDS = [ItemKind.MATCH, ItemKind.CLASSIFY, ItemKind.ORDER]


def with_rows(keys, columns="abc", *, kind=ItemKind.MATCH, points=1, item="q"):
    """`keys` is the right column of each row."""
    numbers = [str(number) for number in range(1, len(keys) + 1)]
    right = frozenset(map("".join, zip(numbers, keys, strict=True)))
    return ItemKey(item, kind, points, placings_of(numbers, columns), right)


def units(key, *chosen):
    return score_item(key, frozenset(chosen)).units


def test_a_placing_is_a_row_and_a_column():
    assert placings_of(["1", "10"], "ab") == ("1a", "1b", "10a", "10b")
    assert (row_of("10b"), column_of("10b")) == ("10", "b")
    assert (row_of("b"), column_of("b")) == ("", "b")
    assert (row_of("dk"), row_of("")) == ("", "")
    assert rows_of(["2a", "2b", "dk", "1a"]) == ("2", "1")
    assert has_row_twice(["1a", "1b"])
    assert not has_row_twice(["1a", "2a", "dk"])


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_that_is_right_brings_its_part_and_a_wrong_one_takes_nothing(kind):
    key = with_rows("abca", kind=kind)
    assert units(key, "1a", "2b", "3c", "4a") == 2520
    assert units(key, "1a", "2b", "3c", "4b") == 1890
    assert units(key, "1a", "2c", "3b", "4b") == 630
    assert units(key, "1b", "2c", "3b", "4b") == 0


def test_a_row_left_empty_is_not_right_and_the_answer_is_an_answer():
    assert score_item(with_rows("abca"), frozenset({"2b"})) == ItemScore(630, AnswerStatus.ANSWERED)
    assert score_item(with_rows("abca"), frozenset({"2a"})) == ItemScore(0, AnswerStatus.ANSWERED)


@pytest.mark.parametrize("count", range(2, 11))
def test_any_number_of_rows_is_exact(count):
    key = with_rows("a" * count, points=3)
    assert units(key, *(f"{number}a" for number in range(1, count + 1))) == 3 * 2520
    assert Fraction(units(key, "1a"), 2520) == Fraction(3, count)


@pytest.mark.parametrize("chosen", [None, frozenset()])
def test_no_row_at_all_is_omitted(chosen):
    assert score_item(with_rows("ab"), chosen) == ItemScore(0, AnswerStatus.OMITTED)


def test_i_do_not_know_is_for_the_whole_question_and_gives_way_to_a_row():
    assert score_item(with_rows("ab"), frozenset({"dk"})) == ItemScore(0, AnswerStatus.DO_NOT_KNOW)
    assert score_item(with_rows("ab"), frozenset({"dk", "1a"})) == ItemScore(
        1260, AnswerStatus.ANSWERED
    )


def test_one_row_in_two_columns_is_refused():
    with pytest.raises(ResponseMalformed):
        score_item(with_rows("ab", item="q7"), frozenset({"1a", "1b"}))


@pytest.mark.parametrize("chosen", ["3a", "1d", "a", "1", "01a"])
def test_a_placing_the_question_does_not_have_is_refused(chosen):
    with pytest.raises(OptionUnknown) as refused:
        score_item(with_rows("ab"), frozenset({chosen}))
    assert refused.value.facts == {"item": "q", "option": chosen}


def test_rows_count_in_a_test_like_every_other_item():
    plain = ItemKey("p", ItemKind.SINGLE_CHOICE, 1, ("a", "b"), frozenset("a"))
    score = score_sitting(
        [with_rows("abcabc"), plain], {"q": frozenset({"1a", "2b"}), "p": frozenset("a")}
    )
    assert (score.units, score.max_units) == (840 + 2520, 5040)
    assert (score.answered, score.omitted, score.do_not_know) == (2, 0, 0)


def test_blind_choice_is_right_only_where_it_is_in_every_row():
    assert with_rows("abcabc").guessing == Fraction(1, 3) ** 6
    order = ItemKey(
        "o", ItemKind.ORDER, 1, placings_of("1234", "abcd"), frozenset({"1b", "2a", "3d", "4c"})
    )
    assert order.guessing == Fraction(1, 24)  # each place is given once
    assert ItemKey("p", ItemKind.SINGLE_CHOICE, 1, tuple("abcd"), frozenset("a")).guessing == (
        Fraction(1, 4)
    )


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (("1a", "1b"), ("1a",)),  # one row
        (("1a", "2a"), ("1a", "2a")),  # one column
        (("1a", "1b", "2a"), ("1a", "2a")),  # a row with fewer columns
        (("1a", "1b", "2a", "2b"), ("1a",)),  # a row without a key
        (("1a", "1b", "2a", "2b"), ("1a", "1b", "2a")),  # a row with two
        (("1a", "1b", "2a", "2b", "c"), ("1a", "2a")),  # a plain option
        (placings_of([str(n) for n in range(1, 12)], "ab"), [f"{n}a" for n in range(1, 12)]),
    ],
)
def test_a_key_that_nobody_can_have_meant_is_no_key(options, keys):
    with pytest.raises(ValueError, match="item q"):
        ItemKey("q", ItemKind.MATCH, 1, tuple(options), frozenset(keys))
