"""Kept reports: kept by an evaluator, read by viewers too."""

from dataclasses import fields

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.reports import service as reports
from app.reports.schemas import Wanted
from app.web.deps import AuditedWork, OpenWork, PageEvaluator, PageReader, SentForm, TheHouse
from app.web.findings import WORDS
from app.web.pooled import (
    ChartFile,
    ReportFile,
    all_wordings,
    send_kept,
    send_kept_chart,
    terms_of,
)
from app.web.routers import staff_pages
from app.web.view import ReaderView

router = staff_pages()


@router.post("/viewer", name="keep_report")
def keep_report(
    view: ReaderView, work: OpenWork, evaluator: PageEvaluator, sent: SentForm
) -> Response:
    """Keep the report of a choice for good, in every full language."""
    wanted = Wanted(**{each.name: str(sent.get(each.name, "")) for each in fields(Wanted)})
    words = all_wordings(view.house)
    kept_id = reports.keep_report(work, evaluator, wanted, words, terms_of(view.house))
    return RedirectResponse(f"/viewer/{kept_id}", 303)


@router.get("/viewer")
def list_kept(view: ReaderView, work: OpenWork, reader: PageReader) -> Response:
    """What the organisation has kept, the latest first."""
    kept = reports.find_kept(work, reader, view.language)
    return view.show("viewer.html", kept=kept)


@router.get("/viewer/{kept_id}")
def show_kept(view: ReaderView, work: OpenWork, reader: PageReader, kept_id: str) -> Response:
    """One of them, as it was."""
    document = reports.open_kept(work, reader, kept_id, view.language)
    return view.show("kept.html", document=document, kept_id=kept_id, say=WORDS)


@router.get("/viewer/{kept_id}/{file}")
def download_kept(
    view: ReaderView,
    house: TheHouse,
    work: AuditedWork,
    reader: PageReader,
    kept_id: str,
    file: ReportFile,
) -> Response:
    """One of its files: the same bytes for ever. The download is logged."""
    document = reports.export_kept(work, reader, kept_id, view.language)
    return send_kept(house, document, kept_id, file)


@router.get("/viewer/{kept_id}/charts/{chart}.{kind}")
def download_kept_chart(
    view: ReaderView,
    house: TheHouse,
    work: AuditedWork,
    reader: PageReader,
    kept_id: str,
    chart: str,
    kind: ChartFile,
) -> Response:
    """One of its drawings, or its numbers: the same bytes for ever. The download is logged."""
    document = reports.export_kept(work, reader, kept_id, view.language)
    return send_kept_chart(house, document, kept_id, chart, kind)
