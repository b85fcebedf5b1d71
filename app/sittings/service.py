"""Opens, saves, submits and scores sittings. What stands is decided in `core.merging`."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

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
from app.core.scoring import score_sitting
from app.participants import service as participants
from app.participants.schemas import OpenPass
from app.sittings import queries
from app.sittings.operations import Batch, take_in
from app.sittings.schemas import (
    CompletedSitting,
    OwnResult,
    RefusedOperation,
    SavedOperations,
    SentOperation,
    SittingProgress,
    SittingRecord,
    SittingState,
)
from app.sittings.tables import Response, Sitting
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
    sitting: SittingRecord,
    operations: Sequence[SentOperation],
    *,
    late: timedelta,
    on_completed: OnCompleted,
) -> SavedOperations:
    """Keep every operation that can be kept; one that cannot never takes its neighbours with it.

    Repeating the request changes nothing. An operation tapped before the closing that arrives
    within the late hours is kept, flagged late, and the sitting is scored again.
    """
    # The administration first, as a closing does: otherwise the two could block each other.
    administration = workshops.require_administration_by_id(
        work, sitting.administration_id, holds=True
    )
    row = _locked(work, sitting.id)
    batch = Batch(
        known=queries.find_operations(work.db, row.id, [each.operation_id for each in operations]),
        responses={each.item: each for each in queries.find_response_rows(work.db, row.id)},
    )
    form = banks.require_form(work, row.form_id)
    for sent in operations:
        try:
            take_in(work, row, administration, form, batch, sent, late)
        except Refusal as refusal:
            batch.refused.append(
                RefusedOperation(operation_id=sent.operation_id, code=refusal.code)
            )
        else:
            batch.acknowledged.append(sent.operation_id)
    work.db.add_all(batch.responses.values())
    if batch.is_changed:
        row.last_saved_at = work.now
    row.is_late = row.is_late or batch.has_late
    row.answered_count = _count_answered(batch.responses.values())
    work.db.add(row)
    work.db.flush()
    was_submitted = row.state == SittingState.SUBMITTED.value
    is_over = batch.has_late or not administration.is_open_at(work.now)
    if batch.is_changed and (was_submitted or (is_over and row.answered_count)):
        _score(work, row, submitted_by=row.submitted_by or "closing", on_completed=on_completed)
    return SavedOperations(acknowledged=tuple(batch.acknowledged), refused=tuple(batch.refused))


def submit(
    work: Work,
    sitting: SittingRecord,
    *,
    on_completed: OnCompleted,
    expected: Sequence[str] = (),
) -> SittingRecord:
    """Send the sitting; repeated, it answers the same. What a closing sent can be sent again
    after a reopening, by the participant.

    `expected` names the operations the phone has sent: OperationsMissing lists those that never
    arrived. Raises NothingAnswered.
    """
    row = _locked(work, sitting.id)
    if row.submitted_by == "participant":
        return _reread(work, row.id)
    missing = sorted(set(expected) - queries.find_operation_ids(work.db, row.id))
    if missing:
        raise OperationsMissing(missing=missing)
    if not row.answered_count:
        raise NothingAnswered()
    _score(work, row, submitted_by="participant", on_completed=on_completed)
    return _reread(work, row.id)


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
    saved = save_operations(work, sitting, operations, late=late, on_completed=on_completed)
    for refused in saved.refused:
        raise CATALOGUE[refused.code](
            item=refused.operation_id, occasion=sitting.occasion.value, option=""
        )
    return submit(work, sitting, on_completed=on_completed)


def form_of(work: Work, sitting: SittingRecord) -> PublishedForm:
    """The form a sitting is about, without its key."""
    return banks.require_form(work, sitting.form_id)


def submit_open_sittings(
    work: Work, administration: AdministrationRecord, *, on_completed: OnCompleted
) -> int:
    """The closing sends every open sitting that holds at least one answer."""
    sitting_ids = queries.find_open_sitting_ids(work.db, administration.id)
    for sitting_id in sitting_ids:
        row = _locked(work, sitting_id)
        _score(work, row, submitted_by="closing", on_completed=on_completed)
    return len(sitting_ids)


def find_chosen(work: Work, sitting: SittingRecord) -> dict[str, tuple[str, ...]]:
    """What the participant has chosen so far, by item; for the participant's own screen."""
    rows = queries.find_response_rows(work.db, sitting.id)
    contents = {row.item: json.loads(row.content) for row in rows}
    return {
        item: (content["text"],) if content["text"] else tuple(content["options"])
        for item, content in contents.items()
    }


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


def _count_answered(responses: Iterable[Response]) -> int:
    contents = [json.loads(each.content) for each in responses]
    return sum(bool(content["options"] or content["text"]) for content in contents)


def _score(work: Work, row: Sitting, *, submitted_by: str, on_completed: OnCompleted) -> None:
    """Score from what stands; tells the house, with the score there was before."""
    keys = banks.require_keys(work, row.form_id)
    responses = {each.item: each for each in queries.find_response_rows(work.db, row.id)}
    chosen = {
        item: frozenset(json.loads(each.content)["options"]) for item, each in responses.items()
    }
    score = score_sitting(list(keys.keys.values()), chosen)
    for item, each in responses.items():
        each.units = score.per_item[item].units if item in score.per_item else None
        work.db.add(each)
    units_before = row.units
    if score.units != units_before:
        row.units_changed_at = work.now
    row.units = score.units
    row.state = SittingState.SUBMITTED.value
    row.submitted_by = submitted_by
    row.submitted_at = row.submitted_at or work.now
    work.db.add(row)
    work.db.flush()
    sitting = _reread(work, row.id)
    on_completed(work, CompletedSitting(sitting=sitting, units_before=units_before))


def _require_open(work: Work, administration: AdministrationRecord) -> None:
    if administration.opened_at is None:
        raise AdministrationNotOpen(occasion=administration.occasion.value)
    if not administration.is_open_at(work.now):
        raise AdministrationClosed(occasion=administration.occasion.value)


def _locked(work: Work, sitting_id: str) -> Sitting:
    row = queries.get_sitting_row(work.db, sitting_id)
    if row is None:
        raise SittingGone()
    return row


def _reread(work: Work, sitting_id: str) -> SittingRecord:
    record = queries.get_sitting(work.db, sitting_id)
    if record is None:
        raise SittingGone()
    return record


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
