"""API: sheets of paper, typed in one line each."""

from fastapi import APIRouter
from pydantic import Field

from app.sittings.entering import MOST_TYPED, TypedSheet, enter_sheet
from app.web.api.problems import PROBLEMS
from app.web.api.wire import Sent, Told
from app.web.deps import ApiOwnWorkshop, ApiTrainer, OpenWork, TheHouse
from app.workshops.schemas import Occasion

router = APIRouter(responses=PROBLEMS)


class SentSheet(Sent):
    """The line: the card's four digits, then a letter or digit for each question, nothing between.

    Where several may be ticked, their letters and a "/"; a hyphen is no answer. `language` is that
    of the sheet, empty for the workshop's first one.
    """

    typed: str = Field(min_length=4, max_length=MOST_TYPED, examples=["4183ACBDEACBDEACBDEACBDE"])
    language: str = Field(default="", max_length=40)


class ToldSheet(Told):
    """Whose sheet it is and how many questions stand answered now; never what was answered."""

    card: str
    answered_count: int
    is_corrected: bool


@router.post(
    "/workshops/{workshop_id}/administrations/{occasion}/sheets",
    operation_id="enter_sheet",
    tags=["sittings"],
)
def enter(
    house: TheHouse,
    work: OpenWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
    occasion: Occasion,
    sent: SentSheet,
) -> ToldSheet:
    """Keep a sheet of paper, or correct the one that stands; again it changes nothing."""
    sheet = TypedSheet(occasion, sent.language, sent.typed)
    done = enter_sheet(
        work, workshop, sheet, by=trainer, late=house.late, on_completed=house.on_completed
    )
    return ToldSheet(
        card=done.sheet.card,
        answered_count=done.sitting.answered_count,
        is_corrected=done.is_corrected,
    )
