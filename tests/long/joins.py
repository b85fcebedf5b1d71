"""R6, threat 15: a whole hall joins behind one address, and nobody is told to wait or turned away.

Each person opens the join page, joins (every tenth by typing, the others by the card's square),
agrees, and has the test on the phone; all connections come from one address of another device.
"""

import argparse
import asyncio
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.fixtures.apart import run_apart
from tests.fixtures.load_room import LoadRoom, fresh_database, make_load_room
from tests.fixtures.server import serving

ADDRESS = "127.0.0.2"
TYPED_EVERY = 10


@dataclass(frozen=True)
class Load:
    """How many people join within how many seconds; within 0 all come at the same moment."""

    people: int
    seconds: float
    seed: int = 1


SHORT = Load(people=60, seconds=0)
LONG = Load(people=300, seconds=60)


@dataclass
class Passage:
    """What a run showed: each status as often as it came, and each person's seconds to the test."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    at_the_test: int = 0
    wall_seconds: float = 0.0

    def percentile(self, share: float) -> float:
        """Seconds within which that share of people had the test."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run_joins(room: LoadRoom, load: Load) -> Passage:
    """Serve the room and let everybody in."""
    with serving(["serve"], room.environment) as (ready, _):
        return run_apart(_join_all(str(ready["base_url"]), room, load))


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """300 joins in a minute for the command line; in short 60 at once."""
    size = SHORT if chosen.short else LONG
    load = Load(size.people, size.seconds, chosen.seed)
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        passage = run_joins(make_load_room(url, folder, load.people), load)
    statuses = {str(status): count for status, count in sorted(passage.statuses.items())}
    return {
        **asdict(load),
        "at_the_test": passage.at_the_test,
        "statuses": statuses,
        "wall_seconds": round(passage.wall_seconds, 1),
        "p50_seconds": round(passage.percentile(0.5), 2),
        "p95_seconds": round(passage.percentile(0.95), 2),
        "p99_seconds": round(passage.percentile(0.99), 2),
        "is_ok": set(passage.statuses) <= {200, 303} and passage.at_the_test == load.people,
    }


async def _join_all(base_url: str, room: LoadRoom, load: Load) -> Passage:
    passage, chance = Passage(), random.Random(load.seed)
    started = time.monotonic()

    async def come(person: int, after: float) -> None:
        await asyncio.sleep(after)
        began = time.monotonic()
        if await _join(base_url, room, person, passage.statuses):
            passage.at_the_test += 1
        passage.seconds.append(time.monotonic() - began)

    await asyncio.gather(
        *(come(person, chance.uniform(0, load.seconds)) for person in range(load.people))
    )
    passage.wall_seconds = time.monotonic() - started
    return passage


async def _join(base_url: str, room: LoadRoom, person: int, statuses: Counter[int]) -> bool:
    """One phone's way from the join page to the questions; whether it has them."""
    code, number = room.doors[person]
    way_in = (
        {"number": number} if person % TYPED_EVERY == 0 else {"token": room.card_tokens[person]}
    )
    transport = httpx.AsyncHTTPTransport(local_address=ADDRESS, verify=False)
    async with httpx.AsyncClient(base_url=base_url, transport=transport, timeout=60) as phone:
        page = await phone.get(f"/j/{code}/{number}")
        joined = await phone.post(f"/j/{code}", data={**way_in, "language": "en"})
        agreed = await phone.post("/my/consent", data={"answer": "yes"})
        test = await phone.get(agreed.headers.get("location", "/my"))
        statuses.update(each.status_code for each in (page, joined, agreed, test))
        return test.status_code == 200 and "id=item-1" in test.text
