"""A workshop is planned on one page: what can be known need not be typed."""

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.web.places import province_of
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord
from tests.fixtures.house import FakeClock, a_workshop, sign_in
from tests.fixtures.page_client import PageClient, another_browser

NEW, WORKSHOPS = "/trainer/workshops/new", "/trainer/workshops"


def a_browser(client: TestClient, house: House, amal: StaffPerson, language: str) -> PageClient:
    browser = another_browser(client)
    sign_in(browser, house, amal)
    return PageClient(browser, house, language)


def own(house: House, amal: StaffPerson) -> list[WorkshopRecord]:
    with house.unit(writes=False) as work:
        return workshops.find_workshops_of_trainer(work, amal)


@pytest.mark.parametrize(
    ("country", "place", "province"),
    [
        ("PK", "Karachi", "PK-SD"),
        ("PK", "Hotel Pearl, LAHORE", "PK-PB"),
        ("PK", "پشاور، پولیس لائنز", "PK-KP"),
        ("PK", "كوئٹه", "PK-BA"),  # an Arabic keyboard's kaf and heh
        ("PK", "Rawalpindi / Islamabad", ""),  # two provinces: nobody guesses
        ("PK", "New Karachiwala", ""),
        ("PK", "", ""),
        ("AF", "Karachi", ""),
    ],
)
def test_a_known_city_brings_its_province(country: str, place: str, province: str) -> None:
    assert province_of(country, place) == province


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "TIP and SOM: multidisciplinary workshop"),
        ("ur", "افراد کی ناجائز تجارت اور تارکینِ وطن کی اسمگلنگ: کئی شعبوں کی ورکشاپ"),
    ],
)
def test_a_place_is_enough(
    client: TestClient, house: House, amal: StaffPerson, language: str, title: str
) -> None:
    browser = a_browser(client, house, amal, language)
    browser.send(browser.get(NEW), WORKSHOPS, status=303, place="Quetta", title="")
    (made,) = own(house, amal)
    assert (made.title, made.province, made.place) == (title, "PK-BA", "Quetta")
    assert made.starts_on == made.ends_on


def test_the_last_workshop_is_repeated_with_two_clicks(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    last = a_workshop(house, amal, 19).workshop
    browser = a_browser(client, house, amal, "en")
    (link,) = (
        each.get("href")
        for each in browser.get("/trainer").find("a")
        if (each.get("href") or "").endswith("/again")
    )
    browser.send(browser.get(link or ""), WORKSHOPS, status=303)
    again = next(each for each in own(house, amal) if each.id != last.id)
    assert (again.title, again.place, again.province) == (last.title, last.place, last.province)
    assert (again.audience, again.languages) == (last.audience, last.languages)
    assert again.ends_on - again.starts_on == last.ends_on - last.starts_on
    assert again.starts_on == clock.now().date()
    assert again.join_code != last.join_code
    room = browser.get(f"{WORKSHOPS}/{again.id}").main
    assert "Cards: 19" in room


def test_home_offers_no_repetition_before_the_first_workshop(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    assert "Repeat" not in a_browser(client, house, amal, "en").get("/trainer").main


def test_who_has_a_list_is_asked_for_it_next(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = a_browser(client, house, amal, "en")
    answer = browser.send(browser.get(NEW), WORKSHOPS, status=303, place="Quetta", people="list")
    (made,) = own(house, amal)
    assert answer.headers["location"] == f"{WORKSHOPS}/{made.id}/people"
