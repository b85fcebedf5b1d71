"""A person's tests as they are kept, for that person alone: never a key, nor what was right."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.adapters.db import Work
from app.banks import service as banks
from app.banks.schemas import FormItem, PublishedForm
from app.core.errors import NotYetReleased
from app.core.placings import placing_of
from app.core.scoring import points_text
from app.participants.schemas import OpenPass
from app.sittings import queries
from app.sittings.ledger import shown_by_item
from app.sittings.schemas import SittingRecord
from app.sittings.service import own_result
from app.workshops import service as workshops
from app.workshops.lifecycle import is_provisional
from app.workshops.schemas import Occasion, WorkshopRecord, WorkshopState

LONGEST_WAIT = timedelta(days=30)
"""After the last day nobody waits any longer for a test that was never closed."""


@dataclass(frozen=True)
class KeptAnswer:
    """What stands for one question, in the words of the form."""

    item: str
    question: str
    answer: tuple[str, ...]


@dataclass(frozen=True)
class KeptChange:
    """One line of the log."""

    item: str
    revision: int
    device: str
    language: str
    received_at: datetime
    is_late: bool
    content: object


@dataclass(frozen=True)
class KeptTest:
    """One sitting. Points, answers and changes are empty while `is_told` says no."""

    occasion: Occasion
    language: str
    started_at: datetime
    last_saved_at: datetime | None
    submitted_at: datetime | None
    submitted_by: str | None
    answered_count: int
    is_late: bool
    is_paper: bool
    is_assisted: bool
    is_rescued: bool
    is_told: bool
    points: str | None
    max_points: str
    answers: tuple[KeptAnswer, ...]
    changes: tuple[KeptChange, ...]


def read_own_tests(
    work: Work, phone: OpenPass, workshop: WorkshopRecord, *, late: timedelta
) -> list[KeptTest]:
    """The person's tests in their order; marks and answers once the design lets them be seen."""
    if phone.participant is None:
        return []
    found = queries.find_sittings_of_participant(work.db, phone.participant.id)
    is_told = may_see_answers(work, phone, workshop, late=late)
    in_order = sorted(found, key=lambda each: list(Occasion).index(each.occasion))
    return [_read(work, each, phone.language, is_told=is_told) for each in in_order]


def may_see_answers(
    work: Work, phone: OpenPass, workshop: WorkshopRecord, *, late: timedelta
) -> bool:
    """After the own post-test, or once the post-test is over for everybody."""
    try:
        own_result(work, phone, workshop, late=late)
    except NotYetReleased:
        post = workshops.require_administration(work, workshop, Occasion.POST)
        is_over = post.closed_at is not None and not is_provisional(post, work.now, late)
        is_put_away = workshop.state is not WorkshopState.ACTIVE
        return is_over or is_put_away or work.now.date() > workshop.ends_on + LONGEST_WAIT
    return True


def _read(work: Work, sitting: SittingRecord, language: str, *, is_told: bool) -> KeptTest:
    form, row = banks.require_form(work, sitting.form_id), queries.get_row(work.db, sitting.id)
    units = sitting.units if is_told else None
    return KeptTest(
        occasion=sitting.occasion,
        language=sitting.language,
        started_at=sitting.started_at,
        last_saved_at=sitting.last_saved_at,
        submitted_at=sitting.submitted_at,
        submitted_by=sitting.submitted_by,
        answered_count=sitting.answered_count,
        is_late=sitting.is_late,
        is_paper=bool(row and row.is_paper),
        is_assisted=bool(row and row.is_assisted),
        is_rescued=bool(row and row.is_rescued),
        is_told=is_told,
        points=None if units is None else points_text(units),
        max_points=points_text(form.max_units),
        answers=_answers(work, sitting, form, language) if is_told else (),
        changes=_changes(work, sitting) if is_told else (),
    )


def _answers(
    work: Work, sitting: SittingRecord, form: PublishedForm, language: str
) -> tuple[KeptAnswer, ...]:
    chosen = shown_by_item(queries.find_standing(work.db, sitting.id))
    found = []
    for item in form.items:
        words = _words_of(item, language)
        told = tuple(words.get(each, each) for each in chosen.get(item.item, ()))
        found.append(KeptAnswer(item.item, _in(item.stem, language), told))
    return tuple(found)


def _words_of(item: FormItem, language: str) -> dict[str, str]:
    """What each choice says; of a line that was put into a column, both."""
    words = {each.option: _in(each.text, language) for each in item.options}
    return words | {
        placing_of(row.row, option): f"{_in(row.text, language)} – {words[option]}"
        for row in item.rows
        for option in list(words)
    }


def _changes(work: Work, sitting: SittingRecord) -> tuple[KeptChange, ...]:
    return tuple(
        KeptChange(
            item=each.item,
            revision=each.revision,
            device=each.device,
            language=each.language,
            received_at=each.received_at,
            is_late=each.is_late,
            content=json.loads(each.content),
        )
        for each in queries.find_log(work.db, sitting.id)
    )


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))
