"""What people chose: every option's count, share and correlation with the rest of the test.

An omission counts as wrong and stays in the denominators. From counts and sums per option, so that
rollups are enough. Source: statistics.md §4; Tarrant, Ware & Mohammed 2009, BMC Med. Educ. 9:40.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.figures import Figures, Real, Reason
from app.core.means import ScoreSums
from app.core.proportions import Movement

_SMALL_N = 40


@dataclass(frozen=True)
class OptionSums:
    """How many chose an option, and the sum of their rest scores in units."""

    count: int
    rest_total: int


@dataclass(frozen=True, kw_only=True)
class OptionFigures(Figures):
    """One option: share of all n people 0..1 (`no_pairs`), correlation of choosing it with the
    rest score (`zero_variance` when nobody, everybody or equal rests; `n_too_small` for n < 2).

    non_functioning: a distractor that fewer than 5 % chose; never the key.
    """

    option: str
    count: int
    share: Fraction | None
    option_rest_r: float | None
    non_functioning: bool | None


def option_figures(
    chosen: Mapping[str, OptionSums],
    rest: ScoreSums,
    *,
    options: Sequence[str],
    keys: frozenset[str],
) -> list[OptionFigures]:
    """Return the figures of each option in the order of `options`.

    `rest`: n, Σ and Σ² of total less item over all n people, those who omitted it too.
    """
    nobody = OptionSums(0, 0)
    return [
        _option(option, chosen.get(option, nobody), rest, is_key=option in keys)
        for option in options
    ]


def _option(option: str, own: OptionSums, rest: ScoreSums, *, is_key: bool) -> OptionFigures:
    n = rest.n
    return OptionFigures.of(
        option=option,
        count=own.count,
        share=Fraction(own.count, n) if n else Reason.NO_PAIRS,
        option_rest_r=_rest_r(own, rest),
        non_functioning=(not is_key and 20 * own.count < n) if n else Reason.NO_PAIRS,
    )


def _rest_r(own: OptionSums, rest: ScoreSums) -> Real:
    """Pearson's r of the 0/1 of choosing with the rest; Σ01 = Σ01² = count."""
    n = rest.n
    if n < 2:
        return Reason.N_TOO_SMALL
    spreads = own.count * (n - own.count) * rest.spread
    if not spreads:
        return Reason.ZERO_VARIANCE
    together = n * own.rest_total - own.count * rest.total
    return math.copysign(math.sqrt(Fraction(together**2, spreads)), together)


class ItemFlag(StrEnum):
    """What an item's figures ask a trainer or author to look at."""

    CHECK_KEY = "check_key"
    WEAK = "weak"
    NO_ROOM = "no_room"
    STILL_HARD = "still_hard"
    LOST = "lost"
    DEAD_DISTRACTOR = "dead_distractor"


def no_row(_option: str) -> str:
    """Every option of a question without rows stands in one."""
    return ""


def find_flags(
    movement: Movement,
    *,
    item_rest_r: float | None,
    options_pre: Sequence[OptionFigures],
    options_post: Sequence[OptionFigures],
    keys: frozenset[str],
    row_of: Callable[[str], str] = no_row,
) -> list[ItemFlag]:
    """Return the flags of one item, in the order of `ItemFlag`.

    check_key: item-rest r < 0, or a distractor's r above max(0, r of the best key). weak: r < .15.
    no_room: 90 % right before. still_hard: right after at most max(30 %, 1/options + 5 %).
    lost: at least 3 lost, and no fewer than learned. dead_distractor, on the pre-test: nobody chose
    it (n < 40) or fewer than 5 %, or those who chose it were the better ones. `row_of` names an
    option's row, empty where there are none: a row is judged by its own key, and no placing is
    dead, since its column serves the other rows too. Of nobody nothing is said. Shown from 20
    people, decided on from 100.
    """
    n = movement.n
    if not n:
        return []
    least: dict[str, float] = {}  # by row: what the r of a wrong choice must not pass
    for each in options_post:
        if each.option in keys:
            row = row_of(each.option)
            least[row] = max(0.0, least.get(row, 0.0), each.option_rest_r or 0.0)
    wrong_post = [each for each in options_post if each.option not in keys]
    is_turned = any(
        (each.option_rest_r or 0.0) > least.get(row_of(each.option), 0.0) for each in wrong_post
    )
    hard = Fraction(30, 100)
    if options_post:
        hard = max(hard, Fraction(1, len(options_post)) + Fraction(5, 100))
    says = {
        ItemFlag.CHECK_KEY: (item_rest_r is not None and item_rest_r < 0) or is_turned,
        ItemFlag.WEAK: item_rest_r is not None and item_rest_r < 0.15,
        ItemFlag.NO_ROOM: 10 * movement.before >= 9 * n,
        ItemFlag.STILL_HARD: Fraction(movement.after, n) <= hard,
        ItemFlag.LOST: movement.yes_no >= max(3, movement.no_yes),
        ItemFlag.DEAD_DISTRACTOR: any(
            _is_dead(each, n)
            for each in options_pre
            if each.option not in keys and not row_of(each.option)
        ),
    }
    return [flag for flag in ItemFlag if says[flag]]


def _is_dead(option: OptionFigures, n: int) -> bool:
    is_unused = option.count == 0 if n < _SMALL_N else bool(option.non_functioning)
    return is_unused or (option.option_rest_r or 0.0) > 0
