"""The trainer erases what is kept under a card, for a person who asks."""

from typing import Any

from fastapi import Response

from app.core.codes import read_card_number
from app.core.errors import ErasureUnconfirmed, Refusal
from app.participants import service as participants
from app.upkeep import persons
from app.web.deps import OpenWork, OwnWorkshop, PageTrainer, SentForm
from app.web.routers import staff_pages
from app.web.view import ReaderView
from app.workshops.schemas import WorkshopRecord

router = staff_pages("/trainer/workshops/{workshop_id}")

_FIELDS = ("number", "asked", "removes", "sure")
_WAYS = ("aloud", "in_writing", "by_mistake")


@router.get("/erase")
def show_erase(view: ReaderView, workshop: OwnWorkshop) -> Response:
    """Where the card's number is typed; nothing about a person is shown."""
    return view.show("trainer/erase.html", error=None, **_context(workshop))


@router.post("/erase", name="erase_person")
def erase_person(
    view: ReaderView, work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop, sent: SentForm
) -> Response:
    """Erase it; the log says that it was done and how it was asked for, never whose it was."""
    typed = {name: str(sent.get(name, "")) for name in _FIELDS}
    try:
        card = participants.require_card(work, workshop, read_card_number(typed["number"]))
        if typed["sure"] != "yes":
            raise ErasureUnconfirmed()
        asked = typed["asked"] if typed["asked"] in _WAYS else _WAYS[0]
        keeps = not typed["removes"]
        persons.erase_for(work, workshop, card, keeps=keeps, asked=asked, by=trainer)
    except Refusal as refusal:
        view.show_again("trainer/erase.html", refusal, **_context(workshop, typed, refusal))
    return view.show("trainer/erase.html", error=None, **_context(workshop, erased=card.number))


def _context(
    workshop: WorkshopRecord,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    *,
    erased: str = "",
) -> dict[str, Any]:
    is_unsure = isinstance(refusal, ErasureUnconfirmed)
    field = "sure" if is_unsure else "number" if refusal else ""
    return {
        "workshop": workshop,
        "typed": typed or dict.fromkeys(_FIELDS, ""),
        "field": field,
        "erased": erased,
    }
