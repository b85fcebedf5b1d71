"""Read aloud: one question on the wall in the main languages, while its test is open and no longer.

For rooms in which people cannot read the test: the trainer reads or translates, people mark the
letter on paper or on their phones. Before its test a question on the wall would teach it.
"""

from fastapi import Response
from fastapi.responses import JSONResponse

from app.accounts import service as accounts
from app.adapters.db import Work
from app.web.deps import AuditedWork, OpenWork, OwnWorkshop, PageTrainer, TheHouse
from app.web.prints import paper_languages, paper_test_of
from app.web.routers import staff_pages
from app.web.view import ReaderView
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, WorkshopRecord

router = staff_pages("/trainer/workshops/{workshop_id}/read-aloud")
_MOST_LANGUAGES = 2


@router.get("")
def show_read_aloud(
    view: ReaderView,
    house: TheHouse,
    work: AuditedWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
) -> Response:
    """Every question of the open test, one at a time; that they were shown is recorded."""
    test = _open_test(work, workshop)
    if test is None:
        return view.show("trainer/read_aloud.html", workshop=workshop, tests=())
    accounts.record_event(
        work, by=trainer, verb="read_aloud", object_kind="administration", object_id=test.id
    )
    languages = paper_languages(work, workshop)[:_MOST_LANGUAGES]
    tests = [paper_test_of(house, work, workshop, test.occasion, each) for each in languages]
    return view.show("trainer/read_aloud.html", workshop=workshop, tests=tests)


@router.get("/state")
def show_state(work: OpenWork, workshop: OwnWorkshop) -> Response:
    """Whether the questions may still stand on the wall."""
    is_open = _open_test(work, workshop) is not None
    return JSONResponse({"is_open": is_open}, headers={"Cache-Control": "no-store"})


def _open_test(work: Work, workshop: WorkshopRecord) -> AdministrationRecord | None:
    current = workshops.get_current_administration(work, workshop.id)
    return current if current and current.is_open_at(work.now) else None
