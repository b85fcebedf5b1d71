"""Teach these first: for the team alone, from the closing, never live, and every look is noted."""

import re
from datetime import timedelta

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import API, rows, run_workshop, take
from tests.fixtures.page_client import PageClient, another_browser


def a_trainer(client: TestClient, house: House, staff: StaffPerson) -> PageClient:
    trainer = PageClient(another_browser(client), house)
    sign_in(trainer.client, house, staff)
    return trainer


def take_pre(house: House, room: Room, by: StaffPerson, points: list[int | None]) -> None:
    open_test(house, room, Occasion.PRE, by)
    take(house, room, Occasion.PRE, points)
    close_test(house, room, Occasion.PRE, by)


def noted(house: House) -> list[str]:
    verbs = "('see_topics', 'project_topics', 'project_item')"
    events = f"SELECT verb, facts FROM audit_events WHERE verb IN {verbs} ORDER BY id"
    return [row["verb"] + row["facts"] for row in rows(house, events)]


def test_the_list_is_made_when_the_pre_test_closes_and_then_stands(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=12)
    path = f"/trainer/workshops/{room.workshop.id}"
    trainer = a_trainer(client, house, amal)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [10] * 6)
    assert "The pre-test is not closed yet." in trainer.get(f"{path}/teach").main
    close_test(house, room, Occasion.PRE, amal)
    first = trainer.get(f"{path}/teach").main
    assert "From 6 tests, when the pre-test closed." in first
    assert re.search("Right: about [0-9]+ of 10", first)
    assert "Teach these first" in trainer.get(path).main

    clock.advance(timedelta(minutes=1))
    take_pre(house, room, amal, [None] * 6 + [0] * 4)
    assert trainer.get(f"{path}/teach").main == first
    take_pre(house, room, amal, [None] * 10 + [0])
    assert "From 11 tests" in trainer.get(f"{path}/teach").main


def test_page_and_program_say_the_same_and_each_look_is_noted(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=5)
    take_pre(house, room, amal, [3, 4, 5, 6, 7])
    page = a_trainer(client, house, amal).get(f"/trainer/workshops/{room.workshop.id}/teach")
    address = f"{API}/workshops/{room.workshop.id}/gains/teach-first"
    told = client.get(address, headers=bearer_of(house, amal)).json()
    assert told["taken"] == 5
    shares = [topic["right_in_ten"] for topic in told["topics"]]
    assert shares == sorted(shares)
    said = "about {} of 10".format
    assert [words for words in map(said, shares) if words not in page.main] == []
    assert noted(house) == ["see_topics{}", "see_topics{}"]


def test_four_tests_tell_nothing(client: TestClient, house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, people=4)
    take_pre(house, room, amal, [1, 2, 3, 4])
    trainer = a_trainer(client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}/teach"
    assert "Too few people for a list" in trainer.get(path).main
    address = f"{API}/workshops/{room.workshop.id}/gains/teach-first"
    told = client.get(address, headers=bearer_of(house, amal)).json()
    assert (told["topics"], told["beliefs"]) == ([], [])
    wall = trainer.client.get(f"{path}/wall", follow_redirects=False)
    assert wall.headers["location"] == path


def test_a_question_on_the_wall_is_warned_of_and_noted(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=5)
    take_pre(house, room, amal, [3, 4, 5, 6, 7])
    trainer = a_trainer(client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}/teach"
    warned = trainer.get(f"{path}/items/7")
    assert "This would teach the test." in warned.main
    assert noted(house) == []
    assert trainer.get(f"{path}/items/7/wall").heading.startswith("7.")
    assert noted(house) == ['project_item{"item": "7"}']
    topics = trainer.get(f"{path}/wall").main
    assert "of 10" not in topics
    assert noted(house)[1:] == ["project_topics{}"]
    unknown = trainer.client.get(f"{path}/items/99/wall", follow_redirects=False)
    assert unknown.headers["location"] == path


def test_results_name_what_was_on_the_wall_before_the_post_test(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=12)
    take_pre(house, room, amal, [3] * 12)
    trainer = a_trainer(client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    for item in ("7", "3", "7"):
        trainer.get(f"{path}/teach/items/{item}/wall")
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [9] * 12)
    clock.advance(timedelta(minutes=1))
    close_test(house, room, Occasion.POST, amal)
    clock.advance(timedelta(minutes=1))
    trainer.get(f"{path}/teach/items/12/wall")
    said = trainer.get(f"{path}/results").main
    assert "Questions on the wall before the post-test closed: 3, 7." in said


def test_a_room_where_nothing_was_shown_says_nothing_of_it(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=12)
    run_workshop(house, room, amal, [(3, 9)] * 12)
    said = a_trainer(client, house, amal).get(f"/trainer/workshops/{room.workshop.id}/results")
    assert "on the wall" not in said.main
