"""One workshop's questions or groups as CSV: the page's digits; an empty cell has a reason."""

from collections.abc import Iterator
from enum import StrEnum

from app.adapters.csv_files import Cell, write_csv
from app.banks.schemas import PublishedForm
from app.core.disclosure import Extreme
from app.gains.results import Figure, GainFigures, WorkshopResults

SIGNS = {None: "", Extreme.AT_MOST: "<=", Extreme.AT_LEAST: ">="}

GAIN_COLUMNS = (
    "paired", "pre_percent", "post_percent", "gain_pp", "gain_pp_ci95_low", "gain_pp_ci95_high",
)  # fmt: skip
GROUP_HEADER = ("workshop_id", "as_of", "facet", "value", *GAIN_COLUMNS, "reason")
ITEM_HEADER = (
    "workshop_id", "as_of", "form", "form_version", "item", "objective", "retained", "learned",
    "lost", "not_learned", "right_before_percent", "right_after_percent", "change_pp",
    "change_pp_ci95_low", "change_pp_ci95_high", "do_not_know_before_percent",
    "do_not_know_after_percent", "omitted_before", "omitted_after", "guessing_percent", "rest_r",
    "reason",
)  # fmt: skip


class ResultsTable(StrEnum):
    """Which of a workshop's tables."""

    ITEMS = "items"
    GROUPS = "groups"


def results_as_csv(results: WorkshopResults, form: PublishedForm, table: ResultsTable) -> bytes:
    """The table's rows as this reader may see them; a limit is printed as "<=20"."""
    if table is ResultsTable.ITEMS:
        return write_csv(ITEM_HEADER, list(_item_rows(results, form)))
    return write_csv(GROUP_HEADER, list(_group_rows(results)))


def _item_rows(results: WorkshopResults, form: PublishedForm) -> Iterator[list[Cell]]:
    for row in results.items:
        counts = (row.retained, row.learned, row.lost, row.not_learned)
        shares = (row.right_before, row.right_after, row.change, row.change_low, row.change_high,
                  row.do_not_know_before, row.do_not_know_after)  # fmt: skip
        yield [
            results.workshop_id,
            _moment(results),
            form.form_ref,
            form.version,
            row.item,
            row.objective,
            *counts,
            *(digits_of(each) for each in shares),
            row.omitted_before,
            row.omitted_after,
            digits_of(row.guessing_percent),
            digits_of(row.rest_r),
            row.unsaid.value if row.unsaid else None,
        ]


def _group_rows(results: WorkshopResults) -> Iterator[list[Cell]]:
    whole = [("", "", results.room, results.unsaid)]
    facets = [
        (table.facet, row.value, row.figures, row.unsaid)
        for table in results.facets
        for row in table.rows
    ]
    for facet, value, figures, unsaid in [*whole, *facets]:
        start: list[Cell] = [results.workshop_id, _moment(results), facet, value]
        yield [*start, *gain_cells(figures), unsaid.value if unsaid else None]


def gain_cells(figures: GainFigures | None) -> list[Cell]:
    """A group's cells under `GAIN_COLUMNS`; empty where it is withheld."""
    if figures is None:
        return [None] * len(GAIN_COLUMNS)
    shown = (figures.pre_percent, figures.post_percent, figures.gain_pp, figures.gain_pp_low,
             figures.gain_pp_high)  # fmt: skip
    return [figures.paired, *(digits_of(each) for each in shown)]


def digits_of(figure: Figure) -> Cell:
    """A figure's digits with the sign of a limit; an empty cell where there are none."""
    if figure.value is None or figure.extreme is None:
        return figure.value
    return f"{SIGNS[figure.extreme]}{figure.value}"


def _moment(results: WorkshopResults) -> str | None:
    return results.as_of.isoformat() if results.as_of else None
