"""Reads sittings, operations and responses."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, func, select

from app.adapters.db import put_rows
from app.core.merging import Operation, Standing
from app.participants.tables import Participant
from app.sittings.schemas import SittingProgress, SittingRecord, SittingState
from app.sittings.tables import Response, Sitting, SittingOperation
from app.workshops.schemas import Occasion
from app.workshops.tables import Administration

_RESPONSES: Table = Response.__table__  # type: ignore[attr-defined]
_JOINED = select(Sitting, Administration).join(
    Administration, col(Administration.id) == Sitting.administration_id
)


def get_sitting(db: Session, sitting_id: str, *, locks: bool = False) -> SittingRecord | None:
    """One sitting; locked where the database can, it cannot change until this work ends."""
    query = _JOINED.where(Sitting.id == sitting_id)
    if locks:
        query = query.with_for_update(of=Sitting).execution_options(populate_existing=True)
    found = db.exec(query).one_or_none()
    return record_of(*found) if found else None


def get_sitting_of(
    db: Session, administration_id: str, participant_id: str
) -> SittingRecord | None:
    """The participant's one sitting of that administration."""
    query = _JOINED.where(
        Sitting.administration_id == administration_id, Sitting.participant_id == participant_id
    )
    found = db.exec(query).one_or_none()
    return record_of(*found) if found else None


def find_sittings_of_participant(db: Session, participant_id: str) -> list[SittingRecord]:
    """A participant's sittings."""
    found = db.exec(_JOINED.where(Sitting.participant_id == participant_id)).all()
    return [record_of(*each) for each in found]


def find_sittings_of_card(db: Session, card_id: str) -> list[SittingRecord]:
    """The sittings of a card's holder."""
    query = _JOINED.join(Participant, col(Participant.id) == Sitting.participant_id)
    return [record_of(*each) for each in db.exec(query.where(Participant.card_id == card_id)).all()]


def find_open_sitting_ids(db: Session, administration_id: str) -> Sequence[str]:
    """Sittings of an administration that were not sent and hold an answer."""
    return db.exec(
        select(Sitting.id)
        .where(
            Sitting.administration_id == administration_id,
            Sitting.state == SittingState.OPEN.value,
            Sitting.answered_count > 0,
        )
        .order_by(Sitting.id)
    ).all()


def count_open(db: Session, administration_id: str) -> int:
    """How many are still answering."""
    return db.exec(
        select(func.count())
        .select_from(Sitting)
        .where(
            Sitting.administration_id == administration_id,
            Sitting.state == SittingState.OPEN.value,
        )
    ).one()


def find_progress(db: Session, administration_id: str) -> list[SittingProgress]:
    """How far everybody is."""
    rows = db.exec(select(Sitting).where(Sitting.administration_id == administration_id)).all()
    return [
        SittingProgress(
            participant_id=row.participant_id,
            state=SittingState(row.state),
            answered_count=row.answered_count,
            last_saved_at=row.last_saved_at,
        )
        for row in rows
    ]


def find_operations(
    db: Session, sitting_id: str, operation_ids: Sequence[str]
) -> dict[str, Operation]:
    """What is stored under these operation ids."""
    rows = db.exec(
        select(SittingOperation).where(
            SittingOperation.sitting_id == sitting_id,
            col(SittingOperation.operation_id).in_(operation_ids),
        )
    ).all()
    return {
        row.operation_id: Operation(
            operation_id=row.operation_id,
            item=row.item,
            revision=row.revision,
            device=row.device,
            content=row.content,
        )
        for row in rows
    }


def find_operation_ids(db: Session, sitting_id: str) -> set[str]:
    """The ids of every operation stored for a sitting."""
    query = select(SittingOperation.operation_id).where(SittingOperation.sitting_id == sitting_id)
    return set(db.exec(query).all())


def highest_revision(db: Session, sitting_id: str) -> int:
    """The highest change counter seen; 0 before the first."""
    query = select(func.max(SittingOperation.revision))
    return db.exec(query.where(SittingOperation.sitting_id == sitting_id)).one() or 0


def find_standing(db: Session, sitting_id: str) -> dict[str, Standing]:
    """What stands for each item of a sitting."""
    names = ("item", "operation_id", "revision", "device", "content")
    columns = [_RESPONSES.c[name] for name in names]
    query = columns_of(*columns).where(_RESPONSES.c.sitting_id == sitting_id)
    return {
        row.item: Standing(
            operation_id=row.operation_id,
            revision=row.revision,
            device=row.device,
            content=row.content,
        )
        for row in db.connection().execute(query)
    }


def write_operations(
    db: Session, logged: Sequence[dict[str, Any]], current: Sequence[dict[str, Any]]
) -> None:
    """Add lines to the log, and put what stands from now on in the place of what stood."""
    if logged:
        db.execute(insert(SittingOperation), logged)
    if current:
        put_rows(db, Response, current, key=("sitting_id", "item"))


def write_units(db: Session, sitting_id: str, units: dict[str, int]) -> None:
    """Write what each response of a sitting scored."""
    if not units:
        return
    db.connection().execute(
        update(_RESPONSES)
        .where(
            _RESPONSES.c.sitting_id == bindparam("of_sitting"),
            _RESPONSES.c.item == bindparam("of_item"),
        )
        .values(units=bindparam("scored")),
        [
            {"of_sitting": sitting_id, "of_item": item, "scored": scored}
            for item, scored in units.items()
        ],
    )


def update_sitting(db: Session, sitting: SittingRecord, **changes: Any) -> SittingRecord:
    """Write changed columns; the sitting as it is from now on."""
    db.execute(update(Sitting).where(col(Sitting.id) == sitting.id).values(**changes))
    known = {each.name for each in fields(SittingRecord)}
    return replace(sitting, **{name: value for name, value in changes.items() if name in known})


def record_of(row: Sitting, administration: Administration) -> SittingRecord:
    """The value the rest of the house uses."""
    return SittingRecord(
        id=row.id,
        administration_id=row.administration_id,
        participant_id=row.participant_id,
        form_id=row.form_id,
        occasion=Occasion(administration.occasion),
        workshop_id=administration.workshop_id,
        state=SittingState(row.state),
        language=row.language,
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        is_late=row.is_late,
        units=row.units,
        answered_count=row.answered_count,
    )


def find_participants_by_device(db: Session, administration_id: str, device: str) -> set[str]:
    """The participants who have an operation from that kind of device."""
    query = (
        select(Sitting.participant_id)
        .join(SittingOperation, col(SittingOperation.sitting_id) == Sitting.id)
        .where(Sitting.administration_id == administration_id, SittingOperation.device == device)
        .distinct()
    )
    return set(db.exec(query).all())
