"""One workshop's gain in the digits that are printed, as far as a reader may see it."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.core import disclosure
from app.core.disclosure import Audience, Shown
from app.core.gains import Gain, PairSums, gain_of
from app.core.printing import printed_percent, printed_points, printed_pp
from app.core.scoring import UNITS_PER_POINT
from app.gains.schemas import GainSummary, Withheld
from app.gains.tables import Snapshot


def blank_summary(
    workshop_id: str,
    form_id: str,
    audience: Audience,
    *,
    registered: int | None,
    is_still_provisional: bool,
) -> GainSummary:
    """No results yet: only how many registered."""
    return GainSummary(
        workshop_id=workshop_id,
        form_id=form_id,
        audience=audience,
        shown=Shown.NONE_YET,
        as_of=None,
        is_provisional=is_still_provisional,
        registered=registered,
        reason=Withheld.NO_PAIRS,
        interval_reason=Withheld.NO_PAIRS,
        late_beside=0,
        **dict.fromkeys(_NUMBERS),
    )


_CHANGED = ("improved", "same", "declined")
_NUMBERS = (
    "pre", "post", "paired", "max_points", "mean_pre_points", "mean_post_points", "gain_points",
    "gain_points_low", "gain_points_high", "mean_pre_percent", "mean_post_percent", "gain_pp",
    "gain_pp_low", "gain_pp_high", *_CHANGED,
)  # fmt: skip


def summarise(
    row: Snapshot, audience: Audience, shown: Shown, *, is_still_provisional: bool, beside: int
) -> GainSummary:
    """A snapshot's room as this audience may see it; `beside`: sittings that are not in it."""
    sums = PairSums(
        n=row.pair_count,
        sx=row.sum_pre,
        sy=row.sum_post,
        sxx=row.sum_pre_squared,
        syy=row.sum_post_squared,
        sxy=row.sum_products,
        max_units=row.max_units,
    )
    gain = gain_of(sums)
    has_counts = disclosure.may_show_counts(shown)
    has_means = disclosure.may_show_means(shown)
    is_outside = audience is Audience.OUTSIDE
    has_tests = has_counts and (has_means or not is_outside)  # "0 pairs" tells nothing of the tests
    return GainSummary(
        workshop_id=row.workshop_id,
        form_id=row.form_id,
        audience=audience,
        shown=shown,
        as_of=row.taken_at,
        is_provisional=is_still_provisional,
        registered=row.registered,
        pre=row.pre_count if has_tests else None,
        post=row.post_count if has_tests else None,
        paired=row.pair_count if has_counts else None,
        late_beside=0 if is_outside and not has_means else beside,
        reason=None if has_means else _reason(shown),
        interval_reason=_interval_reason(gain, shown),
        **(_printed(gain, row.max_units) if has_means else _unprinted()),
        **_changed(row, is_told=has_means and not is_outside),
    )


def _changed(row: Snapshot, *, is_told: bool) -> dict[str, Any]:
    """Who changed, for the team alone: outside "24 of 24" would tell of everybody.

    Outside, `results.GainFigures.improved` is a share with its extremes coded (statistics.md §6).
    """
    return {name: getattr(row, name) if is_told else None for name in _CHANGED}


def _printed(gain: Gain, max_units: int) -> dict[str, Decimal | None]:
    points, pp = gain.interval, gain.interval_pp
    return {
        "max_points": printed_points(Fraction(max_units, UNITS_PER_POINT)),
        "mean_pre_points": _points(gain.mean_pre),
        "mean_post_points": _points(gain.mean_post),
        "gain_points": _points(gain.mean_gain),
        "gain_points_low": None if points is None else printed_points(points.low),
        "gain_points_high": None if points is None else printed_points(points.high),
        "mean_pre_percent": _percent(gain.pct_mean_pre, gain.n),
        "mean_post_percent": _percent(gain.pct_mean_post, gain.n),
        "gain_pp": _pp(gain.gain_pp, gain.n),
        "gain_pp_low": None if pp is None else _pp(pp.low, gain.n),
        "gain_pp_high": None if pp is None else _pp(pp.high, gain.n),
    }


def _unprinted() -> dict[str, None]:
    counted = ("pre", "post", "paired", *_CHANGED)
    return dict.fromkeys(name for name in _NUMBERS if name not in counted)


def _reason(shown: Shown) -> Withheld:
    if shown is Shown.NONE_YET:
        return Withheld.NO_PAIRS
    return Withheld.WITHHELD if shown is Shown.WITHHELD else Withheld.TOO_FEW


def _interval_reason(gain: Gain, shown: Shown) -> Withheld | None:
    if not disclosure.may_show_means(shown):
        return _reason(shown)
    return Withheld(gain.interval_reason.value) if gain.interval_reason else None


def _points(value: Fraction | float | None) -> Decimal | None:
    return None if value is None else printed_points(value)


def _percent(value: Fraction | None, n: int) -> Decimal | None:
    return None if value is None else printed_percent(value, n)


def _pp(value: Fraction | float | None, n: int) -> Decimal | None:
    return None if value is None else printed_pp(value, n)
