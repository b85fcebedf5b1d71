"""When the counts of the minority ballot may be told, and the counts that wait as one fixed size.

Whatever is told at once is a whole of its own: three workshops at least, ten "yes" and ten "no" at
least. So every difference of two looks, however often somebody looks, is again such a whole.
Source: reliability.md §6.3.
"""

from collections.abc import Collection
from dataclasses import dataclass
from struct import Struct

LEAST_WORKSHOPS = 3
LEAST_OF_EACH = 10
LEAST_ANSWERS = 5
"""Below this a workshop does not count as one of the three: one large room would stand alone."""

_COUNTS = Struct(">II")


@dataclass(frozen=True)
class BallotSums:
    """How many said yes and how many no."""

    yes: int = 0
    no: int = 0

    def with_answer(self, *, is_yes: bool) -> "BallotSums":
        """One more."""
        return BallotSums(self.yes + is_yes, self.no + (not is_yes))


def pack_sums(sums: BallotSums) -> bytes:
    """Eight bytes, whatever the counts are: a length says nothing."""
    return _COUNTS.pack(sums.yes, sums.no)


def unpack_sums(packed: bytes) -> BallotSums:
    """The counts that were packed."""
    return BallotSums(*_COUNTS.unpack(packed))


def may_tell(sums: BallotSums, answers_by_workshop: Collection[int]) -> bool:
    """Whether all that waits may be told; `answers_by_workshop`: how many wait of each closed one.

    The way the answers went is asked of the whole alone, never of a workshop.
    """
    workshops = sum(answers >= LEAST_ANSWERS for answers in answers_by_workshop)
    return workshops >= LEAST_WORKSHOPS and min(sums.yes, sums.no) >= LEAST_OF_EACH
