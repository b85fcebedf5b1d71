"""The running sums on the command line: compared, rebuilt, and counted once after an upgrade."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.adapters.db import Work
from app.gains import rollups
from app.gains.release_checks import ReleaseCheck, check_releases
from app.gains.rollups import RollupCheck

_MOST_LINES = 200


@dataclass(frozen=True)
class Counted:
    """What comparing found: running sums with answers, released tables with their snapshots."""

    sums: RollupCheck
    released: ReleaseCheck
    is_rebuilt: bool

    @property
    def is_true(self) -> bool:
        """Whether everything is now as it should be; what was released is never set right."""
        return not self.released.differences and (self.is_rebuilt or not self.sums.differences)


def check_or_rebuild(work: Work, *, rebuilds: bool) -> Counted:
    """Compare every number with its source; set running sums that differ right if asked.

    Released numbers stay as they are: they were told so.
    """
    return Counted(
        sums=rollups.rebuild_all(work) if rebuilds else rollups.check_all(work),
        released=check_releases(work),
        is_rebuilt=rebuilds,
    )


def count_once(work: Work) -> None:
    """After an upgrade from a schema without groups and answers: count what was there before."""
    if rollups.lacks_groups(work):
        rollups.rebuild_all(work)


def say_rollups(found: Counted) -> None:
    """One line per difference (the first 200 of each kind), and one about all of a kind."""
    _say(
        f"{each.workshop_id} {each.table} {' '.join(each.place).strip() or 'whole room'}: "
        f"{each.column} is {each.kept}, counted {each.counted}"
        for each in found.sums.differences
    )
    mended = " All mended." if found.is_rebuilt and found.sums.differences else ""
    count = len(found.sums.differences) + found.sums.more
    print(
        f"Rooms: {found.sums.rooms}. Sealed and left alone: {found.sums.sealed}. "
        f"Differences: {count}.{mended}"
    )
    _say(
        f"{each.table} {' '.join(each.place)}: "
        f"{each.column} is {_number(each.kept)}, counted {_number(each.counted)}"
        for each in found.released.differences[:_MOST_LINES]
    )
    stands = " They stay as they are: look into a backup." if found.released.differences else ""
    print(
        f"Released bundles: {found.released.bundles}. "
        f"Differences: {len(found.released.differences)}.{stands}"
    )


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _number(value: float | None) -> str:
    return "missing" if value is None else str(value)
