"""Rows of single people for analysts: batches of whole released bundles, frozen once.

A file is all batches of its kind, so that two files at any two times differ by whole batches, and
each batch by itself may leave (`core.deidentified`). With a thing about the person only those
groups are in it that the fixed table by it tells, so that the file beside the table gives no
withheld group back; scores are then quarters. Several things at once are in no snapshot and in no
fixed table: there is no such file. Source: decision 0024.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.adapters.db import Work
from app.core.deidentified import Pair, band_of, may_leave, merge_rare
from app.gains import row_queries as queries
from app.gains.queries import read_contents
from app.gains.row_queries import RowStream
from app.gains.tables import RowBatch
from app.gains.tables_told import Breakdown
from app.workshops import service as workshops

MOST_BUNDLES = 500
"""How many enter one batch: some tenths of a second, while others wait to write."""

Told = dict[tuple[str, Pair | None], int]
"""Group and pair of scores -> people; the pair in units, or in quarters beside a group."""


@dataclass(frozen=True)
class RowFile:
    """What a file of rows holds: how many people have which group and which two scores.

    Scores are in units where `breakdown` is the whole, else quarters from 0, None: too rare beside
    a group. `has_synthetic`: whether any workshop is.
    """

    breakdown: Breakdown
    people: Mapping[tuple[str, Pair | None], int]
    has_synthetic: bool

    @property
    def rows(self) -> int:
        """How many people are in it."""
        return sum(self.people.values())


@dataclass(frozen=True)
class _Room:
    """One workshop's part of a bundle: the pairs of scores of each group that is told."""

    bundle_id: str
    workshop_id: str
    pairs: Mapping[str, Mapping[Pair, int]]

    @property
    def groups(self) -> dict[str, int]:
        return {value: sum(cells.values()) for value, cells in self.pairs.items()}


def make_row_batch(work: Work, stream: RowStream, *, max_units: int, threshold: int) -> bool:
    """Freeze what waits as one more batch, if it may leave; tells whether there is one more."""
    queries.hold_organisation(work.db, stream.organisation_id)
    rooms = _read_rooms(work, stream)
    while rooms:
        told = _tell(rooms, stream, max_units=max_units, threshold=threshold)
        if told is not None:
            _freeze(work, stream, rooms, told)
            return True
        rooms = _without_rarest(rooms)
    return False


def read_row_file(work: Work, stream: RowStream) -> RowFile:
    """All batches of a kind together; nobody where there is none yet."""
    people: Counter[tuple[str, Pair | None]] = Counter()
    batches = queries.find_batches(work.db, stream)
    for batch in batches:
        people.update(_unpack(batch.content))
    return RowFile(
        breakdown=Breakdown(stream.breakdown),
        people=dict(people),
        has_synthetic=any(batch.has_synthetic for batch in batches),
    )


def _read_rooms(work: Work, stream: RowStream) -> list[_Room]:
    waiting = queries.find_waiting(work.db, stream, MOST_BUNDLES)
    told = queries.find_told(work.db, waiting)
    members = queries.find_members(work.db, waiting)
    contents = read_contents(work.db, [snapshot_id for _, _, snapshot_id in members])
    return [
        _Room(
            bundle_id,
            workshop_id,
            {
                value: frozen.pairs[stream.breakdown, value]
                for value in sorted(told.get(bundle_id, ()))
                if (stream.breakdown, value) in frozen.pairs
            },
        )
        for (bundle_id, workshop_id, _), (_, frozen) in zip(members, contents, strict=True)
    ]


def _tell(
    rooms: Sequence[_Room], stream: RowStream, *, max_units: int, threshold: int
) -> Told | None:
    """What may be told of these workshops' rows; None: nothing together."""
    by_workshop: dict[str, Counter[str]] = {}
    for room in rooms:
        by_workshop.setdefault(room.workshop_id, Counter()).update(room.groups)
    if not may_leave(list(by_workshop.values()), threshold):
        return None
    everybody = [
        (value, pair, n)
        for room in rooms for value, cells in room.pairs.items() for pair, n in cells.items()
    ]  # fmt: skip
    if stream.breakdown == Breakdown.WHOLE:
        return _count((("", pair), n) for _, pair, n in everybody)
    if len({value for value, _, _ in everybody}) < 2:
        return None  # one group alone: its name would stand on every arrow of the room
    cells: dict[Pair, Counter[str]] = {}
    for value, (pre, post), n in everybody:
        bands = band_of(pre, max_units), band_of(post, max_units)
        cells.setdefault(bands, Counter())[value] += n
    merged = merge_rare(cells, threshold)
    if merged is None:
        return None
    return {(value, pair): n for pair, groups in merged.items() for value, n in groups.items() if n}


def _count(told: Iterable[tuple[tuple[str, Pair | None], int]]) -> Told:
    found: Counter[tuple[str, Pair | None]] = Counter()
    for key, n in told:
        found[key] += n
    return dict(found)


def _without_rarest(rooms: Sequence[_Room]) -> list[_Room]:
    """Who has the rarest group waits for more of it; nobody is left where there is one group."""
    counts: Counter[str] = Counter()
    for room in rooms:
        counts.update(room.groups)
    if len(counts) < 2:
        return []
    rarest = min(counts, key=lambda value: (counts[value], value))
    waiting = {room.bundle_id for room in rooms if rarest in room.pairs}
    return [room for room in rooms if room.bundle_id not in waiting]


def _freeze(work: Work, stream: RowStream, rooms: Sequence[_Room], told: Told) -> None:
    there = {room.workshop_id for room in rooms}
    known = workshops.find_workshops(work, stream.organisation_id)
    queries.add_batch(
        work.db,
        RowBatch(
            organisation_id=stream.organisation_id,
            form_id=stream.form_id,
            country=stream.country,
            breakdown=stream.breakdown,
            number=len(queries.find_batches(work.db, stream)) + 1,
            made_at=work.now,
            people=sum(told.values()),
            has_synthetic=any(each.is_synthetic for each in known if each.id in there),
            content=_pack(told),
        ),
        sorted({room.bundle_id for room in rooms}),
    )


def _pack(told: Told) -> bytes:
    rows = sorted([value, list(pair or ()), n] for (value, pair), n in told.items())
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode())


def _unpack(content: bytes) -> Told:
    return {
        (value, (pair[0], pair[1]) if pair else None): n
        for value, pair, n in json.loads(zlib.decompress(content))
    }
