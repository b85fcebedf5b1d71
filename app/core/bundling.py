"""Bundles: the smallest groups that outsiders' tables are made of, each of ten people or more.

Tables of a country, its provinces, quarters, years and programmes share their totals, and grow over
time; withholding cells in each table leaves differences between tables. Here nothing is told but
sums of whole bundles, so that every difference of any two tables, at any two times, is again a sum
of whole bundles. A workshop of ten pairs is a bundle. Smaller ones wait for others: first of the
same province, programme and quarter, then, once the quarter is over, of a wider place or time; a
bundle counts only in tables that hold all of it. What finds no company is told nowhere.
By a facet a bundle is judged by `suppression.suppress_groups`: what is withheld in it is at least
two groups of ten people together; and no members' own totals, less the groups that are in them
alone, leave fewer. Source: statistics.md §6, rules 2, 3 and 7.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from app.core.suppression import SuppressedGroups, suppress_groups

WHOLE_COUNTRY = ""
ALL_PROGRAMMES = ""
ANY_TIME = 0


@dataclass(frozen=True, order=True)
class Place:
    """Where and when a bundle counts; a wider place or time has the constants above.

    `quarter` is 1 to 4, or ANY_TIME for a bundle that counts in its year alone.
    """

    country: str
    province: str
    programme: str
    year: int
    quarter: int


@dataclass(frozen=True)
class Pending:
    """A workshop that is in no bundle yet, and how many pairs each of its groups has.

    `is_over`: its quarter has ended, so that no company of the same quarter will come.
    """

    workshop: str
    place: Place
    counts: Mapping[str, int]
    is_over: bool

    @property
    def n(self) -> int:
        """All its pairs."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Bundle:
    """Workshops that are told together, and which of their groups are."""

    place: Place
    workshops: tuple[str, ...]
    judged: SuppressedGroups


_WIDER: tuple[Callable[[Place], Place], ...] = (
    lambda place: place,
    lambda place: replace(place, quarter=ANY_TIME),
    lambda place: replace(place, quarter=ANY_TIME, province=WHOLE_COUNTRY),
    lambda place: replace(
        place, quarter=ANY_TIME, province=WHOLE_COUNTRY, programme=ALL_PROGRAMMES
    ),
    lambda place: Place(place.country, WHOLE_COUNTRY, ALL_PROGRAMMES, ANY_TIME, ANY_TIME),
)


def make_bundles(pending: Iterable[Pending], threshold: int) -> list[Bundle]:
    """Return the bundles that can be told now; who is in none goes on waiting.

    Workshops without pairs never enter one. The same workshops in any order give the same bundles.
    """
    waiting = {each.workshop: each for each in sorted(pending, key=_by_name) if each.n}
    found = []
    for each in list(waiting.values()):
        judged = suppress_groups(each.counts, threshold)
        if _is_whole(judged, threshold):
            found.append(Bundle(each.place, (each.workshop,), judged))
            del waiting[each.workshop]
    for step, widen in enumerate(_WIDER):
        groups: dict[Place, list[Pending]] = {}
        for each in waiting.values():
            if each.is_over:
                groups.setdefault(widen(each.place), []).append(each)
        for place, members in sorted(groups.items()):
            bundle = _bundle(place, members, threshold, is_last=step == len(_WIDER) - 1)
            if bundle is not None:
                found.append(bundle)
                for name in bundle.workshops:
                    del waiting[name]
    return found


def _by_name(pending: Pending) -> str:
    return pending.workshop


def _bundle(
    place: Place, members: Sequence[Pending], threshold: int, *, is_last: bool
) -> Bundle | None:
    """The largest part of the members that can be told: who has a rare group waits for more of it.

    At the last step groups may be withheld for the sake of a rare one, if anything is told at all.
    """
    left = _without_weak(members, threshold)
    while left:
        judged = suppress_groups(_together(left), threshold)
        if _is_whole(judged, threshold):
            return Bundle(place, tuple(each.workshop for each in left), judged)
        rare = min(judged.primary, key=lambda name: (_together(left)[name], name), default=None)
        if rare is None:
            break
        left = _without_weak([each for each in left if not each.counts.get(rare)], threshold)
    members = _without_weak(members, threshold)
    judged = suppress_groups(_together(members), threshold)
    has_told = any(judged.published.values()) and judged.total >= threshold
    if is_last and has_told and (not judged.suppressed or judged.is_combined_publishable):
        return Bundle(place, tuple(each.workshop for each in members), judged)
    return None


def _without_weak(members: Sequence[Pending], threshold: int) -> list[Pending]:
    """The members that can be told together: those go on waiting in whom a few would be left over.

    The total of each member is told elsewhere. Where all people of some told groups are in some of
    the members, those members' totals less these groups leave what is withheld in them alone.
    """
    left = list(members)
    while left:
        told = suppress_groups(_together(left), threshold).published
        weak = _find_weak(left, [name for name, n in told.items() if n], threshold)
        if not weak:
            break
        left = [each for each in left if weak.isdisjoint(each.counts)]
    return left


def _find_weak(members: Sequence[Pending], told: Sequence[str], threshold: int) -> set[str]:
    """Told groups that leave fewer people than the threshold, but somebody, where they are."""
    kinds: dict[frozenset[str], Counter[str]] = {}
    for each in members:
        present = frozenset(name for name in told if each.counts.get(name))
        kinds.setdefault(present, Counter()).update(each.counts)
    for size in range(1, len(told) + 1):
        for chosen in map(set, combinations(told, size)):
            where = [present for present in kinds if not chosen.isdisjoint(present)]
            away = set().union(*(present for present in kinds if chosen.isdisjoint(present)))
            inside = set(told) - away  # all their people are there
            rest = sum(
                n for present in where for name, n in kinds[present].items() if name not in inside
            )
            if 0 < rest < threshold:
                return chosen
    return set()


def _is_whole(judged: SuppressedGroups, threshold: int) -> bool:
    """Whether nothing large is withheld for the sake of something small."""
    return (
        judged.total >= threshold
        and any(judged.published.values())
        and judged.suppressed == judged.primary
        and (not judged.suppressed or (judged.is_combined_publishable and len(judged.primary) > 1))
    )


def _together(members: Iterable[Pending]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in members:
        for name, n in each.counts.items():
            counts[name] = counts.get(name, 0) + n
    return counts
