"""The evaluator's report and the admin's page."""

from typing import Annotated, Any

from fastapi import Form, Response
from fastapi.responses import RedirectResponse

from app.accounts import service as accounts
from app.accounts.schemas import Role
from app.banks import service as banks
from app.core.errors import Refusal, ValueRefused
from app.gains import service as gains
from app.gains.service import Audience
from app.reports import service as reports
from app.reports.pooled_as_csv import PooledFile
from app.reports.results_as_csv import ResultsTable
from app.reports.schemas import PooledReport, Wanted
from app.web.deps import (
    AuditedWork,
    OpenWork,
    PageAdmin,
    PageEvaluator,
    SeenWorkshop,
    TheHouse,
)
from app.web.event_words import DEEDS, KINDS
from app.web.files import CSV_TYPE, name_file
from app.web.findings import WORDS
from app.web.pooled import PooledChoice, province_codes
from app.web.routers import staff_pages
from app.web.urls import one_time_url
from app.web.view import ReaderView
from app.workshops import service as workshops

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
    return view.show(
        "evaluator/workshop.html",
        workshop=workshop,
        gain=gains.read_summary(work, workshop, Audience.OUTSIDE, threshold=least, late=house.late),
        results=gains.read_results(work, workshop, Audience.OUTSIDE, threshold=least),
        form=workshops.require_form(work, workshop),
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


@router.get("/evaluator/pooled")
def show_pooled(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    evaluator: PageEvaluator,
    wanted: PooledChoice,
) -> Response:
    """Several workshops together: a fixed table, its questions, different tests as effects."""
    try:
        report = _pooled(house, work, evaluator, wanted)
    except ValueRefused as refusal:
        usual = _pooled(house, work, evaluator, Wanted())
        view.show_again("evaluator/pooled.html", refusal, report=usual, say=WORDS, wanted=wanted)
    return view.show("evaluator/pooled.html", report=report, say=WORDS, wanted=wanted, error=None)


@router.get("/evaluator/pooled/{table}.csv")
def download_pooled(
    house: TheHouse,
    work: AuditedWork,
    evaluator: PageEvaluator,
    wanted: PooledChoice,
    table: PooledFile,
) -> Response:
    """One table over several workshops as a file; the download is logged."""
    least = house.settings.outside_threshold
    content = reports.export_pooled(
        work, evaluator, wanted, table, threshold=least, provinces=province_codes
    )
    return Response(content, media_type=CSV_TYPE, headers=name_file(f"tafawut-pooled-{table}.csv"))


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


@router.post("/admin/staff", name="create_staff")
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
    house: TheHouse, work: OpenWork, evaluator: PageEvaluator, wanted: Wanted
) -> PooledReport:
    least = house.settings.outside_threshold
    return reports.build_pooled(work, evaluator, wanted, threshold=least, provinces=province_codes)


def _admin(work: OpenWork, admin: PageAdmin, **typed: str) -> dict[str, Any]:
    """What the page shows; `typed` comes back in its fields."""
    return {
        "typed": typed,
        "organisation": accounts.organisation_name(work, admin.organisation_id),
        "staff_list": accounts.find_staff(work, admin.organisation_id),
        "programmes": accounts.find_programmes(work, admin.organisation_id),
        "forms": banks.find_forms(work),
        "events": accounts.find_audit_events(work, admin.organisation_id),
        "deeds": DEEDS,
        "kinds": KINDS,
    }
