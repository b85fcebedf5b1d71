"""The test as one page that needs no script: sent twice, sent with mistakes, sent with words."""

from datetime import timedelta
from pathlib import Path

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.house import FakeClock, Room, a_workshop, close_test, open_test
from tests.fixtures.loop import a_program, an_operation, rows
from tests.fixtures.page_client import PageClient, another_browser
from tests.fixtures.words_form import publish_words_form

KEPT = "SELECT * FROM sitting_operations ORDER BY id"
STANDS = "SELECT * FROM responses ORDER BY sitting_id, item"
SITTINGS = "SELECT * FROM sittings ORDER BY id"


def a_room_at_the_pre_test(house: House, amal: StaffPerson) -> Room:
    room = a_workshop(house, amal, people=3)
    open_test(house, room, Occasion.PRE, amal)
    return room


def a_page_at_the_test(client: TestClient, house: House, room: Room) -> PageClient:
    """The first card's holder, who typed the four digits and agreed."""
    browser = PageClient(another_browser(client), house)
    way_in = f"/j/{room.workshop.join_code}"
    number = room.cards[0].card.number
    browser.send(browser.get(way_in), way_in, number=number, language="en")
    started = browser.send(browser.get("/my/consent"), "/my/consent", answer="yes")
    assert started.headers["location"].startswith("/my/test/")
    return browser


def test_the_page_sent_twice_changes_nothing_the_second_time(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    browser = a_page_at_the_test(client, house, a_room_at_the_pre_test(house, amal))
    page = browser.get("/my/test")
    answers = {"item-1": "a", "item-4": ["a", "b"], "item-20": "dk"}
    assert browser.send(page, "/my/test", **answers).headers["location"] == "/my"
    before = [rows(house, sql) for sql in (KEPT, STANDS, SITTINGS)]
    assert len(before[0]) == 3
    clock.advance(timedelta(minutes=1))
    assert browser.send(page, "/my/test", **answers).headers["location"] == "/my"
    assert [rows(house, sql) for sql in (KEPT, STANDS, SITTINGS)] == before
    assert "Pre-test received" in browser.get("/my").main


def test_i_do_not_know_beside_a_tick_is_left_out_and_nothing_is_refused(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_pre_test(house, amal)
    browser = a_page_at_the_test(client, house, room)
    page = browser.get("/my/test")
    assert browser.send(page, "/my/test", **{"item-4": ["a", "dk"]}).headers["location"] == "/my"
    before = rows(house, KEPT)
    assert [each["content"] for each in before] == ['{"options":["a"],"text":null}']
    assert browser.send(page, "/my/test", **{"item-4": ["a", "dk"]}).headers["location"] == "/my"
    assert rows(house, KEPT) == before
    person = a_program(client, room.cards[1])
    sitting = person.start()
    both, alone = an_operation("1", "4", "dk", "b"), an_operation("2", "4", "dk", revision=2)
    for _ in range(2):
        assert person.send(sitting, both).json()["acknowledged"] == ["operation-1"]
    assert person.chosen(sitting) == {"4": ["b"]}
    person.send(sitting, alone)
    assert person.chosen(sitting) == {"4": ["dk"]}


def test_the_desk_says_which_test_comes_next_also_to_who_came_late(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    browser = PageClient(another_browser(client), house)
    browser.client.post(
        f"/j/{room.workshop.join_code}", data={"token": room.cards[0].token, "language": "en"}
    )
    browser.client.post("/my/consent", data={"answer": "yes"})
    assert "The pre-test opens when the trainer says." in browser.get("/my").main
    run_one_test(house, room, Occasion.PRE, amal)
    late = browser.get("/my")
    assert "You missed the first test. No problem." in late.main
    assert "The post-test opens when the trainer says." in late.main
    assert "The pre-test" not in late.main
    run_one_test(house, room, Occasion.POST, amal)
    after = browser.get("/my")
    assert after.heading == "This test is closed."
    assert "opens when" not in after.main


def run_one_test(house: House, room: Room, occasion: Occasion, by: StaffPerson) -> None:
    """A test that nobody took."""
    open_test(house, room, occasion, by)
    close_test(house, room, occasion, by)


def test_a_page_with_a_mistake_comes_back_with_everything_that_was_ticked(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = a_page_at_the_test(client, house, a_room_at_the_pre_test(house, amal))
    page = browser.get("/my/test")
    wrong = {"item-1": "a", "item-4": ["a", "c"], "item-2": "z"}
    again = browser.read(browser.send(page, "/my/test", status=422, **wrong), 422)
    assert {k: v for k, v in again.fields("/my/test").items() if k.startswith("item-")} == {
        "item-1": ["a"],
        "item-4": ["a", "c"],
    }
    assert rows(house, KEPT) == []
    browser.send(again, "/my/test", **{"item-2": "b"})
    assert len(rows(house, KEPT)) == 3


def test_an_empty_page_is_not_sent_and_says_so(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = a_page_at_the_test(client, house, a_room_at_the_pre_test(house, amal))
    again = browser.read(browser.send(browser.get("/my/test"), "/my/test", status=422), 422)
    assert len(again.find("div", role="alert")) == 1
    assert rows(house, "SELECT state FROM sittings") == [{"state": "open"}]


def test_a_tick_taken_away_on_the_page_is_taken_away(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_pre_test(house, amal)
    browser = a_page_at_the_test(client, house, room)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "a"), an_operation("4", "4", "a", "b"))
    page = browser.get("/my/test")
    assert page.fields("/my/test")["item-4"] == ["a", "b"]
    browser.send(page, "/my/test", **{"item-4": None})
    assert person.chosen(sitting).get("4", []) == []


def test_words_are_kept_as_typed_up_to_their_length_and_come_back_on_the_page(
    client: TestClient, house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    publish_words_form(house, tmp_path / "banks", max_length=20)
    room = a_workshop(house, amal, audience=Audience.LEA_DATA)
    open_test(house, room, Occasion.PRE, amal)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    kept = person.send(sitting, an_operation("1", "3", text="سرحد"))
    assert kept.json()["acknowledged"] == ["operation-1"]
    assert rows(house, STANDS)[0]["content"] == '{"options":[],"text":"سرحد"}'
    long = an_operation("2", "3", text="x" * 21, revision=2)
    assert person.send(sitting, long).json()["code"] == "response_malformed"
    ticked = an_operation("3", "3", "a", revision=2)
    assert person.send(sitting, ticked).json()["code"] == "response_malformed"
    browser = a_page_at_the_test(client, house, a_room_of_the_second_card(room))
    wrong = {"item-3": "عزت نفس", "item-1": "z"}
    refused = browser.send(browser.get("/my/test"), "/my/test", status=422, **wrong)
    assert browser.read(refused, 422).fields("/my/test")["item-3"] == "عزت نفس"


def a_room_of_the_second_card(room: Room) -> Room:
    return Room(room.workshop, room.cards[1:])
