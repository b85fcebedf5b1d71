"""Rows of single people for analysts: by which rule they leave, what can be asked for, the file."""

from typing import Any

from fastapi import Response

from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.core.errors import Refusal
from app.reports import rows
from app.web.deps import OpenWork, PageEvaluator, TheHouse
from app.web.findings import WORDS
from app.web.routers import staff_pages
from app.web.row_files import SentRows, send_rows
from app.web.view import ReaderView

router = staff_pages("/evaluator/rows")
_PAGE = "evaluator/rows.html"


@router.get("")
def show_rows(view: ReaderView, work: OpenWork, evaluator: PageEvaluator) -> Response:
    """What rows hold, and by which rule they leave."""
    return view.show(_PAGE, error=None, wanted=None, **_offered(work, evaluator))


@router.post("", name="export_rows")
def export_rows(
    view: ReaderView, house: TheHouse, work: OpenWork, evaluator: PageEvaluator, wanted: SentRows
) -> Response:
    """The rows that may leave, as a file; the download is logged."""
    least = house.settings.outside_threshold
    try:
        export = rows.export_rows(work, evaluator, wanted, threshold=least)
    except Refusal as refusal:
        view.show_again(_PAGE, refusal, wanted=wanted, **_offered(work, evaluator))
    return send_rows(export)


def _offered(work: Work, evaluator: StaffPerson) -> dict[str, Any]:
    beside = [each.value for each in rows.BESIDE]
    return {"choices": rows.find_row_choices(work, evaluator), "beside": beside, "say": WORDS}
