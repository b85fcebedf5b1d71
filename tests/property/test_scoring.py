"""I5: a score is a pure function, exact and bounded, whatever was ticked."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.core.scoring import ItemKey, ItemKind, ScoringRule, points_text, score_item

KEYS = [f"k{number}" for number in range(10)]
OTHERS = [f"o{number}" for number in range(10)]


@st.composite
def keys_and_ticks(draw):
    """A multi_select of up to ten keys and ten other options, and some of both ticked."""
    keys = KEYS[: draw(st.integers(1, 10))]
    others = OTHERS[: draw(st.integers(0, 10))]
    ticks = draw(st.sets(st.sampled_from(keys + others), min_size=1))
    rule, points = draw(st.sampled_from(list(ScoringRule))), draw(st.integers(0, 7))
    key = ItemKey("q", ItemKind.MULTI_SELECT, points, tuple(keys + others), frozenset(keys), rule)
    return key, frozenset(ticks)


def points_by_the_formula(key, ticks):
    right, wrong = len(ticks & key.keys), len(ticks - key.keys)
    n_keys, n_others = len(key.keys), len(key.options) - len(key.keys)
    share = {
        ScoringRule.ALL_OR_NOTHING: Fraction(ticks == key.keys),
        ScoringRule.PLUS_MINUS_FLOOR0: Fraction(right - wrong, n_keys),
        ScoringRule.BALANCED_FLOOR0: Fraction(right, n_keys)
        - (Fraction(wrong, n_others) if n_others else 0),
    }[key.rule]
    return key.points * max(Fraction(0), share)


@given(keys_and_ticks())
def test_units_are_exactly_the_points_of_the_formula(key_and_ticks):
    key, ticks = key_and_ticks
    assert Fraction(score_item(key, ticks).units, 2520) == points_by_the_formula(key, ticks)


@given(keys_and_ticks())
def test_no_item_gives_less_than_nothing_or_more_than_all(key_and_ticks):
    key, ticks = key_and_ticks
    assert 0 <= score_item(key, ticks).units <= key.max_units


@given(keys_and_ticks())
def test_ticking_exactly_the_keys_gives_everything(key_and_ticks):
    key, _ = key_and_ticks
    assert score_item(key, key.keys).units == key.max_units


@given(keys_and_ticks())
def test_a_wrong_tick_more_never_gains(key_and_ticks):
    key, ticks = key_and_ticks
    for other in set(key.options) - key.keys:
        assert score_item(key, ticks | {other}).units <= score_item(key, ticks).units


@given(st.integers(-(10**6), 10**6))
def test_written_points_are_the_points_to_half_a_hundredth(units):
    assert abs(Fraction(points_text(units)) - Fraction(units, 2520)) <= Fraction(1, 200)
