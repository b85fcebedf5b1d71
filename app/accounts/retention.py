"""What ends of the staff's own traces: lines of the audit log, sign-ins that are over."""

from datetime import datetime

from sqlalchemy import Table, delete, or_, select, update

from app.accounts.tables import AuditEvent, FailedSignIn, Loan, OneTimeLink, SignIn
from app.adapters.db import Work
from app.adapters.rows import StoredRow

# Lines that the service reads itself: reports say of old workshops what was shown, and a restored
# copy must know what was ended. They stay, without who did it.
READ_VERBS = (
    *("forget_names", "import_workshop", "print_cards"),
    *("project_item", "see_topics", "wipe_workshop"),
)


def _table(kind: type[StoredRow]) -> Table:
    return StoredRow.metadata.tables[str(kind.__tablename__)]


_EVENTS, _SIGN_INS, _LOANS = _table(AuditEvent), _table(SignIn), _table(Loan)
_ONE_TIME_LINKS, _FAILED = _table(OneTimeLink), _table(FailedSignIn)


def end_log_lines(work: Work, before: datetime) -> int:
    """Remove the lines from before that moment; of those that are read here, who did it."""
    is_old = _EVENTS.c.happened_at < before
    is_read = _EVENTS.c.verb.in_(READ_VERBS)
    connection = work.db.connection()
    connection.execute(
        update(_EVENTS)
        .where(is_old, is_read, _EVENTS.c.staff_id.is_not(None))
        .values(staff_id=None)
    )
    return connection.execute(delete(_EVENTS).where(is_old, ~is_read)).rowcount


def end_sign_ins(work: Work, before: datetime) -> int:
    """Remove sign-ins, loans, one-time links and wrong passwords that were over by then.

    A sign-in that lent something stays as long as the loan does: the device's own ends with it.
    """
    connection = work.db.connection()
    over = select(_SIGN_INS.c.id).where(
        or_(_SIGN_INS.c.expires_at < before, _SIGN_INS.c.revoked_at < before)
    )
    is_unused = _LOANS.c.borrowed_id.is_(None) & (_LOANS.c.expires_at < before)
    connection.execute(delete(_LOANS).where(or_(_LOANS.c.borrowed_id.in_(over), is_unused)))
    is_free = ~_SIGN_INS.c.id.in_(select(_LOANS.c.sign_in_id))
    removed = connection.execute(
        delete(_SIGN_INS).where(_SIGN_INS.c.id.in_(over), is_free)
    ).rowcount
    for table, is_over in (
        (
            _ONE_TIME_LINKS,
            or_(_ONE_TIME_LINKS.c.expires_at < before, _ONE_TIME_LINKS.c.spent_at < before),
        ),
        (_FAILED, _FAILED.c.failed_at < before),
    ):
        removed += connection.execute(delete(table).where(is_over)).rowcount
    return removed
