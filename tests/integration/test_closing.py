"""Opening, closing, reopening: one state machine, a banner of two minutes, 24 late hours."""

import threading
from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.gains import service as gains
from app.main import settle_once
from app.sittings import saving
from app.sittings import service as sittings
from app.sittings.schemas import SentOperation
from app.web.house import House
from app.workshops.schemas import AdministrationRecord, Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
)
from tests.fixtures.loop import (
    LATE,
    Program,
    a_program,
    an_operation,
    at_once,
    join,
    keys_of,
    rows,
    take,
    while_held,
)

HOUR_MS = 3_600_000
WAY_MS = 20_000  # what a request may be on its way
SITTINGS = "SELECT * FROM sittings ORDER BY started_at, id"


class Desk:
    """The trainer's program: opens and closes the tests of one workshop."""

    def __init__(self, client: TestClient, house: House, trainer: StaffPerson, room: Room) -> None:
        self._client = client
        self._headers = bearer_of(house, trainer)
        self._path = f"/api/v1/workshops/{room.workshop.id}/administrations"

    def say(self, verb: str, occasion: str = "pre") -> tuple[int, str]:
        """ "open", "close in 120" or "close now"; the status, and the new state or the code."""
        body: dict[str, Any] = {"accepts_unreviewed": True}
        if verb != "open":
            body = {"within_seconds": 120 if verb == "close in 120" else 0}
        path = f"{self._path}/{occasion}/{verb.partition(' ')[0]}"
        answer = self._client.post(path, json=body, headers=self._headers)
        told = answer.json()
        return answer.status_code, told["state"] if answer.status_code == 200 else told["code"]

    def get(self, occasion: str = "pre") -> dict[str, Any]:
        """Where the test stands."""
        told = self._client.get(self._path, headers=self._headers).json()
        return next(each for each in told if each["occasion"] == occasion)


WAYS = {
    "planned": [],
    "open": ["open"],
    "closing": ["open", "close in 120"],
    "closed": ["open", "close now"],
    "reopened": ["open", "close now", "open"],
    "closed again": ["open", "close now", "open", "close now"],
}
TABLE = {
    ("planned", "open"): (200, "open"),
    ("planned", "close in 120"): (409, "administration_not_open"),
    ("planned", "close now"): (409, "administration_not_open"),
    ("open", "open"): (200, "open"),
    ("open", "close in 120"): (200, "closing"),
    ("open", "close now"): (200, "closed"),
    ("closing", "open"): (200, "open"),
    ("closing", "close in 120"): (200, "closing"),
    ("closing", "close now"): (200, "closed"),
    ("closed", "open"): (200, "open"),
    ("closed", "close in 120"): (409, "administration_not_open"),
    ("closed", "close now"): (409, "administration_not_open"),
    ("reopened", "open"): (200, "open"),
    ("reopened", "close in 120"): (200, "closing"),
    ("reopened", "close now"): (200, "closed"),
    ("closed again", "open"): (200, "open"),
    ("closed again", "close in 120"): (409, "administration_not_open"),
    ("closed again", "close now"): (409, "administration_not_open"),
}


def test_every_verb_in_every_state_does_what_the_table_says(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    for (state, verb), expected in TABLE.items():
        desk = Desk(client, house, amal, a_workshop(house, amal, people=0))
        for step in WAYS[state]:
            assert desk.say(step)[0] == 200
        before = desk.get()
        assert desk.say(verb) == expected, f"{state}: {verb}"
        if expected[0] == 409:
            assert desk.get() == before


def test_reopening_keeps_the_first_opening_and_forgets_the_closing(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    desk = Desk(client, house, amal, a_workshop(house, amal, people=0))
    desk.say("open")
    clock.advance(timedelta(minutes=20))
    desk.say("close now")
    assert desk.get()["closed_at"] == "2026-11-22T06:20:00Z"
    clock.advance(timedelta(minutes=5))
    desk.say("open")
    told = desk.get()
    assert told["opened_at"] == "2026-11-22T06:00:00Z"
    assert (told["closes_at"], told["closed_at"]) == (None, None)


def test_asking_for_more_time_moves_the_end_forward_and_never_back(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=0)
    open_test(house, room, Occasion.PRE, amal)
    first = close_test(house, room, Occasion.PRE, amal, seconds=600)
    assert close_test(house, room, Occasion.PRE, amal, seconds=60).closes_at == first.closes_at
    clock.advance(timedelta(seconds=590))
    later = close_test(house, room, Occasion.PRE, amal, seconds=120)
    assert later.closes_at == clock.now() + timedelta(seconds=120)


def test_each_test_waits_for_the_one_before_it_to_be_closed(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    desk = Desk(client, house, amal, a_workshop(house, amal, people=0))
    assert desk.say("open", "post") == (409, "occasion_out_of_order")
    desk.say("open")
    assert desk.say("open", "post") == (409, "occasion_out_of_order")
    desk.say("close in 120")
    assert desk.say("open", "post") == (409, "occasion_out_of_order")
    desk.say("close now")
    assert desk.say("open", "follow_up") == (409, "occasion_out_of_order")
    assert desk.say("open", "post") == (200, "open")
    assert desk.say("open") == (409, "occasion_out_of_order")


def test_a_form_that_nobody_signed_needs_a_tick_that_is_logged(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=0)
    path = f"/api/v1/workshops/{room.workshop.id}/administrations/pre/open"
    headers = bearer_of(house, amal)
    refused = client.post(path, json={"accepts_unreviewed": False}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "form_not_reviewed")
    assert Desk(client, house, amal, room).get()["state"] == "planned"
    assert client.post(path, json={"accepts_unreviewed": True}, headers=headers).status_code == 200
    assert verbs_on_tests(house) == ["accept_unreviewed_form", "open"]


def verbs_on_tests(house: House) -> list[str]:
    sql = "SELECT verb FROM audit_events WHERE object_kind = 'administration' ORDER BY id"
    return [row["verb"] for row in rows(house, sql)]


def test_reopening_is_written_down_as_such(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    desk = Desk(client, house, amal, a_workshop(house, amal, people=0))
    for verb in ("open", "close in 120", "close now", "open"):
        desk.say(verb)
    assert verbs_on_tests(house) == ["accept_unreviewed_form", "open", "close", "close", "reopen"]


def test_after_the_banner_the_closing_sends_what_is_answered_and_nothing_empty(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=4)
    open_test(house, room, Occasion.PRE, amal)
    sent, answering, empty = (a_program(client, card) for card in room.cards[:3])
    for person in (sent, answering):
        person.send(person.start(), an_operation("1", "1", "a"))
    sent.finish(sent.start())
    empty.start()
    close_test(house, room, Occasion.PRE, amal, seconds=120)
    assert empty.get("/me").json()["closes_in_seconds"] == 120
    clock.advance(timedelta(seconds=119))
    assert settle_once(house) == 0
    assert answering.send(answering.start(), an_operation("2", "2", "a")).status_code == 200
    clock.advance(timedelta(minutes=10))  # nobody looked for a while
    assert settle_once(house) == 1
    assert settle_once(house) == 0
    found = {row["submitted_by"]: row for row in rows(house, SITTINGS)}
    assert set(found) == {"participant", "closing", None}
    assert found["closing"]["answered_count"] == 2
    assert found[None]["state"] == "open"
    assert Desk(client, house, amal, room).get()["closed_at"] == "2026-11-22T06:02:00Z"


def a_closed_test(client: TestClient, house: House, amal: StaffPerson) -> tuple[Room, Program, str]:
    """A closed pre-test in which one person had answered the first question wrong."""
    room = a_workshop(house, amal, people=3)
    open_test(house, room, Occasion.PRE, amal)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "dk"))
    close_test(house, room, Occasion.PRE, amal)
    return room, person, sitting


def differences(house: House, room: Room) -> list[Any]:
    with house.unit(writes=True) as work:
        return list(gains.check_rollups(work, room.workshop))


def test_what_was_tapped_before_the_close_counts_for_24_hours_and_is_flagged(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room, person, sitting = a_closed_test(client, house, amal)
    right = sorted(keys_of(house, room)[0].keys)
    clock.advance(timedelta(hours=24))
    late = an_operation("2", "1", *right, revision=2, age_ms=24 * HOUR_MS)
    assert person.send(sitting, late).json()["acknowledged"] == ["operation-2"]
    (row,) = rows(house, SITTINGS)
    assert (row["units"], bool(row["is_late"]), row["submitted_by"]) == (2520, True, "closing")
    kept = rows(house, "SELECT operation_id, is_late FROM sitting_operations ORDER BY id")
    assert [bool(each["is_late"]) for each in kept] == [False, True]
    assert differences(house, room) == []
    assert rows(house, "SELECT pre_count FROM group_rollups WHERE facet = ''") == [{"pre_count": 1}]


def test_what_was_tapped_after_the_close_or_comes_after_24_hours_is_refused(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room, person, sitting = a_closed_test(client, house, amal)
    clock.advance(timedelta(hours=1))
    tapped_after = an_operation("2", "1", "a", revision=2, age_ms=HOUR_MS - WAY_MS - 1)
    refused = person.send(sitting, tapped_after)
    assert (refused.status_code, refused.json()["code"]) == (409, "administration_closed")
    clock.advance(timedelta(hours=23, seconds=1))
    too_late = an_operation("3", "1", "a", revision=2, age_ms=25 * HOUR_MS)
    assert person.send(sitting, too_late).json()["code"] == "administration_closed"
    repeated = an_operation("1", "1", "dk")
    assert person.send(sitting, repeated).json()["acknowledged"] == ["operation-1"]
    assert len(rows(house, "SELECT * FROM sitting_operations")) == 1
    assert differences(house, room) == []


def test_a_sitting_without_answers_counts_when_its_first_answer_comes_late(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    close_test(house, room, Occasion.PRE, amal)
    clock.advance(timedelta(hours=2))
    late = an_operation("1", "1", "a", age_ms=3 * HOUR_MS)
    assert person.send(sitting, late).json()["acknowledged"] == ["operation-1"]
    (row,) = rows(house, SITTINGS)
    assert (row["state"], row["submitted_by"]) == ("submitted", "closing")
    assert differences(house, room) == []


def test_an_answer_of_the_very_moment_of_the_closing_is_sent_with_it(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    close_test(house, room, Occasion.PRE, amal)
    saved = person.send(sitting, an_operation("1", "1", "a"))
    assert saved.json()["acknowledged"] == ["operation-1"]
    (row,) = rows(house, SITTINGS)
    assert (row["state"], row["submitted_by"]) == ("submitted", "closing")


def test_reopening_goes_on_with_what_only_the_closing_sent(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    open_test(house, room, Occasion.PRE, amal)
    by_closing, by_person = (a_program(client, card) for card in room.cards)
    for person in (by_closing, by_person):
        person.send(person.start(), an_operation("1", "1", "a"))
    by_person.finish(by_person.start())
    close_test(house, room, Occasion.PRE, amal)
    assert [each.get("/me").json()["can_take"] for each in (by_closing, by_person)] == [False] * 2
    open_test(house, room, Occasion.PRE, amal)
    assert by_closing.get("/me").json()["can_take"] is True
    assert by_person.get("/me").json()["can_take"] is False
    more = an_operation("2", "2", "a")
    assert by_closing.send(by_closing.start(), more).status_code == 200
    assert by_person.send(by_person.start(), more).json()["code"] == "sitting_closed"
    assert by_closing.finish(by_closing.start()).json()["receipt"]["answered_count"] == 2
    assert {row["submitted_by"] for row in rows(house, SITTINGS)} == {"participant"}
    assert differences(house, room) == []


def test_two_workers_that_settle_the_same_test_do_it_once(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=6)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [1, 2, 3, 4, 5, 6], is_sent=False)
    close_test(house, room, Occasion.PRE, amal, seconds=120)
    clock.advance(timedelta(seconds=121))
    results = at_once(*[lambda: settle_once(house)] * 4)
    assert all(isinstance(each, int) for each in results), results
    assert [row["submitted_by"] for row in rows(house, SITTINGS)] == ["closing"] * 6
    assert len(rows(house, "SELECT id FROM gain_snapshots")) == 1
    assert rows(house, "SELECT pre_count FROM group_rollups WHERE facet = ''") == [{"pre_count": 6}]
    assert differences(house, room) == []


def test_two_trainers_who_open_the_post_test_at_the_same_moment_open_it_once(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    open_test(house, room, Occasion.PRE, amal)
    close_test(house, room, Occasion.PRE, amal)
    opened = at_once(*[lambda: open_test(house, room, Occasion.POST, amal)] * 4)
    assert [isinstance(each, AdministrationRecord) for each in opened] == [True] * 4, opened
    assert len(rows(house, "SELECT * FROM questionnaire_tickets")) == 3


def a_first_answer(house: House, room: Room, administration: AdministrationRecord) -> Any:
    """A unit of work that saves the first answer of the room's first person."""
    phone = join(house, room, 0)
    with house.unit(writes=True) as work:
        sitting = sittings.open_sitting(work, phone, administration)
    answer = SentOperation("operation-1", "1", 1, "phone", ("a",), None, "en", timedelta(0))

    def save(work: Work) -> tuple[str, ...]:
        saved = saving.save_operations(
            work, sitting.id, [answer], late=LATE, on_completed=house.on_completed
        )
        return saved.acknowledged

    return save


def test_an_answer_that_is_being_saved_while_the_test_closes_is_not_left_behind(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    save = a_first_answer(house, room, open_test(house, room, Occasion.PRE, amal))
    closing = threading.Thread(target=close_test, args=(house, room, Occasion.PRE, amal))
    with house.unit(writes=True) as work:
        assert save(work) == ("operation-1",)
        closing.start()
        closing.join(timeout=0.5)  # it has to wait for this answer, or to come before it
    closing.join(timeout=30)
    assert [row["submitted_by"] for row in rows(house, SITTINGS)] == ["closing"]


def test_an_answer_that_comes_while_the_test_is_being_closed_is_not_left_behind(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    save = a_first_answer(house, room, open_test(house, room, Occasion.PRE, amal))

    def save_alone() -> None:
        with house.unit(writes=True) as work:
            assert save(work) == ("operation-1",)

    saving = threading.Thread(target=save_alone)
    with house.unit(writes=True) as work:
        house.close_test(work, room.workshop, Occasion.PRE, by=amal, seconds=0)
        saving.start()
        saving.join(timeout=0.5)
    saving.join(timeout=30)
    assert [row["submitted_by"] for row in rows(house, SITTINGS)] == ["closing"]


def test_a_change_that_is_being_saved_and_the_closing_never_block_each_other(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    save = a_first_answer(house, room, open_test(house, room, Occasion.PRE, amal))
    take(house, room, Occasion.PRE, [3], is_sent=False)

    def close(work: Work) -> None:
        house.close_test(work, room.workshop, Occasion.PRE, by=amal, seconds=0)

    saved, closed = while_held(house, "UPDATE sittings SET is_late = is_late", save, close)
    assert (saved, closed) == (("operation-1",), None)
    assert [row["submitted_by"] for row in rows(house, SITTINGS)] == ["closing"]
