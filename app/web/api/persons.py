"""API: what is kept about a person, for whoever holds the card; and erasing it."""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from app.core.codes import read_card_number
from app.core.errors import ErasureUnconfirmed
from app.participants import service as participants
from app.upkeep import persons
from app.web.api.problems import PROBLEMS
from app.web.api.wire import NO_NUL, Sent
from app.web.deps import (
    ApiJoinedWorkshop,
    ApiOwnWorkshop,
    ApiPhone,
    ApiTrainer,
    OpenWork,
    TheHouse,
)

router = APIRouter(responses=PROBLEMS)


class SentErasure(Sent):
    """That it is meant; and whether the certificate can still be checked afterwards."""

    is_sure: bool = Field(examples=[True])
    keeps_certificate: bool = True


class SentErasureFor(SentErasure):
    """For somebody who asked: the card's number, and in which way it was asked for."""

    number: Annotated[str, Field(max_length=40, pattern=NO_NUL, examples=["4183"])]
    asked: Literal["aloud", "in_writing", "by_mistake"] = "aloud"


@router.get("/me/kept", operation_id="get_kept", tags=["participants"])
def get_kept(
    house: TheHouse, work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> dict[str, Any]:
    """All that is kept under this card, as the page's file has it; marks after the post-test."""
    days = house.settings.names_days
    kept = persons.read_kept(work, phone, workshop, late=house.late, names_days=days)
    told: dict[str, Any] = json.loads(persons.as_json(kept))
    return told


@router.post("/me/erasure", status_code=204, operation_id="erase_own", tags=["participants"])
def erase_own(
    work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop, sent: SentErasure
) -> Response:
    """Erase all that is kept under this card; the token works no longer. It cannot be undone."""
    if not sent.is_sure:
        raise ErasureUnconfirmed()
    persons.erase_own(work, phone, workshop, keeps=sent.keeps_certificate)
    return Response(status_code=204)


@router.post(
    "/workshops/{workshop_id}/erasures",
    status_code=204,
    operation_id="erase_person",
    tags=["cards"],
)
def erase_person(
    work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop, sent: SentErasureFor
) -> Response:
    """Erase what is kept under a card, for somebody who asked. It cannot be undone."""
    card = participants.require_card(work, workshop, read_card_number(sent.number))
    if not sent.is_sure:
        raise ErasureUnconfirmed()
    persons.erase_for(
        work, workshop, card, keeps=sent.keeps_certificate, asked=sent.asked, by=trainer
    )
    return Response(status_code=204)
