"""What an error looks like: one catalogue, problem+json or a page with a way out, and headers."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.main import create_app
from app.web.house import House
from app.web.problems import STATUS
from tests.fixtures.house import (
    FakeClock,
    a_client,
    a_workshop,
    bearer_of,
    make_settings,
    sign_in,
)
from tests.fixtures.loop import change

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-permitted-cross-domain-policies": "none",
    "x-robots-tag": "noindex",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
}
BIG = b"x" * 10_000_000

# name of the case: method, path, what is sent with it, status, code, title, next step
API_ERRORS: dict[str, tuple[str, str, dict[str, Any], int, str, str, str]] = {
    "nothing there": (
        "GET",
        "/api/v1/nothing",
        {},
        404,
        "not_found",
        "There is nothing at this address.",
        "Go back and choose again.",
    ),
    "wrong method": (
        "PUT",
        "/api/v1/joins",
        {},
        405,
        "method_not_allowed",
        "This address cannot be used in that way.",
        "Go back and use the button on the page.",
    ),
    "no token": (
        "GET",
        "/api/v1/workshops",
        {},
        401,
        "sign_in_needed",
        "This page is for staff who are signed in.",
        "Sign in; this page opens right after.",
    ),
    "a token of nobody": (
        "GET",
        "/api/v1/me",
        {"headers": {"Authorization": "Bearer 0123456789abcdef"}},
        401,
        "sign_in_needed",
        "This page is for staff who are signed in.",
        "Sign in; this page opens right after.",
    ),
    "a spent code": (
        "POST",
        "/api/v1/tokens",
        {"json": {"code": "0123456789abcdef"}},
        410,
        "one_time_link_spent",
        "This link was used before, or it is too old.",
        "Ask for a new link.",
    ),
    "too large": (
        "POST",
        "/api/v1/joins",
        {"content": BIG, "headers": {"Content-Type": "application/json"}},
        413,
        "body_too_large",
        "This is too large to be taken in.",
        "Send a smaller file or a shorter text.",
    ),
    "no JSON": (
        "POST",
        "/api/v1/joins",
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        422,
        "request_malformed",
        "What arrived could not be read.",
        "Go back, look it over and send it again.",
    ),
    "an unknown field": (
        "POST",
        "/api/v1/joins",
        {"json": {"kode": "100009"}},
        422,
        "request_malformed",
        "What arrived could not be read.",
        "Go back, look it over and send it again.",
    ),
    "a slip of the finger": (
        "POST",
        "/api/v1/joins",
        {"json": {"code": "100008"}},
        422,
        "code_mistyped",
        "Something in this number is wrong or missing: 100008",
        "Compare it with the screen, the card or the paper.",
    ),
}

# name of the case: method, path, what is sent, status, what it says, where its way out leads
PAGE_ERRORS: dict[str, tuple[str, str, dict[str, Any], int, str, str]] = {
    "nothing there": ("GET", "/nothing", {}, 404, "There is nothing at this address.", "/"),
    "no such file": ("GET", "/static/no", {}, 404, "There is nothing at this address.", "/"),
    "wrong method": ("POST", "/help", {}, 405, "This address cannot be used in that way.", "/"),
    "another website": (
        "POST",
        "/join",
        {"data": {"code": "100009"}, "headers": {"Origin": "https://elsewhere.example"}},
        403,
        "This request came from another website.",
        "/",
    ),
    "a spent link": (
        "GET",
        "/one-time/0123456789abcdef",
        {},
        410,
        "This link was used before, or it is too old.",
        "/",
    ),
    "too large": ("POST", "/join", {"content": BIG}, 413, "This is too large to be taken in.", "/"),
    "no card": ("GET", "/my", {}, 401, "This phone holds no card now.", "/sign-in"),
    "an unreadable form": (
        "POST",
        "/join",
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=a"}},
        422,
        "What arrived could not be read.",
        "/",
    ),
    "a mistyped address": (
        "GET",
        "/j/100008",
        {},
        422,
        "Something in this number is wrong or missing: ",
        "/",
    ),
    "an unknown address": ("GET", "/j/100009", {}, 404, "No open test has this number.", "/"),
}


@pytest.mark.parametrize("case", API_ERRORS)
def test_an_error_of_the_api_is_a_problem_with_its_next_step(case: str, client: TestClient) -> None:
    method, path, sent, status, code, title, next_step = API_ERRORS[case]

    told = client.request(method, path, **sent)

    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["type"] == f"/api/v1/problems/{code}"
    assert (problem["status"], problem["code"]) == (status, code)
    assert (problem["title"], problem["next_step"]) == (title, next_step)
    _check_headers(told)


@pytest.mark.parametrize("case", PAGE_ERRORS)
def test_an_error_of_a_page_is_a_page_with_a_way_out(case: str, client: TestClient) -> None:
    method, path, sent, status, says, way_out = PAGE_ERRORS[case]

    page = client.request(method, path, **sent)

    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en" dir="ltr">' in page.text
    assert says in page.text
    assert f'href="{way_out}"' in page.text.partition("<main")[2].partition("</main>")[0]
    _check_headers(page)


@pytest.mark.parametrize("case", PAGE_ERRORS)
def test_an_error_of_a_page_speaks_the_readers_language(case: str, client: TestClient) -> None:
    method, path, sent, status, says, way_out = PAGE_ERRORS[case]
    headers = {**sent.get("headers", {}), "Accept-Language": "ur-PK,ur;q=0.9,en;q=0.5"}

    page = client.request(method, path, **(sent | {"headers": headers}))

    assert page.status_code == status
    assert '<html lang="ur" dir="rtl">' in page.text
    assert says not in page.text
    assert f'href="{way_out}"' in page.text.partition("<main")[2].partition("</main>")[0]


def test_an_error_says_which_methods_an_address_takes(client: TestClient) -> None:
    assert client.put("/api/v1/joins").headers["allow"] == "POST"
    assert client.post("/help").headers["allow"] == "GET"
    # Two routes of one address: both are named.
    assert client.delete("/api/v1/workshops").headers["allow"] == "GET, POST"
    assert client.delete(f"/api/v1/workshops/{'0' * 32}").headers["allow"] == "GET, PUT"


def test_an_error_without_a_token_says_how_to_show_one(client: TestClient) -> None:
    assert client.get("/api/v1/workshops").headers["www-authenticate"] == "Bearer"


def test_staff_without_a_sign_in_are_led_there_and_back(client: TestClient) -> None:
    answer = client.get("/trainer")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/trainer"
    _check_headers(answer)


def test_what_is_foreign_and_what_is_missing_look_the_same(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    headers = bearer_of(house, basma)
    sign_in(client, house, basma)

    foreign, missing = (f"/workshops/{name}" for name in (room.workshop.id, "0" * 32))
    told = [client.get(f"/api/v1{path}", headers=headers) for path in (foreign, missing)]
    pages = [client.get(f"/trainer{path}") for path in (foreign, missing)]

    assert told[0].status_code == pages[0].status_code == 404
    assert told[0].json() == told[1].json()
    assert pages[0].text.replace(room.workshop.id, "0" * 32) == pages[1].text


def test_a_role_that_may_not_is_told_so(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    sign_in(client, house, dina)

    told = client.get("/api/v1/workshops", headers=bearer_of(house, dina))
    page = client.get("/trainer")

    assert (told.status_code, told.json()["code"]) == (403, "not_allowed")
    assert page.status_code == 403
    assert "This account is not allowed to do that." in page.text
    assert 'href="/staff"' in page.text


@pytest.mark.parametrize("path", ["/fails", "/api/v1/fails"])
def test_an_error_of_ours_gives_a_reference_and_no_detail(
    path: str,
    application: FastAPI,
    client: TestClient,
    log: io.StringIO,
) -> None:
    @application.get(path)
    def fail() -> None:
        raise ZeroDivisionError("CANARY detail")

    answer = client.get(path)

    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.text
    assert "CANARY" not in answer.text
    assert "ZeroDivisionError" not in answer.text
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert line["event"] == "unexpected"
    assert len(line["reference"]) == 8
    assert line["reference"] in answer.text
    assert line["error"] == "ZeroDivisionError"
    assert "test_error_answers.py" in line["where"]
    assert "CANARY" not in log.getvalue()
    _check_headers(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/help", 200),
        ("/health", 200),
        ("/static/staff.css", 200),
        ("/static/favicon.svg", 200),
        ("/api/v1/openapi.json", 200),
        ("/trainer", 303),
    ],
)
def test_every_answer_has_the_security_headers(path: str, status: int, client: TestClient) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    _check_headers(answer)


def test_on_https_every_answer_asks_for_https_and_cookies_are_bound_to_the_host(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "own.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    settings = make_settings(tmp_path, f"sqlite:///{file}", mode="https")
    with a_client(create_app(settings, FakeClock())) as client:
        page = client.post("/language", data={"language": "en", "back": "/"})
        missing = client.get("/nothing")

    asked = "max-age=31536000; includeSubDomains"
    assert page.headers["strict-transport-security"] == asked
    assert missing.headers["strict-transport-security"] == asked
    cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-language=en; ")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


def test_every_code_of_the_catalogue_is_an_error_of_http() -> None:
    assert {status for status in STATUS.values() if not 400 <= status <= 507} == set()
    assert STATUS["disk_full"] == 507
    assert STATUS["operation_conflict"] == 409
    assert STATUS["sitting_gone"] == 410


def test_a_refused_row_whose_words_sound_like_a_full_disk_is_no_full_disk(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    headers = bearer_of(house, amal)
    change(house, "CREATE UNIQUE INDEX one_place ON workshops (place)")
    body = {
        "title": "What to do when the disk is full, closed or malformed",
        "province": "PK-SD",
        "place": "Karachi",
        "starts_on": "2026-11-22",
        "ends_on": "2026-11-23",
        "audience": "ngo",
    }
    client.post("/api/v1/workshops", json=body, headers=headers)

    told = client.post("/api/v1/workshops", json=body, headers=headers)

    assert (told.status_code, told.json()["code"]) == (500, "unexpected")


def _check_headers(answer: Response) -> None:
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    if "/static/" not in str(answer.url):
        assert answer.headers["cache-control"] == "no-store"
