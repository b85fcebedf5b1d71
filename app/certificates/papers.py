"""What is printed of the register: papers with a name, as long as the name is kept."""

from app.accounts import service as accounts
from app.accounts.logos import read_logos
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.adapters.sealing import KeyMissing, unseal
from app.certificates import queries
from app.certificates.proof import make_proof
from app.certificates.schemas import CertificateRecord, CertificateStatus, Paper
from app.certificates.service import get_own_certificate
from app.certificates.tables import Certificate
from app.core.errors import CertificateRevoked, KeyDestroyed, NotFound
from app.core.text import unpad
from app.participants import service as participants
from app.participants.names import get_shown_name
from app.participants.schemas import HolderName, OpenedWith, OpenPass
from app.workshops.schemas import WorkshopRecord


def print_certificate(work: Work, certificate: CertificateRecord, *, by: StaffPerson) -> Paper:
    """One paper for the workshop's trainer; the log remembers it.

    Raises CertificateRevoked, or KeyDestroyed once the names have ended.
    """
    paper = read_paper(work, _require(work, certificate))
    accounts.record_event(
        work,
        by=by,
        verb="print_certificate",
        object_kind="certificate",
        object_id=certificate.id,
    )
    return paper


def print_certificates(work: Work, workshop: WorkshopRecord, *, by: StaffPerson) -> list[Paper]:
    """Every paper of a workshop that stands, by number; the log remembers it.

    Raises NotFound where there is none, or KeyDestroyed once the names have ended.
    """
    rows = [
        row
        for row in queries.find_of_workshop(work.db, workshop.id)
        if row.status == CertificateStatus.ISSUED.value
    ]
    if not rows:
        raise NotFound()
    papers = [read_paper(work, row) for row in rows if row.sealed_name is not None]
    if not papers:
        raise KeyDestroyed()
    accounts.record_event(
        work,
        by=by,
        verb="print_certificates",
        object_kind="workshop",
        object_id=workshop.id,
    )
    return papers


def get_own_paper(work: Work, workshop: WorkshopRecord, phone: OpenPass) -> Paper:
    """The holder's own paper, for the card, or for the phone on which the name was confirmed.

    Four digits alone show no name: raises NotFound there, and where nothing is issued;
    CertificateRevoked, or KeyDestroyed once the names have ended.
    """
    certificate = get_own_certificate(work, workshop, phone.card)
    is_own = phone.opened_with is OpenedWith.TOKEN or get_shown_name(work, phone) is not None
    if certificate is None or not is_own:
        raise NotFound()
    return read_paper(work, _require(work, certificate))


def _require(work: Work, certificate: CertificateRecord) -> Certificate:
    row = queries.get_by_number(work.db, certificate.number)
    if row is None:
        raise NotFound()
    return row


def read_paper(work: Work, row: Certificate) -> Paper:
    """A row's paper, without a line in the log; raises CertificateRevoked or KeyDestroyed."""
    if row.status == CertificateStatus.REVOKED.value:
        raise CertificateRevoked()
    record, name = queries.record_of(row), name_on(work, row)
    return Paper(
        record=record,
        name=name,
        proof=make_proof(work.keys, record, name),
        logos=tuple(read_logos(work, record.logos)),
    )


def name_on(work: Work, row: Certificate) -> HolderName:
    """The sealed name, opened; raises KeyDestroyed."""
    if row.sealed_name is None:
        raise KeyDestroyed()
    try:
        key = work.keys.require(participants.workshop_key(row.workshop_id))
        content = unseal(key, row.sealed_name, context=f"certificate/{row.number}")
    except KeyMissing as error:
        raise KeyDestroyed() from error
    local, _, latin = unpad(content).decode().partition("\n")
    return HolderName(local=local, latin=latin, is_confirmed=True)
