"""Reads who is behind the fixed tables: the workshops in whole bundles, and their snapshots."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func
from sqlalchemy import select as columns_of
from sqlmodel import Session

from app.gains.cells import Facet
from app.gains.tables import GroupRollup, ReleasedBundle, ReleasedMember, Snapshot
from app.gains.tables_told import Breakdown, Choice
from app.gains.told_queries import lies_in

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_MEMBERS: Table = ReleasedMember.__table__  # type: ignore[attr-defined]
_SNAPSHOTS: Table = Snapshot.__table__  # type: ignore[attr-defined]
_CELLS: Table = GroupRollup.__table__  # type: ignore[attr-defined]
_RELEASED = _MEMBERS.join(_BUNDLES, _BUNDLES.c.id == _MEMBERS.c.bundle_id)
_COUNTED = ("registered", "pre_count", "post_count", "pair_count", "late_tests", "paper_tests",
            "assisted_tests", "rescued_tests")  # fmt: skip


def _told(organisation_id: str, form_id: str, choice: Choice) -> list[ColumnElement[bool]]:
    return [
        _BUNDLES.c.form_id == form_id,
        _BUNDLES.c.breakdown == Breakdown.WHOLE.value,
        *lies_in(_BUNDLES, organisation_id, choice),
    ]


def find_members(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> list[tuple[str, str, int]]:
    """Bundle, workshop and snapshot of everybody whom the whole table tells of, by bundle."""
    query = (
        columns_of(_MEMBERS.c.bundle_id, _MEMBERS.c.workshop_id, _MEMBERS.c.snapshot_id)
        .select_from(_RELEASED)
        .where(*_told(organisation_id, form_id, choice))
        .order_by(_MEMBERS.c.bundle_id, _MEMBERS.c.workshop_id)
    )
    return [(row[0], row[1], int(row[2])) for row in db.connection().execute(query)]


def sum_people(db: Session, organisation_id: str, form_id: str, choice: Choice) -> dict[str, int]:
    """Registered, with a pre-test, a post-test and both; the tests taken in other ways."""
    query = (
        columns_of(*(func.sum(_SNAPSHOTS.c[name]) for name in _COUNTED))
        .select_from(_RELEASED.join(_SNAPSHOTS, _SNAPSHOTS.c.id == _MEMBERS.c.snapshot_id))
        .where(*_told(organisation_id, form_id, choice))
    )
    found = db.connection().execute(query).one()
    return {name: int(each or 0) for name, each in zip(_COUNTED, found, strict=True)}


def find_flagged(db: Session, workshop_ids: Sequence[str], form_id: str) -> set[str]:
    """Those of the workshops that have a pair with a late, paper, assisted or rescued test."""
    query: Any = columns_of(_CELLS.c.workshop_id).where(
        _CELLS.c.workshop_id.in_(workshop_ids),
        _CELLS.c.form_id == form_id,
        _CELLS.c.facet == Facet.FLAGGED.value,
        _CELLS.c.pair_count > 0,
    )
    return set(db.connection().execute(query).scalars())
