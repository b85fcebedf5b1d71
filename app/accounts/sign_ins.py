"""How staff come in: passwords, sign-ins that can be revoked, bearer tokens for programs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts import queries
from app.accounts.schemas import OpenSignIn, StaffPerson
from app.accounts.service import record_event
from app.accounts.tables import ApiToken, FailedSignIn, SignIn
from app.adapters.db import Work
from app.adapters.randomness import new_id, new_token
from app.adapters.sealing import digest
from app.core.errors import SignInNeeded, TooManyTries
from app.core.text import clean_line

_FAILURES_ALLOWED = 10
_FAILURE_WINDOW = timedelta(minutes=15)
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignInRules:
    """How long a sign-in lasts unused, and at most."""

    idle: timedelta
    longest: timedelta


def read_password_hash(work: Work, login: str) -> str | None:
    """What the password of a login is held to; raises TooManyTries.

    The comparison takes long on purpose, so it is made by the caller, outside any transaction.
    """
    since = work.now - _FAILURE_WINDOW
    if queries.count_failures(work.db, _login_digest(login), since) >= _FAILURES_ALLOWED:
        raise TooManyTries()
    row = queries.get_staff_by_login(work.db, login.strip())
    return row.password_hash if row is not None and not row.is_disabled else None


def record_try(work: Work, *, login: str, fits: bool) -> StaffPerson | None:
    """The staff member whose password fitted, or None; a wrong try is counted.

    The caller answers None without raising, so that the count is committed.
    """
    row = queries.get_staff_by_login(work.db, login.strip())
    if row is None or not fits or row.is_disabled:
        work.db.add(FailedSignIn(login_digest=_login_digest(login), failed_at=work.now))
        return None
    return queries.person_of(row)


def _login_digest(login: str) -> str:
    return digest(login.strip().lower())


def start_sign_in(work: Work, staff: StaffPerson, rules: SignInRules) -> str:
    """A fresh sign-in; returns the token the browser keeps."""
    _, token = add_sign_in(work, staff, expires_at=work.now + rules.longest)
    record_event(work, by=staff, verb="sign_in", object_kind="staff", object_id=staff.id)
    return token


def add_sign_in(work: Work, staff: StaffPerson, *, expires_at: datetime) -> tuple[SignIn, str]:
    """The row of a sign-in and its token; whoever asks for it writes the log."""
    token = new_token()
    row = SignIn(
        id=new_id(),
        staff_id=staff.id,
        token_hash=digest(token),
        created_at=work.now,
        last_seen_at=work.now,
        expires_at=expires_at,
    )
    work.db.add(row)
    return row, token


def is_open(row: SignIn, now: datetime, rules: SignInRules) -> bool:
    """Whether a sign-in was not revoked, was used lately and has not come to its end."""
    return row.revoked_at is None and row.expires_at > now and now - row.last_seen_at <= rules.idle


def get_sign_in(work: Work, token: str, rules: SignInRules) -> OpenSignIn | None:
    """Who is signed in with this token; None when nobody is, or is any more.

    A borrowed sign-in ends with the one that lent it.
    """
    found = queries.get_sign_in(work.db, digest(token))
    if found is None:
        return None
    row, staff, lender = found
    is_over = lender is not None and not is_open(lender, work.now, rules)
    if staff.is_disabled or is_over or not is_open(row, work.now, rules):
        return None
    return OpenSignIn(
        staff=queries.person_of(staff),
        sign_in_id=row.id,
        is_stale=work.now - row.last_seen_at > _TOUCH_EVERY,
        is_borrowed=lender is not None,
    )


def touch_sign_in(work: Work, sign_in_id: str) -> None:
    """The person is still there, with a borrowed device also for the laptop that lent it.

    A writing verb of its own: reads must not wait for a lock.
    """
    loan = queries.get_loan_of_device(work.db, sign_in_id)
    for known in (sign_in_id, loan.sign_in_id if loan else None):
        row = queries.get_sign_in_row(work.db, known) if known else None
        if row is not None:
            row.last_seen_at = work.now
            work.db.add(row)


def end_sign_in(work: Work, token: str) -> None:
    """Sign out; a token that is unknown or ended changes nothing."""
    found = queries.get_sign_in(work.db, digest(token))
    if found is not None:
        found[0].revoked_at = work.now
        work.db.add(found[0])


def create_api_token(work: Work, staff: StaffPerson, *, label: str) -> str:
    """A bearer token for a program; shown once."""
    token = new_token()
    work.db.add(
        ApiToken(
            id=new_id(),
            staff_id=staff.id,
            token_hash=digest(token),
            label=clean_line(label, max_length=80, field="label"),
            created_at=work.now,
        )
    )
    record_event(work, by=staff, verb="create_token", object_kind="staff", object_id=staff.id)
    return token


def require_api_token(work: Work, token: str) -> StaffPerson:
    """Whose bearer token this is; raises SignInNeeded."""
    found = queries.get_api_token(work.db, digest(token))
    if found is None or found[1].is_disabled:
        raise SignInNeeded()
    return queries.person_of(found[1])


def revoke_api_token(work: Work, token: str) -> None:
    """End a bearer token; one that is unknown changes nothing."""
    found = queries.get_api_token(work.db, digest(token))
    if found is not None:
        found[0].revoked_at = work.now
        work.db.add(found[0])
