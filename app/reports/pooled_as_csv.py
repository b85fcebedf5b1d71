"""Several workshops together as CSV: each row says what was chosen; an empty cell has a reason."""

from collections.abc import Iterator
from enum import StrEnum

from app.adapters.csv_files import Cell, write_csv
from app.gains.results import Figure
from app.gains.tables_told import PooledGain, TableRow
from app.reports.results_as_csv import digits_of, gain_cells
from app.reports.schemas import PooledReport

CHOICE_COLUMNS = ("country", "province", "year", "quarter", "programme")
FORM_COLUMNS = ("form", "form_version", "form_hash")
POOLED_COLUMNS = (
    "average_gain_pp_ci95_low", "average_gain_pp_ci95_high", "pooled_workshops", "pooled_gain_pp",
    "pooled_gain_pp_ci95_low", "pooled_gain_pp_ci95_high", "prediction_pp_low",
    "prediction_pp_high", "between_pp",
)  # fmt: skip
POOLED_GROUP_HEADER = (
    *FORM_COLUMNS, *CHOICE_COLUMNS, "facet", "value", "title", "workshops", "paired", "pre_percent",
    "post_percent", "gain_pp", "gain_pp_ci95_low", "gain_pp_ci95_high", *POOLED_COLUMNS, "reason",
    "origin",
)  # fmt: skip
POOLED_ITEM_HEADER = (
    *FORM_COLUMNS, *CHOICE_COLUMNS, "item", "paired", "right_before_percent",
    "right_after_percent", "change_pp", "change_pp_ci95_low", "change_pp_ci95_high",
    "origin",
)  # fmt: skip
EFFECT_HEADER = (
    *CHOICE_COLUMNS, "forms", "workshops", "effect", "effect_ci95_low", "effect_ci95_high",
    "effect_prediction_low", "effect_prediction_high", "reason", "origin",
)  # fmt: skip
SOME_SYNTHETIC = "some of the organisation's workshops are synthetic"
SMALL_TOGETHER = "small workshops together"


class PooledFile(StrEnum):
    """Which of the tables over several workshops."""

    GROUPS = "groups"
    ITEMS = "items"
    EFFECT = "effect"


def pooled_as_csv(report: PooledReport, file: PooledFile) -> bytes:
    """One table of a choice; without any workshop only its head."""
    if file is PooledFile.ITEMS:
        return write_csv(POOLED_ITEM_HEADER, list(_item_rows(report)))
    if file is PooledFile.EFFECT:
        return write_csv(EFFECT_HEADER, list(_effect_rows(report)))
    return write_csv(POOLED_GROUP_HEADER, list(_group_rows(report)))


def _choice(report: PooledReport) -> list[Cell]:
    choice = report.choice
    if choice is None:
        return [None] * len(CHOICE_COLUMNS)
    programme = report.programme_name
    return [choice.country, choice.province, choice.year, choice.quarter, programme]


def _start(report: PooledReport) -> list[Cell]:
    form = report.form
    known = (form.form_ref, form.version, form.content_hash) if form else (None,) * 3
    return [*known, *_choice(report)]


def _group_rows(report: PooledReport) -> Iterator[list[Cell]]:
    table = report.table
    if table is None:
        return
    yield [*_start(report), None, None, None, *_cells(table.whole), _origin(report)]
    by = table.choice.breakdown.value
    for row in table.rows:
        yield [*_start(report), by, row.value, _title(report, row), *_cells(row), _origin(report)]


def _title(report: PooledReport, row: TableRow) -> str | None:
    if row.value:
        return report.titles.get(row.value)
    return SMALL_TOGETHER


def _cells(row: TableRow) -> list[Cell]:
    unsaid = row.unsaid.value if row.unsaid else None
    return [row.workshops, *gain_cells(row.figures), *_pooled(row.pooled), unsaid]


def _pooled(pooled: PooledGain | None) -> list[Cell]:
    if pooled is None:
        return [None] * len(POOLED_COLUMNS)
    return [
        digits_of(pooled.average_low),
        digits_of(pooled.average_high),
        pooled.entered,
        *map(digits_of, _effects(pooled)),
    ]


def _effects(pooled: PooledGain) -> tuple[Figure, ...]:
    return (pooled.gain_pp, pooled.gain_pp_low, pooled.gain_pp_high, pooled.prediction_low,
            pooled.prediction_high, pooled.between_pp)  # fmt: skip


def _item_rows(report: PooledReport) -> Iterator[list[Cell]]:
    for row in report.items:
        told = (row.right_before, row.right_after, row.change, row.change_low, row.change_high)
        yield [*_start(report), row.item, row.paired, *map(digits_of, told), _origin(report)]


def _effect_rows(report: PooledReport) -> Iterator[list[Cell]]:
    found = report.effect
    if found is None:
        return
    told = (found.effect, found.low, found.high, found.prediction_low, found.prediction_high)
    unsaid = found.effect.unsaid.value if found.effect.unsaid else None
    count = len(found.form_ids)
    own: list[Cell] = [count, found.workshops, *map(digits_of, told), unsaid]
    yield [*_choice(report), *own, _origin(report)]


def _origin(report: PooledReport) -> str:
    return SOME_SYNTHETIC if report.has_synthetic else "entered here"
