"""Rows of single people: how they are asked for on a page, and how they are sent."""

from typing import Annotated

from fastapi import Depends

from app.reports.rows import RowExport, RowsWanted, rows_as_zip
from app.web.deps import SentForm
from app.web.files import DrawnResponse


def read_rows_wanted(sent: SentForm) -> RowsWanted:
    """The choice of the page: `of` is a country and a test, `by` what stands beside the scores."""
    country, _, form = str(sent.get("of", "")).partition("/")
    return RowsWanted(form=form, country=country, by=str(sent.get("by", "")))


SentRows = Annotated[RowsWanted, Depends(read_rows_wanted)]


def send_rows(export: RowExport) -> DrawnResponse:
    """The file, drawn after the transaction."""
    return DrawnResponse(
        lambda: rows_as_zip(export), media_type="application/zip", file_name=export.name
    )
