"""The second step at sign-in: set up, asked, used once, lost, asked for by the settings."""

import re
from base64 import b32decode
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.accounts import second_factors, sign_ins
from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.core.staff_codes import app_code, step_of
from app.main import create_app
from app.settings import Mode
from app.web.house import House
from tests.fixtures.house import (
    FakeClock,
    a_client,
    a_staff_member,
    make_settings,
    sign_in,
)
from tests.fixtures.loop import API, everything_stored, rows
from tests.fixtures.page_client import PageClient, another_browser

PASSWORD = "vier einfache Wörter هنا"
HERE = "/staff/sign-in"


def with_second_step(house: House, staff: StaffPerson) -> tuple[bytes, list[str]]:
    """A password, and a second step that was confirmed; its secret and the printed list."""
    with house.unit(writes=True) as work:
        accounts.set_password(work, staff, PASSWORD)
        token = sign_ins.start_sign_in(work, staff, house.sign_in_rules)
        work.db.flush()
        open_one = sign_ins.get_sign_in(work, token, house.sign_in_rules)
        assert open_one is not None
        secret = second_factors.start_second_step(work, staff)
        work.db.flush()
        codes = second_factors.confirm_second_step(
            work, open_one, app_code(secret, step_of(work.now) - 1)
        )
    return secret, codes


def send_password(client: TestClient) -> Response:
    return client.post("/sign-in", data={"login": "amal", "password": PASSWORD, "next": "/trainer"})


def half_of(page: Response) -> str:
    (half,) = re.findall(r'name="half" value="([^"]+)"', page.text)
    return half


def send_code(client: TestClient, code: str, half: str = "") -> Response:
    half = half or half_of(send_password(client))
    return client.post("/sign-in/code", data={"half": half, "code": code, "next": "/trainer"})


def test_it_is_set_up_on_a_page_and_asked_from_then_on(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    browser, other = (PageClient(another_browser(client), house) for _ in range(2))
    for each in (browser, other):
        sign_in(each.client, house, amal)
    with house.unit(writes=True) as work:
        row = accounts.get_staff_by_login(work, "amal")
    assert row is not None
    begun = browser.send(browser.get(HERE), f"{HERE}/second-step")
    page = browser.get(begun.headers["location"])
    spelled = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page.text))
    assert len(spelled) == 32
    secret = b32decode(spelled)
    wrong = browser.read(
        browser.send(page, f"{HERE}/second-step/confirm", status=401, code="000000"), 401
    )
    assert "This code is wrong, too old, or was used before." in wrong.text
    right = app_code(secret, step_of(clock.now()))
    done = browser.read(
        browser.send(wrong, f"{HERE}/second-step/confirm", status=200, code=right), 200
    )
    listed = re.findall(r"<li><bdi[^>]*class=\"code\">(.*?)</bdi></li>", done.text)
    assert len(listed) == 10
    assert "The second step works." in done.text
    assert listed[0] not in browser.get(HERE).text
    assert other.client.get("/trainer").status_code == 303  # other browsers were signed out
    assert browser.client.get("/trainer").status_code == 200
    stored = everything_stored(house)
    assert secret not in stored
    assert spelled.encode() not in stored
    codes = [re.sub(r"<[^>]+>", "", each) for each in listed]
    assert not [code for code in codes if code.encode() in stored]


def test_after_the_password_a_code_is_asked_and_opens_once(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    secret, _ = with_second_step(house, amal)
    asked = send_password(client)
    assert asked.status_code == 200
    assert "staff" not in client.cookies
    code = app_code(secret, step_of(clock.now()))
    opened = send_code(client, code, half_of(asked))
    assert (opened.status_code, opened.headers["location"]) == (303, "/trainer")
    assert client.get("/trainer").status_code == 200
    again = another_browser(client)
    assert send_code(again, code).status_code == 401
    clock.advance(timedelta(seconds=30))
    assert send_code(again, app_code(secret, step_of(clock.now()))).status_code == 303


def test_a_code_of_the_list_opens_once_and_is_logged(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    _, codes = with_second_step(house, amal)
    typed = f"{codes[3][:4]} {codes[3][4:8]}-{codes[3][8:]}".lower()
    assert send_code(client, typed).status_code == 303
    assert send_code(another_browser(client), codes[3]).status_code == 401
    assert len(rows(house, "SELECT 1 FROM audit_events WHERE verb = 'use_recovery_code'")) == 1
    page = PageClient(client, house).get(HERE)
    assert 'Codes left on the list: <bdi dir="ltr">9</bdi>' in page.text


@pytest.mark.sqlite_only
def test_wrong_codes_are_counted_with_wrong_passwords(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    secret, codes = with_second_step(house, amal)
    half = half_of(send_password(client))
    client.post("/sign-in", data={"login": "amal", "password": "wrong"})
    told = [send_code(client, "000000", half).status_code for _ in range(10)]
    assert told == [401] * 9 + [429]
    right = app_code(secret, step_of(clock.now()))
    for code in (right, codes[0]):
        assert send_code(client, code, half).status_code == 429
    assert send_password(client).status_code == 429


@pytest.mark.sqlite_only
def test_what_lies_between_password_and_code_opens_nothing_and_ends(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    secret, codes = with_second_step(house, amal)
    half = half_of(send_password(client))
    client.cookies.set("staff", half)
    assert client.get("/trainer").status_code == 303
    staff_id, until, seal = half.split(".")
    for made_up in (
        "",
        "a.b.c",
        f"{staff_id}.{int(until) + 9}.{seal}",
        f"{'0' * 32}.{until}.{seal}",
    ):
        refused = client.post("/sign-in/code", data={"half": made_up, "code": codes[0]})
        assert refused.headers["location"].startswith("/sign-in"), made_up
    with house.unit(writes=True) as work:
        accounts.set_password(work, amal, PASSWORD + " neu")
    assert send_code(client, codes[0], half).headers["location"].startswith("/sign-in")
    clock.advance(timedelta(minutes=11))
    with house.unit(writes=True) as work:
        accounts.set_password(work, amal, PASSWORD)
    old = half_of(send_password(client))
    clock.advance(timedelta(minutes=10))
    assert send_code(client, codes[0], old).headers["location"].startswith("/sign-in")
    assert send_code(client, app_code(secret, step_of(clock.now()))).status_code == 303


@pytest.mark.sqlite_only
def test_a_one_time_link_sets_the_password_and_does_not_go_round_the_code(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    _, codes = with_second_step(house, amal)
    with house.unit(writes=True) as work:
        token = accounts.make_one_time_link(work, amal)
    asked = client.post(f"/one-time/{token}", data={"password": PASSWORD + "!"})
    assert asked.status_code == 200
    assert "staff" not in client.cookies
    assert send_code(client, codes[0], half_of(asked)).status_code == 303

    with house.unit(writes=True) as work:
        for_program = accounts.make_one_time_link(work, amal)
    body = {"code": for_program, "password": PASSWORD}
    for wrong in ({}, {"second_code": "000000"}, {"second_code": codes[0]}):
        refused = client.post(f"{API}/tokens", json=body | wrong)
        assert (refused.status_code, refused.json()["code"]) == (401, "second_code_wrong")
    assert len(rows(house, "SELECT 1 FROM failed_sign_ins")) == 3
    made = client.post(f"{API}/tokens", json=body | {"second_code": codes[1]})
    assert made.status_code == 201


@pytest.mark.sqlite_only
def test_an_admin_takes_a_lost_second_step_away_and_the_log_says_so(
    client: TestClient, house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    _, codes = with_second_step(house, amal)
    at_work = another_browser(client)
    assert send_code(at_work, codes[0]).status_code == 303
    office = PageClient(another_browser(client), house)
    sign_in(office.client, house, admin)
    page = office.get(f"/admin/staff/{amal.id}")
    office.send(page, f"/admin/staff/{amal.id}/second-step/end")
    assert at_work.get("/trainer").status_code == 303
    assert send_password(client).status_code == 303
    log = rows(
        house, "SELECT staff_id, object_id FROM audit_events WHERE verb = 'remove_second_step'"
    )
    assert log == [{"staff_id": admin.id, "object_id": amal.id}]
    assert rows(house, "SELECT * FROM recovery_codes") == []


@pytest.mark.sqlite_only
def test_a_new_list_ends_the_one_before_it(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    _, codes = with_second_step(house, amal)
    browser = PageClient(client, house)
    assert send_code(client, codes[0]).status_code == 303
    browser.read(browser.send(browser.get(HERE), f"{HERE}/second-step/list", status=200), 200)
    assert send_code(another_browser(client), codes[1]).status_code == 401
    assert len(rows(house, "SELECT * FROM recovery_codes")) == 10


@pytest.mark.parametrize(
    ("said", "mode", "asked"),
    [
        ("", Mode.LAN, set()),
        ("", Mode.HTTPS, {"admin", "trainer", "evaluator", "viewer"}),
        ("nobody", Mode.HTTPS, set()),
        ("admin, trainer", Mode.LAN, {"admin", "trainer"}),
        ("everybody", Mode.LAN, {"admin", "trainer", "evaluator", "viewer"}),
    ],
)
def test_the_settings_say_whose_account_needs_one(
    tmp_path: Path, said: str, mode: Mode, asked: set[str]
) -> None:
    settings = make_settings(tmp_path, "sqlite://", second_step_for=said, mode=mode)
    assert settings.second_step_roles == asked


@pytest.mark.sqlite_only
def test_who_needs_one_and_has_none_sets_it_up_before_anything_else(
    tmp_path: Path, database_url: str, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    with house.unit(writes=True) as work:
        accounts.set_password(work, amal, PASSWORD)
        code = accounts.make_one_time_link(work, amal)
    settings = make_settings(tmp_path, database_url, second_step_for="trainer")
    application = create_app(settings, clock)
    with a_client(application) as client:
        own = application.state.house
        assert send_password(client).status_code == 303
        for path in ("/trainer", "/trainer/workshops/new", "/staff"):
            assert client.get(path).headers["location"] == HERE, path
        refused = client.post(f"{API}/tokens", json={"code": code, "password": PASSWORD})
        assert (refused.status_code, refused.json()["code"]) == (403, "second_step_needed")
        browser = PageClient(client, own)
        browser.send(browser.get(HERE), f"{HERE}/second-step")
        page = browser.get(HERE)
        assert "This account needs a second step at sign-in first." in page.text
        spelled = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page.text))
        secret = b32decode(spelled)
        right = app_code(secret, step_of(clock.now()))
        browser.read(browser.send(page, f"{HERE}/second-step/confirm", status=200, code=right), 200)
        assert client.get("/trainer").status_code == 200
        other = another_browser(client)
        sign_in(other, own, a_staff_member(own, "eva", Role.EVALUATOR))
        assert other.get("/evaluator").status_code == 200


@pytest.mark.sqlite_only
def test_a_secret_of_another_service_key_is_begun_anew_and_nothing_breaks(
    tmp_path: Path, database_url: str, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    with house.unit(writes=True) as work:
        second_factors.start_second_step(work, amal)
    settings = make_settings(tmp_path / "restored", database_url)  # without the keys
    application = create_app(settings, clock)
    with a_client(application) as client:
        own = application.state.house
        sign_in(client, own, amal)
        browser = PageClient(client, own)
        page = browser.get(HERE)
        fields = page.fields("/sign-out") | {"code": "123456"}
        assert client.post(f"{HERE}/second-step/confirm", data=fields).status_code == 401
        browser.send(page, f"{HERE}/second-step")
        assert browser.get(HERE).fields(f"{HERE}/second-step/confirm")


@pytest.mark.sqlite_only
def test_a_note_whose_time_is_no_number_is_refused_however_long(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    for until in ("9" * 5000, "", "later", "-1"):
        sent = {"half": f"{amal.id}.{until}.{'0' * 64}", "code": "123456"}
        refused = client.post("/sign-in/code", data=sent)
        assert refused.headers["location"].startswith("/sign-in"), until[:9]
