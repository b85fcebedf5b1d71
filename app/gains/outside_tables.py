"""The fixed tables for readers outside the team, from released bundles and nothing else.

One choice each of area (country or province), period (quarter, year, all) and programme, and one
breakdown. Every number is a sum over whole bundles, so no two tables tell a handful by subtraction.
Source: `core.bundling`, statistics.md §6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlmodel import Session

from app.core.disclosure import Audience
from app.core.effects import sizes_of_many
from app.core.errors import ValueRefused
from app.core.figures import Interval, Reason
from app.core.gains import percent_per_point
from app.core.histograms import JointHistogram
from app.core.pooling import (
    Estimates,
    RandomEffects,
    WorkshopSums,
    cluster_interval,
    estimates_of,
    random_effects,
)
from app.core.printing import printed_points
from app.core.proportions import Movement
from app.core.ranks import signed_ranks
from app.core.scoring import UNITS_PER_POINT
from app.gains import told_queries as queries
from app.gains.bundle_sums import BundleGains
from app.gains.printed import Printer, print_change, print_gain, print_interval, sums_of
from app.gains.results import Figure, GainFigures, Unsaid
from app.gains.tables_told import (
    Breakdown,
    Choice,
    ItemMovement,
    OutsideTable,
    PooledDifference,
    PooledEffect,
    PooledGain,
    TableRow,
)

_LEAST_CLUSTERS = 10
MOST_WORKSHOPS = 500
"""How many are listed one by one: a thousand rows take a second, and nobody reads them."""


@dataclass(frozen=True)
class Scope:
    """Whose workshops, on which form version, and what all its points are."""

    organisation_id: str
    form_id: str
    max_units: int


def table_of(
    db: Session,
    scope: Scope,
    choice: Choice,
    *,
    values: Sequence[str] = (),
    is_brief: bool = False,
) -> OutsideTable:
    """One fixed table; `values` have a row in any case, so that a dash says nothing of a group.

    `is_brief`: rows alone, nothing pooled over workshops, no differences, a blank annex; it takes
    about half the time. ValueRefused for more workshops one by one than anybody reads.
    """
    _refuse_long_lists(db, scope, choice)
    whole = _rows(db, scope, choice, Breakdown.WHOLE, is_brief=is_brief)
    everybody = whole.get("", _withheld(""))
    by = choice.breakdown
    known = {} if by is Breakdown.WHOLE else _rows(db, scope, choice, by, is_brief=is_brief)
    told = {value: known.get(value, _withheld(value)) for value in {*values, *known}}
    return OutsideTable(
        choice=choice,
        form_id=scope.form_id,
        whole=everybody,
        rows=tuple(sorted(told.values(), key=lambda row: _order(row.value, values))),
        differences=() if is_brief else tuple(_differences(db, scope, choice)),
        **(_blank_annex() if is_brief else _annex(db, scope, choice, everybody)),
    )


def _refuse_long_lists(db: Session, scope: Scope, choice: Choice) -> None:
    own = (scope.organisation_id, scope.form_id, choice)
    if choice.breakdown is not Breakdown.WORKSHOP:
        return
    if queries.has_more_workshops(db, *own, MOST_WORKSHOPS):
        raise ValueRefused(field="by", reason="many_workshops")


def _order(value: str, values: Sequence[str]) -> tuple[int, bool, str]:
    """As the known values stand; then the others by name, small workshops last."""
    return (values.index(value) if value in values else len(values), not value, value)


def _withheld(value: str) -> TableRow:
    return TableRow(value=value, workshops=None, figures=None, pooled=None, unsaid=Unsaid.WITHHELD)


def _rows(
    db: Session, scope: Scope, choice: Choice, breakdown: Breakdown, *, is_brief: bool
) -> dict[str, TableRow]:
    own = (scope.organisation_id, scope.form_id, choice)
    if breakdown is Breakdown.WORKSHOP:
        cells, gains = queries.workshop_cells(db, *own), {}
    else:
        cells = queries.sum_cells(db, *own, breakdown)
        gains = {} if is_brief else queries.find_gains(db, *own, breakdown)
    return {
        value: TableRow(
            value=value,
            workshops=cell["workshop_count"],
            figures=print_together(cell, scope.max_units),
            pooled=pool(gains[value], cell, scope.max_units) if value in gains else None,
            unsaid=None,
        )
        for value, cell in cells.items()
    }


def print_together(cell: Mapping[str, int], max_units: int) -> GainFigures:
    """A cell's figures; of several workshops without intervals, which would forget the rooms."""
    figures = print_gain(cell, max_units, Audience.OUTSIDE)
    if cell["workshop_count"] == 1:
        return figures
    blank = Printer(Audience.OUTSIDE, cell["pair_count"]).blank(Unsaid.SEVERAL_ROOMS)
    intervals: dict[str, Any] = dict.fromkeys(_INTERVALS, blank)
    return replace(figures, **intervals)


_INTERVALS = tuple(
    each.name for each in fields(GainFigures) if each.name.endswith(("_low", "_high"))
)


def pool(gains: BundleGains, cell: Mapping[str, int], max_units: int) -> PooledGain:
    """Take workshops as a sample of all workshops; `cell` is everybody's.

    Workshops told one by one enter. Bundles of small ones do not, but the average participant's
    interval takes each as one cluster: rooms in it are alike at most as one room would be.
    """
    everybody = WorkshopSums(gains.n, gains.total, gains.squares)
    is_alone = gains.alone > 0
    alone = WorkshopSums(gains.n[is_alone], gains.total[is_alone], gains.squares[is_alone])
    estimates = estimates_of(alone)
    effects = random_effects(estimates)
    printer = Printer(Audience.OUTSIDE, cell["pair_count"])
    factor = float(percent_per_point(sums_of(cell, max_units)) or 0)
    low, high = print_interval(_average(everybody), factor, printer)
    tau = None if effects.tau2 is None else effects.tau2**0.5 * factor
    mean, interval, prediction = _print_effects(effects, printer, factor)
    return PooledGain(
        workshops=len(alone.n),
        entered=estimates.k,
        gain_pp=mean,
        gain_pp_low=interval[0],
        gain_pp_high=interval[1],
        prediction_low=prediction[0],
        prediction_high=prediction[1],
        between_pp=printer.pp(tau, Reason.N_TOO_SMALL),
        average_low=low,
        average_high=high,
    )


def _average(workshops: WorkshopSums) -> Interval | None:
    """The average participant's interval: from ten clusters, none with over a fifth of all."""
    n, _, _ = workshops.columns
    if len(n) < _LEAST_CLUSTERS or 5 * int(n.max()) > int(n.sum()):
        return None
    found = cluster_interval(workshops)
    return None if isinstance(found, Reason) else found


def _print_effects(
    effects: RandomEffects, printer: Printer, factor: float
) -> tuple[Figure, tuple[Figure, Figure], tuple[Figure, Figure]]:
    mean = None if effects.mu is None else effects.mu * factor
    return (
        printer.pp(mean, Reason.N_TOO_SMALL),
        print_interval(effects.ci_hksj_modified, factor, printer),
        print_interval(effects.prediction, factor, printer),
    )


def _differences(db: Session, scope: Scope, choice: Choice) -> list[PooledDifference]:
    """Bundles are pooled like workshops; two are not pooled, one stands for itself nowhere."""
    found = []
    rows = queries.find_differences(db, scope.organisation_id, scope.form_id, choice)
    percent = 100 * UNITS_PER_POINT / scope.max_units if scope.max_units else 0.0
    for (first, second), each in sorted(rows.items()):
        printer = Printer(Audience.OUTSIDE, int(each.pairs.sum()))
        effects = random_effects(Estimates(each.difference, each.variance))
        mean, interval, _ = _print_effects(effects, printer, percent)
        found.append(
            PooledDifference(
                first=first,
                second=second,
                bundles=len(each.difference),
                difference_pp=mean,
                low=interval[0],
                high=interval[1],
            )
        )
    return found


def _annex(db: Session, scope: Scope, choice: Choice, everybody: TableRow) -> dict[str, Figure]:
    """Medians and Wilcoxon's p, from the joint histogram; p takes people as strangers."""
    if everybody.figures is None:
        return _blank_annex()
    cells = queries.find_pairs(db, scope.organisation_id, scope.form_id, choice)
    pairs = JointHistogram(cells=cells, max_units=scope.max_units)
    printer = Printer(Audience.OUTSIDE, everybody.figures.paired or 0)
    return {
        "median_pre": _points(pairs.median_pre(), printer),
        "median_post": _points(pairs.median_post(), printer),
        "wilcoxon_p": (
            _wilcoxon(pairs, printer)
            if everybody.workshops == 1
            else printer.blank(Unsaid.SEVERAL_ROOMS)
        ),
    }


def _blank_annex() -> dict[str, Figure]:
    blank = Figure(None, Unsaid.WITHHELD)
    return dict.fromkeys(("median_pre", "median_post", "wilcoxon_p"), blank)


def _wilcoxon(pairs: JointHistogram, printer: Printer) -> Figure:
    ranks = signed_ranks(pairs.gains())
    exact, asymptotic = ranks.p_wilcoxon_exact_pratt, ranks.p_wilcoxon_asym_pratt
    return printer.p(asymptotic if exact is None else exact, Reason.NO_CHANGE)


def _points(value: Any, printer: Printer) -> Figure:
    return printer.blank(value) if isinstance(value, Reason) else Figure(printed_points(value))


def items_of(db: Session, scope: Scope, choice: Choice) -> tuple[ItemMovement, ...]:
    """Every question over all workshops of a choice; an interval for one workshop alone."""
    found = []
    whole = queries.sum_cells(db, scope.organisation_id, scope.form_id, choice, Breakdown.WHOLE)
    is_one = bool(whole) and whole[""]["workshop_count"] == 1
    rows = queries.sum_items(db, scope.organisation_id, scope.form_id, choice)
    for item, (retained, lost, learned, not_learned) in rows.items():
        moved = Movement(yes_yes=retained, yes_no=lost, no_yes=learned, no_no=not_learned)
        printer = Printer(Audience.OUTSIDE, moved.n)
        before, after = (printer.share(each, moved.n) for each in (moved.before, moved.after))
        change, low, high = print_change(moved, before, after, printer)
        if change.value is not None and not is_one:
            low = high = printer.blank(Unsaid.SEVERAL_ROOMS)
        found.append(
            ItemMovement(
                item=item, paired=moved.n, right_before=before, right_after=after,
                change=change, change_low=low, change_high=high,
            )
        )  # fmt: skip
    return tuple(found)


def effect_of(db: Session, organisation_id: str, choice: Choice) -> PooledEffect:
    """g_av over the workshops of all forms: what different tests have in common."""
    forms, rows = queries.find_all_forms(db, organisation_id, choice)
    found = sizes_of_many(rows)
    estimates = Estimates(found.sizes, found.variances)
    n = sum(rows[place][0] for place in found.places)
    effects, printer = random_effects(estimates), Printer(Audience.OUTSIDE, n)
    interval, prediction = effects.ci_hksj_modified, effects.prediction
    return PooledEffect(
        form_ids=tuple(sorted({forms[place] for place in found.places})),
        workshops=estimates.k,
        effect=printer.plain(effects.mu, Reason.N_TOO_SMALL),
        low=printer.plain(interval.low if interval else None, Reason.N_TOO_SMALL),
        high=printer.plain(interval.high if interval else None, Reason.N_TOO_SMALL),
        prediction_low=printer.plain(prediction.low if prediction else None, Reason.N_TOO_SMALL),
        prediction_high=printer.plain(prediction.high if prediction else None, Reason.N_TOO_SMALL),
    )
