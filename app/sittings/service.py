"""Opens, saves, submits and scores sittings. What stands is decided in `core.merging`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id
from app.banks import service as banks
from app.banks.schemas import PublishedForm
from app.core.errors import (
    CATALOGUE,
    AdministrationClosed,
    AdministrationNotOpen,
    ConsentMissing,
    NotFound,
    NothingAnswered,
    NotYetReleased,
    OperationsMissing,
    Refusal,
    SittingGone,
)
from app.core.merging import Standing
from app.core.scoring import score_sitting
from app.participants import service as participants
from app.participants.schemas import OpenPass
from app.sittings import queries
from app.sittings.operations import Batch, chosen_by_item, shown_by_item
from app.sittings.schemas import (
    CompletedSitting,
    Finish,
    OwnResult,
    SavedOperations,
    SentOperation,
    SittingProgress,
    SittingRecord,
    SittingState,
)
from app.sittings.tables import Sitting
from app.workshops import service as workshops
from app.workshops.lifecycle import is_provisional
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord

OnCompleted = Callable[[Work, CompletedSitting], None]


def open_sitting(
    work: Work, phone: OpenPass, administration: AdministrationRecord
) -> SittingRecord:
    """The participant's one sitting of this administration: started, or gone on with.

    Raises ConsentMissing, AdministrationNotOpen or AdministrationClosed.
    """
    if phone.participant is None or not phone.participant.has_agreed:
        raise ConsentMissing()
    known = queries.get_sitting_of(work.db, administration.id, phone.participant.id)
    if known is not None:
        return known
    _require_open(work, administration)
    insert_if_absent(
        work,
        Sitting,
        id=new_id(),
        administration_id=administration.id,
        participant_id=phone.participant.id,
        form_id=administration.form_id,
        language=phone.language,
        started_at=work.now,
    )
    made = queries.get_sitting_of(work.db, administration.id, phone.participant.id)
    if made is None:
        raise NotFound()
    return made


def answer_consent(work: Work, phone: OpenPass, *, has_agreed: bool) -> SittingRecord | None:
    """Register the answer; yes starts the test that is open, if there is one."""
    participant = participants.answer_consent(
        work, phone, has_agreed=has_agreed, language=phone.language
    )
    return start_current(work, replace(phone, participant=participant)) if has_agreed else None


def start_current(work: Work, phone: OpenPass) -> SittingRecord | None:
    """Start, or go on with, the test that is open now; None when none is open.

    Raises ConsentMissing.
    """
    current = workshops.get_current_administration(work, phone.card.workshop_id)
    if current is None or not current.is_open_at(work.now):
        return None
    return open_sitting(work, phone, current)


def get_current_sitting(work: Work, phone: OpenPass) -> SittingRecord | None:
    """The participant's sitting of the test that is open now."""
    current = workshops.get_current_administration(work, phone.card.workshop_id)
    return get_own_sitting(work, phone, current) if current else None


def access_sitting(work: Work, sitting_id: str, phone: OpenPass) -> SittingRecord:
    """A sitting of this card's holder; a foreign one looks like a missing one: NotFound."""
    sitting = queries.get_sitting(work.db, sitting_id)
    if sitting is None or phone.participant is None:
        raise NotFound()
    if sitting.participant_id != phone.participant.id:
        raise NotFound()
    return sitting


def save_operations(
    work: Work,
    sitting_id: str,
    operations: Sequence[SentOperation],
    *,
    late: timedelta,
    on_completed: OnCompleted,
    finish: Finish | None = None,
) -> SavedOperations:
    """Keep every operation that can be kept; one that cannot never takes its neighbours with it.

    Repeating the request changes nothing. An operation tapped before the closing that arrives
    within the late hours is kept, flagged late, and the sitting is scored again. `finish` sends
    the sitting as well; what stands against that is told in `unfinished`. Raises SittingGone.
    """
    batch = _open_batch(work, sitting_id, operations, late)
    batch.take_in(operations)
    unfinished = _against_finishing(work, batch, finish) if finish else None
    queries.write_operations(work.db, batch.logged, list(batch.current.values()))
    sitting = batch.sitting
    if batch.logged:
        sitting = queries.update_sitting(
            work.db,
            sitting,
            last_saved_at=work.now,
            is_late=sitting.is_late or batch.has_late,
            answered_count=batch.answered_count,
        )
    submitted_by = _who_submits(batch, is_finishing=finish is not None and unfinished is None)
    if submitted_by:
        sitting = _score(work, sitting, batch.standing, submitted_by, on_completed)
    return SavedOperations(
        acknowledged=tuple(batch.acknowledged),
        refused=tuple(batch.refused),
        unfinished=unfinished,
        sitting=sitting,
        closes_in_seconds=batch.administration.seconds_left_at(work.now),
    )


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


def require_sitting(work: Work, sitting_id: str, *, locks: bool = False) -> SittingRecord:
    """A sitting by its id, for who holds its token; raises SittingGone.

    Locked, it cannot change until this work ends.
    """
    sitting = queries.get_sitting(work.db, sitting_id, locks=locks)
    if sitting is None:
        raise SittingGone()
    return sitting


def form_of(work: Work, sitting: SittingRecord) -> PublishedForm:
    """The form a sitting is about, without its key."""
    return banks.require_form(work, sitting.form_id)


def submit_open_sittings(
    work: Work, administration: AdministrationRecord, *, on_completed: OnCompleted
) -> int:
    """The closing sends every open sitting that holds at least one answer."""
    sitting_ids = queries.find_open_sitting_ids(work.db, administration.id)
    for sitting_id in sitting_ids:
        sitting = require_sitting(work, sitting_id, locks=True)
        standing = queries.find_standing(work.db, sitting_id)
        _score(work, sitting, standing, "closing", on_completed)
    return len(sitting_ids)


def find_chosen(work: Work, sitting: SittingRecord) -> dict[str, tuple[str, ...]]:
    """What the participant has chosen so far, by item; for the participant's own screen."""
    return shown_by_item(queries.find_standing(work.db, sitting.id))


def next_revision(work: Work, sitting: SittingRecord) -> int:
    """The change counter a phone that opens this sitting starts at."""
    return queries.highest_revision(work.db, sitting.id) + 1


def find_progress(work: Work, administration: AdministrationRecord) -> list[SittingProgress]:
    """How far everybody is; never what was answered."""
    return queries.find_progress(work.db, administration.id)


def count_unfinished(work: Work, administration: AdministrationRecord) -> int:
    """How many are still answering."""
    return queries.count_open(work.db, administration.id)


def get_own_sitting(
    work: Work, phone: OpenPass, administration: AdministrationRecord
) -> SittingRecord | None:
    """The participant's sitting of this administration, if one was started."""
    if phone.participant is None:
        return None
    return queries.get_sitting_of(work.db, administration.id, phone.participant.id)


def own_result(
    work: Work, phone: OpenPass, workshop: WorkshopRecord, *, late: timedelta
) -> OwnResult:
    """The participant's own points, once the own post-test was sent: NotYetReleased.

    What only a closing sent may still be added to for the late hours, so it is shown after them.
    """
    found = queries.find_sittings_of_participant(
        work.db, phone.participant.id if phone.participant else ""
    )
    by_occasion = {each.occasion: each for each in found}
    post = by_occasion.get(Occasion.POST)
    administration = workshops.require_administration(work, workshop, Occasion.POST)
    is_early = is_provisional(administration, work.now, late)
    if post is None or post.units is None or (is_early and not post.is_sent):
        raise NotYetReleased()
    pre = by_occasion.get(Occasion.PRE)
    return OwnResult(
        pre_units=pre.units if pre else None,
        post_units=post.units,
        max_units=banks.require_form(work, post.form_id).max_units,
        is_provisional=is_early,
    )


def _open_batch(
    work: Work, sitting_id: str, operations: Sequence[SentOperation], late: timedelta
) -> Batch:
    """What stands already, locked until this work ends."""
    known = require_sitting(work, sitting_id)
    # The administration first, as a closing does: otherwise the two could block each other.
    administration = workshops.require_administration_by_id(
        work, known.administration_id, holds=True
    )
    sitting = require_sitting(work, sitting_id, locks=True)
    ids = [each.operation_id for each in operations]
    return Batch(
        sitting=sitting,
        administration=administration,
        items=banks.require_content(work, sitting.form_id).items,
        known=queries.find_operations(work.db, sitting_id, ids) if ids else {},
        standing=queries.find_standing(work.db, sitting_id),
        now=work.now,
        late=late,
    )


def _against_finishing(work: Work, batch: Batch, finish: Finish) -> Refusal | None:
    """Why a sitting cannot be sent now; None when it can, or was already."""
    if batch.sitting.is_sent:
        return None
    stored = queries.find_operation_ids(work.db, batch.sitting.id) | set(batch.known)
    missing = sorted(set(finish.sent_ids) - stored)
    if missing:
        return OperationsMissing(missing=missing)
    return None if batch.answered_count else NothingAnswered()


def _who_submits(batch: Batch, *, is_finishing: bool) -> str | None:
    """Who sends the sitting with this batch, or scores it again; None when nobody does."""
    sitting = batch.sitting
    if is_finishing and not sitting.is_sent:
        return "participant"
    is_over = batch.has_late or not batch.administration.is_open_at(batch.now)
    was_submitted = sitting.state is SittingState.SUBMITTED
    if batch.logged and (was_submitted or (is_over and batch.answered_count)):
        return sitting.submitted_by or "closing"
    return None


def _score(
    work: Work,
    sitting: SittingRecord,
    standing: Mapping[str, Standing],
    submitted_by: str,
    on_completed: OnCompleted,
) -> SittingRecord:
    """Score from what stands; tells the house, with the score there was before."""
    keys = banks.require_content(work, sitting.form_id).keys
    score = score_sitting(keys, chosen_by_item(standing))
    units = {item: each.units for item, each in score.per_item.items() if item in standing}
    queries.write_units(work.db, sitting.id, units)
    changes: dict[str, Any] = {"units_changed_at": work.now} if score.units != sitting.units else {}
    scored = queries.update_sitting(
        work.db,
        sitting,
        units=score.units,
        state=SittingState.SUBMITTED,
        submitted_by=submitted_by,
        submitted_at=sitting.submitted_at or work.now,
        **changes,
    )
    on_completed(work, CompletedSitting(sitting=scored, units_before=sitting.units))
    return scored


def _require_open(work: Work, administration: AdministrationRecord) -> None:
    if administration.opened_at is None:
        raise AdministrationNotOpen(occasion=administration.occasion.value)
    if not administration.is_open_at(work.now):
        raise AdministrationClosed(occasion=administration.occasion.value)


def find_own_sittings(work: Work, phone: OpenPass) -> dict[Occasion, SittingRecord]:
    """The participant's sittings by occasion."""
    if phone.participant is None:
        return {}
    found = queries.find_sittings_of_participant(work.db, phone.participant.id)
    return {each.occasion: each for each in found}


def find_participants_by_device(
    work: Work, administration: AdministrationRecord, device: str
) -> set[str]:
    """The participants whose answers in an administration came from that kind of device."""
    return queries.find_participants_by_device(work.db, administration.id, device)
