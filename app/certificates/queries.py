"""Reads the register of certificates."""

import json
from collections.abc import Sequence

from sqlmodel import Session, col, delete, select, update

from app.accounts.tables import Staff
from app.certificates.schemas import CertificateDeed, CertificateRecord, CertificateStatus
from app.certificates.tables import Certificate, CertificateEvent


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


def find_workshops_with_holders(db: Session) -> set[str]:
    """The workshops of which a certificate has a holder's key."""
    query = select(Certificate.workshop_id).where(col(Certificate.holder_key).is_not(None))
    return set(db.exec(query.distinct()).all())


def forget_holders(db: Session, workshop_id: str) -> None:
    """Empty what could lead from a workshop's certificates to a card or a name."""
    rows = update(Certificate).where(col(Certificate.workshop_id) == workshop_id)
    db.connection().execute(rows.values(holder_key=None, sealed_name=None))


def let_go(db: Session, certificate_id: str) -> None:
    """Empty what could lead from a certificate to a card or a name."""
    own = update(Certificate).where(col(Certificate.id) == certificate_id)
    db.connection().execute(own.values(holder_key=None, sealed_name=None))
    acts = update(CertificateEvent).where(col(CertificateEvent.certificate_id) == certificate_id)
    db.connection().execute(acts.values(reason=""))
    db.expire_all()


def remove(db: Session, certificate_id: str) -> None:
    """Take a certificate out of the register, with what was done to it."""
    of_it = col(CertificateEvent.certificate_id) == certificate_id
    db.connection().execute(delete(CertificateEvent).where(of_it))
    db.connection().execute(delete(Certificate).where(col(Certificate.id) == certificate_id))
    db.expire_all()


def find_events(db: Session, certificate_id: str) -> list[CertificateDeed]:
    """A certificate's life, the oldest first, with who did it."""
    rows = db.exec(
        select(CertificateEvent, Staff.display_name)
        .outerjoin(Staff, col(Staff.id) == CertificateEvent.staff_id)
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(col(CertificateEvent.id))
    ).all()
    return [
        CertificateDeed(
            happened_at=event.happened_at,
            verb=event.verb,
            edition=event.edition,
            staff_name=staff_name or "",
            reason=event.reason,
        )
        for event, staff_name in rows
    ]


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
        organisation_name=row.organisation_name,
        languages=tuple(json.loads(row.languages)),
        workshop_title=row.workshop_title,
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        days_attended=row.days_attended,
        days_held=row.days_held,
        hours=row.hours,
        logos=tuple(json.loads(row.logos or "[]")),
        is_specimen=row.is_specimen,
        issued_at=row.issued_at,
        edition_at=row.edition_at,
        changed_at=row.changed_at,
        has_name=row.sealed_name is not None,
    )
