"""Builds the evaluator's report: one row per workshop and form, as outsiders may see it."""

from datetime import timedelta

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.banks import service as banks
from app.gains import service as gains
from app.gains.schemas import Audience
from app.reports.as_csv import report_as_csv
from app.reports.pooled import ProvincesOf, build_pooled
from app.reports.pooled_as_csv import PooledFile, pooled_as_csv
from app.reports.results_as_csv import ResultsTable, results_as_csv
from app.reports.schemas import GainReport, ReportRow, Wanted
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord


def build_report(
    work: Work, evaluator: StaffPerson, *, threshold: int, late: timedelta
) -> GainReport:
    """Every workshop of the evaluator's organisation, through the one door of group numbers."""
    rows = [
        ReportRow(
            workshop=workshop,
            form=banks.require_form(work, workshop.form_id),
            gain=gains.read_summary(
                work, workshop, Audience.OUTSIDE, threshold=threshold, late=late
            ),
        )
        for workshop in workshops.find_workshops(work, evaluator.organisation_id)
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
    return results_as_csv(results, workshops.require_form(work, workshop), table)


def export_pooled(
    work: Work,
    evaluator: StaffPerson,
    wanted: Wanted,
    file: PooledFile,
    *,
    threshold: int,
    provinces: ProvincesOf,
) -> bytes:
    """One table over several workshops as CSV; the download is written into the audit log."""
    report = build_pooled(work, evaluator, wanted, threshold=threshold, provinces=provinces)
    accounts.record_event(
        work,
        by=evaluator,
        verb="export_pooled",
        object_kind="organisation",
        object_id=evaluator.organisation_id,
    )
    return pooled_as_csv(report, file)


__all__ = ["build_pooled", "build_report", "export_csv", "export_pooled", "export_results"]
