"""Reads sittings, operations and responses."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Integer, Table, bindparam, cast, delete, literal, update
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, func, select

from app.adapters.bulk import add_rows, put_rows
from app.core.merging import Operation
from app.participants.tables import Participant
from app.sittings.schemas import SittingProgress, SittingRecord, SittingState, WaysTaken
from app.sittings.tables import Response, Sitting, SittingOperation
from app.workshops.schemas import Occasion
from app.workshops.tables import Administration

_SITTINGS: Table = Sitting.__table__  # type: ignore[attr-defined]
_LOG: Table = SittingOperation.__table__  # type: ignore[attr-defined]
_RESPONSES: Table = Response.__table__  # type: ignore[attr-defined]
_ADMINISTRATIONS: Table = Administration.__table__  # type: ignore[attr-defined]
_COLUMNS = [_SITTINGS.c[each.name] for each in fields(SittingRecord) if each.name in _SITTINGS.c]
_LOGGED = tuple(each.name for each in _LOG.c if each.name != "id")
_STANDING = tuple(each.name for each in _RESPONSES.c)
_CHANGED = (
    "last_saved_at", "is_late", "answered_count", "units", "units_changed_at", "state",
    "submitted_by", "submitted_at",
)  # fmt: skip
_WRITE_SITTING = (
    update(_SITTINGS)
    .where(_SITTINGS.c.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in _CHANGED})
)
_WRITE_UNITS = (
    update(_RESPONSES)
    .where(
        _RESPONSES.c.sitting_id == bindparam("of_sitting"),
        _RESPONSES.c.item == bindparam("of_item"),
    )
    .values(units=bindparam("scored"))
)
_JOINED = select(Sitting, Administration).join(
    Administration, col(Administration.id) == Sitting.administration_id
)


def get_sitting(db: Session, sitting_id: str) -> SittingRecord | None:
    """One sitting."""
    found = db.exec(_JOINED.where(Sitting.id == sitting_id)).one_or_none()
    return record_of(*found) if found else None


def find_administration_ids(db: Session, sitting_ids: Collection[str]) -> set[str]:
    """The administrations these sittings belong to."""
    query = columns_of(_SITTINGS.c.administration_id).where(_SITTINGS.c.id.in_(sitting_ids))
    return set(db.connection().execute(query).scalars())


def hold_sittings(db: Session, sitting_ids: Collection[str]) -> list[SittingRecord]:
    """Sittings that nobody else changes until this work ends, in one order for everybody."""
    query = (
        columns_of(*_COLUMNS, _ADMINISTRATIONS.c.occasion, _ADMINISTRATIONS.c.workshop_id)
        .join(_ADMINISTRATIONS, _ADMINISTRATIONS.c.id == _SITTINGS.c.administration_id)
        .where(_SITTINGS.c.id.in_(sitting_ids))
        .order_by(_SITTINGS.c.id)
        .with_for_update(of=_SITTINGS)
    )
    return [
        SittingRecord(
            **(
                dict(row._mapping)
                | {"occasion": Occasion(row.occasion), "state": SittingState(row.state)}
            )
        )
        for row in db.connection().execute(query)
    ]


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


def find_progress(db: Session, administration_id: str) -> list[SittingProgress]:
    """How far everybody is."""
    rows = db.exec(select(Sitting).where(Sitting.administration_id == administration_id)).all()
    return [
        SittingProgress(
            participant_id=row.participant_id,
            state=SittingState(row.state),
            answered_count=row.answered_count,
            started_at=row.started_at,
            last_saved_at=row.last_saved_at,
        )
        for row in rows
    ]


def find_operations(
    db: Session, sitting_ids: Collection[str], operation_ids: Collection[str]
) -> dict[str, dict[str, Operation]]:
    """What is stored under these operation ids, by sitting."""
    found: dict[str, dict[str, Operation]] = {}
    if not operation_ids:
        return found
    # Joined to nothing, so that SQLite finds the sittings' rows and then picks among them: by its
    # index over both it would look for every pair of a sitting and an id.
    its_id = literal("").concat(_LOG.c.operation_id)
    query = columns_of(*(_LOG.c[name] for name in ("sitting_id", *Operation._fields))).where(
        _LOG.c.sitting_id.in_(sitting_ids), its_id.in_(operation_ids)
    )
    for sitting_id, *values in db.connection().execute(query):
        operation = Operation(*values)
        found.setdefault(sitting_id, {})[operation.operation_id] = operation
    return found


def highest_revision(db: Session, sitting_id: str) -> int:
    """The highest change counter seen; 0 before the first."""
    query = select(func.max(SittingOperation.revision))
    return db.exec(query.where(SittingOperation.sitting_id == sitting_id)).one() or 0


def find_standing(db: Session, sitting_id: str) -> dict[str, Operation]:
    """What stands for each item of a sitting."""
    return find_standing_of(db, [sitting_id]).get(sitting_id, {})


def find_standing_of(
    db: Session, sitting_ids: Collection[str], *, items: Collection[str] | None = None
) -> dict[str, dict[str, Operation]]:
    """What stands for each item, or for these items, by sitting."""
    found: dict[str, dict[str, Operation]] = {}
    if not sitting_ids:
        return found
    columns = (_RESPONSES.c[name] for name in ("sitting_id", *Operation._fields))
    query = columns_of(*columns).where(_RESPONSES.c.sitting_id.in_(sitting_ids))
    if items is not None:
        query = query.where(_RESPONSES.c.item.in_(items))
    for sitting_id, *values in db.connection().execute(query):
        operation = Operation(*values)
        found.setdefault(sitting_id, {})[operation.item] = operation
    return found


def find_log(db: Session, sitting_id: str) -> Sequence[SittingOperation]:
    """Every change of a sitting, in the order in which they came."""
    query = select(SittingOperation).where(SittingOperation.sitting_id == sitting_id)
    return db.exec(query.order_by(col(SittingOperation.id))).all()


def get_row(db: Session, sitting_id: str) -> Sitting | None:
    """One sitting's row."""
    return db.get(Sitting, sitting_id)


def remove_sittings(db: Session, sitting_ids: Collection[str]) -> None:
    """Take sittings away with their log and what stands: for an erasure."""
    for table in (_LOG, _RESPONSES):
        db.connection().execute(delete(table).where(table.c.sitting_id.in_(sitting_ids)))
    db.connection().execute(delete(_SITTINGS).where(_SITTINGS.c.id.in_(sitting_ids)))
    db.expire_all()


def find_workshops_with_tests(db: Session) -> set[str]:
    """The workshops that have a sitting."""
    query = select(Administration.workshop_id).join(
        Sitting, col(Sitting.administration_id) == Administration.id
    )
    return set(db.exec(query.distinct()).all())


def remove_tests(db: Session, workshop_id: str) -> int:
    """Take a workshop's sittings away with their log and what stands; how many there were."""
    own = (
        columns_of(_SITTINGS.c.id)
        .join(Administration, col(Administration.id) == _SITTINGS.c.administration_id)
        .where(col(Administration.workshop_id) == workshop_id)
    )
    for table in (_RESPONSES, _LOG):
        db.connection().execute(delete(table).where(table.c.sitting_id.in_(own)))
    count = db.connection().execute(delete(_SITTINGS).where(_SITTINGS.c.id.in_(own))).rowcount
    db.expire_all()
    return count


def write_operations(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add lines to the log."""
    add_rows(db, _LOG, _LOGGED, rows)


def write_responses(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Put what stands from now on in the place of what stood."""
    put_rows(db, _RESPONSES, _STANDING, rows, key=("sitting_id", "item"))


def write_units(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write what responses scored: `of_sitting`, `of_item`, `scored`."""
    if rows:
        db.connection().execute(_WRITE_UNITS, rows)


def write_sittings(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write the columns a save may change; `of_id` is the sitting."""
    db.connection().execute(_WRITE_SITTING, rows)
    db.expire_all()  # what the session has read before is old now


def flag_rescued(db: Session, sitting_id: str) -> None:
    """Remember that answers were carried in by hand."""
    db.execute(update(Sitting).where(col(Sitting.id) == sitting_id).values(is_rescued=True))


def flag_paper(db: Session, sitting_id: str) -> None:
    """Remember that answers were typed from a sheet of paper."""
    db.execute(update(Sitting).where(col(Sitting.id) == sitting_id).values(is_paper=True))


def has_other_device(db: Session, sitting_id: str, device: str) -> bool:
    """Whether an operation of the sitting came from anything but that kind of device."""
    query = select(SittingOperation.id).where(
        SittingOperation.sitting_id == sitting_id, SittingOperation.device != device
    )
    return db.exec(query.limit(1)).first() is not None


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
        last_saved_at=row.last_saved_at,
        units_changed_at=row.units_changed_at,
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


def count_ways(db: Session, workshop_id: str, form_id: str) -> WaysTaken:
    """How the scored tests of a workshop on one form were taken; a test can count twice."""
    flags = (Sitting.is_late, Sitting.is_paper, Sitting.is_assisted, Sitting.is_rescued)
    query = (
        columns_of(*(func.sum(cast(each, Integer)) for each in flags))
        .select_from(Sitting)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            col(Administration.workshop_id) == workshop_id,
            col(Administration.occasion).in_((Occasion.PRE.value, Occasion.POST.value)),
            col(Sitting.form_id) == form_id,
            col(Sitting.units).is_not(None),
        )
    )
    return WaysTaken(*(int(each or 0) for each in db.connection().execute(query).one()))


def find_scored(db: Session, workshop_id: str, form_id: str) -> list[tuple[Sitting, str]]:
    """Every scored pre- and post-test of a workshop on a form version, with its occasion."""
    query = (
        select(Sitting, Administration.occasion)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            Administration.workshop_id == workshop_id,
            col(Administration.occasion).in_((Occasion.PRE.value, Occasion.POST.value)),
            Sitting.form_id == form_id,
            col(Sitting.units).is_not(None),
        )
        .order_by(Sitting.id)
    )
    return [(row, occasion) for row, occasion in db.exec(query).all()]


def get_without_answers(db: Session, workshop_id: str, form_id: str) -> str | None:
    """A scored test of a workshop whose answers are gone; None where all are there."""
    query = (
        select(Sitting.id)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            Administration.workshop_id == workshop_id,
            Sitting.form_id == form_id,
            col(Sitting.units).is_not(None),
            Sitting.answered_count > 0,
            col(Sitting.id).not_in(select(Response.sitting_id)),
        )
    )
    return db.exec(query.limit(1)).first()


def find_ids_on_form(db: Session, workshop_id: str, form_id: str) -> Sequence[str]:
    """Every sitting of a workshop on a form version, in order."""
    query = (
        select(Sitting.id)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(Administration.workshop_id == workshop_id, Sitting.form_id == form_id)
        .order_by(Sitting.id)
    )
    return db.exec(query).all()
