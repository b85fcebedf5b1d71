"""Reads the audit log: an organisation's lines by kind, person and day, a page at a time."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from app.accounts.schemas import AuditRecord, LogWanted
from app.accounts.tables import AuditEvent, Staff


def find_events(
    db: Session,
    organisation_id: str,
    wanted: LogWanted,
    *,
    own_ids: Collection[str],
    limit: int,
) -> list[AuditRecord]:
    """The latest first. Lines without a person (a command) count by what they were done to.

    `own_ids`: the organisation's things beside its people.
    """
    event = AuditEvent
    ours = select(Staff.id).where(Staff.organisation_id == organisation_id)
    things = or_(
        col(event.object_id).in_([organisation_id, *own_ids]), col(event.object_id).in_(ours)
    )
    is_ours = or_(col(event.staff_id).in_(ours), and_(col(event.staff_id).is_(None), things))
    query = select(event, Staff).outerjoin(Staff, col(Staff.id) == event.staff_id).where(is_ours)
    if wanted.verbs:
        query = query.where(col(event.verb).in_(wanted.verbs))
    if wanted.staff_id:
        query = query.where(event.staff_id == wanted.staff_id)
    if wanted.since:
        query = query.where(event.happened_at >= wanted.since)
    if wanted.until:
        query = query.where(event.happened_at < wanted.until)
    if wanted.before:
        query = query.where(col(event.id) < wanted.before)
    rows = db.exec(query.order_by(col(event.id).desc()).limit(limit)).all()
    return [record_of(row, staff) for row, staff in rows]


def record_of(event: AuditEvent, staff: Staff | None) -> AuditRecord:
    """One line as a value; no name where a command did it."""
    return AuditRecord(
        id=event.id or 0,
        happened_at=event.happened_at,
        staff_name=staff.display_name if staff else "",
        verb=event.verb,
        object_kind=event.object_kind,
        object_id=event.object_id,
        facts=event.facts,
    )


def has_event(db: Session, *, staff_id: str, verb: str, object_id: str, since: datetime) -> bool:
    """Whether somebody did that to the thing since then."""
    event = AuditEvent
    found = select(event.id).where(
        event.object_id == object_id,
        event.staff_id == staff_id,
        event.verb == verb,
        event.happened_at >= since,
    )
    return db.exec(found.limit(1)).first() is not None
