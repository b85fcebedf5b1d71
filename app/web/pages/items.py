"""Questions over all workshops: the list with what to look at first, one question, the files."""

from fastapi import Response

from app.reports import item_report
from app.reports.item_report import ItemTable
from app.web.deps import AuditedWork, OpenWork, PageWholeEvaluator
from app.web.files import CSV_TYPE, name_file
from app.web.findings import AUTHOR_WORDS
from app.web.routers import staff_pages
from app.web.view import ReaderView

router = staff_pages("/evaluator/items")


@router.get("")
def show_items(view: ReaderView, work: OpenWork, evaluator: PageWholeEvaluator) -> Response:
    """Every scored question; those with something to look at stand first."""
    lines = item_report.list_items(work, evaluator)
    return view.show("evaluator/items.html", lines=lines, say=AUTHOR_WORDS)


@router.get("/{table}.csv")
def download_items(work: AuditedWork, evaluator: PageWholeEvaluator, table: ItemTable) -> Response:
    """Questions or their choices as a file; the download is logged."""
    content = item_report.export_items(work, evaluator, table)
    return Response(content, media_type=CSV_TYPE, headers=name_file(f"tafawut-{table}.csv"))


@router.get("/{item_code}")
def show_item(
    view: ReaderView, work: OpenWork, evaluator: PageWholeEvaluator, item_code: str
) -> Response:
    """One version of a question: who moved which way, and what the wrong answers stand for."""
    line = item_report.get_item(work, evaluator, item_code)
    return view.show("evaluator/item.html", line=line, say=AUTHOR_WORDS)
