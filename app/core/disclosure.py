"""Who may see how much of a group's results, by the number of pairs alone.

A group is shown or withheld as a whole; a withheld number of pairs is withheld too. Thresholds are
settings with a floor of 5: below it single people can be read off. This file judges one group;
hiding a second group so that the first cannot be computed back comes on top. Source:
statistics.md §0 (the table of n) and §6 (rules 1, 2, 7).
"""

from __future__ import annotations

from enum import StrEnum

ROOM_THRESHOLD = 5
OUTSIDE_THRESHOLD = 10
THRESHOLD_FLOOR = 5
FULL_FROM_PAIRS = 10
"""Effect size, pass movement and Wilcoxon say something only from here: not a setting."""

SNAPSHOT_STEP = 5


class Audience(StrEnum):
    """Who looks: the workshop's own team, or anybody else (evaluators, releases, the public)."""

    TEAM = "team"
    OUTSIDE = "outside"


class Shown(StrEnum):
    """How much of one group is shown.

    none_yet: "no completed pairs yet". nothing: one pair is one person. counts: numbers of pre,
    post and pairs. means: also means, gain, interval, improved/same/declined. full: everything.
    withheld: "–", the number of pairs too.
    """

    NONE_YET = "none_yet"
    NOTHING = "nothing"
    COUNTS = "counts"
    MEANS = "means"
    FULL = "full"
    WITHHELD = "withheld"


def what_to_show(
    n_pairs: int,
    audience: Audience,
    threshold: int = OUTSIDE_THRESHOLD,
    *,
    room_threshold: int = ROOM_THRESHOLD,
) -> Shown:
    """Decide what is shown of one whole room.

    `threshold` is for outside, `room_threshold` for the team; a subgroup is judged like OUTSIDE
    for everybody. Below 10 pairs nobody gets more than means,
    also when the threshold was lowered. ValueError below the floor of 5 and for negative counts.
    """
    least = checked_threshold(threshold)
    least_in_room = checked_threshold(room_threshold)
    _check_count(n_pairs)
    if n_pairs == 0:
        return Shown.NONE_YET
    if audience is Audience.OUTSIDE:
        return Shown.WITHHELD if n_pairs < least else _means_or_full(n_pairs)
    if n_pairs == 1:
        return Shown.NOTHING
    return Shown.COUNTS if n_pairs < least_in_room else _means_or_full(n_pairs)


def may_show_counts(shown: Shown) -> bool:
    """Tell whether the numbers of pre, post and pairs may be told."""
    return shown not in {Shown.NOTHING, Shown.WITHHELD}


def may_show_means(shown: Shown) -> bool:
    """Tell whether means, gain and interval may be told."""
    return shown in {Shown.MEANS, Shown.FULL}


def needs_new_snapshot(previous_sittings: int, now_sittings: int) -> bool:
    """Tell whether 5 more sittings have come since the last snapshot of an administration.

    Fewer are counted beside it and stay out of its figures: a mean that moves by one person tells
    that person's score. Fewer sittings than before (erasures) never make a new snapshot.
    """
    _check_count(previous_sittings)
    _check_count(now_sittings)
    return now_sittings - previous_sittings >= SNAPSHOT_STEP


def late_snapshot_due(changed_sittings: int) -> bool:
    """Tell whether late operations changed so many sittings (5) that one last snapshot is taken."""
    _check_count(changed_sittings)
    return changed_sittings >= SNAPSHOT_STEP


def checked_threshold(threshold: int) -> int:
    """Return the threshold; ValueError below the floor of 5."""
    if threshold < THRESHOLD_FLOOR:
        raise ValueError(f"a threshold of {threshold} is below {THRESHOLD_FLOOR}")
    return threshold


def _means_or_full(n_pairs: int) -> Shown:
    return Shown.FULL if n_pairs >= FULL_FROM_PAIRS else Shown.MEANS


def _check_count(count: int) -> None:
    if count < 0:
        raise ValueError(f"a count cannot be {count}")
