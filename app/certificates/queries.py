"""Reads the register of certificates."""

from collections.abc import Sequence

from sqlmodel import Session, select

from app.certificates.schemas import CertificateRecord, CertificateStatus
from app.certificates.tables import Certificate


def get_by_number(db: Session, number: str) -> Certificate | None:
    """The certificate with that number."""
    return db.exec(select(Certificate).where(Certificate.number == number)).one_or_none()


def get_by_holder(db: Session, workshop_id: str, holder_key: str) -> Certificate | None:
    """The certificate of a card's holder, found by its one-way key."""
    return db.exec(
        select(Certificate).where(
            Certificate.workshop_id == workshop_id, Certificate.holder_key == holder_key
        )
    ).one_or_none()


def get_row(db: Session, certificate_id: str) -> Certificate | None:
    """One certificate's row, locked where the database can."""
    return db.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)


def find_of_workshop(db: Session, workshop_id: str) -> Sequence[Certificate]:
    """A workshop's certificates by number."""
    return db.exec(
        select(Certificate)
        .where(Certificate.workshop_id == workshop_id)
        .order_by(Certificate.number)
    ).all()


def record_of(row: Certificate) -> CertificateRecord:
    """The value the rest of the house uses."""
    return CertificateRecord(
        id=row.id,
        number=row.number,
        workshop_id=row.workshop_id,
        edition=row.edition,
        status=CertificateStatus(row.status),
        workshop_title=row.workshop_title,
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        days_attended=row.days_attended,
        days_held=row.days_held,
        is_specimen=row.is_specimen,
        issued_at=row.issued_at,
        changed_at=row.changed_at,
    )
