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
from app.gains.frozen import Final, Stream
from app.gains.releases import (
    TOLD,
    WHOLE,
    count_people,
    find_group_differences,
    sum_cells,
    sum_items,
)

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
        for bundle in queries.find_bundles(work.db, stream):
            bundles += 1
            _count_bundle(work, stream, bundle, counted)
        for table, rows in counted.items():
            found += _compare(table, queries.find_released(work.db, table, stream), rows)
    return ReleaseCheck(bundles, tuple(found))


def _count_bundle(
    work: Work,
    stream: Stream,
    bundle: queries.ReleasedUnit,
    counted: dict[str, dict[tuple[str, ...], dict[str, Number]]],
) -> None:
    """Add one bundle's numbers to those of every table."""
    finals = queries.find_members(work.db, bundle)
    by, told = bundle.breakdown, [""] if bundle.breakdown == WHOLE else bundle.told
    counted["released_bundles"][(bundle.id,)] = {"workshop_count": len(finals)}
    for value in told:
        sums = sum_cells(finals, by, value)
        counted["released_cells"][(bundle.id, value)] = {name: sums[name] for name in TOLD}
    where = _where(bundle.place)
    for (value, pre, post), people in count_people(finals, by, told).items():
        key = (stream.organisation_id, stream.form_id, by, *where, value, str(pre), str(post))
        row = counted["released_pairs"].setdefault(key, {"people": 0})
        row["people"] += people
    if by == WHOLE:
        _count_items(stream, where, finals, counted["released_items"])
        return
    for first, second, difference, variance in find_group_differences(finals, by, sorted(told)):
        counted["released_differences"][(bundle.id, first, second)] = {
            "difference": difference,
            "variance": variance,
        }


def _count_items(
    stream: Stream,
    where: Sequence[str],
    finals: Sequence[Final],
    rows: dict[tuple[str, ...], dict[str, Number]],
) -> None:
    names = ("retained", "lost", "learned", "not_learned")
    for item, counts in sum_items(finals).items():
        key = (stream.organisation_id, stream.form_id, *where, item)
        row = rows.setdefault(key, dict.fromkeys(names, 0))
        for name, count in zip(names, counts, strict=True):
            row[name] += count


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
