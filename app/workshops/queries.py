"""Reads workshops and administrations."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session, and_, col, func, or_, select

from app.accounts.tables import Organisation, Programme
from app.core.languages import split_drafts
from app.workshops.schemas import (
    AdministrationRecord,
    AdministrationState,
    Audience,
    Occasion,
    WorkshopRecord,
    WorkshopState,
)
from app.workshops.tables import Administration, Workshop, WorkshopTrainer

_JOINED = (
    select(Workshop, Organisation, Programme)
    .join(Organisation, col(Organisation.id) == Workshop.organisation_id)
    .outerjoin(Programme, col(Programme.id) == Workshop.programme_id)
)


def get_workshop(db: Session, workshop_id: str) -> WorkshopRecord | None:
    """One workshop."""
    return _first(db, _JOINED.where(Workshop.id == workshop_id))


def get_workshop_of_trainer(db: Session, workshop_id: str, staff_id: str) -> WorkshopRecord | None:
    """One workshop, if that staff member runs it."""
    query = _JOINED.join(WorkshopTrainer, col(WorkshopTrainer.workshop_id) == Workshop.id).where(
        Workshop.id == workshop_id, WorkshopTrainer.staff_id == staff_id
    )
    return _first(db, query)


def get_workshop_by_join_code(db: Session, join_code: str) -> WorkshopRecord | None:
    """The active workshop that this code leads to."""
    return _first(db, _JOINED.where(Workshop.join_code == join_code, Workshop.state == "active"))


def get_ended_by_join_code(db: Session, join_code: str) -> WorkshopRecord | None:
    """The last workshop that had this code and gave it back."""
    query = _JOINED.where(Workshop.join_code == join_code, Workshop.state != "active")
    return _first(db, query.order_by(col(Workshop.created_at).desc()).limit(1))


def find_active_workshops(db: Session) -> list[WorkshopRecord]:
    """The workshops that their codes lead to."""
    return [_record(*row) for row in db.exec(_JOINED.where(Workshop.state == "active")).all()]


def find_open_workshop_ids(db: Session, now: datetime) -> set[str]:
    """The workshops with a test that takes answers now."""
    query = select(Administration.workshop_id).where(
        or_(
            col(Administration.state) == "open",
            and_(col(Administration.state) == "closing", col(Administration.closes_at) > now),
        )
    )
    return set(db.exec(query).all())


def get_workshop_row(db: Session, workshop_id: str) -> Workshop | None:
    """One workshop's row."""
    return db.get(Workshop, workshop_id)


def find_workshops_of_trainer(db: Session, staff_id: str) -> list[WorkshopRecord]:
    """The workshops a staff member runs, the latest first."""
    query = (
        _JOINED.join(WorkshopTrainer, col(WorkshopTrainer.workshop_id) == Workshop.id)
        .where(WorkshopTrainer.staff_id == staff_id)
        .order_by(col(Workshop.starts_on).desc(), Workshop.title, Workshop.id)
    )
    return [_record(*row) for row in db.exec(query).all()]


def find_workshops(
    db: Session, organisation_id: str, *, states: Sequence[WorkshopState] = ()
) -> list[WorkshopRecord]:
    """An organisation's workshops, the earliest first."""
    query = _JOINED.where(Workshop.organisation_id == organisation_id)
    if states:
        query = query.where(col(Workshop.state).in_([state.value for state in states]))
    query = query.order_by(col(Workshop.starts_on), Workshop.title, Workshop.id)
    return [_record(*row) for row in db.exec(query).all()]


def find_ended_before(db: Session, day: date) -> list[str]:
    """The workshops of real people whose last day lies before this one, by id."""
    query = select(Workshop.id).where(
        col(Workshop.ends_on) < day, col(Workshop.is_synthetic).is_(False)
    )
    query = query.order_by(Workshop.id)
    return list(db.exec(query).all())


def is_join_code_taken(db: Session, join_code: str) -> bool:
    """Whether an active workshop has the code."""
    query = select(func.count()).select_from(Workshop)
    return bool(
        db.exec(query.where(Workshop.join_code == join_code, Workshop.state == "active")).one()
    )


def find_trainer_ids(db: Session, workshop_id: str) -> set[str]:
    """Who runs the workshop."""
    query = select(WorkshopTrainer.staff_id).where(WorkshopTrainer.workshop_id == workshop_id)
    return set(db.exec(query).all())


def find_trainer_rows(db: Session, workshop_id: str) -> Sequence[WorkshopTrainer]:
    """The rows behind who runs the workshop."""
    return db.exec(select(WorkshopTrainer).where(WorkshopTrainer.workshop_id == workshop_id)).all()


def get_administration(db: Session, administration_id: str) -> AdministrationRecord | None:
    """One administration."""
    row = db.get(Administration, administration_id)
    return record_of(row) if row else None


def hold_administrations(
    db: Session, administration_ids: Collection[str]
) -> dict[str, AdministrationRecord]:
    """Administrations held still, in one order for everybody."""
    rows = db.exec(
        select(Administration)
        .where(col(Administration.id).in_(administration_ids))
        .order_by(Administration.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).all()
    return {row.id: record_of(row) for row in rows}


def get_administration_row(
    db: Session, administration_id: str, *, locks: bool = False
) -> Administration | None:
    """One administration's row, locked where the database can."""
    return db.get(
        Administration,
        administration_id,
        with_for_update=True if locks else None,
        populate_existing=locks,  # what was read before waiting for the lock may be old
    )


def get_administration_of(
    db: Session, workshop_id: str, occasion: Occasion
) -> AdministrationRecord | None:
    """A workshop's administration on one occasion."""
    row = db.exec(
        select(Administration).where(
            Administration.workshop_id == workshop_id, Administration.occasion == occasion.value
        )
    ).one_or_none()
    return record_of(row) if row else None


def find_administrations(db: Session, workshop_id: str) -> list[AdministrationRecord]:
    """A workshop's administrations: pre, post, follow-up."""
    rows = db.exec(select(Administration).where(Administration.workshop_id == workshop_id)).all()
    order = list(Occasion)
    return sorted((record_of(row) for row in rows), key=lambda each: order.index(each.occasion))


def find_administrations_of(
    db: Session, workshop_ids: Collection[str]
) -> list[AdministrationRecord]:
    """All administrations of these workshops."""
    query = select(Administration).where(col(Administration.workshop_id).in_(workshop_ids))
    return [record_of(row) for row in db.exec(query).all()]


def find_unfinished_administrations(
    db: Session, now: datetime, late_before: datetime
) -> list[AdministrationRecord]:
    """Administrations whose announced end has come, or whose late hours are over."""
    rows = db.exec(
        select(Administration)
        .where(
            or_(
                and_(col(Administration.state) == "closing", col(Administration.closes_at) <= now),
                and_(
                    col(Administration.state) == "closed",
                    col(Administration.settled_at).is_(None),
                    col(Administration.closed_at) <= late_before,
                ),
            )
        )
        .order_by(Administration.id)
    ).all()
    return [record_of(row) for row in rows]


def record_of(row: Administration) -> AdministrationRecord:
    """The value the rest of the house uses."""
    return AdministrationRecord(
        id=row.id,
        workshop_id=row.workshop_id,
        occasion=Occasion(row.occasion),
        form_id=row.form_id,
        state=AdministrationState(row.state),
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        settled_at=row.settled_at,
    )


def _first(db: Session, query: object) -> WorkshopRecord | None:
    row = db.exec(query).first()  # type: ignore[call-overload]
    return _record(*row) if row else None


def _record(
    row: Workshop, organisation: Organisation, programme: Programme | None
) -> WorkshopRecord:
    languages, draft_languages = split_drafts(json.loads(row.languages))
    return WorkshopRecord(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation_name=organisation.name,
        programme_id=row.programme_id,
        programme_name=programme.name if programme else "",
        funder_line=row.funder_line,
        title=row.title,
        country=row.country,
        province=row.province,
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        are_dates_inferred=row.are_dates_inferred,
        zone=row.zone,
        languages=languages,
        draft_languages=draft_languages,
        audience=Audience(row.audience),
        form_id=row.form_id,
        questionnaire_form_id=row.questionnaire_form_id,
        pass_mark_points=row.pass_mark_points,
        women_count=row.women_count,
        men_count=row.men_count,
        days_needed=row.days_needed,
        hours=row.hours,
        owner_id=row.owner_id,
        join_code=row.join_code,
        is_synthetic=row.is_synthetic,
        state=WorkshopState(row.state),
        created_at=row.created_at,
    )
