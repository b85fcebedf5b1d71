"""API: rows of single people for analysts."""

from fastapi import APIRouter, Response
from pydantic import Field

from app.reports import rows
from app.web.api.problems import PROBLEMS
from app.web.api.wire import Sent
from app.web.deps import ApiEvaluator, OpenWork, TheHouse
from app.web.row_files import send_rows

router = APIRouter(responses=PROBLEMS)


class SentRowChoice(Sent):
    """Test, country, and one thing about the person beside the scores, or nothing."""

    form: str = Field(max_length=80)
    country: str = Field(max_length=2)
    by: str = Field(default="", max_length=20, examples=["sex"])


@router.post("/reports/rows", operation_id="export_rows", tags=["reports"], response_class=Response)
def export_rows(
    house: TheHouse, work: OpenWork, evaluator: ApiEvaluator, sent: SentRowChoice
) -> Response:
    """The rows that may leave, as a ZIP, in an order drawn anew; the download is logged."""
    wanted = rows.RowsWanted(form=sent.form, country=sent.country.upper(), by=sent.by)
    least = house.settings.outside_threshold
    return send_rows(rows.export_rows(work, evaluator, wanted, threshold=least))
