"""What opens names or a way in: no narrow token gets it, no browser without a fresh proof."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson, TokenScope
from app.web.house import House
from tests.fixtures.house import FakeClock, Room, a_staff_member, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import PageClient, another_browser

pytestmark = pytest.mark.sqlite_only  # access is decided before anything is stored

PASSWORD = "vier einfache Wörter هنا"
NARROW = (TokenScope.READ, TokenScope.WRITE)
SOMEBODY = {"login": "carla", "display_name": "Synthetic Carla", "role": "admin"}


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    return a_workshop(house, amal, people=1)


def late_browser(
    client: TestClient, house: House, staff: StaffPerson, clock: FakeClock
) -> PageClient:
    """A browser that was left open: the password was typed eleven minutes ago."""
    with house.unit(writes=True) as work:
        accounts.set_password(work, staff, PASSWORD)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, staff)
    clock.advance(timedelta(minutes=11))
    return browser


def ask(client: TestClient, verb: str, path: str, headers: dict[str, str], sent: Any = None) -> Any:
    return client.request(verb, f"{API}{path}", headers=headers, json=sent)


def test_what_opens_a_card_is_for_tokens_with_names_alone(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    here, number = f"/workshops/{room.workshop.id}", room.cards[0].card.number
    asked = [
        ("GET", f"{here}/cards", None, 200),
        ("GET", f"{here}/cards.pdf", None, 200),
        ("POST", f"{here}/cards", {"count": 2}, 200),
        ("POST", f"{here}/cards/{number}/admit", {}, 204),
        ("POST", f"{here}/cards/{number}/reissue", {}, 200),
    ]
    for scope in NARROW:
        headers = bearer_of(house, amal, scope)
        for verb, path, sent, _status in asked:
            told = ask(client, verb, path, headers, sent)
            assert (told.status_code, told.json()["code"]) == (403, "token_too_narrow"), path
            assert room.cards[0].token not in told.text
    assert len(rows(house, "SELECT 1 FROM cards")) == 1
    wide = bearer_of(house, amal, TokenScope.NAMES)
    told = [ask(client, verb, path, wide, sent).status_code for verb, path, sent, _status in asked]
    assert told == [status for *_, status in asked]


def test_a_way_in_for_a_colleague_is_for_tokens_with_names_alone(
    client: TestClient, house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    here = f"/staff/{amal.id}"
    asked = [
        ("POST", "/staff", SOMEBODY, 201),
        ("POST", f"{here}/link", {}, 201),
        ("DELETE", f"{here}/second-step", None, 204),
    ]
    for scope in NARROW:
        headers = bearer_of(house, admin, scope)
        for verb, path, sent, _status in asked:
            assert ask(client, verb, path, headers, sent).status_code == 403, path
    assert rows(house, "SELECT 1 FROM one_time_links") == []
    wide = bearer_of(house, admin, TokenScope.NAMES)
    told = [ask(client, verb, path, wide, sent).status_code for verb, path, sent, _status in asked]
    assert told == [status for *_, status in asked]


def test_no_token_changes_how_its_owner_signs_in(
    client: TestClient, house: House, admin: StaffPerson
) -> None:
    headers = bearer_of(house, admin, TokenScope.NAMES)
    for verb, path in (("POST", "link"), ("DELETE", "second-step")):
        told = ask(client, verb, f"/staff/{admin.id}/{path}", headers)
        assert (told.status_code, told.json()["code"]) == (403, "not_allowed"), path
    assert rows(house, "SELECT 1 FROM one_time_links") == []


def test_printed_cards_ask_for_the_proof_again_and_the_way_back_keeps_the_number(
    client: TestClient, house: House, amal: StaffPerson, room: Room, clock: FakeClock
) -> None:
    browser = late_browser(client, house, amal, clock)
    here, number = f"/trainer/workshops/{room.workshop.id}", room.cards[0].card.number
    asked = browser.client.get(f"{here}/cards.pdf?number={number}").headers["location"]
    page = browser.get(asked)
    done = browser.read(browser.send(page, "/staff/again", status=200, password=PASSWORD), 200)
    assert done.find("a", href=f"{here}/cards.pdf?number={number}")
    assert browser.client.get(f"{here}/cards.pdf").status_code == 200
    assert not browser.get(f"{here}/cards").find("a", href=f"{here}/cards.pdf", download="")


def test_inviting_and_a_programs_token_ask_for_the_proof_again(
    client: TestClient, house: House, admin: StaffPerson, clock: FakeClock
) -> None:
    dina = a_staff_member(house, "dina", Role.EVALUATOR)
    forms = (
        (admin, "/admin", "/admin/staff", SOMEBODY),
        (dina, "/evaluator/tokens", "/evaluator/tokens", {"label": "a system"}),
    )
    for who, page, action, fields in forms:
        browser = late_browser(client, house, who, clock)
        asked = browser.send(browser.get(page), action, **fields)
        assert asked.headers["location"] == "/staff/again?next=/staff"
    assert rows(house, "SELECT 1 FROM one_time_links") == []
    assert rows(house, "SELECT 1 FROM indicator_tokens") == []
