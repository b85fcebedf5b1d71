"""Tokens for indicators: shown once, kept as a hash, one organisation, ended at once, counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts import indicator_tokens
from app.accounts.schemas import Role, StaffPerson
from app.core.errors import IndicatorTokenNeeded, TokenUsedTooOften
from app.main import create_app
from app.settings import Settings
from app.web.house import House
from tests.fixtures.final_rooms import a_final_workshop, people, release
from tests.fixtures.house import FakeClock, a_client, a_staff_member, bearer_of, sign_in
from tests.fixtures.indicators import (
    RESULTS,
    WORKSHOPS,
    a_token,
    as_bearer,
    as_password,
    ask,
    rows_of,
)
from tests.fixtures.loop import API, everything_stored, rows
from tests.fixtures.page_client import PageClient, another_browser, marked_field, words_of

PAGE = "/evaluator/tokens"
ADDRESSES = (RESULTS, f"{RESULTS}.csv", WORKSHOPS, f"{WORKSHOPS}.csv")


def browser_of(client: TestClient, house: House, staff: StaffPerson) -> PageClient:
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, staff)
    return browser


def make_on_page(browser: PageClient, label: str) -> str:
    """The token that the page shows after the button."""
    answer = browser.send(browser.get(PAGE), PAGE, status=200, label=label)
    page = browser.read(answer, 200)
    (shown,) = [
        words_of(each)
        for each in page.find("bdi")
        if words_of(each).startswith(indicator_tokens.PREFIX)
    ]
    return shown


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_token_opens_as_bearer_and_as_password(
    client: TestClient, house: House, dina: StaffPerson, address: str
) -> None:
    token = a_token(house, dina)
    answers = [
        client.get(address, headers=as_bearer(token)),
        client.get(address, headers=as_password(token)),
        client.get(address, headers=as_password(token, name="")),
    ]
    assert [each.status_code for each in answers] == [200] * 3
    assert len({each.content for each in answers}) == 1


def test_a_token_is_shown_once_and_kept_as_a_hash(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    browser = browser_of(client, house, dina)
    token = make_on_page(browser, "Power BI of the donor")
    assert len(token) > 40
    assert token not in browser.get(PAGE).text
    assert token.encode() not in everything_stored(house)
    assert ask(client, token, WORKSHOPS).json() == {"rows": []}


def test_making_and_revoking_are_audited_and_reading_is_noted_as_last_use(
    client: TestClient, house: House, dina: StaffPerson, clock: FakeClock
) -> None:
    browser = browser_of(client, house, dina)
    token = make_on_page(browser, "Power BI of the donor")
    page = browser.get(PAGE)
    assert "Power BI of the donor" in page.main
    assert "Never used." in page.main
    clock.advance(timedelta(minutes=7))
    ask(client, token, WORKSHOPS)
    (known,) = client.get(f"{API}/indicator-tokens", headers=bearer_of(house, dina)).json()
    assert (known["label"], known["created_by"]) == ("Power BI of the donor", "Dina")
    assert known["last_used_at"].startswith("2026-11-22T06:07:00")
    assert known["revoked_at"] is None
    browser.send(browser.get(PAGE), f"{PAGE}/{known['id']}/revoke")
    assert client.get(WORKSHOPS, headers=as_bearer(token)).status_code == 401
    assert "revoked on" in browser.get(PAGE).main
    lines = rows(
        house,
        "SELECT verb, object_id, staff_id, facts FROM audit_events "
        "WHERE object_kind = 'indicator_token' ORDER BY id",
    )
    assert [(each["verb"], each["object_id"], each["staff_id"]) for each in lines] == [
        ("create_indicator_token", known["id"], dina.id),
        ("revoke_indicator_token", known["id"], dina.id),
    ]
    assert not [each for each in lines if token in str(each)]


def test_the_api_makes_lists_and_revokes_as_the_page_does(
    client: TestClient, house: House, admin: StaffPerson
) -> None:
    headers = bearer_of(house, admin)
    made = client.post(f"{API}/indicator-tokens", headers=headers, json={"label": "DHIS2"})
    assert made.status_code == 201
    token = made.json()["token"]
    assert rows_of(client, token) == []
    (known,) = client.get(f"{API}/indicator-tokens", headers=headers).json()
    assert "token" not in known
    for _ in range(2):  # again changes nothing
        ended = client.delete(f"{API}/indicator-tokens/{known['id']}", headers=headers)
        assert ended.status_code == 204
    assert client.get(RESULTS, headers=as_bearer(token)).status_code == 401
    verbs = rows(house, "SELECT verb FROM audit_events WHERE verb LIKE '%indicator_token'")
    assert len(verbs) == 2


def test_an_empty_label_is_refused_beside_its_field_and_nothing_is_made(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    browser = browser_of(client, house, dina)
    page = browser.read(browser.send(browser.get(PAGE), PAGE, status=422, label=" "), 422)
    assert "Nothing is typed here." in page.main
    assert marked_field(page).get("name") == "label"
    assert rows(house, "SELECT id FROM indicator_tokens") == []


def test_nobody_else_lists_or_revokes_a_token(
    client: TestClient, house: House, dina: StaffPerson, amal: StaffPerson
) -> None:
    token = a_token(house, dina)
    (known,) = client.get(f"{API}/indicator-tokens", headers=bearer_of(house, dina)).json()
    foreign = a_staff_member(house, "else", Role.EVALUATOR, organisation="Elsewhere")
    own = f"{API}/indicator-tokens/{known['id']}"
    assert client.get(f"{API}/indicator-tokens", headers=bearer_of(house, foreign)).json() == []
    assert client.delete(own, headers=bearer_of(house, foreign)).status_code == 404
    assert client.delete(own, headers=bearer_of(house, amal)).status_code == 403
    assert client.delete(own, headers=as_bearer(token)).status_code == 401
    assert rows_of(client, token) == []


def test_a_missing_unknown_or_foreign_token_gets_401_with_a_sentence_and_the_way_to_ask(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    unknown = indicator_tokens.PREFIX + "A" * 43
    token = a_token(house, dina)
    for headers in (
        {}, as_bearer(unknown), as_password(unknown), as_bearer(token[:-1]), bearer_of(house, dina),
        as_password(""), {"Authorization": "Basic %%%"}, {"Authorization": token},
    ):  # fmt: skip
        for address in ADDRESSES:
            answer = client.get(address, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'Basic realm="indicators", Bearer'
            told = answer.json()
            assert told["code"] == "indicator_token_needed"
            assert told["title"] == "These numbers are for programs with a token that works."


def test_a_token_for_indicators_opens_nothing_else(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    headers = as_bearer(a_token(house, dina))
    for address in (
        "/staff", "/programmes", "/forms", "/workshops", "/reports/gains", "/reports/gains.csv",
        "/reports/pooled", "/reports/pooled/report.csv", "/reports/choices", "/reports/kept", "/me",
        "/indicator-tokens",
    ):  # fmt: skip
        assert client.get(API + address, headers=headers).status_code == 401, address
    assert client.delete(f"{API}/tokens/own", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "name", ["token", "access_token", "api_key", "API_KEY", "password", "key", "auth", "whatever"]
)
def test_a_token_in_the_address_is_refused_even_beside_a_right_one(
    client: TestClient, house: House, dina: StaffPerson, name: str
) -> None:
    token = a_token(house, dina)
    for headers in ({}, as_bearer(token)):
        for address in ADDRESSES:
            answer = client.get(f"{address}?{name}={token}", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "token_in_address")
            assert token not in answer.text
    (known,) = rows(house, "SELECT last_used_at FROM indicator_tokens")
    assert known["last_used_at"] is None


def test_sixty_requests_in_ten_minutes_then_wait(
    client: TestClient, house: House, dina: StaffPerson, clock: FakeClock
) -> None:
    token, other = a_token(house, dina), a_token(house, dina, "another")
    for _ in range(60):
        ask(client, token, WORKSHOPS)
        clock.advance(timedelta(seconds=1))
    late = client.get(WORKSHOPS, headers=as_bearer(token))
    assert (late.status_code, late.json()["code"]) == (429, "token_used_too_often")
    assert late.headers["retry-after"] == "600"
    assert "Wait ten minutes." in late.json()["next_step"]
    assert client.get(f"{RESULTS}.csv", headers=as_password(token)).status_code == 429
    ask(client, other, WORKSHOPS)  # nobody else waits
    clock.advance(timedelta(minutes=10))
    ask(client, token, WORKSHOPS)


def test_a_restart_and_another_worker_go_on_counting(
    client: TestClient, house: House, settings: Settings, dina: StaffPerson, clock: FakeClock
) -> None:
    token = a_token(house, dina)
    with house.unit(writes=True) as work:
        known = indicator_tokens.require_indicator_token(work, token)
        for _ in range(indicator_tokens.MOST_USES):
            indicator_tokens.count_use(work, known)
    with house.unit(writes=True) as work, pytest.raises(TokenUsedTooOften):
        indicator_tokens.count_use(work, known)
    another = create_app(settings, clock)
    answer = a_client(another).get(WORKSHOPS, headers=as_bearer(token))
    another.state.house.engine.dispose()
    assert answer.status_code == 429


def test_requests_at_the_same_moment_are_each_counted(house: House, dina: StaffPerson) -> None:
    token = a_token(house, dina)

    def use(_: int) -> bool:
        with house.unit(writes=True) as work:
            try:
                indicator_tokens.count_use(
                    work, indicator_tokens.require_indicator_token(work, token)
                )
            except TokenUsedTooOften:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        let_in = list(pool.map(use, range(indicator_tokens.MOST_USES + 20)))
    assert sum(let_in) == indicator_tokens.MOST_USES


def test_a_token_that_is_revoked_between_its_two_transactions_opens_nothing(
    house: House, dina: StaffPerson
) -> None:
    token = a_token(house, dina)
    with house.unit(writes=True) as work:
        known = indicator_tokens.require_indicator_token(work, token)
        indicator_tokens.revoke_indicator_token(work, known.id, by=dina)
    with house.unit(writes=True) as work, pytest.raises(IndicatorTokenNeeded):
        indicator_tokens.count_use(work, known)


def test_each_organisation_reads_its_own(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson, dina: StaffPerson
) -> None:
    a_final_workshop(house, amal, people(12), title="Ours")
    a_final_workshop(house, basma, people(15), title="Theirs")
    release(house)
    told = {
        name: ask(client, a_token(house, by), WORKSHOPS).json()["rows"]
        for name, by in (("ours", dina), ("theirs", basma))
    }
    titles = {name: [each["title"] for each in found] for name, found in told.items()}
    assert titles == {"ours": ["Ours"], "theirs": ["Theirs"]}
    assert paired(rows_of(client, a_token(house, dina))) == {12}
    assert paired(rows_of(client, a_token(house, basma))) == {15}


def paired(found: list[dict[str, Any]]) -> set[int]:
    return {
        each["value"]
        for each in found
        if each["breakdown"] == "everybody" and each["indicator"] == "paired"
    }
