"""Rows of single people for analysts: what can be asked for, and the file.

Who asks gets all batches that may leave (`gains.row_batches`), in an order drawn anew each time;
no number, name, day, place or workshop stands in a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.archives import write_zip
from app.adapters.csv_files import Cell, write_csv
from app.adapters.db import Work
from app.adapters.randomness import shuffled
from app.banks.schemas import PublishedForm
from app.core.deidentified import Pair
from app.core.errors import NotAllowed, RowsRefused, ValueRefused
from app.core.printing import half_up
from app.core.scoring import UNITS_PER_POINT
from app.gains.row_batches import RowFile, make_row_batch, read_row_file
from app.gains.row_queries import RowStream
from app.gains.tables_told import Breakdown
from app.reports.as_csv import SOME_SYNTHETIC
from app.reports.pooled import find_told

BESIDE = (Breakdown.WHOLE, Breakdown.SEX, Breakdown.AGENCY_TYPE, Breakdown.PROVINCE)
"""What may stand beside the scores: nothing, or one thing about the person."""

_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_BANDS = ("0 to 24", "25 to 49", "50 to 74", "75 to 100")
_START = ("form", "form_version", "country", "points_possible", "origin")
_ALONE, _BESIDE = ("pre_points", "post_points"), ("pre_percent", "post_percent")
_WORDS: dict[str, str] = {
    "form": "the test; before and after asked the same version of it",
    "form_version": "its version",
    "country": "the country of the workshops, ISO 3166-1",
    "points_possible": "all points of the test",
    "origin": "whether workshops in it are synthetic",
    "sex": "what the person said; rows of groups that tables withhold are left out",
    "agency_type": "what the person said; rows of groups that tables withhold are left out",
    "province": "the province where the person works, ISO 3166-2; as for the others",
    "pre_points": "points before, of the same person as points after",
    "post_points": "points after",
    "pre_percent": "score before in quarters of all points; empty: rare beside the groups",
    "post_percent": "score after, in the same way; both are empty or none",
    "(order)": "drawn anew for every download: it means nothing",
    "(who)": "one row for each person with both tests in final workshops that were released; "
    "rows leave in batches, and later files hold whole further batches",
}


@dataclass(frozen=True)
class RowsWanted:
    """Test, country, and what stands beside the scores (a breakdown, empty: nothing)."""

    form: str
    country: str
    by: str = ""


@dataclass(frozen=True)
class RowExport:
    """A file's content before it is drawn; one for each person, without any order."""

    form: PublishedForm
    country: str
    file: RowFile

    @property
    def name(self) -> str:
        """Under which it is saved."""
        by = self.file.breakdown.value or "scores"
        return f"tafawut-rows-{self.country}-{self.form.form_ref}-v{self.form.version}-{by}.zip"


def find_row_choices(work: Work, evaluator: StaffPerson) -> list[tuple[str, PublishedForm]]:
    """Country and test of the workshops in scope.

    Raises NotAllowed for whoever is limited to programmes: rows leave of all of them together.
    """
    if evaluator.scope.programmes:
        raise NotAllowed()
    own, scope = evaluator.organisation_id, evaluator.scope
    return find_told(work, own, year=None, quarter=None, scope=scope)


def export_rows(
    work: Work, evaluator: StaffPerson, wanted: RowsWanted, *, threshold: int
) -> RowExport:
    """Every row that may leave, after one more batch was made if it may; the audit log has it.

    Raises ValueRefused for what is not offered, RowsRefused where nothing may leave.
    """
    choices = find_row_choices(work, evaluator)
    known = {(country, form.id): form for country, form in choices}
    form = known.get((wanted.country, wanted.form))
    if form is None:
        raise ValueRefused(field="form", reason="not_in_list")
    if wanted.by not in BESIDE:
        raise ValueRefused(field="by", reason="not_in_list")
    stream = RowStream(evaluator.organisation_id, form.id, wanted.country, wanted.by)
    make_row_batch(work, stream, max_units=form.max_units, threshold=threshold)
    file = read_row_file(work, stream)
    if not file.rows:
        raise RowsRefused(field="by", reason="rows_too_few" if wanted.by else "rows_none_yet")
    accounts.record_event(
        work, by=evaluator, verb="export_rows", object_kind="organisation",
        object_id=evaluator.organisation_id, form=form.id, country=wanted.country,
        beside=wanted.by, rows=file.rows,
    )  # fmt: skip
    return RowExport(form, wanted.country, file)


def rows_as_zip(export: RowExport) -> bytes:
    """`rows.csv` in an order of its own and `dictionary.csv`; no moment stands in it."""
    by = export.file.breakdown
    columns = (*_START, by.value, *_BESIDE) if by else (*_START, *_ALONE)
    words = [[name, words] for name, words in _WORDS.items() if name in columns or name[0] == "("]
    files = {
        "rows.csv": write_csv(columns, shuffled(list(_rows(export)))),
        "dictionary.csv": write_csv(("column", "meaning"), words),
    }
    return write_zip(files, made_at=_NO_TIME)


def _rows(export: RowExport) -> Iterator[list[Cell]]:
    form, file = export.form, export.file
    origin = SOME_SYNTHETIC if file.has_synthetic else "entered here"
    most = half_up(Fraction(form.max_units, UNITS_PER_POINT), 2)
    start: list[Cell] = [form.form_ref, form.version, export.country, most, origin]
    for (value, pair), people in file.people.items():
        beside: list[Cell] = [value] if file.breakdown else []
        scores = _bands(pair) if file.breakdown else _points(pair)
        for _ in range(people):
            yield [*start, *beside, *scores]


def _points(pair: Pair | None) -> list[Cell]:
    return [half_up(Fraction(units, UNITS_PER_POINT), 2) for units in pair or ()]


def _bands(pair: Pair | None) -> list[Cell]:
    return [None, None] if pair is None else [_BANDS[band] for band in pair]
