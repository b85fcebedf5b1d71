"""Your sign-in: where it is open, which programs act, what a token may do, and the proof again."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson, TokenScope
from app.participants import service as participants
from app.web.house import House
from tests.fixtures.house import (
    PHONE,
    FakeClock,
    a_client,
    a_staff_member,
    a_workshop,
    bearer_of,
    sign_in,
)
from tests.fixtures.loop import API, join, rows
from tests.fixtures.page_client import PageClient, another_browser

pytestmark = pytest.mark.sqlite_only  # what is stored is held to both databases elsewhere

PASSWORD = "vier einfache Wörter هنا"
HERE = "/staff/sign-in"
DAY = {"day": "2026-11-22"}


@pytest.fixture
def known(house: House, amal: StaffPerson) -> StaffPerson:
    """Amal with a password: the demonstration's people have none, and are asked for nothing."""
    with house.unit(writes=True) as work:
        accounts.set_password(work, amal, PASSWORD)
    return amal


def signed_in(client: TestClient, house: House) -> PageClient:
    """A browser that came in by the password."""
    browser = PageClient(another_browser(client), house)
    sent = {"login": "amal", "password": PASSWORD}
    assert browser.client.post("/sign-in", data=sent).status_code == 303
    return browser


def papers(house: House, trainer: StaffPerson) -> tuple[str, str]:
    """A workshop with one certificate, and its number."""
    from app.certificates import service as certificates

    room = a_workshop(house, trainer, people=1)
    phone = join(house, room, 0)
    day = room.workshop.starts_on
    with house.unit(writes=True) as work:
        participants.tick_everybody(work, room.workshop, day=day, by=trainer)
        participants.confirm_name(work, phone, room.workshop, local="", latin="Synthetic Person 1")
        card = participants.require_card(work, room.workshop, room.cards[0].card.number)
        made = certificates.issue_certificate(work, room.workshop, card, by=trainer)
    return room.workshop.id, made.number


def test_open_sign_ins_are_listed_and_each_can_be_ended(
    client: TestClient, house: House, known: StaffPerson, clock: FakeClock
) -> None:
    old = signed_in(client, house)
    clock.advance(timedelta(minutes=5))
    new = signed_in(client, house)
    page = new.get(HERE)
    ends = re.findall(rf'action="({HERE}/open/[0-9a-f]+/end)"', page.text)
    assert len(ends) == 1  # this browser has no button: that is Sign out
    assert 'last used <bdi dir="ltr">5</bdi> min ago' in page.text
    assert new.send(page, ends[0]).headers["location"] == HERE
    assert old.client.get("/trainer").status_code == 303
    assert new.client.get("/trainer").status_code == 200
    assert len(rows(house, "SELECT 1 FROM audit_events WHERE verb = 'end_sign_in'")) == 1


def test_a_sign_in_or_token_of_somebody_else_looks_like_a_missing_one(
    client: TestClient, house: House, known: StaffPerson, basma: StaffPerson
) -> None:
    other = another_browser(client)
    sign_in(other, house, basma)
    bearer_of(house, basma)
    browser = signed_in(client, house)
    headers = bearer_of(house, known)
    fields = browser.get(HERE).fields("/sign-out")
    for table, kind in (("sign_ins", "open"), ("api_tokens", "tokens")):
        (row,) = rows(house, f"SELECT id FROM {table} WHERE staff_id = :who", who=basma.id)
        pages = [
            browser.client.post(f"{HERE}/{kind}/{each}/end", data=fields)
            for each in (row["id"], "0" * 32)
        ]
        told = [
            client.delete(f"{API}/own/{path}/{each}", headers=headers)
            for path in (["sign-ins"] if kind == "open" else ["tokens"])
            for each in (row["id"], "0" * 32)
        ]
        assert {each.status_code for each in pages + told} == {404}
        assert pages[0].text.replace(row["id"], "0" * 32) == pages[1].text
        assert told[0].content == told[1].content
    assert other.get("/trainer").status_code == 200


def test_an_admin_sees_and_ends_what_a_colleague_has_open_and_nobody_elses(
    client: TestClient, house: House, known: StaffPerson, admin: StaffPerson, basma: StaffPerson
) -> None:
    browser = signed_in(client, house)
    program = bearer_of(house, known)
    office = PageClient(another_browser(client), house)
    sign_in(office.client, house, admin)
    here = f"/admin/staff/{known.id}"
    assert f'href="{here}"' in office.get("/admin").text
    for action in re.findall(r'action="(\S+/(?:open|tokens)/\S+/end)"', office.get(here).text):
        office.send(office.get(here), action)
    assert browser.client.get("/trainer").status_code == 303
    assert client.get(f"{API}/workshops", headers=program).status_code == 401
    assert office.client.get(f"/admin/staff/{basma.id}").status_code == 404
    headers = bearer_of(house, admin)
    assert client.post(f"{API}/staff/{basma.id}/switch-off", headers=headers).status_code == 404


def test_an_account_that_is_switched_off_ends_at_once_and_can_come_back(
    client: TestClient, house: House, known: StaffPerson, admin: StaffPerson
) -> None:
    browser = signed_in(client, house)
    program = bearer_of(house, known)
    office = PageClient(another_browser(client), house)
    sign_in(office.client, house, admin)
    here = f"/admin/staff/{known.id}"
    page = office.get(here)
    office.send(page, f"{here}/switch-off")
    assert browser.client.get("/trainer").status_code == 303
    assert client.get(f"{API}/workshops", headers=program).status_code == 401
    sent = {"login": "amal", "password": PASSWORD}
    assert client.post("/sign-in", data=sent).status_code == 401
    office.send(office.get(here), f"{here}/switch-on")
    assert client.post("/sign-in", data=sent).status_code == 303
    assert client.get(f"{API}/workshops", headers=program).status_code == 401  # ended for good
    own = office.client.post(f"/admin/staff/{admin.id}/switch-off", data=page.fields("/sign-out"))
    assert own.status_code == 403
    verbs = [row["verb"] for row in rows(house, "SELECT verb FROM audit_events ORDER BY id")]
    assert [verb for verb in verbs if verb.startswith("switch")] == ["switch_off", "switch_on"]


def test_a_forgotten_password_is_chosen_anew_by_a_link_of_the_admin(
    client: TestClient, house: House, known: StaffPerson, admin: StaffPerson
) -> None:
    office = PageClient(another_browser(client), house)
    sign_in(office.client, house, admin)
    here = f"/admin/staff/{known.id}"
    made = office.read(office.send(office.get(here), f"{here}/link", status=200), 200)
    (token,) = re.findall(r"/one-time/([\w-]+)", made.text)
    chosen = client.post(f"/one-time/{token}", data={"password": PASSWORD + "!"})
    assert chosen.headers["location"] == "/staff"


def test_each_token_may_do_what_it_was_made_for(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    workshop, number = papers(house, amal)
    held = {scope: bearer_of(house, amal, scope) for scope in TokenScope}
    room = f"{API}/workshops/{workshop}"
    for scope, headers in held.items():
        assert client.get(room, headers=headers).status_code == 200
        wrote = client.post(f"{room}/attendance/all", headers=headers, json=DAY)
        assert wrote.status_code == (403 if scope is TokenScope.READ else 204)
        for path in (f"{room}/certificates.zip", f"{room}/certificates/{number}.pdf"):
            told = client.get(path, headers=headers)
            assert told.status_code == (200 if scope is TokenScope.NAMES else 403)
    narrow = held[TokenScope.READ]
    refused = client.post(f"{room}/attendance/all", headers=narrow, json=DAY).json()
    assert (refused["code"], refused["needed"]) == ("token_too_narrow", "write")
    read = client.get(f"{room}/certificates.zip", headers=held[TokenScope.READ]).json()
    assert (read["code"], read["needed"]) == ("token_too_narrow", "names")
    listed = client.post(f"{room}/people/readings", headers=held[TokenScope.READ], content=b"x")
    assert listed.json()["code"] == "token_too_narrow"


def test_a_token_is_made_on_the_page_listed_ended_and_over_after_a_year(
    client: TestClient, house: House, known: StaffPerson, clock: FakeClock
) -> None:
    browser = signed_in(client, house)
    page = browser.get(HERE)
    wrong = browser.send(page, f"{HERE}/tokens", status=422, label="a script", scope="everything")
    assert 'value="a script"' in wrong.text
    made = browser.read(
        browser.send(page, f"{HERE}/tokens", status=200, label="a script", scope="read"), 200
    )
    (secret,) = re.findall(r'<p class="link"><bdi dir="ltr">([\w-]{43})</bdi>', made.text)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get(f"{API}/workshops", headers=headers).status_code == 200
    assert client.get(f"{API}/own/access", headers=headers).json()["tokens"][0]["scope"] == "read"
    assert secret not in browser.get(HERE).text
    lasting = bearer_of(house, known)
    (ending,) = re.findall(rf'action="({HERE}/tokens/\w+/end)"', made.text)
    browser.send(made, ending)
    assert client.get(f"{API}/workshops", headers=headers).status_code == 401
    assert client.get(f"{API}/workshops", headers=lasting).status_code == 200
    clock.advance(timedelta(days=365))
    assert client.get(f"{API}/workshops", headers=lasting).status_code == 401


def test_names_are_downloaded_only_shortly_after_a_proof(
    client: TestClient, house: House, known: StaffPerson, clock: FakeClock
) -> None:
    workshop, number = papers(house, known)
    browser = signed_in(client, house)
    room = f"/trainer/workshops/{workshop}"
    files = [f"{room}/certificates.zip", f"{room}/certificates/{number}.pdf"]
    for path in files:
        assert browser.client.get(path).status_code == 200
    clock.advance(timedelta(minutes=10, seconds=1))
    for path in files:
        asked = browser.client.get(path)
        assert asked.headers["location"] == f"/staff/again?next={path}"
    assert browser.client.get(f"{room}/certificates").status_code == 200  # the page itself
    page = browser.get(f"/staff/again?next={files[0]}")
    wrong = browser.send(page, "/staff/again", status=401, password="wrong")
    assert browser.client.get(files[0]).status_code == 303
    again = browser.read(wrong, 401)
    done = browser.send(again, "/staff/again", status=200, password=PASSWORD)
    assert f'href="{files[0]}"' in done.text
    assert browser.client.get(files[0]).status_code == 200
    clock.advance(timedelta(minutes=10, seconds=1))
    assert browser.client.get(files[0]).status_code == 303
    assert len(rows(house, "SELECT 1 FROM failed_sign_ins")) == 1


def test_ten_wrong_proofs_close_the_door_and_the_way_on_stays_on_this_service(
    client: TestClient, house: House, known: StaffPerson
) -> None:
    browser = signed_in(client, house)
    page = browser.get("/staff/again?next=//evil.example")
    assert page.fields("/staff/again")["next"] == "/"
    fields = page.fields("/staff/again") | {"password": "wrong"}
    told = [browser.client.post("/staff/again", data=fields).status_code for _ in range(11)]
    assert told == [401] * 10 + [429]


def test_changing_how_one_signs_in_asks_for_a_fresh_proof(
    client: TestClient, house: House, known: StaffPerson, clock: FakeClock
) -> None:
    browser = signed_in(client, house)
    clock.advance(timedelta(minutes=11))
    page = browser.get(HERE)
    for path, fields in (("second-step", {}), ("tokens", {"label": "x", "scope": "names"})):
        sent = browser.send(page, f"{HERE}/{path}", **fields)
        assert sent.headers["location"] == f"/staff/again?next={HERE}"
    assert rows(house, "SELECT * FROM second_factors") == []


def test_on_another_device_of_a_room_no_password_is_asked_and_no_secret_shown(
    application: object, client: TestClient, house: House, known: StaffPerson
) -> None:
    from app.accounts import loans, sign_ins

    with house.unit(writes=True) as work:
        token = sign_ins.start_sign_in(work, known, house.sign_in_rules)
        work.db.flush()
        lender = sign_ins.get_sign_in(work, token, house.sign_in_rules)
        assert lender is not None
        code = loans.lend(work, lender)
        work.db.flush()
        borrowed = loans.borrow(work, code, house.sign_in_rules)
    phone = a_client(client.app, PHONE)  # type: ignore[arg-type]
    phone.cookies.set("staff", borrowed)
    page = phone.get(HERE)
    assert page.status_code == 200
    assert f'action="{HERE}/second-step"' not in page.text
    (csrf,) = set(re.findall(r'name="csrf" value="(\w+)"', page.text))
    for path in ("/staff/again", f"{HERE}/second-step", f"{HERE}/tokens"):
        assert phone.post(path, data={"csrf": csrf}).status_code == 403, path
    assert rows(house, "SELECT * FROM second_factors") == []


def test_a_viewer_reads_frozen_reports_and_nothing_else(client: TestClient, house: House) -> None:
    viewer = a_staff_member(house, "vera", Role.VIEWER)
    headers = bearer_of(house, viewer, TokenScope.READ)
    assert client.get(f"{API}/reports/kept", headers=headers).status_code == 200
    for path in ("/reports/gains", "/reports/pooled", "/reports/choices", "/workshops", "/staff"):
        assert client.get(API + path, headers=headers).status_code == 403, path


def test_every_token_can_end_itself_and_the_log_says_so(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    for scope in TokenScope:
        headers = bearer_of(house, amal, scope)
        assert client.delete(f"{API}/tokens/own", headers=headers).status_code == 204, scope
        assert client.get(f"{API}/workshops", headers=headers).status_code == 401
        assert client.delete(f"{API}/tokens/own", headers=headers).status_code == 401
    assert client.delete(f"{API}/tokens/own").status_code == 401
    ended = "SELECT staff_id, object_id FROM audit_events WHERE verb = 'revoke_token'"
    assert rows(house, ended) == [{"staff_id": amal.id, "object_id": amal.id}] * 3
