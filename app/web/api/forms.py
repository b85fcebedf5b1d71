"""API: published forms, what changed between versions, retired and offered again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app.banks import corrections, life
from app.banks import service as banks
from app.banks.diffing import say_change
from app.web.api.problems import PROBLEMS
from app.web.api.wire import Sent, Told
from app.web.api.wire_forms import ToldForm
from app.web.deps import ApiAdmin, ApiStaff, OpenWork

router = APIRouter(responses=PROBLEMS, tags=["forms"])


class SentReason(Sent):
    """Why."""

    reason: str = Field(max_length=300, examples=["The law has changed."])


class SentCorrection(SentReason):
    """Which question, by its number, and its right answers by letter; none: it is withdrawn."""

    item: str = Field(max_length=10, examples=["7"])
    keys: list[str] = Field(max_length=10, examples=[["b"]])


class ToldCorrection(Told):
    """A correction; no `keys`: the question was withdrawn."""

    item: str
    old_keys: list[str]
    keys: list[str]
    reason: str
    corrected_at: datetime
    corrected_form_id: str
    is_finished: bool


class ToldChange(Told):
    """One change between two versions: its kind, what it names, and the English sentence."""

    kind: str = Field(examples=["key"])
    facts: dict[str, str]
    says: str


@router.get("/forms", operation_id="list_forms")
def list_forms(work: OpenWork, _staff: ApiStaff) -> list[ToldForm]:
    """Published forms, without keys; a retired one says since when."""
    return [ToldForm.of(form) for form in banks.find_forms(work)]


@router.get("/forms/{form_id}", operation_id="get_form")
def get_form(work: OpenWork, _staff: ApiStaff, form_id: str) -> ToldForm:
    """One published form, without its keys."""
    return ToldForm.of(banks.access_form(work, form_id))


@router.get("/forms/{form_id}/changes", operation_id="list_changes")
def list_changes(
    work: OpenWork, _admin: ApiAdmin, form_id: str, since: Annotated[str, Query(max_length=80)]
) -> list[ToldChange]:
    """What has changed since another published form, as a rule an earlier version; with keys."""
    form, old = banks.access_form(work, form_id), banks.access_form(work, since)
    return [
        ToldChange(kind=each.kind, facts=dict(each.facts), says=say_change(each))
        for each in life.compare_forms(work, old, form)
    ]


@router.post("/forms/{form_id}/retire", operation_id="retire_form")
def retire_form(work: OpenWork, admin: ApiAdmin, form_id: str, sent: SentReason) -> ToldForm:
    """Offer a form no more: its tests go on, its results stay, it can be read."""
    form = banks.access_form(work, form_id)
    return ToldForm.of(life.retire_form(work, form, reason=sent.reason, by=admin))


@router.post("/forms/{form_id}/offer", operation_id="offer_form")
def offer_form(work: OpenWork, admin: ApiAdmin, form_id: str) -> ToldForm:
    """Offer a retired form again."""
    return ToldForm.of(life.offer_form(work, banks.access_form(work, form_id), by=admin))


@router.post("/forms/{form_id}/correct", status_code=201, operation_id="correct_form")
def correct_form(work: OpenWork, admin: ApiAdmin, form_id: str, sent: SentCorrection) -> ToldForm:
    """Publish the next version with another key, or without a question; then all are scored anew.

    That takes a while: workshop by workshop (`GET /forms/{form_id}/correction`).
    """
    form = banks.access_form(work, form_id)
    return ToldForm.of(
        corrections.correct_form(
            work, form, item=sent.item, keys=sent.keys, reason=sent.reason, by=admin
        )
    )


@router.get("/forms/{form_id}/correction", operation_id="get_correction")
def get_correction(work: OpenWork, _admin: ApiAdmin, form_id: str) -> ToldCorrection | None:
    """What was corrected of this version, and whether all tests are scored anew; null: nothing."""
    found = corrections.get_correction(work, banks.access_form(work, form_id).id)
    return (
        None
        if found is None
        else ToldCorrection(
            item=found.item,
            old_keys=list(found.old_keys),
            keys=list(found.keys),
            reason=found.reason,
            corrected_at=found.corrected_at,
            corrected_form_id=found.corrected_form_id,
            is_finished=found.is_finished,
        )
    )
