"""Kept reports, for programs."""

from fastapi import APIRouter, Response

from app.reports import service as reports
from app.reports.schemas import Wanted
from app.web.api.problems import PROBLEMS
from app.web.api.wire_reports import SentChoice, ToldKept, ToldKeptId
from app.web.deps import ApiEvaluator, ApiReader, AuditedWork, OpenWork, TheHouse
from app.web.pooled import (
    CHART_FILES,
    REPORT_FILES,
    ChartFile,
    ReportFile,
    all_wordings,
    send_kept,
    send_kept_chart,
    terms_of,
)

router = APIRouter(responses=PROBLEMS)


@router.post("/reports/kept", operation_id="keep_report", tags=["reports"])
def keep_report(
    house: TheHouse, work: OpenWork, evaluator: ApiEvaluator, sent: SentChoice
) -> ToldKeptId:
    """Keep the report of a choice for good; again the same facts are the same report."""
    wanted = Wanted(**sent.model_dump())
    words = all_wordings(house)
    return ToldKeptId(id=reports.keep_report(work, evaluator, wanted, words, terms_of(house)))


@router.get("/reports/kept", operation_id="list_kept", tags=["reports"])
def list_kept(work: OpenWork, reader: ApiReader, language: str = "en") -> list[ToldKept]:
    """What the organisation has kept, the latest first."""
    found = reports.find_kept(work, reader, language)
    return [ToldKept.model_validate(each) for each in found]


@router.get(
    "/reports/kept/{kept_id}/{file}",
    operation_id="download_kept",
    tags=["reports"],
    response_class=Response,
    responses=REPORT_FILES,
)
def download_kept(
    house: TheHouse,
    work: AuditedWork,
    reader: ApiReader,
    kept_id: str,
    file: ReportFile,
    language: str = "en",
) -> Response:
    """A file of a kept report: the same bytes for ever. The download is logged."""
    document = reports.export_kept(work, reader, kept_id, language)
    return send_kept(house, document, kept_id, file)


@router.get(
    "/reports/kept/{kept_id}/charts/{chart}.{kind}",
    operation_id="download_kept_chart",
    tags=["reports"],
    response_class=Response,
    responses=CHART_FILES,
)
def download_kept_chart(
    house: TheHouse,
    work: AuditedWork,
    reader: ApiReader,
    kept_id: str,
    chart: str,
    kind: ChartFile,
    language: str = "en",
) -> Response:
    """One drawing of a kept report, or its numbers; `chart` is its code. The download is logged."""
    document = reports.export_kept(work, reader, kept_id, language)
    return send_kept_chart(house, document, kept_id, chart, kind)
