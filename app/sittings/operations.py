"""One request's operations: each is checked, decided by `core.merging`, and written to the log.

The log is only ever added to; what stands for an item is the operation with the highest revision.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from app.adapters.db import Work
from app.banks.schemas import FormItem, PublishedForm
from app.core.errors import (
    AdministrationClosed,
    AdministrationNotOpen,
    ItemUnknown,
    OperationConflict,
    OptionUnknown,
    ResponseMalformed,
    SittingClosed,
)
from app.core.merging import Arrival, Operation, Verdict, arrival, decide
from app.core.scoring import DO_NOT_KNOW, ItemKind
from app.sittings import queries
from app.sittings.schemas import RefusedOperation, SentOperation
from app.sittings.tables import Response, Sitting, SittingOperation
from app.workshops.schemas import AdministrationRecord


@dataclass
class Batch:
    """What is stored already, and what becomes of one request's operations."""

    known: dict[str, Operation]
    responses: dict[str, Response]
    acknowledged: list[str] = field(default_factory=list)
    refused: list[RefusedOperation] = field(default_factory=list)
    has_late: bool = False
    is_changed: bool = False


def take_in(
    work: Work,
    row: Sitting,
    administration: AdministrationRecord,
    form: PublishedForm,
    batch: Batch,
    sent: SentOperation,
    late: timedelta,
) -> None:
    """Store one operation, or see that it is stored; raises the reason why it cannot be."""
    incoming = Operation(
        operation_id=sent.operation_id,
        item=sent.item,
        revision=sent.revision,
        device=sent.device,
        content=_content(sent),
    )
    response = batch.responses.get(sent.item)
    verdict = decide(
        known=batch.known.get(sent.operation_id),
        standing=queries.standing_of(response),
        incoming=incoming,
    )
    if verdict is Verdict.SAME:
        return
    if verdict is Verdict.CONFLICT:
        raise OperationConflict(operation_id=sent.operation_id)
    _check_answer(form.get_item(sent.item), sent)
    is_late = _is_late(work, row, administration, sent, late)
    _log_operation(work, row.id, incoming, language=sent.language, is_late=is_late)
    batch.known[sent.operation_id] = incoming
    batch.has_late = batch.has_late or is_late
    batch.is_changed = True
    if verdict is Verdict.STORE_AS_CURRENT:
        batch.responses[sent.item] = _standing_row(row.id, response, incoming, sent.language)


def _log_operation(
    work: Work, sitting_id: str, operation: Operation, *, language: str, is_late: bool
) -> None:
    """One more line in the append-only log."""
    work.db.add(
        SittingOperation(
            sitting_id=sitting_id,
            operation_id=operation.operation_id,
            item=operation.item,
            revision=operation.revision,
            device=operation.device,
            content=operation.content,
            language=language,
            received_at=work.now,
            is_late=is_late,
        )
    )


def _is_late(
    work: Work,
    row: Sitting,
    administration: AdministrationRecord,
    sent: SentOperation,
    late: timedelta,
) -> bool:
    """Whether the operation came after the end; raises when it may not come any more."""
    closed_at = administration.closed_at or (
        None if administration.is_open_at(work.now) else administration.closes_at
    )
    if administration.opened_at is None:
        raise AdministrationNotOpen(occasion=administration.occasion.value)
    if row.submitted_by == "participant":  # it was sent whole, and may have been shown its result
        raise SittingClosed()
    came = arrival(now=work.now, age=sent.age, closed_at=closed_at, grace=late)
    if came is Arrival.REFUSED:
        raise AdministrationClosed(occasion=administration.occasion.value)
    return came is Arrival.LATE


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
    content = {"options": sorted(set(sent.options)), "text": sent.text}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _standing_row(
    sitting_id: str, response: Response | None, operation: Operation, language: str
) -> Response:
    """The row of what stands for one item from now on."""
    row = response or Response(
        sitting_id=sitting_id,
        item=operation.item,
        operation_id="",
        revision=0,
        device="",
        content="",
        language="",
    )
    row.operation_id = operation.operation_id
    row.revision = operation.revision
    row.device = operation.device
    row.content = operation.content
    row.language = language
    return row
