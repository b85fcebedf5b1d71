"""Compares what was released with the snapshots it was made of, number by number.

Nothing is set right here: what was told to readers outside the team stands as it was told. Which
groups of a bundle were told is taken from the bundle, since the threshold of that day decided it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.adapters.db import Work
from app.core.bundling import Place
from app.gains import release_queries as queries
from app.gains.bundle_sums import MOVES, WHOLE, BundleSums, hash_of
from app.gains.frozen import Stream
from app.gains.queries import read_contents

Number = int | float
Rows = Mapping[tuple[str, ...], Mapping[str, Number]]
"""Key of a row -> its numbers by column."""


@dataclass(frozen=True)
class ReleaseDifference:
    """A released number that is not what the snapshots say; `kept` or `counted` None: no row."""

    table: str
    place: tuple[str, ...]
    column: str
    kept: Number | None
    counted: Number | None


@dataclass(frozen=True)
class ReleaseCheck:
    """How many bundles were looked at, and what differs."""

    bundles: int
    differences: tuple[ReleaseDifference, ...]


def check_releases(work: Work) -> ReleaseCheck:
    """Count every released number again from the snapshots of its bundles, and compare."""
    bundles = 0
    found: list[ReleaseDifference] = []
    for stream in queries.find_released_streams(work.db):
        counted: dict[str, dict[tuple[str, ...], dict[str, Number]]] = {
            name: {} for name in queries.RELEASED
        }
        members = queries.find_members(work.db, stream)
        for bundle in queries.find_bundles(work.db, stream):
            bundles += 1
            _count_bundle(work, stream, bundle, members.get(bundle.id, []), counted)
        for table, rows in counted.items():
            found += _compare(table, queries.find_released(work.db, table, stream), rows)
    return ReleaseCheck(bundles, tuple(found))


def _count_bundle(
    work: Work,
    stream: Stream,
    bundle: queries.ReleasedUnit,
    snapshot_ids: Sequence[int],
    counted: dict[str, dict[tuple[str, ...], dict[str, Number]]],
) -> None:
    """Add one bundle's numbers to those of every table."""
    by, told = bundle.breakdown, ("",) if bundle.breakdown == WHOLE else bundle.told
    sums = BundleSums(by, told)
    for _, frozen in read_contents(work.db, snapshot_ids):
        sums.add(frozen)
    counted["released_bundles"][(bundle.id,)] = {"workshop_count": sums.workshops}
    where = _where(bundle.place)
    own = (stream.organisation_id, stream.form_id)
    for value, cell in sums.cells.items():
        counted["released_cells"][(bundle.id, value)] = dict(cell)
        more = cell | {"workshop_count": sums.workshops, "gains": hash_of(sums.packed_gain(value))}
        _add(counted["released_totals"], (*own, by, *where, value), more)
    for (value, pre, post), people in sums.people.items():
        key = (*own, by, *where, value, str(pre), str(post))
        _add(counted["released_pairs"], key, {"people": people})
    for item, counts in sums.items.items():
        moves = dict(zip(MOVES, counts, strict=True))
        _add(counted["released_items"], (*own, *where, item), moves)
    for first, second, difference, variance in sums.differences():
        counted["released_differences"][(bundle.id, first, second)] = {
            "difference": difference,
            "variance": variance,
        }


def _add(
    rows: dict[tuple[str, ...], dict[str, Number]], key: tuple[str, ...], more: Mapping[str, int]
) -> None:
    row = rows.setdefault(key, dict.fromkeys(more, 0))
    for name, number in more.items():
        row[name] += number


def _where(place: Place) -> tuple[str, ...]:
    known = (place.country, place.province, place.programme, place.year, place.quarter)
    return tuple(map(str, known))


def _compare(table: str, kept: Rows, counted: Rows) -> Iterator[ReleaseDifference]:
    for key in sorted({*kept, *counted}):
        one, other = kept.get(key, {}), counted.get(key, {})
        for column in sorted({*one, *other}):
            if not _is_same(one.get(column), other.get(column)):
                yield ReleaseDifference(table, key, column, one.get(column), other.get(column))


def _is_same(kept: Number | None, counted: Number | None) -> bool:
    """Whole numbers exactly; means up to the order in which they were added."""
    if isinstance(kept, float) and isinstance(counted, float):
        return math.isclose(kept, counted, rel_tol=1e-9, abs_tol=1e-12)
    return kept == counted
