"""Results of the core as printed figures: digits by `core.printing`, reasons by who looks.

Outside the team every number that is not told because there are too few, or because all are alike,
is withheld with one word: why would say how few, or that all are alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.core.disclosure import FULL_FROM_PAIRS, Audience, Extreme, code_share
from app.core.effects import effects_of
from app.core.figures import Interval, Real, Reason
from app.core.gains import PairSums, gain_of
from app.core.normalised import hake_gain
from app.core.printing import half_up, printed_percent, printed_pp
from app.core.proportions import Movement, movement_figures
from app.gains.results import Figure, GainFigures, Unsaid

_STRUCTURAL = frozenset({
    Unsaid.NO_MAX, Unsaid.NO_PASS_MARK, Unsaid.NOT_IN_FORM, Unsaid.SEVERAL_ROOMS, Unsaid.WITHHELD,
})  # fmt: skip
_LEAST_P = Fraction(1, 1000)

Number = Fraction | float | int


@dataclass(frozen=True)
class Printer:
    """Prints the numbers of one group of n pairs for one kind of reader."""

    audience: Audience
    n: int

    def unsaid(self, reason: Reason | Unsaid) -> Unsaid:
        """Why there is no number, as this reader may know it."""
        known = Unsaid(reason.value)
        if self.audience is Audience.OUTSIDE and known not in _STRUCTURAL:
            return Unsaid.WITHHELD
        return known

    def blank(self, reason: Reason | Unsaid) -> Figure:
        """No number, and why."""
        return Figure(None, self.unsaid(reason))

    def percent(self, value: Number | Reason | None, reason: Reason | None = None) -> Figure:
        """A percentage 0..100."""
        return self._number(value, reason, lambda known: printed_percent(known, self.n))

    def pp(self, value: Number | Reason | None, reason: Reason | None = None) -> Figure:
        """Percentage points."""
        return self._number(value, reason, lambda known: printed_pp(known, self.n))

    def plain(self, value: Number | Reason | None, reason: Reason | None = None) -> Figure:
        """A pure number with two decimals."""
        return self._number(value, reason, lambda known: half_up(known, 2))

    def share(self, count: int, n: int, *, people: int | None = None) -> Figure:
        """A share in percent; outside the team extremes are told as limits (`code_share`)."""
        if self.audience is Audience.TEAM:
            return self.percent(Fraction(100 * count, n) if n else Reason.NO_PAIRS)
        coded = code_share(count, n, people=people)
        if isinstance(coded, Reason):
            return self.blank(coded)
        return Figure(printed_percent(coded.percent, n), extreme=coded.extreme)

    def p(self, value: Real | None, reason: Reason | None = None) -> Figure:
        """A p-value: two significant digits, or "at most 0.001"."""
        if isinstance(value, Reason) or value is None:
            return self.blank(value or reason or Reason.NO_PAIRS)
        if value < _LEAST_P:
            return Figure(Decimal("0.001"), extreme=Extreme.AT_MOST)
        places = next(
            (place for place, least in ((2, 0.1), (3, 0.01), (4, 0.001)) if value >= least), 4
        )
        return Figure(half_up(value, places))

    def _number(
        self,
        value: Number | Reason | None,
        reason: Reason | None,
        digits: Callable[[Number], Decimal],
    ) -> Figure:
        if isinstance(value, Reason) or value is None:
            return self.blank(value or reason or Reason.NO_PAIRS)
        return Figure(digits(value))


def sums_of(cell: Mapping[str, int], max_units: int) -> PairSums:
    """The six sums of a cell."""
    return PairSums(
        n=cell["pair_count"], sx=cell["sum_pre"], sy=cell["sum_post"],
        sxx=cell["sum_pre_squared"], syy=cell["sum_post_squared"], sxy=cell["sum_products"],
        max_units=max_units,
    )  # fmt: skip


def movement_of(cell: Mapping[str, int]) -> Movement:
    """Who moved over the pass mark; of an item, who had it right before and after."""
    return Movement(
        yes_yes=cell["passed_both"],
        yes_no=cell["passed_before"],
        no_yes=cell["passed_after"],
        no_no=cell["passed_neither"],
    )


def print_gain(cell: Mapping[str, int], max_units: int, audience: Audience) -> GainFigures:
    """The gain of one group that may be told; from 10 pairs everything, below the means alone."""
    sums = sums_of(cell, max_units)
    printer, gain = Printer(audience, sums.n), gain_of(sums)
    interval = gain.interval_pp
    return GainFigures(
        paired=sums.n,
        pre_percent=printer.percent(gain.pct_mean_pre, gain.percent_reason),
        post_percent=printer.percent(gain.pct_mean_post, gain.percent_reason),
        gain_pp=printer.pp(gain.gain_pp, gain.percent_reason),
        gain_pp_low=printer.pp(interval.low if interval else None, gain.interval_reason),
        gain_pp_high=printer.pp(interval.high if interval else None, gain.interval_reason),
        improved=printer.share(cell["improved"], sums.n),
        **_passed(cell, printer),
        **_sizes(sums, printer),
    )


def _passed(cell: Mapping[str, int], printer: Printer) -> dict[str, Figure]:
    names = ("passed_before", "passed_after", "passed_change", "passed_change_low",
             "passed_change_high")  # fmt: skip
    movement = movement_of(cell)
    if not movement.n:
        return dict.fromkeys(names, printer.blank(Unsaid.NO_PASS_MARK))
    if movement.n < FULL_FROM_PAIRS:
        return dict.fromkeys(names, printer.blank(Reason.N_TOO_SMALL))
    before = printer.share(movement.before, movement.n)
    after = printer.share(movement.after, movement.n)
    return dict(zip(names, (before, after, *print_change(movement, before, after, printer)),
                    strict=True))  # fmt: skip


def print_change(
    movement: Movement, before: Figure, after: Figure, printer: Printer
) -> tuple[Figure, Figure, Figure]:
    """The change of a share with its interval; not where it would give a limit's true value."""
    if before.extreme or after.extreme:
        return (printer.blank(Unsaid.WITHHELD),) * 3
    moved = movement_figures(movement)
    low, high = moved.diff_ci_low_bonett_price, moved.diff_ci_high_bonett_price
    return (
        printer.pp(None if moved.diff is None else 100 * moved.diff),
        printer.pp(None if low is None else 100 * low),
        printer.pp(None if high is None else 100 * high),
    )


def _sizes(sums: PairSums, printer: Printer) -> dict[str, Figure]:
    names = ("part_gained", "part_gained_low", "part_gained_high", "effect", "effect_low",
             "effect_high")  # fmt: skip
    if sums.n < FULL_FROM_PAIRS:
        return dict.fromkeys(names, printer.blank(Reason.N_TOO_SMALL))
    hake, effects = hake_gain(sums), effects_of(sums)
    fields = ("hake_g_of_averages", "hake_g_ci_low", "hake_g_ci_high")
    sizes = ("g_av", "g_av_ci_low", "g_av_ci_high")
    told = [
        *(printer.plain(getattr(hake, each), hake.reasons.get(each)) for each in fields),
        *(printer.plain(getattr(effects, each), effects.reasons.get(each)) for each in sizes),
    ]
    return dict(zip(names, told, strict=True))


def print_interval(
    interval: Interval | None, factor: float, printer: Printer, reason: Reason | None = None
) -> tuple[Figure, Figure]:
    """Both ends in percentage points; `factor` is what one of its units is worth."""
    if interval is None:
        return (printer.blank(reason or Reason.N_TOO_SMALL),) * 2
    return printer.pp(interval.low * factor), printer.pp(interval.high * factor)
