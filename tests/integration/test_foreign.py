"""What belongs to somebody else looks like what does not exist: body and headers, byte for byte.

Every operation of the reviewed table that names an object is asked twice by somebody who may use
it: with an object of another organisation, and with one that nobody has.
"""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.core.codes import card_number, certificate_number
from app.web.house import House
from tests.architecture.permissions import ANYBODY, PERMISSIONS
from tests.fixtures.house import a_client, make_settings
from tests.fixtures.scene import MISSING, Scene, a_scene

pytestmark = pytest.mark.sqlite_only

# Reviewed: what a path names, and belongs to somebody.
OBJECTS = (
    "workshop_id", "staff_id", "sign_in_id", "own_token_id", "token_id", "logo_id", "kept_id",
    "sitting_id",
    "number", "card_number", "device_id",
)  # fmt: skip
# Reviewed: what a path names, and is nobody's: kinds, shared forms, and secrets that are the proof.
VALUES = {
    "chart", "code", "ending", "file", "form_id", "item", "kind", "occasion", "table", "token",
    "version", "item_code", "bank", "country", "weight",
}  # fmt: skip
ASKERS = ("own", "evaluator", "admin", "participant", "sitting", "viewer")
QUIET = {"POST /staff/devices/{device_id}/end"}  # ends nothing, and says nothing


@pytest.fixture
def settings(tmp_path, database_url):  # type: ignore[no-untyped-def]
    """The demonstration's routes are checked with the others."""
    return make_settings(tmp_path, database_url, is_demo=True)


@pytest.fixture
def scenes(application: FastAPI, house: House) -> Iterator[tuple[Scene, Scene]]:
    """Two organisations, each with a workshop, papers, tokens, reports and people of its own."""
    with a_client(application):
        yield (
            a_scene(application, house),
            a_scene(application, house, organisation="Elsewhere", cards=9),
        )


def named_in(key: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", key)


def test_everything_a_path_names_is_somebodys_or_nobodys() -> None:
    named = {name for key in PERMISSIONS for name in named_in(key)}
    assert named == {*OBJECTS, *VALUES}


def test_a_foreign_thing_looks_like_a_missing_one_byte_for_byte(
    scenes: tuple[Scene, Scene],
) -> None:
    here, there = scenes
    tried, wrong = 0, []
    for key, allowed in PERMISSIONS.items():
        asker = next((each for each in ASKERS if each in allowed), "")
        ways = {"sign_in_id", "own_token_id"} & set(named_in(key))  # else fresh for each request
        same = {name: here.path_values(asker)[name] for name in ways}
        for name in named_in(key):
            if allowed == ANYBODY or name not in OBJECTS:
                continue
            foreign, missing = foreign_of(there, key, name), missing_of(here, there, key, name)
            told = [here.ask(key, asker, **(same | {name: each})) for each in (foreign, missing)]
            tried += 1
            if key not in QUIET and {each.status_code for each in told} != {404}:
                wrong.append(f"{key} {name}: {[each.status_code for each in told]}")
            elif plain(told[0], foreign) != plain(told[1], missing):
                wrong.append(f"{key} {name}: not alike")
    assert "\n".join(wrong) == ""
    assert tried > 120


def foreign_of(there: Scene, key: str, name: str) -> str:
    """The other organisation's."""
    if name == "number" and "/cards/{number}" in key:
        return there.room.cards[-1].card.number
    if name == "card_number":
        return there.room.cards[-1].card.number
    if name in ("sign_in_id", "own_token_id"):
        return there.path_values("admin" if "{staff_id}" in key else "own")[name]
    return there.path_values("own")[name]


def missing_of(here: Scene, there: Scene, key: str, name: str) -> str:
    """Nobody's, and well formed, so that it is not refused as mistyped."""
    if name == "card_number" or (name == "number" and "/cards/{number}" in key):
        taken = {each.card.number for scene in (here, there) for each in scene.room.cards}
        return next(each for each in map(card_number, range(1000)) if each not in taken)
    return certificate_number(7) if name == "number" else MISSING


def plain(answer: httpx.Response, asked: str) -> tuple[str, dict[str, str]]:
    """The answer without the asked id itself, the form's token, and the time of day."""
    text = re.sub(r'value="[0-9a-f]{32}"', "", answer.text.replace(asked, "ASKED"))
    headers = {name: value.replace(asked, "ASKED") for name, value in answer.headers.items()}
    return text, {name: headers[name] for name in headers if name not in ("date", "set-cookie")}


def test_the_other_organisations_things_are_there_all_along(
    scenes: tuple[Scene, Scene], client: TestClient
) -> None:
    here, there = scenes
    workshop = there.room.workshop.id
    assert there.ask("GET /trainer/workshops/{workshop_id}", "own").status_code == 200
    assert there.ask("GET /admin/staff/{staff_id}", "admin").status_code == 200
    assert there.ask("GET /viewer/{kept_id}", "viewer").status_code == 200
    opened = here.ask("GET /trainer/workshops/{workshop_id}", "own", workshop_id=workshop)
    assert opened.status_code == 404
