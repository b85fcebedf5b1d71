"""A table of scores of one's own: read, shown as a report, and stored nowhere."""

from typing import Any

from fastapi import Request, Response
from starlette.datastructures import FormData

from app.core.errors import Refusal
from app.reports import service as reports
from app.reports.from_file import tell_bad_rows
from app.web.deps import OpenWork, PageEvaluator, SentForm
from app.web.pooled import send_own, wording_of
from app.web.routers import score_pages
from app.web.score_files import NOTHING_TYPED, FileEnding, SentScores, read_sent_scores, typed_again
from app.web.view import ReaderView, View

router = score_pages("/evaluator/file")
_PAGE = "evaluator/file.html"


@router.get("")
def show_score_file(view: ReaderView, evaluator: PageEvaluator) -> Response:
    """What such a table looks like, and the way to bring it."""
    return view.show(_PAGE, error=None, document=None, typed=NOTHING_TYPED)


@router.post("", name="read_score_file")
def read_score_file(
    request: Request, view: ReaderView, work: OpenWork, evaluator: PageEvaluator, sent: SentForm
) -> Response:
    """The report of the rows that can count; the others, with what is wrong with them."""
    scores, wording = _read(request, view, sent), wording_of(view.house, view.language)
    document = reports.build_file_report(work, evaluator, scores.results, scores.wanted, wording)
    told: dict[str, Any] = {
        "document": document,
        "results": scores.results,
        "bad_rows": tell_bad_rows(scores.results, wording),
    }
    return view.show(_PAGE, error=None, typed=typed_again(request, sent), **told)


@router.post("/report.{ending}", name="read_score_file")
def download_score_file(
    request: Request,
    view: ReaderView,
    work: OpenWork,
    evaluator: PageEvaluator,
    sent: SentForm,
    ending: FileEnding,
) -> Response:
    """The same report as a file, made of the rows that the page holds."""
    scores, wording = _read(request, view, sent), wording_of(view.house, view.language)
    document = reports.build_file_report(work, evaluator, scores.results, scores.wanted, wording)
    return send_own(document, f".{ending}")


def _read(request: Request, view: View, sent: FormData) -> SentScores:
    """The table; the page again, with what was typed and the rows, where it cannot be used."""
    try:
        return read_sent_scores(request, sent)
    except Refusal as refusal:
        known: dict[str, Any] = {"document": None, "typed": typed_again(request, sent)}
        view.show_again(_PAGE, refusal, **known)
