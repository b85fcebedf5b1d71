"""Which change of an answer stands, whatever the network did to the order.

Phones send operations again and again, late, twice, out of order, from two devices. Everything
here is a function of the set of operations alone; the log is only ever added to, so a loser is
kept beside the winner. Source: reliability.md §1 (I1-I6), interfaces.md §1 (closing).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from app.core.errors import OperationConflict

LATE_GRACE = timedelta(hours=24)

# The phone tells how long ago the tap was when it sends; the way to the server comes on top of it
# and cannot be measured. A phone gives a request 20 seconds (take.js, WAIT_MS) and then sends it
# again with the age of that moment: no operation that can still be echoed was longer on its way.
# Less would refuse what was tapped before the closing; more would only lengthen the test.
TRAVEL = timedelta(seconds=20)


class Operation(NamedTuple):
    """One change sent by a phone; `content` is canonical JSON text, compared as it stands.

    `revision` is the phone's change counter: a phone that opens a sitting starts at the server's
    highest revision + 1. A NamedTuple: a room makes thousands at once, and a frozen dataclass takes
    three times as long to make.
    """

    operation_id: str
    item: str
    revision: int
    device: str
    content: str


class Verdict(Enum):
    """What to do with an operation; SAME is acknowledged like a stored one."""

    STORE_AS_CURRENT = "store_as_current"
    STORE_AS_OLDER = "store_as_older"
    SAME = "same"
    CONFLICT = "conflict"


class Arrival(Enum):
    """How an operation came in respect of the closing; LATE is kept and flagged."""

    IN_TIME = "in_time"
    LATE = "late"
    REFUSED = "refused"


def decide(*, known: Operation | None, standing: Operation | None, incoming: Operation) -> Verdict:
    """Decide about one operation.

    `known` is what is stored under the same operation id, `standing` what stands for the same
    item; None where there is nothing. The highest (revision, device) stands; the operation id
    breaks the tie, so that the order of arrival never matters. ValueError when `known` has
    another id.
    """
    if known is not None:
        if known.operation_id != incoming.operation_id:
            raise ValueError("known is what is stored under the same operation id")
        return Verdict.SAME if known == incoming else Verdict.CONFLICT
    if standing is None or _rank(incoming) > _rank(standing):
        return Verdict.STORE_AS_CURRENT
    return Verdict.STORE_AS_OLDER


def replay(operations: Iterable[Operation]) -> dict[str, Operation]:
    """Return the operation that stands for each item, from any order and repetition of the log.

    OperationConflict when one id stands for two contents: a log made through `decide` never
    holds that, and no order could be fair to both.
    """
    by_id: dict[str, Operation] = {}
    standing: dict[str, Operation] = {}
    for operation in operations:
        if by_id.setdefault(operation.operation_id, operation) != operation:
            raise OperationConflict(operation_id=operation.operation_id)
        rival = standing.setdefault(operation.item, operation)
        standing[operation.item] = max(rival, operation, key=_rank)
    return standing


def is_tapped_before_close(*, now: datetime, age: timedelta, closed_at: datetime) -> bool:
    """Tell whether something tapped `age` before it was sent counts as tapped before the closing.

    `age` is the phone's own measure of the time since the tap; below 0 it counts as 0, so no phone
    can tap in the future. The phone's clock is not believed, only how long it waited. `now` is the
    arrival: the tap lies between `age` and `age + TRAVEL` before it, and the phone has the benefit
    of the doubt. So a tap of the first seconds after a closing may be taken for an earlier one.
    """
    return max(age, timedelta(0)) >= now - closed_at - TRAVEL


def arrival(
    *,
    now: datetime,
    age: timedelta,
    closed_at: datetime | None,
    grace: timedelta = LATE_GRACE,
) -> Arrival:
    """Decide by time whether an operation is taken in; aware times, `closed_at` None while open.

    Until the closing: IN_TIME. After it: LATE if it counts as tapped before the closing (see
    `is_tapped_before_close`) and arrives within `grace` of it (both ends included), else REFUSED.
    Whatever a phone says of its age, nothing is taken in after `grace`, and nothing unflagged
    after the closing.
    """
    if closed_at is None or now <= closed_at:
        return Arrival.IN_TIME
    is_within_grace = now - closed_at <= grace
    if is_within_grace and is_tapped_before_close(now=now, age=age, closed_at=closed_at):
        return Arrival.LATE
    return Arrival.REFUSED


def _rank(change: Operation) -> tuple[int, str, str]:
    return change.revision, change.device, change.operation_id
