"""Reads what became of workshops whose form was corrected."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.gains.tables import FirstTold, Rescoring


@dataclass(frozen=True)
class RescoredSums:
    """Some workshops that one correction has reached; sums of their pairs by both keys."""

    workshops: int
    left_alone: int
    tests: int
    pairs: int
    sum_pre_before: int
    sum_post_before: int
    sum_pre: int
    sum_post: int


def get_first_told(db: Session, workshop_id: str) -> str | None:
    """The form version a workshop stays with outside its team, where one was kept."""
    row = db.get(FirstTold, workshop_id)
    return row.form_id if row else None


def find_first_told(db: Session) -> dict[str, str]:
    """The same of all workshops, by id."""
    return {row.workshop_id: row.form_id for row in db.exec(select(FirstTold)).all()}


def find_left_alone(db: Session, form_id: str) -> set[str]:
    """Workshops on a corrected version that are not moved."""
    query = select(Rescoring.workshop_id).where(
        Rescoring.form_id == form_id, col(Rescoring.is_moved).is_(False)
    )
    return set(db.exec(query).all())


def sum_rescored(db: Session, form_id: str, among: Collection[str] | None = None) -> RescoredSums:
    """What a correction has reached, in all or among these workshops."""
    found = [
        row
        for row in db.exec(select(Rescoring).where(Rescoring.form_id == form_id)).all()
        if among is None or row.workshop_id in among
    ]
    moved = [row for row in found if row.is_moved]
    return RescoredSums(
        workshops=len(moved),
        left_alone=len(found) - len(moved),
        tests=sum(row.tests for row in moved),
        pairs=sum(row.pair_count for row in moved),
        sum_pre_before=sum(row.sum_pre_before for row in moved),
        sum_post_before=sum(row.sum_post_before for row in moved),
        sum_pre=sum(row.sum_pre for row in moved),
        sum_post=sum(row.sum_post for row in moved),
    )
