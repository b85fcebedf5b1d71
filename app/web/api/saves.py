"""API: the save path. Phones come here again and again, so its routes stand before all others."""

from datetime import timedelta

from fastapi import APIRouter, Response

from app.adapters.db import Work
from app.core.errors import CATALOGUE
from app.sittings import service as sittings
from app.sittings.schemas import Finish, SavedOperations, SentOperation, SittingRecord
from app.web.api.problems import PROBLEMS
from app.web.api.wire_participants import (
    SentOperationBody,
    SentOperations,
    ToldReceipt,
    ToldRefusal,
    ToldResponses,
    ToldSaved,
    ToldUnfinished,
)
from app.web.deps import OpenSitting, OpenWork, TheHouse
from app.web.house import House
from app.web.problems import problem
from app.workshops import service as workshops

router = APIRouter(responses=PROBLEMS)


@router.get(
    "/sittings/{sitting_id}/responses",
    operation_id="get_responses",
    tags=["sittings"],
    response_model_exclude_none=True,
)
def get_responses(house: TheHouse, work: OpenWork, sitting_id: OpenSitting) -> ToldResponses:
    """What was chosen so far, for a phone that opens the test again; by the sitting's own token."""
    return _told_responses(work, sittings.require_sitting(work, sitting_id))


@router.post(
    "/sittings/{sitting_id}/operations",
    operation_id="send_operations",
    tags=["sittings"],
    response_model=ToldSaved,
    response_model_exclude_none=True,
)
async def send_operations(
    house: TheHouse, sitting_id: OpenSitting, sent: SentOperations
) -> Response:
    """Keep changes: every id echoed in `acknowledged` is in the database for ever.

    Sent again, nothing changes. An operation that cannot be kept stands in `refused` with its
    code; when none could be kept the first one's problem is the answer. With `finish` the sitting
    is sent as well: the answer holds a receipt, the same each time, or what stands against it.
    """
    saved = await save_sent(house, sitting_id, sent)
    return told_saved(saved, is_finishing=sent.finish)


async def save_sent(house: House, sitting_id: str, sent: SentOperations) -> SavedOperations:
    """Keep what a phone sent; what became of it, once it is committed. Raises SittingGone."""
    operations = [_operation(each) for each in sent.operations]
    finish = Finish(tuple(sent.sent_ids)) if sent.finish else None
    return await house.save(sitting_id, operations, finish)


def _operation(sent: SentOperationBody) -> SentOperation:
    return SentOperation(
        sent.id,
        sent.item,
        sent.revision,
        sent.device,
        tuple(sent.options),
        sent.text,
        sent.language,
        timedelta(milliseconds=sent.age_ms),
    )


def told_saved(saved: SavedOperations, *, is_finishing: bool) -> Response:
    """The answer to a save: what was kept, or the problem when nothing could be."""
    refused = [ToldRefusal(id=each.operation_id, code=each.code) for each in saved.refused]
    unfinished = saved.unfinished
    if refused and not saved.acknowledged:
        first = CATALOGUE[refused[0].code](operation_id=refused[0].id)
        return problem(first, acknowledged=[], refused=[each.model_dump() for each in refused])
    if unfinished and not saved.acknowledged:
        return problem(unfinished, acknowledged=[], refused=[])
    told = ToldSaved(
        acknowledged=list(saved.acknowledged),
        refused=refused,
        receipt=ToldReceipt.of(saved.sitting) if is_finishing and not unfinished else None,
        unfinished=ToldUnfinished.of(unfinished) if unfinished else None,
        closes_in_seconds=saved.closes_in_seconds,
    )
    # Written here, since the framework would check and copy what was just made.
    return Response(told.model_dump_json(exclude_none=True), media_type="application/json")


def _told_responses(work: Work, sitting: SittingRecord) -> ToldResponses:
    administration = workshops.require_administration_by_id(work, sitting.administration_id)
    chosen = sittings.find_chosen(work, sitting)
    return ToldResponses(
        state="sent" if sitting.is_sent else sitting.state.value,
        next_revision=sittings.next_revision(work, sitting),
        chosen={item: list(options) for item, options in chosen.items()},
        closes_in_seconds=administration.seconds_left_at(work.now),
    )
