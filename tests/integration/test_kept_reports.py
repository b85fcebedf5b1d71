"""A kept report: the same page and the same bytes, whatever happens to its workshops afterwards."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.reports.as_json import read_json
from app.reports.keeping import draw_kept
from app.web.house import House
from app.web.pooled import ReportFile
from tests.fixtures.final_rooms import a_final_workshop, people, release
from tests.fixtures.house import FakeClock, a_staff_member, bearer_of, sign_in
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import PageClient, another_browser
from tests.fixtures.reports import facts_in_api, facts_on_page

PAGE = "/evaluator/pooled"


@pytest.fixture
def held(house: House, amal: StaffPerson) -> None:
    """Four final workshops, released."""
    for n in (20, 24, 22, 26):
        a_final_workshop(house, amal, people(n, women=n // 2))
    release(house)


def browser_of(client: TestClient, house: House, staff: StaffPerson, language: str = "en") -> Any:
    browser = PageClient(another_browser(client), house, language)
    sign_in(browser.client, house, staff)
    return browser


def keep(client: TestClient, house: House, dina: StaffPerson, query: str = "?by=sex") -> str:
    """Dina keeps the report of a choice on its page; returns where it is."""
    browser = browser_of(client, house, dina)
    answer = browser.send(browser.get(f"{PAGE}{query}"), "/viewer")
    address: str = answer.headers["location"]
    assert address.startswith("/viewer/")
    return address


def files_of(
    client: TestClient, house: House, staff: StaffPerson, address: str
) -> dict[str, bytes]:
    headers = bearer_of(house, staff)
    found = {}
    for file in ReportFile:
        for language in ("en", "ur"):
            path = f"{API}/reports/kept/{address.removeprefix('/viewer/')}/{file}"
            answer = client.get(f"{path}?language={language}", headers=headers)
            assert answer.status_code == 200, answer.text
            found[f"{language} {file}"] = answer.content
    return found


def test_what_was_kept_has_the_facts_of_the_page_it_was_kept_from(
    client: TestClient, house: House, dina: StaffPerson, held: None
) -> None:
    live = client.get(f"{API}/reports/pooled?by=sex", headers=bearer_of(house, dina)).json()
    address = keep(client, house, dina)
    page = browser_of(client, house, dina).get(address)
    assert facts_on_page(page, live) == facts_in_api(live)
    for language in ("en", "ur"):
        kept = json.loads(files_of(client, house, dina, address)[f"{language} report.json"])
        assert (kept["id"], kept["hash"]) == (live["id"], live["hash"])
        assert kept["language"] == language


def test_erasing_and_scoring_again_and_later_workshops_change_nothing_of_what_was_kept(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, held: None,
    clock: FakeClock,
) -> None:  # fmt: skip
    address = keep(client, house, dina)
    before = files_of(client, house, dina, address)
    page = browser_of(client, house, dina).get(address).text
    with house.unit(writes=True) as work:
        for statement in (
            "UPDATE sittings SET units = 0", "DELETE FROM group_rollups",
            "UPDATE workshops SET title = 'another', place = 'elsewhere'",
            "UPDATE organisations SET name = 'Renamed'",
        ):  # fmt: skip
            work.db.connection().execute(text(statement))
    clock.advance(timedelta(days=400))
    a_final_workshop(house, amal, people(30, gain=6))
    release(house)
    live = client.get(f"{API}/reports/pooled?by=sex", headers=bearer_of(house, dina)).json()
    assert live["id"] not in page
    assert files_of(client, house, dina, address) == before
    assert facts_on_page(
        browser_of(client, house, dina).get(address), json.loads(before["en report.json"])
    )


def test_a_file_is_sent_as_it_was_first_drawn_by_whatever_draws_it_later(
    client: TestClient, house: House, dina: StaffPerson, held: None
) -> None:
    address = keep(client, house, dina)
    kept_id = address.removeprefix("/viewer/")
    files = files_of(client, house, dina, address)
    document = read_json(files["en report.json"])
    again = draw_kept(
        lambda writes: house.unit(writes=writes), document, kept_id, "report.pdf",
        lambda _: b"by a later version",
    )  # fmt: skip
    assert again == files["en report.pdf"]


def test_viewers_of_the_organisation_read_what_is_kept_and_nobody_elsewhere_does(
    client: TestClient, house: House, dina: StaffPerson, held: None
) -> None:
    viewer = a_staff_member(house, "viewer", Role.VIEWER)
    foreign = a_staff_member(house, "else", Role.EVALUATOR, organisation="Elsewhere")
    assert "No report is kept yet." in browser_of(client, house, viewer).get("/viewer").main
    address = keep(client, house, dina)
    seen = browser_of(client, house, viewer)
    listed = seen.get("/viewer")
    assert [each.get("href") for each in listed.find("a", href=address)] == [address]
    assert "Knowledge rose from" in listed.main
    seen.get(address)
    assert seen.client.get(f"{address}/report.pdf").content.startswith(b"%PDF")
    elsewhere = browser_of(client, house, foreign)
    assert "No report is kept yet." in elsewhere.get("/viewer").main
    elsewhere.get(address, status=404)
    assert elsewhere.client.get(f"{address}/report.csv").status_code == 404
    lines = rows(house, "SELECT verb FROM audit_events WHERE object_kind = 'report' ORDER BY id")
    assert [each["verb"] for each in lines] == ["keep_report", "export_kept"]


def test_the_same_facts_are_kept_once_and_what_is_withheld_is_not_kept(
    client: TestClient, house: House, dina: StaffPerson, held: None, clock: FakeClock
) -> None:
    first = keep(client, house, dina)
    clock.advance(timedelta(hours=1))
    assert keep(client, house, dina) == first
    headers = bearer_of(house, dina)
    answer = client.post(f"{API}/reports/kept", headers=headers, json={"by": "sex"})
    assert answer.json() == {"id": first.removeprefix("/viewer/")}
    other = client.post(f"{API}/reports/kept", headers=headers, json={"by": "workshop"})
    assert other.json()["id"] != answer.json()["id"]
    listed = client.get(f"{API}/reports/kept?language=ur", headers=headers).json()
    assert {each["id"] for each in listed} == {answer.json()["id"], other.json()["id"]}
    with house.unit(writes=True) as work:
        work.db.connection().execute(text("DELETE FROM released_totals"))
    refused = client.post(f"{API}/reports/kept", headers=headers, json={"by": "sex"})
    assert (refused.status_code, refused.json()["reason"]) == (422, "nothing_told")
