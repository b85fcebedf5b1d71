"""Answers from a phone that never reconnected, typed or scanned by the trainer."""

from typing import Annotated

from fastapi import Form, Response

from app.core.errors import Refusal
from app.sittings.rescuing import take_in_rescue
from app.web.deps import (
    OpenWork,
    OwnWorkshop,
    PageTrainer,
    TheHouse,
)
from app.web.routers import staff_pages
from app.web.view import ReaderView

router = staff_pages("/trainer/workshops/{workshop_id}")


@router.get("/rescue")
def show_rescue(view: ReaderView, workshop: OwnWorkshop) -> Response:
    """Where the groups are typed."""
    return view.show("trainer/rescue.html", workshop=workshop, error=None, typed="", done=None)


@router.post("/rescue", name="take_in_rescue")
def take_in(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    typed: Annotated[str, Form()] = "",
) -> Response:
    """Keep and send the answers; what was typed wrong comes back with the group to look at."""
    try:
        done = take_in_rescue(
            work, workshop, typed, by=trainer, late=house.late, on_completed=house.on_completed
        )
    except Refusal as refusal:
        view.show_again("trainer/rescue.html", refusal, workshop=workshop, typed=typed, done=None)
    return view.show("trainer/rescue.html", workshop=workshop, error=None, typed="", done=done)
