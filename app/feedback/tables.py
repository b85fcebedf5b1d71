"""The questionnaire, unlinked: nothing here leads to a sitting, a card or a time."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field

from app.adapters.rows import StoredRow


class QuestionnaireRound(StoredRow, table=True):
    """A workshop's questionnaire: opened with the post-test, closed once."""

    __tablename__ = "questionnaire_rounds"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="questionnaire_round_state"),
    )
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    form_id: str = Field(foreign_key="forms.id")
    state: str = "open"
    opened_at: datetime
    closed_at: datetime | None = None


class QuestionnaireTicket(StoredRow, table=True):
    """A ticket, used or not; derived from a card by a key that lies elsewhere."""

    __tablename__ = "questionnaire_tickets"
    ticket_hash: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    is_spent: bool = False


class SealedSheet(StoredRow, table=True):
    """One filled questionnaire while the round is open: sealed, all of one size."""

    __tablename__ = "sealed_sheets"
    id: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    sealed: bytes


class Sheet(StoredRow, table=True):
    """One filled questionnaire after closing: opened and shuffled, without order or time."""

    __tablename__ = "sheets"
    id: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    form_id: str = Field(foreign_key="forms.id")
    answers: str
