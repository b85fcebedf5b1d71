"""The test: started, shown as one document, sent. With a script the API's save path takes over."""

from datetime import timedelta
from typing import Annotated

from fastapi import Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from app.adapters.db import Work
from app.adapters.sealing import digest
from app.banks.schemas import FormItem, PublishedForm
from app.core.errors import NotFound, Refusal
from app.core.scoring import ItemKind, as_meant
from app.participants.schemas import OpenPass
from app.sittings import saving
from app.sittings import service as sittings
from app.sittings.assistance import note_assistance
from app.sittings.schemas import SentOperation, SittingRecord
from app.web.cookies import set_sitting_cookie
from app.web.deps import JoinedWorkshop, OpenWork, Phone, SentForm
from app.web.form_document import (
    Chosen,
    FormDocument,
    get_form_document,
    policy,
    render_form,
    spoken_of,
)
from app.web.problems import ShowAgain, status_of
from app.web.routers import public_pages
from app.web.view import ReaderView, View
from app.workshops import service as workshops
from app.workshops.schemas import Occasion, WorkshopRecord

router = public_pages()

_CACHE = "private, max-age=43200"  # a day's test opens again although the server is away


@router.post("/my/start", name="open_sitting")
def start_test(
    view: ReaderView,
    work: OpenWork,
    phone: Phone,
    workshop: JoinedWorkshop,
    helped: Annotated[str, Form()] = "",
) -> Response:
    """Start the test that is open, or go on with it."""
    sitting = sittings.start_current(work, phone)
    if sitting is not None and helped:
        note_assistance(work, sitting)
    return way_to_test(view, work, phone, workshop, sitting)


@router.get("/my/test")
def show_own_test(
    view: ReaderView, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """The test with what this person has chosen so far; for who has no script."""
    sitting = sittings.get_current_sitting(work, phone)
    if sitting is None or sitting.is_sent:
        return RedirectResponse("/my" if phone.has_agreed else "/my/consent", 303)
    page = _own_page(view, work, phone, workshop, sitting)
    set_sitting_cookie(page, view.house, work, phone, sitting)
    return page


@router.get("/my/test/{version}")
def show_test(
    view: ReaderView,
    work: OpenWork,
    phone: Phone,
    workshop: JoinedWorkshop,
    version: str,
) -> Response:
    """The test as everybody gets it: compressed once, kept by the phone for the day."""
    sitting = sittings.get_current_sitting(work, phone)
    if sitting is None or sitting.is_sent:
        return RedirectResponse("/my", 303)
    document = document_of(view, work, phone, workshop, sitting)
    body, headers = document.body_for(view.request.headers.get("accept-encoding", ""))
    headers |= {
        "Cache-Control": _CACHE,
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": policy(),
    }
    page = HTMLResponse(body, headers=headers)
    set_sitting_cookie(page, view.house, work, phone, sitting)
    return page


@router.post("/my/test", name="send_operations")
def send_test(
    view: ReaderView, work: OpenWork, phone: Phone, workshop: JoinedWorkshop, sent: SentForm
) -> Response:
    """Keep every answer of the page and send the sitting; sent twice, it changes nothing."""
    sitting = require_sent_sitting(work, phone, sent)
    form = sittings.form_of(work, sitting)
    operations = read_operations(work, sent, form, sitting)
    house = view.house
    try:
        saving.save_and_submit(
            work, sitting, operations, late=house.late, on_completed=house.on_completed
        )
    except Refusal as refusal:
        page = _own_page(view, work, phone, workshop, sitting, (refusal, read_chosen(sent, form)))
        raise ShowAgain(page) from refusal
    return RedirectResponse("/my", 303)


def way_to_test(
    view: View,
    work: Work,
    phone: OpenPass,
    workshop: WorkshopRecord,
    sitting: SittingRecord | None,
) -> Response:
    """To the document of a sitting that was started or is gone on with; to the desk without one."""
    if sitting is None:
        return RedirectResponse("/my", 303)
    document = document_of(view, work, phone, workshop, sitting)
    response = RedirectResponse(f"/my/test/{document.version}", 303)
    set_sitting_cookie(response, view.house, work, phone, sitting)
    return response


def document_of(
    view: View, work: Work, phone: OpenPass, workshop: WorkshopRecord, sitting: SittingRecord
) -> FormDocument:
    """The document of a sitting's form in the languages of this phone."""
    form = sittings.form_of(work, sitting)
    return get_form_document(
        view.house.catalogues,
        form,
        sitting.occasion,
        spoken_of(form, workshop.languages, phone.language, view.draft, view.letters),
        is_synthetic=view.house.settings.is_demo or workshop.is_synthetic,
    )


def require_sent_sitting(work: Work, phone: OpenPass, sent: FormData) -> SittingRecord:
    """The phone's own sitting of the occasion the page was made for; raises NotFound."""
    by_occasion = sittings.find_own_sittings(work, phone)
    named = str(sent.get("occasion", ""))
    sitting = by_occasion.get(Occasion(named)) if named in set(Occasion) else None
    if sitting is None:
        raise NotFound()
    return sitting


def read_operations(
    work: Work, sent: FormData, form: PublishedForm, sitting: SittingRecord
) -> list[SentOperation]:
    """One operation per item that the page answers otherwise than what stands.

    The id is derived from the content, so that a page sent twice gives the same operations. A page
    that showed what stood takes away what is no longer ticked. When it was filled in is not known
    without a script: it counts as filled in before a closing of the last day.
    """
    standing = sittings.find_chosen(work, sitting)
    revision = sittings.next_revision(work, sitting)
    chosen = read_chosen(sent, form)
    is_shown = sent.get("shown") == "yes"
    changed = {
        item.item: (item.kind, chosen[item.item])
        for item in form.items
        if (chosen[item.item] or is_shown) and chosen[item.item] != standing.get(item.item, ())
    }
    return [
        SentOperation(
            operation_id=digest(f"{sitting.id}/{item}/{revision}/{values}")[:32],
            item=item,
            revision=revision,
            device="page",
            options=() if kind is ItemKind.SHORT_TEXT else values,
            text=values[0] if kind is ItemKind.SHORT_TEXT and values else None,
            language=sitting.language,
            age=timedelta(days=1),
        )
        for item, (kind, values) in changed.items()
    ]


def read_chosen(sent: FormData, form: PublishedForm) -> dict[str, tuple[str, ...]]:
    """What was ticked or written on the page, by item."""
    return {item.item: _read_item(sent, item) for item in form.items}


def _read_item(sent: FormData, item: FormItem) -> tuple[str, ...]:
    name = f"item-{item.item}"
    names = (name, *(f"{name}-{each.row}" for each in item.rows))
    values = [str(value) for each in names for value in sent.getlist(each) if value]
    return tuple(sorted(as_meant(values) if item.may_have_several else values))


def _own_page(
    view: View,
    work: Work,
    phone: OpenPass,
    workshop: WorkshopRecord,
    sitting: SittingRecord,
    refused: tuple[Refusal, dict[str, tuple[str, ...]]] | None = None,
) -> HTMLResponse:
    """One person's own rendering; after a refusal with what was ticked and what is wrong."""
    form = sittings.form_of(work, sitting)
    administration = workshops.require_administration_by_id(work, sitting.administration_id)
    left = administration.seconds_left_at(work.now)
    error, chosen = refused or (None, sittings.find_chosen(work, sitting))
    text = render_form(
        view.house.catalogues,
        form,
        sitting.occasion,
        spoken_of(form, workshop.languages, phone.language, view.draft, view.letters),
        is_synthetic=view.house.settings.is_demo or workshop.is_synthetic,
        chosen=Chosen(chosen, None if left is None else f"{left // 60}:{left % 60:02d}", error),
    )
    status = status_of(error) if error else 200
    return HTMLResponse(text, status, headers={"Content-Security-Policy": policy()})
