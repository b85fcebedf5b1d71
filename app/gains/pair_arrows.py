"""One unlabelled arrow per pair, for a workshop's own team alone, from ten pairs.

The joint histogram says how many people had which two scores, and nothing else about them; that is
all an arrow is made of. Source: interfaces.md §9.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from app.core import disclosure
from app.core.disclosure import Audience
from app.core.printing import half_up
from app.gains.cells import WHOLE_ROOM
from app.gains.frozen import Frozen
from app.gains.results import PairArrow, PairArrows, Unsaid, Way
from app.gains.states import arrows_told


def pair_arrows(contents: Sequence[Frozen], max_units: int, audience: Audience) -> PairArrows:
    """The arrows of the state they are told from; a reason below ten pairs and outside."""
    if audience is not Audience.TEAM:
        return no_arrows(Unsaid.WITHHELD)
    pairs = arrows_told(contents).pairs.get(WHOLE_ROOM, {})
    if sum(pairs.values()) < disclosure.FULL_FROM_PAIRS:
        return no_arrows(Unsaid.N_TOO_SMALL)
    return PairArrows(arrows=_arrows(pairs, max_units), unsaid=None)


def no_arrows(why: Unsaid) -> PairArrows:
    """None is told."""
    return PairArrows(arrows=(), unsaid=why)


def _arrows(pairs: Mapping[tuple[int, int], int], max_units: int) -> tuple[PairArrow, ...]:
    def percent(units: int) -> Decimal:
        return half_up(Fraction(100 * units, max_units), 1)

    return tuple(
        PairArrow(percent(before), percent(after), _way(before, after))
        for (before, after), people in sorted(pairs.items())
        for _ in range(people)
    )


def _way(before: int, after: int) -> Way:
    if after == before:
        return Way.SAME
    return Way.ROSE if after > before else Way.FELL
