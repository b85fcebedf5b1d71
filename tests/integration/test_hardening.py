"""What stands on every kind of answer, and what every form and download is held to."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.settings import Mode
from app.web.hosts import is_own_host
from app.web.house import House
from app.web.routes import PAGES
from tests.fixtures.house import (
    a_staff_member,
    a_workshop,
    bearer_of,
    make_settings,
    sign_in,
)

pytestmark = pytest.mark.sqlite_only

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def every_kind(client: TestClient, application: FastAPI, headers: dict[str, str]) -> list[Response]:
    """A page, moves, errors of each kind, files, the API, and a failure of ours."""

    @application.get("/fails")
    def fail() -> None:
        raise ZeroDivisionError

    large = {"content": b"x" * 70_000, "headers": {"Content-Type": "application/json"}}
    return [
        client.get("/"), client.get("/help"), client.get("/trainer"), client.get("/nowhere"),
        client.get("/j/%00"), client.put("/help"), client.post("/api/v1/joins", **large),
        client.post("/api/v1/joins", json={"no": 1}), client.get("/api/v1/workshops"),
        client.get("/static/staff.css"), client.get("/static/missing.css"), client.get("/health"),
        client.get("/api/v1/openapi.json"), client.get("/fails"), client.get("/v/worker.js"),
        client.get("/api/v1/reports/gains.csv", headers=headers), client.head("/"),
        client.options("/"), client.post("/sign-in", data={"login": "a", "password": "b"}),
        client.post("/join", data={}, headers={"Origin": "https://evil.example"}),
    ]  # fmt: skip


def test_every_kind_of_answer_carries_the_headers(
    client: TestClient, application: FastAPI, house: House, dina: StaffPerson
) -> None:
    told = every_kind(client, application, bearer_of(house, dina))
    assert {each.status_code for each in told} >= {200, 303, 401, 403, 404, 405, 413, 422, 500}
    for each in told:
        where = f"{each.request.method} {each.request.url} {each.status_code}"
        assert {name: each.headers.get(name) for name in ALWAYS} == ALWAYS, where
        policy = each.headers["content-security-policy"]
        assert "default-src 'none'" in policy, where
        assert "frame-ancestors 'none'" in policy, where
        assert "unsafe" not in policy, where
        if "/static/" not in str(each.request.url) and "worker.js" not in str(each.request.url):
            assert each.headers["cache-control"] == "no-store", where
        assert "server" not in each.headers, where


def test_every_answer_says_what_it_is_with_its_letters(
    client: TestClient, application: FastAPI, house: House, dina: StaffPerson
) -> None:
    for each in every_kind(client, application, bearer_of(house, dina)):
        kind = each.headers.get("content-type", "")
        where = f"{each.request.method} {each.request.url} {each.status_code}"
        assert kind or not each.content, where
        if kind.startswith("text/"):
            assert kind.endswith("; charset=utf-8"), where
        if "/api/" in str(each.request.url):
            assert not kind.startswith("text/html"), where


def test_every_form_refuses_another_website(client: TestClient, house: House) -> None:
    sign_in(client, house, a_staff_member(house, "zain", Role.ADMIN))
    paths = [
        route.path
        for router in PAGES
        for route in router.routes
        if "POST" in getattr(route, "methods", ())
    ]
    assert len(paths) > 50
    let_in = []
    for path in paths:
        address = re.sub(r"\{\w+\}", "1", path)
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            told = client.post(address, data={}, headers=headers)
            if told.status_code != 403:
                let_in.append(f"{path}: {told.status_code}")
    assert let_in == []


def test_every_download_is_an_attachment_with_a_name_of_ours(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, admin: StaffPerson
) -> None:
    room = a_workshop(house, amal, title='Name"; filename="evil.exe').workshop.id
    files = {
        f"/api/v1/workshops/{room}/cards.pdf": amal,
        f"/api/v1/workshops/{room}/poster.pdf": amal,
        "/api/v1/reports/gains.csv": dina,
        "/api/v1/reports/pooled/report.csv": dina,
        "/api/v1/reports/pooled/report.xlsx": dina,
    }
    for path, staff in files.items():
        told = client.get(path, headers=bearer_of(house, staff))
        assert told.status_code == 200, path
        said = told.headers.get("content-disposition", "")
        ours = r'attachment; filename="tafawut-[a-z0-9-]+\.(csv|pdf|xlsx)"'
        assert re.fullmatch(ours, said), f"{path}: {said}"
    sign_in(client, house, admin)
    assert client.get("/admin/log.csv").headers["content-disposition"].startswith("attachment; ")


OWN = ("127.0.0.1:8000", "localhost", "[::1]:8000", "192.168.8.10:8000", "laptop", "room.local:80")
FOREIGN = (
    "evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "a b",
    "127.0.0.1:8000@evil.example", "192.168.8.10.nip.io", "[::1", "evil.local.example",
)  # fmt: skip


def test_a_name_that_is_not_ours_finds_nothing(client: TestClient) -> None:
    for host in OWN:
        assert client.get("/", headers={"Host": host}).status_code == 200, host
    for host in FOREIGN:
        for path in ("/", "/sign-in", "/static/staff.css", "/api/v1/openapi.json"):
            told = client.get(path, headers={"Host": host})
            assert told.status_code == 404, f"{host} {path}"
            assert told.headers["x-frame-options"] == "DENY"


def test_on_https_the_own_name_alone_is_ours(tmp_path: Path) -> None:
    def asked(base_url: str, *hosts: str) -> list[bool]:
        settings = make_settings(tmp_path, "sqlite://", mode=Mode.HTTPS, base_url=base_url)
        return [is_own_host(host, settings) for host in hosts]

    own, other = "tests.example.org", "192.168.8.10"
    assert asked(f"https://{own}", own, own.upper(), f"{own}.:443", "127.0.0.1") == [True] * 4
    assert asked(f"https://{own}", other, "evil.example", "laptop", f"a.{own}") == [False] * 4
    assert asked("http://127.0.0.1:8000", own) == [True]  # the address was never set


def test_no_address_that_is_shown_follows_the_host_header(
    client: TestClient, house: House, admin: StaffPerson
) -> None:
    sent = {"login": "new", "display_name": "New", "role": "trainer"}
    headers = bearer_of(house, admin) | {"Host": "192.168.66.66"}
    url = client.post("/api/v1/staff", json=sent, headers=headers).json()["url"]
    assert url.startswith("http://127.0.0.1:8000/one-time/")
    assert client.get("/trainer", headers={"Host": "192.168.66.66"}).headers["location"][0] == "/"
