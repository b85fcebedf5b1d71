"""Reads sittings, operations and responses."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from app.core.merging import Operation, Standing
from app.sittings.schemas import SittingProgress, SittingRecord, SittingState
from app.sittings.tables import Response, Sitting, SittingOperation
from app.workshops.schemas import Occasion
from app.workshops.tables import Administration

_JOINED = select(Sitting, Administration).join(
    Administration, col(Administration.id) == Sitting.administration_id
)


def get_sitting(db: Session, sitting_id: str) -> SittingRecord | None:
    """One sitting."""
    found = db.exec(_JOINED.where(Sitting.id == sitting_id)).one_or_none()
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


def get_sitting_row(db: Session, sitting_id: str) -> Sitting | None:
    """One sitting's row, locked where the database can."""
    return db.get(Sitting, sitting_id, with_for_update=True, populate_existing=True)


def find_sittings_of_participant(db: Session, participant_id: str) -> list[SittingRecord]:
    """A participant's sittings."""
    found = db.exec(_JOINED.where(Sitting.participant_id == participant_id)).all()
    return [record_of(*each) for each in found]


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


def find_response_rows(db: Session, sitting_id: str) -> Sequence[Response]:
    """What stands for each item of a sitting."""
    return db.exec(select(Response).where(Response.sitting_id == sitting_id)).all()


def standing_of(row: Response | None) -> Standing | None:
    """The value `core.merging` decides with."""
    if row is None:
        return None
    return Standing(
        operation_id=row.operation_id,
        revision=row.revision,
        device=row.device,
        content=row.content,
    )


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
