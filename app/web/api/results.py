"""API for results: gains and report rows."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.gains import service as gains
from app.gains.service import Audience
from app.reports import service as reports
from app.reports.as_json import as_json
from app.reports.results_as_csv import ResultsTable
from app.web.api.problems import PROBLEMS
from app.web.api.wire_details import ToldResults, ToldTeachFirst
from app.web.api.wire_reports import ToldDocument, ToldOffered
from app.web.api.wire_results import (
    ToldDetectableRise,
    ToldGain,
    ToldReport,
)
from app.web.deps import (
    ApiEvaluator,
    ApiOwnWorkshop,
    ApiSeenWorkshop,
    ApiTrainer,
    AuditedWork,
    OpenWork,
    TheHouse,
)
from app.web.files import CSV_TYPE, name_file
from app.web.pooled import (
    CHART_FILES,
    REPORT_FILES,
    ChartFile,
    PooledChoice,
    ReportFile,
    export_room,
    send_chart,
    send_file,
    terms_of,
    wording_of,
)

router = APIRouter(responses=PROBLEMS)


@router.get("/workshops/{workshop_id}/gains", operation_id="get_gains", tags=["gains"])
def get_gains(house: TheHouse, work: OpenWork, workshop: ApiOwnWorkshop) -> ToldGain:
    """The workshop's gain as its own team may see it, from the closing snapshot."""
    threshold = house.settings.outside_threshold
    summary = gains.read_summary(
        work, workshop, Audience.TEAM, threshold=threshold, late=house.late
    )
    return ToldGain.of(summary)


@router.get(
    "/workshops/{workshop_id}/gains/teach-first", operation_id="get_teach_first", tags=["gains"]
)
def get_teach_first(
    work: AuditedWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop
) -> ToldTeachFirst:
    """What the room knew least before the workshop; that it was read is noted."""
    return ToldTeachFirst.of(gains.read_teach_first(work, workshop, by=trainer))


@router.get(
    "/workshops/{workshop_id}/gains/detectable", operation_id="get_detectable_rise", tags=["gains"]
)
def get_detectable_rise(
    work: OpenWork, workshop: ApiOwnWorkshop, people: Annotated[int, Query(ge=1, le=1000)]
) -> ToldDetectableRise:
    """How large a rise so many people would show: what the workshop can tell at all."""
    return ToldDetectableRise.of(gains.read_detectable_rise(work, workshop, people))


@router.get(
    "/workshops/{workshop_id}/gains/details", operation_id="get_gain_details", tags=["gains"]
)
def get_gain_details(house: TheHouse, work: OpenWork, workshop: ApiOwnWorkshop) -> ToldResults:
    """Topics, questions, beliefs, groups and who left, as the workshop's own team may see them."""
    least = house.settings.outside_threshold
    return ToldResults.of(gains.read_results(work, workshop, Audience.TEAM, threshold=least))


@router.get(
    "/reports/workshops/{workshop_id}", operation_id="get_workshop_details", tags=["reports"]
)
def get_workshop_details(house: TheHouse, work: OpenWork, workshop: ApiSeenWorkshop) -> ToldResults:
    """The same of one workshop, as evaluators may see it."""
    least = house.settings.outside_threshold
    return ToldResults.of(gains.read_results(work, workshop, Audience.OUTSIDE, threshold=least))


@router.get(
    "/workshops/{workshop_id}/gains/{table}.csv",
    operation_id="download_gain_table",
    tags=["gains"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The rows as CSV"}},
)
def download_gain_table(
    house: TheHouse,
    work: AuditedWork,
    staff: ApiTrainer,
    workshop: ApiOwnWorkshop,
    table: ResultsTable,
) -> Response:
    """Questions or groups as a file, as the own team may see them; the download is logged."""
    content = reports.export_results(
        work, workshop, Audience.TEAM, table, threshold=house.settings.outside_threshold, by=staff
    )
    return Response(content, media_type=CSV_TYPE, headers=name_file(f"tafawut-{table}.csv"))


@router.get(
    "/reports/workshops/{workshop_id}/{table}.csv",
    operation_id="download_workshop_table",
    tags=["reports"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The rows as CSV"}},
)
def download_workshop_table(
    house: TheHouse,
    work: AuditedWork,
    staff: ApiEvaluator,
    workshop: ApiSeenWorkshop,
    table: ResultsTable,
) -> Response:
    """Questions or groups as a file, as evaluators may see them; the download is logged."""
    content = reports.export_results(
        work,
        workshop,
        Audience.OUTSIDE,
        table,
        threshold=house.settings.outside_threshold,
        by=staff,
    )
    return Response(content, media_type=CSV_TYPE, headers=name_file(f"tafawut-{table}.csv"))


@router.get(
    "/workshops/{workshop_id}/gains/report.pdf",
    operation_id="download_gain_report",
    tags=["gains"],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The report"}},
)
def download_gain_report(
    house: TheHouse,
    work: AuditedWork,
    staff: ApiTrainer,
    workshop: ApiOwnWorkshop,
    language: str = "en",
) -> Response:
    """The results as a printed report, as the own team may see them; the download is logged."""
    document = export_room(work, house, workshop, Audience.TEAM, language, by=staff)
    return send_file(document, ReportFile.PDF)


@router.get(
    "/reports/workshops/{workshop_id}/report.pdf",
    operation_id="download_workshop_report",
    tags=["reports"],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The report"}},
)
def download_workshop_report(
    house: TheHouse,
    work: AuditedWork,
    staff: ApiEvaluator,
    workshop: ApiSeenWorkshop,
    language: str = "en",
) -> Response:
    """The same as evaluators may see it; the download is logged."""
    document = export_room(work, house, workshop, Audience.OUTSIDE, language, by=staff)
    return send_file(document, ReportFile.PDF)


@router.get(
    "/workshops/{workshop_id}/gains/charts/{chart}.{kind}",
    operation_id="download_gain_chart",
    tags=["gains"],
    response_class=Response,
    responses=CHART_FILES,
)
def download_gain_chart(
    house: TheHouse,
    work: AuditedWork,
    staff: ApiTrainer,
    workshop: ApiOwnWorkshop,
    chart: str,
    kind: ChartFile,
    language: str = "en",
) -> Response:
    """One drawing of the results, or its numbers; the download is logged."""
    document = export_room(work, house, workshop, Audience.TEAM, language, by=staff)
    return send_chart(document, chart, kind)


@router.get(
    "/reports/workshops/{workshop_id}/charts/{chart}.{kind}",
    operation_id="download_workshop_chart",
    tags=["reports"],
    response_class=Response,
    responses=CHART_FILES,
)
def download_workshop_chart(
    house: TheHouse,
    work: AuditedWork,
    staff: ApiEvaluator,
    workshop: ApiSeenWorkshop,
    chart: str,
    kind: ChartFile,
    language: str = "en",
) -> Response:
    """The same as evaluators may see it; the download is logged."""
    document = export_room(work, house, workshop, Audience.OUTSIDE, language, by=staff)
    return send_chart(document, chart, kind)


@router.get("/reports/gains", operation_id="get_report", tags=["reports"])
def get_report(house: TheHouse, work: OpenWork, evaluator: ApiEvaluator) -> ToldReport:
    """One row per workshop and form, as evaluators may see it."""
    report = reports.build_report(
        work, evaluator, threshold=house.settings.outside_threshold, late=house.late
    )
    return ToldReport.of(report)


@router.get(
    "/reports/gains.csv",
    operation_id="download_report",
    tags=["reports"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The rows as CSV"}},
)
def download_report(house: TheHouse, work: AuditedWork, evaluator: ApiEvaluator) -> Response:
    """The same rows as a file; the download is logged."""
    content = reports.export_csv(
        work, evaluator, threshold=house.settings.outside_threshold, late=house.late
    )
    return Response(content, media_type=CSV_TYPE, headers=name_file("tafawut-gains.csv"))


@router.get("/reports/choices", operation_id="get_choices", tags=["reports"])
def get_choices(
    house: TheHouse, work: OpenWork, evaluator: ApiEvaluator, wanted: PooledChoice
) -> ToldOffered:
    """What can be asked of a report over several workshops."""
    terms = terms_of(house)
    report = reports.build_pooled(
        work,
        evaluator.organisation_id,
        wanted,
        threshold=terms.threshold,
        provinces=terms.provinces,
        scope=evaluator.scope,
    )
    return ToldOffered.of(report)


@router.get(
    "/reports/pooled",
    operation_id="get_pooled",
    tags=["reports"],
    response_class=Response,
    responses={200: {"model": ToldDocument, "description": "The report"}},
)
def get_pooled(
    house: TheHouse,
    work: OpenWork,
    evaluator: ApiEvaluator,
    wanted: PooledChoice,
    language: str = "en",
) -> Response:
    """The report over several workshops, as its JSON file has it."""
    _, document = reports.build_pooled_document(
        work, evaluator, wanted, wording_of(house, language), terms_of(house)
    )
    return Response(as_json(document), media_type="application/json")


@router.get(
    "/reports/pooled/{file}",
    operation_id="download_pooled",
    tags=["reports"],
    response_class=Response,
    responses=REPORT_FILES,
)
def download_pooled(
    house: TheHouse,
    work: AuditedWork,
    evaluator: ApiEvaluator,
    wanted: PooledChoice,
    file: ReportFile,
    language: str = "en",
) -> Response:
    """The report as a file; the download is logged."""
    wording = wording_of(house, language)
    document = reports.export_document(work, evaluator, wanted, wording, terms_of(house))
    return send_file(document, file)


@router.get(
    "/reports/pooled/charts/{chart}.{kind}",
    operation_id="download_pooled_chart",
    tags=["reports"],
    response_class=Response,
    responses=CHART_FILES,
)
def download_pooled_chart(
    house: TheHouse,
    work: AuditedWork,
    evaluator: ApiEvaluator,
    wanted: PooledChoice,
    chart: str,
    kind: ChartFile,
    language: str = "en",
) -> Response:
    """One drawing of the report, or its numbers; `chart` is its code. The download is logged."""
    wording = wording_of(house, language)
    document = reports.export_document(work, evaluator, wanted, wording, terms_of(house))
    return send_chart(document, chart, kind)
