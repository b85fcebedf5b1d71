"""Sittings, the append-only log of operations, and the response that stands for each item."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from app.adapters.rows import StoredRow


class Sitting(StoredRow, table=True):
    """One participant's passage through one administration; one for ever."""

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("administration_id", "participant_id"),
        CheckConstraint("state IN ('open', 'submitted')", name="sitting_state"),
        CheckConstraint(
            "submitted_by IS NULL OR submitted_by IN ('participant', 'closing')",
            name="sitting_submitted_by",
        ),
        CheckConstraint(
            "(state = 'submitted') = (units IS NOT NULL)", name="sitting_scored_when_submitted"
        ),
    )
    id: str = Field(primary_key=True)
    administration_id: str = Field(foreign_key="administrations.id", index=True)
    participant_id: str = Field(foreign_key="participants.id", index=True)
    form_id: str = Field(foreign_key="forms.id", index=True)
    state: str = "open"
    language: str
    started_at: datetime
    last_saved_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by: str | None = None
    is_late: bool = False
    is_paper: bool = False
    is_assisted: bool = False
    is_rescued: bool = False
    units: int | None = None
    units_changed_at: datetime | None = None
    answered_count: int = 0


class SittingOperation(StoredRow, table=True):
    """One change sent by a phone, with its own id; never changed, never removed but by erasure."""

    __tablename__ = "sitting_operations"
    __table_args__ = (UniqueConstraint("sitting_id", "operation_id"),)
    id: int | None = Field(default=None, primary_key=True)
    sitting_id: str = Field(foreign_key="sittings.id")  # the constraint's index begins with it
    operation_id: str
    item: str
    revision: int
    device: str
    content: str
    language: str
    received_at: datetime
    is_late: bool = False


class Response(StoredRow, table=True):
    """What stands for one item of one sitting: the operation with the highest revision."""

    __tablename__ = "responses"
    sitting_id: str = Field(primary_key=True, foreign_key="sittings.id")
    item: str = Field(primary_key=True)
    operation_id: str
    revision: int
    device: str
    content: str
    language: str
    units: int | None = None
