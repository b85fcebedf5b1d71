"""Releases final results to readers outside the team, in bundles that never change.

A workshop is final when the late hours of its post-test have ended. Its results are released as the
snapshot outside readers see then; what comes later (a test opened again, a corrected place) does
not move what was released. Bundles by facet are made of whole bundles, so that no table by sex
tells the total of a workshop that is not told itself. Source: `core.bundling`, statistics.md §6.

Snapshots are read twice, some at a time: for how many pairs each group has, which decides the
bundles, and for what is then told. Thousands of workshops may be due together.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.adapters.db import Work
from app.adapters.randomness import new_id
from app.core.bundling import Bundle, Pending, Place, make_bundles
from app.core.disclosure import Audience
from app.gains import release_queries as queries
from app.gains.bundle_sums import BREAKDOWNS, MOVES, TOLD, WHOLE, BundleSums
from app.gains.frozen import Final, Stream
from app.gains.queries import find_finals, find_streams, read_contents
from app.gains.states import told_state
from app.gains.tables import ReleasedBundle

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
        due = _find_due(work, stream, threshold)
        _Writing(work, stream, due).run()
        made += len(due)
    return made


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
        for (facet, value), n in each.pair_counts:
            if facet == breakdown:
                found[value] += n
    return {value: n for value, n in found.items() if n}


def _is_over(place: Place, today: date) -> bool:
    """Whether the quarter has ended; of a bundle that spans some, the year."""
    if not place.year:
        return True
    quarter = place.quarter or 4
    first_after = date(place.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return today >= first_after


class _Writing:
    """Writes the bundles of a stream: their rows some hundred at once, shared rows at the end."""

    def __init__(self, work: Work, stream: Stream, due: Sequence[_Due]) -> None:
        self._work, self._stream, self._due = work, stream, due
        self._ready: list[tuple[str, BundleSums]] = []
        self._people: Counter[tuple[str, Place, str, int, int]] = Counter()
        self._items: Counter[tuple[Place, str, str]] = Counter()
        self._totals: dict[tuple[str, Place, str], Counter[str]] = {}
        self._gains: dict[tuple[str, Place, str], list[str]] = {}

    def run(self) -> None:
        """Read each snapshot once and add it to its bundles."""
        for start in range(0, len(self._due), _FLUSH_AT):
            self._write_bundles(self._due[start : start + _FLUSH_AT])
        open_bundles: dict[str, tuple[_Due, BundleSums]] = {}
        of_snapshot: dict[int, list[_Due]] = {}
        for due in self._due:
            for _, each in due.members:
                of_snapshot.setdefault(each.snapshot_id, []).append(due)
        for snapshot_id, frozen in read_contents(self._work.db, list(of_snapshot)):
            for due in of_snapshot[snapshot_id]:
                known = open_bundles.setdefault(due.id, (due, BundleSums(due.breakdown, due.told)))
                known[1].add(frozen)
                if known[1].workshops == len(due.members):
                    self._close(*open_bundles.pop(due.id))
        self._flush()
        self._write_shared()

    def _write_bundles(self, some: Sequence[_Due]) -> None:
        rows = [
            ReleasedBundle(
                id=due.id,
                organisation_id=self._stream.organisation_id,
                form_id=self._stream.form_id,
                breakdown=due.breakdown,
                country=due.place.country,
                province=due.place.province,
                programme_id=due.place.programme,
                year=due.place.year,
                quarter=due.place.quarter,
                workshop_id=due.members[0][1].workshop_id if len(due.members) == 1 else "",
                workshop_count=len(due.members),
                released_at=self._work.now,
            ).model_dump()
            for due in some
        ]
        queries.add_bundles(self._work.db, rows)
        queries.add_members(
            self._work.db,
            self._stream,
            [
                (due.breakdown, each.workshop_id, due.id, unit_id, each.snapshot_id)
                for due in some
                for unit_id, each in due.members
            ],
        )

    def _close(self, due: _Due, sums: BundleSums) -> None:
        """A bundle has all its workshops."""
        for (value, pre, post), people in sums.people.items():
            self._people[due.breakdown, due.place, value, pre, post] += people
        for item, counts in sums.items.items():
            for name, count in zip(MOVES, counts, strict=True):
                self._items[due.place, item, name] += count
        for value, cell in sums.cells.items():
            key = (due.breakdown, due.place, value)
            self._totals.setdefault(key, Counter()).update(
                cell | {"workshop_count": sums.workshops}
            )
            self._gains.setdefault(key, []).append(sums.packed_gain(value))
        self._ready.append((due.id, sums))
        if len(self._ready) >= _FLUSH_AT:
            self._flush()

    def _flush(self) -> None:
        queries.add_cells(self._work.db, {own: sums.cells for own, sums in self._ready})
        queries.add_differences(
            self._work.db, {own: sums.differences() for own, sums in self._ready}
        )
        self._ready.clear()

    def _write_shared(self) -> None:
        """Rows that other workers may add to as well: by key, in one order for all."""
        queries.add_pairs(self._work.db, self._stream, self._people)
        queries.add_items(self._work.db, self._stream, self._items)
        queries.add_totals(
            self._work.db,
            self._stream,
            {
                key: {name: told[name] for name in queries.TOTALLED}
                | {"gains": "".join(self._gains[key])}
                for key, told in self._totals.items()
            },
        )


__all__ = ["BREAKDOWNS", "TOLD", "WHOLE", "release_due"]
