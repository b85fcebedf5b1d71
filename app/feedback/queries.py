"""Reads questionnaire rounds, tickets and sheets."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from app.feedback.tables import QuestionnaireRound, QuestionnaireTicket, SealedSheet, Sheet


def get_round(db: Session, workshop_id: str) -> QuestionnaireRound | None:
    """A workshop's questionnaire, locked where the database can."""
    return db.get(QuestionnaireRound, workshop_id, with_for_update=True, populate_existing=True)


def get_ticket(db: Session, ticket_hash: str) -> QuestionnaireTicket | None:
    """A ticket, locked where the database can: two sends of one sheet must not both pass."""
    return db.get(QuestionnaireTicket, ticket_hash, with_for_update=True, populate_existing=True)


def find_ticket_hashes(db: Session, workshop_id: str) -> set[str]:
    """The workshop's tickets."""
    query = select(QuestionnaireTicket.ticket_hash)
    return set(db.exec(query.where(QuestionnaireTicket.workshop_id == workshop_id)).all())


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
