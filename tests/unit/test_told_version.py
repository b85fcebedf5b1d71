"""Which version of a corrected form a team is told: never two of a handful of the same people."""

import pytest

from app.core.disclosure import FULL_FROM_PAIRS, THRESHOLD_FLOOR
from app.gains.states import told_version


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([[24]], 0),
        ([[24], [24]], 1),  # ten and more: the new one
        ([[7], [7]], 0),  # means were told of seven: they stay
        ([[4], [4]], 1),  # nothing but counts was told: the new ones stand for themselves
        ([[0], [0, 6]], 1),  # the pre-test alone before the correction
        ([[7, 12], [7, 12]], 1),
        ([[24], []], 0),  # what stood was not found again
        ([[7], [7], [7]], 0),  # corrected twice
        ([[24], [24], [24]], 2),
        ([[4], [4], [4, 9]], 2),
        ([[], [12]], 1),
        ([[4], [9], [9]], 1),
    ],
)
def test_the_team_is_told_the_newest_version_that_ten_people_allow(
    pairs: list[list[int]], told: int
) -> None:
    assert told_version(pairs) == told


def test_whatever_is_told_by_two_versions_is_told_of_ten_people() -> None:
    """Over all short histories: where means were told before, the next version has ten pairs."""
    counts = (0, 2, 4, 5, 9, 10, 30)
    for first in counts:
        for second in counts:
            for third in counts:
                pairs = [[first], [second], [third]]
                for upto in (2, 3):
                    now = told_version(pairs[:upto])
                    before = max((each[0] for each in pairs[:now]), default=0)
                    if before >= THRESHOLD_FLOOR:
                        assert pairs[now][0] >= FULL_FROM_PAIRS
