"""What the people of a workshop said of themselves, for counting; no name and no number."""

from dataclasses import dataclass

from sqlmodel import select

from app.adapters.db import Work
from app.participants.tables import Participant


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
