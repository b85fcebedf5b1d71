"""Opens sittings and reads them; `saving` adds answers, sends and scores."""

from dataclasses import replace
from datetime import timedelta

from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id
from app.banks import service as banks
from app.banks.schemas import PublishedForm
from app.core.errors import (
    AdministrationClosed,
    AdministrationNotOpen,
    ConsentMissing,
    NotFound,
    NotYetReleased,
    SittingGone,
)
from app.participants import service as participants
from app.participants.schemas import OpenPass
from app.sittings import queries
from app.sittings.ledger import shown_by_item
from app.sittings.schemas import (
    OwnResult,
    SittingProgress,
    SittingRecord,
    WaysTaken,
)
from app.sittings.tables import Sitting
from app.workshops import service as workshops
from app.workshops.lifecycle import is_provisional
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord


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
    return start_sitting(work, administration, phone.participant.id, phone.language)


def start_sitting(
    work: Work, administration: AdministrationRecord, participant_id: str, language: str
) -> SittingRecord:
    """The participant's one sitting, which nobody has asked yet whether it may be started.

    By the administration as it stands now: while it is held, no re-scoring moves it to another
    version of its form, and one that is on its way is waited for.
    """
    held = workshops.hold_administrations(work, [administration.id]).get(administration.id)
    if held is None:
        raise NotFound()
    insert_if_absent(
        work,
        Sitting,
        id=new_id(),
        administration_id=administration.id,
        participant_id=participant_id,
        form_id=held.form_id,
        language=language,
        started_at=work.now,
    )
    made = queries.get_sitting_of(work.db, administration.id, participant_id)
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


def require_sitting(work: Work, sitting_id: str) -> SittingRecord:
    """A sitting by its id, for who holds its token; raises SittingGone."""
    sitting = queries.get_sitting(work.db, sitting_id)
    if sitting is None:
        raise SittingGone()
    return sitting


def form_of(work: Work, sitting: SittingRecord) -> PublishedForm:
    """The form a sitting is about, without its key."""
    return banks.require_form(work, sitting.form_id)


def find_chosen(work: Work, sitting: SittingRecord) -> dict[str, tuple[str, ...]]:
    """What the participant has chosen so far, by item; for the participant's own screen."""
    return shown_by_item(queries.find_standing(work.db, sitting.id))


def next_revision(work: Work, sitting: SittingRecord) -> int:
    """The change counter a phone that opens this sitting starts at."""
    return queries.highest_revision(work.db, sitting.id) + 1


def find_progress(work: Work, administration: AdministrationRecord) -> list[SittingProgress]:
    """How far everybody is; never what was answered."""
    return queries.find_progress(work.db, administration.id)


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


def count_ways(work: Work, workshop_id: str, form_id: str) -> WaysTaken:
    """How the scored tests of a workshop on one form were taken, before and after together."""
    return queries.count_ways(work.db, workshop_id, form_id)
