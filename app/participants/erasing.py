"""What is kept under a card is taken away for good; digests stay, so that nothing comes back.

The person's tests hang on the participant and go first (`sittings.erasing`); who erases a person as
a whole is `upkeep.persons`.
"""

from datetime import datetime

from app.adapters.db import Work
from app.adapters.sealing import KeyMissing, digest
from app.core.errors import CardErased, KeptForCardAlone
from app.participants import queries, service
from app.participants.names import person_key, workshop_key
from app.participants.schemas import CardRecord, OpenedWith, OpenPass
from app.participants.tables import ErasedCard


def require_own(work: Work, phone: OpenPass) -> None:
    """What is kept is for the card's token, or for the phone that began with the card's digits.

    A phone that a trainer let in may go on with the test and no more: raises KeptForCardAlone.
    """
    if phone.opened_with is OpenedWith.TOKEN:
        return
    since = {each.id: each.created_at for each in queries.find_all_passes(work.db, phone.card.id)}
    own = since.pop(phone.id)
    if any(other <= own for other in since.values()):
        raise KeptForCardAlone()


def erase_card(work: Work, card: CardRecord, *, scored_at: datetime | None) -> None:
    """Profile, name, consent, days, phones, the calls and the card itself; digests stay.

    A name whose workshop's key is gone cannot be found, nor can anybody read it. Raises CardErased.
    """
    row = queries.hold_card(work.db, card.id)
    if row is None:
        raise CardErased()
    work.db.add(
        ErasedCard(
            card_hash=digest(row.id),
            workshop_id=row.workshop_id,
            token_hash=row.token_hash,
            number_key=service.number_key(work, row.workshop_id, row.number),
            scored_at=scored_at,
            erased_at=work.now,
        )
    )
    queries.remove_card(work.db, row, _person_key(work, card))


def _person_key(work: Work, card: CardRecord) -> str:
    try:
        key = work.keys.require(workshop_key(card.workshop_id))
    except KeyMissing:
        return ""
    return person_key(key, card)


def get_participant_id(work: Work, card: CardRecord) -> str | None:
    """Under whom the card's tests are kept; None before the consent page was answered."""
    row = queries.get_participant_row(work.db, card.id)
    return row.id if row else None
