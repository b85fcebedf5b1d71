"""What to teach first: the trainer's own list after the pre-test, and what goes on the wall of it.

A question on the wall before the post-test teaches the test: it is warned of, and every look is
recorded for the method note.
"""

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.gains import service as gains
from app.web.deps import AuditedWork, OpenWork, OwnWorkshop, PageTrainer
from app.web.routers import staff_pages
from app.web.view import ReaderView
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

router = staff_pages("/trainer/workshops/{workshop_id}/teach")


@router.get("")
def show_teach_first(
    view: ReaderView, work: AuditedWork, trainer: PageTrainer, workshop: OwnWorkshop
) -> Response:
    """Topics and mistaken beliefs from the pre-test's closing, for the trainer's eyes alone."""
    found = gains.read_teach_first(work, workshop, by=trainer)
    form = workshops.require_form(work, workshop)
    return view.show("trainer/teach.html", workshop=workshop, found=found, form=form)


@router.get("/wall")
def show_topics_on_wall(
    view: ReaderView, work: AuditedWork, trainer: PageTrainer, workshop: OwnWorkshop
) -> Response:
    """The topics in their order for everybody to see; no number, no question."""
    found = gains.show_topics(work, workshop, by=trainer)
    if not found.topics:
        return _to_list(workshop)
    form = workshops.require_form(work, workshop)
    return view.show("trainer/wall.html", workshop=workshop, found=found, form=form, item=None)


@router.get("/items/{item}")
def show_item_warning(
    view: ReaderView, work: OpenWork, workshop: OwnWorkshop, item: str
) -> Response:
    """Before a question goes on the wall: what that does to the post-test."""
    found = gains.find_item_to_show(work, workshop, item)
    if found is None:
        return _to_list(workshop)
    return view.show("trainer/teach_item.html", workshop=workshop, item=found)


@router.get("/items/{item}/wall")
def show_item_on_wall(
    view: ReaderView, work: AuditedWork, trainer: PageTrainer, workshop: OwnWorkshop, item: str
) -> Response:
    """One question with its choices, without the right one."""
    found = gains.show_item(work, workshop, item, by=trainer)
    if found is None:
        return _to_list(workshop)
    return view.show("trainer/wall.html", workshop=workshop, found=None, item=found)


def _to_list(workshop: WorkshopRecord) -> Response:
    return RedirectResponse(f"/trainer/workshops/{workshop.id}/teach", 303)
