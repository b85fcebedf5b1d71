"""Answers that the trainer carries in by hand, from a phone that never reconnected.

The phone shows `core.rescue`'s code. It is bound to the card and, by the administration's id, to
the test; it is taken in once, because its operations have ids made of what it says.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.adapters.sealing import digest
from app.banks import service as banks
from app.banks.schemas import FormItem
from app.core.errors import RescueForeign, RescueGroupWrong, RescueUnfinished, RescueWrong
from app.core.rescue import (
    Rescue,
    RescueFault,
    RescueUnreadable,
    decode,
    form_check,
    read_heading,
)
from app.core.rescue_fields import Answer, ItemShape
from app.participants import service as participants
from app.sittings import queries, saving
from app.sittings.saving import OnCompleted
from app.sittings.schemas import Finish, SentOperation, SittingRecord
from app.workshops.schemas import WorkshopRecord

DEVICE = "rescue"
_T = TypeVar("_T")


def take_in_rescue(
    work: Work,
    workshop: WorkshopRecord,
    typed: str,
    *,
    by: StaffPerson,
    late: timedelta,
    on_completed: OnCompleted,
) -> SittingRecord:
    """Keep and send what was typed or scanned; again it changes nothing.

    The answers count as given before a closing of the last day, as they were: the phone had no
    other way. Raises RescueGroupWrong, RescueUnfinished, RescueWrong, RescueForeign
    or CardUnknown.
    """
    sitting = _sitting_of(work, workshop, typed)
    content = banks.require_content(work, sitting.form_id)
    shape = [_shape_of(item) for item in content.items.values()]
    rescue = _read(lambda: decode(typed, shape, form=sitting.administration_id))
    answered = zip(content.items.values(), rescue.answers, strict=True)
    queries.flag_rescued(work.db, sitting.id)  # before the score counts, which says so
    saved = saving.save_operations(
        work,
        sitting.id,
        [_operation(sitting, rescue, item, said) for item, said in answered if said],
        late=late,
        on_completed=on_completed,
        finish=Finish(),
    )
    if saved.unfinished is not None:
        raise saved.unfinished
    accounts.record_event(
        work, by=by, verb="take_in_rescue", object_kind="workshop", object_id=workshop.id
    )
    return saved.sitting


def _sitting_of(work: Work, workshop: WorkshopRecord, typed: str) -> SittingRecord:
    """The sitting a code is about: its card's, of the test whose check it carries."""
    heading = _read(lambda: read_heading(typed))
    card = participants.require_card(work, workshop, heading.card)
    for sitting in queries.find_sittings_of_card(work.db, card.id):
        if form_check(sitting.administration_id) == heading.form_check:
            return sitting
    raise RescueForeign()


def _read(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except RescueUnreadable as error:
        if error.fault is RescueFault.OTHER_FORM:
            raise RescueForeign() from error
        if error.fault is RescueFault.GROUPS_MISSING:
            raise RescueUnfinished(group=error.group) from error
        if error.group is not None:
            raise RescueGroupWrong(group=error.group) from error
        raise RescueWrong() from error


def _shape_of(item: FormItem) -> ItemShape:
    return ItemShape(item.kind, len(item.options), len(item.rows))


def _operation(
    sitting: SittingRecord, rescue: Rescue, item: FormItem, said: Answer
) -> SentOperation:
    """Its id stands for what it says: the same code twice is the same operations."""
    options = () if isinstance(said, str) else tuple(sorted(said or ()))
    text = said if isinstance(said, str) else None
    revision = rescue.heading.revision
    return SentOperation(
        operation_id=digest(f"{sitting.id}/{item.item}/{revision}/{options}/{text}")[:32],
        item=item.item,
        revision=revision,
        device=DEVICE,
        options=options,
        text=text,
        language=sitting.language,
        age=timedelta(days=1),
    )
