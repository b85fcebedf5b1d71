"""What a room's results say of questions with rows: each row a case, each person counted once."""

from fractions import Fraction

from app.banks.schemas import FormBeliefs
from app.core.disclosure import Audience
from app.core.distractors import ItemFlag, OptionFigures, find_flags
from app.core.placings import placings_of, row_of
from app.core.proportions import Movement
from app.core.scoring import ItemKey, ItemKind
from app.gains.results import WorkshopResults
from app.gains.teaching import Share, count_shares
from app.gains.workshop_results import results_of
from tests.fixtures.frozen_rooms import Someone, form_of, frozen_room, someone, standing_of

CASES = ItemKey(
    "1", ItemKind.CLASSIFY, 1, placings_of(["1", "2"], "abc"), frozenset({"1a", "2b"})
)  # a: trafficking, b: smuggling, c: both
PLAIN = ItemKey("2", ItemKind.SINGLE_CHOICE, 1, ("a", "b"), frozenset("a"))
BELIEFS = FormBeliefs(
    texts={"always": {"en": "It is always both"}, "swapped": {"en": "They are the same"}},
    behind={"1": {"1b": "swapped", "1c": "always", "2a": "swapped", "2c": "always"}},
    crimes={
        "1": {
            "1a": "trafficking", "1b": "smuggling", "1c": "both",
            "2a": "trafficking", "2b": "smuggling", "2c": "both",
        },
        "2": {"a": "trafficking", "b": "smuggling"},
    },
)  # fmt: skip
# 20 people; before: 8 say both twice, 6 swap the crimes, 3 know one row, 2 do not know, 1 nothing.
BEFORE = ["1c 2c"] * 8 + ["1b 2a"] * 6 + ["1a"] * 3 + ["?"] * 2 + ["-"]
AFTER = ["1a 2b"] * 15 + ["1a 2c"] * 5


def people() -> list[Someone]:
    return [someone([pre, "a"], [post, "b"]) for pre, post in zip(BEFORE, AFTER, strict=True)]


def told(audience: Audience = Audience.TEAM) -> WorkshopResults:
    keys = (CASES, PLAIN)
    room = frozen_room(keys, people(), objectives="xx")
    return results_of(standing_of(room), form_of(keys, "xx", BELIEFS), audience, 10)


def test_every_row_is_a_case_of_the_matrix_beside_the_questions_with_one_case() -> None:
    crimes = told().crimes
    assert crimes.items == ("1", "2")
    # row 1 (trafficking) and question 2 (trafficking, all 20 right before) make one line
    assert crimes.before == {
        "trafficking": {
            "trafficking": 3 + 20, "smuggling": 6, "both": 8, "neither": 0,
            "do_not_know": 2, "omitted": 1,
        },
        "smuggling": {
            "trafficking": 6, "smuggling": 0, "both": 8, "neither": 0,
            "do_not_know": 2, "omitted": 1 + 3,
        },
    }  # fmt: skip
    assert crimes.after["smuggling"]["smuggling"] == 15
    assert crimes.after["smuggling"]["both"] == 5
    assert crimes.after["trafficking"]["smuggling"] == 20
    assert told(Audience.OUTSIDE).crimes.before == {}


def test_who_holds_a_belief_in_two_rows_is_one_person_who_holds_it() -> None:
    always, swapped = told().beliefs
    assert (always.misconception, always.asked, always.before, always.after) == (
        "always", 20, 8, 5,
    )  # fmt: skip
    assert (swapped.misconception, swapped.before, swapped.after) == ("swapped", 6, 0)


def test_what_to_teach_counts_a_person_once_as_well() -> None:
    before = {("1", '{"options":["1c","2c"],"text":null}'): 8,
              ("1", '{"options":["1a","2b"],"text":null}'): 2}  # fmt: skip
    shares = count_shares(before, 10, keys=[CASES], objectives={"1": "x"}, beliefs=BELIEFS)
    assert shares[("belief", "always")] == Share(8, 10)
    assert shares[("topic", "x")] == Share(2 * 2520, 10 * 2520)


def test_every_placing_is_counted_and_only_all_rows_right_is_right() -> None:
    (cases, _) = told().items
    counts = {each.option: (each.before, each.after) for each in cases.options}
    assert counts == {
        "1a": (3, 20), "1b": (6, 0), "1c": (8, 0),
        "2a": (6, 0), "2b": (0, 15), "2c": (8, 5), "dk": (2, 0),
    }  # fmt: skip
    assert {each.option for each in cases.options if each.is_key} == {"1a", "2b"}
    assert (cases.learned, cases.not_learned, cases.retained, cases.lost) == (15, 5, 0, 0)
    assert str(cases.guessing_percent.value) == "11"  # one of three columns, twice
    assert (cases.omitted_before, cases.omitted_after) == (1, 0)


def figures(**rest_r: float) -> list[OptionFigures]:
    """Options with the correlation that choosing them has with the rest; none was dead."""
    return [
        OptionFigures.of(
            option=option.removeprefix("_"), count=9, share=Fraction(1, 2), option_rest_r=r,
            non_functioning=False,
        )
        for option, r in rest_r.items()
    ]  # fmt: skip


def flags(post: list[OptionFigures], pre: list[OptionFigures] | None = None) -> list[ItemFlag]:
    movement = Movement(yes_yes=10, no_yes=20, yes_no=0, no_no=10)
    return find_flags(
        movement,
        item_rest_r=0.4,
        options_pre=pre or [],
        options_post=post,
        keys=frozenset({"1a", "2b"}),
        row_of=row_of,
    )


def test_a_row_whose_wrong_column_the_strong_ones_chose_is_found_beside_a_good_row() -> None:
    assert flags(figures(_1a=0.6, _1b=-0.5, _2a=0.3, _2b=0.1)) == [ItemFlag.CHECK_KEY]
    assert flags(figures(_1a=0.2, _1b=-0.5, _2a=0.1, _2b=0.3)) == []


def test_no_placing_is_a_dead_distractor() -> None:
    unused = [
        OptionFigures.of(
            option="1b", count=0, share=Fraction(0), option_rest_r=0.0, non_functioning=True
        )
    ]
    assert flags(figures(_1a=0.3, _2b=0.3), unused) == []
