"""R13 in short: a role asks every operation as described and not; each answer is as described."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.web.house import House
from tests.fixtures.described import Description
from tests.fixtures.scene import a_scene
from tests.long.api_fuzz import Role, ask_everything
from tests.long.api_scene import tokens_of

pytestmark = pytest.mark.sqlite_only

TIMES = 10


def test_what_a_trainer_is_answered_is_as_described(
    client: TestClient, application: FastAPI, house: House
) -> None:
    scene = a_scene(application, house, cards=12)
    description = Description(client.get("/api/v1/openapi.json").json())
    role = Role("trainer", tokens_of(scene)["trainer"], scene.path_values("own"))

    passage = ask_everything(client.request, description, role, times=TIMES)

    assert passage.findings == {}
    assert passage.requests > 900
    # Otherwise it would have tried refusals alone.
    assert len(passage.good) > 35
    assert passage.statuses[422] > 100


@dataclass
class Said:
    """An answer as it is planted."""

    status_code: int = 200
    content: bytes = b'{"id": "x", "count": 1}'
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things": {
            "get": {
                "operationId": "get_thing",
                "responses": {
                    "200": {"content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "204": {},
                },
            }
        }
    },
    "components": {"schemas": {"Thing": {
        "type": "object", "required": ["id", "count"],
        "properties": {"id": {"type": "string", "minLength": 1},
                       "count": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}},
        "additionalProperties": False,
    }}},
}  # fmt: skip
HTML = {"content-type": "text/html"}
PLANTED: dict[str, tuple[Said, str]] = {
    "a failure": (Said(500), "a failure of the server: 500"),
    "another status": (Said(202), "a status that is not described: 202"),
    "another type": (Said(headers=HTML), "200 is text/html, not application/json"),
    "a body where none is": (Said(204), "204 with a body"),
    "a missing field": (Said(content=b'{"id": "x"}'), ".count is missing"),
    "a field too many": (
        Said(content=b'{"id": "x", "count": 1, "key": "a"}'), ".key is not described"),
    "another kind": (Said(content=b'{"id": 7, "count": 1}'), ".id: 7 is no string"),
    "too short": (Said(content=b'{"id": "", "count": 1}'), "0 signs are too few"),
    "no choice fits": (Said(content=b'{"id": "x", "count": -1}'), "fits none of the choices"),
    "false for a number": (
        Said(content=b'{"id": "x", "count": false}'), "fits none of the choices"),
    "methods that are not these": (
        Said(405, headers={"allow": "POST", "content-type": "x"}), "405 that allows ['POST']"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_not_as_described_is_found(name: str) -> None:
    planted, wanted = PLANTED[name]
    found = ask_everything(
        lambda *_asked, **_more: planted, Description(DOCUMENT), Role("x", "", {}), times=3
    )
    assert [each for each in found.findings if wanted in each], found.findings


def test_what_is_as_described_is_not_found() -> None:
    found = ask_everything(
        lambda *_asked, **_more: Said(), Description(DOCUMENT), Role("x", "", {}), times=3
    )
    assert found.findings == {}
    assert found.statuses == Counter({200: 3})
