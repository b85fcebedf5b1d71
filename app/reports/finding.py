"""The finding of a report: which way the average went, as a title and as a sentence to paste."""

from collections.abc import Sequence

from app.core.reasons import N_
from app.gains.results import Direction, Figure
from app.gains.tables_told import TableRow
from app.reports.sentence import CAUSE, INTERVAL, MOVED, NO_INTERVAL
from app.reports.wording import Wording, percent, signed, typed

TITLES = {
    Direction.ROSE: N_("Knowledge rose from %(before)s to %(after)s"),
    Direction.FELL: N_("Knowledge fell from %(before)s to %(after)s"),
    Direction.UNCLEAR: N_("No clear change: %(before)s before, %(after)s after"),
    Direction.MOVED: N_("From %(before)s before to %(after)s after"),
}
_EACH_AS_ONE = N_("Each workshop counted as one: %(gain)s percentage points")


def write_sentence(
    whole: TableRow, way: Direction | None, scope: Sequence[str], wording: Wording
) -> str:
    """The finding as one paragraph; empty where nothing is told."""
    figures = whole.figures
    if way is None or figures is None:
        return ""
    is_one = whole.pooled is None or whole.workshops == 1
    own = (figures.gain_pp_low, figures.gain_pp_high)
    low, high = own if is_one or whole.pooled is None else (
        whole.pooled.average_low, whole.pooled.average_high
    )  # fmt: skip
    parts = [
        wording.say(
            MOVED[way],
            place=typed(scope[0]),
            days=typed(scope[1]),
            people=figures.paired,
            before=percent(figures.pre_percent.value),
            after=percent(figures.post_percent.value),
            gain=signed(figures.gain_pp.value),
        )
        + _interval(low, high, wording)
    ]
    pooled = whole.pooled
    if not is_one and pooled is not None and pooled.gain_pp.value is not None:
        parts.append(
            wording.say(_EACH_AS_ONE, gain=signed(pooled.gain_pp.value))
            + _interval(pooled.gain_pp_low, pooled.gain_pp_high, wording)
        )
    parts.append(wording.say(CAUSE))
    return " ".join(parts)


def _interval(low: Figure, high: Figure, wording: Wording) -> str:
    if low.value is None:
        return wording.say(NO_INTERVAL)
    return wording.say(INTERVAL, low=signed(low.value), high=signed(high.value))
