"""How staff come in: passwords, and sign-ins that are listed and can be ended.

A sign-in knows when the person last proved who they are: when it began, and whenever the password
or a code was asked again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts import queries
from app.accounts.schemas import ListedSignIn, OpenSignIn, StaffPerson
from app.accounts.service import record_event
from app.accounts.tables import FailedSignIn, SignIn, Staff
from app.adapters.db import Work
from app.adapters.randomness import new_id, new_token
from app.adapters.sealing import digest, is_equal, keyed_digest
from app.core.errors import NotFound, SignInNeeded, TooManyTries

PROOF_LASTS = timedelta(minutes=10)
"""How long after a proof files with names may be downloaded."""

_HALF_LASTS = timedelta(minutes=10)
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
    refuse_too_many(work, login)
    row = queries.get_staff_by_login(work.db, login.strip())
    return row.password_hash if row is not None and not row.is_disabled else None


def record_try(work: Work, *, login: str, fits: bool) -> StaffPerson | None:
    """The staff member whose password fitted, or None; a wrong try is counted.

    The caller answers None without raising, so that the count is committed.
    """
    row = queries.get_staff_by_login(work.db, login.strip())
    if row is None or not fits or row.is_disabled:
        count_failure(work, login)
        return None
    return queries.person_of(row)


def refuse_too_many(work: Work, login: str) -> None:
    """Raises TooManyTries after ten wrong passwords and codes within a quarter of an hour."""
    since = work.now - _FAILURE_WINDOW
    if queries.count_failures(work.db, _login_digest(login), since) >= _FAILURES_ALLOWED:
        raise TooManyTries()


def count_failure(work: Work, login: str) -> None:
    """One more wrong password or code; the caller answers without raising, so that it is kept."""
    work.db.add(FailedSignIn(login_digest=_login_digest(login), failed_at=work.now))


def half_sign_in(work: Work, staff: StaffPerson) -> str:
    """What the page between password and code carries: who it is, for ten minutes.

    It opens nothing by itself, and ends when the password changes.
    """
    until = str(int((work.now + _HALF_LASTS).timestamp()))
    return f"{staff.id}.{until}.{_half_seal(work, _row_of(work, staff.id), until)}"


def read_half_sign_in(work: Work, half: str) -> StaffPerson:
    """Whose password was right; raises SignInNeeded when it is too old, or made up."""
    staff_id, _, rest = half.partition(".")
    until, _, seal = rest.partition(".")
    row = queries.get_staff(work.db, staff_id)
    if row is None or row.is_disabled or not is_equal(seal, _half_seal(work, row, until)):
        raise SignInNeeded()
    if int(until) <= work.now.timestamp():  # a number, since we have sealed it
        raise SignInNeeded()
    return queries.person_of(row)


def _half_seal(work: Work, row: Staff, until: str) -> str:
    key = work.keys.derived("half-sign-in")
    return keyed_digest(key, row.id, until, row.password_hash or "")


def _row_of(work: Work, staff_id: str) -> Staff:
    row = queries.get_staff(work.db, staff_id)
    if row is None:
        raise NotFound()
    return row


def _login_digest(login: str) -> str:
    return digest(login.strip().lower())


def start_sign_in(work: Work, staff: StaffPerson, rules: SignInRules) -> str:
    """A fresh sign-in of somebody who just proved who they are; the token the browser keeps."""
    row, token = add_sign_in(work, staff, expires_at=work.now + rules.longest)
    row.proved_at = work.now
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
    row, staff, lender, confirmed_at = found
    is_over = lender is not None and not is_open(lender, work.now, rules)
    if staff.is_disabled or is_over or not is_open(row, work.now, rules):
        return None
    return OpenSignIn(
        staff=queries.person_of(staff),
        sign_in_id=row.id,
        is_stale=work.now - row.last_seen_at > _TOUCH_EVERY,
        is_borrowed=lender is not None,
        has_second_step=confirmed_at is not None,
        proved_at=(lender or row).proved_at,
    )


def is_proof_fresh(sign_in: OpenSignIn, now: datetime) -> bool:
    """Whether the person proved who they are within the last ten minutes.

    What is borrowed is as fresh as the laptop. Somebody who has neither password nor second step
    (the demonstration's people) can be asked for nothing and counts as fresh.
    """
    if not sign_in.staff.has_password and not sign_in.has_second_step:
        return True
    return sign_in.proved_at is not None and now - sign_in.proved_at <= PROOF_LASTS


def note_proof(work: Work, sign_in: OpenSignIn) -> None:
    """The password or a code was asked again and was right: it counts from now."""
    row = queries.get_sign_in_row(work.db, sign_in.sign_in_id)
    if row is not None:
        row.proved_at = work.now
        work.db.add(row)
    staff = sign_in.staff
    record_event(work, by=staff, verb="prove_again", object_kind="staff", object_id=staff.id)


def find_sign_ins(work: Work, staff_id: str, rules: SignInRules) -> list[ListedSignIn]:
    """A person's sign-ins that still open something, borrowed devices too; the latest first."""
    return [
        ListedSignIn(
            id=row.id,
            started_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_borrowed=lender is not None,
        )
        for row, lender in queries.find_sign_ins(work.db, staff_id)
        if is_open(row, work.now, rules) and (lender is None or is_open(lender, work.now, rules))
    ]


def end_sign_in_of(work: Work, staff_id: str, sign_in_id: str, *, by: StaffPerson) -> None:
    """End one of a person's sign-ins; one that is over changes nothing. Raises NotFound."""
    row = queries.get_sign_in_row(work.db, sign_in_id)
    if row is None or row.staff_id != staff_id:
        raise NotFound()
    if row.revoked_at is not None:
        return
    row.revoked_at = work.now
    work.db.add(row)
    record_event(work, by=by, verb="end_sign_in", object_kind="staff", object_id=staff_id)


def end_sign_ins(work: Work, staff_id: str, *, but: str = "") -> None:
    """End every sign-in of a person, except one."""
    queries.end_sign_ins(work.db, staff_id, work.now, but=but)


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
