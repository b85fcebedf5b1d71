"""R3: PostgreSQL is killed, paused and restarted under load: 503 meanwhile, nothing is lost."""

import argparse
import asyncio
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
from tests.fixtures.load_room import LoadRoom, make_load_room
from tests.fixtures.server import serving
from tests.long.tapping import HEAL_SECONDS, faults_of, seconds_until_saved, tapping_phones


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
    async with tapping_phones(
        base_url, room.card_tokens[: load.phones], pause=(0.05, 0.3), seed=load.seed
    ) as phones:
        for hurt in (_kill, _stop, _pause) * load.rounds:
            await asyncio.sleep(0.5)
            await asyncio.to_thread(hurt, server, load)
            passage.heal_seconds.append(await seconds_until_saved(phones))
    passage.told = faults_of(phones)
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
