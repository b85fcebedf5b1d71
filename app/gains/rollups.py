"""Keeps each workshop's running sums true, in the transaction that settles a score.

A score that changes (a late answer, a corrected key) takes its old pair out and puts the new one
in. Nothing here is shown: the door takes snapshots.
"""

from collections.abc import Sequence
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


def record(work: Work, completed: Sequence[CompletedSitting]) -> None:
    """Take settled scores into the running sums; the callback of `sittings.saving`."""
    groups: dict[tuple[str, str], list[CompletedSitting]] = {}
    for each in completed:
        sitting = each.sitting
        if sitting.occasion is not Occasion.FOLLOW_UP and sitting.units is not None:
            groups.setdefault((sitting.workshop_id, sitting.form_id), []).append(each)
    for (workshop_id, form_id), group in sorted(groups.items()):  # one order for everybody
        _record_group(work, workshop_id, form_id, group)


def _record_group(
    work: Work, workshop_id: str, form_id: str, group: Sequence[CompletedSitting]
) -> None:
    row = _rollup(work, workshop_id, form_id)
    people = {each.sitting.participant_id for each in group}
    units = queries.find_units(work.db, workshop_id, form_id, people)
    # The scores of this group are stored already; each counts from when its turn comes.
    units |= {
        (each.sitting.participant_id, each.sitting.occasion): each.units_before for each in group
    }
    for each in group:
        sitting, before = each.sitting, each.units_before
        is_pre = sitting.occasion is Occasion.PRE
        if before is None:
            row.pre_count += is_pre
            row.post_count += not is_pre
        other = units.get((sitting.participant_id, Occasion.POST if is_pre else Occasion.PRE))
        if other is not None and sitting.units is not None:
            if before is not None:
                _add(row, _pair(is_pre, before, other), -1)
            _add(row, _pair(is_pre, sitting.units, other), +1)
        units[sitting.participant_id, sitting.occasion] = sitting.units
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
