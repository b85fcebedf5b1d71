"""What is kept under a card outside the tests, for its holder alone."""

from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.db import Work
from app.participants import calls, queries, without_card
from app.participants.names import get_shown_name, workshop_key
from app.participants.schemas import HolderName, OpenPass, Profile


@dataclass(frozen=True)
class KeptConsent:
    """What was said on the consent page, when, and which text stood there."""

    has_agreed: bool
    version: str
    answered_at: datetime


@dataclass(frozen=True)
class KeptPhone:
    """A phone that acts, or acted, for the card."""

    since: datetime
    opened_with: str
    state: str


@dataclass(frozen=True)
class OwnRecord:
    """All of it. `listed`: what the trainer's list says of the work.

    `is_name_gone`: the names' key was destroyed, so that nobody can read a name any more.
    """

    card_number: str
    edition: int
    language: str
    consent: KeptConsent | None
    profile: Profile
    profile_at: datetime | None
    listed: Profile | None
    days: tuple[date, ...]
    name: HolderName | None
    is_name_gone: bool
    phones: tuple[KeptPhone, ...]
    has_called: bool
    is_taken: bool


def read_own_record(work: Work, phone: OpenPass) -> OwnRecord:
    """What is kept under this phone's card."""
    card = phone.card
    row, listed = (
        queries.get_participant_row(work.db, card.id),
        queries.get_listed_row(work.db, card.id),
    )
    is_gone = work.keys.is_destroyed(workshop_key(card.workshop_id))
    return OwnRecord(
        card_number=card.number,
        edition=card.edition,
        language=row.language if row else phone.language,
        consent=KeptConsent(row.has_agreed, row.consent_version, row.answered_consent_at)
        if row
        else None,
        profile=queries.profile_of(row) if row else Profile(),
        profile_at=row.answered_profile_at if row else None,
        listed=queries.profile_of(listed) if listed else None,
        days=tuple(sorted(queries.find_attendance(work.db, card.id))),
        name=None if is_gone else get_shown_name(work, phone),
        is_name_gone=is_gone,
        phones=tuple(
            KeptPhone(each.created_at, each.opened_with, each.state)
            for each in queries.find_all_passes(work.db, card.id)
        ),
        has_called=calls.has_called(work, card),
        is_taken=without_card.is_taken(work, card),
    )
