"""The evaluator's report and the admin's page."""

from typing import Annotated, Any

from fastapi import Form, Response
from fastapi.responses import RedirectResponse

from app.accounts import service as accounts
from app.accounts.schemas import LogWanted, Role
from app.banks import service as banks
from app.core.errors import Refusal, ValueRefused
from app.gains import service as gains
from app.gains.service import Audience
from app.reports import service as reports
from app.reports.results_as_csv import ResultsTable
from app.reports.schemas import Wanted
from app.web.deps import (
    AuditedWork,
    OpenWork,
    PageAdmin,
    PageEvaluator,
    SeenWorkshop,
    TheHouse,
)
from app.web.event_words import DEEDS, FACTS, KINDS
from app.web.files import CSV_TYPE, name_file
from app.web.findings import WORDS
from app.web.log import read_lines
from app.web.pooled import (
    ChartFile,
    PooledChoice,
    ReportFile,
    export_room,
    room_document,
    send_chart,
    send_file,
    terms_of,
    wording_of,
)
from app.web.proof import FreshProof
from app.web.routers import staff_pages
from app.web.urls import one_time_url
from app.web.view import ReaderView

router = staff_pages()


@router.get("/evaluator")
def show_report(
    view: ReaderView, house: TheHouse, work: OpenWork, evaluator: PageEvaluator
) -> Response:
    """Already computed: one row per workshop and form, never per person."""
    report = reports.build_report(
        work, evaluator, threshold=house.settings.outside_threshold, late=house.late
    )
    return view.show("evaluator/report.html", report=report)


@router.get("/evaluator/workshops/{workshop_id}")
def show_workshop(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: SeenWorkshop
) -> Response:
    """One workshop as outsiders may see it: the finding, who is counted, topics, questions."""
    least = house.settings.outside_threshold
    results = gains.read_results(work, workshop, Audience.OUTSIDE, threshold=least)
    return view.show(
        "evaluator/workshop.html",
        workshop=workshop,
        gain=gains.read_summary(work, workshop, Audience.OUTSIDE, threshold=least, late=house.late),
        results=results,
        form=banks.require_form(work, results.form_id),
        document=room_document(work, house, workshop, Audience.OUTSIDE, view.language),
        say=WORDS,
    )


@router.get("/evaluator/workshops/{workshop_id}/{table}.csv")
def download_workshop(
    house: TheHouse,
    work: AuditedWork,
    evaluator: PageEvaluator,
    workshop: SeenWorkshop,
    table: ResultsTable,
) -> Response:
    """One workshop's questions or whole room as a file; the download is logged."""
    content = reports.export_results(
        work,
        workshop,
        Audience.OUTSIDE,
        table,
        threshold=house.settings.outside_threshold,
        by=evaluator,
    )
    return Response(content, media_type=CSV_TYPE, headers=name_file(f"tafawut-{table}.csv"))


@router.get("/evaluator/workshops/{workshop_id}/report.pdf")
def download_workshop_report(
    view: ReaderView, work: AuditedWork, evaluator: PageEvaluator, workshop: SeenWorkshop
) -> Response:
    """One workshop as outsiders may see it, as a printed report; the download is logged."""
    document = export_room(
        work, view.house, workshop, Audience.OUTSIDE, view.language, by=evaluator
    )
    return send_file(document, ReportFile.PDF)


@router.get("/evaluator/workshops/{workshop_id}/charts/{chart}.{kind}")
def download_workshop_chart(
    view: ReaderView,
    work: AuditedWork,
    evaluator: PageEvaluator,
    workshop: SeenWorkshop,
    chart: str,
    kind: ChartFile,
) -> Response:
    """One drawing of a workshop, or its numbers; the download is logged."""
    document = export_room(
        work, view.house, workshop, Audience.OUTSIDE, view.language, by=evaluator
    )
    return send_chart(document, chart, kind)


@router.get("/evaluator/pooled")
def show_pooled(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    evaluator: PageEvaluator,
    wanted: PooledChoice,
) -> Response:
    """The report over several workshops: what can be chosen, and the document of what was."""
    try:
        told = _pooled(view, work, evaluator, wanted)
    except ValueRefused as refusal:
        usual = _pooled(view, work, evaluator, Wanted())
        view.show_again("evaluator/pooled.html", refusal, wanted=wanted, **usual)
    return view.show("evaluator/pooled.html", wanted=wanted, error=None, **told)


@router.get("/evaluator/pooled/{file}")
def download_pooled(
    view: ReaderView,
    work: AuditedWork,
    evaluator: PageEvaluator,
    wanted: PooledChoice,
    file: ReportFile,
) -> Response:
    """The report as a file; the download is logged."""
    wording = wording_of(view.house, view.language)
    document = reports.export_document(work, evaluator, wanted, wording, terms_of(view.house))
    return send_file(document, file)


@router.get("/evaluator/pooled/charts/{chart}.{kind}")
def download_pooled_chart(
    view: ReaderView,
    work: AuditedWork,
    evaluator: PageEvaluator,
    wanted: PooledChoice,
    chart: str,
    kind: ChartFile,
) -> Response:
    """One drawing of the report, or its numbers; the download is logged."""
    wording = wording_of(view.house, view.language)
    document = reports.export_document(work, evaluator, wanted, wording, terms_of(view.house))
    return send_chart(document, chart, kind)


@router.get("/evaluator/report.csv")
def download_report(house: TheHouse, work: AuditedWork, evaluator: PageEvaluator) -> Response:
    """The same rows as a file; the download is logged."""
    content = reports.export_csv(
        work, evaluator, threshold=house.settings.outside_threshold, late=house.late
    )
    return Response(content, media_type=CSV_TYPE, headers=name_file("tafawut-gains.csv"))


@router.get("/admin")
def show_admin(view: ReaderView, work: OpenWork, admin: PageAdmin) -> Response:
    """Staff, programmes, published forms, the audit log."""
    return view.show("admin/home.html", error=None, invite_url=None, **_admin(work, admin))


@router.post("/admin/staff", name="create_staff", dependencies=[FreshProof])
def create_staff(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    admin: PageAdmin,
    login: Annotated[str, Form()] = "",
    display_name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    """Invite somebody: the one-time link is shown once, to be printed or handed over."""
    try:
        if role not in set(Role):
            raise ValueRefused(field="role", reason="not_in_list")
        token = accounts.invite(
            work, by=admin, login=login, display_name=display_name, role=Role(role)
        )
    except Refusal as refusal:
        context = _admin(work, admin, login=login, display_name=display_name, role=role)
        view.show_again("admin/home.html", refusal, invite_url=None, **context)
    url = one_time_url(house, token)
    return view.show("admin/home.html", error=None, invite_url=url, **_admin(work, admin))


@router.post("/admin/programmes", name="create_programme")
def create_programme(
    view: ReaderView,
    work: OpenWork,
    admin: PageAdmin,
    name: Annotated[str, Form()] = "",
    funder_line: Annotated[str, Form()] = "",
) -> Response:
    """A set of workshops with one donor."""
    try:
        accounts.create_programme(
            work, organisation_id=admin.organisation_id, name=name, funder_line=funder_line
        )
    except Refusal as refusal:
        context = _admin(work, admin, name=name, funder_line=funder_line)
        view.show_again("admin/home.html", refusal, invite_url=None, **context)
    return RedirectResponse("/admin", 303)


def _pooled(
    view: ReaderView, work: OpenWork, evaluator: PageEvaluator, wanted: Wanted
) -> dict[str, Any]:
    """What the page shows: the choices, and the document in the reader's language."""
    wording = wording_of(view.house, view.language)
    report, document = reports.build_pooled_document(
        work, evaluator, wanted, wording, terms_of(view.house)
    )
    return {"report": report, "document": document, "say": WORDS}


def _admin(work: OpenWork, admin: PageAdmin, **typed: str) -> dict[str, Any]:
    """What the page shows; `typed` comes back in its fields."""
    return {
        "typed": typed,
        "organisation": accounts.organisation_name(work, admin.organisation_id),
        "staff_list": accounts.find_staff(work, admin.organisation_id),
        "programmes": accounts.find_programmes(work, admin.organisation_id),
        "forms": banks.find_forms(work),
        "events": read_lines(work, admin, LogWanted()).lines,
        "deeds": DEEDS,
        "kinds": KINDS,
        "fact_words": FACTS,
    }
