"""The one state machine of an administration: planned, open, closing, closed, open again.

Pure: it decides from values; the service writes what it says.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from app.core.errors import AdministrationNotOpen, OccasionOutOfOrder
from app.workshops.schemas import AdministrationRecord, AdministrationState, Occasion

_BEFORE = {Occasion.POST: Occasion.PRE, Occasion.FOLLOW_UP: Occasion.POST}


def opened(
    administration: AdministrationRecord, others: list[AdministrationRecord], now: datetime
) -> AdministrationRecord:
    """Open, or open again; raises OccasionOutOfOrder.

    A test opens only when the one before it was opened once and is closed, so that nobody is
    asked the post-test while others still answer the pre-test; opening what is open changes
    nothing.
    """
    if administration.state is AdministrationState.OPEN:
        return administration
    earlier = _BEFORE.get(administration.occasion)
    for other in others:
        if other.occasion is earlier and other.state is not AdministrationState.CLOSED:
            raise OccasionOutOfOrder(occasion=administration.occasion.value)
        is_busy = other.state in (AdministrationState.OPEN, AdministrationState.CLOSING)
        if other.id != administration.id and is_busy:
            raise OccasionOutOfOrder(occasion=administration.occasion.value)
    return replace(
        administration,
        state=AdministrationState.OPEN,
        opened_at=administration.opened_at or now,
        closes_at=None,
        closed_at=None,
        settled_at=None,
    )


def closing(
    administration: AdministrationRecord, now: datetime, notice: timedelta
) -> AdministrationRecord:
    """Announce the end; with no notice the administration is due at once.

    Raises AdministrationNotOpen. Asking again moves the end only forward, unless there is to be
    no notice: "two minutes more" and "close now" are the same verb.
    """
    if administration.state not in (AdministrationState.OPEN, AdministrationState.CLOSING):
        raise AdministrationNotOpen(occasion=administration.occasion.value)
    end = now + notice
    if notice and administration.closes_at is not None:
        end = max(end, administration.closes_at)
    return replace(administration, state=AdministrationState.CLOSING, closes_at=end)


def is_due(administration: AdministrationRecord, now: datetime) -> bool:
    """Whether the announced end has come."""
    return (
        administration.state is AdministrationState.CLOSING
        and administration.closes_at is not None
        and administration.closes_at <= now
    )


def closed(administration: AdministrationRecord) -> AdministrationRecord:
    """Closed at the announced moment, however late anybody noticed."""
    return replace(
        administration, state=AdministrationState.CLOSED, closed_at=administration.closes_at
    )


def is_provisional(administration: AdministrationRecord, now: datetime, late: timedelta) -> bool:
    """Whether late answers may still change the results."""
    return administration.closed_at is None or now < administration.closed_at + late


def is_settling_due(administration: AdministrationRecord, now: datetime, late: timedelta) -> bool:
    """Whether the hours for late answers have ended and were not settled yet."""
    return (
        administration.state is AdministrationState.CLOSED
        and administration.settled_at is None
        and not is_provisional(administration, now, late)
    )
