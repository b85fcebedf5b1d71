"""The first page of a room's own server leads phones to the only open workshop."""

from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.main import create_app
from app.settings import Mode
from app.web.house import House
from app.workshops.schemas import Occasion, WorkshopState
from app.workshops.service import end_workshop
from tests.fixtures.house import (
    PHONE,
    FakeClock,
    a_client,
    a_workshop,
    close_test,
    make_settings,
    open_test,
    sign_in,
)
from tests.fixtures.page_client import PageClient, another_browser

PAST = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 2)}


@pytest.fixture
def phone(client: TestClient) -> TestClient:
    """A phone in the room."""
    return another_browser(client, PHONE)


def way_of(browser: TestClient, path: str = "/") -> str | None:
    """Where the first page leads; None when it is shown."""
    answer = browser.get(path)
    assert answer.status_code == (303 if "location" in answer.headers else 200)
    return answer.headers.get("location")


def test_the_workshop_whose_test_is_open_comes_before_those_of_the_day(
    phone: TestClient, house: House, amal: StaffPerson
) -> None:
    assert way_of(phone) is None
    past, today = a_workshop(house, amal, people=1, **PAST), a_workshop(house, amal, people=1)
    assert way_of(phone) == f"/j/{today.workshop.join_code}"
    open_test(house, past, Occasion.PRE, amal)
    assert way_of(phone) == f"/j/{past.workshop.join_code}"
    open_test(house, today, Occasion.PRE, amal)
    assert way_of(phone) is None
    close_test(house, past, Occasion.PRE, amal)
    assert way_of(phone) == f"/j/{today.workshop.join_code}"


def test_two_workshops_of_the_day_are_a_persons_choice_and_one_put_away_is_none(
    phone: TestClient, house: House, amal: StaffPerson
) -> None:
    rooms = [a_workshop(house, amal, people=1) for _ in range(2)]
    assert way_of(phone) is None
    with house.unit(writes=True) as work:
        end_workshop(work, rooms[0].workshop, WorkshopState.CANCELLED, by=amal)
    assert way_of(phone) == f"/j/{rooms[1].workshop.join_code}"


def test_the_day_is_the_workshops_own(
    phone: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    tomorrow = {"starts_on": date(2026, 11, 23), "ends_on": date(2026, 11, 23)}
    a_workshop(house, amal, people=1, **tomorrow)
    assert way_of(phone) is None
    # 06:00 UTC on the 22nd is 19:00 of the 22nd in Auckland, and 20:00 of the 21st in Honolulu.
    room = a_workshop(house, amal, people=1, zone="Pacific/Auckland")
    a_workshop(house, amal, people=1, zone="Pacific/Honolulu")
    assert way_of(phone) == f"/j/{room.workshop.join_code}"


def test_the_laptop_who_is_signed_in_and_who_asks_see_the_first_page_itself(
    client: TestClient, phone: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    assert way_of(client) is None
    page = PageClient(phone, house).get(f"/j/{room.workshop.join_code}")
    assert way_of(phone, "/?another=1") is None
    assert page.find("a", href="/?another=1")
    sign_in(phone, house, amal)
    assert way_of(phone) is None


def test_on_https_the_first_page_is_the_same_for_everybody(
    tmp_path: Path, database_url: str, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    a_workshop(house, amal, people=1)
    settings = make_settings(tmp_path, database_url, mode=Mode.HTTPS)
    with a_client(create_app(settings, clock), PHONE) as phone:
        assert way_of(phone) is None
