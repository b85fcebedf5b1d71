"""Reads organisations' logos."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.accounts.schemas import LogoRecord
from app.accounts.tables import Logo


def logo_record(row: Logo) -> LogoRecord:
    """The value the rest of the house uses."""
    return LogoRecord(id=row.id, words=row.words, content=row.content)


def find_logos(db: Session, organisation_id: str) -> list[LogoRecord]:
    """The logos that stand, the oldest first."""
    rows = db.exec(
        select(Logo)
        .where(Logo.organisation_id == organisation_id, col(Logo.removed_at).is_(None))
        .order_by(col(Logo.created_at), Logo.id)
    )
    return [logo_record(row) for row in rows]


def find_logos_by_id(db: Session, logo_ids: Sequence[str]) -> list[LogoRecord]:
    """These logos, in no order."""
    rows = db.exec(select(Logo).where(col(Logo.id).in_(logo_ids)))
    return [logo_record(row) for row in rows]


def get_logo_row(db: Session, organisation_id: str, logo_id: str) -> Logo | None:
    """An organisation's logo, whether it stands or not."""
    return db.exec(
        select(Logo).where(Logo.id == logo_id, Logo.organisation_id == organisation_id)
    ).one_or_none()
