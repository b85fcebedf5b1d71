"""Threat 27: a million random certificate numbers, each with a right check, find no certificate."""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

from app.accounts.schemas import Role
from app.adapters.randomness import random_below
from app.certificates import service as certificates
from app.core.codes import certificate_number
from app.main import build_house
from app.participants import service as participants
from app.web.house import House
from tests.fixtures.house import (
    Room,
    a_staff_member,
    a_workshop,
    make_settings,
    publish_real_banks,
)
from tests.fixtures.load_room import fresh_database

ISSUED = 500
SHORT, LONG = 2_000, 1_000_000
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Guesses:
    """How many numbers were tried, and how many of them were somebody's."""

    numbers: int
    issued: int
    hits: int
    seconds: float

    @property
    def is_ok(self) -> bool:
        """Whether nothing was found."""
        return self.numbers > 0 and self.issued > 0 and self.hits == 0


def issue_to_all(house: House, room: Room) -> int:
    """A certificate for everybody in the room; how many stand."""
    by = a_staff_member(house, "issuer", Role.TRAINER)
    with house.unit(writes=True) as work:
        for printed in room.cards:
            participants.tick_attendance(
                work, room.workshop, printed.card.number,
                day=room.workshop.starts_on, was_there=True, by=by,
            )  # fmt: skip
            participants.store_name(
                work, printed.card, local="", latin="Synthetic Person", is_confirmed=True
            )
        return certificates.issue_all(work, room.workshop, by=by, most=len(room.cards)).issued


def guess(house: House, numbers: int, issued: int) -> Guesses:
    """Ask the service itself, number by number."""
    began, hits = time.perf_counter(), 0
    for start in range(0, numbers, _AT_ONCE):
        with house.unit(writes=False) as work:
            for _ in range(min(_AT_ONCE, numbers - start)):
                number = certificate_number(random_below(2**50))
                hits += certificates.verify(work, number).certificate is not None
    return Guesses(numbers, issued, hits, round(time.perf_counter() - began, 1))


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, object]:
    """On a register of 500 certificates."""
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        house = build_house(make_settings(folder, url))
        publish_real_banks(house)
        amal = a_staff_member(house, "amal", Role.TRAINER)
        issued = issue_to_all(house, a_workshop(house, amal, people=ISSUED))
        found = guess(house, SHORT if chosen.short else LONG, issued)
        house.engine.dispose()
    return {**found.__dict__, "is_ok": found.is_ok}
