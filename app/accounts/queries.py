"""Reads staff, sign-ins, organisations and the audit log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, select, update

from app.accounts.schemas import (
    AuditRecord,
    OrganisationRecord,
    ProgrammeRecord,
    Role,
    StaffPerson,
)
from app.accounts.tables import (
    ApiToken,
    AuditEvent,
    FailedSignIn,
    Loan,
    OneTimeLink,
    Organisation,
    Programme,
    SignIn,
    Staff,
)

_LENDER = aliased(SignIn)


def person_of(row: Staff) -> StaffPerson:
    """The value the rest of the house uses."""
    return StaffPerson(
        id=row.id,
        organisation_id=row.organisation_id,
        login=row.login,
        display_name=row.display_name,
        role=Role(row.role),
        language=row.language,
        has_password=row.password_hash is not None,
        is_disabled=row.is_disabled,
    )


def get_staff(db: Session, staff_id: str) -> Staff | None:
    """One staff member's row."""
    return db.get(Staff, staff_id)


def get_staff_by_login(db: Session, login: str) -> Staff | None:
    """The staff member who signs in with that name, whatever its capitals."""
    return db.exec(select(Staff).where(func.lower(Staff.login) == login.lower())).one_or_none()


def find_staff(db: Session, organisation_id: str | None = None) -> list[StaffPerson]:
    """Staff by name, of one organisation or of all."""
    query = select(Staff).order_by(Staff.display_name)
    if organisation_id is not None:
        query = query.where(Staff.organisation_id == organisation_id)
    return [person_of(row) for row in db.exec(query).all()]


def get_sign_in(db: Session, token_hash: str) -> tuple[SignIn, Staff, SignIn | None] | None:
    """A sign-in that was not revoked, its staff member, and the sign-in that lent it, if any."""
    query = (
        select(SignIn, Staff, _LENDER)
        .join(Staff, col(Staff.id) == SignIn.staff_id)
        .outerjoin(Loan, col(Loan.borrowed_id) == SignIn.id)
        .outerjoin(_LENDER, col(_LENDER.id) == Loan.sign_in_id)
        .where(SignIn.token_hash == token_hash, col(SignIn.revoked_at).is_(None))
    )
    return db.exec(query).one_or_none()


def get_loan(db: Session, code_digest: str) -> tuple[Loan, SignIn, Staff] | None:
    """A loan by its code, with the laptop's sign-in and its staff member."""
    return db.exec(
        select(Loan, SignIn, Staff)
        .join(SignIn, col(SignIn.id) == Loan.sign_in_id)
        .join(Staff, col(Staff.id) == SignIn.staff_id)
        .where(Loan.code_digest == code_digest)
    ).one_or_none()


def get_loan_of_device(db: Session, sign_in_id: str) -> Loan | None:
    """The loan by which a device was signed in; None for a sign-in of its own."""
    return db.exec(select(Loan).where(Loan.borrowed_id == sign_in_id)).one_or_none()


def find_open_loans(db: Session, staff_id: str) -> Sequence[Loan]:
    """A staff member's loans that no device has opened and nothing has ended."""
    return db.exec(
        select(Loan)
        .join(SignIn, col(SignIn.id) == Loan.sign_in_id)
        .where(SignIn.staff_id == staff_id, col(Loan.ended_at).is_(None))
    ).all()


def find_lent(db: Session, staff_id: str) -> Sequence[tuple[SignIn, SignIn]]:
    """A staff member's borrowed sign-ins that were not revoked, each with the one that lent it."""
    return db.exec(
        select(SignIn, _LENDER)
        .join(Loan, col(Loan.borrowed_id) == SignIn.id)
        .join(_LENDER, col(_LENDER.id) == Loan.sign_in_id)
        .where(SignIn.staff_id == staff_id, col(SignIn.revoked_at).is_(None))
        .order_by(col(SignIn.created_at), SignIn.id)
    ).all()


def end_loan(db: Session, loan_id: str, now: datetime) -> bool:
    """Whether this very call ended it: of two devices at the same moment one gets True."""
    is_open = and_(col(Loan.id) == loan_id, col(Loan.ended_at).is_(None))
    return db.connection().execute(update(Loan).where(is_open).values(ended_at=now)).rowcount == 1


def get_sign_in_row(db: Session, sign_in_id: str) -> SignIn | None:
    """One sign-in by its id."""
    return db.get(SignIn, sign_in_id)


def get_api_token(db: Session, token_hash: str) -> tuple[ApiToken, Staff] | None:
    """A bearer token that was not revoked, with its staff member."""
    return db.exec(
        select(ApiToken, Staff)
        .join(Staff, col(Staff.id) == ApiToken.staff_id)
        .where(ApiToken.token_hash == token_hash, col(ApiToken.revoked_at).is_(None))
    ).one_or_none()


def get_one_time_link(db: Session, token_hash: str) -> OneTimeLink | None:
    """A one-time link, spent or not."""
    return db.exec(select(OneTimeLink).where(OneTimeLink.token_hash == token_hash)).one_or_none()


def find_reusable_links(db: Session) -> Sequence[OneTimeLink]:
    """The demo's links, which last until the demo stops."""
    return db.exec(
        select(OneTimeLink).where(
            col(OneTimeLink.is_reusable).is_(True), col(OneTimeLink.spent_at).is_(None)
        )
    ).all()


def find_open_sign_ins(db: Session, staff_id: str) -> Sequence[SignIn]:
    """A staff member's sign-ins that were not revoked."""
    return db.exec(
        select(SignIn).where(SignIn.staff_id == staff_id, col(SignIn.revoked_at).is_(None))
    ).all()


def count_failures(db: Session, login_digest: str, since: datetime) -> int:
    """How many wrong passwords came for a login since then."""
    return db.exec(
        select(func.count())
        .select_from(FailedSignIn)
        .where(FailedSignIn.login_digest == login_digest, FailedSignIn.failed_at >= since)
    ).one()


def find_organisations(db: Session) -> list[OrganisationRecord]:
    """All organisations by name."""
    rows = db.exec(select(Organisation).order_by(Organisation.name)).all()
    return [OrganisationRecord(id=row.id, name=row.name) for row in rows]


def get_organisation(db: Session, organisation_id: str) -> OrganisationRecord | None:
    """One organisation."""
    row = db.get(Organisation, organisation_id)
    return OrganisationRecord(id=row.id, name=row.name) if row else None


def get_organisation_row(db: Session, organisation_id: str) -> Organisation | None:
    """One organisation's row."""
    return db.get(Organisation, organisation_id)


def get_organisation_by_name(db: Session, name: str) -> OrganisationRecord | None:
    """The organisation of that name."""
    row = db.exec(select(Organisation).where(Organisation.name == name)).one_or_none()
    return OrganisationRecord(id=row.id, name=row.name) if row else None


def find_programmes(db: Session, organisation_id: str) -> list[ProgrammeRecord]:
    """An organisation's programmes by name."""
    rows = db.exec(
        select(Programme)
        .where(Programme.organisation_id == organisation_id)
        .order_by(Programme.name)
    ).all()
    return [_programme(row) for row in rows]


def get_programme(db: Session, programme_id: str) -> ProgrammeRecord | None:
    """One programme."""
    row = db.get(Programme, programme_id)
    return _programme(row) if row else None


def find_audit_events(db: Session, organisation_id: str, limit: int = 100) -> list[AuditRecord]:
    """The newest lines of the audit log by an organisation's staff."""
    rows = db.exec(
        select(AuditEvent, Staff)
        .join(Staff, col(Staff.id) == AuditEvent.staff_id)
        .where(Staff.organisation_id == organisation_id)
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
    ).all()
    return [
        AuditRecord(
            happened_at=event.happened_at,
            staff_name=staff.display_name,
            verb=event.verb,
            object_kind=event.object_kind,
            object_id=event.object_id,
            facts=event.facts,
        )
        for event, staff in rows
    ]


def find_events_of_verb(db: Session, verb: str, object_id: str = "") -> Sequence[AuditEvent]:
    """Every line of that kind, of one thing if it is named; the oldest first."""
    query = select(AuditEvent).where(AuditEvent.verb == verb).order_by(col(AuditEvent.id))
    return db.exec(query.where(AuditEvent.object_id == object_id) if object_id else query).all()


def _programme(row: Programme) -> ProgrammeRecord:
    return ProgrammeRecord(
        id=row.id,
        organisation_id=row.organisation_id,
        name=row.name,
        funder_line=row.funder_line,
    )
