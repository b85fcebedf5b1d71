"""The SQL of releases: what is final, and what was released already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Table
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from app.adapters.db import add_rows, sum_rows
from app.core.bundling import Place
from app.gains.frozen import Final, Stream, unpack
from app.gains.tables import (
    ReleasedBundle,
    ReleasedCell,
    ReleasedDifference,
    ReleasedItem,
    ReleasedMember,
    ReleasedPairs,
    SnapshotContent,
)

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_MEMBERS: Table = ReleasedMember.__table__  # type: ignore[attr-defined]
_CELLS: Table = ReleasedCell.__table__  # type: ignore[attr-defined]
_DIFFERENCES: Table = ReleasedDifference.__table__  # type: ignore[attr-defined]
_PAIRS: Table = ReleasedPairs.__table__  # type: ignore[attr-defined]
_ITEMS: Table = ReleasedItem.__table__  # type: ignore[attr-defined]

RELEASED: dict[str, Table] = {
    table.name: table for table in (_BUNDLES, _CELLS, _DIFFERENCES, _PAIRS, _ITEMS)
}
"""Every table with numbers that were released, by its name."""


@dataclass(frozen=True)
class ReleasedUnit:
    """A bundle as it was released, and which of its groups are told."""

    id: str
    breakdown: str
    place: Place
    told: tuple[str, ...]


def find_units(db: Session, stream: Stream) -> dict[str, dict[str, str]]:
    """Breakdown -> workshop -> its bundle."""
    query = (
        select(ReleasedMember.breakdown, ReleasedMember.workshop_id, ReleasedMember.bundle_id)
        .join(ReleasedBundle, col(ReleasedBundle.id) == ReleasedMember.bundle_id)
        .where(
            ReleasedBundle.organisation_id == stream.organisation_id,
            ReleasedMember.form_id == stream.form_id,
        )
    )
    found: dict[str, dict[str, str]] = {"": {}, "sex": {}, "agency_type": {}, "province": {}}
    for breakdown, workshop_id, bundle_id in db.exec(query).all():
        found[breakdown][workshop_id] = bundle_id
    return found


def find_places(db: Session, stream: Stream) -> dict[str, Place]:
    """Where each whole bundle counts."""
    query = select(ReleasedBundle).where(
        ReleasedBundle.organisation_id == stream.organisation_id,
        ReleasedBundle.form_id == stream.form_id,
        ReleasedBundle.breakdown == "",
    )
    return {
        row.id: Place(row.country, row.province, row.programme_id, row.year, row.quarter)
        for row in db.exec(query).all()
    }


def add_bundle(db: Session, row: ReleasedBundle, members: Sequence[tuple[str, Final]]) -> None:
    """Write a bundle and who is in it; `members`: unit and workshop."""
    db.add(row)
    db.flush()
    columns = tuple(each.name for each in _MEMBERS.c)
    add_rows(
        db,
        _MEMBERS,
        columns,
        [
            {
                "breakdown": row.breakdown,
                "workshop_id": each.workshop_id,
                "form_id": row.form_id,
                "bundle_id": row.id,
                "unit_id": unit_id,
                "snapshot_id": each.snapshot_id,
            }
            for unit_id, each in members
        ],
    )


def add_cells(db: Session, bundle_id: str, cells: Mapping[str, Mapping[str, int]]) -> None:
    """Write the groups of a bundle that are told."""
    columns = tuple(each.name for each in _CELLS.c)
    rows = [{"bundle_id": bundle_id, "value": value} | dict(sums) for value, sums in cells.items()]
    add_rows(db, _CELLS, columns, rows)


def add_differences(
    db: Session, bundle_id: str, found: Iterable[tuple[str, str, float, float]]
) -> None:
    """Write a bundle's differences between groups."""
    columns = tuple(each.name for each in _DIFFERENCES.c)
    rows = [dict(zip(columns, (bundle_id, *each), strict=True)) for each in found]
    add_rows(db, _DIFFERENCES, columns, rows)


def add_pairs(
    db: Session,
    stream: Stream,
    breakdown: str,
    place: Place,
    pairs: Mapping[tuple[str, int, int], int],
) -> None:
    """Add people to the joint histogram of a place and quarter."""
    own = asdict(stream) | _columns_of(place) | {"breakdown": breakdown}
    rows = [
        own | {"value": value, "pre": pre, "post": post, "people": people}
        for (value, pre, post), people in sorted(pairs.items())
    ]
    columns = tuple(each.name for each in _PAIRS.c)
    sum_rows(db, _PAIRS, columns, rows, key=tuple(columns[:-1]))


def add_items(
    db: Session, stream: Stream, place: Place, items: Mapping[str, tuple[int, ...]]
) -> None:
    """Add people to the transitions of a place and quarter."""
    own = asdict(stream) | _columns_of(place)
    names = ("retained", "lost", "learned", "not_learned")
    rows = [
        own | {"item": item} | dict(zip(names, counts, strict=True))
        for item, counts in sorted(items.items())
    ]
    columns = tuple(each.name for each in _ITEMS.c)
    sum_rows(db, _ITEMS, columns, rows, key=tuple(columns[:-4]))


def _columns_of(place: Place) -> dict[str, str | int]:
    return {
        "country": place.country,
        "province": place.province,
        "programme_id": place.programme,
        "year": place.year,
        "quarter": place.quarter,
    }


def find_released_streams(db: Session) -> list[Stream]:
    """Organisations and forms of which something was released."""
    query = select(ReleasedBundle.organisation_id, ReleasedBundle.form_id).distinct()
    return sorted(Stream(*row) for row in db.exec(query).all())


def find_bundles(db: Session, stream: Stream) -> list[ReleasedUnit]:
    """Every bundle of a stream."""
    told: dict[str, list[str]] = {}
    cells = columns_of(_CELLS.c.bundle_id, _CELLS.c.value).join(
        _BUNDLES, _BUNDLES.c.id == _CELLS.c.bundle_id
    )
    for bundle_id, value in db.connection().execute(cells.where(*_of(_BUNDLES, stream))):
        told.setdefault(bundle_id, []).append(value)
    query = columns_of(_BUNDLES).where(*_of(_BUNDLES, stream)).order_by(_BUNDLES.c.id)
    return [
        ReleasedUnit(
            id=row.id,
            breakdown=row.breakdown,
            place=Place(row.country, row.province, row.programme_id, row.year, row.quarter),
            told=tuple(told.get(row.id, ())),
        )
        for row in db.connection().execute(query)
    ]


def find_members(db: Session, bundle: ReleasedUnit) -> list[Final]:
    """The workshops of a bundle with the snapshots they were released with."""
    query = (
        select(ReleasedMember.workshop_id, ReleasedMember.snapshot_id, SnapshotContent.content)
        .join(SnapshotContent, col(SnapshotContent.snapshot_id) == ReleasedMember.snapshot_id)
        .where(ReleasedMember.bundle_id == bundle.id)
    )
    return [
        Final(workshop_id, bundle.place, snapshot_id, unpack(content))
        for workshop_id, snapshot_id, content in db.exec(query).all()
    ]


def find_released(
    db: Session, name: str, stream: Stream
) -> dict[tuple[str, ...], dict[str, int | float]]:
    """The numbers of one table of `RELEASED` as they stand, by key."""
    table = RELEASED[name]
    key = [each.name for each in table.primary_key]
    numbers = [each.name for each in table.c if each.name not in key]
    query = columns_of(table)
    if table is _BUNDLES:
        numbers = ["workshop_count"]
    if "bundle_id" in table.c:
        query = query.join(_BUNDLES, _BUNDLES.c.id == table.c.bundle_id)
    source = _BUNDLES if "bundle_id" in table.c else table
    rows = db.connection().execute(query.where(*_of(source, stream))).mappings()
    return {
        tuple(str(row[column]) for column in key): {column: row[column] for column in numbers}
        for row in rows
    }


def _of(table: Table, stream: Stream) -> tuple[Any, Any]:
    return (table.c.organisation_id == stream.organisation_id, table.c.form_id == stream.form_id)
