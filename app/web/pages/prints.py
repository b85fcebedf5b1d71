"""What a trainer prints before the day: cards, poster, room sheet."""

from fastapi import APIRouter, Depends, Response

from app.web import prints
from app.web.deps import (
    AuditedWork,
    OpenWork,
    OwnWorkshop,
    PageTrainer,
    TheHouse,
    check_csrf,
    check_origin,
    keep_sign_in,
)
from app.web.view import ReaderView

router = APIRouter(
    prefix="/trainer/workshops/{workshop_id}",
    include_in_schema=False,
    dependencies=[Depends(check_origin), Depends(check_csrf), Depends(keep_sign_in)],
)


@router.get("/cards.pdf")
def show_printed_cards(
    house: TheHouse,
    work: AuditedWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    number: str = "",
) -> Response:
    """24 cards to an A4, or the one with this number."""
    return prints.print_cards(house, work, workshop, number, by=trainer)


@router.get("/poster.pdf")
def show_poster(house: TheHouse, workshop: OwnWorkshop) -> Response:
    """One page for the wall."""
    return prints.print_poster(house, workshop)


@router.get("/room-sheet.pdf")
def show_room_sheet(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """The list to tick on paper, in the reader's language."""
    return prints.print_room_sheet(house, work, workshop, language=view.language)
