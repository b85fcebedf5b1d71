"""A workshop's results through the door, from the snapshots of a real closing."""

from dataclasses import replace
from datetime import timedelta

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.core.disclosure import Audience, Shown
from app.gains import service as gains
from app.gains.results import Unsaid, WorkshopResults
from app.main import settle_once
from app.participants import service as participants
from app.participants.schemas import AgencyType, Profile, Sex
from app.web.house import House
from app.workshops.schemas import Audience as ForWhom
from app.workshops.schemas import Occasion
from tests.fixtures.house import FakeClock, Room, a_workshop, close_test, open_test
from tests.fixtures.loop import change, join, run_workshop, take


def results(house: House, room: Room, audience: Audience = Audience.TEAM) -> WorkshopResults:
    with house.unit(writes=False) as work:
        return gains.read_results(work, room.workshop, audience, threshold=10)


def say_sex(house: House, room: Room, person: int, sex: Sex) -> None:
    phone = join(house, room, person)
    with house.unit(writes=True) as work:
        profile = Profile(sex=sex, agency_type=AgencyType.POLICE)
        participants.save_profile(work, phone, profile, house.on_profiled)


def test_everything_of_a_room_is_frozen_when_its_post_test_closes(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, 27, audience=ForWhom.NGO, pass_mark_points=6)
    for person in range(22):
        say_sex(house, room, person, Sex.WOMAN if person < 11 else Sex.MAN)
    open_test(house, room, Occasion.PRE, amal)
    assert results(house, room).unsaid is Unsaid.NO_PAIRS
    close_test(house, room, Occasion.PRE, amal)
    pairs: list[tuple[int | None, int | None]] = [(3 + n % 4, 5 + n % 4) for n in range(22)]
    run_workshop(house, room, amal, [*pairs, *[(2, None)] * 5])
    told = results(house, room)
    assert told.shown is Shown.FULL
    assert told.room is not None
    assert (told.room.paired, str(told.room.gain_pp.value)) == (22, "20")
    assert told.room.gain_pp_low.unsaid is Unsaid.ZERO_VARIANCE
    assert (str(told.room.passed_before.value), str(told.room.passed_after.value)) == ("23", "73")
    by_sex, by_agency, by_province = told.facets
    assert [(row.value, row.figures is not None) for row in by_sex.rows] == [
        ("man", True), ("not_said", False), ("woman", True),
    ]  # fmt: skip
    assert [row.unsaid for row in by_sex.rows] == [None, Unsaid.NO_PAIRS, None]
    assert [row.value for row in by_agency.rows] == ["not_said", "police"]
    assert [row.value for row in by_province.rows] == ["not_said"]
    assert (told.attrition.pre, told.attrition.post, told.attrition.registered) == (27, 22, 27)
    assert told.attrition.adjusted_gain_pp.value is None  # who left may still come late
    assert len(told.items) == 10
    assert (told.items[0].retained, told.items[9].not_learned) == (22, 22)
    assert str(told.items[9].do_not_know_after.value) == "100"
    assert told.crimes.unsaid is None
    assert told.wilcoxon_p.value is not None

    clock.advance(timedelta(days=2))
    settle_once(house)
    final = results(house, room)
    assert final.attrition.adjusted_gain_pp.value is not None
    assert replace(final, attrition=told.attrition) == told
    change(house, "UPDATE group_rollups SET sum_post = 0")
    change(house, "DELETE FROM responses")
    assert results(house, room) == final  # nothing but the snapshot is read


def test_outside_sees_no_groups_and_no_counts_of_answers(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, 12, audience=ForWhom.NGO)
    run_workshop(house, room, amal, [(n % 5, 4 + n % 5) for n in range(12)])
    told = results(house, room, Audience.OUTSIDE)
    assert told.room is not None
    assert told.room.paired == 12
    assert told.facets == ()
    assert {row.retained for row in told.items} == {None}
    assert told.crimes.unsaid is Unsaid.WITHHELD
    assert told.attrition.adjusted_gain_pp.unsaid is Unsaid.WITHHELD


def test_while_a_test_is_open_again_nothing_is_told(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, 12, audience=ForWhom.NGO)
    run_workshop(house, room, amal, [(n % 5, 4 + n % 5) for n in range(11)])
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [None] * 11 + [9])
    assert results(house, room).room is None
    close_test(house, room, Occasion.POST, amal)
    told = results(house, room).room
    assert told is not None
    assert told.paired == 11
