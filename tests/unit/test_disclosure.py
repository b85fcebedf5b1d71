"""What may be shown of a group of so many pairs."""

import pytest

from app.core.disclosure import (
    Audience,
    Shown,
    checked_threshold,
    late_snapshot_due,
    may_show_counts,
    may_show_means,
    needs_new_snapshot,
    what_to_show,
)


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
