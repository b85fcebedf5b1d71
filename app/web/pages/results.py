"""The trainer's pages after the tests: attendance, results, certificates."""

from datetime import timedelta
from typing import Annotated

from fastapi import Form, Response
from fastapi.responses import RedirectResponse

from app.certificates import service as certificates
from app.certificates.schemas import CertificateRecord
from app.core.errors import Refusal
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
    OwnCertificate,
    OwnWorkshop,
    PageTrainer,
    TheHouse,
)
from app.web.files import CSV_TYPE, name_file
from app.web.findings import WORDS
from app.web.plans import read_day
from app.web.routers import staff_pages
from app.web.view import ReaderView
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

router = staff_pages("/trainer/workshops/{workshop_id}")


@router.get("/attendance")
def show_attendance(view: ReaderView, work: OpenWork, workshop: OwnWorkshop) -> Response:
    """Who was there on which day: the only rule of the certificate."""
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
    form = workshops.require_form(work, workshop)
    least = house.settings.outside_threshold
    gain = gains.read_summary(work, workshop, Audience.TEAM, threshold=least, late=house.late)
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


@router.get("/certificates")
def show_certificates(view: ReaderView, work: OpenWork, workshop: OwnWorkshop) -> Response:
    """Who attended, whose name is confirmed, who has a certificate; no marks."""
    holders = certificates.find_holders(work, workshop)
    return view.show(
        "trainer/certificates.html", workshop=workshop, holders=holders, again=None, error=None
    )


@router.post("/certificates", name="issue_certificates")
def issue_certificates(work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop) -> Response:
    """Issue to everybody who attended and confirmed the name."""
    certificates.issue_all(work, workshop, by=trainer)
    return _to(workshop, "certificates")


@router.post("/certificates/{card_number}/issue", name="issue_certificate")
def issue_certificate(
    view: ReaderView, work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop, card_number: str
) -> Response:
    """Issue to one holder."""
    try:
        card = participants.require_card(work, workshop, card_number)
        certificates.issue_certificate(work, workshop, card, by=trainer)
    except Refusal as refusal:
        _again(view, work, workshop, refusal)
    return _to(workshop, "certificates")


@router.post("/certificates/{number}/supersede", name="supersede_certificate")
def supersede_certificate(
    view: ReaderView,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    certificate: OwnCertificate,
    local: Annotated[str, Form()] = "",
    latin: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """A corrected name: same number, next edition."""
    try:
        certificates.supersede_certificate(
            work, certificate, local=local, latin=latin, reason=reason, by=trainer
        )
    except Refusal as refusal:
        again = {"verb": "supersede", "local": local, "latin": latin, "reason": reason}
        _again(view, work, workshop, refusal, certificate, again)
    return _to(workshop, "certificates")


@router.post("/certificates/{number}/revoke", name="revoke_certificate")
def revoke_certificate(
    view: ReaderView,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    certificate: OwnCertificate,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Revoke, with a reason that stays inside."""
    try:
        certificates.revoke_certificate(work, certificate, reason=reason, by=trainer)
    except Refusal as refusal:
        again = {"verb": "revoke", "reason": reason}
        _again(view, work, workshop, refusal, certificate, again)
    return _to(workshop, "certificates")


@router.post("/certificates/{number}/reinstate", name="reinstate_certificate")
def reinstate_certificate(
    view: ReaderView,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    certificate: OwnCertificate,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Undo a revocation."""
    try:
        certificates.reinstate_certificate(work, certificate, reason=reason, by=trainer)
    except Refusal as refusal:
        again = {"verb": "reinstate", "reason": reason}
        _again(view, work, workshop, refusal, certificate, again)
    return _to(workshop, "certificates")


def _again(
    view: ReaderView,
    work: OpenWork,
    workshop: WorkshopRecord,
    refusal: Refusal,
    certificate: CertificateRecord | None = None,
    typed: dict[str, str] | None = None,
) -> None:
    """The list again; a form that was refused stands open with what was typed into it."""
    again = typed | {"number": certificate.number} if typed and certificate else None
    context = {"workshop": workshop, "again": again}
    holders = certificates.find_holders(work, workshop)
    view.show_again("trainer/certificates.html", refusal, holders=holders, **context)


def _to(workshop: WorkshopRecord, part: str) -> Response:
    return RedirectResponse(f"/trainer/workshops/{workshop.id}/{part}", 303)
