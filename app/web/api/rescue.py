"""API: answers carried in by hand from a phone that never reconnected."""

from fastapi import APIRouter
from pydantic import Field

from app.sittings.rescuing import take_in_rescue
from app.web.api.problems import PROBLEMS
from app.web.api.wire import Sent, Told
from app.web.deps import ApiOwnWorkshop, ApiTrainer, OpenWork, TheHouse

router = APIRouter(responses=PROBLEMS)


class SentRescue(Sent):
    """What the phone shows: the groups, or the square's text."""

    typed: str = Field(min_length=1, max_length=600)


class ToldRescue(Told):
    """How many items of that card's test stand answered now; never what was answered."""

    answered_count: int


@router.post("/workshops/{workshop_id}/rescues", operation_id="take_in_rescue", tags=["sittings"])
def take_in(
    house: TheHouse,
    work: OpenWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
    sent: SentRescue,
) -> ToldRescue:
    """Keep and send the answers a phone shows as groups; again it changes nothing."""
    done = take_in_rescue(
        work, workshop, sent.typed, by=trainer, late=house.late, on_completed=house.on_completed
    )
    return ToldRescue(answered_count=done.answered_count)
