"""One request's operations: each is checked and decided by `core.merging`, then all are written.

The log is only ever added to; what stands for an item is the operation with the highest revision.
Nothing here asks the database: what is stored already is handed in, what is to be written comes out
as rows, and `queries` writes them in two statements.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.banks.schemas import FormItem
from app.core.errors import (
    AdministrationClosed,
    AdministrationNotOpen,
    ItemUnknown,
    OperationConflict,
    OptionUnknown,
    Refusal,
    ResponseMalformed,
    SittingClosed,
)
from app.core.merging import Arrival, Operation, Standing, Verdict, arrival, decide
from app.core.scoring import DO_NOT_KNOW, ItemKind
from app.sittings.schemas import RefusedOperation, SentOperation, SittingRecord
from app.workshops.schemas import AdministrationRecord

_NOTHING = '{"options":[],"text":null}'


@dataclass
class Batch:
    """What is stored already, and what becomes of one request's operations."""

    sitting: SittingRecord
    administration: AdministrationRecord
    items: Mapping[str, FormItem]
    known: dict[str, Operation]
    standing: dict[str, Standing]
    now: datetime
    late: timedelta
    acknowledged: list[str] = field(default_factory=list)
    refused: list[RefusedOperation] = field(default_factory=list)
    logged: list[dict[str, Any]] = field(default_factory=list)
    current: dict[str, dict[str, Any]] = field(default_factory=dict)
    has_late: bool = False

    def take_in(self, operations: Sequence[SentOperation]) -> None:
        """Decide about every operation; each ends in `acknowledged` or in `refused`."""
        for sent in operations:
            try:
                self._take_in(sent)
            except Refusal as refusal:
                self.refused.append(RefusedOperation(sent.operation_id, refusal.code))
            else:
                self.acknowledged.append(sent.operation_id)

    def _take_in(self, sent: SentOperation) -> None:
        incoming = Operation(
            operation_id=sent.operation_id,
            item=sent.item,
            revision=sent.revision,
            device=sent.device,
            content=_content(sent),
        )
        verdict = decide(
            known=self.known.get(sent.operation_id),
            standing=self.standing.get(sent.item),
            incoming=incoming,
        )
        if verdict is Verdict.SAME:
            return
        if verdict is Verdict.CONFLICT:
            raise OperationConflict(operation_id=sent.operation_id)
        _check_answer(self.items.get(sent.item), sent)
        is_late = self._is_late(sent)
        self.has_late = self.has_late or is_late
        self.known[sent.operation_id] = incoming
        row = self._row(incoming, sent.language)
        self.logged.append(row | {"received_at": self.now, "is_late": is_late})
        if verdict is Verdict.STORE_AS_CURRENT:
            self.current[sent.item] = row
            self.standing[sent.item] = Standing(
                operation_id=sent.operation_id,
                revision=sent.revision,
                device=sent.device,
                content=incoming.content,
            )

    def _is_late(self, sent: SentOperation) -> bool:
        """Whether the operation came after the end; raises when it may not come any more."""
        administration = self.administration
        closed_at = administration.closed_at or (
            None if administration.is_open_at(self.now) else administration.closes_at
        )
        if administration.opened_at is None:
            raise AdministrationNotOpen(occasion=administration.occasion.value)
        if self.sitting.is_sent:  # it was sent whole, and may have been shown its result
            raise SittingClosed()
        came = arrival(now=self.now, age=sent.age, closed_at=closed_at, grace=self.late)
        if came is Arrival.REFUSED:
            raise AdministrationClosed(occasion=administration.occasion.value)
        return came is Arrival.LATE

    def _row(self, operation: Operation, language: str) -> dict[str, Any]:
        return {
            "sitting_id": self.sitting.id,
            "item": operation.item,
            "operation_id": operation.operation_id,
            "revision": operation.revision,
            "device": operation.device,
            "content": operation.content,
            "language": language,
        }

    @property
    def answered_count(self) -> int:
        """How many items stand answered."""
        return sum(each.content != _NOTHING for each in self.standing.values())


def chosen_by_item(standing: Mapping[str, Standing]) -> dict[str, frozenset[str]]:
    """What is scored: the options that stand for each item; words are never among them."""
    return {item: frozenset(json.loads(each.content)["options"]) for item, each in standing.items()}


def shown_by_item(standing: Mapping[str, Standing]) -> dict[str, tuple[str, ...]]:
    """What the participant's own screen shows for each item: options, or the words."""
    contents = {item: json.loads(each.content) for item, each in standing.items()}
    return {
        item: (content["text"],) if content["text"] else tuple(content["options"])
        for item, content in contents.items()
    }


def _check_answer(item: FormItem | None, sent: SentOperation) -> None:
    if item is None:
        raise ItemUnknown(item=sent.item)
    if item.kind is ItemKind.SHORT_TEXT:
        if sent.options or len(sent.text or "") > item.max_length:
            raise ResponseMalformed(item=sent.item)
        return
    letters = {option.option for option in item.options} | (
        {DO_NOT_KNOW} if item.is_scored else set()
    )
    for option in sent.options:
        if option not in letters:
            raise OptionUnknown(item=sent.item, option=option)
    if sent.text is not None:
        raise ResponseMalformed(item=sent.item)
    if len(sent.options) > 1 and item.kind is not ItemKind.MULTI_SELECT:
        raise ResponseMalformed(item=sent.item)


def _content(sent: SentOperation) -> str:
    """The canonical text of an answer: the same answer is always the same text."""
    content = {"options": sorted(set(sent.options)), "text": sent.text or None}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
