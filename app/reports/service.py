"""Builds what evaluators see and download: a row per workshop, and reports over several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.accounts import service as accounts
from app.accounts.schemas import WHOLE, StaffPerson, StaffScope
from app.adapters.db import Work
from app.banks import service as banks
from app.feedback import service as feedback
from app.feedback.schemas import LEAST_SHEETS
from app.gains import service as gains
from app.gains.schemas import Audience
from app.gains.service import MethodRecords, RowSums
from app.reports.building import build_document
from app.reports.document import ReportDocument
from app.reports.from_file import build_file_report
from app.reports.gains_as_csv import report_as_csv
from app.reports.keeping import draw_kept, find_kept, keep_documents, open_kept
from app.reports.pooled import build_pooled, find_told
from app.reports.results_as_csv import ResultsTable, results_as_csv
from app.reports.schemas import GainReport, PooledReport, ReportRow, RoomReport, Terms, Wanted
from app.reports.wording import Wording
from app.reports.workshop_building import build_workshop_document
from app.workshops.schemas import WorkshopRecord


def build_report(
    work: Work, evaluator: StaffPerson, *, threshold: int, late: timedelta
) -> GainReport:
    """Every workshop of the evaluator's scope, through the one door of group numbers."""
    rows = [
        ReportRow(
            workshop=workshop,
            form=banks.require_form(work, workshop.form_id),
            gain=gains.read_summary(
                work, workshop, Audience.OUTSIDE, threshold=threshold, late=late
            ),
        )
        for workshop in gains.find_told_workshops(work, evaluator.organisation_id)
        if workshop.lies_in(evaluator.scope)
    ]
    return GainReport(
        organisation_name=accounts.organisation_name(work, evaluator.organisation_id),
        as_of=work.now,
        threshold=threshold,
        rows=tuple(rows),
    )


def export_csv(work: Work, evaluator: StaffPerson, *, threshold: int, late: timedelta) -> bytes:
    """The report as a CSV file; the download is written into the audit log."""
    report = build_report(work, evaluator, threshold=threshold, late=late)
    accounts.record_event(
        work,
        by=evaluator,
        verb="export_csv",
        object_kind="organisation",
        object_id=evaluator.organisation_id,
        rows=len(report.rows),
    )
    return report_as_csv(report)


def export_results(
    work: Work,
    workshop: WorkshopRecord,
    audience: Audience,
    table: ResultsTable,
    *,
    threshold: int,
    by: StaffPerson,
) -> bytes:
    """One workshop's questions or groups as CSV; the download is written into the audit log."""
    results = gains.read_results(work, workshop, audience, threshold=threshold)
    accounts.record_event(
        work, by=by, verb="export_results", object_kind="workshop", object_id=workshop.id
    )
    return results_as_csv(results, banks.require_form(work, results.form_id), table)


@dataclass(frozen=True)
class _Told:
    """All that a document of one choice is made of, in any language."""

    report: PooledReport
    records: MethodRecords | None
    sums: tuple[RowSums, ...]

    def document(self, wording: Wording) -> ReportDocument:
        """The document in one language."""
        return build_document(self.report, self.records, self.sums, wording)


def _read(
    work: Work, organisation_id: str, wanted: Wanted, terms: Terms, scope: StaffScope = WHOLE
) -> _Told:
    report = build_pooled(
        work,
        organisation_id,
        wanted,
        threshold=terms.threshold,
        provinces=terms.provinces,
        scope=scope,
    )
    if report.form is None or report.choice is None:
        return _Told(report, None, ())
    own = (organisation_id, report.form.id, report.choice)
    known = list(report.workshops.values())
    records = gains.read_records(work, *own, known, threshold=terms.threshold)
    return _Told(report, records, gains.read_sums(work, *own))


def build_workshop_report(
    work: Work,
    workshop: WorkshopRecord,
    audience: Audience,
    wording: Wording,
    *,
    threshold: int,
    late: timedelta,
) -> ReportDocument:
    """One workshop's results as this audience may see them, as a document."""
    results = gains.read_results(work, workshop, audience, threshold=threshold)
    report = RoomReport(
        workshop=workshop,
        form=banks.require_form(work, results.form_id),
        gain=gains.read_summary(work, workshop, audience, threshold=threshold, late=late),
        results=results,
        conduct=gains.read_conduct(work, workshop, results),
        opinions=feedback.read_opinions(
            work, [workshop.id], least=_least_sheets(audience, threshold)
        ),
        as_of=work.now,
        threshold=threshold,
    )
    return build_workshop_document(report, wording)


def _least_sheets(audience: Audience, threshold: int) -> int:
    """How many sheets a questionnaire needs; the team may see its counts from a few on."""
    return threshold if audience is Audience.OUTSIDE else LEAST_SHEETS


def export_workshop_report(
    work: Work,
    workshop: WorkshopRecord,
    audience: Audience,
    wording: Wording,
    *,
    threshold: int,
    late: timedelta,
    by: StaffPerson,
) -> ReportDocument:
    """The same as it is downloaded; the audit log has it."""
    document = build_workshop_report(
        work, workshop, audience, wording, threshold=threshold, late=late
    )
    accounts.record_event(
        work, by=by, verb="export_results", object_kind="workshop", object_id=workshop.id,
        report=document.id,
    )  # fmt: skip
    return document


def build_pooled_document(
    work: Work,
    evaluator: StaffPerson,
    wanted: Wanted,
    wording: Wording,
    terms: Terms,
) -> tuple[PooledReport, ReportDocument]:
    """What can be chosen, and the report of what was; raises ValueRefused."""
    told = _read(work, evaluator.organisation_id, wanted, terms, evaluator.scope)
    return told.report, told.document(wording)


def keep_report(
    work: Work,
    evaluator: StaffPerson,
    wanted: Wanted,
    wordings: Sequence[Wording],
    terms: Terms,
) -> str:
    """Keep the report of a choice for good, in these languages; returns its id.

    The same facts are kept once. Raises ValueRefused, also where nothing is told.
    """
    told = _read(work, evaluator.organisation_id, wanted, terms, evaluator.scope)
    programme_id = told.report.choice.programme_id if told.report.choice else None
    documents = [told.document(each) for each in wordings]
    return keep_documents(work, documents, by=evaluator, programme_id=programme_id)


def export_kept(work: Work, reader: StaffPerson, kept_id: str, language: str) -> ReportDocument:
    """A kept report as it is downloaded; the audit log has it. Raises NotFound."""
    document = open_kept(work, reader, kept_id, language)
    accounts.record_event(
        work, by=reader, verb="export_kept", object_kind="report", object_id=kept_id
    )
    return document


def export_document(
    work: Work, evaluator: StaffPerson, wanted: Wanted, wording: Wording, terms: Terms
) -> ReportDocument:
    """The report as it is downloaded; that it was is written into the audit log."""
    _, document = build_pooled_document(work, evaluator, wanted, wording, terms)
    accounts.record_event(
        work,
        by=evaluator,
        verb="export_pooled",
        object_kind="organisation",
        object_id=evaluator.organisation_id,
        report=document.id,
    )
    return document


def read_for_folder(
    work: Work, organisation_id: str, wanted: Wanted, wording: Wording, terms: Terms
) -> ReportDocument:
    """The report of a choice for the command line; raises ValueRefused. See `record_folder`."""
    return _read(work, organisation_id, wanted, terms).document(wording)


def record_folder(work: Work, organisation_id: str, documents: Sequence[ReportDocument]) -> None:
    """Write into the audit log that these are written to files, by whoever has the server."""
    for each in documents:
        accounts.record_event(
            work, by=None, verb="export_pooled", object_kind="organisation",
            object_id=organisation_id, report=each.id,
        )  # fmt: skip


__all__ = [
    "build_file_report",
    "build_pooled",
    "build_pooled_document",
    "build_report",
    "build_workshop_report",
    "draw_kept",
    "export_csv",
    "export_document",
    "export_kept",
    "export_results",
    "export_workshop_report",
    "find_kept",
    "find_told",
    "keep_report",
    "open_kept",
    "read_for_folder",
    "record_folder",
]
