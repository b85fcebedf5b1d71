"""What one sitting's operations become: checked, decided (`core.merging`), scored (`core.scoring`).

Nothing here asks the database. What is stored already is handed in; what is to be written is kept
as rows, so that the ledgers of many sittings are written in a few statements. Nothing is written
before every ledger of a save is decided: a refusal can therefore never leave half of something.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from app.banks.schemas import FormContent, FormItem
from app.core.errors import (
    AdministrationClosed,
    AdministrationNotOpen,
    ItemUnknown,
    NothingAnswered,
    OperationConflict,
    OperationsMissing,
    OptionUnknown,
    Refusal,
    ResponseMalformed,
    SittingClosed,
)
from app.core.merging import Arrival, Operation, Verdict, arrival, decide
from app.core.scoring import ItemKind, as_meant, has_too_many, score_sitting
from app.sittings.schemas import (
    Finish,
    RefusedOperation,
    SavedOperations,
    SentOperation,
    SittingRecord,
    SittingState,
)
from app.workshops.schemas import AdministrationRecord

_NOTHING = '{"options":[],"text":null}'


@dataclass
class Ledger:
    """One sitting: as it was found, as it is now, and the rows that make the difference.

    `standing` holds what stands for the items that are asked about; for all items where the
    sitting may be scored (`needs_all`).
    """

    found: SittingRecord
    administration: AdministrationRecord
    content: FormContent
    known: dict[str, Operation]
    standing: dict[str, Operation]
    now: datetime
    late: timedelta
    sitting: SittingRecord = field(init=False)
    answered_count: int = field(init=False)
    logged: list[dict[str, Any]] = field(default_factory=list)
    current: dict[str, dict[str, Any]] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    is_scored: bool = False

    def __post_init__(self) -> None:
        self.sitting = self.found
        self.answered_count = self.found.answered_count

    def save(self, operations: Sequence[SentOperation], finish: Finish | None) -> SavedOperations:
        """Decide about every operation, then about sending; what became of each."""
        acknowledged: list[str] = []
        refused: list[RefusedOperation] = []
        logged_before, late_before = len(self.logged), self.sitting.is_late
        for sent in operations:
            try:
                self._take_in(sent)
            except Refusal as refusal:
                refused.append(RefusedOperation(sent.operation_id, refusal.code))
            else:
                acknowledged.append(sent.operation_id)
        unfinished = self._against(finish) if finish else None
        is_changed = len(self.logged) > logged_before
        if self.sitting.answered_count != self.answered_count:
            self.sitting = replace(self.sitting, answered_count=self.answered_count)
        if finish is not None and unfinished is None and not self.sitting.is_sent:
            self.score("participant" if finish.is_own else "closing")
        elif is_changed and self._must_score(has_late=self.sitting.is_late and not late_before):
            self.score(self.sitting.submitted_by or "closing")
        return SavedOperations(
            acknowledged=tuple(acknowledged),
            refused=tuple(refused),
            unfinished=unfinished,
            sitting=self.sitting,
            closes_in_seconds=self.administration.seconds_left_at(self.now),
        )

    def score(self, submitted_by: str) -> None:
        """Score from what stands; the sitting counts as sent from now on."""
        score = score_sitting(self.content.keys, chosen_by_item(self.standing))
        self.units = {
            item: each.units for item, each in score.per_item.items() if item in self.standing
        }
        self.sitting = replace(
            self.sitting,
            units=score.units,
            state=SittingState.SUBMITTED,
            submitted_by=submitted_by,
            submitted_at=self.sitting.submitted_at or self.now,
        )
        self.is_scored = True

    @property
    def is_changed(self) -> bool:
        """Whether anything has to be written."""
        return bool(self.logged) or self.is_scored

    def standing_rows(self) -> Iterator[dict[str, Any]]:
        """What stands from now on, with what it scored: the lines of the log, and `units`."""
        for item, row in self.current.items():
            row["units"] = self.units.get(item)
            yield row

    def sitting_row(self) -> dict[str, Any]:
        """The sitting's columns that a save may change."""
        sitting, found = self.sitting, self.found
        return {
            "of_id": sitting.id,
            "last_saved_at": self.now if self.logged else found.last_saved_at,
            "is_late": sitting.is_late,
            "answered_count": sitting.answered_count,
            "units": sitting.units,
            "units_changed_at": (
                self.now if sitting.units != found.units else found.units_changed_at
            ),
            "state": sitting.state.value,
            "submitted_by": sitting.submitted_by,
            "submitted_at": sitting.submitted_at,
        }

    def _must_score(self, *, has_late: bool) -> bool:
        was_submitted = self.sitting.state is SittingState.SUBMITTED
        is_over = has_late or not self.administration.is_open_at(self.now)
        return was_submitted or (is_over and self.sitting.answered_count > 0)

    def _against(self, finish: Finish) -> Refusal | None:
        """Why a sitting cannot be sent now; None when it can, or was already."""
        if self.sitting.is_sent:
            return None
        missing = sorted(set(finish.sent_ids) - set(self.known))
        if missing:
            return OperationsMissing(missing=missing)
        return None if self.answered_count else NothingAnswered()

    def _take_in(self, sent: SentOperation) -> None:
        content = content_of(sent)
        incoming = Operation(sent.operation_id, sent.item, sent.revision, sent.device, content)
        verdict = decide(
            known=self.known.get(sent.operation_id),
            standing=self.standing.get(sent.item),
            incoming=incoming,
        )
        if verdict is Verdict.SAME:
            return
        if verdict is Verdict.CONFLICT:
            raise OperationConflict(operation_id=sent.operation_id)
        _check_answer(self.content, sent)
        is_late = self._is_late(sent)
        if is_late:
            self.sitting = replace(self.sitting, is_late=True)
        self.known[sent.operation_id] = incoming
        row = {
            "sitting_id": self.found.id,
            "item": sent.item,
            "operation_id": sent.operation_id,
            "revision": sent.revision,
            "device": sent.device,
            "content": content,
            "language": sent.language,
            "received_at": self.now,
            "is_late": is_late,
        }
        self.logged.append(row)
        if verdict is Verdict.STORE_AS_CURRENT:
            before = self.standing.get(sent.item)
            was_answered = before is not None and before.content != _NOTHING
            self.answered_count += (content != _NOTHING) - was_answered
            self.current[sent.item] = row
            self.standing[sent.item] = incoming

    @cached_property
    def _closed_at(self) -> datetime | None:
        """When the test ended; None while it is open. Asked once a save, not once an answer."""
        return self.administration.ended_at(self.now)

    def _is_late(self, sent: SentOperation) -> bool:
        """Whether the operation came after the end; raises when it may not come any more."""
        administration = self.administration
        if administration.opened_at is None:
            raise AdministrationNotOpen(occasion=administration.occasion.value)
        if self.sitting.is_sent:  # it was sent whole, and may have been shown its result
            raise SittingClosed()
        came = arrival(now=self.now, age=sent.age, closed_at=self._closed_at, grace=self.late)
        if came is Arrival.REFUSED:
            raise AdministrationClosed(occasion=administration.occasion.value)
        return came is Arrival.LATE


def needs_all(
    sitting: SittingRecord, administration: AdministrationRecord, now: datetime, *, finishes: bool
) -> bool:
    """Whether a save of this sitting may score it, and so has to know what stands everywhere."""
    is_plain = sitting.state is SittingState.OPEN and administration.is_open_at(now)
    return finishes or not is_plain


def chosen_by_item(standing: Mapping[str, Operation]) -> dict[str, frozenset[str]]:
    """What is scored: the options that stand for each item; words are never among them."""
    return {item: _options_of(each.content) for item, each in standing.items()}


def shown_by_item(standing: Mapping[str, Operation]) -> dict[str, tuple[str, ...]]:
    """What the participant's own screen shows for each item: options, or the words."""
    contents = {item: json.loads(each.content) for item, each in standing.items()}
    return {
        item: (content["text"],) if content["text"] else tuple(content["options"])
        for item, content in contents.items()
    }


def content_of(sent: SentOperation) -> str:
    """The canonical text of an answer: the same answer is always the same text."""
    if sent.text:
        return _as_text(sorted(set(sent.options)), sent.text)
    return _content_of_options(sent.options)


@lru_cache(maxsize=4096)
def _content_of_options(options: tuple[str, ...]) -> str:
    return _as_text(sorted(as_meant(options)), None)


@lru_cache(maxsize=4096)
def _options_of(content: str) -> frozenset[str]:
    return frozenset(json.loads(content)["options"])


def _as_text(options: list[str], text: str | None) -> str:
    content = {"options": options, "text": text}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _check_answer(content: FormContent, sent: SentOperation) -> None:
    item = content.items.get(sent.item)
    if item is None:
        raise ItemUnknown(item=sent.item)
    if item.kind is ItemKind.SHORT_TEXT:
        if sent.options or len(sent.text or "") > item.max_length:
            raise ResponseMalformed(item=sent.item)
        return
    _check_options(item, content.letters[sent.item], sent)


def _check_options(item: FormItem, letters: frozenset[str], sent: SentOperation) -> None:
    for option in sent.options:
        if option not in letters:
            raise OptionUnknown(item=sent.item, option=option)
    if sent.text is not None:
        raise ResponseMalformed(item=sent.item)
    if has_too_many(item.kind, sent.options):
        raise ResponseMalformed(item=sent.item)
