"""Who answers on paper: registered by the sheet that was given back."""

from app.adapters.db import Work
from app.core.errors import SheetRefused
from app.participants import queries
from app.participants.schemas import CardRecord, ParticipantRecord
from app.participants.service import register


def register_on_paper(work: Work, card: CardRecord, *, language: str) -> ParticipantRecord:
    """Who gave a filled sheet back agreed by the lines printed on it; raises SheetRefused.

    A "no" that was said on a phone stands until the person takes it back there.
    """
    row = queries.get_participant_row(work.db, card.id)
    if row is None:
        return register(work, card, has_agreed=True, language=language)
    if not row.has_agreed:
        raise SheetRefused(card=card.number, reason="sheet_declined")
    return queries.participant_of(row)
