"""Who may see how much of a group's results, by the number of pairs alone.

A group is shown or withheld as a whole; a withheld number of pairs is withheld too. Thresholds are
settings with a floor of 5: below it single people can be read off. This file judges one group;
withholding a second group so that the first cannot be computed back is in `suppression`. Source:
statistics.md §0 (the table of n) and §6 (rules 1, 2, 6 to 8, leavers).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.figures import Reason

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


def may_republish(
    previous_pairs: int, now_pairs: int, *, threshold: int = OUTSIDE_THRESHOLD
) -> bool:
    """Tell whether a figure outside the team may move from its last published state to this one.

    Two releases that differ by a few people tell those people's scores by subtraction, also when a
    workshop of a few pairs has closed in between: the difference is at least the threshold, up or
    (after erasures) down. ValueError below the floor of 5.
    """
    _check_count(previous_pairs)
    _check_count(now_pairs)
    return abs(now_pairs - previous_pairs) >= checked_threshold(threshold)


def may_show_leavers(
    n_leavers: int,
    audience: Audience,
    threshold: int = OUTSIDE_THRESHOLD,
    *,
    room_threshold: int = ROOM_THRESHOLD,
) -> bool:
    """Tell whether figures that involve leavers may be told: their mean, the mean of all
    pre-takers, the contrast, the adjusted gain.

    Beside the pairs' figures each of them gives the leavers' own back, so their number decides; no
    leavers are nothing to protect. Otherwise only the completion share is told.
    """
    _check_count(n_leavers)
    least = _least_for(audience, threshold, room_threshold)
    return n_leavers == 0 or n_leavers >= least


def may_show_without_flagged(
    n_flagged: int,
    n_unflagged: int,
    audience: Audience,
    threshold: int = OUTSIDE_THRESHOLD,
    *,
    room_threshold: int = ROOM_THRESHOLD,
) -> bool:
    """Tell whether a figure may be told both with and without the flagged sittings' pairs.

    Late, paper, assisted and rescued sittings are taken together; both sides need the threshold,
    since each is the difference of what is told.
    """
    _check_count(n_flagged)
    _check_count(n_unflagged)
    return min(n_flagged, n_unflagged) >= _least_for(audience, threshold, room_threshold)


def is_dominated(n_by_agency: Collection[int]) -> bool:
    """Tell whether one agency supplies 85 % or more of a group: then the group is that agency.

    Asked only where results of single agencies are confidential; the group is merged upwards.
    """
    return 100 * max(n_by_agency, default=0) >= 85 * sum(n_by_agency) > 0


class Extreme(StrEnum):
    """Which end of 0..100 % a share is too near to be told."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True)
class CodedShare:
    """A share as it may be told: `percent` 0..100, exactly or (`extreme`) only as a limit."""

    percent: Fraction
    extreme: Extreme | None


def code_share(count: int, n: int, *, people: int | None = None) -> CodedShare | Reason:
    """Return count of n in percent, its extremes told as "at most x" or "at least 100 - x".

    "100 % failed" exposes everybody. x = 20 (10-19 people), 10 (20-39), 5 (40-99), 2 (100-299),
    1 (from 300); `suppressed` below 10. `people` where n counts something else, as answers.
    ValueError unless 0 <= count <= n. Source: the NCES rule as Utah prints it.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is not a share")
    size = n if people is None else people
    margin = next((percent for least, percent in _EXTREMES if size >= least), None)
    if margin is None:
        return Reason.SUPPRESSED
    percent = Fraction(100 * count, n)
    if percent <= margin:
        return CodedShare(Fraction(margin), Extreme.AT_MOST)
    if percent >= 100 - margin:
        return CodedShare(Fraction(100 - margin), Extreme.AT_LEAST)
    return CodedShare(percent, None)


_EXTREMES = ((300, 1), (100, 2), (40, 5), (20, 10), (10, 20))


def code_moves(counts: Sequence[int]) -> tuple[CodedShare | Reason, ...]:
    """Return the shares of the cells of a 2 x 2 table whose margins are told.

    Beside the margins one cell gives all others: where one is a limit, the others are withheld.
    """
    n = sum(counts)
    coded = tuple(code_share(each, n) for each in counts)
    if not any(isinstance(each, CodedShare) and each.extreme for each in coded):
        return coded
    return tuple(
        each if isinstance(each, CodedShare) and each.extreme else Reason.SUPPRESSED
        for each in coded
    )


def code_choices(
    counts: Mapping[str, int], n: int, *, last: Collection[str] = ()
) -> dict[str, CodedShare | Reason]:
    """Return the shares of choices of which each person makes one at most; some chose none.

    How many chose none is not told. Where a choice is only a limit ("at most 5 %"), what is left of
    the whole must not say more than that limit: the smallest other choices are withheld until the
    rest reaches it. Choices of `last` are withheld last: they are told in other places.
    """
    coded = {name: code_share(count, n) for name, count in counts.items()}
    limits = [
        each.percent
        for each in coded.values()
        if isinstance(each, CodedShare) and each.extreme is Extreme.AT_MOST
    ]
    exact = [
        name
        for name, each in coded.items()
        if isinstance(each, CodedShare) and each.extreme is None
    ]
    exact.sort(key=lambda name: (name in last, counts[name], name))
    rest = n - sum(counts[name] for name in exact)
    while limits and exact and 100 * rest < max(limits) * n:
        name = exact.pop(0)
        coded[name] = Reason.SUPPRESSED
        rest += counts[name]
    return coded


def checked_threshold(threshold: int) -> int:
    """Return the threshold; ValueError below the floor of 5."""
    if threshold < THRESHOLD_FLOOR:
        raise ValueError(f"a threshold of {threshold} is below {THRESHOLD_FLOOR}")
    return threshold


def _least_for(audience: Audience, threshold: int, room_threshold: int) -> int:
    return checked_threshold(threshold if audience is Audience.OUTSIDE else room_threshold)


def _means_or_full(n_pairs: int) -> Shown:
    return Shown.FULL if n_pairs >= FULL_FROM_PAIRS else Shown.MEANS


def _check_count(count: int) -> None:
    if count < 0:
        raise ValueError(f"a count cannot be {count}")
