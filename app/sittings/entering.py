"""A sheet of paper typed by the trainer, who so sees its answers; the sitting says that for ever.

A sheet is a whole: what is typed again replaces what stood. Only what differs is logged, so the
same line typed twice changes nothing. A sitting that a phone has answered is left alone.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.adapters.sealing import digest
from app.banks import service as banks
from app.core.errors import (
    CATALOGUE,
    AdministrationClosed,
    AdministrationNotOpen,
    SheetRefused,
    SheetWrong,
)
from app.core.merging import Arrival, arrival
from app.core.paper import PaperItem, Sheet, SheetUnreadable, read_sheet
from app.participants import service as participants
from app.participants.on_paper import register_on_paper
from app.participants.paper_test import choose_language, on_paper
from app.participants.schemas import CardRecord
from app.sittings import queries, saving
from app.sittings.ledger import shown_by_item
from app.sittings.saving import OnCompleted
from app.sittings.schemas import Finish, SentOperation, SittingRecord
from app.sittings.service import start_sitting
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord

DEVICE = "paper"
MOST_TYPED = 600
"""Signs a line may have; a form of 25 questions with several answers each has half of that."""


@dataclass(frozen=True)
class TypedSheet:
    """A sheet as a trainer typed it: for which test, in which language, and the line."""

    occasion: Occasion
    language: str
    typed: str


@dataclass(frozen=True)
class EnteredSheet:
    """What became of a sheet; `is_corrected` when one of the same card stood before."""

    sitting: SittingRecord
    sheet: Sheet
    items: tuple[PaperItem, ...]
    is_corrected: bool


def find_entered_tests(
    work: Work, workshop: WorkshopRecord, *, late: timedelta
) -> list[AdministrationRecord]:
    """The tests for which sheets are taken now: open, or closed within the late hours."""
    found = workshops.find_administrations(work, workshop)
    return [each for each in found if each.opened_at and _is_taken_now(work, each, late)]


def find_paper_items(work: Work, administration: AdministrationRecord) -> tuple[PaperItem, ...]:
    """What a sheet of this test asks, in printed order; no key."""
    content = banks.require_content(work, administration.form_id)
    return tuple(part for item in content.items.values() for part in on_paper(item))


def enter_sheet(
    work: Work,
    workshop: WorkshopRecord,
    sent: TypedSheet,
    *,
    by: StaffPerson,
    late: timedelta,
    on_completed: OnCompleted,
) -> EnteredSheet:
    """Keep and score a sheet, or correct the one that stands.

    Raises CodeMistyped, SheetWrong, CardUnknown, SheetRefused, ValueRefused, NothingAnswered,
    AdministrationNotOpen or AdministrationClosed; then nothing has changed.
    """
    administration = _require_taken(
        work, workshops.require_administration(work, workshop, sent.occasion), late
    )
    items = find_paper_items(work, administration)
    sheet = _read(sent.typed, items)
    language = choose_language(
        workshop, banks.require_form(work, administration.form_id), sent.language
    )
    card = participants.require_card(work, workshop, sheet.card)
    sitting = _hold_sitting(work, administration, card, language)
    stood = shown_by_item(queries.find_standing(work.db, sitting.id))
    queries.flag_paper(work.db, sitting.id)  # before the score counts, which says so
    saved = saving.save_operations(
        work,
        sitting.id,
        _operations(work, sitting, sheet.by_item(items), stood, language=language, age=late),
        late=late,
        on_completed=on_completed,
        finish=Finish(is_own=False),
    )
    for refused in saved.refused:
        raise CATALOGUE[refused.code](item="", occasion=sent.occasion.value, option="")
    if saved.unfinished is not None:
        raise saved.unfinished
    _log(work, by, card, is_corrected=bool(stood))
    return EnteredSheet(saved.sitting, sheet, items, is_corrected=bool(stood))


def _require_taken(
    work: Work, administration: AdministrationRecord, late: timedelta
) -> AdministrationRecord:
    if administration.opened_at is None:
        raise AdministrationNotOpen(occasion=administration.occasion.value)
    if not _is_taken_now(work, administration, late):
        raise AdministrationClosed(occasion=administration.occasion.value)
    return administration


def _is_taken_now(work: Work, administration: AdministrationRecord, late: timedelta) -> bool:
    """A sheet was filled in before the closing, whenever it is typed."""
    ended_at = administration.ended_at(work.now)
    came = arrival(now=work.now, age=late, closed_at=ended_at, grace=late)
    return came is not Arrival.REFUSED


def _read(typed: str, items: tuple[PaperItem, ...]) -> Sheet:
    try:
        return read_sheet(typed, items)
    except SheetUnreadable as error:
        letters = next(each.letters for each in items if each.number == error.item)
        raise SheetWrong(
            item=error.item, reason=error.fault.value, sign=error.sign, last=letters[-1]
        ) from error


def _hold_sitting(
    work: Work, administration: AdministrationRecord, card: CardRecord, language: str
) -> SittingRecord:
    """The holder's sitting of this test, which no phone can answer meanwhile, nor has answered."""
    participant = register_on_paper(work, card, language=language)
    found = queries.get_sitting_of(work.db, administration.id, participant.id)
    if found is None:
        found = start_sitting(work, administration, participant.id, language)
    workshops.hold_administrations(work, [administration.id])  # first, as a closing does
    queries.hold_sittings(work.db, [found.id])
    if queries.has_other_device(work.db, found.id, DEVICE):
        raise SheetRefused(card=card.number, reason="sheet_on_phone")
    return found


def _operations(
    work: Work,
    sitting: SittingRecord,
    meant: dict[str, tuple[str, ...]],
    stood: dict[str, tuple[str, ...]],
    *,
    language: str,
    age: timedelta,
) -> list[SentOperation]:
    """What the sheet changes; no answer is a change where one stood."""
    revision = queries.highest_revision(work.db, sitting.id) + 1
    return [
        SentOperation(
            operation_id=digest(f"{sitting.id}/{item}/{revision}/{options}")[:32],
            item=item,
            revision=revision,
            device=DEVICE,
            options=options,
            text=None,
            language=language,
            age=age,
        )
        for item, options in meant.items()
        if options != stood.get(item, ())
    ]


def _log(work: Work, by: StaffPerson, card: CardRecord, *, is_corrected: bool) -> None:
    """Whose sheet was typed by whom; never an answer."""
    if is_corrected:
        accounts.record_event(
            work, by=by, verb="correct_sheet", object_kind="card", object_id=card.id
        )
    else:
        accounts.record_event(
            work, by=by, verb="enter_sheet", object_kind="card", object_id=card.id
        )
