"""A workshop is planned on one page: what can be known need not be typed."""

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.web.places import province_of
from app.workshops import service as workshops
from app.workshops.schemas import Occasion, WorkshopRecord
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


def form_of(house: House, workshop: WorkshopRecord) -> tuple[str, int]:
    with house.unit(writes=False) as work:
        form = workshops.require_form(work, workshops.require_workshop(work, workshop.id))
        return form.form_ref, len(form.items)


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


def test_each_form_of_an_audience_can_be_chosen_and_changed_until_a_test_opens(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = a_browser(client, house, amal, "en")
    fields = browser.get(NEW)
    offered = [
        each.get("value")
        for each in fields.find("input", type="radio")
        if each.get("name") == "audience"
    ]
    assert offered == [
        "multidisciplinary/multidisciplinary",
        "multidisciplinary/multidisciplinary-sorting",
        *("ngo/ngo", "ngo/ngo-full"),
        *("lea_data/lea-data", "lea_data/lea-data-full"),
    ]

    browser.send(fields, WORKSHOPS, status=303, place="Quetta", audience="ngo/ngo-full")
    (made,) = own(house, amal)
    assert form_of(house, made) == ("ngo-full", 20)

    edit = f"/trainer/workshops/{made.id}/edit"
    (chosen,) = (
        each.get("value")
        for each in browser.get(edit).find("input", type="radio", checked="")
        if each.get("name") == "audience"
    )
    assert chosen == "ngo/ngo-full"
    browser.send(browser.get(edit), edit, status=303, audience="ngo/ngo")
    assert form_of(house, made) == ("ngo", 10)

    with house.unit(writes=True) as work:
        house.open_test(work, made, Occasion.PRE, by=amal, accepts_unreviewed=True)
    browser.send(browser.get(edit), edit, status=409, audience="ngo/ngo-full")
    assert form_of(house, made) == ("ngo", 10)


def test_an_audience_alone_means_its_first_form_and_an_unknown_form_is_refused(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = a_browser(client, house, amal, "en")
    browser.send(browser.get(NEW), WORKSHOPS, status=303, place="Quetta", audience="lea_data")
    (made,) = own(house, amal)
    assert form_of(house, made) == ("lea-data", 10)

    browser.send(browser.get(NEW), WORKSHOPS, status=409, place="Quetta", audience="ngo/lea-data")
    assert len(own(house, amal)) == 1
