"""In a room's own network staff are on the laptop; it lends its sign-in to one device at a time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts import loans, sign_ins
from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.core.errors import LoanSpent
from app.main import create_app
from app.settings import Mode, Settings
from app.web.house import House
from tests.fixtures.house import (
    PHONE,
    FakeClock,
    a_client,
    a_staff_member,
    make_settings,
    sign_in,
)
from tests.fixtures.loop import at_once, change, everything_stored, rows
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of

DEVICES = "/staff/devices"
OTHER_PHONE = "192.168.8.24"
SPENT = "This number was used before, or it is too old."
LAPTOP_ONLY = "In this room staff sign in on the trainer's laptop only."


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A service that phones of the room can open."""
    return make_settings(tmp_path, database_url, base_url="http://192.168.8.10:8000")


@pytest.fixture
def laptop(client: TestClient, house: House, amal: StaffPerson) -> PageClient:
    """Amal, signed in on the laptop."""
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    return browser


@pytest.fixture
def phone(client: TestClient, house: House) -> PageClient:
    """A phone in the room."""
    return PageClient(another_browser(client, PHONE), house)


def lend(laptop: PageClient) -> str:
    """Press the button; the number on the page."""
    answer = laptop.send(laptop.get(DEVICES), DEVICES, status=200)
    return number_on(laptop.read(answer, 200))


def number_on(page: Page) -> str:
    (shown,) = page.find("p", **{"class": "loan"})
    return words_of(shown).replace(" ", "")


def borrow(phone: PageClient, number: str) -> None:
    done = phone.send(phone.get(f"/b/{number}"), f"/b/{number}")
    assert done.headers["location"] == "/staff"


def ends(laptop: PageClient) -> list[str]:
    """The addresses of the buttons that end a device."""
    found = laptop.get(DEVICES).find("form")
    return [str(each.get("action")) for each in found if str(each.get("action")).endswith("/end")]


def test_a_phone_borrows_the_sign_in_of_the_laptop(laptop: PageClient, phone: PageClient) -> None:
    assert phone.get("/trainer", status=403).heading == LAPTOP_ONLY
    number = lend(laptop)
    for _ in range(2):  # looking does not spend it
        assert "The laptop lends the sign-in of Amal." in phone.get(f"/b/{number}").main
    borrow(phone, number)
    page = phone.get("/trainer")
    assert page.heading == "Workshops"
    assert "borrowed" in page.text
    assert "borrowed" not in laptop.get("/trainer").text


def test_the_number_is_for_the_first_device_alone(
    laptop: PageClient, phone: PageClient, client: TestClient, house: House
) -> None:
    second = PageClient(another_browser(client, OTHER_PHONE), house)
    number = lend(laptop)
    opened_in_time = second.get(f"/b/{number}")
    borrow(phone, number)
    refused = second.read(second.send(opened_in_time, f"/b/{number}", status=410), 410)
    assert refused.heading == SPENT
    assert second.get(f"/b/{number}", status=410).heading == SPENT
    assert second.get("/trainer", status=403).heading == LAPTOP_ONLY


def test_of_two_devices_at_the_same_moment_one_has_it(
    house: House, amal: StaffPerson, client: TestClient
) -> None:
    rules = house.sign_in_rules
    with house.unit(writes=True) as work:
        own = sign_ins.get_sign_in(work, sign_ins.start_sign_in(work, amal, rules), rules)
        assert own is not None
        number = loans.lend(work, own)

    def open_it() -> str:
        with house.unit(writes=True) as work:
            return loans.borrow(work, number, rules)

    results = at_once(*[open_it] * 6)
    assert sum(isinstance(each, str) for each in results) == 1
    assert sum(isinstance(each, LoanSpent) for each in results) == 5


def test_the_number_ends_after_fifteen_minutes_and_when_the_next_is_made(
    laptop: PageClient, phone: PageClient, clock: FakeClock
) -> None:
    earlier, late = lend(laptop), lend(laptop)
    phone.get(f"/b/{earlier}", status=410)
    clock.advance(timedelta(minutes=14, seconds=59))
    page = phone.get(f"/b/{late}")
    clock.advance(timedelta(seconds=1))
    phone.send(page, f"/b/{late}", status=410)


def test_the_number_may_be_typed_in_any_digits_and_a_slip_is_answered(
    laptop: PageClient, phone: PageClient
) -> None:
    number = lend(laptop)
    urdu = number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    typed = f"{urdu[:4]} {urdu[4:8]}-{urdu[8:]}"
    assert phone.client.get("/b", params={"number": typed}).headers["location"] == f"/b/{number}"
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    answer = phone.client.get("/b", params={"number": wrong})
    assert phone.read(answer, 422).find("input", value=wrong)
    phone.get(f"/b/{wrong}", status=422)


def test_it_ends_when_the_laptop_signs_out(laptop: PageClient, phone: PageClient) -> None:
    number = lend(laptop)
    borrow(phone, number)
    unopened = lend(laptop)
    laptop.send(laptop.get("/trainer"), "/sign-out")
    assert phone.get("/trainer", status=403).heading == LAPTOP_ONLY
    phone.get(f"/b/{unopened}", status=410)


def test_a_button_ends_it_and_the_phone_can_end_it_itself(
    laptop: PageClient, phone: PageClient, client: TestClient, house: House, clock: FakeClock
) -> None:
    other = PageClient(another_browser(client, OTHER_PHONE), house)
    for device in (phone, other):
        borrow(device, lend(laptop))
        clock.advance(timedelta(minutes=1))
    first, second = ends(laptop)
    laptop.send(laptop.get(DEVICES), first)
    assert phone.client.get("/trainer").status_code == 403
    assert other.client.get("/trainer").status_code == 200
    other.send(other.get("/trainer"), "/sign-out")
    assert other.client.get("/trainer").status_code == 403
    assert ends(laptop) == []
    assert second != first


def test_somebody_elses_device_cannot_be_ended(
    laptop: PageClient, phone: PageClient, client: TestClient, house: House, basma: StaffPerson
) -> None:
    borrow(phone, lend(laptop))
    (path,) = ends(laptop)
    foreign = PageClient(another_browser(client), house)
    sign_in(foreign.client, house, basma)
    fields = foreign.get(DEVICES).fields("/sign-out")
    assert foreign.client.post(path, data=fields).status_code == 303
    assert phone.client.get("/trainer").status_code == 200


def test_what_is_borrowed_is_not_lent_on(laptop: PageClient, phone: PageClient) -> None:
    borrow(phone, lend(laptop))
    page = phone.get(DEVICES)
    assert page.find("form", action=DEVICES) == []
    fields = page.fields("/sign-out")
    assert phone.read(phone.client.post(DEVICES, data=fields), 403).heading == LAPTOP_ONLY


def test_the_sign_in_of_the_laptop_is_worth_nothing_on_another_device(
    laptop: PageClient, phone: PageClient
) -> None:
    phone.client.cookies.set("staff", laptop.client.cookies["staff"])
    assert phone.get("/trainer", status=403).heading == LAPTOP_ONLY


def test_while_the_phone_is_used_the_laptop_stays_signed_in_and_both_end_unused(
    laptop: PageClient, phone: PageClient, clock: FakeClock
) -> None:
    borrow(phone, lend(laptop))
    for _ in range(3):
        clock.advance(timedelta(minutes=20))
        assert phone.client.get("/trainer").status_code == 200
    assert laptop.client.get("/trainer").status_code == 200
    clock.advance(timedelta(minutes=31))
    assert phone.client.get("/trainer").status_code == 403
    assert laptop.client.get("/trainer").status_code == 303


def test_it_ends_twelve_hours_after_the_laptop_signed_in(
    laptop: PageClient, phone: PageClient, clock: FakeClock
) -> None:
    for _ in range(22):
        clock.advance(timedelta(minutes=29))
        laptop.get("/trainer")
    borrow(phone, lend(laptop))
    for _ in range(2):
        clock.advance(timedelta(minutes=29))
        phone.get("/trainer")
    clock.advance(timedelta(minutes=29))
    assert phone.client.get("/trainer").status_code == 403


def test_a_new_password_and_a_person_switched_off_end_it(
    laptop: PageClient, phone: PageClient, house: House, amal: StaffPerson
) -> None:
    number = lend(laptop)
    change(house, "UPDATE staff SET is_disabled = :yes WHERE login = 'amal'", yes=True)
    phone.get(f"/b/{number}", status=410)
    change(house, "UPDATE staff SET is_disabled = :yes WHERE login = 'amal'", yes=False)
    borrow(phone, number)
    with house.unit(writes=True) as work:
        accounts.set_password(work, amal, "four words of a river")
    assert phone.client.get("/trainer").status_code == 403


def test_the_number_is_kept_as_a_digest_and_what_happened_is_in_the_log(
    laptop: PageClient, phone: PageClient, house: House
) -> None:
    number = lend(laptop)
    borrow(phone, number)
    (path,) = ends(laptop)
    laptop.send(laptop.get(DEVICES), path)
    stored = everything_stored(house)
    assert number.encode() not in stored
    assert phone.client.cookies["staff"].encode() not in stored
    verbs = [row["verb"] for row in rows(house, "SELECT verb FROM audit_events ORDER BY id")]
    assert verbs == ["sign_in", "lend_device", "borrow_device", "end_lent_device"]


def test_every_role_may_lend(client: TestClient, house: House) -> None:
    for role in Role:
        laptop, phone = (PageClient(another_browser(client, at), house) for at in HERE_AND_THERE)
        sign_in(laptop.client, house, a_staff_member(house, f"{role}-1", role))
        borrow(phone, lend(laptop))
        home = phone.client.get("/staff").headers["location"]
        assert phone.get(home).status == 200


HERE_AND_THERE = ("127.0.0.1", PHONE)


def test_a_service_that_phones_cannot_open_says_so_and_lends_nothing(
    tmp_path: Path, database_url: str, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    alone = create_app(make_settings(tmp_path, database_url), clock)
    with a_client(alone) as client:
        browser = PageClient(client, house)
        sign_in(client, house, amal)
        page = browser.get(DEVICES)
    assert "No other device can open this service now." in page.main
    assert page.find("form", action=DEVICES) == []


@pytest.fixture
def on_https(tmp_path: Path, database_url: str, clock: FakeClock) -> Iterator[FastAPI]:
    """The same service on https, where nobody has set up a second step."""
    settings = make_settings(tmp_path, database_url, mode=Mode.HTTPS, second_step_for="nobody")
    application = create_app(settings, clock)
    yield application
    application.state.house.engine.dispose()


def test_on_https_staff_sign_in_anywhere_and_nothing_is_lent(
    on_https: FastAPI, house: House, amal: StaffPerson
) -> None:
    with house.unit(writes=True) as work:
        accounts.set_password(work, amal, "four words of a river")
        token = sign_ins.start_sign_in(work, amal, house.sign_in_rules)
    with a_client(on_https, PHONE) as client:
        sent = {"login": "amal", "password": "four words of a river"}
        assert client.get("/sign-in").status_code == 200
        assert client.post("/sign-in", data=sent).status_code == 303
        cookie = {"Cookie": f"__Host-staff={token}"}
        trainer = client.get("/trainer", headers=cookie)
        assert trainer.status_code == 200
        assert DEVICES not in trainer.text
        for path in (DEVICES, "/b", "/b/000000000000"):
            assert client.get(path, headers=cookie).status_code == 404


def test_an_address_that_was_set_counts_as_the_laptop(
    tmp_path: Path, database_url: str, clock: FakeClock
) -> None:
    settings = make_settings(tmp_path, database_url, laptop_address="172.17.0.1")
    application = create_app(settings, clock)
    statuses = []
    for address in ("172.17.0.1", "172.17.0.2", "127.0.0.1"):
        with a_client(application, address) as client:
            statuses.append(client.get("/sign-in").status_code)
    assert statuses == [200, 403, 200]
