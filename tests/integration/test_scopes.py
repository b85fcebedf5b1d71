"""Evaluators and viewers who are limited to some countries or programmes.

What lies outside looks like what does not exist; what lies inside is the table that everybody else
gets, number for number. So two scopes together tell no more than the tables do.
"""

import re
from itertools import product
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts import indicator_tokens
from app.accounts.schemas import Role, StaffPerson
from app.web.house import House
from tests.architecture.permissions import EVALUATORS, PERMISSIONS, READERS
from tests.fixtures.house import a_client, a_staff_member, bearer_of, sign_in
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import PageClient
from tests.fixtures.scene import MISSING
from tests.fixtures.scoped import Office, an_office, keep, limit

BREAKDOWNS = ("", "sex", "agency_type", "workshop", "province")
CLOSED = (
    "/evaluator/items", "/evaluator/items/items.csv", "/evaluator/tokens", "/evaluator/rows",
    "/evaluator/ballots", f"{API}/reports/items", f"{API}/reports/items/items.csv",
    f"{API}/indicator-tokens", f"{API}/ballots",
)  # fmt: skip


@pytest.fixture
def office(house: House, amal: StaffPerson) -> Office:
    """Two programmes, two countries."""
    return an_office(house, amal)


class Reader:
    """Somebody's browser and program."""

    def __init__(self, application: FastAPI, house: House, staff: StaffPerson) -> None:
        self.client = a_client(application)
        sign_in(self.client, house, staff)
        self.headers = bearer_of(house, staff)

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.client.get(path, params=query, headers=self.headers)

    def json(self, path: str, **query: str) -> Any:
        answer = self.get(f"{API}{path}", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


def test_a_limited_evaluator_sees_the_workshops_of_the_scope_alone(
    application: FastAPI, client: TestClient, house: House, office: Office,
    dina: StaffPerson, admin: StaffPerson,
) -> None:  # fmt: skip
    everything = {each.id for each in office.workshops.values()}
    seen = {
        "whole": (dina, everything),
        "programme": (
            limit(house, admin, a_staff_member(house, "p", Role.EVALUATOR), of=office.first),
            {office.workshops[name].id for name in ("one", "small one")},
        ),
        "country": (
            limit(house, admin, a_staff_member(house, "c", Role.EVALUATOR), countries="bd"),
            {office.workshops["abroad"].id},
        ),
        "both": (
            limit(
                house, admin, a_staff_member(house, "b", Role.EVALUATOR), countries="PK IR",
                of=office.second,
            ),
            {office.workshops[name].id for name in ("two", "small two")},
        ),
    }  # fmt: skip
    for name, (staff, ids) in seen.items():
        reader = Reader(application, house, staff)
        told = {row["workshop"]["id"] for row in reader.json("/reports/gains")["rows"]}
        page = reader.get("/evaluator").text
        file = reader.get("/evaluator/report.csv").text
        assert told == ids, name
        assert {each for each in everything if each in page} == ids, name
        assert len(file.strip().splitlines()) - 1 == len(ids), name


def test_what_lies_outside_looks_like_what_does_not_exist_byte_for_byte(
    application: FastAPI, client: TestClient, house: House, office: Office,
    dina: StaffPerson, admin: StaffPerson,
) -> None:  # fmt: skip
    kept = {
        "workshop_id": office.workshops["two"].id,
        "kept_id": keep(house, dina, programme=office.second),
    }
    own = {
        "workshop_id": office.workshops["one"].id,
        "kept_id": keep(house, dina, programme=office.first),
    }
    readers = {
        role: Reader(
            application, house,
            limit(house, admin, a_staff_member(house, f"l-{role}", role), of=office.first),
        )
        for role in (Role.EVALUATOR, Role.VIEWER)
    }  # fmt: skip
    values = {"table": "items", "file": "report.csv", "chart": "numbers", "kind": "csv"}
    tried = 0
    for key, allowed in PERMISSIONS.items():
        method, path = key.split(" ", 1)
        named = {"workshop_id", "kept_id"} & set(re.findall(r"\{(\w+)\}", path))
        if method != "GET" or not named or allowed not in (EVALUATORS, READERS):
            continue
        (name,) = named
        role = Role.VIEWER if allowed == READERS else Role.EVALUATOR
        told = []
        for value in (kept[name], MISSING):
            address = re.sub(r"\{(\w+)\}", lambda f, v=value: values.get(f[1], v), path)  # type: ignore[misc]
            told.append(plain(readers[role].get(address), value))
        assert told[0] == told[1], key
        assert told[0][0] == 404, key
        inside = re.sub(r"\{(\w+)\}", lambda f, v=own[name]: values.get(f[1], v), path)  # type: ignore[misc]
        if "{chart}" not in path:
            assert readers[role].get(inside).status_code == 200, key
        tried += 1
    assert tried >= 12


def plain(answer: httpx.Response, asked: str) -> tuple[int, str, dict[str, str]]:
    """The answer without the asked id, the form's token and the time of day."""
    text = re.sub(r'value="[0-9a-f]{32}"', "", answer.text.replace(asked, "ASKED"))
    headers = {name: value.replace(asked, "ASKED") for name, value in answer.headers.items()}
    kept = {name: headers[name] for name in headers if name not in ("date", "set-cookie")}
    return answer.status_code, text, kept


def test_every_table_of_a_limited_reader_is_one_that_everybody_else_gets(
    application: FastAPI, client: TestClient, house: House, office: Office,
    dina: StaffPerson, admin: StaffPerson,
) -> None:  # fmt: skip
    whole = Reader(application, house, dina)
    staff = limit(house, admin, a_staff_member(house, "p", Role.EVALUATOR), of=office.second)
    limited = Reader(application, house, staff)
    for by, country in product(BREAKDOWNS, ("PK", "BD")):
        asked = {"by": by, "country": country}
        mine = limited.get(f"{API}/reports/pooled", **asked).content
        named = limited.get(f"{API}/reports/pooled", programme=office.second, **asked).content
        theirs = whole.get(f"{API}/reports/pooled", programme=office.second, **asked).content
        assert mine == named == theirs, asked
    offered = limited.json("/reports/choices")
    assert offered["programmes"] == {office.second: "Donor two"}
    assert offered["has_all_programmes"] is False
    assert "All programmes" not in limited.get("/evaluator/pooled").text
    for programme in (office.first, "none"):
        refused = limited.get(f"{API}/reports/pooled", programme=programme)
        assert (refused.status_code, refused.json()["code"]) == (422, "value_refused")
    abroad = limit(house, admin, staff, countries="BD")
    reader = Reader(application, house, abroad)
    assert reader.get(f"{API}/reports/pooled", country="PK").status_code == 422
    asked = {"country": "BD"}
    same = [each.get(f"{API}/reports/pooled", **asked).content for each in (reader, whole)]
    assert same[0] == same[1]


def test_two_programmes_are_chosen_one_after_the_other_and_never_added_up(
    application: FastAPI, client: TestClient, house: House, office: Office,
    dina: StaffPerson, admin: StaffPerson,
) -> None:  # fmt: skip
    body = {"programmes": [office.first, office.second]}
    path = f"{API}/staff/{dina.id}/scope"
    assert client.put(path, json=body, headers=bearer_of(house, admin)).status_code == 204
    reader = Reader(application, house, dina)
    told = reader.json("/reports/pooled")
    assert told["scope"]["programme"] in ("Donor one", "Donor two")
    assert set(reader.json("/reports/choices")["programmes"]) == {office.first, office.second}


def test_what_is_told_of_the_whole_organisation_is_closed_to_a_limited_evaluator(
    application: FastAPI, client: TestClient, house: House, office: Office,
    dina: StaffPerson, admin: StaffPerson,
) -> None:  # fmt: skip
    whole = Reader(application, house, dina)
    assert {whole.get(path).status_code for path in CLOSED} == {200}
    limited = Reader(application, house, limit(house, admin, dina, of=office.first))
    assert {path: limited.get(path).status_code for path in CLOSED} == dict.fromkeys(CLOSED, 403)
    body = {"form": office.workshops["one"].form_id, "country": "PK"}
    for path, sent in (("/reports/rows", body), ("/indicator-tokens", {"label": "mine"})):
        answer = limited.client.post(f"{API}{path}", json=sent, headers=limited.headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    abroad = limit(house, admin, dina, countries="BD")
    reader = Reader(application, house, abroad)
    assert reader.get("/evaluator/ballots").status_code == 200
    answer = reader.client.post(f"{API}/reports/rows", json=body, headers=reader.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "value_refused")
    assert "Pakistan" not in PageClient(reader.client, house).get("/evaluator/rows").main


def test_a_limited_viewer_finds_the_kept_reports_of_the_scope_alone(
    application: FastAPI, client: TestClient, house: House, office: Office,
    dina: StaffPerson, admin: StaffPerson,
) -> None:  # fmt: skip
    kept = {
        "one": keep(house, dina, programme=office.first),
        "two": keep(house, dina, programme=office.second),
        "none": keep(house, dina, programme="none"),
        "all": keep(house, dina),
        "abroad": keep(house, dina, country="BD"),
    }
    viewer = a_staff_member(house, "viewer", Role.VIEWER)
    scopes: tuple[tuple[dict[str, str], set[str]], ...] = (
        ({}, set(kept)),
        ({"of": office.first}, {"one"}),
        ({"countries": "BD"}, {"abroad"}),
        ({"countries": "PK"}, {"one", "two", "none", "all"}),
        ({"countries": "BD", "of": office.first}, set()),
    )
    for scope, names in scopes:
        reader = Reader(application, house, limit(house, admin, viewer, **scope))
        found = {each["id"] for each in reader.json("/reports/kept")}
        assert found == {kept[name] for name in names}, scope
        page = reader.get("/viewer").text
        assert {name for name in kept if kept[name] in page} == names, scope
        opened = {name for name in kept if reader.get(f"/viewer/{kept[name]}").status_code == 200}
        assert opened == names, scope


def test_an_admin_sets_it_on_the_persons_page_and_it_stands_in_the_log(
    application: FastAPI, client: TestClient, house: House, office: Office,
    dina: StaffPerson, admin: StaffPerson, amal: StaffPerson, basma: StaffPerson,
) -> None:  # fmt: skip
    browser = PageClient(a_client(application), house)
    sign_in(browser.client, house, admin)
    here = f"/admin/staff/{dina.id}"
    page = browser.get(here)
    assert "all of it" in page.main
    refused = browser.send(page, f"{here}/scope", status=422, countries="Pakistan")
    assert browser.read(refused, 422).fields(f"{here}/scope")["countries"] == "Pakistan"
    browser.send(browser.get(here), f"{here}/scope", countries="pk, bd", programme=office.first)
    shown = browser.get(here)
    assert shown.fields(f"{here}/scope")["countries"] == "BD PK"
    assert "Donor one" in browser.get("/admin").main
    headers = bearer_of(house, admin)
    (told,) = (
        each for each in client.get(f"{API}/staff", headers=headers).json() if each["id"] == dina.id
    )
    assert (told["countries"], told["programmes"]) == (["BD", "PK"], [office.first])
    path = f"{API}/staff/{{}}/scope"
    for staff_id, body, status in (
        (amal.id, {"countries": ["PK"]}, 422),  # trainers have workshops of their own
        (basma.id, {"countries": ["PK"]}, 404),
        (dina.id, {"programmes": ["0" * 32]}, 422),
        (dina.id, {"countries": ["Pakistan"]}, 422),
        (dina.id, {}, 204),
    ):
        answer = client.put(path.format(staff_id), json=body, headers=headers)
        assert answer.status_code == status, body
    log = rows(house, "SELECT facts FROM audit_events WHERE verb = 'set_scope' ORDER BY id")
    assert len(log) == 2
    assert '"BD PK"' in log[0]["facts"]
    assert office.first in log[0]["facts"]


def test_tokens_that_read_the_whole_organisation_end_with_a_limit(
    client: TestClient, house: House, office: Office, dina: StaffPerson, admin: StaffPerson
) -> None:
    with house.unit(writes=True) as work:
        hers = indicator_tokens.create_indicator_token(work, by=dina, label="a sheet")
        others = indicator_tokens.create_indicator_token(work, by=admin, label="another")

    def ask(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return client.get(f"{API}/indicators/workshops", headers=headers).status_code

    assert (ask(hers), ask(others)) == (200, 200)
    limit(house, admin, dina, of=office.first)
    assert (ask(hers), ask(others)) == (401, 200)
