"""API: a workshop's printed things, as PDF."""

from typing import Any

from fastapi import APIRouter, Response

from app.web import prints
from app.web.api.problems import PROBLEMS
from app.web.deps import ApiOwnWorkshop, ApiTrainer, AuditedWork, OpenWork, TheHouse
from app.web.proof import NamesToken
from app.web.view import ReaderView
from app.workshops.schemas import Occasion

_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}

router = APIRouter(
    prefix="/workshops/{workshop_id}",
    responses=PROBLEMS | _PDF,
    default_response_class=Response,
    tags=["prints"],
)


@router.get("/cards.pdf", operation_id="print_cards", dependencies=[NamesToken])
def print_cards(
    house: TheHouse,
    work: AuditedWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
    number: str = "",
) -> Response:
    """24 cards to an A4, or the one with this number; each carries its secret address."""
    return prints.print_cards(house, work, workshop, number, by=trainer)


@router.get("/poster.pdf", operation_id="print_poster")
def print_poster(house: TheHouse, workshop: ApiOwnWorkshop) -> Response:
    """One page for the wall."""
    return prints.print_poster(house, workshop)


@router.get("/room-sheet.pdf", operation_id="print_room_sheet")
def print_room_sheet(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: ApiOwnWorkshop
) -> Response:
    """The numbers to tick on paper, in the language that Accept-Language asks for."""
    return prints.print_room_sheet(house, work, workshop, language=view.language)


@router.get("/paper-test.pdf", operation_id="print_paper_test")
def print_paper_test(
    house: TheHouse,
    work: OpenWork,
    workshop: ApiOwnWorkshop,
    occasion: Occasion = Occasion.PRE,
    language: str = "",
) -> Response:
    """The test on paper, in one of the workshop's languages; it holds no key."""
    return prints.print_paper_test(house, work, workshop, occasion, language)
