"""When rows of single people may leave, and in which coarseness: no group of them is small.

A row has the scores before and after and at most one thing about the person. Whoever was in a room
may know its pairs of scores, unlabelled, from the wall; a trainer knows the room by heart. So rows
leave in batches that never change and are never told in part; what is left of a batch without any
one of its workshops still has no small group; and beside a thing about the person every pair of
scores that is told stands with every group. Source: statistics.md §6, rules 1 and 7; reliability.md
§6.5 (global risk); decision 0024.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.core.disclosure import checked_threshold

MOST_RISK = Fraction(3, 100)
"""Global risk: the mean over all rows of one over the number of rows that look the same."""
BANDS = 4

Pair = tuple[int, int]
Groups = Mapping[str, int]
"""Value -> people; the one value "" where nothing about the person is told."""


def has_no_small_group(groups: Groups, threshold: int) -> bool:
    """Tell whether every group there is reaches the threshold, and the global risk stays below 3 %.

    The mean of 1 / size over all rows is the number of groups over the number of rows. Nobody at
    all is refused. ValueError below the floor of 5.
    """
    least = checked_threshold(threshold)
    sizes = [n for n in groups.values() if n]
    return bool(sizes) and min(sizes) >= least and Fraction(len(sizes), sum(sizes)) < MOST_RISK


def may_leave(rooms: Sequence[Groups], threshold: int) -> bool:
    """Tell whether rows of these workshops may leave together.

    Everybody, and everybody but any one workshop, has no small group, and no group is of one
    workshop alone: who knows a room and takes it away is left with the others. So it needs two
    workshops at least, and in general more.
    """
    whole = _together(rooms)
    if not has_no_small_group(whole, threshold):
        return False
    present = {value for value, n in whole.items() if n}
    for room in rooms:
        rest = {value: n - room.get(value, 0) for value, n in whole.items()}
        if not has_no_small_group(rest, threshold) or not all(rest[value] for value in present):
            return False
    return True


def band_of(units: int, max_units: int) -> int:
    """Return which quarter of all points a score lies in, 0 to 3; all points are in the last.

    ValueError for a score outside 0 to all points.
    """
    if max_units <= 0 or not 0 <= units <= max_units:
        raise ValueError(f"{units} of {max_units} is no score")
    return min(BANDS - 1, BANDS * units // max_units)


def merge_rare(
    cells: Mapping[Pair, Groups], threshold: int
) -> dict[Pair | None, dict[str, int]] | None:
    """Return the pairs of bands that may stand beside a group; the others together under None.

    Every pair that is told stands with every group there is, each the threshold times at least:
    an arrow seen on the wall then fits people of every group. So does None, to which the smallest
    told pairs are added until it does. None instead of a mapping: not even one pair can be told.
    Nobody is left out: the groups keep their numbers. ValueError below the floor of 5.
    """
    least = checked_threshold(threshold)
    present = sorted({value for groups in cells.values() for value, n in groups.items() if n})
    told = {pair for pair, groups in cells.items() if _is_full(groups, present, least)}
    rare = [pair for pair in sorted(cells) if pair not in told and any(cells[pair].values())]
    by_size = sorted(told, key=lambda pair: (sum(cells[pair].values()), pair))
    while rare and not _is_full(_together([cells[pair] for pair in rare]), present, least):
        if not by_size:
            return None
        told.discard(by_size[0])
        rare.append(by_size.pop(0))
    if not told:
        return None
    merged: dict[Pair | None, dict[str, int]] = {
        pair: {value: cells[pair][value] for value in present} for pair in sorted(told)
    }
    if rare:
        merged[None] = _together([cells[pair] for pair in rare])
    return merged


def _is_full(groups: Groups, present: Sequence[str], least: int) -> bool:
    return all(groups.get(value, 0) >= least for value in present)


def _together(rooms: Sequence[Groups]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for room in rooms:
        found.update(room)
    return {value: n for value, n in sorted(found.items()) if n}
