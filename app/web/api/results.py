"""API for results: gains, report rows, certificate records, verification."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.certificates import service as certificates
from app.gains import service as gains
from app.gains.service import Audience
from app.participants import service as participants
from app.reports import service as reports
from app.reports.pooled_as_csv import PooledFile
from app.reports.results_as_csv import ResultsTable
from app.web.api.problems import PROBLEMS
from app.web.api.wire_details import ToldResults, ToldTeachFirst
from app.web.api.wire_pooled import ToldPooled
from app.web.api.wire_results import (
    SentCorrection,
    SentNameCheck,
    SentReason,
    ToldCertificate,
    ToldDetectableRise,
    ToldGain,
    ToldHolder,
    ToldIssued,
    ToldReport,
    ToldVerification,
)
from app.web.deps import (
    ApiEvaluator,
    ApiJoinedWorkshop,
    ApiOwnCertificate,
    ApiOwnWorkshop,
    ApiPhone,
    ApiSeenWorkshop,
    ApiTrainer,
    AuditedWork,
    OpenWork,
    TheHouse,
)
from app.web.files import CSV_TYPE
from app.web.pooled import PooledChoice, province_codes

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
    return Response(content, media_type=CSV_TYPE)


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
    return Response(content, media_type=CSV_TYPE)


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
    return Response(content, media_type="text/csv; charset=utf-8")


@router.get("/reports/pooled", operation_id="get_pooled", tags=["reports"])
def get_pooled(
    house: TheHouse, work: OpenWork, evaluator: ApiEvaluator, wanted: PooledChoice
) -> ToldPooled:
    """Several workshops together: one fixed table, its questions, different tests as effects."""
    least = house.settings.outside_threshold
    report = reports.build_pooled(
        work, evaluator, wanted, threshold=least, provinces=province_codes
    )
    return ToldPooled.of(report)


@router.get(
    "/reports/pooled/{table}.csv",
    operation_id="download_pooled",
    tags=["reports"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The rows as CSV"}},
)
def download_pooled(
    house: TheHouse,
    work: AuditedWork,
    evaluator: ApiEvaluator,
    wanted: PooledChoice,
    table: PooledFile,
) -> Response:
    """The same as a file: groups, questions or effects; the download is logged."""
    least = house.settings.outside_threshold
    content = reports.export_pooled(
        work, evaluator, wanted, table, threshold=least, provinces=province_codes
    )
    return Response(content, media_type=CSV_TYPE)


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
    """Issue to everybody who attended and confirmed the name; again issues nothing new."""
    return ToldIssued(issued=certificates.issue_all(work, workshop, by=trainer))


@router.post(
    "/workshops/{workshop_id}/cards/{card_number}/certificate",
    operation_id="issue_certificate",
    tags=["certificates"],
)
def issue_certificate(
    work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop, card_number: str
) -> ToldCertificate:
    """Issue to one holder; again gives the same record."""
    card = participants.require_card(work, workshop, card_number)
    record = certificates.issue_certificate(work, workshop, card, by=trainer)
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


@router.get("/me/certificate", operation_id="get_own_certificate", tags=["certificates"])
def get_own_certificate(
    work: OpenWork, phone: ApiPhone, workshop: ApiJoinedWorkshop
) -> ToldCertificate | None:
    """The certificate of this card's holder; null before it is issued."""
    record = certificates.get_own_certificate(work, workshop, phone.card)
    return ToldCertificate.of(record) if record else None


@router.get("/certificates/{number}", operation_id="verify_certificate", tags=["verification"])
def verify_certificate(work: OpenWork, number: str) -> ToldVerification:
    """Genuine, revoked or not found; no name is told."""
    return ToldVerification.of(certificates.verify(work, number))


@router.post("/certificates/{number}/name-check", operation_id="check_name", tags=["verification"])
def check_name(work: OpenWork, number: str, sent: SentNameCheck) -> ToldVerification:
    """Whether the name on the paper matches."""
    return ToldVerification.of(certificates.verify(work, number, name=sent.name))
