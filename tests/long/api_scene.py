"""R13: a served workshop in the middle of its pre-test, and a token for everybody who may ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.accounts import indicator_tokens
from app.main import create_app
from app.participants import service as participants
from app.sittings import service as sittings
from tests.fixtures.house import bearer_of, make_settings, publish_real_banks
from tests.fixtures.load_room import environment_of
from tests.fixtures.scene import Scene, a_scene
from tests.fixtures.server import serving

STAFF = {"trainer": "own", "evaluator": "evaluator", "viewer": "viewer", "admin": "admin"}
ROLES = ("anonymous", "participant", "sitting", "program", *STAFF)


@dataclass(frozen=True)
class Served:
    """Where it is served, the description of its API, and what each role shows."""

    base_url: str
    tokens: dict[str, str]
    values: dict[str, str]


@contextmanager
def served_scene(database_url: str, folder: Path) -> Iterator[Served]:
    """A scene on this database, behind a real server."""
    settings = make_settings(folder, database_url)
    application = create_app(settings)
    house = application.state.house
    publish_real_banks(house)
    scene = a_scene(application, house, cards=12)
    tokens, values = tokens_of(scene), scene.path_values("own")
    house.engine.dispose()
    with serving(["serve"], environment_of(database_url, settings.data_dir)) as (ready, _):
        yield Served(str(ready["base_url"]), tokens, values)


def tokens_of(scene: Scene) -> dict[str, str]:
    """What stands in the header; anonymous shows nothing."""
    house = scene.house
    found = {role: bearer_of(house, scene.people[who]) for role, who in STAFF.items()}
    told = {role: header["Authorization"] for role, header in found.items()}
    with house.unit(writes=True) as work:
        printed = participants.find_printed_cards(work, scene.room.workshop)[1]
        phone, secret = participants.join_with_token(work, printed.token, language="en")
        sittings.answer_consent(work, phone, has_agreed=True)
        sitting = sittings.require_sitting(work, scene.sitting_id)
        program = indicator_tokens.create_indicator_token(
            work, by=scene.people["evaluator"], label="a program"
        )
        of_sitting = house.sitting_token(sitting, work.now)
    return {
        "anonymous": "",
        "participant": f"Bearer {secret}",
        "sitting": f"Bearer {of_sitting}",
        "program": f"Bearer {program}",
        **told,
    }
