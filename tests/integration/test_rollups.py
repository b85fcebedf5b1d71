"""The running sums: what they hold after any history is what counting afresh finds."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.schemas import StaffPerson
from app.banks import service as banks
from app.core.gains import PairSums
from app.gains import rollups
from app.gains import service as gains
from app.gains.comparison import spans_of
from app.main import settle_once
from app.participants import service as participants
from app.participants.schemas import AgencyType, Profile, Sex
from app.sittings import saving
from app.sittings import service as sittings
from app.sittings.schemas import Finish, SentOperation
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_plan,
    a_workshop,
    close_test,
    open_test,
)
from tests.fixtures.loop import LATE, change, join, keys_of, rows, run_workshop, take

PROFILES = [
    Profile(),
    Profile(sex=Sex.WOMAN, agency_type=AgencyType.POLICE, province="PK-SD"),
    Profile(sex=Sex.MAN, agency_type=AgencyType.NGO, province="PK-PB"),
    Profile(sex=Sex.PREFER_NOT_TO_SAY, agency_type=AgencyType.POLICE),
]


def cells(house: House, room: Room, facet: str = "") -> dict[str, dict[str, Any]]:
    sql = "SELECT * FROM group_rollups WHERE workshop_id = :workshop AND facet = :facet"
    found = rows(house, sql, workshop=room.workshop.id, facet=facet)
    return {row["value"]: row for row in found if row["pre_count"] or row["pair_count"]}


def differences(house: House, room: Room) -> list[rollups.RollupDifference]:
    with house.unit(writes=True) as work:
        return gains.check_rollups(work, room.workshop)


def say(house: House, room: Room, person: int, profile: Profile) -> None:
    """The person answers the profile page, also a second time."""
    phone = join(house, room, person)
    with house.unit(writes=True) as work:
        participants.save_profile(work, phone, profile, house.on_profiled)


def a_room(house: House, amal: StaffPerson, people: int, **wanted: Any) -> Room:
    return a_workshop(house, amal, people, audience=Audience.NGO, **wanted)


def test_one_workshop_worked_by_hand(house: House, amal: StaffPerson) -> None:
    # Points before and after; the mark is 6. Two leave after the first test.
    room = a_room(house, amal, 6, pass_mark_points=6)
    for person, profile in enumerate((PROFILES[1], PROFILES[1], PROFILES[2], PROFILES[0])):
        say(house, room, person, profile)
    run_workshop(house, room, amal, [(4, 7), (6, 6), (7, 5), (2, 3), (9, None), (None, 8)])
    (room_cell,) = cells(house, room).values()
    unit = 2520
    wanted = {
        "pre_count": 5, "post_count": 5, "pair_count": 4,
        "sum_all_pre": 28 * unit, "sum_all_pre_squared": (16 + 36 + 49 + 4 + 81) * unit**2,
        "sum_pre": 19 * unit, "sum_post": 21 * unit,
        "sum_pre_squared": 105 * unit**2, "sum_post_squared": 119 * unit**2,
        "sum_products": (28 + 36 + 35 + 6) * unit**2,
        "passed_both": 1, "passed_before": 1, "passed_after": 1, "passed_neither": 1,
        "improved": 2, "same": 1, "declined": 1,
    }  # fmt: skip
    assert {name: room_cell[name] for name in wanted} == wanted
    by_sex = cells(house, room, "sex")
    assert {value: (row["pre_count"], row["pair_count"]) for value, row in by_sex.items()} == {
        "woman": (2, 2), "man": (1, 1), "not_said": (2, 1),
    }  # fmt: skip
    assert by_sex["woman"]["sum_products"] == (28 + 36) * unit**2
    assert cells(house, room, "flagged") == {}
    items = cells(house, room, "item")  # the first question: everybody knew it, then and now
    assert [items["1"][name] for name in ("passed_both", "passed_after", "passed_neither")] == [
        4, 0, 0,
    ]  # fmt: skip
    assert [items["7"][name] for name in ("passed_before", "passed_after")] == [1, 1]
    objectives = cells(house, room, "objective")
    assert sum(row["sum_post"] for row in objectives.values()) == 21 * unit
    (knew,) = rows(
        house,
        "SELECT people, sum_scores FROM response_rollups WHERE item = '10' AND occasion = 'pre' "
        "AND chosen = :dk",
        dk='{"options":["dk"],"text":null}',
    )
    assert knew == {"people": 4, "sum_scores": 19 * unit}
    assert differences(house, room) == []


def test_who_says_who_they_are_after_the_test_moves_to_that_group(
    house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 3)
    run_workshop(house, room, amal, [(1, 2), (3, 5), (4, 4)])
    assert set(cells(house, room, "sex")) == {"not_said"}
    say(house, room, 1, PROFILES[1])
    found = cells(house, room, "sex")
    assert {value: row["pair_count"] for value, row in found.items()} == {
        "not_said": 2, "woman": 1,
    }  # fmt: skip
    say(house, room, 1, PROFILES[3])
    found = cells(house, room, "sex")
    assert {value: row["pair_count"] for value, row in found.items()} == {
        "not_said": 2, "prefer_not_to_say": 1,
    }  # fmt: skip
    assert differences(house, room) == []


def test_a_corrected_pass_mark_counts_again(house: House, amal: StaffPerson) -> None:
    room = a_room(house, amal, 3)
    run_workshop(house, room, amal, [(1, 2), (3, 5), (4, 4)])
    with house.unit(writes=True) as work:
        plan = a_plan(audience=Audience.NGO, pass_mark_points=4)
        house.correct_workshop(work, room.workshop, plan, by=amal)
    (found,) = cells(house, room).values()
    passed = ("passed_both", "passed_before", "passed_after", "passed_neither")
    assert [found[name] for name in passed] == [1, 0, 1, 1]
    assert differences(house, room) == []


class History:
    """Everything that may happen to a workshop, in an order drawn from a seed."""

    def __init__(self, house: House, room: Room, amal: StaffPerson, clock: FakeClock, seed: int):
        self.house, self.room, self.amal, self.clock = house, room, amal, clock
        self.chance = random.Random(seed)
        self.keys = keys_of(house, room)
        self.done: Counter[str] = Counter()

    def run(self, steps: int) -> None:
        """Both tests, with `steps` things happening during and after each."""
        for occasion in (Occasion.PRE, Occasion.POST):
            open_test(self.house, self.room, occasion, self.amal)
            for _ in range(steps):
                self.clock.advance(timedelta(seconds=30))
                self._step(occasion)
            close_test(self.house, self.room, occasion, self.amal)
            for _ in range(steps // 3):
                self.clock.advance(timedelta(minutes=5))
                self.chance.choice((self._say, self._answer_late, self._reopen))(occasion)
        self.clock.advance(timedelta(hours=25))
        settle_once(self.house)

    def _step(self, occasion: Occasion) -> None:
        act = self.chance.choice((self._answer, self._answer, self._answer, self._say))
        act(occasion)

    def _say(self, _occasion: Occasion) -> None:
        self.done["profile"] += 1
        say(self.house, self.room, self._person(), self.chance.choice(PROFILES))

    def _person(self) -> int:
        return self.chance.randrange(len(self.room.cards))

    def _reopen(self, occasion: Occasion) -> None:
        self.done["reopened"] += 1
        open_test(self.house, self.room, occasion, self.amal)
        self._answer(occasion)
        close_test(self.house, self.room, occasion, self.amal)

    def _answer_late(self, occasion: Occasion) -> None:
        self._send(occasion, age=timedelta(hours=2), finish=None, kind="late")

    def _answer(self, occasion: Occasion) -> None:
        finish = Finish() if self.chance.random() < 0.6 else None
        self._send(occasion, age=timedelta(0), finish=finish, kind="saved")

    def _send(
        self, occasion: Occasion, *, age: timedelta, finish: Finish | None, kind: str
    ) -> None:
        phone = join(self.house, self.room, self._person())
        with self.house.unit(writes=True) as work:
            administration = workshops.require_administration(work, self.room.workshop, occasion)
            known = sittings.get_own_sitting(work, phone, administration)
            if known is None and kind == "saved":
                known = sittings.open_sitting(work, phone, administration)
            if known is None:
                return
            revision = sittings.next_revision(work, known)
            operations = [
                SentOperation(
                    operation_id=f"{occasion}-{key.item}-{revision}",
                    item=key.item,
                    revision=revision,
                    device="phone",
                    options=self._choice(key.options),
                    text=None,
                    language=self.chance.choice(("en", "ur")),
                    age=age,
                )
                for key in self.keys
                if self.chance.random() < 0.7
            ]
            saved = saving.save_operations(
                work, known.id, operations, late=LATE,
                on_completed=self.house.on_completed, finish=finish,
            )  # fmt: skip
            self.done[kind] += len(saved.acknowledged) > 0

    def _choice(self, options: tuple[str, ...]) -> tuple[str, ...]:
        return () if self.chance.random() < 0.1 else (self.chance.choice((*options, "dk")),)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_the_cells_are_what_counting_afresh_finds(
    house: House, amal: StaffPerson, clock: FakeClock, seed: int
) -> None:
    noise = a_room(house, amal, 3)
    run_workshop(house, noise, amal, [(1, 2), (3, 5), (4, 4)])
    room = a_room(house, amal, 6, pass_mark_points=5)
    history = History(house, room, amal, clock, seed)
    history.run(steps=14)
    assert history.done["saved"] > 5
    assert differences(house, room) == []
    with house.unit(writes=True) as work:
        found = rollups.check_all(work)
    assert (found.rooms, found.differences) == (2, ())
    assert_recounted(house, room)


def assert_recounted(house: House, room: Room) -> None:
    """The same by hand, in Python: neither the increments nor the SQL have a say in it."""
    tests = rows(
        house,
        "SELECT s.participant_id AS person, a.occasion, s.units, p.sex FROM sittings s "
        "JOIN administrations a ON a.id = s.administration_id "
        "JOIN participants p ON p.id = s.participant_id "
        "WHERE a.workshop_id = :workshop AND s.units IS NOT NULL",
        workshop=room.workshop.id,
    )
    scores: dict[str, dict[str, int]] = {}
    for row in tests:
        scores.setdefault(row["person"], {})[row["occasion"]] = row["units"]
    sexes = {row["person"]: row["sex"] or "not_said" for row in tests}
    for sex in ["", *set(sexes.values())]:
        own = [score for person, score in scores.items() if sex in ("", sexes[person])]
        pairs = [(each["pre"], each["post"]) for each in own if len(each) == 2]
        sums = PairSums.from_pairs(pairs, max_units=0)
        kept = cells(house, room, "sex" if sex else "")[sex]
        assert (kept["pair_count"], kept["sum_pre"], kept["sum_products"]) == (
            sums.n, sums.sx, sums.sxy,
        )  # fmt: skip
        assert kept["pre_count"] == sum("pre" in each for each in own)
        assert kept["sum_all_pre"] == sum(each.get("pre", 0) for each in own)


def test_check_finds_what_was_planted_and_rebuild_mends_it(house: House, amal: StaffPerson) -> None:
    room, other = a_room(house, amal, 3), a_room(house, amal, 3)
    for each in (room, other):
        run_workshop(house, each, amal, [(1, 2), (3, 5), (4, 4)])
    change(house, "UPDATE group_rollups SET sum_post = sum_post + 7 WHERE facet = 'sex' "
           "AND workshop_id = :workshop", workshop=room.workshop.id)  # fmt: skip
    change(house, "DELETE FROM response_rollups WHERE item = '3' AND occasion = 'post' "
           "AND workshop_id = :workshop", workshop=room.workshop.id)  # fmt: skip
    with house.unit(writes=True) as work:
        found = rollups.check_all(work).differences
    assert {each.workshop_id for each in found} == {room.workshop.id}
    sums = [each for each in found if each.table == "group_rollups"]
    assert [(each.place, each.column, each.kept - each.counted) for each in sums] == [
        (("sex", "not_said"), "sum_post", 7)
    ]
    assert {each.kept for each in found if each.table == "response_rollups"} == {0}
    with house.unit(writes=True) as work:
        assert rollups.rebuild_all(work).differences == found
    with house.unit(writes=True) as work:
        assert rollups.check_all(work) == rollups.RollupCheck(rooms=2, sealed=0, differences=())


def test_the_first_differences_are_named_and_all_are_counted(
    house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 3)
    run_workshop(house, room, amal, [(1, 2), (3, 5), (4, 4)])
    change(house, "UPDATE response_rollups SET people = people + 1, sum_scores = sum_scores + 1, "
           "sum_scores_squared = sum_scores_squared + 1")  # fmt: skip
    change(house, "UPDATE group_rollups SET declined = declined + 1, same = same + 1, "
           "improved = improved + 1, pre_count = pre_count + 1, post_count = post_count + 1, "
           "pair_count = pair_count + 1, sum_pre = sum_pre + 1")  # fmt: skip
    ((answers,),) = [each.values() for each in rows(house, "SELECT count(*) FROM response_rollups")]
    ((groups,),) = [each.values() for each in rows(house, "SELECT count(*) FROM group_rollups")]
    assert 3 * answers + 7 * groups > 200
    with house.unit(writes=True) as work:
        found = rollups.rebuild_all(work)
    assert len(found.differences) == 200
    assert 200 + found.more == 3 * answers + 7 * groups
    assert {each.kept - each.counted for each in found.differences} == {1}
    with house.unit(writes=True) as work:
        assert rollups.check_all(work) == rollups.RollupCheck(rooms=1, sealed=0, differences=())


def test_cells_of_people_who_are_gone_are_found_and_taken_away(
    house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 3)
    run_workshop(house, room, amal, [(1, 2), (3, 5), (4, 4)])
    for statement in (
        "DELETE FROM responses", "DELETE FROM sitting_operations", "DELETE FROM sittings",
    ):  # fmt: skip
        change(house, statement)
    with house.unit(writes=True) as work:
        found = rollups.rebuild_all(work).differences
    assert {each.counted for each in found} == {0}
    assert {each.table for each in found} == {"group_rollups", "response_rollups"}
    assert rows(house, "SELECT 1 FROM group_rollups UNION ALL SELECT 1 FROM response_rollups") == []


def test_the_spans_of_a_count_leave_no_workshop_out_and_hold_none_twice() -> None:
    ids = [f"{number:04}" for number in range(250)]
    spans = spans_of(ids)
    assert [tuple(span.values.values()) for span in spans] == [
        ("0099",), ("0099", "0199"), ("0199",),
    ]  # fmt: skip
    assert [tuple(span.values) for span in spans] == [("upto",), ("after", "upto"), ("after",)]
    assert [span.values for span in (*spans_of([]), *spans_of(ids[:100]))] == [{}, {}]


def test_a_sealed_workshop_is_left_alone(house: House, amal: StaffPerson) -> None:
    room = a_room(house, amal, 3)
    run_workshop(house, room, amal, [(1, 2), (3, 5), (4, 4)])
    before = cells(house, room)
    with house.unit(writes=True) as work:
        rollups.seal_workshop(work, room.workshop.id)
        rollups.seal_workshop(work, room.workshop.id)
    change(house, "DELETE FROM responses")
    change(house, "UPDATE sittings SET units = 0")
    with house.unit(writes=True) as work:
        assert rollups.check_all(work) == rollups.RollupCheck(rooms=0, sealed=1, differences=())
        rollups.rebuild_all(work)
    assert cells(house, room) == before


def test_an_erased_person_is_in_no_cell_any_more(house: House, amal: StaffPerson) -> None:
    room = a_room(house, amal, 3)
    run_workshop(house, room, amal, [(1, 2), (3, 5), (4, 4)])
    (person,) = rows(house, "SELECT participant_id AS id FROM sittings WHERE units = 12600")
    for table, key in (("responses", "sitting_id"), ("sitting_operations", "sitting_id")):
        change(house, f"DELETE FROM {table} WHERE {key} IN "
               "(SELECT id FROM sittings WHERE participant_id = :id)", **person)  # fmt: skip
    change(house, "DELETE FROM sittings WHERE participant_id = :id", **person)
    assert differences(house, room) != []
    with house.unit(writes=True) as work:
        rollups.record_change(work, workshop_id=room.workshop.id)
    (kept,) = cells(house, room).values()
    assert (kept["pair_count"], kept["sum_post"]) == (2, 6 * 2520)
    assert differences(house, room) == []


def test_a_new_test_and_a_changed_one_in_the_same_room_at_the_same_moment(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_room(house, amal, 2)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [3, None])
    take(house, room, Occasion.PRE, [None, 2], is_sent=False)
    close_test(house, room, Occasion.PRE, amal)
    with house.unit(writes=False) as work:
        form = banks.require_form(work, room.workshop.form_id)
    assert form.max_units == 10 * 2520
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [None, 5])
    (kept,) = cells(house, room).values()
    assert (kept["pre_count"], kept["sum_all_pre"]) == (2, 8 * 2520)
    assert differences(house, room) == []
