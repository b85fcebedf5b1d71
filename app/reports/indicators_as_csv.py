"""Indicators as flat rows for other systems: the cells of the CSV, which the API's JSON has too."""

from app.adapters.csv_files import Cell, write_csv
from app.gains.service import Choice
from app.reports.as_csv import SOME_SYNTHETIC
from app.reports.indicators import EVERYBODY, HeadCounts, IndicatorRow, Indicators, write_period
from app.reports.measures import MEASURES
from app.reports.pooled import NO_PROGRAMME, quarter_of
from app.reports.wording import Wording
from app.workshops.schemas import WorkshopRecord

RESULTS = (
    "as_of", "organisation", "form", "form_version", "form_title", "country", "province", "area",
    "programme", "period", "year", "quarter", "breakdown", "group", "group_name", "indicator",
    "indicator_name", "unit", "value", "limit", "reason", "origin",
)  # fmt: skip
WORKSHOPS = (
    "as_of", "organisation", "workshop", "title", "country", "province", "area", "place",
    "programme", "starts_on", "ends_on", "period", "year", "quarter", "registered_women",
    "registered_men", "registered", "origin",
)  # fmt: skip
ENTERED = "entered here"
SYNTHETIC = "synthetic"


def results_as_csv(told: Indicators, wording: Wording) -> bytes:
    """One fact a row, the printed digits."""
    return write_csv(RESULTS, [list(row.values()) for row in result_rows(told, wording)])


def head_counts_as_csv(told: HeadCounts, wording: Wording) -> bytes:
    """One workshop a row."""
    return write_csv(WORKSHOPS, [list(row.values()) for row in workshop_rows(told, wording)])


def result_rows(told: Indicators, wording: Wording) -> list[dict[str, Cell]]:
    """Each row by column, in the columns' order."""
    origin = SOME_SYNTHETIC if told.has_synthetic else ENTERED
    start: list[Cell] = [told.as_of.isoformat(), told.organisation]
    return [
        dict(zip(RESULTS, [*start, *_result(row, wording), origin], strict=True))
        for row in told.rows
    ]


def workshop_rows(told: HeadCounts, wording: Wording) -> list[dict[str, Cell]]:
    """Each workshop by column, in the columns' order."""
    start: list[Cell] = [told.as_of.isoformat(), told.organisation]
    return [
        dict(zip(WORKSHOPS, [*start, *_workshop(each, wording)], strict=True))
        for each in told.workshops
    ]


def _result(row: IndicatorRow, wording: Wording) -> list[Cell]:
    form, choice, fact = row.form, row.choice, row.fact
    measure = MEASURES[fact.measure]
    return [
        form.form_ref, form.version, wording.pick(form.title),
        choice.country, choice.province, _area(choice, wording),
        row.programme,
        row.period, choice.year, choice.quarter,
        row.breakdown, row.group,
        None if row.group == EVERYBODY else wording.name_value(row.group),
        fact.measure, wording.say(measure.name), measure.unit.value,
        fact.value, fact.limit, fact.unsaid,
    ]  # fmt: skip


def _area(choice: Choice, wording: Wording) -> str:
    if choice.province is None:
        return wording.name_country(choice.country)
    return wording.name_value(choice.province)


def _workshop(known: WorkshopRecord, wording: Wording) -> list[Cell]:
    quarter = quarter_of(known)
    return [
        known.id, known.title, known.country, known.province, wording.name_value(known.province),
        known.place, known.programme_name or NO_PROGRAMME,
        known.starts_on.isoformat(), known.ends_on.isoformat(),
        write_period(known.ends_on.year, quarter), known.ends_on.year, quarter,
        known.women_count, known.men_count, known.women_count + known.men_count,
        SYNTHETIC if known.is_synthetic else ENTERED,
    ]  # fmt: skip
