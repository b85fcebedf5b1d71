"""Reads questionnaire rounds, tickets and sheets."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from app.feedback.schemas import ClosedRound
from app.feedback.tables import QuestionnaireRound, QuestionnaireTicket, SealedSheet, Sheet


def get_round(db: Session, workshop_id: str) -> QuestionnaireRound | None:
    """A workshop's questionnaire."""
    return db.get(QuestionnaireRound, workshop_id)


def hold_round(db: Session, workshop_id: str, *, writes: bool) -> QuestionnaireRound | None:
    """The questionnaire held still: shared while a sheet comes in, alone while it closes."""
    lock: Any = True if writes else {"read": True}
    return db.get(QuestionnaireRound, workshop_id, with_for_update=lock, populate_existing=True)


def get_ticket_workshop(db: Session, ticket_hash: str) -> str | None:
    """The workshop a ticket belongs to."""
    query = select(QuestionnaireTicket.workshop_id)
    return db.exec(query.where(QuestionnaireTicket.ticket_hash == ticket_hash)).one_or_none()


def is_unspent(db: Session, ticket_hash: str) -> bool:
    """Whether a ticket can still hand in a sheet."""
    query = select(QuestionnaireTicket.is_spent)
    return db.exec(query.where(QuestionnaireTicket.ticket_hash == ticket_hash)).first() is False


def get_ticket(db: Session, ticket_hash: str) -> QuestionnaireTicket | None:
    """A ticket, locked where the database can: two sends of one sheet must not both pass."""
    return db.get(QuestionnaireTicket, ticket_hash, with_for_update=True, populate_existing=True)


def find_ticket_hashes(db: Session, workshop_id: str) -> set[str]:
    """The workshop's tickets."""
    query = select(QuestionnaireTicket.ticket_hash)
    return set(db.exec(query.where(QuestionnaireTicket.workshop_id == workshop_id)).all())


def find_closed_rounds(db: Session) -> Sequence[str]:
    """The workshops whose round is closed."""
    query = select(QuestionnaireRound.workshop_id).where(QuestionnaireRound.state == "closed")
    return db.exec(query).all()


def find_sealed_sheets(db: Session, workshop_id: str) -> Sequence[SealedSheet]:
    """The sheets that were not opened yet."""
    return db.exec(select(SealedSheet).where(SealedSheet.workshop_id == workshop_id)).all()


def find_sheets(db: Session, workshop_id: str) -> Sequence[Sheet]:
    """The opened sheets."""
    return db.exec(
        select(Sheet).where(Sheet.workshop_id == workshop_id).order_by(col(Sheet.id))
    ).all()


def count_sheets(db: Session, workshop_id: str) -> int:
    """How many sheets came, opened or not."""
    sealed = select(func.count()).select_from(SealedSheet)
    opened = select(func.count()).select_from(Sheet)
    return (
        db.exec(sealed.where(SealedSheet.workshop_id == workshop_id)).one()
        + db.exec(opened.where(Sheet.workshop_id == workshop_id)).one()
    )


def count_closed_sheets(db: Session, workshop_ids: Sequence[str]) -> list[ClosedRound]:
    """The closed rounds of these workshops that have any sheet."""
    found: list[ClosedRound] = []
    for some in _some(workshop_ids):
        query = (
            select(QuestionnaireRound.workshop_id, QuestionnaireRound.form_id, func.count())
            .join(Sheet, col(Sheet.workshop_id) == QuestionnaireRound.workshop_id)
            .where(
                col(QuestionnaireRound.workshop_id).in_(some), QuestionnaireRound.state == "closed"
            )
            .group_by(QuestionnaireRound.workshop_id, QuestionnaireRound.form_id)
        )
        found += [ClosedRound(*row) for row in db.exec(query).all()]
    return found


def find_answers(db: Session, workshop_ids: Sequence[str]) -> Iterator[str]:
    """What each opened sheet of these workshops says."""
    for some in _some(workshop_ids):
        yield from db.exec(select(Sheet.answers).where(col(Sheet.workshop_id).in_(some))).all()


def _some(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Not more at once than a statement may name."""
    return (values[start : start + 1000] for start in range(0, len(values), 1000))
