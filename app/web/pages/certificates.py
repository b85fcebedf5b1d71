"""The trainer's certificates: who has one, issue, correct, revoke, print, look back."""

from typing import Annotated, Any

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.log import record_seen
from app.adapters.db import Work
from app.certificates import papers
from app.certificates import service as certificates
from app.certificates.schemas import SaidName
from app.core.errors import Refusal
from app.participants import service as participants
from app.web.certificate_files import certificate_file, certificates_file
from app.web.deps import (
    AuditedWork,
    OpenWork,
    OwnCertificate,
    OwnWorkshop,
    PageTrainer,
    SentForm,
    TheHouse,
)
from app.web.proof import FreshProof
from app.web.routers import staff_pages
from app.web.view import ReaderView, View
from app.workshops.schemas import WorkshopRecord

router = staff_pages("/trainer/workshops/{workshop_id}")


@router.get("/certificates")
def show_certificates(
    view: ReaderView,
    work: AuditedWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    going: bool = False,
) -> Response:
    """Who attended, whose name is confirmed, who has a certificate; no marks.

    `going`: more are ready than one request issues, and the page goes on by itself.
    """
    record_seen(work, by=trainer, object_id=workshop.id)
    context = _context(work, workshop) | {"is_going": going}
    return view.show("trainer/certificates.html", again=None, error=None, **context)


@router.post("/certificates", name="issue_certificates")
def issue_certificates(work: OpenWork, trainer: PageTrainer, workshop: OwnWorkshop) -> Response:
    """Issue to everybody who attended and confirmed the name, a hundred at most in one go."""
    issued = certificates.issue_all(work, workshop, by=trainer)
    return _to(workshop, "?going=true" if issued.left else "")


@router.post("/certificates/{card_number}/issue", name="issue_certificate")
def issue_certificate(
    view: ReaderView,
    work: OpenWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
    card_number: str,
    sent: SentForm,
) -> Response:
    """Issue to one holder; with a name and a reason also without the holder's phone."""
    typed = {name: str(sent.get(name, "")) for name in ("local", "latin", "reason")}
    try:
        card = participants.require_card(work, workshop, card_number)
        said = SaidName(**typed) if "reason" in sent else None
        certificates.issue_certificate(work, workshop, card, by=trainer, said=said)
    except Refusal as refusal:
        again = typed | {"verb": "issue", "number": card_number} if "reason" in sent else None
        _again(view, work, workshop, refusal, again)
    return _to(workshop)


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
        _again(view, work, workshop, refusal, again | {"number": certificate.number})
    return _to(workshop)


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
        again = {"verb": "revoke", "reason": reason, "number": certificate.number}
        _again(view, work, workshop, refusal, again)
    return _to(workshop)


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
        again = {"verb": "reinstate", "reason": reason, "number": certificate.number}
        _again(view, work, workshop, refusal, again)
    return _to(workshop)


@router.get("/certificates.zip", dependencies=[FreshProof])
def download_certificates(
    request: Request,
    house: TheHouse,
    work: AuditedWork,
    trainer: PageTrainer,
    workshop: OwnWorkshop,
) -> Response:
    """Every certificate that stands, as PDF in one file; the download is logged."""
    found = papers.print_certificates(work, workshop, by=trainer)
    return certificates_file(request, house, workshop, found)


@router.get("/certificates/{number}.pdf", dependencies=[FreshProof])
def download_certificate(
    house: TheHouse, work: AuditedWork, trainer: PageTrainer, certificate: OwnCertificate
) -> Response:
    """One certificate as PDF; the download is logged."""
    return certificate_file(house, papers.print_certificate(work, certificate, by=trainer))


@router.get("/certificates/{number}")
def show_certificate(
    view: ReaderView, work: OpenWork, workshop: OwnWorkshop, certificate: OwnCertificate
) -> Response:
    """One certificate's life, with reasons and who did it."""
    deeds = certificates.find_deeds(work, certificate)
    return view.show(
        "trainer/certificate.html", workshop=workshop, certificate=certificate, deeds=deeds
    )


def _again(
    view: View,
    work: Work,
    workshop: WorkshopRecord,
    refusal: Refusal,
    again: dict[str, str] | None = None,
) -> None:
    """The list again; a form that was refused stands open with what was typed into it."""
    context = _context(work, workshop) | {"is_going": False, "again": again}
    view.show_again("trainer/certificates.html", refusal, **context)


def _context(work: Work, workshop: WorkshopRecord) -> dict[str, Any]:
    return {
        "workshop": workshop,
        "holders": certificates.find_holders(work, workshop),
        "unheld": certificates.find_unheld(work, workshop),
    }


def _to(workshop: WorkshopRecord, query: str = "") -> Response:
    return RedirectResponse(f"/trainer/workshops/{workshop.id}/certificates{query}", 303)
