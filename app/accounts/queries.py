"""Reads staff, sign-ins, organisations and the audit log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, delete, func, or_, select, update

from app.accounts.schemas import (
    IndicatorTokenRecord,
    OrganisationRecord,
    ProgrammeRecord,
    Role,
    StaffPerson,
    StaffScope,
)
from app.accounts.tables import (
    ApiToken,
    AuditEvent,
    FailedSignIn,
    IndicatorToken,
    Loan,
    Organisation,
    Programme,
    RecoveryCode,
    SecondFactor,
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
        scope=StaffScope(
            countries=tuple((row.scope_countries or "").split()),
            programmes=tuple((row.scope_programmes or "").split()),
        ),
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


def get_sign_in(
    db: Session, token_hash: str
) -> tuple[SignIn, Staff, SignIn | None, datetime | None] | None:
    """A sign-in that was not revoked, its staff member, the sign-in that lent it, if any, and since
    when the staff member has a second step.
    """
    query = (
        select(SignIn, Staff, _LENDER, SecondFactor.confirmed_at)
        .join(Staff, col(Staff.id) == SignIn.staff_id)
        .outerjoin(SecondFactor, col(SecondFactor.staff_id) == Staff.id)
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


def find_sign_ins(db: Session, staff_id: str) -> Sequence[tuple[SignIn, SignIn | None]]:
    """A staff member's sign-ins that were not revoked, each with the one that lent it, if any."""
    return db.exec(
        select(SignIn, _LENDER)
        .outerjoin(Loan, col(Loan.borrowed_id) == SignIn.id)
        .outerjoin(_LENDER, col(_LENDER.id) == Loan.sign_in_id)
        .where(SignIn.staff_id == staff_id, col(SignIn.revoked_at).is_(None))
        .order_by(col(SignIn.created_at).desc(), SignIn.id)
    ).all()


def get_second_factor(db: Session, staff_id: str) -> SecondFactor | None:
    """What a staff member shares with an app, confirmed or not."""
    return db.get(SecondFactor, staff_id)


def use_step(db: Session, staff_id: str, step: int) -> bool:
    """Whether this very call used the step: of two requests with one code one gets True."""
    is_new = and_(col(SecondFactor.staff_id) == staff_id, col(SecondFactor.last_step) < step)
    used = update(SecondFactor).where(is_new).values(last_step=step)
    return db.connection().execute(used).rowcount == 1


def spend_recovery_code(db: Session, staff_id: str, code_digest: str, now: datetime) -> bool:
    """Whether this very call spent the code."""
    code = RecoveryCode
    is_left = and_(
        col(code.code_digest) == code_digest,
        col(code.staff_id) == staff_id,
        col(code.spent_at).is_(None),
    )
    spent = update(code).where(is_left).values(spent_at=now)
    return db.connection().execute(spent).rowcount == 1


def count_recovery_codes(db: Session, staff_id: str) -> int:
    """How many of a staff member's codes are left."""
    return db.exec(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.staff_id == staff_id, col(RecoveryCode.spent_at).is_(None))
    ).one()


def delete_recovery_codes(db: Session, staff_id: str) -> None:
    """The list is worth nothing from now on."""
    db.connection().execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))


def delete_second_factor(db: Session, staff_id: str) -> None:
    """Forget the secret and the list."""
    delete_recovery_codes(db, staff_id)
    db.connection().execute(delete(SecondFactor).where(col(SecondFactor.staff_id) == staff_id))


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


def find_api_tokens(db: Session, staff_id: str) -> Sequence[ApiToken]:
    """A staff member's bearer tokens that were not revoked; the latest first."""
    return db.exec(
        select(ApiToken)
        .where(ApiToken.staff_id == staff_id, col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.created_at).desc(), ApiToken.id)
    ).all()


def get_api_token_row(db: Session, token_id: str) -> ApiToken | None:
    """One bearer token by its id."""
    return db.get(ApiToken, token_id)


def get_indicator_token(db: Session, token_hash: str) -> IndicatorToken | None:
    """A token for indicators that was not revoked."""
    return db.exec(
        select(IndicatorToken).where(
            IndicatorToken.token_hash == token_hash, col(IndicatorToken.revoked_at).is_(None)
        )
    ).one_or_none()


def find_indicator_token_ids(db: Session, maker_id: str) -> Sequence[str]:
    """The tokens somebody has made."""
    query = select(IndicatorToken.id).where(IndicatorToken.created_by == maker_id)
    return db.exec(query.order_by(IndicatorToken.id)).all()


def get_indicator_token_row(
    db: Session, organisation_id: str, token_id: str
) -> IndicatorToken | None:
    """An organisation's token for indicators by its id, revoked or not."""
    row = db.get(IndicatorToken, token_id)
    return row if row is not None and row.organisation_id == organisation_id else None


def find_indicator_tokens(db: Session, organisation_id: str) -> list[IndicatorTokenRecord]:
    """An organisation's tokens for indicators: those that work first, each the latest first."""
    rows = db.exec(
        select(IndicatorToken, Staff)
        .join(Staff, col(Staff.id) == IndicatorToken.created_by)
        .where(IndicatorToken.organisation_id == organisation_id)
        .order_by(
            col(IndicatorToken.revoked_at).is_not(None),
            col(IndicatorToken.created_at).desc(),
            IndicatorToken.id,
        )
    ).all()
    return [token_record_of(row, staff.display_name) for row, staff in rows]


def token_record_of(row: IndicatorToken, created_by: str = "") -> IndicatorTokenRecord:
    """The value the rest of the house uses; `created_by`: its maker's name."""
    return IndicatorTokenRecord(
        id=row.id,
        organisation_id=row.organisation_id,
        label=row.label,
        created_at=row.created_at,
        created_by=created_by,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def count_use(db: Session, token_id: str, now: datetime, *, since: datetime, most: int) -> bool:
    """Count one request of a token; False when it is revoked or has had as many since then.

    One statement: of requests at the same moment in several workers each is counted.
    """
    t = IndicatorToken
    is_new = or_(col(t.window_started_at).is_(None), col(t.window_started_at) <= since)
    counted = (
        update(t)
        .where(
            col(t.id) == token_id,
            col(t.revoked_at).is_(None),
            or_(is_new, col(t.window_uses) < most),
        )
        .values(
            last_used_at=now,
            window_started_at=case((is_new, now), else_=col(t.window_started_at)),
            window_uses=case((is_new, 1), else_=col(t.window_uses) + 1),
        )
    )
    return db.connection().execute(counted).rowcount == 1


def end_sign_ins(db: Session, staff_id: str, now: datetime, *, but: str = "") -> None:
    """A staff member's sign-ins open nothing from now on, except one."""
    is_left = and_(
        col(SignIn.staff_id) == staff_id, col(SignIn.revoked_at).is_(None), col(SignIn.id) != but
    )
    db.connection().execute(update(SignIn).where(is_left).values(revoked_at=now))


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


def find_acts_on(db: Session, object_kind: str, object_id: str) -> list[tuple[str, datetime]]:
    """What staff did with one thing, and when; the oldest first."""
    query = select(AuditEvent.verb, AuditEvent.happened_at).where(
        AuditEvent.object_kind == object_kind, AuditEvent.object_id == object_id
    )
    return [(verb, moment) for verb, moment in db.exec(query.order_by(col(AuditEvent.id))).all()]


def forget_object(db: Session, object_kind: str, object_id: str) -> None:
    """Lines about a thing that was erased: who did what and when stay, not to which."""
    own = update(AuditEvent).where(
        col(AuditEvent.object_kind) == object_kind, col(AuditEvent.object_id) == object_id
    )
    db.connection().execute(own.values(object_id="", facts="{}"))
    db.expire_all()


def find_last_time(db: Session) -> datetime | None:
    """When the newest line was written."""
    return db.exec(select(func.max(AuditEvent.happened_at))).one()


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
