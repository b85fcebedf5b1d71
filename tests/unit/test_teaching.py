"""What to teach first, worked by hand: topics in tenths of points, beliefs in tenths of answers."""

from datetime import UTC, datetime

from app.banks.schemas import FormBeliefs
from app.core.scoring import ItemKey, ItemKind, ScoringRule
from app.gains.teaching import BeliefToTeach, TeachFirst, TopicToTeach, teach_first

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


def of_ten(**changes: int) -> TeachFirst:
    before = {
        ("1", said("a")): 3, ("1", said("b")): 5, ("1", said("dk")): 2,
        ("2", said("b")): 4, ("2", said("c")): 4, ("2", said("a")): 0,
        ("3", said("a", "b")): 1, ("3", said("a")): 4, ("3", said("a", "c")): 2,
        ("9", said("a")): 10,
    }  # fmt: skip
    return teach_first(
        before, changes.get("taken", 10), CLOSED, keys=KEYS, objectives=OBJECTIVES, beliefs=BELIEFS
    )


def test_the_weakest_topic_stands_first_and_partial_points_count() -> None:
    # means: item 1 won 3 of 10; item 3 won 1×2 + 4×1 + 2×0 = 6 of 20; together 9 of 30.
    # consent: item 2 won 4 of 10; two people left it out and won nothing.
    assert of_ten().topics == (
        TopicToTeach("means", ("1", "3"), 3),
        TopicToTeach("consent", ("2",), 4),
    )


def test_a_belief_that_two_questions_offer_is_a_share_of_both() -> None:
    # border: 5 of 10 chose it in question 1, 4 of 10 in question 2: 9 of 20 answers, half up to 5.
    border = BeliefToTeach("border", {"en": "Trafficking needs a border."}, ("1", "2"), 5)
    assert of_ten().beliefs == (border,)


def test_four_tests_make_no_list_and_five_do() -> None:
    assert of_ten(taken=4) == TeachFirst(CLOSED, 4)
    assert of_ten(taken=4).is_too_small
    assert len(of_ten(taken=5).topics) == 2


def test_a_snapshot_from_before_there_were_lists_has_none() -> None:
    found = teach_first({}, 24, CLOSED, keys=KEYS, objectives=OBJECTIVES, beliefs=BELIEFS)
    assert not found.topics
    assert not found.is_too_small
