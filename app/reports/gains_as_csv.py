"""A gain report as CSV: tidy, one row per workshop and form, withheld cells empty."""

from app.adapters.csv_files import Cell, write_csv
from app.reports.schemas import GainReport, ReportRow

HEADER = (
    "workshop_id", "title", "organisation", "programme", "funder", "country", "province", "place",
    "starts_on", "ends_on", "dates", "head_count_women", "head_count_men", "form",
    "form_version", "form_hash", "law_review", "language_review", "as_of", "provisional",
    "registered", "pre", "post", "paired", "late_beside", "max_points", "mean_pre_points",
    "mean_post_points", "gain_points", "gain_points_ci95_low", "gain_points_ci95_high",
    "mean_pre_percent", "mean_post_percent", "gain_pp", "gain_pp_ci95_low", "gain_pp_ci95_high",
    "improved", "same", "declined", "reason", "interval_reason", "origin",
)  # fmt: skip

SYNTHETIC = (
    "synthetic; no scores were published, and for the five workshops of 2019 no tests are reported"
)


def report_as_csv(report: GainReport) -> bytes:
    """The whole report; the printed digits are those of page and API."""
    return write_csv(HEADER, [_cells(row) for row in report.rows])


def _cells(row: ReportRow) -> list[Cell]:
    workshop, form, gain = row.workshop, row.form, row.gain
    missing = [each for each in form.languages if each not in form.reviewed_languages]
    return [
        workshop.id,
        workshop.title,
        workshop.organisation_name,
        workshop.programme_name,
        workshop.funder_line,
        workshop.country,
        workshop.province,
        workshop.place,
        workshop.starts_on.isoformat(),
        workshop.ends_on.isoformat(),
        "inferred" if workshop.are_dates_inferred else "as entered",
        workshop.women_count,
        workshop.men_count,
        form.form_ref,
        form.version,
        form.content_hash,
        "reviewed" if form.is_law_reviewed else "not yet reviewed by a lawyer",
        f"not yet reviewed by a native reader: {' '.join(missing)}" if missing else "reviewed",
        gain.as_of.isoformat() if gain.as_of else None,
        "provisional" if gain.is_provisional else "final",
        gain.registered,
        gain.pre,
        gain.post,
        gain.paired,
        gain.late_beside,
        gain.max_points,
        gain.mean_pre_points,
        gain.mean_post_points,
        gain.gain_points,
        gain.gain_points_low,
        gain.gain_points_high,
        gain.mean_pre_percent,
        gain.mean_post_percent,
        gain.gain_pp,
        gain.gain_pp_low,
        gain.gain_pp_high,
        gain.improved,
        gain.same,
        gain.declined,
        gain.reason.value if gain.reason else None,
        gain.interval_reason.value if gain.interval_reason else None,
        SYNTHETIC if workshop.is_synthetic else "entered here",
    ]
