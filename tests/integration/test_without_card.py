"""Who comes without a card: a number of their own, never a number of somebody else."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.core.errors import CardUnknown, NoNumberFree
from app.participants import service as participants
from app.participants import without_card
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import FakeClock, Room, a_workshop, open_test, sign_in
from tests.fixtures.loop import API, Program, at_once, join, rows
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of


def take_number(house: House, room: Room) -> str:
    """The number that the next one without a card gets."""
    with house.unit(writes=True) as work:
        phone, _ = without_card.take_number(work, room.workshop, language="en")
        return phone.card.number


def scan(house: House, token: str) -> str:
    with house.unit(writes=True) as work:
        return participants.join_with_token(work, token, language="en")[0].card.number


def big_number(page: Page) -> str:
    return words_of(page.find("bdi", **{"class": "code"})[0])


def test_the_page_gives_a_number_says_to_write_it_down_and_goes_on(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    open_test(house, room, Occasion.PRE, amal)
    browser = PageClient(another_browser(client), house)
    way_in = f"/j/{room.workshop.join_code}"
    browser.send(browser.get(way_in), f"{way_in}/number", language="en")
    consent = browser.get("/my/consent")
    assert big_number(consent) == room.cards[1].card.number
    assert "Write it down." in consent.main
    browser.send(consent, "/my/consent", answer="yes")
    desk = browser.get("/my")
    assert desk.heading == "Your test is still open"
    assert "Write it down." in desk.main
    with_card = PageClient(another_browser(client), house)
    with_card.send(with_card.get(way_in), way_in, token=room.cards[0].token, language="en")
    assert "Write it down." not in with_card.get("/my/consent").main


def test_used_cards_are_left_alone_and_a_new_one_is_made_when_none_is_left(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    numbers = [each.card.number for each in room.cards]
    join(house, room, 2)
    assert [take_number(house, room), take_number(house, room)] == [numbers[1], numbers[0]]
    made = take_number(house, room)
    assert made not in numbers
    assert len(rows(house, "SELECT id FROM cards")) == 4


def test_the_paper_of_a_taken_number_opens_nothing_and_its_digits_wait(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    number = take_number(house, room)
    paper = client.post(f"{API}/joins", json={"card_token": room.cards[0].token})
    assert (paper.status_code, paper.json()["code"]) == (404, "card_unknown")
    sent = {"code": room.workshop.join_code, "number": number}
    assert client.post(f"{API}/joins", json=sent).json()["state"] == "waiting"
    with house.unit(writes=False) as work:
        (printed,) = participants.find_printed_cards(work, room.workshop)
    assert scan(house, printed.token) == number


def test_all_who_ask_at_the_same_moment_get_numbers_of_their_own(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    given = at_once(*[lambda: take_number(house, room)] * 6)
    assert len(set(given)) == 6
    assert all(isinstance(each, str) for each in given), given
    assert len(rows(house, "SELECT card_id FROM taken_cards")) == 6


def test_a_card_scanned_at_the_moment_it_is_taken_has_one_holder(
    house: House, amal: StaffPerson
) -> None:
    for _ in range(5):
        room = a_workshop(house, amal, people=1)
        token = room.cards[0].token
        taken, scanned = at_once(
            lambda r=room: take_number(house, r), lambda t=token: scan(house, t)
        )
        assert isinstance(taken, str)
        assert isinstance(scanned, CardUnknown) or scanned != taken


def test_two_phones_with_the_same_digits_at_the_same_moment_are_one_and_one_that_waits(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=4)

    def type_number(number: str) -> str:
        with house.unit(writes=True) as work:
            phone, _ = participants.join_with_number(work, room.workshop, number, language="en")
            return phone.state.value

    for printed in room.cards:
        states = at_once(*[lambda n=printed.card.number: type_number(n)] * 2)
        assert sorted(states) == ["admitted", "waiting"]


def test_no_more_numbers_are_given_out_than_people_may_come(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=2, women_count=1, men_count=1)
    for _ in range(12):
        take_number(house, room)
    clock.advance(timedelta(hours=1))
    sent = {"code": room.workshop.join_code}
    refused = client.post(f"{API}/joins/without-card", json=sent)
    assert (refused.status_code, refused.json()["code"]) == (429, "no_number_free")
    assert refused.headers["retry-after"] == "30"
    browser = PageClient(another_browser(client), house)
    way_in = f"/j/{room.workshop.join_code}"
    page = browser.get(way_in)
    again = browser.read(browser.send(page, f"{way_in}/number", status=429, language="en"), 429)
    assert "Ask the trainer for a card" in again.main
    assert again.find("details", id="without-card")[0].get("open") is not None
    assert len(rows(house, "SELECT id FROM cards")) == 12


def test_a_script_that_takes_numbers_has_to_wait(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room, other = a_workshop(house, amal, people=2), a_workshop(house, amal, people=1)
    for _ in range(without_card.MOST_IN_A_MINUTE):
        take_number(house, room)
    with pytest.raises(NoNumberFree):
        take_number(house, room)
    take_number(house, other)
    clock.advance(timedelta(seconds=61))
    take_number(house, room)


def test_the_trainer_sees_who_came_without_a_card(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    sent = {"code": room.workshop.join_code, "language": "ur"}
    joined = client.post(f"{API}/joins/without-card", json=sent).json()
    assert joined["state"] == "admitted"
    assert Program(client, joined["token"]).get("/me").status_code == 200
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    page = browser.get(f"/trainer/workshops/{room.workshop.id}")
    marked = [row for row in page.find("tr") if "came without a card" in words_of(row)]
    assert [words_of(next(row.iter("th"))) for row in marked] == [joined["card_number"]]
