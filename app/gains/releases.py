"""Releases final results to readers outside the team, in bundles that never change.

A workshop is final when the late hours of its post-test have ended. Its results are released as the
snapshot outside readers see then; what comes later (a test opened again, a corrected place) does
not move what was released. Bundles by facet are made of whole bundles, so that no table by sex
tells the total of a workshop that is not told itself. Source: `core.bundling`, statistics.md §6.

How many pairs each group has decides the bundles and stands beside the snapshot; what is then told
is read from the snapshots themselves, place by place. Thousands of workshops may be due together.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from app.adapters.db import Work
from app.adapters.randomness import new_id
from app.core.bundling import Bundle, Pending, Place, make_bundles
from app.core.disclosure import Audience
from app.gains import release_queries as queries
from app.gains.bundle_sums import BREAKDOWNS, TOLD, WHOLE, BundleSums, Rest, add_up
from app.gains.frozen import Final, Stream
from app.gains.queries import find_finals, find_streams, read_contents
from app.gains.states import told_state

_FLUSH_AT = 500


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is bundled: a final workshop, or for a facet a whole bundle of them."""

    id: str
    place: Place
    workshops: tuple[Final, ...]


@dataclass(frozen=True, slots=True)
class _Due:
    """A bundle that is released now; `members`: unit and workshop."""

    id: str
    breakdown: str
    place: Place
    told: tuple[str, ...]
    members: tuple[tuple[str, Final], ...]


def release_due(work: Work, *, threshold: int) -> int:
    """Bundle and release what can be told by now; returns how many bundles were made.

    Again it changes nothing. Safe at any time: what is told only ever grows by whole bundles.
    """
    made = 0
    for stream in find_streams(work.db):
        due = sorted(_find_due(work, stream, threshold), key=_place_of)
        for place, there in groupby(due, key=_place_of):
            _Writing(work, queries.Spot(stream, place), list(there)).run()
        made += len(due)
    return made


def _place_of(due: _Due) -> Place:
    return due.place


def _choose(threshold: int) -> Callable[[Sequence[int]], int]:
    return lambda pairs: told_state(pairs, Audience.OUTSIDE, threshold)


def _find_due(work: Work, stream: Stream, threshold: int) -> list[_Due]:
    finals = find_finals(work.db, stream, _choose(threshold))
    released = queries.find_units(work.db, stream, [each.workshop_id for each in finals])
    waiting = [
        _Unit(each.workshop_id, each.place, (each,))
        for each in finals
        if each.workshop_id not in released[WHOLE]
    ]
    due = _bundle(work, WHOLE, waiting, threshold)
    whole = released[WHOLE] | {
        each.workshop_id: bundle.id for bundle in due for _, each in bundle.members
    }
    places = queries.find_places(work.db, set(released[WHOLE].values()))
    places |= {bundle.id: bundle.place for bundle in due}
    for breakdown in BREAKDOWNS:
        units = _whole_bundles(finals, whole, places, released[breakdown])
        due += _bundle(work, breakdown, units, threshold)
    return due


def _whole_bundles(
    finals: Sequence[Final],
    whole: Mapping[str, str],
    places: Mapping[str, Place],
    done: Mapping[str, str],
) -> list[_Unit]:
    """The whole bundles that are in no bundle of this breakdown yet."""
    members: dict[str, list[Final]] = {}
    for each in finals:
        bundle_id = whole.get(each.workshop_id)
        if bundle_id is not None and each.workshop_id not in done:
            members.setdefault(bundle_id, []).append(each)
    return [_Unit(bundle_id, places[bundle_id], tuple(own)) for bundle_id, own in members.items()]


def _bundle(work: Work, breakdown: str, units: Sequence[_Unit], threshold: int) -> list[_Due]:
    known = {unit.id: unit for unit in units}
    today = work.now.date()
    pending = [
        Pending(unit.id, unit.place, _counts(unit, breakdown), _is_over(unit.place, today))
        for unit in units
    ]
    return [_due_of(each, breakdown, known) for each in make_bundles(pending, threshold)]


def _due_of(bundle: Bundle, breakdown: str, known: Mapping[str, _Unit]) -> _Due:
    return _Due(
        id=new_id(),
        breakdown=breakdown,
        place=bundle.place,
        told=tuple(value for value, n in bundle.judged.published.items() if n),
        members=tuple((name, each) for name in bundle.workshops for each in known[name].workshops),
    )


def _counts(unit: _Unit, breakdown: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in unit.workshops:
        found.update(each.pair_counts(breakdown))
    return dict(found)


def _is_over(place: Place, today: date) -> bool:
    """Whether the quarter has ended; of a bundle that spans some, the year."""
    if not place.year:
        return True
    quarter = place.quarter or 4
    first_after = date(place.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return today >= first_after


class _Writing:
    """Writes the bundles of one place: their own rows some hundred at once, shared rows at the end.

    Place by place, so that few bundles are open at a time however many are due.
    """

    def __init__(self, work: Work, spot: queries.Spot, due: Sequence[_Due]) -> None:
        self._work, self._spot, self._due = work, spot, due
        self._ready: list[tuple[str, BundleSums]] = []
        self._shared: dict[str, dict[Rest, dict[str, Any]]] = {}

    def run(self) -> None:
        """Read each snapshot once and add it to its bundles."""
        for start in range(0, len(self._due), _FLUSH_AT):
            self._write_bundles(self._due[start : start + _FLUSH_AT])
        open_bundles: dict[str, BundleSums] = {}
        of_snapshot: dict[int, list[_Due]] = {}
        for due in self._due:
            for _, each in due.members:
                of_snapshot.setdefault(each.snapshot_id, []).append(due)
        for snapshot_id, frozen in read_contents(self._work.db, list(of_snapshot)):
            for due in of_snapshot[snapshot_id]:
                sums = open_bundles.setdefault(due.id, BundleSums(due.breakdown, due.told))
                sums.add(frozen)
                if sums.workshops == len(due.members):
                    self._close(due.id, open_bundles.pop(due.id))
        self._flush()
        # Other workers may add to these rows as well: in one order for all.
        for name, rows in sorted(self._shared.items()):
            queries.add_shared(self._work.db, self._spot, name, rows)

    def _write_bundles(self, some: Sequence[_Due]) -> None:
        rows = [
            self._spot.columns() | {
                "id": due.id,
                "breakdown": due.breakdown,
                "workshop_id": due.members[0][1].workshop_id if len(due.members) == 1 else "",
                "workshop_count": len(due.members),
                "released_at": self._work.now,
            }
            for due in some
        ]  # fmt: skip
        queries.add_bundles(self._work.db, rows)
        queries.add_members(
            self._work.db,
            self._spot.stream,
            [
                (due.breakdown, each.workshop_id, due.id, unit_id, each.snapshot_id)
                for due in some
                for unit_id, each in due.members
            ],
        )

    def _close(self, bundle_id: str, sums: BundleSums) -> None:
        """A bundle has all its workshops."""
        for table, rest, more in sums.shared():
            add_up(self._shared.setdefault(table, {}), rest, more)
        self._ready.append((bundle_id, sums))
        if len(self._ready) >= _FLUSH_AT:
            self._flush()

    def _flush(self) -> None:
        queries.add_cells(self._work.db, {own: sums.cells for own, sums in self._ready})
        queries.add_differences(
            self._work.db, {own: sums.differences() for own, sums in self._ready}
        )
        self._ready.clear()


__all__ = ["BREAKDOWNS", "TOLD", "WHOLE", "release_due"]
