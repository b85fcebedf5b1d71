"""Points for answers, against the hand-worked gold case and the edges around it."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from app.core.errors import OptionUnknown, ResponseMalformed
from app.core.scoring import (
    UNITS_PER_POINT,
    AnswerStatus,
    ItemKey,
    ItemKind,
    ItemScore,
    ScoringRule,
    as_meant,
    check_chosen,
    points_text,
    score_item,
    score_sitting,
)

GOLD = Path(__file__).parents[1] / "golden" / "cases" / "18_scoring_multiselect.json"


def multi_select(keys, options="ABCD", points=1, rule=ScoringRule.PLUS_MINUS_FLOOR0, item="q"):
    return ItemKey(item, ItemKind.MULTI_SELECT, points, tuple(options), frozenset(keys), rule)


def single_choice(key="B", options="ABCD", points=1, item="q"):
    return ItemKey(item, ItemKind.SINGLE_CHOICE, points, tuple(options), frozenset(key))


def units(key, ticks):
    return score_item(key, frozenset(ticks)).units


def chosen_in_gold(written):
    return None if written is None else frozenset(written)


@pytest.mark.parametrize("rule", list(ScoringRule))
@pytest.mark.parametrize("person", range(6))
def test_every_rule_gives_the_gold_points(rule, person):
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    keys = [
        multi_select(item["key"], item["options"], item["points"], rule, item["id"])
        for item in gold["data"]["items"]
    ]
    written, expected = gold["data"]["responses"][person], gold["expected"]["responses"][person]
    score = score_sitting(keys, {item: chosen_in_gold(ticks) for item, ticks in written.items()})
    assert {item: Fraction(one.units, 2520) for item, one in score.per_item.items()} == {
        item: Fraction(one[rule]) for item, one in expected["items"].items()
    }
    assert {item: one.status for item, one in score.per_item.items()} == {
        item: one["status"] for item, one in expected["items"].items()
    }
    assert Fraction(score.units, 2520) == Fraction(expected["total"][rule])
    assert score.proportion * 100 == Fraction(expected["percent"][rule])
    assert score.omitted == expected["omitted"]
    assert score.max_units == 25_200


def test_a_point_is_2520_units_which_ten_parts_divide():
    assert UNITS_PER_POINT == 2520
    assert [2520 % parts for parts in range(1, 11)] == [0] * 10


def test_one_right_choice_has_all_points_and_a_wrong_one_none():
    assert units(single_choice(points=3), "B") == 7560
    assert units(single_choice(points=3), "A") == 0


def test_true_or_false_is_scored_like_a_choice():
    key = ItemKey("q", ItemKind.TRUE_FALSE, 1, ("true", "false"), frozenset({"false"}))
    assert score_item(key, frozenset({"false"})) == ItemScore(2520, AnswerStatus.ANSWERED)
    assert score_item(key, frozenset({"true"})) == ItemScore(0, AnswerStatus.ANSWERED)


def test_plus_minus_takes_each_wrong_tick_from_the_right_ones():
    key = multi_select("ABC", "ABCDE")
    assert units(key, "A") == 840
    assert units(key, "AB") == 1680
    assert units(key, "ABD") == 840
    assert units(key, "ADE") == 0
    assert units(key, "DE") == 0


def test_all_or_nothing_asks_for_exactly_the_keys():
    key = multi_select("AB", rule=ScoringRule.ALL_OR_NOTHING)
    assert units(key, "AB") == 2520
    assert units(key, "A") == 0
    assert units(key, "ABC") == 0


def test_balanced_weighs_wrong_ticks_against_the_other_options():
    key = multi_select("AB", "ABCDE", rule=ScoringRule.BALANCED_FLOOR0)
    assert units(key, "AB") == 2520
    assert units(key, "ABC") == 1680
    assert units(key, "AC") == 420
    assert units(key, "CDE") == 0
    assert units(key, "ABCDE") == 0


def test_balanced_without_other_options_counts_the_right_ticks():
    key = multi_select("ABCD", rule=ScoringRule.BALANCED_FLOOR0)
    assert units(key, "ABC") == 1890


def test_seven_keys_are_exact():
    assert units(multi_select("ABCDEFG", "ABCDEFGH"), "ABCDEFH") == 1800


def test_ten_keys_beside_ten_other_options_are_exact():
    key = multi_select("ABCDEFGHIJ", "ABCDEFGHIJKLMNOPQRST", rule=ScoringRule.BALANCED_FLOOR0)
    assert units(key, "ABCKL") == 252


def test_i_do_not_know_is_an_answer_worth_nothing():
    score = score_item(single_choice(), frozenset({"dk"}))
    assert score == ItemScore(0, AnswerStatus.DO_NOT_KNOW)


@pytest.mark.parametrize(
    ("chosen", "kept"), [("", ""), ("AB", "AB"), (["dk"], ["dk"]), (["A", "dk", "B"], "AB")]
)
def test_i_do_not_know_beside_a_tick_is_not_meant(chosen, kept):
    assert as_meant(chosen) == frozenset(kept)


def test_ticks_beside_i_do_not_know_count():
    assert score_item(multi_select("AB"), frozenset({"A", "dk"})) == ItemScore(
        1260, AnswerStatus.ANSWERED
    )


@pytest.mark.parametrize("chosen", [None, frozenset()])
def test_nothing_chosen_is_omitted(chosen):
    assert score_item(single_choice(), chosen) == ItemScore(0, AnswerStatus.OMITTED)


def test_an_option_the_item_does_not_have_is_refused():
    with pytest.raises(OptionUnknown) as refused:
        score_item(single_choice(item="q7"), frozenset({"Z"}))
    assert refused.value.facts == {"item": "q7", "option": "Z"}


@pytest.mark.parametrize("chosen", [{"A", "B"}, {"A", "dk"}])
def test_two_choices_where_one_is_asked_are_refused(chosen):
    with pytest.raises(ResponseMalformed) as refused:
        check_chosen(single_choice(item="q7"), frozenset(chosen))
    assert refused.value.facts == {"item": "q7"}


def test_many_ticks_in_a_multi_select_and_no_tick_anywhere_are_fine():
    check_chosen(multi_select("AB"), frozenset("ABCD"))
    check_chosen(multi_select("AB"), None)


def test_a_self_rating_is_answered_and_never_scored():
    key = ItemKey("q", ItemKind.LIKERT, 0, ("1", "2", "3"), frozenset())
    assert score_item(key, frozenset({"3"})) == ItemScore(0, AnswerStatus.ANSWERED)
    assert key.max_units == 0


def test_a_sitting_counts_what_happened_to_its_items():
    keys = [single_choice(item="q1"), single_choice(item="q2", points=2), multi_select("AB")]
    score = score_sitting(keys, {"q1": frozenset("B"), "q2": frozenset({"dk"})})
    assert (score.units, score.max_units) == (2520, 10_080)
    assert (score.answered, score.do_not_know, score.omitted) == (1, 1, 1)
    assert score.proportion == Fraction(1, 4)
    assert not score.is_empty


def test_a_sitting_without_any_choice_is_empty_which_is_not_zero():
    assert score_sitting([single_choice()], {"q": frozenset()}).is_empty
    assert score_sitting([single_choice()], {}).is_empty


def test_i_do_not_know_alone_is_not_empty():
    assert not score_sitting([single_choice()], {"q": frozenset({"dk"})}).is_empty


def test_a_wrong_answer_alone_is_not_empty():
    assert not score_sitting([single_choice()], {"q": frozenset("A")}).is_empty


def test_a_response_to_an_item_withdrawn_since_is_left_out():
    score = score_sitting(
        [single_choice(item="q1")], {"gone": frozenset("Z"), "q1": frozenset("B")}
    )
    assert list(score.per_item) == ["q1"]
    assert score.units == 2520


def test_where_nothing_can_be_won_the_proportion_is_undefined():
    assert score_sitting([], {}).proportion is None


def test_an_item_with_two_keys_is_refused():
    with pytest.raises(ValueError, match="stands twice among the keys"):
        score_sitting([single_choice(), single_choice("A")], {})


@pytest.mark.parametrize(
    ("kind", "points", "options", "keys", "says"),
    [
        (ItemKind.SINGLE_CHOICE, 1, "AAB", "A", "an option stands twice"),
        (ItemKind.SINGLE_CHOICE, 1, ["A", "dk"], "A", "'dk' is added by the page"),
        (ItemKind.SINGLE_CHOICE, 1, "AB", "C", "a key is not among the options"),
        (ItemKind.SINGLE_CHOICE, -1, "AB", "A", "points are negative"),
        (ItemKind.SINGLE_CHOICE, 1, "AB", "", "no key"),
        (ItemKind.SINGLE_CHOICE, 1, "AB", "AB", "single_choice has one key"),
        (ItemKind.TRUE_FALSE, 1, "AB", "AB", "true_false has one key"),
        (ItemKind.LIKERT, 1, "AB", "", "likert is not scored"),
        (ItemKind.SHORT_TEXT, 0, "A", "A", "short_text is not scored"),
        (ItemKind.MULTI_SELECT, 1, "ABCDEFGHIJKL", "ABCDEFGHIJK", "more than 10 keys"),
        (ItemKind.MULTI_SELECT, 1, "ABCDEFGHIJKL", "A", "more than 10 other options"),
    ],
)
def test_a_key_that_cannot_be_meant_is_refused(kind, points, options, keys, says):
    with pytest.raises(ValueError, match=f"item q9: {says}"):
        ItemKey("q9", kind, points, tuple(options), frozenset(keys))


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        (0, "0"),
        (2520, "1"),
        (25_200, "10"),
        (252_000, "100"),
        (1260, "0.5"),
        (18_900, "7.5"),
        (315, "0.125"),
        (63, "0.025"),
        (840, "0.33"),
        (1680, "0.67"),
        (2519, "1.00"),
        (2520 * 3 + 360, "3.14"),
        (-1260, "-0.5"),
    ],
)
def test_points_are_written_as_short_as_exact(amount, printed):
    assert points_text(amount) == printed
