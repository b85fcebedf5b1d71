"""The trainer's list of people: a file or pasted names looked over, then taken in."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.log import record_seen
from app.adapters.db import Work
from app.core.errors import Refusal
from app.participants import rosters
from app.participants.rosters import Roster
from app.web import lists
from app.web.deps import AuditedWork, OpenWork, OwnWorkshop, PageTrainer, SentForm
from app.web.routers import list_pages
from app.web.uploads import sheet_of
from app.web.view import ReaderView, View
from app.workshops.schemas import WorkshopRecord

router = list_pages("/trainer/workshops/{workshop_id}/people")


@router.get("")
def show_people(
    view: ReaderView, work: AuditedWork, trainer: PageTrainer, workshop: OwnWorkshop
) -> Response:
    """Who is on the list, with the number of the card; and the way to bring a list."""
    record_seen(work, by=trainer, object_id=workshop.id)
    return view.show("trainer/people.html", error=None, **_start(work, workshop, ""))


@router.post("/read", name="read_list")
def read_list(
    request: Request, view: ReaderView, work: OpenWork, workshop: OwnWorkshop, sent: SentForm
) -> Response:
    """A file or pasted lines as a table, its columns guessed; nothing is kept yet."""
    try:
        sheet = sheet_of(request)
        roster = rosters.look_over(
            work, workshop, lists.new_list(sheet), provinces=lists.province_keys(workshop)
        )
    except Refusal as refusal:
        context = _start(work, workshop, str(sent.get("pasted", "")))
        view.show_again("trainer/people.html", refusal, **context)
    return _show_list(view, workshop, roster, others=sheet.others)


@router.post("/check", name="check_list")
def check_list(view: ReaderView, work: OpenWork, workshop: OwnWorkshop, sent: SentForm) -> Response:
    """The same list with other columns or corrected rows; nothing is kept yet."""
    try:
        listed = lists.read_sent_list(sent)
        roster = rosters.look_over(work, workshop, listed, provinces=lists.province_keys(workshop))
    except Refusal as refusal:
        view.show_again("trainer/people.html", refusal, **_start(work, workshop, ""))
    return _show_list(view, workshop, roster)


@router.post("", name="take_in_list")
def take_in_list(
    view: ReaderView, work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop, sent: SentForm
) -> Response:
    """Take in who is ready; the rows that need the trainer stay on the page."""
    try:
        listed, provinces = lists.read_sent_list(sent), lists.province_keys(workshop)
        added, roster = rosters.take_in(work, workshop, listed, provinces=provinces, by=trainer)
    except Refusal as refusal:
        view.show_again("trainer/people.html", refusal, **_start(work, workshop, ""))
    return _after(view, workshop, roster, added)


def _after(view: View, workshop: WorkshopRecord, roster: Roster, added: int) -> Response:
    if lists.page_context(roster)["needing"]:
        return _show_list(view, workshop, roster, added=added)
    return RedirectResponse(f"/trainer/workshops/{workshop.id}/people", 303)


def _show_list(
    view: View,
    workshop: WorkshopRecord,
    roster: Roster,
    *,
    others: int = 0,
    added: int | None = None,
) -> Response:
    context = lists.page_context(roster, others=others, added=added)
    return view.show("trainer/people_check.html", workshop=workshop, **context)


def _start(work: Work, workshop: WorkshopRecord, pasted: str) -> dict[str, Any]:
    return {
        "workshop": workshop,
        "listed": rosters.find_listed(work, workshop),
        "pasted": pasted,
    }
