"""Sheets of paper, typed by the trainer one line each."""

from typing import Annotated, Any

from fastapi import Form, Response

from app.core.errors import Refusal
from app.sittings.entering import MOST_TYPED, TypedSheet, enter_sheet
from app.web.deps import OpenWork, OwnWorkshop, PageTrainer, TheHouse
from app.web.routers import staff_pages
from app.web.sheets import read_desk, shown
from app.web.view import ReaderView
from app.workshops.schemas import Occasion

router = staff_pages("/trainer/workshops/{workshop_id}")


@router.get("/paper")
def show_paper(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """Where sheets are typed; nothing that was typed before is shown."""
    desk = read_desk(house, work, workshop)
    return view.show(
        "trainer/paper.html", workshop=workshop, desk=desk, error=None, typed="", done=None
    )


@router.post("/paper", name="enter_sheet")
def enter(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    occasion: Annotated[Occasion, Form()] = Occasion.PRE,
    language: Annotated[str, Form()] = "",
    typed: Annotated[str, Form()] = "",
) -> Response:
    """Keep a sheet and show it back; what was typed wrong comes back with its question."""
    desk = read_desk(house, work, workshop, occasion.value, language)
    facts: dict[str, Any] = {"workshop": workshop, "desk": desk}
    sheet = TypedSheet(occasion, language, typed[:MOST_TYPED])
    try:
        entered = enter_sheet(
            work, workshop, sheet, by=trainer, late=house.late, on_completed=house.on_completed
        )
    except Refusal as refusal:
        view.show_again("trainer/paper.html", refusal, typed=typed, done=None, **facts)
    return view.show("trainer/paper.html", error=None, typed="", done=shown(entered), **facts)
