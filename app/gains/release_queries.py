"""The SQL of releases: what is final, and what was released already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Table
from sqlmodel import Session, col, select

from app.adapters.db import add_rows, sum_rows
from app.core.bundling import Place
from app.gains.frozen import Final, Stream
from app.gains.tables import (
    ReleasedBundle,
    ReleasedCell,
    ReleasedDifference,
    ReleasedItem,
    ReleasedMember,
    ReleasedPairs,
)

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_MEMBERS: Table = ReleasedMember.__table__  # type: ignore[attr-defined]
_CELLS: Table = ReleasedCell.__table__  # type: ignore[attr-defined]
_DIFFERENCES: Table = ReleasedDifference.__table__  # type: ignore[attr-defined]
_PAIRS: Table = ReleasedPairs.__table__  # type: ignore[attr-defined]
_ITEMS: Table = ReleasedItem.__table__  # type: ignore[attr-defined]


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
