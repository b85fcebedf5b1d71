"""R2: every save is synced to disk before it is acknowledged; the same check catches NORMAL."""

import argparse
import asyncio
import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.fixtures.apart import run_apart
from tests.fixtures.load_room import LoadRoom, fresh_database, make_load_room, started_phones
from tests.fixtures.server import serving
from tests.fixtures.tracing import Order, check_order, read_calls, strace_command, wait_for_trace

SAVES = 60
SHORT_SAVES = 30
_SECONDS = 30.0  # a traced server is slow


def trace_saves(room: LoadRoom, folder: Path, *, module: str = "app") -> dict[str, Order]:
    """As many saves as the room has cards, one at a time by one phone, then at once by them all."""
    trace = folder / f"{module}.trace"
    with serving(["serve"], room.environment, module=module, under=strace_command(trace)) as (
        ready,
        _,
    ):
        saved = run_apart(_save(room, str(ready["base_url"])))
    wait_for_trace(trace)
    calls = read_calls(trace)
    return {name: check_order(calls, ids) for name, ids in saved.items()}


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R2 for the command line."""
    with fresh_database(folder) as url:
        room = make_load_room(url, folder, SAVES)
        full = trace_saves(room, folder)
    with fresh_database(folder / "normal") as url:
        room = make_load_room(url, folder / "normal", SAVES)
        normal = trace_saves(room, folder, module="tests.fixtures.serve_normal")
    return {
        "full": {name: asdict(order) for name, order in full.items()},
        "normal": {name: asdict(order) for name, order in normal.items()},
        "is_ok": all(order.is_ok for order in full.values())
        and not any(order.is_ok for order in normal.values()),
    }


async def _save(room: LoadRoom, base_url: str) -> dict[str, list[str]]:
    chance = random.Random(1)
    async with started_phones(base_url, room.card_tokens, timeout_seconds=_SECONDS) as phones:
        alone = []
        for _ in phones:
            alone.append(phones[0].tap(chance))
            assert await phones[0].send(), phones[0].faults
        together = [phone.tap(chance) for phone in phones]
        sent = await asyncio.gather(*(phone.send() for phone in phones))
        assert all(sent), [phone.faults for phone in phones if phone.queue]
    return {"one at a time": alone, "at once": together}
