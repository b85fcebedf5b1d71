"""The fixed tables for readers outside the team, from released bundles and nothing else.

One choice each of area (country or province), period (quarter, year, all) and programme, and one
breakdown. Every number is a sum over whole bundles, so no two tables tell a handful by subtraction.
Source: `core.bundling`, statistics.md §6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.core.disclosure import Audience
from app.core.effects import effects_of
from app.core.figures import Interval, Reason
from app.core.gains import percent_per_point
from app.core.histograms import JointHistogram
from app.core.pooling import (
    Estimates,
    RandomEffects,
    WorkshopSums,
    estimates_of,
    pool_people,
    random_effects,
)
from app.core.printing import printed_points
from app.core.proportions import Movement
from app.core.ranks import signed_ranks
from app.core.scoring import UNITS_PER_POINT
from app.gains import told_queries as queries
from app.gains.printed import Printer, print_change, print_gain, print_interval, sums_of
from app.gains.results import Figure, Unsaid
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


@dataclass(frozen=True)
class Scope:
    """Whose workshops, on which form version, and what all its points are."""

    organisation_id: str
    form_id: str
    max_units: int


def table_of(db: Session, scope: Scope, choice: Choice) -> OutsideTable:
    """One fixed table; a choice without any bundle says withheld, whatever the cause."""
    whole = queries.sum_cells(db, scope.organisation_id, scope.form_id, choice, Breakdown.WHOLE)
    total = whole.get("")
    nothing = {"median_pre": None, "median_post": None, "wilcoxon_p": None}
    if total is None:
        return OutsideTable(
            choice=choice, form_id=scope.form_id, total=None, rows=(), pooled=None,
            differences=(), unsaid=Unsaid.WITHHELD, **nothing,
        )  # fmt: skip
    has_groups = choice.breakdown not in {Breakdown.WHOLE, Breakdown.WORKSHOP}
    return OutsideTable(
        choice=choice,
        form_id=scope.form_id,
        total=print_gain(total, scope.max_units, Audience.OUTSIDE),
        rows=tuple(_rows(db, scope, choice)),
        pooled=_pooled(db, scope, choice, total),
        differences=tuple(_differences(db, scope, choice)) if has_groups else (),
        unsaid=None,
        **_annex(db, scope, choice, total["pair_count"]),
    )


def _rows(db: Session, scope: Scope, choice: Choice) -> list[TableRow]:
    if choice.breakdown is Breakdown.WHOLE:
        return []
    own = (scope.organisation_id, scope.form_id)
    if choice.breakdown is Breakdown.WORKSHOP:
        cells = queries.workshop_cells(db, *own, choice)
    else:
        cells = queries.sum_cells(db, *own, choice, choice.breakdown)
    return [
        TableRow(
            value=value,
            workshops=cell["workshop_count"],
            figures=print_gain(cell, scope.max_units, Audience.OUTSIDE),
        )
        for value, cell in sorted(cells.items(), key=lambda each: (not each[0], each[0]))
    ]


def _pooled(db: Session, scope: Scope, choice: Choice, total: Mapping[str, int]) -> PooledGain:
    """Workshops told one by one enter; bundles of small ones are in the average alone."""
    columns = queries.workshop_gains(db, scope.organisation_id, scope.form_id, choice)
    return pool(WorkshopSums(*columns), total, scope.max_units)


def pool(workshops: WorkshopSums, total: Mapping[str, int], max_units: int) -> PooledGain:
    """Pool workshops that are told one by one; `total` is everybody's cell."""
    estimates = estimates_of(workshops)
    effects = random_effects(estimates)
    printer = Printer(Audience.OUTSIDE, total["pair_count"])
    factor = float(percent_per_point(sums_of(total, max_units)) or 0)
    low, high = print_interval(_average(workshops), factor, printer)
    tau = None if effects.tau2 is None else effects.tau2**0.5 * factor
    mean, interval, prediction = _print_effects(effects, printer, factor)
    return PooledGain(
        workshops=len(workshops.n),
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
    """The average participant's interval: from ten workshops, none with over a fifth of all."""
    if len(workshops.n) < _LEAST_CLUSTERS or 5 * max(workshops.n) > sum(workshops.n):
        return None
    return pool_people(workshops).pooled_cluster_ci


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
        printer = Printer(Audience.OUTSIDE, sum(n for _, _, n in each))
        effects = random_effects(
            Estimates([mean for mean, _, _ in each], [variance for _, variance, _ in each])
        )
        mean, interval, _ = _print_effects(effects, printer, percent)
        found.append(
            PooledDifference(
                first=first,
                second=second,
                bundles=len(each),
                difference_pp=mean,
                low=interval[0],
                high=interval[1],
            )
        )
    return found


def _annex(db: Session, scope: Scope, choice: Choice, n: int) -> dict[str, Any]:
    """Medians and Wilcoxon's p, from the joint histogram."""
    cells = queries.find_pairs(db, scope.organisation_id, scope.form_id, choice)
    pairs = JointHistogram(cells=cells, max_units=scope.max_units)
    ranks, printer = signed_ranks(pairs.gains()), Printer(Audience.OUTSIDE, n)
    exact, asymptotic = ranks.p_wilcoxon_exact_pratt, ranks.p_wilcoxon_asym_pratt
    return {
        "median_pre": _points(pairs.median_pre(), printer),
        "median_post": _points(pairs.median_post(), printer),
        "wilcoxon_p": printer.p(asymptotic if exact is None else exact, Reason.NO_CHANGE),
    }


def _points(value: Any, printer: Printer) -> Figure:
    return printer.blank(value) if isinstance(value, Reason) else Figure(printed_points(value))


def items_of(db: Session, scope: Scope, choice: Choice) -> tuple[ItemMovement, ...]:
    """Every question over all workshops of a choice."""
    found = []
    rows = queries.sum_items(db, scope.organisation_id, scope.form_id, choice)
    for item, (retained, lost, learned, not_learned) in rows.items():
        moved = Movement(yes_yes=retained, yes_no=lost, no_yes=learned, no_no=not_learned)
        printer = Printer(Audience.OUTSIDE, moved.n)
        before, after = (printer.share(each, moved.n) for each in (moved.before, moved.after))
        change, low, high = print_change(moved, before, after, printer)
        found.append(
            ItemMovement(
                item=item, paired=moved.n, right_before=before, right_after=after,
                change=change, change_low=low, change_high=high,
            )
        )  # fmt: skip
    return tuple(found)


def effect_of(db: Session, organisation_id: str, choice: Choice) -> PooledEffect:
    """g_av over the workshops of all forms: what different tests have in common."""
    sizes_and_errors: list[tuple[float, float]] = []
    forms, n = set(), 0
    for form_id, cell in queries.cells_of_all_forms(db, organisation_id, choice):
        sizes = effects_of(sums_of(cell, 0))
        if sizes.g_av is None or not sizes.g_av_se:
            continue
        sizes_and_errors.append((sizes.g_av, sizes.g_av_se**2))
        forms.add(form_id)
        n += cell["pair_count"]
    estimates = Estimates(
        [size for size, _ in sizes_and_errors], [squared for _, squared in sizes_and_errors]
    )
    effects, printer = random_effects(estimates), Printer(Audience.OUTSIDE, n)
    interval, prediction = effects.ci_hksj_modified, effects.prediction
    return PooledEffect(
        form_ids=tuple(sorted(forms)),
        workshops=estimates.k,
        effect=printer.plain(effects.mu, Reason.N_TOO_SMALL),
        low=printer.plain(interval.low if interval else None, Reason.N_TOO_SMALL),
        high=printer.plain(interval.high if interval else None, Reason.N_TOO_SMALL),
        prediction_low=printer.plain(prediction.low if prediction else None, Reason.N_TOO_SMALL),
        prediction_high=printer.plain(prediction.high if prediction else None, Reason.N_TOO_SMALL),
    )
