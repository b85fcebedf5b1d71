"""Published forms: immutable, content-hashed, with the key kept apart from the text."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from app.adapters.rows import StoredRow


class Form(StoredRow, table=True):
    """One published version of a form; `document` holds no key."""

    __tablename__ = "forms"
    __table_args__ = (
        UniqueConstraint("bank_ref", "form_ref", "version"),
        CheckConstraint("purpose IN ('test', 'questionnaire')", name="form_purpose"),
    )
    id: str = Field(primary_key=True)
    bank_ref: str
    form_ref: str = Field(index=True)
    version: int
    content_hash: str = Field(unique=True)
    purpose: str
    audience: str
    item_count: int
    max_units: int
    document: str
    published_at: datetime


class BankSource(StoredRow, table=True):
    """A whole bank as it was published, keys and all: read only to write it out for its authors."""

    __tablename__ = "bank_sources"
    bank_ref: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    content_hash: str
    source: str
    published_at: datetime


class FormKey(StoredRow, table=True):
    """The keys of one form; read only to score."""

    __tablename__ = "form_keys"
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    key: str


class RetiredForm(StoredRow, table=True):
    """A form that is not offered any more; gone again when it is offered again."""

    __tablename__ = "retired_forms"
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    retired_at: datetime
    reason: str


class FormCorrection(StoredRow, table=True):
    """That a version was corrected, and which version holds the corrected key; once for each.

    `keys`: the new ones as JSON, none where the item is withdrawn. `finished_at`: when every
    workshop had been scored anew.
    """

    __tablename__ = "form_corrections"
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    corrected_form_id: str = Field(foreign_key="forms.id", unique=True)
    item: str
    old_keys: str
    keys: str
    reason: str
    staff_id: str | None = Field(default=None, foreign_key="staff.id")
    corrected_at: datetime
    finished_at: datetime | None = None


class FormReview(StoredRow, table=True):
    """A person's signature under a form: a lawyer, or a native reader of one language."""

    __tablename__ = "form_reviews"
    __table_args__ = (
        UniqueConstraint("form_id", "kind", "language"),
        CheckConstraint("kind IN ('law', 'native')", name="form_review_kind"),
    )
    id: str = Field(primary_key=True)
    form_id: str = Field(foreign_key="forms.id", index=True)
    kind: str
    language: str = ""
    reviewer: str
    reviewed_at: datetime
