"""Rows of single people: the rules of the specification, on whatever workshops there may be."""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.core.deidentified import band_of, has_no_small_group, may_leave, merge_rare

VALUES = ("", "a", "b", "c")
ROOM = st.dictionaries(st.sampled_from(VALUES), st.integers(0, 60), max_size=3)
ROOMS = st.lists(ROOM, max_size=6)
PAIRS = st.tuples(st.integers(0, 3), st.integers(0, 3))
CELLS = st.dictionaries(
    PAIRS, st.dictionaries(st.sampled_from(("w", "m")), st.integers(0, 40), max_size=2), max_size=9
)
THRESHOLD = st.integers(5, 12)


def added(rooms):
    total = Counter()
    for room in rooms:
        total.update(room)
    return {value: n for value, n in total.items() if n}


@given(ROOMS, THRESHOLD)
def test_what_leaves_has_no_small_group_and_less_than_three_percent_risk(rooms, threshold):
    if not may_leave(rooms, threshold):
        return
    whole = added(rooms)
    rows = sum(whole.values())
    assert min(whole.values()) >= threshold
    risk = sum(n * Fraction(1, n) for n in whole.values()) / rows  # each row's, averaged
    assert risk < Fraction(3, 100)


@given(ROOMS, THRESHOLD)
def test_who_takes_the_own_room_away_is_left_with_no_small_group(rooms, threshold):
    if not may_leave(rooms, threshold):
        return
    for place in range(len(rooms)):
        rest = added(rooms[:place] + rooms[place + 1 :])
        assert min(rest.values()) >= threshold
        assert set(rest) == set(added(rooms))


@given(ROOMS, ROOMS, THRESHOLD)
def test_two_batches_together_may_leave_as_well(first, second, threshold):
    """A later file is earlier batches and new ones: no rule is lost by putting them together."""
    if may_leave(first, threshold) and may_leave(second, threshold):
        assert has_no_small_group(added([*first, *second]), threshold)


@given(ROOM, THRESHOLD)
def test_one_room_alone_never_leaves(room, threshold):
    assert not may_leave([room], threshold)


@given(CELLS, THRESHOLD)
def test_every_pair_of_scores_that_is_told_fits_people_of_every_group(cells, threshold):
    merged = merge_rare(cells, threshold)
    if merged is None:
        return
    present = {value for groups in cells.values() for value, n in groups.items() if n}
    for groups in merged.values():
        assert set(groups) == present
        assert min(groups.values(), default=threshold) >= threshold


@given(CELLS, THRESHOLD)
def test_nobody_is_lost_or_changes_the_group_when_rare_scores_are_left_out(cells, threshold):
    merged = merge_rare(cells, threshold)
    if merged is None:
        return
    assert added(merged.values()) == added(cells.values())
    assert any(pair is not None for pair in merged)
    for pair, groups in merged.items():
        if pair is not None:
            assert groups == {value: n for value, n in cells[pair].items() if n}


@given(st.integers(1, 10_000), st.data())
def test_a_band_is_a_quarter_of_all_points(most, data):
    units = data.draw(st.integers(0, most))
    band = band_of(units, most)
    assert Fraction(band, 4) <= Fraction(units, most)
    assert Fraction(units, most) < Fraction(band + 1, 4) or units == most
