"""Workshops, who runs them, and their administrations."""

from datetime import date, datetime

from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint, text

from app.adapters.rows import StoredRow


class Workshop(StoredRow, table=True):
    """One workshop; same place and day twice is ordinary."""

    __tablename__ = "workshops"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'cancelled', 'archived')", name="workshop_state"),
        CheckConstraint("starts_on <= ends_on", name="workshop_days"),
        CheckConstraint("women_count >= 0 AND men_count >= 0", name="workshop_head_count"),
        CheckConstraint(
            "audience IN ('multidisciplinary', 'ngo', 'lea_data')", name="workshop_audience"
        ),
        # A code must lead to one place only; a workshop that is over gives its code back.
        Index(
            "one_open_workshop_per_join_code",
            "join_code",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id", index=True)
    programme_id: str | None = Field(default=None, foreign_key="programmes.id", index=True)
    funder_line: str = ""
    title: str
    country: str
    province: str
    place: str
    starts_on: date
    ends_on: date
    are_dates_inferred: bool = False
    zone: str
    languages: str
    audience: str
    form_id: str = Field(foreign_key="forms.id", index=True)
    questionnaire_form_id: str | None = Field(default=None, foreign_key="forms.id")
    pass_mark_points: int | None = None
    women_count: int = 0
    men_count: int = 0
    days_needed: int = 1
    hours: int | None = None
    owner_id: str = Field(foreign_key="staff.id", index=True)
    join_code: str = Field(index=True)
    is_synthetic: bool = False
    state: str = "active"
    created_at: datetime


class WorkshopTrainer(StoredRow, table=True):
    """A trainer who runs the workshop: the owner, and any co-trainers."""

    __tablename__ = "workshop_trainers"
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    staff_id: str = Field(primary_key=True, foreign_key="staff.id", index=True)


class Administration(StoredRow, table=True):
    """One form offered to one workshop on one occasion."""

    __tablename__ = "administrations"
    __table_args__ = (
        UniqueConstraint("workshop_id", "occasion"),
        CheckConstraint("occasion IN ('pre', 'post', 'follow_up')", name="administration_occasion"),
        CheckConstraint(
            "state IN ('planned', 'open', 'closing', 'closed')", name="administration_state"
        ),
    )
    id: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    occasion: str
    form_id: str = Field(foreign_key="forms.id", index=True)
    state: str = "planned"
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    settled_at: datetime | None = None
