"""Values of the reports room: one report is one frozen value, and files are made from it."""

from dataclasses import dataclass, field
from datetime import datetime

from app.banks.schemas import PublishedForm
from app.feedback.schemas import Opinions
from app.gains.schemas import GainSummary
from app.gains.service import Conduct, WorkshopResults
from app.gains.spreadsheet import FACETS
from app.gains.spreadsheet import Column as SheetColumn
from app.gains.tables_told import (
    Choice,
    ItemMovement,
    LatestWorkshops,
    OutsideTable,
    PooledEffect,
    TableRow,
    TopicMovement,
)
from app.reports.wording import ProvincesOf
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
class RoomReport:
    """One workshop's results as one audience may see them; the door has decided what is in them.

    `conduct` None: this audience is told nothing of the room.
    """

    workshop: WorkshopRecord
    form: PublishedForm
    gain: GainSummary
    results: WorkshopResults
    conduct: Conduct | None
    opinions: Opinions
    as_of: datetime
    threshold: int


@dataclass(frozen=True)
class Terms:
    """What this house asks of every report: how many pairs a group needs, and its provinces."""

    threshold: int
    provinces: ProvincesOf


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
class FileWanted:
    """What is asked of a file: its name as shown, all points of its test, and one breakdown."""

    name: str
    max_score: int
    pass_mark: int | None = None
    by: SheetColumn | None = None

    @classmethod
    def of(cls, *, name: str, max_score: int, pass_mark: int | None, by: str) -> "FileWanted":
        """The same; an unknown breakdown is none."""
        known = SheetColumn(by) if by in {*FACETS, SheetColumn.WORKSHOP} else None
        return cls(name, max_score, pass_mark, known)


@dataclass(frozen=True)
class Offered:
    """What can be chosen; provinces, periods and programmes are those of the country chosen.

    `programmes`: id -> name; workshops without one have the id "none" and no name. Who is limited
    to some programmes chooses one of them: `has_all_programmes` is false.
    """

    forms: tuple[PublishedForm, ...]
    countries: tuple[str, ...]
    provinces: tuple[str, ...]
    periods: tuple[str, ...]
    programmes: dict[str, str]
    has_all_programmes: bool = True


@dataclass(frozen=True)
class PooledReport:
    """The fixed tables of one choice; nothing but the heading while there is no workshop.

    `workshops`: all of the organisation, by id. `has_synthetic`: whether any of them is.
    """

    organisation_name: str
    as_of: datetime
    threshold: int
    form: PublishedForm | None = None
    choice: Choice | None = None
    offered: Offered | None = None
    workshops: dict[str, WorkshopRecord] = field(default_factory=dict)
    has_synthetic: bool = False
    table: OutsideTable | None = None
    items: tuple[ItemMovement, ...] = ()
    effect: PooledEffect | None = None
    quarters: tuple[TableRow, ...] = ()
    latest: LatestWorkshops | None = None
    topics: tuple[TopicMovement, ...] = ()
    opinions: Opinions | None = None

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
