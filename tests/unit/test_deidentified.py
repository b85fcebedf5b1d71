"""Where the rules for rows of single people change from no to yes, and why."""

import pytest

from app.core.deidentified import band_of, has_no_small_group, may_leave, merge_rare


@pytest.mark.parametrize(
    ("groups", "is_safe"),
    [
        ({}, False),
        ({"": 0}, False),
        ({"": 33}, False),  # 1 in 33: 3.03 %
        ({"": 34}, True),  # 2.94 %
        ({"woman": 10, "man": 56}, False),  # 2 in 66
        ({"woman": 10, "man": 57}, True),
        ({"woman": 9, "man": 91}, False),
        ({"woman": 0, "man": 40}, True),
    ],
)
def test_ten_of_each_group_and_less_than_three_percent(groups, is_safe):
    assert has_no_small_group(groups, 10) is is_safe


@pytest.mark.parametrize(
    ("rooms", "may"),
    [
        ([{"": 40}], False),  # it would be the arrows of one room
        ([{"": 34}, {"": 33}], False),  # the trainer of the first is left with 33
        ([{"": 34}, {"": 34}], True),
        ([{"": 20}, {"": 20}, {"": 14}], True),
        ([{"w": 20, "m": 30}, {"w": 0, "m": 60}, {"w": 20, "m": 20}], True),
        ([{"w": 20, "m": 30}, {"w": 9, "m": 60}], False),  # without the first: nine women
        ([{"w": 20, "m": 30}, {"m": 70}], False),  # women of one room alone
    ],
)
def test_rows_leave_when_they_may_without_any_one_room_too(rooms, may):
    assert may_leave(rooms, 10) is may


def test_a_higher_threshold_asks_for_more_and_below_five_is_no_threshold():
    rooms = [{"w": 12, "m": 60}, {"w": 12, "m": 60}]
    assert may_leave(rooms, 12)
    assert not may_leave(rooms, 13)
    with pytest.raises(ValueError, match="below 5"):
        may_leave(rooms, 4)


def test_quarters_of_all_points():
    assert [band_of(units, 20) for units in (0, 4, 5, 9, 10, 14, 15, 19, 20)] == [
        0, 0, 1, 1, 2, 2, 3, 3, 3,
    ]  # fmt: skip
    for units, most in ((-1, 20), (21, 20), (0, 0)):
        with pytest.raises(ValueError, match="no score"):
            band_of(units, most)


def test_a_pair_of_scores_without_ten_of_every_group_stands_under_none():
    cells = {
        (1, 2): {"w": 20, "m": 30},
        (2, 3): {"w": 15, "m": 40},
        (0, 3): {"w": 12, "m": 8},  # eight men
        (3, 0): {"w": 0, "m": 3},  # an arrow of a man
    }
    assert merge_rare(cells, 10) == {
        (1, 2): {"w": 20, "m": 30}, (2, 3): {"w": 15, "m": 40}, None: {"w": 12, "m": 11},
    }  # fmt: skip


def test_the_smallest_told_pair_goes_with_the_rare_ones_until_they_fit_everybody():
    cells = {
        (1, 2): {"w": 20, "m": 30}, (2, 3): {"w": 15, "m": 20}, (3, 0): {"m": 3}, (0, 0): {},
    }  # fmt: skip
    assert merge_rare(cells, 10) == {(1, 2): {"w": 20, "m": 30}, None: {"w": 15, "m": 23}}
    assert merge_rare({(1, 2): {"w": 20, "m": 30}, (3, 0): {"m": 3}}, 10) is None
    assert merge_rare({(1, 2): {"w": 9, "m": 30}}, 10) is None
    assert merge_rare({}, 10) is None
