"""API for certificates: issue, correct, revoke, print, the own one, and checks by anybody."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response

from app.certificates import papers
from app.certificates import service as certificates
from app.certificates.proof import check_proof, public_key
from app.participants import service as participants
from app.web.api.problems import PROBLEMS
from app.web.api.wire_certificates import (
    SentCorrection,
    SentIssue,
    SentNameCheck,
    SentReason,
    SentSquare,
    ToldCertificate,
    ToldDeed,
    ToldHolder,
    ToldIssued,
    ToldSigningKey,
    ToldSquare,
    ToldVerification,
)
from app.web.certificate_files import certificate_file, certificate_picture, certificates_file
from app.web.deps import (
    ApiJoinedWorkshop,
    ApiOwnCertificate,
    ApiOwnWorkshop,
    ApiPhone,
    ApiTrainer,
    AuditedWork,
    OpenWork,
    TheHouse,
)
from app.web.patience import PaperEdition, PatientCaller
from app.web.proof import NamesToken

router = APIRouter(responses=PROBLEMS)


def _file(media_type: str) -> dict[str, Any]:
    schema = {"schema": {"type": "string", "format": "binary"}}
    told: dict[int | str, Any] = {200: {"description": "The file", "content": {media_type: schema}}}
    return {"response_class": Response, "responses": told, "tags": ["certificates"]}


_PDF, _ZIP, _PNG = (_file(each) for each in ("application/pdf", "application/zip", "image/png"))


@router.get(
    "/workshops/{workshop_id}/certificates", operation_id="list_holders", tags=["certificates"]
)
def list_holders(work: OpenWork, workshop: ApiOwnWorkshop) -> list[ToldHolder]:
    """Who attended, whose name is confirmed, who has a certificate; no names here."""
    return [
        ToldHolder(
            card_number=each.card_number,
            days_attended=each.days_attended,
            is_enough=each.is_enough,
            is_name_confirmed=each.is_name_confirmed,
            certificate=ToldCertificate.of(each.certificate) if each.certificate else None,
        )
        for each in certificates.find_holders(work, workshop)
    ]


@router.post(
    "/workshops/{workshop_id}/certificates",
    operation_id="issue_certificates",
    tags=["certificates"],
)
def issue_certificates(work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop) -> ToldIssued:
    """Issue to everybody who attended and confirmed the name, a hundred at most: `left` wait.

    Again goes on, and issues nothing twice.
    """
    found = certificates.issue_all(work, workshop, by=trainer)
    return ToldIssued(issued=found.issued, left=found.left)


@router.post(
    "/workshops/{workshop_id}/cards/{card_number}/certificate",
    operation_id="issue_certificate",
    tags=["certificates"],
)
def issue_certificate(
    work: OpenWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
    card_number: str,
    sent: SentIssue | None = None,
) -> ToldCertificate:
    """Issue to one holder; again gives the same record.

    With a name and a reason also to somebody who could not confirm the own name on a phone.
    """
    card = participants.require_card(work, workshop, card_number)
    said = sent.said() if sent else None
    record = certificates.issue_certificate(work, workshop, card, by=trainer, said=said)
    return ToldCertificate.of(record)


@router.post(
    "/workshops/{workshop_id}/certificates/{number}/supersede",
    operation_id="supersede_certificate",
    tags=["certificates"],
)
def supersede_certificate(
    work: OpenWork,
    trainer: ApiTrainer,
    certificate: ApiOwnCertificate,
    sent: SentCorrection,
) -> ToldCertificate:
    """A corrected name: same number, next edition."""
    record = certificates.supersede_certificate(
        work, certificate, local=sent.local, latin=sent.latin, reason=sent.reason, by=trainer
    )
    return ToldCertificate.of(record)


@router.post(
    "/workshops/{workshop_id}/certificates/{number}/revoke",
    operation_id="revoke_certificate",
    tags=["certificates"],
)
def revoke_certificate(
    work: OpenWork, trainer: ApiTrainer, certificate: ApiOwnCertificate, sent: SentReason
) -> ToldCertificate:
    """Revoke, with a reason that stays inside."""
    record = certificates.revoke_certificate(work, certificate, reason=sent.reason, by=trainer)
    return ToldCertificate.of(record)


@router.post(
    "/workshops/{workshop_id}/certificates/{number}/reinstate",
    operation_id="reinstate_certificate",
    tags=["certificates"],
)
def reinstate_certificate(
    work: OpenWork, trainer: ApiTrainer, certificate: ApiOwnCertificate, sent: SentReason
) -> ToldCertificate:
    """Undo a revocation."""
    record = certificates.reinstate_certificate(work, certificate, reason=sent.reason, by=trainer)
    return ToldCertificate.of(record)


@router.get(
    "/workshops/{workshop_id}/certificates/{number}/history",
    operation_id="list_certificate_deeds",
    tags=["certificates"],
)
def list_certificate_deeds(work: OpenWork, certificate: ApiOwnCertificate) -> list[ToldDeed]:
    """What was done to a certificate, the oldest first, with reasons; for the own trainers."""
    return [ToldDeed(**asdict(each)) for each in certificates.find_deeds(work, certificate)]


@router.get(
    "/workshops/{workshop_id}/certificates.zip",
    operation_id="print_certificates",
    dependencies=[NamesToken],
    **_ZIP,
)
def print_certificates(
    request: Request,
    house: TheHouse,
    work: AuditedWork,
    trainer: ApiTrainer,
    workshop: ApiOwnWorkshop,
) -> Response:
    """Every certificate that stands, as PDF in one file; the download is logged."""
    found = papers.print_certificates(work, workshop, by=trainer)
    return certificates_file(request, house, workshop, found)


@router.get(
    "/workshops/{workshop_id}/certificates/{number}.pdf",
    operation_id="print_certificate",
    dependencies=[NamesToken],
    **_PDF,
)
def print_certificate(
    house: TheHouse, work: AuditedWork, trainer: ApiTrainer, certificate: ApiOwnCertificate
) -> Response:
    """One certificate as PDF; the download is logged."""
    return certificate_file(house, papers.print_certificate(work, certificate, by=trainer))


@router.get("/me/certificate.pdf", operation_id="get_own_paper", **_PDF)
def get_own_paper(
    house: TheHouse, work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> Response:
    """The holder's own certificate as PDF: by the card's token, or where the name was confirmed."""
    return certificate_file(house, papers.get_own_paper(work, workshop, phone))


@router.get("/me/certificate.png", operation_id="get_own_picture", **_PNG)
def get_own_picture(
    house: TheHouse, work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> Response:
    """The same certificate as a picture for a chat."""
    return certificate_picture(house, papers.get_own_paper(work, workshop, phone))


@router.get("/me/certificate", operation_id="get_own_certificate", tags=["certificates"])
def get_own_certificate(
    work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> ToldCertificate | None:
    """The certificate of this card's holder; null before it is issued."""
    record = certificates.get_own_certificate(work, workshop, phone.card)
    return ToldCertificate.of(record) if record else None


@router.get("/certificates/{number}", operation_id="verify_certificate", tags=["verification"])
def verify_certificate(
    caller: PatientCaller, work: OpenWork, number: str, edition: PaperEdition = None
) -> ToldVerification:
    """Genuine, revoked, replaced by a later edition, or not found; no name is told."""
    return ToldVerification.of(caller.note(certificates.verify(work, number, edition=edition)))


@router.post("/certificates/{number}/name-check", operation_id="check_name", tags=["verification"])
def check_name(
    caller: PatientCaller,
    work: OpenWork,
    number: str,
    sent: SentNameCheck,
    edition: PaperEdition = None,
) -> ToldVerification:
    """Whether the name on the paper matches; too many wrong ones for one paper have to wait."""
    found = certificates.verify(work, number, name=sent.name, edition=edition)
    return ToldVerification.of(caller.note(found))


@router.post("/certificates/square-check", operation_id="check_square", tags=["verification"])
def check_square(house: TheHouse, sent: SentSquare) -> ToldSquare:
    """Whether this service signed what a square says; the register is not asked."""
    return ToldSquare.of(check_proof(sent.text, public_key(house.keys), name=sent.name))


@router.get("/certificates/signing/key", operation_id="get_signing_key", tags=["verification"])
def get_signing_key(house: TheHouse) -> ToldSigningKey:
    """The Ed25519 key that anybody can check squares with; keep it before you go offline."""
    return ToldSigningKey(algorithm="Ed25519", public_key=public_key(house.keys).hex())
