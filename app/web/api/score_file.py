"""API: a table of scores becomes a report; nothing of it is stored."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import FormData

from app.reports import service as reports
from app.reports.from_file import read_results
from app.reports.schemas import FileWanted
from app.web.api.problems import PROBLEMS
from app.web.deps import ApiEvaluator, OpenWork, TheHouse
from app.web.pooled import REPORT_FILES, send_own, wording_of
from app.web.score_files import MOST_POINTS, FileEnding, rows_sent
from app.web.uploads import MOST_BODY, take_api_scores

router = APIRouter(
    prefix="/reports/from-file", responses=PROBLEMS, tags=["reports"], max_body_size=MOST_BODY
)
_Points = Annotated[int, Query(ge=1, le=MOST_POINTS)]


def read_asked(
    max_score: _Points,
    pass_mark: _Points | None = None,
    by: Literal["", "workshop", "sex", "agency", "province"] = "",
) -> FileWanted:
    """What is asked of the file; a report made by a program has no name of a file."""
    return FileWanted.of(name="", max_score=max_score, pass_mark=pass_mark, by=by)


@router.post(
    "/report.{ending}",
    operation_id="read_score_file",
    dependencies=[Depends(take_api_scores)],
    response_class=Response,
    responses=REPORT_FILES,
)
def read_score_file(
    request: Request,
    house: TheHouse,
    work: OpenWork,
    evaluator: ApiEvaluator,
    ending: FileEnding,
    asked: Annotated[FileWanted, Depends(read_asked)],
    language: str = "en",
) -> Response:
    """The report of a table (XLSX or CSV, the whole body); rows that cannot count are left out."""
    wording = wording_of(house, language)
    results = read_results(rows_sent(request, FormData()), asked)
    document = reports.build_file_report(work, evaluator, results, asked, wording)
    return send_own(document, f".{ending}")
