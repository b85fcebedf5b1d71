"""Keeps each workshop's running sums true, in the transaction that settles a score.

A score that changes (a late answer, a corrected key) takes its old pair out and puts the new one
in. Nothing here is shown: the door takes snapshots.
"""

from dataclasses import dataclass

from app.adapters.db import Work, insert_if_absent
from app.core.gains import ChangeCounts, PairSums
from app.gains import queries
from app.gains.tables import PairRollup
from app.sittings.schemas import CompletedSitting
from app.workshops.schemas import Occasion

_COLUMNS = {
    "pair_count": "n",
    "sum_pre": "sx",
    "sum_post": "sy",
    "sum_pre_squared": "sxx",
    "sum_post_squared": "syy",
    "sum_products": "sxy",
}


@dataclass(frozen=True)
class RollupDifference:
    """A column of the running sums that is not what the scores add up to."""

    workshop_id: str
    column: str
    kept: int
    counted: int


def record(work: Work, completed: CompletedSitting) -> None:
    """Take one settled score into the running sums; the callback of `sittings.service`."""
    sitting = completed.sitting
    if sitting.occasion is Occasion.FOLLOW_UP or sitting.units is None:
        return
    is_pre = sitting.occasion is Occasion.PRE
    row = _rollup(work, sitting.workshop_id, sitting.form_id)
    if completed.units_before is None:
        row.pre_count += is_pre
        row.post_count += not is_pre
    other = queries.get_units_of(
        work.db,
        workshop_id=sitting.workshop_id,
        form_id=sitting.form_id,
        occasion=Occasion.POST if is_pre else Occasion.PRE,
        participant_id=sitting.participant_id,
    )
    if other is not None:
        if completed.units_before is not None:
            _add(row, _pair(is_pre, completed.units_before, other), -1)
        _add(row, _pair(is_pre, sitting.units, other), +1)
    work.db.add(row)
    work.db.flush()


def find_differences(work: Work, workshop_id: str, form_id: str) -> list[RollupDifference]:
    """Count a workshop's scores afresh and compare; empty when the running sums are true."""
    row = _rollup(work, workshop_id, form_id)
    scores = queries.find_pair_units(work.db, workshop_id, form_id)
    pairs = [(pre, post) for pre, post in scores if pre is not None and post is not None]
    sums = PairSums.from_pairs(pairs, max_units=0)
    counts = ChangeCounts.from_pairs(pairs)
    wanted = {column: getattr(sums, name) for column, name in _COLUMNS.items()} | {
        "pre_count": sum(pre is not None for pre, _ in scores),
        "post_count": sum(post is not None for _, post in scores),
        "improved": counts.improved,
        "same": counts.same,
        "declined": counts.declined,
    }
    return [
        RollupDifference(workshop_id, column, getattr(row, column), counted)
        for column, counted in wanted.items()
        if getattr(row, column) != counted
    ]


def _pair(is_pre: bool, own: int, other: int) -> tuple[int, int]:
    return (own, other) if is_pre else (other, own)


def _add(row: PairRollup, pair: tuple[int, int], sign: int) -> None:
    sums = PairSums.from_pairs([pair], max_units=0)
    for column, name in _COLUMNS.items():
        setattr(row, column, getattr(row, column) + sign * getattr(sums, name))
    counts = ChangeCounts.from_pairs([pair])
    row.improved += sign * counts.improved
    row.same += sign * counts.same
    row.declined += sign * counts.declined


def _rollup(work: Work, workshop_id: str, form_id: str) -> PairRollup:
    insert_if_absent(work, PairRollup, workshop_id=workshop_id, form_id=form_id)
    row = queries.get_rollup(work.db, workshop_id, form_id)
    if row is None:
        raise LookupError(f"no running sums for workshop {workshop_id}")
    return row
