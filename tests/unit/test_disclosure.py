"""What may be shown of a group of so many pairs."""

from fractions import Fraction

import pytest

from app.core.disclosure import (
    Audience,
    CodedShare,
    Extreme,
    Shown,
    checked_threshold,
    code_share,
    is_dominated,
    late_snapshot_due,
    may_republish,
    may_show_counts,
    may_show_leavers,
    may_show_means,
    may_show_without_flagged,
    needs_new_snapshot,
    what_to_show,
)
from app.core.figures import Reason


@pytest.mark.parametrize(
    ("n_pairs", "team", "outside"),
    [
        (0, Shown.NONE_YET, Shown.NONE_YET),
        (1, Shown.NOTHING, Shown.WITHHELD),
        (2, Shown.COUNTS, Shown.WITHHELD),
        (4, Shown.COUNTS, Shown.WITHHELD),
        (5, Shown.MEANS, Shown.WITHHELD),
        (9, Shown.MEANS, Shown.WITHHELD),
        (10, Shown.FULL, Shown.FULL),
        (10_000_000, Shown.FULL, Shown.FULL),
    ],
)
def test_the_table_of_pairs_is_kept(n_pairs, team, outside):
    assert what_to_show(n_pairs, Audience.TEAM) is team
    assert what_to_show(n_pairs, Audience.OUTSIDE) is outside


@pytest.mark.parametrize(
    ("n_pairs", "threshold", "outside"),
    [
        (19, 20, Shown.WITHHELD),
        (20, 20, Shown.FULL),
        (4, 5, Shown.WITHHELD),
        (5, 5, Shown.MEANS),
        (9, 5, Shown.MEANS),
        (10, 5, Shown.FULL),
    ],
)
def test_another_threshold_moves_the_outside(n_pairs, threshold, outside):
    assert what_to_show(n_pairs, Audience.OUTSIDE, threshold) is outside


def test_a_higher_threshold_outside_leaves_the_room_to_its_team():
    assert what_to_show(7, Audience.TEAM, 20) is Shown.MEANS
    assert what_to_show(12, Audience.TEAM, 20) is Shown.FULL


@pytest.mark.parametrize(
    ("n_pairs", "team"), [(1, Shown.NOTHING), (7, Shown.COUNTS), (8, Shown.MEANS)]
)
def test_a_higher_threshold_of_the_room_moves_the_team(n_pairs, team):
    assert what_to_show(n_pairs, Audience.TEAM, room_threshold=8) is team


@pytest.mark.parametrize("audience", list(Audience))
def test_no_setting_goes_below_five(audience):
    with pytest.raises(ValueError, match="below 5"):
        what_to_show(100, audience, 4)
    with pytest.raises(ValueError, match="below 5"):
        what_to_show(100, audience, room_threshold=4)


def test_a_threshold_from_the_settings_is_checked():
    assert checked_threshold(5) == 5
    with pytest.raises(ValueError, match="a threshold of 0 is below 5"):
        checked_threshold(0)


def test_a_negative_number_of_pairs_is_refused():
    with pytest.raises(ValueError, match="cannot be -1"):
        what_to_show(-1, Audience.TEAM)


@pytest.mark.parametrize(
    ("shown", "counts", "means"),
    [
        (Shown.NONE_YET, True, False),
        (Shown.NOTHING, False, False),
        (Shown.COUNTS, True, False),
        (Shown.MEANS, True, True),
        (Shown.FULL, True, True),
        (Shown.WITHHELD, False, False),
    ],
)
def test_counts_and_means_follow_from_what_is_shown(shown, counts, means):
    assert may_show_counts(shown) is counts
    assert may_show_means(shown) is means


@pytest.mark.parametrize(
    ("previous", "now", "needed"),
    [(0, 4, False), (0, 5, True), (18, 22, False), (18, 23, True), (23, 18, False), (7, 7, False)],
)
def test_a_new_snapshot_waits_for_five_more_sittings(previous, now, needed):
    assert needs_new_snapshot(previous, now) is needed


@pytest.mark.parametrize(("changed", "due"), [(0, False), (4, False), (5, True), (20, True)])
def test_a_last_snapshot_is_taken_when_late_answers_changed_five_sittings(changed, due):
    assert late_snapshot_due(changed) is due


@pytest.mark.parametrize(("previous", "now"), [(-1, 5), (5, -1)])
def test_negative_numbers_of_sittings_are_refused(previous, now):
    with pytest.raises(ValueError, match="cannot be -1"):
        needs_new_snapshot(previous, now)


def test_a_negative_number_of_changed_sittings_is_refused():
    with pytest.raises(ValueError, match="cannot be -1"):
        late_snapshot_due(-1)


@pytest.mark.parametrize(
    ("previous", "now", "may"),
    [
        (0, 10, True),
        (10, 10, False),
        (50, 51, False),
        (50, 59, False),
        (50, 60, True),
        (60, 51, False),
        (60, 50, True),
    ],
)
def test_two_releases_differ_by_ten_people_or_not_at_all(previous, now, may):
    assert may_republish(previous, now) is may


def test_two_releases_differ_by_the_threshold_of_the_settings():
    assert may_republish(50, 55, threshold=5)
    with pytest.raises(ValueError, match="below 5"):
        may_republish(50, 55, threshold=4)
    with pytest.raises(ValueError, match="cannot be -1"):
        may_republish(-1, 55)
    with pytest.raises(ValueError, match="cannot be -1"):
        may_republish(55, -1)


@pytest.mark.parametrize(
    ("leavers", "team", "outside"),
    [
        (0, True, True),
        (1, False, False),
        (4, False, False),
        (5, True, False),
        (9, True, False),
        (10, True, True),
    ],
)
def test_leavers_are_told_of_from_five_in_the_team_and_ten_outside(leavers, team, outside):
    assert may_show_leavers(leavers, Audience.TEAM) is team
    assert may_show_leavers(leavers, Audience.OUTSIDE) is outside


@pytest.mark.parametrize(
    ("flagged", "unflagged", "team", "outside"),
    [
        (0, 20, False, False),
        (5, 4, False, False),
        (4, 5, False, False),
        (5, 5, True, False),
        (10, 9, True, False),
        (10, 10, True, True),
    ],
)
def test_flagged_sittings_are_told_apart_when_both_sides_are_many(
    flagged, unflagged, team, outside
):
    assert may_show_without_flagged(flagged, unflagged, Audience.TEAM) is team
    assert may_show_without_flagged(flagged, unflagged, Audience.OUTSIDE) is outside


def test_leavers_and_flagged_sittings_obey_both_settings():
    assert not may_show_leavers(10, Audience.OUTSIDE, 11)
    assert not may_show_leavers(5, Audience.TEAM, room_threshold=6)
    assert not may_show_without_flagged(10, 10, Audience.OUTSIDE, 11)
    assert not may_show_without_flagged(5, 5, Audience.TEAM, room_threshold=6)
    for refused in ((-1, 5), (5, -1)):
        with pytest.raises(ValueError, match="cannot be -1"):
            may_show_without_flagged(*refused, Audience.TEAM)
    with pytest.raises(ValueError, match="cannot be -1"):
        may_show_leavers(-1, Audience.TEAM)


@pytest.mark.parametrize(
    ("agencies", "is_one"),
    [
        ([], False),
        ([0, 0], False),
        ([17, 3], True),
        ([169, 31], False),
        ([16, 4], False),
        ([5], True),
    ],
)
def test_a_group_of_85_percent_one_agency_is_that_agency(agencies, is_one):
    assert is_dominated(agencies) is is_one


@pytest.mark.parametrize(
    ("n", "margin"),
    [(10, 20), (19, 20), (20, 10), (39, 10), (40, 5), (99, 5), (100, 2), (299, 2), (300, 1)],
)
def test_extremes_are_told_as_limits(n, margin):
    assert code_share(0, n) == CodedShare(Fraction(margin), Extreme.AT_MOST)
    assert code_share(n, n) == CodedShare(Fraction(100 - margin), Extreme.AT_LEAST)
    assert code_share(n // 2, n) == CodedShare(Fraction(100 * (n // 2), n), None)


def test_a_share_at_its_limit_is_a_limit_and_beyond_it_is_told():
    assert code_share(2, 10).extreme is Extreme.AT_MOST
    assert code_share(3, 10) == CodedShare(Fraction(30), None)
    assert code_share(7, 10) == CodedShare(Fraction(70), None)
    assert code_share(8, 10).extreme is Extreme.AT_LEAST


def test_a_share_of_fewer_than_ten_is_suppressed():
    assert code_share(3, 38, people=19).extreme is Extreme.AT_MOST
    assert code_share(3, 18, people=9) is Reason.SUPPRESSED
    assert code_share(3, 9) is Reason.SUPPRESSED
    assert code_share(0, 0) is Reason.SUPPRESSED


@pytest.mark.parametrize(("count", "n"), [(-1, 10), (11, 10)])
def test_no_share_is_beyond_all(count, n):
    with pytest.raises(ValueError, match="is not a share"):
        code_share(count, n)
