"""Everything that one group of pairs says, gathered from the joint histogram.

Each part is computed in its own module, from the histogram or from its six sums; here they stand
together under the names that the gold cases, `analyse` and the API use. Which of them may be shown
is decided in `disclosure`. Source: statistics.md §2, §3, §12.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.effects import EffectSizes, effects_of
from app.core.figures import Exact
from app.core.gains import ChangeCounts, Gain, gain_of
from app.core.histograms import JointHistogram
from app.core.means import MeanTest, mean_test
from app.core.normalised import HakeGain, PersonalGains, hake_gain, personal_gains
from app.core.proportions import Movement
from app.core.ranks import SignedRanks, signed_ranks


@dataclass(frozen=True, kw_only=True)
class Paired:
    """The parts; `hake` and `personal` are `no_max` without a maximum, `movement` None without a
    pass mark.
    """

    gain: Gain
    test: MeanTest
    effects: EffectSizes
    ranks: SignedRanks
    changes: ChangeCounts
    median_pre: Exact
    median_post: Exact
    hake: HakeGain
    personal: PersonalGains
    movement: Movement | None


def paired_of(histogram: JointHistogram, *, pass_units: int | None = None) -> Paired:
    """Return all figures of a group of pairs; a score of `pass_units` or more has passed."""
    sums, changes = histogram.sums(), histogram.changes()
    return Paired(
        gain=gain_of(sums, counts=changes),
        test=mean_test(sums.gains()),
        effects=effects_of(sums),
        ranks=signed_ranks(histogram.gains()),
        changes=changes,
        median_pre=histogram.median_pre(),
        median_post=histogram.median_post(),
        hake=hake_gain(sums),
        personal=personal_gains(histogram),
        movement=None if pass_units is None else histogram.movement(pass_units),
    )
