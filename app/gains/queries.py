"""Reads pairs, running sums and snapshots: the SQL behind the door."""

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from app.gains.tables import PairRollup, Snapshot
from app.participants.tables import Participant
from app.sittings.tables import Sitting
from app.workshops.schemas import Occasion
from app.workshops.tables import Administration


def find_units(
    db: Session, workshop_id: str, form_id: str, participant_ids: Collection[str]
) -> dict[tuple[str, Occasion], int | None]:
    """Settled scores of these people for one form version, by person and occasion."""
    rows = db.exec(
        select(Sitting.participant_id, Administration.occasion, Sitting.units)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            Administration.workshop_id == workshop_id,
            Sitting.form_id == form_id,
            col(Sitting.participant_id).in_(participant_ids),
        )
    ).all()
    return {(person, Occasion(occasion)): units for person, occasion, units in rows}


def get_rollup(db: Session, workshop_id: str, form_id: str) -> PairRollup | None:
    """A workshop's running sums, locked where the database can."""
    return db.get(PairRollup, (workshop_id, form_id), with_for_update=True, populate_existing=True)


def count_registered(db: Session, workshop_id: str) -> int:
    """Everybody who answered the consent page."""
    return db.exec(
        select(func.count()).select_from(Participant).where(Participant.workshop_id == workshop_id)
    ).one()


def count_beside(db: Session, snapshot: Snapshot) -> int:
    """Sittings whose score came or changed after a snapshot and is not in its figures."""
    return db.exec(
        select(func.count())
        .select_from(Sitting)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            Administration.workshop_id == snapshot.workshop_id,
            col(Administration.occasion).in_([Occasion.PRE.value, Occasion.POST.value]),
            col(Sitting.units_changed_at) > snapshot.taken_at,
        )
    ).one()


def get_latest_snapshot(
    db: Session, workshop_id: str, occasion: Occasion | None = None
) -> Snapshot | None:
    """The snapshot that stands, or the last one taken on one occasion's closing."""
    query = select(Snapshot).where(Snapshot.workshop_id == workshop_id)
    if occasion is not None:
        query = query.where(Snapshot.occasion == occasion.value)
    return db.exec(query.order_by(col(Snapshot.id).desc()).limit(1)).first()


def find_pair_units(
    db: Session, workshop_id: str, form_id: str
) -> list[tuple[int | None, int | None]]:
    """Every participant's settled pre and post units: what the running sums must add up to."""
    rows = db.exec(
        select(Sitting.participant_id, Administration.occasion, Sitting.units)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            Administration.workshop_id == workshop_id,
            Sitting.form_id == form_id,
            col(Sitting.units).is_not(None),
        )
    ).all()
    people: dict[str, dict[str, int | None]] = {}
    for participant_id, occasion, units in rows:
        people.setdefault(participant_id, {})[occasion] = units
    return [(each.get("pre"), each.get("post")) for _, each in sorted(people.items())]
