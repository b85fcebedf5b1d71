"""API: questions over all workshops and forms."""

from fastapi import APIRouter, Response

from app.reports import item_report
from app.reports.item_report import ItemTable
from app.web.api.problems import PROBLEMS
from app.web.api.wire_items import ToldItem
from app.web.deps import ApiWholeEvaluator, AuditedWork, OpenWork
from app.web.files import CSV_TYPE

router = APIRouter(responses=PROBLEMS)


@router.get("/reports/items", operation_id="list_items", tags=["reports"])
def list_items(work: OpenWork, evaluator: ApiWholeEvaluator) -> list[ToldItem]:
    """Every scored question with its figures; those with something to look at stand first."""
    return [ToldItem.of(each) for each in item_report.list_items(work, evaluator)]


@router.get(
    "/reports/items/{table}.csv",
    operation_id="download_items",
    tags=["reports"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The rows as CSV"}},
)
def download_items(work: AuditedWork, evaluator: ApiWholeEvaluator, table: ItemTable) -> Response:
    """Questions or their choices as a file; the download is logged."""
    return Response(item_report.export_items(work, evaluator, table), media_type=CSV_TYPE)


@router.get("/reports/items/{item_code}", operation_id="get_item", tags=["reports"])
def get_item(work: OpenWork, evaluator: ApiWholeEvaluator, item_code: str) -> ToldItem:
    """One version of a question."""
    return ToldItem.of(item_report.get_item(work, evaluator, item_code))
