"""R1: the server is killed (-9) at random points under load, again and again; nothing is lost.

A kill does not test durability (R2 does): it tests transactions, acknowledgements and restarts.
"""

import argparse
import asyncio
import random
import time
from contextlib import AsyncExitStack, ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.fixtures.apart import run_apart
from tests.fixtures.journals import Comparison, compare, faults_in_file
from tests.fixtures.load_room import LoadRoom, fresh_database, make_load_room, started_phones
from tests.fixtures.phone_client import PhoneClient
from tests.fixtures.server import Program, serving
from tests.long.tapping import DRAIN_SECONDS, MOST_TAPS

_ACK_SECONDS = 5.0
_QUEUE_LIMIT = 10
_TAP_PAUSE = (0.0, 0.3)  # so that the last kill still finds phones with something to say
_RETRY_PAUSE = (0.1, 0.6)


@dataclass(frozen=True)
class Load:
    """How many phones tap, and how often the server dies; a cold start takes its two seconds."""

    phones: int
    kills: int
    seed: int = 1
    is_cold: bool = True


SHORT = Load(phones=20, kills=5, is_cold=False)
LONG = Load(phones=80, kills=300)


@dataclass
class Passage:
    """What a run showed; `file_faults` is what SQLite says about its own file."""

    compared: Comparison
    receipts: int
    seconds: float
    restart_seconds: list[float] = field(default_factory=list)
    file_faults: list[Any] = field(default_factory=list)


class MortalServer:
    """`python -m app serve` on one database, started anew after each kill, on another port."""

    def __init__(self, environment: dict[str, str], stack: ExitStack, *, is_cold: bool) -> None:
        self._environment = environment
        self._is_cold = is_cold
        self._stack = stack
        self._process: Program | None = None
        self.base_url = ""

    def start(self) -> float:
        """Start and wait until it is ready; the seconds it took."""
        started = time.monotonic()
        ready, self._process = self._stack.enter_context(
            serving(["serve"], self._environment, is_cold=self._is_cold)
        )
        self.base_url = str(ready["base_url"])
        return time.monotonic() - started

    def kill(self) -> None:
        """SIGKILL; returns when it is dead."""
        assert self._process
        self._process.kill()
        self._process.wait(10)


def run_kills(room: LoadRoom, load: Load) -> Passage:
    """Kill and restart under load; drain, finish, compare."""
    started = time.monotonic()
    with ExitStack() as stack:
        server = MortalServer(room.environment, stack, is_cold=load.is_cold)
        server.start()
        phones, restarts = run_apart(_kill_under_load(server, room, load))
    return Passage(
        compared=compare(phones, room.database_url),
        receipts=sum(1 for phone in phones if phone.receipt),
        seconds=time.monotonic() - started,
        restart_seconds=restarts,
        file_faults=faults_in_file(room.database_url),
    )


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R1 for the command line."""
    size = SHORT if chosen.short else LONG
    load = replace(size, seed=chosen.seed)
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        passage = run_kills(make_load_room(url, folder, load.phones), load)
    restarts = sorted(passage.restart_seconds)
    return {
        **asdict(load),
        **asdict(passage.compared),
        "receipts": passage.receipts,
        "seconds": round(passage.seconds, 1),
        "restart_median_seconds": round(restarts[len(restarts) // 2], 2),
        "restart_longest_seconds": round(restarts[-1], 2),
        "file_faults": len(passage.file_faults),
        "is_ok": passage.compared.is_clean
        and not passage.file_faults
        and passage.receipts == load.phones,
    }


async def _kill_under_load(
    server: MortalServer, room: LoadRoom, load: Load
) -> tuple[list[PhoneClient], list[float]]:
    chance = random.Random(load.seed)
    restarts = []
    async with AsyncExitStack() as stack:
        phones = await stack.enter_async_context(
            started_phones(server.base_url, room.card_tokens[: load.phones])
        )
        is_over = asyncio.Event()
        tapping = asyncio.gather(
            *(_tap_until(phone, is_over, load.seed + place) for place, phone in enumerate(phones))
        )
        for _ in range(load.kills):
            await asyncio.sleep(chance.uniform(0.15, 1.5))
            await _wait_for_ack(phones)
            server.kill()
            restarts.append(await asyncio.to_thread(server.start))
            for phone in phones:
                phone.base_url = server.base_url
        is_over.set()
        await tapping
        await asyncio.gather(*(phone.drain(DRAIN_SECONDS, finish=True) for phone in phones))
    return phones, restarts


async def _wait_for_ack(phones: list[PhoneClient]) -> None:
    """The worst moment: somebody has just been told "saved"."""
    before = sum(len(phone.journal) for phone in phones)
    give_up_at = time.monotonic() + _ACK_SECONDS
    while time.monotonic() < give_up_at:
        if sum(len(phone.journal) for phone in phones) > before:
            return
        await asyncio.sleep(0.001)


async def _tap_until(phone: PhoneClient, is_over: asyncio.Event, seed: int) -> None:
    chance = random.Random(seed)
    while not is_over.is_set():
        if len(phone.queue) < _QUEUE_LIMIT and phone.revision < MOST_TAPS:
            phone.tap(chance)
        is_confirmed = await phone.send()
        await asyncio.sleep(chance.uniform(*(_TAP_PAUSE if is_confirmed else _RETRY_PAUSE)))
