"""Figures of the door as facts of a report: the same digits, the same codes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from app.gains.results import Figure, GainFigures, Unsaid
from app.gains.tables_told import PooledGain, TableRow
from app.reports.document import Fact


def fact_of(
    measure: str, figure: Figure, low: Figure | None = None, high: Figure | None = None
) -> Fact:
    """A figure of the door, with its interval where there is one."""
    return Fact(
        measure=measure,
        value=figure.value,
        low=low.value if low else None,
        high=high.value if high else None,
        limit=figure.extreme.value if figure.extreme else None,
        unsaid=figure.unsaid.value if figure.value is None and figure.unsaid else None,
    )


def told(
    measure: str,
    value: int | Decimal | None,
    unsaid: str | None,
    ends: tuple[Decimal | None, Decimal | None] = (None, None),
) -> Fact:
    """A number of a summary or count, with its ends; or the code of why it is not there."""
    if value is None:
        return Fact(measure=measure, unsaid=str(unsaid or Unsaid.WITHHELD))
    return Fact(measure=measure, value=value, low=ends[0], high=ends[1])


def range_of(measure: str, low: Figure, high: Figure) -> Fact:
    """A range that has no middle."""
    return replace(fact_of(measure, low, low, high), value=None)


def row_facts(row: TableRow, measures: Sequence[str]) -> tuple[Fact, ...]:
    """The facts of a group, in this order; all withheld where nothing is told of it."""
    if row.figures is None:
        unsaid = (row.unsaid or Unsaid.WITHHELD).value
        return tuple(Fact(measure=each, unsaid=unsaid) for each in measures)
    known = {each.measure: each for each in _figures(row, row.figures)}
    known |= {each.measure: each for each in _pooled(row.pooled)}
    return tuple(known[each] for each in measures)


def _figures(row: TableRow, told: GainFigures) -> Iterable[Fact]:
    yield Fact(measure="workshops", value=row.workshops)
    yield Fact(measure="paired", value=told.paired)
    yield fact_of("pre_percent", told.pre_percent)
    yield fact_of("post_percent", told.post_percent)
    low, high = told.gain_pp_low, told.gain_pp_high
    if row.pooled is not None and row.workshops != 1:
        low, high = row.pooled.average_low, row.pooled.average_high
    yield fact_of("gain_pp", told.gain_pp, low, high)
    yield fact_of("improved_percent", told.improved)
    yield fact_of("passed_before_percent", told.passed_before)
    yield fact_of("passed_after_percent", told.passed_after)
    yield fact_of("part_gained", told.part_gained, told.part_gained_low, told.part_gained_high)
    yield fact_of("effect_size", told.effect, told.effect_low, told.effect_high)


def _pooled(pooled: PooledGain | None) -> Iterable[Fact]:
    if pooled is None:
        for measure in ("pooled_gain_pp", "pooled_workshops", "prediction_pp", "between_pp"):
            yield Fact(measure=measure, unsaid=Unsaid.WITHHELD.value)
        return
    yield fact_of("pooled_gain_pp", pooled.gain_pp, pooled.gain_pp_low, pooled.gain_pp_high)
    yield Fact(measure="pooled_workshops", value=pooled.entered)
    yield range_of("prediction_pp", pooled.prediction_low, pooled.prediction_high)
    yield fact_of("between_pp", pooled.between_pp)
