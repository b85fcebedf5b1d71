"""Snapshots and sums of a workshop whose form was corrected: the same people, the same answers.

A snapshot is never touched. Beside it stands one by the corrected version, counted from what stood
at its moment; only where the same count by the old key is the old snapshot, to the number (decision
0029).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from app.adapters.db import Work, insert_if_absent
from app.banks import service as banks
from app.core.scoring import ItemKey
from app.gains import queries, recount, snapshots
from app.gains.cells import (
    Answer,
    Group,
    ItemShape,
    Person,
    Sums,
    add,
    item_groups,
    pair_sums,
    taken_sums,
)
from app.gains.frozen import AnswerKey, Frozen, count_pairs, unpack
from app.gains.rollups import shape_of
from app.gains.tables import FirstTold, Rescoring, SealedWorkshop, Snapshot
from app.participants.profiles import Profile, find_profiles
from app.sittings import rescoring as sittings
from app.sittings.rescoring import TakenTest
from app.workshops import moving
from app.workshops.schemas import Occasion

_Key = TypeVar("_Key")


def rescore_workshop(work: Work, workshop_id: str, form_id: str, corrected_form_id: str) -> bool:
    """Score a workshop anew by the corrected version, with all that is counted of it.

    Left alone, and remembered as such, where its answers are gone or sealed. False where another
    worker had done it by the time the workshop could be held.
    """
    moving.hold_workshop(work, workshop_id)
    if work.db.get(Rescoring, (workshop_id, form_id)) is not None:
        return False
    kept = [
        (row, unpack(content))
        for row, content in queries.find_snapshots(work.db, workshop_id)
        if row.form_id == form_id and content is not None
    ]
    taken = sittings.read_taken(work, workshop_id, form_id)
    is_there = work.db.get(SealedWorkshop, workshop_id) is None and sittings.has_all_answers(
        work, workshop_id, form_id
    )
    if not is_there:
        _remember(work, workshop_id, form_id, tests=0, is_moved=False)
        return True
    made = _rescored(work, workshop_id, form_id, corrected_form_id, (kept, taken))
    if any(frozen.sums()["pair_count"] for _, frozen in kept):
        insert_if_absent(work, FirstTold, workshop_id=workshop_id, form_id=form_id)
    tests = sittings.rescore(work, workshop_id, form_id, corrected_form_id)
    moving.move_workshop(work, workshop_id, form_id, corrected_form_id)
    _recount(work, workshop_id, form_id, corrected_form_id)
    max_units = banks.require_form(work, corrected_form_id).max_units
    for row, frozen in made:
        _write(work, row, corrected_form_id, frozen, max_units)
    last = (kept[-1][1], made[-1][1]) if made else None
    _remember(work, workshop_id, form_id, tests=tests, is_moved=True, last=last)
    return True


def _recount(work: Work, workshop_id: str, form_id: str, corrected_form_id: str) -> None:
    """Both versions' sums from the tests as they are now; the old one's come to nothing."""
    rooms = sorted([(workshop_id, form_id), (workshop_id, corrected_form_id)])
    if not queries.find_rooms_of(work.db, workshop_id=workshop_id):
        return
    queries.hold_rooms(work.db, rooms)
    for own, form in rooms:
        recount.recount_workshop(work.db, own, form, shape_of(work, form))


def _remember(
    work: Work,
    workshop_id: str,
    form_id: str,
    *,
    tests: int,
    is_moved: bool,
    last: tuple[Frozen, Frozen] | None = None,
) -> None:
    before, now = ({}, {}) if last is None else (each.sums() for each in last)
    work.db.add(
        Rescoring(
            workshop_id=workshop_id,
            form_id=form_id,
            rescored_at=work.now,
            is_moved=is_moved,
            has_snapshots=last is not None,
            tests=tests,
            pair_count=now.get("pair_count", 0),
            sum_pre_before=before.get("sum_pre", 0),
            sum_post_before=before.get("sum_post", 0),
            sum_pre=now.get("sum_pre", 0),
            sum_post=now.get("sum_post", 0),
        )
    )
    work.db.flush()


def _rescored(
    work: Work,
    workshop_id: str,
    form_id: str,
    corrected_form_id: str,
    known: tuple[Sequence[tuple[Snapshot, Frozen]], Sequence[TakenTest]],
) -> list[tuple[Snapshot, Frozen]]:
    """Every snapshot by the corrected key; none where one of them is not found again exactly."""
    kept, taken = known
    profiles = find_profiles(work, workshop_id)
    old, new = (
        _Scoring(banks.require_content(work, each).keys, shape_of(work, each))
        for each in (form_id, corrected_form_id)
    )
    made = []
    for row, frozen in kept:
        # A post-test that was sent in the same instant is not in a snapshot that counts none.
        has_post = frozen.sums()["post_count"] > 0
        tests = [each for each in taken if has_post or each.occasion is Occasion.PRE]
        there = _Room(tests, profiles, row.taken_at, frozen.pass_units)
        again = there.count(old)
        if (again.groups, again.answers, again.pairs) != (
            frozen.groups,
            frozen.answers,
            frozen.pairs,
        ):
            return []
        made.append((row, replace(there.count(new), to_teach=frozen.to_teach)))
    return made


def _write(work: Work, row: Snapshot, form_id: str, frozen: Frozen, max_units: int) -> None:
    # Not `model_dump`: what has expired since it was read would be missing.
    values: dict[str, Any] = {
        name: getattr(row, name) for name in Snapshot.model_fields if name != "id"
    }
    own = {"form_id": form_id, "max_units": max_units, **snapshots.room_sums(frozen)}
    snapshots.store(work, Snapshot(**(values | own)), frozen)


@dataclass(frozen=True)
class _Scoring:
    """A key, and where its items count."""

    keys: Sequence[ItemKey]
    shape: Mapping[str, ItemShape]


@dataclass(frozen=True)
class _Room:
    """A workshop's people as they stood at one moment."""

    taken: Sequence[TakenTest]
    profiles: Mapping[str, Profile]
    moment: datetime
    pass_units: int

    def count(self, scoring: _Scoring) -> Frozen:
        """All cells by one key, as `gains.cells` adds them up."""
        groups: dict[Group, Sums] = {}
        answers: dict[AnswerKey, Sums] = {}
        people = []
        for tests in self._by_person():
            person, given = self._person(tests, scoring)
            if person is None:
                continue
            people.append(person)
            _count_person(groups, person)
            if person.pre is not None and person.post is not None:
                before, after = given[Occasion.PRE], given[Occasion.POST]
                for group, sums in item_groups(scoring.shape, before, after):
                    _add(groups, group, sums)
                for occasion, score in ((Occasion.PRE, person.pre), (Occasion.POST, person.post)):
                    for item, answer in given[occasion].items():
                        key = (item, occasion.value, answer.language, answer.chosen)
                        _add(answers, key, (1, score, score * score))
        return Frozen(
            groups=groups, answers=answers, pairs=count_pairs(people), pass_units=self.pass_units
        )

    def _by_person(self) -> list[list[TakenTest]]:
        found: dict[str, list[TakenTest]] = {}
        for test in self.taken:
            found.setdefault(test.participant_id, []).append(test)
        return list(found.values())

    def _person(
        self, tests: Sequence[TakenTest], scoring: _Scoring
    ) -> tuple[Person | None, dict[Occasion, dict[str, Answer]]]:
        """Somebody by what stood at the moment; nobody where no test was sent by then."""
        units: dict[Occasion, int] = {}
        given: dict[Occasion, dict[str, Answer]] = {}
        is_flagged = False
        for test in tests:
            standing = test.standing_at(self.moment)
            if standing is None:
                continue
            units[test.occasion], per_item = sittings.units_of(scoring.keys, standing)
            is_flagged = is_flagged or test.was_flagged_at(self.moment)
            given[test.occasion] = {}
            for item in scoring.shape:
                chosen, language = "", test.language
                if item in standing:
                    operation, language = standing[item]
                    chosen = "" if operation.content == queries.NOTHING else operation.content
                given[test.occasion][item] = Answer(chosen, language, per_item[item])
        if not units:
            return None, {}
        profile = self.profiles[tests[0].participant_id]
        person = Person(
            pre=units.get(Occasion.PRE),
            post=units.get(Occasion.POST),
            sex=profile.sex,
            agency_type=profile.agency_type,
            province=profile.province,
            is_flagged=is_flagged,
            pass_units=self.pass_units,
        )
        return person, given


def _count_person(groups: dict[Group, Sums], person: Person) -> None:
    taken = taken_sums(
        person, has_new_pre=person.pre is not None, has_new_post=person.post is not None
    )
    both = None
    if person.pre is not None and person.post is not None:
        both = pair_sums(person.pre, person.post, person.pass_units)
    for group in person.groups():
        if group[0] != "flagged":
            _add(groups, group, taken)
        if both:
            _add(groups, group, both)


def _add(cells: dict[_Key, Sums], key: _Key, sums: Sums) -> None:
    cells[key] = add(cells[key], sums) if key in cells else sums
