"""What the people of a workshop said of themselves, for counting; no name and no number."""

from dataclasses import dataclass

from sqlmodel import col, or_, select, update

from app.adapters.db import Work
from app.participants.tables import ListedPerson, Participant

_SAID = ("sex", "agency_type", "province", "years")


@dataclass(frozen=True)
class Profile:
    """What somebody said of the own person."""

    sex: str | None
    agency_type: str | None
    province: str | None


def find_profiles(work: Work, workshop_id: str) -> dict[str, Profile]:
    """The people of a workshop, by id."""
    query = select(Participant).where(Participant.workshop_id == workshop_id)
    return {
        row.id: Profile(row.sex, row.agency_type, row.province) for row in work.db.exec(query).all()
    }


def find_workshops_with_profiles(work: Work) -> set[str]:
    """The workshops of which somebody's sex, agency, province or years are kept."""
    found: set[str] = set()
    for table in (Participant, ListedPerson):
        said = [col(getattr(table, name)).is_not(None) for name in _SAID]
        found |= set(work.db.exec(select(table.workshop_id).where(or_(*said)).distinct()).all())
    return found


def forget_profiles(work: Work, workshop_id: str) -> None:
    """What people of a workshop, or a list, said of them; who was there stays under the card."""
    for table in (Participant, ListedPerson):
        own = update(table).where(col(table.workshop_id) == workshop_id)
        work.db.connection().execute(own.values(dict.fromkeys(_SAID)))
    work.db.expire_all()
