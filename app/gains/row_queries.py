"""Reads and writes batches of rows: what of the released bundles is in one, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Table
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from app.gains.tables import (
    ReleasedBundle,
    ReleasedCell,
    ReleasedMember,
    RowBatch,
    RowBatchMember,
)

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_BATCHED: Table = RowBatchMember.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class RowStream:
    """Whose rows: an organisation's on one form version in one country, with one thing beside."""

    organisation_id: str
    form_id: str
    country: str
    breakdown: str


def hold_organisation(db: Session, organisation_id: str) -> None:
    """One after another until this work ends: whoever comes second sees what the first wrote."""
    wanted = select(ReleasedBundle.id).where(ReleasedBundle.organisation_id == organisation_id)
    db.exec(wanted.order_by(ReleasedBundle.id).limit(1).with_for_update())


def find_waiting(db: Session, stream: RowStream, most: int) -> list[str]:
    """Released bundles that are in no batch yet, the oldest first."""
    b = _BUNDLES.c
    query = (
        columns_of(b.id)
        .select_from(_BUNDLES.outerjoin(_BATCHED, _BATCHED.c.bundle_id == b.id))
        .where(
            b.organisation_id == stream.organisation_id,
            b.form_id == stream.form_id,
            b.country == stream.country,
            b.breakdown == stream.breakdown,
            _BATCHED.c.bundle_id.is_(None),
        )
        .order_by(b.released_at, b.id)
        .limit(most)
    )
    return list(db.connection().execute(query).scalars())


def find_members(db: Session, bundle_ids: Sequence[str]) -> list[tuple[str, str, int]]:
    """Bundle, workshop and snapshot."""
    query = (
        select(ReleasedMember.bundle_id, ReleasedMember.workshop_id, ReleasedMember.snapshot_id)
        .where(col(ReleasedMember.bundle_id).in_(bundle_ids))
        .order_by(ReleasedMember.bundle_id, ReleasedMember.workshop_id)
    )
    return [(bundle, workshop, snapshot) for bundle, workshop, snapshot in db.exec(query).all()]


def find_told(db: Session, bundle_ids: Sequence[str]) -> dict[str, set[str]]:
    """The groups of each bundle that are told."""
    query = select(ReleasedCell.bundle_id, ReleasedCell.value).where(
        col(ReleasedCell.bundle_id).in_(bundle_ids), ReleasedCell.pair_count > 0
    )
    found: dict[str, set[str]] = {}
    for bundle_id, value in db.exec(query).all():
        found.setdefault(bundle_id, set()).add(value)
    return found


def find_batches(db: Session, stream: RowStream) -> list[RowBatch]:
    """The batches that were made, in their order."""
    query = (
        select(RowBatch)
        .where(
            RowBatch.organisation_id == stream.organisation_id,
            RowBatch.form_id == stream.form_id,
            RowBatch.country == stream.country,
            RowBatch.breakdown == stream.breakdown,
        )
        .order_by(col(RowBatch.number))
    )
    return list(db.exec(query).all())


def add_batch(db: Session, batch: RowBatch, bundle_ids: Sequence[str]) -> None:
    """Write a batch and what is in it; it never changes afterwards."""
    db.add(batch)
    for each in bundle_ids:
        db.add(RowBatchMember(bundle_id=each, number=batch.number))
    db.flush()
