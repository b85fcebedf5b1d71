"""The SQL of releases: what is final, and what was released already."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, delete, select

from app.adapters.bulk import add_rows, sum_rows
from app.core.bundling import Place
from app.gains.bundle_sums import TOLD, Difference, Rest, Shared
from app.gains.frozen import Stream
from app.gains.tables import (
    ReleasedAnswer,
    ReleasedBundle,
    ReleasedCell,
    ReleasedDifference,
    ReleasedDifferenceTotal,
    ReleasedItem,
    ReleasedMember,
    ReleasedPairs,
    ReleasedTotal,
    Snapshot,
    SnapshotContent,
)

_T = TypeVar("_T")

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_MEMBERS: Table = ReleasedMember.__table__  # type: ignore[attr-defined]
_CELLS: Table = ReleasedCell.__table__  # type: ignore[attr-defined]
_DIFFERENCES: Table = ReleasedDifference.__table__  # type: ignore[attr-defined]
_PAIRS: Table = ReleasedPairs.__table__  # type: ignore[attr-defined]
_ANSWERS: Table = ReleasedAnswer.__table__  # type: ignore[attr-defined]
_ITEMS: Table = ReleasedItem.__table__  # type: ignore[attr-defined]
_TOTALS: Table = ReleasedTotal.__table__  # type: ignore[attr-defined]
_DIFFERENCE_TOTALS: Table = ReleasedDifferenceTotal.__table__  # type: ignore[attr-defined]
_PLACE = ("country", "province", "programme_id", "year", "quarter")
TOTALLED = ("workshop_count", *TOLD)
"""The columns of a total that are sums."""

_OWN = (_BUNDLES, _CELLS, _DIFFERENCES)
_SHARED = (_PAIRS, _ITEMS, _ANSWERS, _TOTALS, _DIFFERENCE_TOTALS)
RELEASED: dict[str, Table] = {table.name: table for table in (*_OWN, *_SHARED)}
"""Every table with numbers that were released, by its name: of bundles, then of their places."""


@dataclass(frozen=True)
class Spot:
    """Where bundles are added up: of which stream, and in which place."""

    stream: Stream
    place: Place

    def columns(self) -> dict[str, str | int]:
        """As the released tables have it."""
        place = self.place
        known = (place.country, place.province, place.programme, place.year, place.quarter)
        return asdict(self.stream) | dict(zip(_PLACE, known, strict=True))

    def key_in(self, name: str, rest: Rest) -> dict[str, str | int]:
        """The key of a row of a shared table; `rest`: what of it is no place, in its order."""
        known = self.columns()
        key = [each.name for each in RELEASED[name].primary_key]
        found = known | dict(zip((each for each in key if each not in known), rest, strict=True))
        return {each: found[each] for each in key}


@dataclass(frozen=True)
class ReleasedUnit:
    """A bundle as it was released, and which of its groups are told."""

    id: str
    breakdown: str
    place: Place
    told: tuple[str, ...]


def find_units(
    db: Session, stream: Stream, workshop_ids: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Breakdown -> workshop -> its bundle, of these workshops."""
    found: dict[str, dict[str, str]] = {"": {}, "sex": {}, "agency_type": {}, "province": {}}
    for some in _some(workshop_ids):
        query = select(
            ReleasedMember.breakdown, ReleasedMember.workshop_id, ReleasedMember.bundle_id
        ).where(col(ReleasedMember.workshop_id).in_(some), ReleasedMember.form_id == stream.form_id)
        for breakdown, workshop_id, bundle_id in db.exec(query).all():
            found[breakdown][workshop_id] = bundle_id
    return found


def find_places(db: Session, bundle_ids: Collection[str]) -> dict[str, Place]:
    """Where each of these bundles counts."""
    found = {}
    for some in _some(sorted(bundle_ids)):
        query = columns_of(_BUNDLES.c.id, *(_BUNDLES.c[name] for name in _PLACE))
        for own, *place in db.connection().execute(query.where(_BUNDLES.c.id.in_(some))):
            found[own] = Place(*place)
    return found


def _some(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Not more at once than a statement may name."""
    return (values[start : start + 1000] for start in range(0, len(values), 1000))


def add_bundles(db: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write bundles."""
    add_rows(db, _BUNDLES, tuple(each.name for each in _BUNDLES.c), rows)


def add_members(
    db: Session, stream: Stream, members: Iterable[tuple[str, str, str, str, int]]
) -> None:
    """Write who is in them: breakdown, workshop, bundle, unit and snapshot."""
    names = ("breakdown", "workshop_id", "bundle_id", "unit_id", "snapshot_id")
    rows = [dict(zip(names, each, strict=True)) | {"form_id": stream.form_id} for each in members]
    add_rows(db, _MEMBERS, tuple(each.name for each in _MEMBERS.c), rows)


def add_cells(db: Session, cells: Mapping[str, Mapping[str, Mapping[str, int]]]) -> None:
    """Write the groups of bundles that are told: bundle -> value -> sums."""
    columns = tuple(each.name for each in _CELLS.c)
    rows = [
        {"bundle_id": bundle_id, "value": value} | dict(sums)
        for bundle_id, told in cells.items()
        for value, sums in told.items()
    ]
    add_rows(db, _CELLS, columns, rows)


def add_differences(db: Session, found: Mapping[str, Mapping[tuple[str, str], Difference]]) -> None:
    """Write bundles' differences between groups."""
    columns = tuple(each.name for each in _DIFFERENCES.c)
    rows = [
        dict(zip(columns, (bundle_id, *groups, each.difference, each.variance), strict=True))
        for bundle_id, differences in found.items()
        for groups, each in differences.items()
    ]
    add_rows(db, _DIFFERENCES, columns, rows)


def add_shared(db: Session, spot: Spot, name: str, found: Mapping[Rest, Shared]) -> None:
    """Add to what a place's bundles have together: numbers are added up, packed ones put behind."""
    table = RELEASED[name]
    rows = [{**spot.key_in(name, rest), **more} for rest, more in sorted(found.items())]
    key = tuple(each.name for each in table.primary_key)
    sum_rows(db, table, tuple(each.name for each in table.c), rows, key=key)


def is_released(db: Session, workshop_id: str) -> bool:
    """Whether anything of a workshop was told outside the team."""
    query = columns_of(_MEMBERS.c.bundle_id).where(_MEMBERS.c.workshop_id == workshop_id)
    return db.connection().execute(query.limit(1)).first() is not None


def remove_snapshots(db: Session, snapshot_ids: Collection[int]) -> None:
    """Take snapshots away of which nothing was ever told."""
    contents = delete(SnapshotContent).where(col(SnapshotContent.snapshot_id).in_(snapshot_ids))
    db.connection().execute(contents)
    db.connection().execute(delete(Snapshot).where(col(Snapshot.id).in_(snapshot_ids)))
    db.expire_all()


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


def find_members(db: Session, stream: Stream) -> dict[str, list[int]]:
    """Bundle -> the snapshots its workshops were released with."""
    query = (
        columns_of(_MEMBERS.c.bundle_id, _MEMBERS.c.snapshot_id)
        .join(_BUNDLES, _BUNDLES.c.id == _MEMBERS.c.bundle_id)
        .where(*_of(_BUNDLES, stream))
        .order_by(_MEMBERS.c.bundle_id, _MEMBERS.c.snapshot_id)
    )
    found: dict[str, list[int]] = {}
    for bundle_id, snapshot_id in db.connection().execute(query):
        found.setdefault(bundle_id, []).append(snapshot_id)
    return found


def find_released(
    db: Session, name: str, stream: Stream
) -> dict[tuple[str, ...], dict[str, int | float | bytes]]:
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
