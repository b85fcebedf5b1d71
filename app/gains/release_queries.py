"""The SQL of releases: what is final, and what was released already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, col, func, select

from app.adapters.db import add_rows, sum_rows
from app.core.bundling import Place
from app.gains.frozen import Frozen, unpack
from app.gains.tables import (
    ReleasedBundle,
    ReleasedCell,
    ReleasedDifference,
    ReleasedItem,
    ReleasedMember,
    ReleasedPairs,
    Snapshot,
    SnapshotContent,
)
from app.workshops.schemas import Occasion, WorkshopState
from app.workshops.tables import Administration, Workshop

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_MEMBERS: Table = ReleasedMember.__table__  # type: ignore[attr-defined]
_CELLS: Table = ReleasedCell.__table__  # type: ignore[attr-defined]
_DIFFERENCES: Table = ReleasedDifference.__table__  # type: ignore[attr-defined]
_PAIRS: Table = ReleasedPairs.__table__  # type: ignore[attr-defined]
_ITEMS: Table = ReleasedItem.__table__  # type: ignore[attr-defined]

_BREAKDOWNS = 4


@dataclass(frozen=True, order=True)
class Stream:
    """What is told together: one organisation's workshops on one form version."""

    organisation_id: str
    form_id: str


@dataclass(frozen=True)
class Final:
    """A workshop whose results change no more, with the state outside readers see."""

    workshop_id: str
    place: Place
    snapshot_id: int
    frozen: Frozen


def find_streams(db: Session) -> list[Stream]:
    """Organisations and forms with a final workshop that is not in every table yet."""
    query = (
        select(Workshop.organisation_id, Administration.form_id)
        .join(Administration, col(Administration.workshop_id) == Workshop.id)
        .where(
            Administration.occasion == Occasion.POST.value,
            col(Administration.settled_at).is_not(None),
            col(Workshop.id).not_in(_complete()),
        )
        .distinct()
    )
    return sorted(Stream(*row) for row in db.exec(query).all())


def find_finals(db: Session, stream: Stream, choose: Callable[[Sequence[int]], int]) -> list[Final]:
    """The final workshops of a stream that are not in every table yet.

    Each with the snapshot outside readers see, or the one it was released with.
    """
    query = (
        select(Workshop, Snapshot.id, SnapshotContent.content)
        .join(Administration, col(Administration.workshop_id) == Workshop.id)
        .join(Snapshot, col(Snapshot.workshop_id) == Workshop.id)
        .join(SnapshotContent, col(SnapshotContent.snapshot_id) == Snapshot.id)
        .where(
            Workshop.organisation_id == stream.organisation_id,
            Workshop.state != WorkshopState.CANCELLED.value,
            Administration.occasion == Occasion.POST.value,
            Administration.form_id == stream.form_id,
            Snapshot.form_id == stream.form_id,
            col(Administration.settled_at).is_not(None),
            col(Workshop.id).not_in(_complete()),
        )
        .order_by(col(Workshop.id), col(Snapshot.id))
    )
    found: dict[str, tuple[Workshop, list[tuple[int, Frozen]]]] = {}
    for workshop, snapshot_id, content in db.exec(query).all():
        known = found.setdefault(workshop.id, (workshop, []))
        known[1].append((snapshot_id or 0, unpack(content)))
    used = set(
        db.exec(
            select(ReleasedMember.snapshot_id).where(
                ReleasedMember.breakdown == "", ReleasedMember.form_id == stream.form_id
            )
        ).all()
    )
    finals = []
    for workshop, states in found.values():
        standing = choose([each.sums()["pair_count"] for _, each in states])
        snapshot_id, frozen = next((each for each in states if each[0] in used), states[standing])
        finals.append(Final(workshop.id, _place_of(workshop), snapshot_id, frozen))
    return finals


def _complete() -> Any:
    """Workshops that are in a bundle of every breakdown."""
    return (
        select(ReleasedMember.workshop_id)
        .group_by(ReleasedMember.workshop_id)
        .having(func.count() == _BREAKDOWNS)
    )


def _place_of(workshop: Workshop) -> Place:
    return Place(
        country=workshop.country,
        province=workshop.province,
        programme=workshop.programme_id or "none",
        year=workshop.ends_on.year,
        quarter=(workshop.ends_on.month + 2) // 3,
    )


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
