"""A laptop lends its sign-in to one more device: in a room staff sign in on the laptop alone.

The laptop shows a number, good for one device and fifteen minutes; only a keyed digest is kept.
What the device gets ends with the laptop's sign-in, or by a button.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.accounts import queries, sign_ins
from app.accounts.schemas import LentDevice, OpenSignIn, StaffPerson
from app.accounts.service import record_event
from app.accounts.sign_ins import SignInRules
from app.accounts.tables import Loan, SignIn, Staff
from app.adapters.db import Work
from app.adapters.randomness import new_id, random_below
from app.adapters.sealing import keyed_digest
from app.core.codes import LOAN_CODES, loan_code
from app.core.errors import LaptopOnly, LoanSpent

LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class _Offer:
    """A loan that a device may still open."""

    loan: Loan
    lender: SignIn
    staff: Staff


def lend(work: Work, sign_in: OpenSignIn) -> str:
    """The number that opens this sign-in on one more device; the numbers before it end.

    Raises LaptopOnly for a borrowed sign-in: what is borrowed is not lent on.
    """
    if sign_in.is_borrowed:
        raise LaptopOnly()
    for earlier in queries.find_open_loans(work.db, sign_in.staff.id):
        queries.end_loan(work.db, earlier.id, work.now)
    code = loan_code(random_below(LOAN_CODES))
    work.db.add(
        Loan(
            id=new_id(),
            sign_in_id=sign_in.sign_in_id,
            code_digest=_digest(work, code),
            created_at=work.now,
            expires_at=work.now + LASTS,
        )
    )
    staff = sign_in.staff
    record_event(work, by=staff, verb="lend_device", object_kind="staff", object_id=staff.id)
    return code


def read_loan(work: Work, code: str, rules: SignInRules) -> StaffPerson:
    """Whose sign-in the number opens, without opening it; raises LoanSpent."""
    return queries.person_of(_require(work, code, rules).staff)


def borrow(work: Work, code: str, rules: SignInRules) -> str:
    """Open the sign-in on this device, once; returns the token its browser keeps.

    Raises LoanSpent, also for the later of two devices that come at the same moment.
    """
    offer = _require(work, code, rules)
    if not queries.end_loan(work.db, offer.loan.id, work.now):
        raise LoanSpent()
    staff = queries.person_of(offer.staff)
    row, token = sign_ins.add_sign_in(work, staff, expires_at=offer.lender.expires_at)
    work.db.flush()
    offer.loan.borrowed_id = row.id
    work.db.add(offer.loan)
    record_event(work, by=staff, verb="borrow_device", object_kind="staff", object_id=staff.id)
    return token


def find_lent_devices(work: Work, staff: StaffPerson, rules: SignInRules) -> list[LentDevice]:
    """The devices that this person's laptops have lent to and that still open something."""
    return [
        LentDevice(id=row.id, lent_at=row.created_at, last_seen_at=row.last_seen_at)
        for row, lender in queries.find_lent(work.db, staff.id)
        if sign_ins.is_open(row, work.now, rules) and sign_ins.is_open(lender, work.now, rules)
    ]


def end_lent_device(work: Work, staff: StaffPerson, device_id: str) -> None:
    """The device is signed out; one that is ended, unknown or somebody else's changes nothing."""
    for row, _lender in queries.find_lent(work.db, staff.id):
        if row.id == device_id:
            row.revoked_at = work.now
            work.db.add(row)
            record_event(
                work, by=staff, verb="end_lent_device", object_kind="staff", object_id=staff.id
            )


def _require(work: Work, code: str, rules: SignInRules) -> _Offer:
    found = queries.get_loan(work.db, _digest(work, code))
    if found is None:
        raise LoanSpent()
    loan, lender, staff = found
    is_over = loan.ended_at is not None or loan.expires_at <= work.now or staff.is_disabled
    if is_over or not sign_ins.is_open(lender, work.now, rules):
        raise LoanSpent()
    return _Offer(loan, lender, staff)


def _digest(work: Work, code: str) -> str:
    """Twelve digits are few: without the service's key nobody can try them all."""
    return keyed_digest(work.keys.derived("loan"), code)
