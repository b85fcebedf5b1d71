"""Compares what was released with the snapshots it was made of, number by number.

Nothing is set right here: what was told to readers outside the team stands as it was told. Which
groups of a bundle were told is taken from the bundle, since the threshold of that day decided it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.adapters.db import Work
from app.gains import release_queries as queries
from app.gains.bundle_sums import WHOLE, BundleSums, add_up, hash_of, sum_differences
from app.gains.frozen import Stream
from app.gains.queries import read_contents

Number = int | float
Row = Mapping[str, int | float | bytes]
Rows = Mapping[tuple[str, ...], Row]
"""Key of a row -> its numbers by column, some of them packed."""
_Counted = dict[str, dict[tuple[str, ...], dict[str, Any]]]


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
        counted: _Counted = {name: {} for name in queries.RELEASED}
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
    counted: _Counted,
) -> None:
    """Add one bundle's numbers to those of every table."""
    by, told = bundle.breakdown, ("",) if bundle.breakdown == WHOLE else bundle.told
    sums = BundleSums(by, told)
    for _, frozen in read_contents(work.db, snapshot_ids):
        sums.add(frozen)
    counted["released_bundles"][(bundle.id,)] = {"workshop_count": sums.workshops}
    for value, cell in sums.cells.items():
        counted["released_cells"][(bundle.id, value)] = dict(cell)
    for groups, each in sums.differences().items():
        counted["released_differences"][(bundle.id, *groups)] = {
            "difference": each.difference,
            "variance": each.variance,
        }
    spot = queries.Spot(stream, bundle.place)
    for table, rest, more in sums.shared():
        add_up(counted[table], tuple(map(str, spot.key_in(table, rest).values())), more)


def _compare(table: str, kept: Rows, counted: Rows) -> Iterator[ReleaseDifference]:
    for key in sorted({*kept, *counted}):
        one, other = (_unpacked(rows.get(key, {})) for rows in (kept, counted))
        for column in sorted({*one, *other}):
            if not _is_same(one.get(column), other.get(column)):
                yield ReleaseDifference(table, key, column, one.get(column), other.get(column))


def _unpacked(row: Row) -> dict[str, Any]:
    """Packed numbers as numbers that differ where those do."""
    found: dict[str, Any] = {}
    for name, number in row.items():
        if not isinstance(number, bytes):
            found[name] = number
        elif name == "gains":
            found[name] = hash_of(number)
        else:
            found |= sum_differences(number)
    return found


def _is_same(kept: Number | None, counted: Number | None) -> bool:
    """Whole numbers exactly; means up to the order in which they were added."""
    if isinstance(kept, float) and isinstance(counted, float):
        return math.isclose(kept, counted, rel_tol=1e-9, abs_tol=1e-12)
    return kept == counted
