"""Saving and sending answers, whatever the network does: I1 to I5 of reliability.md §1."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.banks import service as banks
from app.core.merging import Operation, replay
from app.core.scoring import score_sitting
from app.participants.schemas import OpenPass
from app.sittings import service as sittings
from app.web.house import House
from app.workshops.schemas import AdministrationRecord, Occasion
from tests.fixtures.house import FakeClock, Room, a_workshop, close_test, open_test
from tests.fixtures.loop import (
    Program,
    a_program,
    an_operation,
    at_once,
    join,
    rows,
    run_workshop,
)

pytestmark = pytest.mark.saves_both_ways

KEPT = "SELECT * FROM sitting_operations ORDER BY id"
STANDS = "SELECT * FROM responses ORDER BY sitting_id, item"
SITTINGS = "SELECT * FROM sittings ORDER BY id"


def a_room_at_the_pre_test(house: House, amal: StaffPerson, people: int = 6) -> Room:
    room = a_workshop(house, amal, people)
    open_test(house, room, Occasion.PRE, amal)
    return room


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_operation_sent_again_is_acknowledged_and_nothing_changes(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    batch = [an_operation("1", "1", "a"), an_operation("2", "2", "b")]
    first = person.send(sitting, *batch)
    before = [rows(house, sql) for sql in (KEPT, STANDS, SITTINGS)]
    clock.advance(timedelta(minutes=1))
    again = person.send(sitting, *batch)
    assert first.status_code == again.status_code == 200
    assert first.json() == {"acknowledged": ["operation-1", "operation-2"], "refused": []}
    assert again.content == first.content
    assert [rows(house, sql) for sql in (KEPT, STANDS, SITTINGS)] == before


def test_the_same_id_with_another_answer_is_refused_while_its_neighbours_are_kept(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "a"))
    other = an_operation("1", "1", "b", revision=9)
    batch = person.send(sitting, an_operation("2", "2", "a"), other, an_operation("3", "3", "a"))
    assert batch.status_code == 200
    assert batch.json() == {
        "acknowledged": ["operation-2", "operation-3"],
        "refused": [{"id": "operation-1", "code": "operation_conflict"}],
    }
    alone = person.send(sitting, other)
    assert told(alone) == (409, "operation_conflict")
    assert alone.headers["content-type"] == "application/problem+json"
    assert person.chosen(sitting) == {"1": ["a"], "2": ["a"], "3": ["a"]}


def test_a_lower_revision_that_comes_late_never_wins_and_is_kept_in_the_log(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("new", "1", "b", revision=5))
    late = person.send(sitting, an_operation("old", "1", "a", revision=4))
    assert late.json()["acknowledged"] == ["operation-old"]
    assert person.chosen(sitting) == {"1": ["b"]}
    assert len(rows(house, KEPT)) == 2
    assert person.get(f"/sittings/{sitting}").json()["next_revision"] == 6


def test_two_devices_end_with_the_same_answers_in_every_order(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_pre_test(house, amal, people=6)
    operations = [
        an_operation("1", "1", "a", revision=1, device="blue"),
        an_operation("2", "1", "b", revision=2, device="green"),
        an_operation("3", "1", "c", revision=2, device="blue"),
    ]
    for card, order in zip(room.cards, permutations(operations), strict=True):
        person = a_program(client, card)
        sitting = person.start()
        for operation in order:
            person.send(sitting, operation)
        assert person.chosen(sitting) == {"1": ["b"]}


def test_what_cannot_be_an_answer_is_refused_and_its_neighbours_are_kept(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    for number, (wrong, code) in enumerate(
        [
            (an_operation("wrong-item", "21", "a"), "item_unknown"),
            (an_operation("wrong-option", "1", "z"), "option_unknown"),
            (an_operation("two-choices", "1", "a", "b"), "response_malformed"),
            (an_operation("words", "1", text="I think a"), "response_malformed"),
        ]
    ):
        neighbour = an_operation(f"neighbour-{number}", str(number + 1), "a")
        batch = person.send(sitting, wrong, neighbour)
        assert batch.json()["acknowledged"] == [neighbour["id"]]
        assert batch.json()["refused"] == [{"id": wrong["id"], "code": code}]
        assert told(person.send(sitting, wrong)) == (422, code)
    assert person.chosen(sitting) == {"1": ["a"], "2": ["a"], "3": ["a"], "4": ["a"]}


def test_signs_that_no_database_keeps_are_an_error_of_the_request(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    for wrong in (
        an_operation("in-item", "\x00", "a"),
        an_operation("in-language", "1", "a", language="en\x00"),
        an_operation("in-option", "1", "\x00"),
        an_operation("in-text", "1", text="\x00"),
    ):
        batch = person.send(sitting, wrong, an_operation("good", "2", "a"))
        assert batch.status_code in (200, 422), batch.text
        assert person.send(sitting, wrong).status_code in (200, 422)
    assert person.get("/sittings/%00").status_code == 404


def test_a_person_has_one_sitting_of_a_test_for_ever(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_pre_test(house, amal)
    person, second_phone = a_program(client, room.cards[0]), a_program(client, room.cards[0])
    sitting = person.start()
    assert [person.start(), second_phone.start()] == [sitting, sitting]
    person.send(sitting, an_operation("1", "1", "a"))
    person.finish(sitting)
    assert person.start() == sitting
    close_test(house, room, Occasion.PRE, amal)
    assert told(person.post("/sittings")) == (409, "administration_not_open")
    open_test(house, room, Occasion.PRE, amal)
    assert person.start() == sitting
    assert len(rows(house, SITTINGS)) == 1


def start_sitting(house: House, phone: OpenPass, administration: AdministrationRecord) -> str:
    with house.unit(writes=True) as work:
        return sittings.open_sitting(work, phone, administration).id


def test_two_phones_that_start_at_the_same_moment_get_the_same_sitting(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=5)
    administration = open_test(house, room, Occasion.PRE, amal)
    for person in range(5):
        phone = join(house, room, person)
        started = at_once(*[lambda p=phone: start_sitting(house, p, administration)] * 4)
        assert len({str(each) for each in started}) == 1, started


def test_finishing_names_the_operations_that_never_arrived_and_then_gives_the_same_receipt(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "a"))
    sent = ("operation-1", "operation-3", "operation-2")
    early = person.finish(sitting, *sent)
    assert told(early) == (409, "operations_missing")
    assert early.json()["missing"] == ["operation-2", "operation-3"]
    assert person.get(f"/sittings/{sitting}").json()["state"] == "open"
    person.send(sitting, an_operation("2", "2", "a"), an_operation("3", "3", "a"))
    first = person.finish(sitting, *sent)
    clock.advance(timedelta(minutes=5))
    assert first.status_code == 200
    assert first.json()["receipt"]["answered_count"] == 3
    assert person.finish(sitting, *sent).content == first.content
    assert person.finish(sitting).content == first.content


def test_answers_and_the_sending_may_come_together_and_what_is_missing_keeps_the_rest(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    batch = [an_operation("1", "1", "a"), an_operation("2", "2", "b")]
    early = person.send(sitting, *batch, finish=True, sent_ids=["operation-1", "operation-9"])
    assert early.status_code == 200
    assert early.json() == {
        "acknowledged": ["operation-1", "operation-2"],
        "refused": [],
        "unfinished": {"code": "operations_missing", "missing": ["operation-9"]},
    }
    whole = person.send(sitting, *batch, finish=True, sent_ids=["operation-1", "operation-2"])
    assert whole.json()["receipt"]["state"] == "submitted"
    assert person.send(sitting, *batch, finish=True).content == whole.content


def test_a_sitting_token_opens_its_own_sitting_and_nothing_else(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_room_at_the_pre_test(house, amal)
    one, two = a_program(client, room.cards[0]), a_program(client, room.cards[1])
    own, other = one.start(), two.start()
    answer = an_operation("1", "1", "a")
    assert told(replace(one, sitting_tokens={}).send(own, answer)) == (401, "sign_in_needed")
    one.sitting_tokens[other] = one.sitting_tokens[own]
    assert told(one.send(other, answer)) == (404, "not_found")
    token = one.sitting_tokens[own]
    for wrong in ("", "x", token[:-1], token.replace(".", "", 1), f"{own}.99999999999.{'0' * 32}"):
        assert replace(one, sitting_tokens={own: wrong}).send(own, answer).status_code == 401
    clock.advance(timedelta(days=13))
    assert one.send(own, answer).status_code == 200
    clock.advance(timedelta(days=1))
    assert one.send(own, answer).status_code == 401


def test_a_phone_that_opens_the_test_again_is_told_what_stands(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "a", revision=7))
    headers = {"Authorization": f"Bearer {person.sitting_tokens[sitting]}"}
    told_again = client.get(f"/api/v1/sittings/{sitting}/responses", headers=headers)
    assert told_again.json() == {"state": "open", "next_revision": 8, "chosen": {"1": ["a"]}}


def test_a_test_without_any_answer_is_not_sent(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    assert told(person.finish(sitting)) == (422, "nothing_answered")
    person.send(sitting, an_operation("1", "1", "a"), an_operation("2", "1", revision=2))
    assert told(person.finish(sitting)) == (422, "nothing_answered")
    assert person.get(f"/sittings/{sitting}").json()["state"] == "open"


def test_after_sending_an_open_test_takes_no_further_change(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    sitting = person.start()
    kept = an_operation("1", "1", "a")
    person.send(sitting, kept)
    person.finish(sitting)
    assert told(person.send(sitting, an_operation("2", "1", "b", revision=2))) == (
        409,
        "sitting_closed",
    )
    assert person.send(sitting, kept).json()["acknowledged"] == ["operation-1"]
    assert person.chosen(sitting) == {"1": ["a"]}


def test_a_sitting_of_somebody_else_looks_like_a_missing_one_byte_for_byte(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_pre_test(house, amal)
    owner, stranger = a_program(client, room.cards[0]), a_program(client, room.cards[1])
    foreign, missing = owner.start(), "0" * 32
    own = stranger.sitting_tokens[stranger.start()]
    stranger.sitting_tokens.update({foreign: own, missing: own})
    for ask in (
        lambda sitting: stranger.get(f"/sittings/{sitting}"),
        lambda sitting: stranger.send(sitting, an_operation("1", "1", "a")),
        stranger.finish,
    ):
        assert ask(foreign).status_code == 404
        assert ask(foreign).content == ask(missing).content
        assert dict(ask(foreign).headers) == dict(ask(missing).headers)
    assert owner.chosen(foreign) == {}


def recompute(house: House, sitting: dict[str, Any]) -> int:
    """The units of a sitting from its log alone."""
    sql = "SELECT * FROM sitting_operations WHERE sitting_id = :sitting ORDER BY id DESC"
    log = [
        Operation(**{name: row[name] for name in Operation._fields})
        for row in rows(house, sql, sitting=sitting["id"])
    ]
    chosen = {
        item: frozenset(json.loads(operation.content)["options"])
        for item, operation in replay(log).items()
    }
    with house.unit(writes=False) as work:
        keys = banks.require_keys(work, sitting["form_id"]).keys
    return score_sitting(list(keys.values()), chosen).units


def a_random_log(chance: random.Random) -> list[dict[str, Any]]:
    """Changes of two devices, each sent once to three times, in any order."""
    operations = []
    for number in range(chance.randint(5, 40)):
        options = chance.choice([("a",), ("b",), ("c",), ("dk",), ()])
        item, revision = str(chance.randint(1, 10)), chance.randint(1, 12)
        device = chance.choice(["blue", "green"])
        operations.append(
            an_operation(str(number), item, *options, revision=revision, device=device)
        )
    sent = [each for each in operations for _ in range(chance.randint(1, 3))]
    chance.shuffle(sent)
    return [an_operation("first", "1", "a"), *sent]


def test_every_score_is_what_the_log_of_operations_adds_up_to(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    chance = random.Random(2026)
    room = a_room_at_the_pre_test(house, amal, people=8)
    started: list[tuple[Program, str, list[dict[str, Any]]]] = []
    for card in room.cards:
        person = a_program(client, card)
        started.append((person, person.start(), a_random_log(chance)))
    while any(log for _, _, log in started):
        person, sitting, log = chance.choice([each for each in started if each[2]])
        size = chance.randint(1, 8)
        assert person.send(sitting, *log[:size]).status_code in (200, 422)
        del log[:size]
    for person, sitting, _ in started[:5]:
        person.finish(sitting)
    close_test(house, room, Occasion.PRE, amal)
    sent = [each for each in rows(house, SITTINGS) if each["state"] == "submitted"]
    assert len(sent) >= 7  # a log may end with nothing answered
    assert [each["units"] for each in sent] == [recompute(house, each) for each in sent]


def test_taking_the_only_answer_back_after_reopening_takes_its_points_back(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_pre_test(house, amal)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    with house.unit(writes=False) as work:
        key = banks.require_keys(work, room.workshop.form_id).keys["1"]
    person.send(sitting, an_operation("1", "1", *key.keys))
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.PRE, amal)
    person.send(sitting, an_operation("2", "1", revision=2))
    (row,) = rows(house, SITTINGS)
    assert recompute(house, row) == 0
    assert row["units"] in (0, None)


def test_the_log_knows_the_language_and_the_device_of_each_answer(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    person = a_program(client, a_room_at_the_pre_test(house, amal).cards[0])
    person.send(person.start(), an_operation("1", "1", "a", language="ur", device="blue"))
    (kept,) = rows(house, KEPT)
    assert (kept["language"], kept["device"], kept["content"]) == (
        "ur",
        "blue",
        '{"options":["a"],"text":null}',
    )


def test_own_points_are_told_after_the_own_post_test_and_never_before(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    run_workshop(house, room, amal, [(4, 9), (6, None)])
    both, early = (a_program(client, card) for card in room.cards)
    assert both.get("/me/result").json() == {
        "pre_points": "4",
        "post_points": "9",
        "max_points": "20",
        "is_provisional": True,
    }
    assert told(early.get("/me/result")) == (409, "not_yet_released")
