"""One published form: its versions, what changed between two of them, retired or offered again."""

import re
from typing import Annotated, Any

from fastapi import Form, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from app.banks import corrections, life
from app.banks import service as banks
from app.banks.diffing import say_change
from app.banks.schemas import PublishedForm, Purpose
from app.core.errors import Refusal
from app.web.deps import OpenWork, PageAdmin, SentForm
from app.web.routers import staff_pages
from app.web.view import ReaderView, View

router = staff_pages("/admin/forms/{form_id}")
_PAGE = "admin/form.html"
_Id = Annotated[str, Query(max_length=80)]


@router.get("")
def show_form(
    view: ReaderView, work: OpenWork, _admin: PageAdmin, form_id: str, since: _Id = ""
) -> Response:
    """The form as it is published, and what has changed since another version."""
    form = banks.access_form(work, form_id)
    return view.show(_PAGE, error=None, typed="", **_shown(view, work, form, since))


@router.post("/retire", name="retire_form")
def retire_form(
    view: ReaderView,
    work: OpenWork,
    admin: PageAdmin,
    form_id: str,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Offer it no more."""
    form = banks.access_form(work, form_id)
    try:
        life.retire_form(work, form, reason=reason, by=admin)
    except Refusal as refusal:
        view.show_again(_PAGE, refusal, typed=reason, **_shown(view, work, form, ""))
    return RedirectResponse(f"/admin/forms/{form_id}", 303)


@router.post("/offer", name="offer_form")
def offer_form(work: OpenWork, admin: PageAdmin, form_id: str) -> Response:
    """Offer it again."""
    life.offer_form(work, banks.access_form(work, form_id), by=admin)
    return RedirectResponse(f"/admin/forms/{form_id}", 303)


@router.post("/correct", name="correct_form")
def correct_form(
    view: ReaderView, work: OpenWork, admin: PageAdmin, form_id: str, sent: SentForm
) -> Response:
    """Correct a key or withdraw a question: the next version is published, all are scored anew."""
    form = banks.access_form(work, form_id)
    item, keys, reason = read_correction(sent)
    try:
        made = corrections.correct_form(work, form, item=item, keys=keys, reason=reason, by=admin)
    except Refusal as refusal:
        view.show_again(_PAGE, refusal, typed=reason, **_shown(view, work, form, ""))
    return RedirectResponse(f"/admin/forms/{made.id}", 303)


def read_correction(sent: FormData) -> tuple[str, list[str], str]:
    """Which question, its right answers (none: withdrawn), and why."""
    typed = str(sent.get("keys", "")).lower()
    keys = [] if sent.get("act") == "withdraw" else re.findall(r"[0-9]*[a-z]+", typed) or ["?"]
    return str(sent.get("item", "")), keys, str(sent.get("reason", ""))


def _shown(view: View, work: OpenWork, form: PublishedForm, since: str) -> dict[str, Any]:
    """The form, its versions, and what changed since one of them, or since the one before."""
    versions = life.find_versions(work, form)
    earlier = [each for each in versions if each.version < form.version]
    old = banks.access_form(work, since) if since else next(iter(earlier), None)
    changes = life.compare_forms(work, old, form) if old else []
    return {
        "form": form,
        "versions": versions,
        "old": old,
        "changes": [say_change(each, view.voice.say) for each in changes],
        "is_offered": form.id in {each.id for each in life.find_offered(work)},
        "is_test": form.purpose is Purpose.TEST,
        "keys": {each.item: each.keys for each in banks.require_content(work, form.id).keys},
        "correction": corrections.get_correction(work, form.id),
        "corrected_by": corrections.get_correction_to(work, form.id),
    }
