"""What to teach first, worked by hand: points of topics, answers of beliefs, and moving them."""

from datetime import UTC, datetime

import pytest

from app.banks.schemas import FormBeliefs
from app.core.scoring import UNITS_PER_POINT, ItemKey, ItemKind, ScoringRule
from app.gains.teaching import (
    BeliefToTeach,
    Share,
    Shares,
    TeachFirst,
    TopicToTeach,
    blur,
    count_shares,
    teach_first,
)

CLOSED = datetime(2026, 2, 11, 10, 0, tzinfo=UTC)
KEYS = (
    ItemKey("1", ItemKind.SINGLE_CHOICE, 1, ("a", "b", "c"), frozenset("a")),
    ItemKey("2", ItemKind.SINGLE_CHOICE, 1, ("a", "b", "c"), frozenset("b")),
    ItemKey("3", ItemKind.MULTI_SELECT, 2, ("a", "b", "c", "d"), frozenset("ab"),
            ScoringRule.PLUS_MINUS_FLOOR0),
)  # fmt: skip
OBJECTIVES = {"1": "means", "2": "consent", "3": "means"}
BELIEFS = FormBeliefs(
    texts={"border": {"en": "Trafficking needs a border."}, "rare": {"en": "It is rare."}},
    behind={"1": {"b": "border"}, "2": {"c": "border", "a": "rare"}},
    crimes={},
)


def said(*options: str) -> str:
    ticked = ",".join(f'"{each}"' for each in options)
    return f'{{"options":[{ticked}],"text":null}}'


BEFORE = {
    ("1", said("a")): 3, ("1", said("b")): 5, ("1", said("dk")): 2,
    ("2", said("b")): 4, ("2", said("c")): 4, ("2", said("a")): 0,
    ("3", said("a", "b")): 1, ("3", said("a")): 4, ("3", said("a", "c")): 2,
    ("9", said("a")): 10,
}  # fmt: skip
U = UNITS_PER_POINT


def exact(taken: int = 10) -> dict[tuple[str, str], Share]:
    return count_shares(BEFORE, taken, keys=KEYS, objectives=OBJECTIVES, beliefs=BELIEFS)


def told(shares: Shares, taken: int = 10) -> TeachFirst:
    return teach_first(shares, taken, CLOSED, objectives=OBJECTIVES, beliefs=BELIEFS)


def test_shares_are_counted_of_everybody() -> None:
    # means: item 1 won 3 of 10; item 3 won 1×2 + 4×1 + 2×0 = 6 of 20; together 9 of 30.
    # consent: item 2 won 4 of 10; two people left it out and won nothing.
    # border: 5 of 10 chose it in question 1, 4 of 10 in question 2. rare: nobody.
    assert exact() == {
        ("topic", "means"): Share(9 * U, 30 * U),
        ("topic", "consent"): Share(4 * U, 10 * U),
        ("belief", "border"): Share(9, 20),
        ("belief", "rare"): Share(0, 10),
    }


def test_the_weakest_topic_stands_first_and_partial_points_count() -> None:
    assert told(exact()).topics == (
        TopicToTeach("means", ("1", "3"), 3),
        TopicToTeach("consent", ("2",), 4),
    )


def test_a_belief_that_two_questions_offer_is_a_share_of_both() -> None:
    # 9 of 20 answers, half up to 5 of 10
    border = BeliefToTeach("border", {"en": "Trafficking needs a border."}, ("1", "2"), 5)
    assert told(exact()).beliefs == (border,)


def test_four_tests_make_no_list_and_five_do() -> None:
    assert not exact(taken=4)
    assert told({}, taken=4) == TeachFirst(CLOSED, 4)
    assert told({}, taken=4).is_too_small
    assert len(told(exact(taken=5), taken=5).topics) == 2


def test_a_snapshot_from_before_there_were_lists_has_none() -> None:
    found = told({}, taken=24)
    assert not found.topics
    assert not found.is_too_small


def test_every_share_is_moved_by_a_draw_for_one_persons_reach() -> None:
    reaches: list[int] = []

    def one_person_more(reach: int) -> int:
        reaches.append(reach)
        return reach

    moved = blur(exact(), 10, one_person_more)
    assert reaches == [3 * U, U, 2, 1]
    assert [share.part for share in moved.values()] == [12 * U, 5 * U, 11, 1]
    assert [share.most for share in moved.values()] == [30 * U, 10 * U, 20, 10]


def test_a_moved_share_stays_between_nothing_and_everything() -> None:
    assert {each.part for each in blur(exact(), 10, lambda reach: -99 * reach).values()} == {0}
    assert all(
        each.part == each.most for each in blur(exact(), 10, lambda reach: 99 * reach).values()
    )


def told_of(holders: int) -> dict[int, float]:
    """How likely each "about k of 10" is where so many of 24 hold a belief."""
    likely: dict[int, float] = {}
    for z in range(-60, 61):
        moved = blur({("belief", "rare"): Share(holders, 24)}, 24, z.__mul__)
        tenth = next((each.held_in_ten for each in told(moved, 24).beliefs), 0)
        likely[tenth] = likely.get(tenth, 0) + 0.5 * 3.0 ** -abs(z)
    return likely


def test_nobody_can_be_told_from_somebody_at_better_odds_than_three_to_one() -> None:
    for holders in range(24):
        without, with_one = told_of(holders), told_of(holders + 1)
        assert sum(without.values()) == pytest.approx(1)
        for tenth in range(11):
            odds = without[tenth] / with_one[tenth]
            assert 1 / 3 - 1e-9 <= odds <= 3 + 1e-9
