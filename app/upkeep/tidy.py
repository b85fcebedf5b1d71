"""What time brings: announced endings are carried out, late hours end."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from app.adapters.db import DatabaseError, Work
from app.adapters.logs import log_problem
from app.workshops import service as workshops
from app.workshops.service import OnClosed


def settle(
    *,
    open_unit: Callable[[bool], AbstractContextManager[Work]],
    late: timedelta,
    on_closed: OnClosed,
    on_settled: OnClosed,
) -> int:
    """Carry out every ending that is due, each in a transaction of its own; returns how many.

    One that fails never holds up the others, and is tried again next time.
    """
    try:
        with open_unit(False) as work:
            due = workshops.find_unfinished_administrations(work, late=late)
    except DatabaseError as error:
        log_problem("cannot_look_for_endings", kind=type(error).__name__)
        return 0
    done = 0
    for administration in due:
        try:
            with open_unit(True) as work:
                workshops.settle_administration(
                    work, administration, late=late, on_closed=on_closed, on_settled=on_settled
                )
            done += 1
        except Exception as error:
            log_problem("ending_failed", error=error, administration=administration.id)
    return done
