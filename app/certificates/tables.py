"""The register of certificates: nothing in it leads to a participant, a score or a sex."""

from datetime import date, datetime

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from app.adapters.rows import StoredRow


class Certificate(StoredRow, table=True):
    """What was certified to a holder who wrote the own name; the name is sealed.

    All that is printed is frozen here. After the names' date key and sealed name are NULL: nothing
    leads to a person, and a typed name is still held to its keyed digests.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("workshop_id", "holder_key"),
        CheckConstraint("status IN ('issued', 'revoked')", name="certificate_status"),
        CheckConstraint("edition >= 1", name="certificate_edition"),
    )
    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    holder_key: str | None = None
    edition: int = 1
    status: str = "issued"
    organisation_name: str
    languages: str
    workshop_title: str
    place: str
    starts_on: date
    ends_on: date
    days_attended: int
    days_held: int
    hours: int | None = None
    logos: str | None = None
    sealed_name: bytes | None = None
    name_digest: str
    is_specimen: bool = False
    issued_at: datetime
    edition_at: datetime
    changed_at: datetime


class CertificateEvent(StoredRow, table=True):
    """One act in a certificate's life; the reason stays inside."""

    __tablename__ = "certificate_events"
    __table_args__ = (
        CheckConstraint(
            "verb IN ('issue', 'supersede', 'revoke', 'reinstate')", name="certificate_event_verb"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    certificate_id: str = Field(foreign_key="certificates.id", index=True)
    happened_at: datetime
    verb: str
    edition: int
    staff_id: str | None = Field(default=None, foreign_key="staff.id")
    reason: str = ""
