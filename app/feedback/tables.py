"""The questionnaire and the minority ballot, unlinked: nothing leads to a sitting or a card."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, Index

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


class BallotCountry(StoredRow, table=True):
    """A country in which an organisation asks about minorities; without a row nobody is asked."""

    __tablename__ = "ballot_countries"
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    country: str = Field(primary_key=True)


class BallotRound(StoredRow, table=True):
    """That a workshop is asked, and how many of its answers wait; never what they say.

    Country and year stand as they were when it was opened. The row goes once all of it is told.
    """

    __tablename__ = "ballot_rounds"
    __table_args__ = (
        Index("ix_ballot_rounds_count", "organisation_id", "country", "year", "is_synthetic"),
    )
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    organisation_id: str = Field(foreign_key="organisations.id")
    country: str
    year: int
    is_synthetic: bool
    is_open: bool = True
    waiting_answers: int = 0


class BallotSlip(StoredRow, table=True):
    """A slip that was handed in, so that it counts once; made by chance, known to no card."""

    __tablename__ = "ballot_slips"
    slip_hash: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)


class BallotCount(StoredRow, table=True):
    """A country and year: what is told, and what waits, sealed as one value of one size.

    `batch` names the key of what waits; it is destroyed when that is told.
    """

    __tablename__ = "ballot_counts"
    __table_args__ = (
        CheckConstraint(
            "yes_count >= 0 AND no_count >= 0 AND workshop_count >= 0", name="ballot_count_told"
        ),
    )
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    country: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    is_synthetic: bool = Field(primary_key=True)
    batch: int = 1
    waiting: bytes | None = None
    yes_count: int = 0
    no_count: int = 0
    workshop_count: int = 0
