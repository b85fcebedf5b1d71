"""The running sums on the command line: compared, rebuilt, and counted once after an upgrade."""

from app.adapters.db import Work
from app.gains import rollups
from app.gains.rollups import RollupCheck

_MOST_LINES = 200


def check_or_rebuild(work: Work, *, rebuilds: bool) -> RollupCheck:
    """Compare every cell with the scores and answers; set what differs right if asked."""
    return rollups.rebuild_all(work) if rebuilds else rollups.check_all(work)


def count_once(work: Work) -> None:
    """After an upgrade from a schema without groups and answers: count what was there before."""
    if rollups.lacks_groups(work):
        rollups.rebuild_all(work)


def say_rollups(found: RollupCheck, *, rebuilds: bool) -> None:
    """One line per difference (the first 200), and one about all."""
    for each in found.differences[:_MOST_LINES]:
        place = " ".join(each.place).strip() or "whole room"
        print(
            f"{each.workshop_id} {each.table} {place}: "
            f"{each.column} is {each.kept}, counted {each.counted}"
        )
    mended = " All mended." if rebuilds and found.differences else ""
    print(
        f"Rooms: {found.rooms}. Sealed and left alone: {found.sealed}. "
        f"Differences: {len(found.differences)}.{mended}"
    )
