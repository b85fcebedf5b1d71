"""Values of the reports room: one report is one frozen value, and files are made from it."""

from dataclasses import dataclass, field
from datetime import datetime

from app.banks.schemas import PublishedForm
from app.gains.schemas import GainSummary
from app.gains.tables_told import Choice, ItemMovement, OutsideTable, PooledEffect
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


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of several workshops, as an address says it; empty: all, or the usual.

    `form` is a form's id, `period` a year or a quarter ("2026", "2026-3"), `by` a breakdown.
    """

    form: str = ""
    country: str = ""
    province: str = ""
    period: str = ""
    programme: str = ""
    by: str = ""


@dataclass(frozen=True)
class Offered:
    """What can be chosen; provinces, periods and programmes are those of the country chosen.

    `programmes`: id -> name; workshops without one have the id "none" and no name.
    """

    forms: tuple[PublishedForm, ...]
    countries: tuple[str, ...]
    provinces: tuple[str, ...]
    periods: tuple[str, ...]
    programmes: dict[str, str]


@dataclass(frozen=True)
class PooledReport:
    """The fixed tables of one choice; nothing but the heading while there is no workshop.

    `titles`: workshop's id -> its title. `has_synthetic`: of all workshops of the organisation.
    """

    organisation_name: str
    as_of: datetime
    threshold: int
    form: PublishedForm | None = None
    choice: Choice | None = None
    offered: Offered | None = None
    titles: dict[str, str] = field(default_factory=dict)
    has_synthetic: bool = False
    table: OutsideTable | None = None
    items: tuple[ItemMovement, ...] = ()
    effect: PooledEffect | None = None

    @property
    def period(self) -> str:
        """The period chosen, as an address says it; empty for all."""
        if self.choice is None or self.choice.year is None:
            return ""
        year, quarter = self.choice.year, self.choice.quarter
        return f"{year}-{quarter}" if quarter else f"{year}"

    @property
    def programme_name(self) -> str | None:
        """The programme chosen, by its name; None for all."""
        if self.choice is None or self.offered is None or self.choice.programme_id is None:
            return None
        return self.offered.programmes[self.choice.programme_id]
