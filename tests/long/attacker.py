"""The attacker: keeps every answer of every role about small random workshops, and solves them.

Each set is a room of 5 to 16 people. The post-test is closed, and opened again for a few who come
late, several times; after each closing everything is read over HTTP as trainer and as evaluator,
question by question too: what was right adds up to everybody's points.
"""

import argparse
import csv
import io
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.banks.service import publish_banks
from app.main import create_app
from app.web.house import House
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.attacker import POINTS, Attack, Release, totals_of
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_client,
    a_staff_member,
    a_workshop,
    bearer_of,
    close_test,
    make_settings,
    open_test,
)
from tests.fixtures.load_room import fresh_database
from tests.fixtures.loop import API, take

SETS = 1000
SHORT_SETS = 4
READERS = ("trainer", "evaluator", "file")


@dataclass(frozen=True)
class Service:
    """A running service with its two readers and their headers."""

    client: TestClient
    house: House
    clock: FakeClock
    trainer: StaffPerson
    headers: Mapping[str, dict[str, str]]


@dataclass(frozen=True)
class Findings:
    """What the attacker got: marks by reader, and how much there was to get."""

    people: int
    figures: int
    determined: tuple[tuple[str, int, str], ...]
    is_consistent: bool


def make_service(client: TestClient, house: House, clock: FakeClock, number: int) -> Service:
    """The service with a trainer and an evaluator of an organisation of their own."""
    trainer, evaluator = (
        a_staff_member(house, f"{role.value}-{number}", role, organisation=f"Set {number}")
        for role in (Role.TRAINER, Role.EVALUATOR)
    )
    headers = {"trainer": bearer_of(house, trainer), "evaluator": bearer_of(house, evaluator)}
    return Service(client, house, clock, trainer, headers)


def attack_one(service: Service, chance: random.Random) -> Findings:
    """Play one random workshop, read everything at each closing, and solve."""
    marks = _random_marks(chance)
    room = a_workshop(service.house, service.trainer, len(marks), audience=Audience.NGO)
    seen: dict[str, list[Release]] = {reader: [] for reader in READERS}
    for come in _play(service, room, marks, chance):
        for reader, told in _read(service, room).items():
            is_old = seen[reader] and seen[reader][-1].told["as_of"] == told["as_of"]
            if told["gain_points"] is not None and not is_old:
                assert len(come) == told["paired"], told
                seen[reader].append(Release(frozenset(come), told))
    attacks = {reader: Attack(releases) for reader, releases in seen.items() if releases}
    return Findings(
        people=len(marks),
        figures=sum(len(attack.rows) for attack in attacks.values()),
        determined=tuple(
            (reader, person, test)
            for reader, attack in attacks.items()
            for person, test in attack.find_determined(marks)
        ),
        is_consistent=all(attack.agrees_with(marks) for attack in attacks.values()),
    )


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All sets for the command line."""
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        clock = FakeClock()
        application = create_app(make_settings(folder, url), clock)
        with a_client(application) as client:
            house: House = application.state.house
            with house.unit(writes=True) as work:
                publish_banks(work, house.settings.banks)
            chance = random.Random(chosen.seed)
            sets = SHORT_SETS if chosen.short else SETS
            found = [
                attack_one(make_service(client, house, clock, number), chance)
                for number in range(sets)
            ]
    determined = [each for findings in found for each in findings.determined]
    return {
        "sets": len(found),
        "people": sum(each.people for each in found),
        "figures": sum(each.figures for each in found),
        "marks_found": len(determined),
        "is_ok": not determined and all(each.is_consistent for each in found),
    }


def _random_marks(chance: random.Random) -> dict[int, tuple[int, int]]:
    people = chance.randint(5, 16)
    return {person: _pair(chance) for person in range(people)}


def _pair(chance: random.Random) -> tuple[int, int]:
    before = chance.randint(0, POINTS - 1)
    return before, min(POINTS, max(0, before + chance.randint(-2, 5)))


def _play(
    service: Service, room: Room, marks: Mapping[int, tuple[int, int]], chance: random.Random
) -> Iterator[set[int]]:
    """The day, up to each closing of the post-test: who has taken both tests by then."""
    house, trainer, clock = service.house, service.trainer, service.clock
    open_test(house, room, Occasion.PRE, trainer)
    take(house, room, Occasion.PRE, [marks[person][0] for person in sorted(marks)])
    close_test(house, room, Occasion.PRE, trainer)
    waiting = sorted(marks)
    chance.shuffle(waiting)
    come: set[int] = set()
    size = chance.randint(max(1, len(waiting) - 6), len(waiting))
    while waiting:
        now, waiting = waiting[:size], waiting[size:]
        open_test(house, room, Occasion.POST, trainer)
        take(house, room, Occasion.POST,
             [marks[person][1] if person in now else None for person in sorted(marks)])  # fmt: skip
        clock.advance(timedelta(minutes=5))
        close_test(house, room, Occasion.POST, trainer)
        come |= set(now)
        clock.advance(timedelta(minutes=5))
        yield set(come)
        size = chance.randint(1, 4)


def _read(service: Service, room: Room) -> dict[str, dict[str, Any]]:
    """Everything each reader is told about the workshop at this moment."""
    client, headers = service.client, service.headers
    path = f"{API}/workshops/{room.workshop.id}/gains"
    team = client.get(path, headers=headers["trainer"]).json()
    details = client.get(f"{path}/details", headers=headers["trainer"]).json()
    told = client.get(
        f"{API}/reports/workshops/{room.workshop.id}", headers=headers["evaluator"]
    ).json()
    report = client.get(f"{API}/reports/gains", headers=headers["evaluator"]).json()
    (row,) = (each for each in report["rows"] if each["workshop"]["id"] == room.workshop.id)
    file = client.get(f"{API}/reports/gains.csv", headers=headers["evaluator"]).content
    lines = csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
    line = next(each for each in lines if each["workshop_id"] == room.workshop.id)
    return {
        "trainer": team | totals_of(details),
        "evaluator": row["gain"] | totals_of(told),
        "file": _as_told(line),
    }


def _as_told(line: Mapping[str, str]) -> dict[str, Any]:
    """A line of the file with the names and kinds of the API's values."""
    told = {name.replace("_ci95", ""): value or None for name, value in line.items()}
    whole = ("paired", "improved", "same", "declined")
    return told | {name: None if told[name] is None else int(told[name] or 0) for name in whole}
