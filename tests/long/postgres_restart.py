"""R3: PostgreSQL is killed, paused and restarted under load: 503 meanwhile, nothing is lost."""

import argparse
import asyncio
import random
import signal
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.adapters.migrating import move_schema
from tests import postgres
from tests.fixtures.apart import run_apart
from tests.fixtures.journals import Comparison, compare
from tests.fixtures.load_room import LoadRoom, make_load_room, started_phones
from tests.fixtures.phone_client import PhoneClient
from tests.fixtures.server import serving

HEAL_SECONDS = 30.0
_MOST_TAPS = 1900
_TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True)
class Load:
    """How many phones tap, how often each of the three things happens, how long a pause is."""

    phones: int
    rounds: int
    pause_seconds: float
    seed: int = 1


SHORT = Load(phones=10, rounds=1, pause_seconds=2.0)
LONG = Load(phones=40, rounds=7, pause_seconds=10.0)


@dataclass
class Passage:
    """`told`: how saves failed meanwhile, by status or by what happened to the connection."""

    compared: Comparison
    told: Counter[str] = field(default_factory=Counter)
    heal_seconds: list[float] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        """Nothing lost, never a 500, and everybody saves again soon."""
        statuses = {fault.partition(" ")[0] for fault in self.told if fault[0].isdigit()}
        return (
            self.compared.is_clean and statuses <= {"503"} and max(self.heal_seconds) < HEAL_SECONDS
        )


def run_restarts(server: postgres.Server, room: LoadRoom, load: Load) -> Passage:
    """Kill, pause and restart the database while phones tap; drain, compare."""
    with serving(["serve"], room.environment) as (ready, _):
        return run_apart(_load(str(ready["base_url"]), server, room, load))


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R3 for the command line."""
    load = SHORT if chosen.short else LONG
    source, reason = postgres.find_postgres()
    if source is None or source.binaries is None:
        raise SystemExit(reason or "R3 restarts a server of its own: unset TAFAWUT_TEST_POSTGRES")
    server = postgres.Server(source.binaries, is_durable=True)
    with server as databases:
        url = databases.create()
        move_schema(url, to="head", drops_rows=False)
        passage = run_restarts(server, make_load_room(url, folder, load.phones), load)
    return {
        **asdict(load),
        **asdict(passage.compared),
        "saves_that_failed": dict(passage.told),
        "heal_longest_seconds": round(max(passage.heal_seconds), 2),
        "is_ok": passage.is_ok,
    }


async def _load(base_url: str, server: postgres.Server, room: LoadRoom, load: Load) -> Passage:
    passage = Passage(Comparison(0, 0, 0, 0, 0, 0, 0, 0))
    async with started_phones(
        base_url, room.card_tokens[: load.phones], timeout_seconds=_TIMEOUT_SECONDS
    ) as phones:
        is_over = asyncio.Event()
        tapping = asyncio.gather(
            *(_tap_until(phone, is_over, load.seed + place) for place, phone in enumerate(phones))
        )
        for hurt in (_kill, _stop, _pause) * load.rounds:
            await asyncio.sleep(0.5)
            await asyncio.to_thread(hurt, server, load)
            passage.heal_seconds.append(await _seconds_until_saved(phones))
        is_over.set()
        await tapping
        await asyncio.gather(*(phone.drain(60.0, finish=True) for phone in phones))
        passage.told = sum((phone.faults for phone in phones), Counter())
        passage.compared = compare(phones, room.database_url)
    return passage


def _kill(server: postgres.Server, _load: Load) -> None:
    server.end(signal.SIGKILL)
    server.start_again()


def _stop(server: postgres.Server, _load: Load) -> None:
    server.end(signal.SIGINT)
    server.start_again()


def _pause(server: postgres.Server, load: Load) -> None:
    with server.paused():
        time.sleep(load.pause_seconds)


async def _seconds_until_saved(phones: list[PhoneClient]) -> float:
    """Until every phone had something confirmed since the database was there again."""
    before, began = [len(phone.journal) for phone in phones], time.monotonic()
    while time.monotonic() < began + HEAL_SECONDS:
        if all(len(phone.journal) > known for phone, known in zip(phones, before, strict=True)):
            break
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def _tap_until(phone: PhoneClient, is_over: asyncio.Event, seed: int) -> None:
    chance = random.Random(seed)
    while not is_over.is_set():
        if phone.revision < _MOST_TAPS:
            phone.tap(chance)
        await phone.send()
        await asyncio.sleep(chance.uniform(0.05, 0.3))
