"""From which of a workshop's snapshots each figure is told.

Two snapshots that differ by a few people tell what those scored. The room moves with each snapshot,
and a snapshot is taken for five people or more; whatever is told of part of the room stands as it
was first told, until every part of it that moves has moved by the threshold. Source: statistics.md
§0, §6.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeAlias

from app.core import disclosure
from app.core.disclosure import Audience
from app.core.suppression import suppress_groups
from app.gains.cells import FLAGGED, PROFILE_FACETS, Facet
from app.gains.frozen import Frozen

Part: TypeAlias = tuple[int, tuple[int, ...]]
"""How many people, and everything that is summed over them."""

PartsOf: TypeAlias = Callable[[Frozen], Mapping[Hashable, Part]]

_NOBODY: Part = (0, ())


def told_state(pairs: Sequence[int], audience: Audience, threshold: int) -> int:
    """Which of a workshop's states this reader sees, by their numbers of pairs, newest last.

    The team sees the newest; others the last that ten pairs or more moved. Until anything was told,
    any state may be first.
    """
    return _told_states(pairs, audience, threshold)[-1]


def _told_states(pairs: Sequence[int], audience: Audience, threshold: int) -> list[int]:
    """Every state this reader has been able to see."""
    if audience is Audience.TEAM:
        return list(range(len(pairs)))
    told = [0]
    for place, now in enumerate(pairs):
        before = pairs[told[-1]]
        if before < threshold or disclosure.may_republish(before, now, threshold=threshold):
            told.append(place)
    return told


def told_version(pairs: Sequence[Sequence[int]]) -> int:
    """Which version of a corrected form the team is told, by the pairs of each one's states.

    `pairs`: by version, the first one first; empty where none stands by it. Old and new figures of
    the same people are both told only of ten pairs or more; where only counts were told before, the
    new ones stand for themselves. Source: decision 0029.
    """
    told, is_told = 0, False
    for version, states in enumerate(pairs):
        if states and (not is_told or states[-1] >= disclosure.FULL_FROM_PAIRS):
            told = version
        is_told = is_told or max(states, default=0) >= disclosure.THRESHOLD_FLOOR
    return told


def seen_by(contents: Sequence[Frozen], audience: Audience, threshold: int) -> list[Frozen]:
    """The states this reader has been able to see, the one that stands last."""
    pairs = [each.sums()["pair_count"] for each in contents]
    return [contents[place] for place in _told_states(pairs, audience, threshold)]


def arrows_told(contents: Sequence[Frozen]) -> Frozen:
    """The state of which each pair has an arrow: they move when ten pairs have come.

    Beside the arrows of before, those of fewer would stand alone: the latecomers' own scores.
    """
    return seen_by(contents, Audience.OUTSIDE, disclosure.FULL_FROM_PAIRS)[-1]


def groups_told(contents: Sequence[Frozen], threshold: int) -> Frozen:
    """The state of which groups of the profile are told, also to the team."""
    return _last_told(
        contents, _profile_parts, lambda each: _tells_a_group(each, threshold), threshold
    )


def flagged_told(seen: Sequence[Frozen], least: int) -> Frozen:
    """The state of which the room is told without its flagged sittings."""
    return _last_told(seen, _flagged_parts, _tells_all(_flagged_parts, least), least)


def leavers_told(seen: Sequence[Frozen], least: int) -> Frozen:
    """The state of which those are told who took only the pre-test."""
    return _last_told(seen, _leavers_parts, _tells_all(_leavers_parts, least), least)


def _last_told(
    states: Sequence[Frozen],
    parts_of: PartsOf,
    tells: Callable[[Frozen], bool],
    least: int,
) -> Frozen:
    told = states[0]
    for each in states[1:]:
        if not tells(told) or _moves_enough(parts_of(told), parts_of(each), least):
            told = each
    return told


def _moves_enough(
    before: Mapping[Hashable, Part], now: Mapping[Hashable, Part], least: int
) -> bool:
    """Whether every part is as it was, or has moved by so many people."""
    for key in before.keys() | now.keys():
        old, new = before.get(key, _NOBODY), now.get(key, _NOBODY)
        if old != new and not disclosure.may_republish(old[0], new[0], threshold=least):
            return False
    return True


def _tells_all(parts_of: PartsOf, least: int) -> Callable[[Frozen], bool]:
    return lambda frozen: all(people >= least for people, _ in parts_of(frozen).values())


def _profile_parts(frozen: Frozen) -> dict[Hashable, Part]:
    return {
        (facet.value, value): (
            frozen.sums((facet.value, value))["pair_count"],
            tuple(frozen.sums((facet.value, value)).values()),
        )
        for facet in PROFILE_FACETS
        for value in frozen.values(facet.value)
    }


def _flagged_parts(frozen: Frozen) -> dict[Hashable, Part]:
    room, flagged = frozen.sums(), frozen.sums((Facet.FLAGGED.value, FLAGGED))
    names = ("sum_pre", "sum_post", "sum_pre_squared", "sum_post_squared", "sum_products")
    inside = tuple(flagged[name] for name in names)
    outside = tuple(room[name] - flagged[name] for name in names)
    return {
        "flagged": (flagged["pair_count"], inside),
        "others": (room["pair_count"] - flagged["pair_count"], outside),
    }


def _leavers_parts(frozen: Frozen) -> dict[Hashable, Part]:
    room = frozen.sums()
    left = (room["sum_all_pre"] - room["sum_pre"],
            room["sum_all_pre_squared"] - room["sum_pre_squared"])  # fmt: skip
    return {"leavers": (room["pre_count"] - room["pair_count"], left)}


def _tells_a_group(frozen: Frozen, threshold: int) -> bool:
    for facet in PROFILE_FACETS:
        counts = {
            value: frozen.sums((facet.value, value))["pair_count"]
            for value in frozen.values(facet.value)
        }
        if any(counts[value] for value in suppress_groups(counts, threshold).published):
            return True
    return False
