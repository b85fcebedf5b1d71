"""Reads and ends one-time links."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, select, update

from app.accounts.tables import OneTimeLink, Staff


def get_one_time_link(db: Session, token_hash: str) -> OneTimeLink | None:
    """A one-time link, spent or not."""
    return db.exec(select(OneTimeLink).where(OneTimeLink.token_hash == token_hash)).one_or_none()


def hold_staff(db: Session, staff_id: str) -> None:
    """Of those who open a way in for one person one goes on, until this work ends."""
    db.exec(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True)).first()


def spend_link(db: Session, token_hash: str, now: datetime) -> bool:
    """Whether this very call spent it: of two requests at the same moment one gets True."""
    is_left = and_(col(OneTimeLink.token_hash) == token_hash, col(OneTimeLink.spent_at).is_(None))
    spent = update(OneTimeLink).where(is_left).values(spent_at=now)
    return db.connection().execute(spent).rowcount == 1


def end_links(db: Session, staff_id: str, now: datetime) -> None:
    """A staff member's one-time links open nothing from now on; the demo's are no such links."""
    is_left = and_(
        col(OneTimeLink.staff_id) == staff_id,
        col(OneTimeLink.spent_at).is_(None),
        col(OneTimeLink.is_reusable).is_(False),
    )
    db.connection().execute(update(OneTimeLink).where(is_left).values(spent_at=now))


def find_reusable_links(db: Session) -> Sequence[OneTimeLink]:
    """The demo's links, which last until the demo stops."""
    return db.exec(
        select(OneTimeLink).where(
            col(OneTimeLink.is_reusable).is_(True), col(OneTimeLink.spent_at).is_(None)
        )
    ).all()
