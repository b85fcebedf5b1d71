"""Thousands of opened sittings, made straight in the database: the bench is about saving."""

from dataclasses import dataclass
from pathlib import Path

from app.accounts.schemas import Role
from app.banks.service import publish_banks
from app.main import build_house
from app.participants import service as participants
from app.sittings import service as sittings
from app.workshops.schemas import Occasion
from tests.fixtures.house import a_staff_member, a_workshop, make_settings, open_test
from tests.fixtures.load_room import environment_of

_PEOPLE_PER_ROOM = 100


@dataclass(frozen=True)
class OpenedSitting:
    """What a phone needs to save."""

    id: str
    token: str


def open_sittings(url: str, folder: Path, count: int) -> tuple[dict[str, str], list[OpenedSitting]]:
    """A server's environment, and so many sittings of open tests with their tokens."""
    settings = make_settings(folder, url)
    house = build_house(settings)
    with house.unit(writes=True) as work:
        publish_banks(work, settings.banks)
    amal = a_staff_member(house, "amal", Role.TRAINER)
    opened: list[OpenedSitting] = []
    while len(opened) < count:
        room = a_workshop(house, amal, people=min(count - len(opened), _PEOPLE_PER_ROOM))
        open_test(house, room, Occasion.PRE, amal)
        with house.unit(writes=True) as work:
            for card in room.cards:
                phone, _ = participants.join_with_token(work, card.token, language="en")
                sitting = sittings.answer_consent(work, phone, has_agreed=True)
                assert sitting is not None
                opened.append(OpenedSitting(sitting.id, house.sitting_token(sitting, work.now)))
    house.engine.dispose()
    return environment_of(url, settings.data_dir), opened
