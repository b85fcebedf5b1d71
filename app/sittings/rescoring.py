"""Scores a workshop's tests anew by a corrected key, from what stands; and what stood at a moment.

A score is a function of the key and what stands (decision 0007). When a score last changed is not
touched: nobody has answered anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from app.adapters.db import Work
from app.banks import service as banks
from app.core.merging import Operation, replay
from app.core.scoring import ItemKey, score_sitting
from app.sittings import queries
from app.sittings.ledger import chosen_by_item
from app.sittings.tables import Sitting, SittingOperation
from app.workshops.schemas import Occasion


@dataclass(frozen=True)
class Logged:
    """One line of the log: what was said, when it came, and whether that was late."""

    operation: Operation
    language: str
    received_at: datetime
    is_late: bool


@dataclass(frozen=True)
class TakenTest:
    """A sent test with its log, from which what stood at any moment follows."""

    sitting_id: str
    participant_id: str
    occasion: Occasion
    language: str
    submitted_at: datetime
    is_flagged: bool
    is_late: bool
    log: Sequence[Logged]

    def standing_at(self, moment: datetime) -> dict[str, tuple[Operation, str]] | None:
        """What stood for each item, with its language; None where it was not sent by then."""
        if self.submitted_at > moment:
            return None
        known = {each.operation.operation_id: each for each in self._until(moment)}
        standing = replay(each.operation for each in known.values())
        return {item: (each, known[each.operation_id].language) for item, each in standing.items()}

    def was_flagged_at(self, moment: datetime) -> bool:
        """Whether it was late by then, or taken in another way than on a phone of one's own."""
        return self.is_flagged or any(each.is_late for each in self._until(moment))

    def _until(self, moment: datetime) -> Iterable[Logged]:
        return (each for each in self.log if each.received_at <= moment)


def read_taken(work: Work, workshop_id: str, form_id: str) -> list[TakenTest]:
    """Every sent pre- and post-test of a workshop on a form version."""
    rows = queries.find_scored(work.db, workshop_id, form_id)
    logs = _read_logs(work.db, [row.id for row, _ in rows])
    return [
        TakenTest(
            sitting_id=row.id,
            participant_id=row.participant_id,
            occasion=Occasion(occasion),
            language=row.language,
            submitted_at=row.submitted_at,
            is_flagged=row.is_paper or row.is_assisted or row.is_rescued,
            is_late=row.is_late,
            log=logs.get(row.id, ()),
        )
        for row, occasion in rows
        if row.submitted_at is not None
    ]


def _read_logs(db: Session, sitting_ids: Collection[str]) -> dict[str, list[Logged]]:
    found: dict[str, list[Logged]] = {}
    query = select(SittingOperation).where(col(SittingOperation.sitting_id).in_(sitting_ids))
    for row in db.exec(query).all():
        operation = Operation(row.operation_id, row.item, row.revision, row.device, row.content)
        line = Logged(operation, row.language, row.received_at, row.is_late)
        found.setdefault(row.sitting_id, []).append(line)
    return found


def units_of(
    keys: Sequence[ItemKey], standing: Mapping[str, tuple[Operation, str]]
) -> tuple[int, dict[str, int]]:
    """The score of what stood by these keys: of the test, and of each item that was answered."""
    chosen = chosen_by_item({item: each for item, (each, _) in standing.items()})
    score = score_sitting(keys, chosen)
    return score.units, {item: each.units for item, each in score.per_item.items()}


def has_all_answers(work: Work, workshop_id: str, form_id: str) -> bool:
    """Whether what stands is still there for every test that is scored."""
    return queries.get_without_answers(work.db, workshop_id, form_id) is None


def rescore(work: Work, workshop_id: str, form_id: str, corrected_form_id: str) -> int:
    """Move a workshop's tests to the corrected version and score what was sent; how many.

    The workshop is held (`workshops.moving.hold_workshop`), so that no save is on its way.
    """
    own = queries.find_ids_on_form(work.db, workshop_id, form_id)
    sittings = queries.hold_sittings(work.db, own)
    keys = banks.require_content(work, corrected_form_id).keys
    sent = [each for each in sittings if each.units is not None]
    standing = queries.find_standing_of(work.db, [each.id for each in sent])
    counted = {key.item for key in keys}
    units, scores = [], {}
    for each in sent:
        score = score_sitting(keys, chosen_by_item(standing.get(each.id, {})))
        scores[each.id] = score.units
        for item in standing.get(each.id, {}):
            scored = score.per_item[item].units if item in counted else None
            units.append({"of_sitting": each.id, "of_item": item, "scored": scored})
    queries.write_units(work.db, units)
    for each in sittings:
        values = {"form_id": corrected_form_id} | (
            {"units": scores[each.id]} if each.id in scores else {}
        )
        work.db.execute(update(Sitting).where(col(Sitting.id) == each.id).values(**values))
    work.db.expire_all()
    return len(sent)
