"""Read aloud: the open test's questions in the main languages, never a key, recorded each time."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Occasion
from tests.fixtures.house import Room, a_client, a_workshop, close_test, open_test, sign_in
from tests.fixtures.loop import change, rows

# What is shown is read by queries that other tests try on both databases.
pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    return a_workshop(house, amal, people=2)


@pytest.fixture
def trainer(client: TestClient, house: House, amal: StaffPerson) -> TestClient:
    sign_in(client, house, amal)
    return client


def page_of(room: Room) -> str:
    return f"/trainer/workshops/{room.workshop.id}/read-aloud"


def events(house: House) -> list[str]:
    found = rows(house, "SELECT object_id FROM audit_events WHERE verb = 'read_aloud'")
    return [str(each["object_id"]) for each in found]


def test_a_question_is_on_the_wall_only_while_its_test_is_open_and_that_is_recorded(
    trainer: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    with house.unit(writes=False) as work:
        form = workshops.require_form(work, room.workshop)
    stems = [item.stem["en"] for item in form.items]

    def is_shown() -> bool:
        page = trainer.get(page_of(room)).text
        state = trainer.get(page_of(room) + "/state").json()["is_open"]
        assert page.count('class="question"') == (len(stems) if state else 0)
        assert ("No test is open now." in page.partition('<div id="over" hidden>')[0]) != state
        return bool(state)

    assert not is_shown()
    pre = open_test(house, room, Occasion.PRE, amal)
    assert is_shown()
    assert events(house) == [pre.id]
    close_test(house, room, Occasion.PRE, amal)
    assert not is_shown()
    post = open_test(house, room, Occasion.POST, amal)
    assert is_shown()
    close_test(house, room, Occasion.POST, amal)
    assert not is_shown()
    assert events(house) == [pre.id, post.id]


def test_the_two_main_languages_stand_with_the_letters_of_phone_and_paper(
    trainer: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    open_test(house, room, Occasion.PRE, amal)
    page = trainer.get(page_of(room)).text
    first = page.partition('id="q1"')[2].partition("</section>")[0]
    with house.unit(writes=False) as work:
        item = workshops.require_form(work, room.workshop).items[0]
    for language in ("ur", "en"):
        places = [first.index(option.text[language]) for option in item.options]
        assert places == sorted(places)
    assert first.count('class="letter"') == 2 * 5
    assert "I do not know" in first
    assert ">dk<" not in page


def test_the_page_is_the_same_whatever_the_keys_are(
    trainer: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    open_test(house, room, Occasion.PRE, amal)
    before = trainer.get(page_of(room)).text
    change(house, 'UPDATE form_keys SET key = \'{"items": {}, "misconceptions": {}}\'')
    assert trainer.get(page_of(room)).text == before


def test_another_organisations_trainer_finds_nothing(
    application: FastAPI,
    client: TestClient,
    house: House,
    amal: StaffPerson,
    basma: StaffPerson,
    room: Room,
) -> None:
    open_test(house, room, Occasion.PRE, amal)
    foreign = a_client(application)
    sign_in(foreign, house, basma)
    assert foreign.get(page_of(room)).status_code == 404
    assert foreign.get(page_of(room) + "/state").status_code == 404
    assert events(house) == []
