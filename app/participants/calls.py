"""[Call the trainer]: a card asks for help, until the trainer has been there.

Kept are the card and the time, and only as long as the call stands.
"""

from app.adapters.db import Work, insert_if_absent
from app.participants import queries, service
from app.participants.schemas import CardRecord, OpenPass
from app.participants.tables import TrainerCall
from app.workshops.schemas import WorkshopRecord


def call_trainer(work: Work, phone: OpenPass) -> None:
    """Ask the trainer to come; asked again, it is the same call."""
    insert_if_absent(work, TrainerCall, card_id=phone.card.id, called_at=work.now)


def answer_call(work: Work, workshop: WorkshopRecord, number: str) -> None:
    """The trainer has been there; raises CardUnknown. Answered again, nothing changes."""
    row = queries.get_call(work.db, service.require_card(work, workshop, number).id)
    if row is not None:
        work.db.delete(row)
        work.db.flush()


def has_called(work: Work, card: CardRecord) -> bool:
    """Whether the trainer was asked to come and has not been there."""
    return queries.get_call(work.db, card.id) is not None
