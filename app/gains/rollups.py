"""Keeps each workshop's cells true, in the transaction that settles a score.

A test that is scored for the first time is added to the cells its person counts in. Whatever
changes something that is counted already (a late answer, a profile after the test, a corrected
pass mark, an erasure) counts the workshop afresh: that is rare, a room is small, and nobody has to
know what was there before. Nothing here is shown: the door takes snapshots.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import select

from app.adapters.db import Work, insert_if_absent
from app.banks import service as banks
from app.core.errors import FormUnknown
from app.gains import comparison, queries, recount
from app.gains.cells import (
    Facet,
    ItemShape,
    Person,
    Sums,
    add,
    item_groups,
    pair_sums,
    taken_sums,
)
from app.gains.queries import PairKey, ResponseKey, Room
from app.gains.tables import SealedWorkshop
from app.sittings.schemas import CompletedSitting
from app.workshops.schemas import Occasion

_Key = TypeVar("_Key", PairKey, ResponseKey)
MOST_NAMED = 200
_Fresh = dict[str, set[Occasion]]
"""Person -> the tests that are scored for the first time."""


@dataclass(frozen=True)
class RollupDifference:
    """A number in the cells that is not what the scores and answers say.

    `place`: facet and value; or item, occasion, language and answer.
    """

    table: str
    workshop_id: str
    form_id: str
    place: tuple[str, ...]
    column: str
    kept: int
    counted: int


@dataclass(frozen=True)
class RollupCheck:
    """What comparing every cell found; sealed workshops are not looked at.

    `differences` are the first `MOST_NAMED`, `more` says how many others there are.
    """

    rooms: int
    sealed: int
    differences: tuple[RollupDifference, ...]
    more: int = 0


def record(work: Work, completed: Sequence[CompletedSitting]) -> None:
    """Take settled scores into the cells; the callback of `sittings.saving`."""
    fresh: dict[Room, _Fresh] = {}
    again: set[Room] = set()
    for each in completed:
        sitting = each.sitting
        if sitting.occasion is Occasion.FOLLOW_UP or sitting.units is None:
            continue
        room = (sitting.workshop_id, sitting.form_id)
        fresh.setdefault(room, {}).setdefault(sitting.participant_id, set()).add(sitting.occasion)
        if each.units_before is not None:
            again.add(room)
    if not fresh:
        return
    queries.hold_rooms(work.db, sorted(fresh))
    _add(work, {room: people for room, people in fresh.items() if room not in again})
    for workshop_id, form_id in sorted(again):
        recount.recount_workshop(work.db, workshop_id, form_id, shape_of(work, form_id))


def record_change(work: Work, *, workshop_id: str = "", participant_id: str = "") -> None:
    """Something that cells depend on has changed: a person's profile, or a workshop's pass mark.

    Also after an erasure. Counts the workshop afresh, unless nothing of it is counted yet.
    """
    if participant_id and not queries.has_scores(work.db, participant_id):
        return
    found = queries.find_rooms_of(work.db, workshop_id=workshop_id, participant_id=participant_id)
    sealed = find_sealed(work)  # their answers are gone: counted afresh they would be nothing
    rooms = [room for room in found if room[0] not in sealed]
    queries.hold_rooms(work.db, rooms)
    for own, form_id in rooms:
        recount.recount_workshop(work.db, own, form_id, shape_of(work, form_id))


def seal_workshop(work: Work, workshop_id: str) -> None:
    """The answers are about to go: from now on the cells stand as they are."""
    insert_if_absent(work, SealedWorkshop, workshop_id=workshop_id, sealed_at=work.now)


def find_sealed(work: Work) -> set[str]:
    """The workshops whose cells stand as they are."""
    return set(work.db.exec(select(SealedWorkshop.workshop_id)).all())


def find_differences(work: Work, workshop_id: str, form_id: str) -> list[RollupDifference]:
    """Count a workshop's scores afresh and compare; empty when its cells are true."""
    forms, spans = {form_id: shape_of(work, form_id)}, [comparison.span_of_one(workshop_id)]
    return _named(comparison.compare(work.db, forms, spans, most=MOST_NAMED))


def check_all(work: Work) -> RollupCheck:
    """Count everything afresh and compare."""
    return _compare_all(work, mends=False)


def rebuild_all(work: Work) -> RollupCheck:
    """Set every cell to what the scores and answers say, and tell what was not so.

    Meant for a moment when nobody saves: on PostgreSQL the tables are locked meanwhile.
    """
    queries.hold_tables(work.db)
    return _compare_all(work, mends=True)


def _compare_all(work: Work, *, mends: bool) -> RollupCheck:
    rooms = queries.find_rooms(work.db)
    workshop_ids = sorted({workshop_id for workshop_id, _ in rooms})
    found = comparison.compare(
        work.db,
        {form_id: shape_of(work, form_id) for form_id in queries.find_forms(work.db)},
        comparison.spans_of(workshop_ids),
        most=MOST_NAMED,
        mends=mends,
    )
    return RollupCheck(
        rooms=len(rooms),
        sealed=queries.count_sealed(work.db),
        differences=tuple(_named(found)),
        more=found.count - len(found.first),
    )


def _named(found: comparison.Compared) -> list[RollupDifference]:
    return [
        RollupDifference(
            table=each.table,
            workshop_id=each.key[0],
            form_id=each.key[1],
            place=each.key[2:],
            column=each.column,
            kept=each.kept,
            counted=each.counted,
        )
        for each in found.first
    ]


def lacks_groups(work: Work) -> bool:
    """Whether rooms have sums and nobody was counted by facet: before the first counting."""
    return queries.lacks_groups(work.db)


def shape_of(work: Work, form_id: str) -> dict[str, ItemShape]:
    """The scored items of a form; none where the form is not known any more."""
    try:
        content = banks.require_content(work, form_id)
    except FormUnknown:
        return {}
    return {
        key.item: ItemShape(content.items[key.item].objective, key.max_units)
        for key in content.keys
    }


def _add(work: Work, rooms: Mapping[Room, _Fresh]) -> None:
    """Add what tests that are scored for the first time bring."""
    if not rooms:
        return
    people = queries.find_people(work.db, {person for each in rooms.values() for person in each})
    paired = {
        place: sittings
        for place, (person, sittings) in people.items()
        if person.is_pair and place[0] in rooms.get(place[1], {})
    }
    answers = queries.find_answers(
        work.db, {sitting for each in paired.values() for sitting, _ in each.values()}
    )
    pairs: dict[PairKey, Sums] = {}
    responses: dict[ResponseKey, Sums] = {}
    for (participant_id, room), (person, sittings) in people.items():
        new = rooms.get(room, {}).get(participant_id)
        if not new:
            continue
        _add_person(pairs, room, person, new)
        if person.is_pair:
            _add_answers(
                (pairs, responses), room, person, shape_of(work, room[1]), sittings, answers
            )
    queries.add_to_pairs(work.db, pairs)
    queries.add_to_responses(work.db, responses)


def _add_person(pairs: dict[PairKey, Sums], room: Room, person: Person, new: set[Occasion]) -> None:
    sums = taken_sums(person, has_new_pre=Occasion.PRE in new, has_new_post=Occasion.POST in new)
    both = None
    if person.pre is not None and person.post is not None:
        both = pair_sums(person.pre, person.post, person.pass_units)
    for facet, value in person.groups():
        if facet != Facet.FLAGGED:
            _add_to(pairs, (*room, facet, value), sums)
        if both:
            _add_to(pairs, (*room, facet, value), both)


def _add_answers(
    cells: tuple[dict[PairKey, Sums], dict[ResponseKey, Sums]],
    room: Room,
    person: Person,
    shape: Mapping[str, ItemShape],
    sittings: Mapping[Occasion, tuple[str, str]],
    answers: Mapping[str, Mapping[str, tuple[str, str, int]]],
) -> None:
    pairs, responses = cells
    given = {
        occasion: {item: queries.answer_of(answers[sitting], item, language) for item in shape}
        for occasion, (sitting, language) in sittings.items()
    }
    for (facet, value), sums in item_groups(shape, given[Occasion.PRE], given[Occasion.POST]):
        _add_to(pairs, (*room, facet, value), sums)
    for occasion, score in ((Occasion.PRE, person.pre), (Occasion.POST, person.post)):
        told = score or 0
        for item, answer in given[occasion].items():
            key = (*room, item, occasion.value, answer.language, answer.chosen)
            _add_to(responses, key, (1, told, told * told))


def _add_to(cells: dict[_Key, Sums], key: _Key, sums: Sums) -> None:
    known = cells.get(key)
    cells[key] = sums if known is None else add(known, sums)
