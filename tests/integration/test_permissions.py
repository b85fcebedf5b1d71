"""Every route × every principal; a foreign thing looks like a missing one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from app.accounts import sign_ins
from app.accounts.schemas import Role, StaffPerson
from app.certificates import service as certificates
from app.participants import service as participants
from app.settings import Settings
from app.sittings import service as sittings
from app.web.deps import cookie_name, csrf_token
from app.web.house import House
from app.web.routes import API, APIS, DEMO_APIS, DEMO_PAGES, PAGES, health_router
from app.workshops import service as workshops
from app.workshops.schemas import Occasion
from tests.architecture.permissions import OWN, PARTICIPANT, PERMISSIONS, PRINCIPALS, STAFF
from tests.fixtures.house import (
    LAPTOP,
    PHONE,
    Room,
    a_client,
    a_plan,
    a_staff_member,
    bearer_of,
    make_settings,
    open_test,
)

# Who may do what is decided above the database: one of the two is enough.
pytestmark = pytest.mark.sqlite_only

MISSING = "0" * 32
WAYS_IN = {
    "GET /sign-in", "POST /sign-in", "GET /one-time/{token}", "POST /one-time/{token}",
    "POST /api/v1/tokens",
}  # fmt: skip
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
    assert {key: name for key, name in verbs.items() if name not in operations} == {}


def test_no_get_route_of_a_page_carries_a_verb() -> None:
    operations = {"create_workshop", "issue_certificates", "open_administration", "send_operations"}
    names = {route.name for key, route in all_routes().items() if key.startswith("GET ")}
    assert names & operations == set()


@dataclass
class Scene:
    """One workshop in the middle of its pre-test, and everybody who may come to the door."""

    application: FastAPI
    house: House
    room: Room
    people: dict[str, StaffPerson]
    number: str
    card_number: str
    sitting_id: str

    def path_values(self) -> dict[str, str]:
        return {
            "workshop_id": self.room.workshop.id,
            "form_id": self.room.workshop.form_id,
            "code": self.room.workshop.join_code,
            "number": self.number,
            "card_number": self.card_number,
            "occasion": "pre",
            "sitting_id": self.sitting_id,
            "device_id": MISSING,
            "version": "newest",
            "table": "items",
            "item": "1",
            "token": "nothing-opens-with-this-token",
        }

    def address(self, path: str, **other: str) -> str:
        values = self.path_values() | other
        if "/cards/{number}" in path or path.startswith("/j/"):
            values["number"] = self.card_number
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], path)

    def ask(
        self, key: str, principal: str, *, device: str = LAPTOP, **other: str
    ) -> httpx.Response:
        """One request with a fresh proof of identity, so that no request spoils the next."""
        method, path = key.split(" ", 1)
        client = a_client(self.application, device)
        headers, fields = self._prove(client, principal)
        address = self.address(path, **other)
        if path.startswith(API):
            body = BODIES.get(key.replace(API, ""), {}) if method in ("POST", "PUT") else None
            return client.request(method, address, headers=headers, json=body)
        form = {"occasion": "pre"} | FORMS.get(key, {}) | fields if method == "POST" else None
        return client.request(method, address, data=form)

    def _prove(self, client: TestClient, principal: str) -> tuple[dict[str, str], dict[str, str]]:
        if principal == "anonymous":
            return {}, {}
        with self.house.unit(writes=True) as work:
            if principal == "participant":
                token = participants.find_printed_cards(work, self.room.workshop)[0].token
                _, secret = participants.join_with_token(work, token, language="en")
                client.cookies.set(cookie_name(self.house, "phone"), secret)
                return {"Authorization": f"Bearer {secret}"}, {}
            if principal == "sitting":
                sitting = sittings.require_sitting(work, self.sitting_id)
                return {
                    "Authorization": f"Bearer {self.house.sitting_token(sitting, work.now)}"
                }, {}
            person = self.people[principal]
            cookie = sign_ins.start_sign_in(work, person, self.house.sign_in_rules)
        client.cookies.set(cookie_name(self.house, "staff"), cookie)
        return bearer_of(self.house, person), {"csrf": csrf_token(self.house, cookie)}


def a_synthetic_workshop(house: House, trainer: StaffPerson) -> Room:
    """A workshop with three cards that the demonstration may play in."""
    with house.unit(writes=True) as work:
        workshop = workshops.create_workshop(work, a_plan(), by=trainer, is_synthetic=True)
        participants.make_cards(work, workshop, 3)
        return Room(workshop, tuple(participants.find_printed_cards(work, workshop)))


BODIES: dict[str, dict[str, Any]] = {
    "POST /tokens": {"code": "no-such-code-at-all"},
    "POST /me/consent": {"has_agreed": True},
    "POST /joins": {"card_token": "no-such-card-token"},
    "POST /questionnaires": {"ticket": MISSING, "answers": [{"item": "1", "option": "a"}]},
    "POST /certificates/{number}/name-check": {"name": "Synthetic Person 1"},
}
FORMS: dict[str, dict[str, str]] = {
    "POST /questionnaire": {"ticket": MISSING, "item-1": "a"},
    "POST /language": {"language": "ur"},
    "POST /my/consent": {"answer": "yes"},
}


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The demonstration's routes are checked with the others."""
    return make_settings(tmp_path, database_url, is_demo=True)


@pytest.fixture
def scene(application: FastAPI, house: House) -> Iterator[Scene]:
    people = {
        "own": a_staff_member(house, "amal", Role.TRAINER),
        "foreign": a_staff_member(house, "basma", Role.TRAINER, organisation="Elsewhere"),
        "evaluator": a_staff_member(house, "dina", Role.EVALUATOR),
        "viewer": a_staff_member(house, "viewer", Role.VIEWER),
        "admin": a_staff_member(house, "admin", Role.ADMIN),
    }
    room = a_synthetic_workshop(house, people["own"])
    open_test(house, room, Occasion.PRE, people["own"])
    with house.unit(writes=True) as work:
        printed = room.cards[0]
        phone, _ = participants.join_with_token(work, printed.token, language="en")
        sitting = sittings.answer_consent(work, phone, has_agreed=True)
        assert sitting is not None
        participants.tick_attendance(
            work,
            room.workshop,
            printed.card.number,
            day=room.workshop.starts_on,
            was_there=True,
            by=people["own"],
        )
        participants.confirm_name(work, phone, room.workshop, local="", latin="Synthetic Person 1")
        made = certificates.issue_certificate(work, room.workshop, printed.card, by=people["own"])
    with a_client(application):
        yield Scene(application, house, room, people, made.number, printed.card.number, sitting.id)


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
    )
    return is_open_door and response.status_code in (200, 401, 404, 409, 410, 422)


def test_another_device_of_a_room_is_sent_to_the_laptop_on_every_way_of_staff(
    scene: Scene,
) -> None:
    not_told = []
    for key, allowed in PERMISSIONS.items():
        if not (allowed <= STAFF or key in WAYS_IN):
            continue
        for principal in ("anonymous", "own", "admin"):
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
        if not (allowed <= STAFF or key in WAYS_IN):
            principal = "participant" if allowed == PARTICIPANT else "anonymous"
            assert "laptop_only" not in scene.ask(key, principal, device=PHONE).text, key


def test_a_foreign_workshop_looks_like_a_missing_one_byte_for_byte(scene: Scene) -> None:
    for key, allowed in PERMISSIONS.items():
        if allowed is OWN and "{workshop_id}" in key:
            foreign = scene.ask(key, "foreign")
            missing = scene.ask(key, "foreign", workshop_id=MISSING)
            assert foreign.status_code == missing.status_code == 404, key
            hide = lambda text: text.replace(scene.room.workshop.id, MISSING)  # noqa: E731
            assert hide(without_csrf(foreign.text)) == without_csrf(missing.text), key


def without_csrf(text: str) -> str:
    return re.sub(r'value="[0-9a-f]{32}"', "", text)
