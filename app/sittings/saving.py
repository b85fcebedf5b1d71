"""Saves, sends and scores, many phones' operations at a time, each as if it were alone.

Read everything, decide everything, write everything: a dozen statements whatever the number of
phones (decision 0013). One phone's operations are a batch of one.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from app.adapters.db import Work
from app.banks import service as banks
from app.core.errors import CATALOGUE, SittingGone
from app.sittings import queries
from app.sittings.ledger import Ledger, needs_all
from app.sittings.schemas import (
    CompletedSitting,
    Finish,
    SavedOperations,
    SaveRequest,
    SentOperation,
    SittingRecord,
)
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord

OnCompleted = Callable[[Work, Sequence[CompletedSitting]], None]


def save_all(
    work: Work, requests: Sequence[SaveRequest], *, late: timedelta, on_completed: OnCompleted
) -> list[SavedOperations | SittingGone]:
    """Keep every operation that can be kept; one that cannot never takes its neighbours with it.

    The answers stand in the order of the requests; SittingGone where there is no such sitting.
    Two requests for one sitting count in their order. Repeating a request changes nothing. An
    operation tapped before the closing that arrives within the late hours is kept, flagged late,
    and the sitting is scored again. `finish` sends the sitting as well; what stands against that
    is told in `unfinished`.
    """
    ledgers = _open_ledgers(work, requests, late)
    saved: list[SavedOperations | SittingGone] = []
    for request in requests:
        ledger = ledgers.get(request.sitting_id)
        saved.append(
            SittingGone() if ledger is None else ledger.save(request.operations, request.finish)
        )
    _write(work, list(ledgers.values()), on_completed)
    return saved


def save_operations(
    work: Work,
    sitting_id: str,
    operations: Sequence[SentOperation],
    *,
    late: timedelta,
    on_completed: OnCompleted,
    finish: Finish | None = None,
) -> SavedOperations:
    """`save_all` for one phone alone; raises SittingGone."""
    request = SaveRequest(sitting_id, tuple(operations), finish)
    (saved,) = save_all(work, [request], late=late, on_completed=on_completed)
    if isinstance(saved, SittingGone):
        raise saved
    return saved


def save_and_submit(
    work: Work,
    sitting: SittingRecord,
    operations: Sequence[SentOperation],
    *,
    late: timedelta,
    on_completed: OnCompleted,
) -> SittingRecord:
    """Keep a whole page and send the sitting; sent twice, it changes nothing.

    A page is kept whole or not at all: the first refusal is raised, and the page comes back with
    everything that was ticked.
    """
    saved = save_operations(
        work, sitting.id, operations, late=late, on_completed=on_completed, finish=Finish()
    )
    for refused in saved.refused:
        raise CATALOGUE[refused.code](
            item=refused.operation_id, occasion=sitting.occasion.value, option=""
        )
    if saved.unfinished is not None:
        raise saved.unfinished
    return saved.sitting


def submit_open_sittings(
    work: Work, administration: AdministrationRecord, *, on_completed: OnCompleted
) -> int:
    """The closing sends every open sitting that holds at least one answer."""
    sitting_ids = queries.find_open_sitting_ids(work.db, administration.id)
    requests = [SaveRequest(sitting_id, (), Finish()) for sitting_id in sitting_ids]
    ledgers = list(_open_ledgers(work, requests, timedelta(0)).values())
    for ledger in ledgers:
        ledger.score("closing")
    _write(work, ledgers, on_completed)
    return len(ledgers)


def _open_ledgers(
    work: Work, requests: Sequence[SaveRequest], late: timedelta
) -> dict[str, Ledger]:
    """What stands already of each sitting, locked until this work ends."""
    wanted = {request.sitting_id for request in requests}
    # The administrations first, as a closing does: otherwise the two could block each other.
    administrations = workshops.hold_administrations(
        work, queries.find_administration_ids(work.db, wanted)
    )
    sittings = queries.hold_sittings(work.db, wanted)
    finishing = {request.sitting_id for request in requests if request.finish}
    scorable = {
        each.id
        for each in sittings
        if needs_all(
            each,
            administrations[each.administration_id],
            work.now,
            finishes=each.id in finishing,
        )
    }
    items = {each.item for request in requests for each in request.operations}
    standing = queries.find_standing_of(work.db, scorable) | queries.find_standing_of(
        work.db, wanted - scorable, items=items
    )
    asked = {
        operation_id
        for request in requests
        for operation_id in (
            *(each.operation_id for each in request.operations),
            *(request.finish.sent_ids if request.finish else ()),
        )
    }
    known = queries.find_operations(work.db, wanted, asked)
    return {
        sitting.id: Ledger(
            found=sitting,
            administration=administrations[sitting.administration_id],
            content=banks.require_content(work, sitting.form_id),
            known=known.get(sitting.id, {}),
            standing=standing.get(sitting.id, {}),
            now=work.now,
            late=late,
        )
        for sitting in sittings
    }


def _write(work: Work, ledgers: Sequence[Ledger], on_completed: OnCompleted) -> None:
    """Everything that has changed; then the house is told, with the scores there were before."""
    changed = [ledger for ledger in ledgers if ledger.is_changed]
    if not changed:
        return
    queries.write_operations(work.db, [row for ledger in changed for row in ledger.logged])
    queries.write_responses(
        work.db,
        [row for ledger in changed for row in ledger.standing_rows()],
    )
    queries.write_units(
        work.db,
        [
            {"of_sitting": ledger.found.id, "of_item": item, "scored": units}
            for ledger in changed
            for item, units in ledger.units.items()
            if item not in ledger.current
        ],
    )
    queries.write_sittings(work.db, [ledger.sitting_row() for ledger in changed])
    completed = [
        CompletedSitting(sitting=ledger.sitting, units_before=ledger.found.units)
        for ledger in changed
        if ledger.is_scored
    ]
    if completed:
        on_completed(work, completed)
