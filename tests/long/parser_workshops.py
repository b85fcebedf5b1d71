"""Workshop files from outside: spoilt as they lie on a stick, and inside, by who made the file.

Each is read into a database of its own, and taken back again.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.accounts.schemas import Role, StaffPerson
from app.certificates import service as certificates
from app.main import build_house, settle_once
from app.participants import service as participants
from app.upkeep import workshop_files
from app.upkeep.carrying import SIGNING_KEY
from app.upkeep.sealed_files import FileRefused, open_file, seal_file
from app.web.house import House
from tests.fixtures.house import (
    FakeClock,
    a_staff_member,
    a_workshop,
    make_settings,
    publish_real_banks,
)
from tests.fixtures.load_room import fresh_database
from tests.fixtures.loop import join, run_workshop
from tests.fixtures.spoiling import spoil_bytes, spoil_json, spoil_text
from tests.long.parser_target import Target

_THRESHOLD = 10


class _TakenBack(Exception):
    """The workshop was read whole; nothing of it stays."""


@contextmanager
def targets(folder: Path) -> Iterator[list[Target]]:
    """Both, over databases in this folder."""
    with _place(folder / "laptop") as laptop, _place(folder / "server") as server:
        document = _exported(laptop)
        owner = a_staff_member(server, "reader", Role.TRAINER)
        seed = server.keys.get_or_make(SIGNING_KEY)
        file, code = seal_file(seed, document.encode())
        sealed = [(file, code)]
        yield [
            Target("workshop_file", sealed, lambda chance: _spoilt(file, code, chance),
                   _read_file, (FileRefused,)),
            Target("workshop_rows", [document], lambda chance: spoil_json(document, chance),
                   lambda text: _bring_in(server, owner, text), (FileRefused,)),
        ]  # fmt: skip


@contextmanager
def _place(folder: Path) -> Iterator[House]:
    with fresh_database(folder) as url:
        house = build_house(make_settings(folder, url), FakeClock())
        publish_real_banks(house)
        yield house
        house.engine.dispose()


def _exported(house: House) -> str:
    """A workshop of three with both tests, names and a certificate."""
    trainer = a_staff_member(house, "writer", Role.TRAINER)
    room = a_workshop(house, trainer, people=3)
    for person in range(3):
        join(house, room, person)
    run_workshop(house, room, trainer, [(4, 9), (5, 10), (3, None)])
    with house.unit(writes=True) as work:
        card = room.cards[0].card
        participants.tick_attendance(
            work, room.workshop, card.number, day=room.workshop.starts_on, was_there=True,
            by=trainer,
        )  # fmt: skip
        participants.store_name(work, card, local="", latin="Synthetic Person", is_confirmed=True)
        certificates.issue_certificate(work, room.workshop, card, by=trainer)
    clock: Any = house.clock
    clock.advance(timedelta(hours=50))
    settle_once(house)
    with house.unit(writes=True) as work:
        return workshop_files.write_document(
            work, room.workshop.id, with_names=True, threshold=_THRESHOLD
        ).decode()


def _spoilt(file: bytes, code: str, chance: random.Random) -> tuple[bytes, str]:
    if chance.random() < 0.3:
        return file, spoil_text(code, chance)
    return spoil_bytes(file, chance), code


def _read_file(sealed: tuple[bytes, str]) -> None:
    workshop_files.tell(workshop_files.read_document(open_file(*sealed)))


def _bring_in(house: House, owner: StaffPerson, text: str) -> None:
    """As the command does with what was in the file; what it holds is looked at, too."""
    document = workshop_files.read_document(text.encode("utf-8", "replace"))
    workshop_files.tell(document)
    try:
        with house.unit(writes=True) as work:
            workshop_files.bring_in(
                work, document, owner=owner, programme=None, is_other_organisation=True,
                threshold=_THRESHOLD,
            )  # fmt: skip
            raise _TakenBack
    except _TakenBack:
        return
