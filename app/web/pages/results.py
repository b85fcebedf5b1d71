"""The trainer's pages after the tests: attendance and results."""

from datetime import timedelta
from typing import Annotated

from fastapi import Form, Response
from fastapi.responses import RedirectResponse

from app.accounts.log import record_seen
from app.banks import service as banks
from app.feedback import service as feedback
from app.gains import service as gains
from app.gains.service import Audience
from app.participants import rosters
from app.participants import service as participants
from app.reports import service as reports
from app.reports.results_as_csv import ResultsTable
from app.reports.sentence import write_paragraphs
from app.web.deps import (
    AuditedWork,
    OpenWork,
    OwnWorkshop,
    PageTrainer,
    TheHouse,
)
from app.web.files import CSV_TYPE, name_file
from app.web.findings import WORDS
from app.web.plans import read_day
from app.web.pooled import ChartFile, ReportFile, export_room, send_chart, send_file
from app.web.routers import staff_pages
from app.web.view import ReaderView
from app.workshops.schemas import WorkshopRecord

router = staff_pages("/trainer/workshops/{workshop_id}")


@router.get("/attendance")
def show_attendance(
    view: ReaderView, work: AuditedWork, trainer: PageTrainer, workshop: OwnWorkshop
) -> Response:
    """Who was there on which day: the only rule of the certificate."""
    record_seen(work, by=trainer, object_id=workshop.id)
    days = [workshop.starts_on + timedelta(days=number) for number in range(workshop.days_held)]
    return view.show(
        "trainer/attendance.html",
        workshop=workshop,
        days=days,
        lines=participants.find_card_lines(work, workshop),
        names={each.card.number: each.name for each in rosters.find_listed(work, workshop)},
    )


@router.post("/attendance", name="tick_attendance")
def tick_attendance(
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    number: Annotated[str, Form()] = "",
    day: Annotated[str, Form()] = "",
    present: Annotated[str, Form()] = "",
) -> Response:
    """One tick for one card and day."""
    participants.tick_attendance(
        work,
        workshop,
        number,
        day=read_day({"day": day}, "day"),
        was_there=present == "1",
        by=trainer,
    )
    return _to(workshop, "attendance")


@router.post("/attendance/all", name="tick_everybody")
def tick_everybody(
    work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop, day: Annotated[str, Form()] = ""
) -> Response:
    """A tick for everybody who has joined."""
    wanted = read_day({"day": day}, "day")
    participants.tick_everybody(work, workshop, day=wanted, by=trainer)
    return _to(workshop, "attendance")


@router.get("/results")
def show_results(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """What was learned, as far as a room of this size can say."""
    least = house.settings.outside_threshold
    gain = gains.read_summary(work, workshop, Audience.TEAM, threshold=least, late=house.late)
    form = banks.require_form(work, gain.form_id)
    return view.show(
        "trainer/results.html",
        workshop=workshop,
        results=gains.read_results(work, workshop, Audience.TEAM, threshold=least),
        say=WORDS,
        gain=gain,
        paragraphs=write_paragraphs(gain, workshop, house.catalogues),
        form=form,
        shown_items=gains.find_shown_items(work, workshop),
        is_reviewed=form.is_reviewed(),
        questionnaire=feedback.read_result(work, workshop),
    )


@router.get("/results/{table}.csv")
def download_results(
    house: TheHouse,
    work: AuditedWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    table: ResultsTable,
) -> Response:
    """The questions or the groups as a file; the download is logged."""
    content = reports.export_results(
        work, workshop, Audience.TEAM, table, threshold=house.settings.outside_threshold, by=trainer
    )
    return Response(content, media_type=CSV_TYPE, headers=name_file(f"tafawut-{table}.csv"))


@router.get("/results/report.pdf")
def download_results_report(
    view: ReaderView, work: AuditedWork, trainer: PageTrainer, workshop: OwnWorkshop
) -> Response:
    """The results as a printed report in the reader's language; the download is logged."""
    document = export_room(work, view.house, workshop, Audience.TEAM, view.language, by=trainer)
    return send_file(document, ReportFile.PDF)


@router.get("/results/charts/{chart}.{kind}")
def download_results_chart(
    view: ReaderView,
    work: AuditedWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    chart: str,
    kind: ChartFile,
) -> Response:
    """One drawing of the results, or its numbers; the download is logged."""
    document = export_room(work, view.house, workshop, Audience.TEAM, view.language, by=trainer)
    return send_chart(document, chart, kind)


def _to(workshop: WorkshopRecord, part: str) -> Response:
    return RedirectResponse(f"/trainer/workshops/{workshop.id}/{part}", 303)
