"""The second step at sign-in: a code from an app, or one from a printed list (decision 0027).

The secret is sealed with a key that lies outside the database; the list is kept as keyed digests,
so that who has the database alone cannot try sixty bits. Each code opens once. Wrong ones are
counted with wrong passwords.
"""

from app.accounts import queries, sign_ins
from app.accounts.schemas import OpenSignIn, SecondStep, StaffPerson
from app.accounts.service import record_event, require_colleague
from app.accounts.tables import RecoveryCode, SecondFactor
from app.adapters.db import Work
from app.adapters.randomness import random_below, random_bytes
from app.adapters.sealing import KeyMissing, keyed_digest, seal, unseal
from app.core import staff_codes
from app.core.errors import SecondCodeWrong
from app.core.staff_codes import RECOVERY_CODES, SECRET_BYTES

LISTED_CODES = 10
_KEY = "second-factor"


def get_second_step(work: Work, staff_id: str) -> SecondStep | None:
    """The person's second step; None when there is none, or it was never confirmed."""
    row = queries.get_second_factor(work.db, staff_id)
    if row is None or row.confirmed_at is None:
        return None
    return SecondStep(row.confirmed_at, queries.count_recovery_codes(work.db, staff_id))


def start_second_step(work: Work, staff: StaffPerson) -> bytes:
    """A secret for the person's app, which counts once a code of it was typed.

    Raises SecondCodeWrong where a step is in use: it must be taken away first.
    """
    if get_second_step(work, staff.id) is not None:
        raise SecondCodeWrong()
    queries.delete_second_factor(work.db, staff.id)
    secret = random_bytes(SECRET_BYTES)
    work.db.add(
        SecondFactor(
            staff_id=staff.id,
            sealed_secret=seal(work.keys.derived(_KEY), secret, context=_context(staff.id)),
            created_at=work.now,
        )
    )
    return secret


def read_new_secret(work: Work, staff: StaffPerson) -> bytes | None:
    """The secret that waits for its first code; None where none does."""
    row = queries.get_second_factor(work.db, staff.id)
    return _secret_of(work, row) if row is not None and row.confirmed_at is None else None


def confirm_second_step(work: Work, sign_in: OpenSignIn, typed: str) -> list[str]:
    """The first code was typed: from now on it is asked. The printed list, shown this once.

    Ends the person's other sign-ins. Raises SecondCodeWrong.
    """
    staff = sign_in.staff
    row = queries.get_second_factor(work.db, staff.id)
    if row is None or row.confirmed_at is not None:
        raise SecondCodeWrong()
    step = _find_step(work, row, typed)
    if step is None:
        raise SecondCodeWrong()
    row.last_step, row.confirmed_at = step, work.now
    work.db.add(row)
    sign_ins.end_sign_ins(work, staff.id, but=sign_in.sign_in_id)
    record_event(work, by=staff, verb="add_second_step", object_kind="staff", object_id=staff.id)
    return _new_list(work, staff.id)


def renew_recovery_codes(work: Work, staff: StaffPerson) -> list[str]:
    """A new list, shown this once; the one before it opens nothing. Raises SecondCodeWrong."""
    if get_second_step(work, staff.id) is None:
        raise SecondCodeWrong()
    record_event(
        work, by=staff, verb="renew_recovery_codes", object_kind="staff", object_id=staff.id
    )
    return _new_list(work, staff.id)


def is_right_code(work: Work, staff: StaffPerson, typed: str) -> bool:
    """Whether the app or the list has this code and it was never used; it is used up.

    A wrong one is counted, so the caller answers False without raising. Raises TooManyTries.
    """
    sign_ins.refuse_too_many(work, staff.login)
    row = queries.get_second_factor(work.db, staff.id)
    if row is None or row.confirmed_at is None:
        return False
    if _fits_app(work, row, typed) or _fits_list(work, staff, typed):
        return True
    sign_ins.count_failure(work, staff.login)
    return False


def prove_again(work: Work, sign_in: OpenSignIn, *, fits: bool, code: str) -> bool:
    """Who is signed in typed a code, or the password, which fitted or not.

    A wrong one is counted, so the caller answers False without raising. Raises TooManyTries.
    """
    if code:
        fits = is_right_code(work, sign_in.staff, code)
    elif not fits:
        sign_ins.count_failure(work, sign_in.staff.login)
    if fits:
        sign_ins.note_proof(work, sign_in)
    return fits


def remove_second_step(work: Work, staff_id: str, *, by: StaffPerson | None) -> None:
    """The person signs in with the password alone until another step is set up.

    For the person, for an admin of the organisation when the phone is lost, or for the command
    line, which is nobody (None).
    Ends the sign-ins of somebody else. Where there is no step nothing changes. Raises NotFound.
    """
    if by is not None:
        require_colleague(work, staff_id, by=by)
    if get_second_step(work, staff_id) is None:
        return
    queries.delete_second_factor(work.db, staff_id)
    if by is None or by.id != staff_id:
        sign_ins.end_sign_ins(work, staff_id)
    record_event(work, by=by, verb="remove_second_step", object_kind="staff", object_id=staff_id)


def _fits_app(work: Work, row: SecondFactor, typed: str) -> bool:
    step = _find_step(work, row, typed)
    return step is not None and queries.use_step(work.db, row.staff_id, step)


def _fits_list(work: Work, staff: StaffPerson, typed: str) -> bool:
    code = staff_codes.read_recovery_code(typed)
    if code is None:
        return False
    known = _digest(work, staff.id, code)
    if not queries.spend_recovery_code(work.db, staff.id, known, work.now):
        return False
    record_event(work, by=staff, verb="use_recovery_code", object_kind="staff", object_id=staff.id)
    return True


def _new_list(work: Work, staff_id: str) -> list[str]:
    queries.delete_recovery_codes(work.db, staff_id)
    codes = [staff_codes.recovery_code(random_below(RECOVERY_CODES)) for _ in range(LISTED_CODES)]
    for code in codes:
        work.db.add(RecoveryCode(code_digest=_digest(work, staff_id, code), staff_id=staff_id))
    return codes


def _find_step(work: Work, row: SecondFactor, typed: str) -> int | None:
    secret = _secret_of(work, row)
    if secret is None:
        return None
    return staff_codes.find_step(secret, typed, now=work.now, after=row.last_step)


def _secret_of(work: Work, row: SecondFactor) -> bytes | None:
    """None in a service with another key: no code fits. It is set up anew, or taken away."""
    try:
        return unseal(work.keys.derived(_KEY), row.sealed_secret, context=_context(row.staff_id))
    except KeyMissing:
        return None


def _context(staff_id: str) -> str:
    return f"second-factor/{staff_id}"


def _digest(work: Work, staff_id: str, code: str) -> str:
    return keyed_digest(work.keys.derived("recovery-code"), staff_id, code)
