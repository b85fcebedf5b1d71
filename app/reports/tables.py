"""Reports that were kept: written once, never changed."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from app.adapters.rows import StoredRow


class KeptReport(StoredRow, table=True):
    """That an organisation kept a report; the same facts are kept once.

    `country`, `programme_id` ("none": without one): what it is about; empty: several, or unknown.
    """

    __tablename__ = "kept_reports"
    __table_args__ = (UniqueConstraint("organisation_id", "hash"),)
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id")
    hash: str
    kept_at: datetime
    kept_by: str = Field(foreign_key="staff.id")
    country: str | None = None
    programme_id: str | None = None


class KeptText(StoredRow, table=True):
    """A kept report in one language: its canonical JSON, from which it is shown."""

    __tablename__ = "kept_texts"
    kept_id: str = Field(primary_key=True, foreign_key="kept_reports.id")
    language: str = Field(primary_key=True)
    title: str
    about: str
    content: bytes


class KeptFile(StoredRow, table=True):
    """A file of a kept report as it was first sent; from then on the same bytes are sent."""

    __tablename__ = "kept_files"
    kept_id: str = Field(primary_key=True, foreign_key="kept_reports.id")
    language: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    content: bytes
