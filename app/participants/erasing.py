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


def erase_card(work: Work, card: CardRecord, *, name: str, scored_at: datetime | None) -> None:
    """Profile, consent, days, phones, the calls, the card and the name under `name`; digests stay.

    Raises CardErased.
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
    queries.remove_card(work.db, row, name)


def card_digest(card: CardRecord) -> str:
    """What an erased card is known by; nobody can come from it to the card."""
    return digest(card.id)


def find_cards(work: Work, workshop_id: str) -> dict[str, CardRecord]:
    """A workshop's cards by their digests; none where there is no such workshop."""
    rows = queries.find_card_rows(work.db, workshop_id)
    return {digest(row.id): queries.card_of(row) for row in rows}


def find_digests(work: Work) -> set[str]:
    """The digests of all cards that were erased here."""
    return queries.find_erased_cards(work.db)


def name_key(work: Work, card: CardRecord) -> str:
    """Under which the card's name is kept; empty when its workshop's key is gone.

    Such a name cannot be found, nor can anybody read it.
    """
    try:
        key = work.keys.require(workshop_key(card.workshop_id))
    except KeyMissing:
        return ""
    return person_key(key, card)


def get_participant_id(work: Work, card: CardRecord) -> str | None:
    """Under whom the card's tests are kept; None before the consent page was answered."""
    row = queries.get_participant_row(work.db, card.id)
    return row.id if row else None
