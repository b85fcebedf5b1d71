"""Every route × every principal; a foreign thing looks like a missing one."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.settings import Settings
from app.web.house import House
from app.web.routes import API, APIS, DEMO_APIS, DEMO_PAGES, PAGES, health_router
from tests.architecture.permissions import (
    PARTICIPANT,
    PERMISSIONS,
    PRINCIPALS,
    PROGRAM,
    STAFF,
)
from tests.fixtures.house import (
    PHONE,
    a_client,
    make_settings,
)
from tests.fixtures.scene import Scene, a_scene

# Who may do what is decided above the database: one of the two is enough.
pytestmark = pytest.mark.sqlite_only

WAYS_IN = {
    "GET /sign-in", "POST /sign-in", "GET /one-time/{token}", "POST /one-time/{token}",
    "POST /api/v1/tokens", "POST /sign-in/code",
}  # fmt: skip
# How somebody signs in is changed by that person in a browser: a token must not be able to.
OF_PEOPLE_ALONE = {"start_second_step", "confirm_second_step", "renew_recovery_codes"}
LAPTOP_ONLY = {
    True: "laptop_only",
    False: "In this room staff sign in on the trainer&#39;s laptop only.",
}


def all_routes() -> dict[str, APIRoute]:
    found = {}
    for prefix, routers in (("", (*PAGES, *DEMO_PAGES, health_router)), (API, (*APIS, *DEMO_APIS))):
        for router in routers:
            for route in router.routes:
                assert isinstance(route, APIRoute)
                for method in route.methods:
                    found[f"{method} {prefix}{route.path}"] = route
    return found


def test_every_route_stands_in_the_reviewed_table_and_nothing_else_does() -> None:
    assert set(all_routes()) == set(PERMISSIONS)


def test_every_verb_of_a_page_has_an_api_operation() -> None:
    operations = {
        route.operation_id
        for router in (*APIS, *DEMO_APIS)
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    verbs = {
        key: route.name
        for key, route in all_routes().items()
        if not key.startswith("GET ") and API not in key
    }
    without = {key: name for key, name in verbs.items() if name not in operations}
    assert set(without.values()) == OF_PEOPLE_ALONE


def test_no_get_route_of_a_page_carries_a_verb() -> None:
    operations = {"create_workshop", "issue_certificates", "open_administration", "send_operations"}
    names = {route.name for key, route in all_routes().items() if key.startswith("GET ")}
    assert names & operations == set()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The demonstration's routes are checked with the others."""
    return make_settings(tmp_path, database_url, is_demo=True)


@pytest.fixture
def scene(application: FastAPI, house: House) -> Iterator[Scene]:
    """A workshop in its pre-test, and everybody who may come to the door."""
    with a_client(application):
        yield a_scene(application, house)


def is_denied(response: httpx.Response) -> bool:
    if response.status_code == 303:
        return response.headers["location"].startswith("/sign-in")
    return response.status_code in (401, 403, 404, 410)


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_each_principal_is_let_in_where_the_table_says_and_nowhere_else(
    scene: Scene, principal: str
) -> None:
    wrong = []
    for key, allowed in PERMISSIONS.items():
        response = scene.ask(key, principal)
        assert response.status_code < 500, f"{key} as {principal}: {response.text[:300]}"
        if is_denied(response) == (principal in allowed) and not may_be_empty(key, response):
            wrong.append(f"{key}: {response.status_code}")
    assert wrong == []


def may_be_empty(key: str, response: httpx.Response) -> bool:
    """Anybody may come with a token, a code or a ticket; a wrong one opens nothing."""
    is_open_door = key.split(" ")[1] in (
        "/one-time/{token}",
        "/api/v1/tokens",
        "/api/v1/joins",
        "/join",
        "/sign-in",
        "/questionnaire",
        "/api/v1/questionnaires",
        "/sign-in/code",
        "/staff/again",
        "/staff/sign-in/second-step/confirm",
        "/staff/sign-in/second-step/list",
    )
    return is_open_door and response.status_code in (200, 303, 401, 404, 409, 410, 422)


def test_another_device_of_a_room_is_sent_to_the_laptop_on_every_way_of_staff(
    scene: Scene,
) -> None:
    not_told = []
    for key, allowed in PERMISSIONS.items():
        if not (allowed <= STAFF | PROGRAM or key in WAYS_IN):
            continue
        for principal in ("anonymous", "program", "own", "admin"):
            told = scene.ask(key, principal, device=PHONE)
            is_api = key.split(" ")[1].startswith(API)
            says = told.json()["code"] if is_api and told.status_code == 403 else told.text
            if told.status_code != 403 or LAPTOP_ONLY[is_api] not in says:
                not_told.append(f"{key} as {principal}: {told.status_code}")
    assert not_told == []


def test_another_device_of_a_room_is_let_in_to_everything_else_as_the_laptop_is(
    scene: Scene,
) -> None:
    for key, allowed in PERMISSIONS.items():
        if not (allowed <= STAFF | PROGRAM or key in WAYS_IN):
            principal = "participant" if allowed == PARTICIPANT else "anonymous"
            assert "laptop_only" not in scene.ask(key, principal, device=PHONE).text, key
