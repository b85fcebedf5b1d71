"""What each item did: the transition of the pairs, how well it separates, what guessing hides.

Headline per item is the transition: retained (right, right), learned (wrong, right), lost (right,
wrong), not learned (wrong, wrong); right = all points of the item. Discrimination is read on the
post-test, where fewer people guess. Source: statistics.md §4; Walstad & Wagner 2016, J. Econ. Educ.
47:121; Smith & Wagner 2018; Moodle, question/classes/statistics/questions/calculator.php.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.figures import Exact, Figures, Real, Reason
from app.core.means import root_of
from app.core.proportions import (
    Movement,
    MovementFigures,
    benjamini_hochberg,
    holm,
    movement_figures,
)
from app.core.reliability import ItemSums, Reliability, alpha_of, reliability_of
from app.core.scoring import UNITS_PER_POINT

INDICATIVE_FROM, FIRM_FROM = 20, 100


class Evidence(StrEnum):
    """What item statistics of n people are worth: not shown below 20, firm from 100."""

    NOT_SHOWN = "not_shown"
    INDICATIVE = "indicative"
    FIRM = "firm"


def judge_evidence(n: int) -> Evidence:
    """Return what item statistics of n people are worth."""
    if n < INDICATIVE_FROM:
        return Evidence.NOT_SHOWN
    return Evidence.INDICATIVE if n < FIRM_FROM else Evidence.FIRM


@dataclass(frozen=True, kw_only=True)
class Transition(Figures):
    """One item's movement; p_holm and p_bh adjust p_exact over the items somebody moved on.

    They are `no_discordant` where nobody moved.
    """

    movement: Movement
    moved: MovementFigures
    p_holm: float | None
    p_bh: float | None


def transitions_of(movements: Sequence[Movement]) -> list[Transition]:
    """Return each item's transition with p-values adjusted over all items with a change."""
    figures = [movement_figures(each) for each in movements]
    exact = [each.p_exact for each in figures if each.p_exact is not None]
    by_holm, by_bh = iter(holm(exact)), iter(benjamini_hochberg(exact))
    return [
        Transition.of(
            movement=movement,
            moved=moved,
            p_holm=Reason.NO_DISCORDANT if moved.p_exact is None else next(by_holm),
            p_bh=Reason.NO_DISCORDANT if moved.p_exact is None else next(by_bh),
        )
        for movement, moved in zip(movements, figures, strict=True)
    ]


ItemHistogram = Mapping[tuple[int, int], int]
"""(units of the item, units of the whole test) -> how many people."""


@dataclass(frozen=True, kw_only=True)
class ItemFigures(Figures):
    """One item (`item` from 1) among k, of n people.

    p: mean ÷ maximum of the item, 0..1 (`no_pairs` for nobody; `no_max`). sd in points
    (`n_too_small` for n < 2). corrected r: item with total less item; uncorrected: with the total;
    efficiency: 100 cov(item, rest) ÷ the same with both sorted. These are `n_too_small` for n < 2
    and `zero_variance` where one side does not vary. upper_lower_27 in points (`no_pairs`).
    alpha_if_deleted as `reliability.alpha_of`.
    """

    item: int
    p: Fraction | None
    sd: float | None
    corrected_item_total_r: float | None
    uncorrected_item_total_r: float | None
    moodle_discriminative_efficiency: Fraction | None
    upper_lower_27: Fraction | None
    alpha_if_deleted: Fraction | None


@dataclass(frozen=True)
class ItemBlock:
    """A test on one occasion: its reliability and its items."""

    reliability: Reliability
    items: tuple[ItemFigures, ...]


def block_of(
    rows: Iterable[tuple[Sequence[int], int]],
    max_units: Sequence[int],
    *,
    units_per_point: int = UNITS_PER_POINT,
) -> ItemBlock:
    """Return the figures of rows (units per item, how many people); `max_units` per item."""
    known = list(rows)
    sums = ItemSums.from_rows(known, len(max_units), units_per_point=units_per_point)
    histograms: list[Counter[tuple[int, int]]] = [Counter() for _ in max_units]
    for row, count in known:
        for place, units in enumerate(row):
            histograms[place][units, sum(row)] += count
    return ItemBlock(
        reliability_of(sums),
        tuple(
            item_figures(sums, place, histograms[place], max_units=most)
            for place, most in enumerate(max_units)
        ),
    )


def item_figures(
    sums: ItemSums, item: int, histogram: ItemHistogram, *, max_units: int
) -> ItemFigures:
    """Return the figures of one item (from 0) of a test."""
    own, rest, whole = sums.items[item], sums.rest(item), sums.totals
    share: Exact = Fraction(own.total, own.n * max_units) if own.n and max_units else Reason.NO_MAX
    return ItemFigures.of(
        item=item + 1,
        p=share if own.n else Reason.NO_PAIRS,
        sd=root_of(own.variance),
        corrected_item_total_r=_r(own.n, sums.with_rest(item), own.spread, rest.spread),
        uncorrected_item_total_r=_r(own.n, sums.with_total(item), own.spread, whole.spread),
        moodle_discriminative_efficiency=_efficiency(sums, item, histogram),
        upper_lower_27=upper_lower(histogram, units_per_point=own.units_per_point),
        alpha_if_deleted=alpha_of(sums, without=item),
    )


def item_rest_r(sums: ItemSums, item: int) -> Real:
    """Return the correlation of an item (from 0) with the rest of the test, from sums alone."""
    own = sums.items[item]
    return _r(own.n, sums.with_rest(item), own.spread, sums.rest(item).spread)


def _r(n: int, together: int, spread: int, other: int) -> Real:
    if n < 2:
        return Reason.N_TOO_SMALL
    if not spread * other:
        return Reason.ZERO_VARIANCE
    return math.copysign(math.sqrt(Fraction(together**2, spread * other)), together)


def _efficiency(sums: ItemSums, item: int, histogram: ItemHistogram) -> Exact:
    """100 cov(item, rest)/cov(sorted item, sorted rest): of what this item could separate."""
    n, own, rest = sums.totals.n, sums.items[item], sums.rest(item)
    if n < 2:
        return Reason.N_TOO_SMALL
    scores: Counter[int] = Counter()
    rests: Counter[int] = Counter()
    for (units, total), count in histogram.items():
        scores[units] += count
        rests[total - units] += count
    most = n * _sorted_products(scores, rests) - own.total * rest.total
    return Fraction(100 * sums.with_rest(item), most) if most else Reason.ZERO_VARIANCE


def _sorted_products(first: Mapping[int, int], second: Mapping[int, int]) -> int:
    """Σ a b over both lists in ascending order, value -> how many, without writing them out."""
    total, others = 0, sorted(second.items())
    place, left = 0, others[0][1] if others else 0
    for value, count in sorted(first.items()):
        waiting = count
        while waiting:
            while not left:
                place += 1
                left = others[place][1]
            taken = min(waiting, left)
            total += value * others[place][0] * taken
            waiting, left = waiting - taken, left - taken
    return total


def upper_lower(histogram: ItemHistogram, *, units_per_point: int = UNITS_PER_POINT) -> Exact:
    """Return mean item score of the best 27 % less that of the weakest 27 %, in points.

    k = max(1, floor(.27 n + .5)) seats at each end, by the total; people with the same total at
    the cut share the seats evenly, so that order never matters. `no_pairs` for nobody.
    Source: Kelley 1939, J. Educ. Psychol. 30:17.
    """
    n = sum(histogram.values())
    if not n:
        return Reason.NO_PAIRS
    seats = max(1, (27 * n + 50) // 100)
    upper = _mean_in_seats(histogram, seats, is_from_top=True)
    return (upper - _mean_in_seats(histogram, seats, is_from_top=False)) / units_per_point


def _mean_in_seats(histogram: ItemHistogram, seats: int, *, is_from_top: bool) -> Fraction:
    people: Counter[int] = Counter()
    scores: Counter[int] = Counter()
    for (units, total), count in histogram.items():
        people[total] += count
        scores[total] += units * count
    left, found = seats, Fraction(0)
    for total in sorted(people, reverse=is_from_top):
        if people[total]:
            taken = min(left, people[total])
            found += Fraction(scores[total] * taken, people[total])
            left -= taken
    return found / seats


@dataclass(frozen=True, kw_only=True)
class LearningTypes(Figures):
    """Shares of the transition 0..1, and what guessing among `options` leaves of them.

    gamma: learned truly; alpha: lost truly; mu: known before truly; flow = gamma - alpha. They may
    be below 0 and are told as they are. `no_pairs` for nobody; the adjusted ones `n_too_small` for
    fewer than two options.
    """

    positive: Fraction | None
    retained: Fraction | None
    zero: Fraction | None
    negative: Fraction | None
    adjusted_positive_gamma: Fraction | None
    adjusted_negative_alpha: Fraction | None
    adjusted_pretest_stock_mu: Fraction | None
    adjusted_flow: Fraction | None


def learning_types(movement: Movement, options: int) -> LearningTypes:
    """Return the transition corrected for guessing; m = options, pl, rl, zl, nl the shares.

    gamma = m(nl + pl m + rl - 1)/(m-1)², alpha = m(nl m + pl + rl - 1)/(m-1)²,
    mu = (m(nl + rl) - 1)/(m-1), flow = m(pl - nl)/(m-1). Source: Smith & Wagner 2018.
    """
    if not movement.n:
        names = [name for name in LearningTypes.__dataclass_fields__ if name != "reasons"]
        return LearningTypes.of(**dict.fromkeys(names, Reason.NO_PAIRS))
    pl, rl = (Fraction(each, movement.n) for each in (movement.no_yes, movement.yes_yes))
    zl, nl = (Fraction(each, movement.n) for each in (movement.no_no, movement.yes_no))
    adjusted: dict[str, Exact] = dict.fromkeys(_ADJUSTED, Reason.N_TOO_SMALL)
    if options > 1:
        m = options
        adjusted = {
            "adjusted_positive_gamma": m * (nl + pl * m + rl - 1) / (m - 1) ** 2,
            "adjusted_negative_alpha": m * (nl * m + pl + rl - 1) / (m - 1) ** 2,
            "adjusted_pretest_stock_mu": (m * (nl + rl) - 1) / (m - 1),
            "adjusted_flow": m * (pl - nl) / (m - 1),
        }
    return LearningTypes.of(positive=pl, retained=rl, zero=zl, negative=nl, **adjusted)


_ADJUSTED = (
    "adjusted_positive_gamma",
    "adjusted_negative_alpha",
    "adjusted_pretest_stock_mu",
    "adjusted_flow",
)
