"""Who needs the trainer: a call, a second phone, three quiet minutes; and who is not finished."""

from datetime import timedelta

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import (
    FakeClock,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import API, a_program, an_operation
from tests.fixtures.page_client import PageClient, another_browser, words_of


def test_three_minutes_without_a_tap_stand_first_in_the_room(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=3)
    open_test(house, room, Occasion.PRE, amal)
    opened, quiet, busy = (a_program(client, card) for card in room.cards)
    opened.start()
    quiet.send(quiet_sitting := quiet.start(), an_operation("1", "1", "dk"))
    sitting = busy.start()
    clock.advance(timedelta(minutes=2, seconds=59))
    busy.send(sitting, an_operation("1", "1", "dk"))
    trainer = PageClient(another_browser(client), house)
    sign_in(trainer.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    assert "quiet" not in trainer.get(path).main
    clock.advance(timedelta(seconds=1))
    page = trainer.get(path)
    assert [("quiet for 3 minutes" in words_of(row)) for row in page.find("tbody")[0]] == [
        True, True, False,
    ]  # fmt: skip
    assert "Needs help: 2" in page.main
    address = f"{API}/workshops/{room.workshop.id}/progress"
    cards = client.get(address, headers=bearer_of(house, amal)).json()["cards"]
    assert [card["is_quiet"] for card in cards] == [True, True, False]
    quiet.send(quiet_sitting, an_operation("2", "2", "dk"))
    assert "Needs help: 1" in trainer.get(path).main


def test_before_closing_the_numbers_of_the_unfinished_stand_there_with_two_minutes_more(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    open_test(house, room, Occasion.PRE, amal)
    done, answering, _ = (a_program(client, card) for card in room.cards)
    sitting = done.start()
    done.send(sitting, an_operation("1", "1", "dk"))
    assert done.finish(sitting, "operation-1").status_code == 200
    answering.send(answering.start(), an_operation("1", "1", "dk"))
    trainer = PageClient(another_browser(client), house)
    sign_in(trainer.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    closing = f"{path}/administrations/pre/close"
    page = trainer.get(closing)
    numbers = words_of(page.find("ul", **{"class": "numbers"})[0]).replace(" ", "")
    assert room.cards[1].card.number in numbers
    assert room.cards[0].card.number not in numbers
    assert "Not finished yet: 2" in page.main  # who is here and has not begun, too
    trainer.send(page, closing, within="120")
    assert "closes in" in trainer.get(path).main
    trainer.send(trainer.get(closing), closing, within="0")
    assert "Now teach" in trainer.get(path).main
    gone = trainer.client.get(closing, follow_redirects=False)
    assert gone.headers["location"] == path


def test_who_accepted_an_unsigned_form_is_not_asked_again_for_the_next_test(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    trainer = PageClient(another_browser(client), house)
    sign_in(trainer.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    assert trainer.get(path).find("input", type="checkbox")
    open_test(house, room, Occasion.PRE, amal)
    close_test(house, room, Occasion.PRE, amal)
    page = trainer.get(path)
    assert not page.find("input", type="checkbox")
    trainer.send(page, f"{path}/administrations/post/open")
    assert "Post-test is open" in trainer.get(path).main
