"""Values of the reports room: one report is one frozen value, and files are made from it."""

from dataclasses import dataclass
from datetime import datetime

from app.banks.schemas import PublishedForm
from app.gains.schemas import GainSummary
from app.workshops.schemas import WorkshopRecord


@dataclass(frozen=True)
class ReportRow:
    """One workshop and one form version; never a person."""

    workshop: WorkshopRecord
    form: PublishedForm
    gain: GainSummary


@dataclass(frozen=True)
class GainReport:
    """What an evaluator sees and downloads: rows, and when they were true."""

    organisation_name: str
    as_of: datetime
    threshold: int
    rows: tuple[ReportRow, ...]

    @property
    def has_synthetic(self) -> bool:
        """Whether any row is synthetic."""
        return any(row.workshop.is_synthetic for row in self.rows)

    @property
    def has_unreviewed(self) -> bool:
        """Whether any form was not signed by a lawyer and a native reader."""
        return any(not row.form.is_reviewed() for row in self.rows)
