"""[Call the trainer]: from the phone to the top of the room's list, until it is tapped away."""

from datetime import timedelta

from sqlalchemy import inspect
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import FakeClock, Room, a_workshop, bearer_of, open_test, sign_in
from tests.fixtures.loop import API, a_program, an_operation, rows
from tests.fixtures.page_client import PageClient, another_browser, words_of

UNUSED = ("1007", "1010", "1023")


def a_desk(client: TestClient, house: House, room: Room, person: int) -> PageClient:
    """The phone of somebody who agreed."""
    browser = PageClient(another_browser(client), house)
    sent = {"token": room.cards[person].token, "language": "en"}
    browser.client.post(f"/j/{room.workshop.join_code}", data=sent)
    browser.client.post("/my/consent", data={"answer": "yes"})
    return browser


def test_a_call_stands_first_in_the_room_until_the_trainer_taps_it_away(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    desk = a_desk(client, house, room, 2)
    desk.send(desk.get("/my"), "/my/call")
    assert "The trainer knows, and comes to you." in desk.get("/my").main
    trainer = PageClient(another_browser(client), house)
    sign_in(trainer.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    page = trainer.get(path)
    first = page.find("tbody")[0][0]
    assert "needs help" in words_of(first)
    assert "Needs help: 1" in page.main
    trainer.send(page, f"{path}/cards/{room.cards[2].card.number}/answer-call")
    assert "needs help" not in trainer.get(path).main
    assert "Call the trainer" in desk.get("/my").main


def test_a_phone_that_waits_and_one_before_its_consent_may_call_too(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    number = room.cards[0].card.number
    early = PageClient(another_browser(client), house)
    by_card = {"token": room.cards[1].token, "language": "en"}
    early.client.post(f"/j/{room.workshop.join_code}", data=by_card)
    early.send(early.get("/my/consent"), "/my/call")
    assert "The trainer knows, and comes to you." in early.get("/my/consent").main
    open_test(house, room, Occasion.PRE, amal)
    first = a_program(client, room.cards[0])
    first.send(first.start(), an_operation("1", "1", "dk"))
    waiting = PageClient(another_browser(client), house)
    sent = {"number": number, "language": "en"}
    waiting.client.post(f"/j/{room.workshop.join_code}", data=sent)
    page = waiting.get("/my", status=403)
    assert page.heading == "Show this to the trainer"
    waiting.send(page, "/my/call")
    assert "The trainer knows, and comes to you." in waiting.get("/my", status=403).main
    assert "The trainer knows, and comes to you." in waiting.client.get("/my/live").text
    assert len(rows(house, "SELECT * FROM trainer_calls")) == 2


def test_a_program_that_waits_may_call_too(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    first = a_program(client, room.cards[0])
    first.send(first.start(), an_operation("1", "1", "dk"))
    by_number = {"code": room.workshop.join_code, "number": room.cards[0].card.number}
    joined = client.post(f"{API}/joins", json=by_number).json()
    assert joined["state"] == "waiting"
    headers = {"Authorization": f"Bearer {joined['token']}"}
    assert client.post(f"{API}/me/call", headers=headers).status_code == 204
    assert client.post(f"{API}/me/call").status_code == 401
    assert len(rows(house, "SELECT * FROM trainer_calls")) == 1


def test_a_call_is_a_card_and_a_time_and_calling_again_is_the_same_call(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    columns = [each["name"] for each in inspect(house.engine).get_columns("trainer_calls")]
    assert columns == ["card_id", "called_at"]
    room = a_workshop(house, amal, people=2)
    open_test(house, room, Occasion.PRE, amal)
    person, number = a_program(client, room.cards[0]), room.cards[0].card.number
    assert person.post("/me/call").status_code == 204
    first = rows(house, "SELECT * FROM trainer_calls")
    clock.advance(timedelta(minutes=5))
    assert person.post("/me/call").status_code == 204
    assert rows(house, "SELECT * FROM trainer_calls") == first
    assert person.get("/me").json()["has_called"] is True
    headers, path = bearer_of(house, amal), f"{API}/workshops/{room.workshop.id}"
    told = client.get(f"{path}/progress", headers=headers).json()["cards"][0]
    assert (told["number"], told["has_called"]) == (number, True)
    for _ in range(2):
        done = client.post(f"{path}/cards/{number}/answer-call", headers=headers)
        assert done.status_code == 204
    assert rows(house, "SELECT * FROM trainer_calls") == []
    unknown = next(each for each in UNUSED if each not in {card.card.number for card in room.cards})
    done = client.post(f"{path}/cards/{unknown}/answer-call", headers=headers)
    assert (done.status_code, done.json()["code"]) == (404, "card_unknown")


def test_help_of_ones_own_choice_is_noted_and_told_on_the_screen(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=4)
    early = a_desk(client, house, room, 0)
    open_test(house, room, Occasion.PRE, amal)
    desk = early.get("/my")
    assert "That person sees your answers." in desk.main
    early.send(desk, "/my/start", helped="yes")
    again = early.get("/my")
    assert "Somebody of your choice helps you. That person sees your answers." in again.main
    alone = a_desk(client, house, room, 1)
    assert "That person sees your answers." not in alone.get("/my").main
    consent = PageClient(another_browser(client), house)
    consent.client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[2].token})
    consent.send(consent.get("/my/consent"), "/my/consent", answer="yes", helped="yes")
    program = a_program(client, room.cards[3])
    assert program.post("/sittings", is_assisted=True).status_code == 201
    noted = rows(
        house,
        "SELECT c.number, s.is_assisted FROM sittings s JOIN participants p "
        "ON p.id = s.participant_id JOIN cards c ON c.id = p.card_id ORDER BY c.number",
    )
    assert [bool(each["is_assisted"]) for each in noted] == [True, False, True, True]
