"""R4 and R5: phones behind a network that cuts, doubles, delays, reorders and lies lose nothing."""

import argparse
import asyncio
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.fixtures.apart import run_apart
from tests.fixtures.fault_proxy import LIES, FaultProxy
from tests.fixtures.journals import Comparison, compare
from tests.fixtures.load_room import (
    LoadRoom,
    fresh_database,
    make_load_room,
    started_phones,
    tap_and_send,
)
from tests.fixtures.phone_client import PhoneClient
from tests.fixtures.server import serving

DRAIN_SECONDS = 60.0


@dataclass(frozen=True)
class Load:
    """How many phones tap how often, over how bad a network; times are scaled."""

    phones: int
    taps: int
    rate: float = 0.35
    seed: int = 1
    time_scale: float = 0.1
    timeout_seconds: float = 2.0
    think_seconds: float = 0.05


SHORT = Load(phones=25, taps=40)
LONG = Load(phones=250, taps=40, time_scale=1.0, timeout_seconds=5.0, think_seconds=1.0)


@dataclass
class Passage:
    """What a run showed."""

    compared: Comparison
    seconds: float
    drain_seconds: float
    receipts: int
    injected: dict[str, int] = field(default_factory=dict)
    surfaced: int = 0


def run_faults(room: LoadRoom, load: Load) -> Passage:
    """R4: serve the room, send everything through the faults, drain, finish, compare."""
    with serving(["serve"], room.environment) as (ready, _):
        return run_apart(_run_faults(room, load, str(ready["base_url"])))


def run_lies(room: LoadRoom, phones: int, taps: int) -> dict[str, dict[str, int]]:
    """R5: under each lie the phones tap and send; what was dropped or called saved, by lie."""
    with serving(["serve"], room.environment) as (ready, _):
        return run_apart(_run_lies(room, phones, taps, str(ready["base_url"])))


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R4 for the command line."""
    load = SHORT if chosen.short else LONG
    load = Load(**{**asdict(load), "seed": chosen.seed})
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        passage = run_faults(make_load_room(url, folder, load.phones), load)
    is_ok = passage.compared.is_clean and passage.receipts == load.phones
    return {
        **asdict(load),
        **asdict(passage.compared),
        "receipts": passage.receipts,
        "faults": sum(passage.injected.values()),
        "surfaced": passage.surfaced,
        "seconds": round(passage.seconds, 1),
        "drain_seconds": round(passage.drain_seconds, 1),
        "is_ok": is_ok,
        "injected": passage.injected,
    }


async def _run_faults(room: LoadRoom, load: Load, base_url: str) -> Passage:
    started = time.monotonic()
    tokens = room.card_tokens[: load.phones]
    async with (
        FaultProxy(
            port_of(base_url), rate=load.rate, seed=load.seed, time_scale=load.time_scale
        ) as proxy,
        started_phones(base_url, tokens, timeout_seconds=load.timeout_seconds) as phones,
    ):
        _go_through(proxy, phones)
        await asyncio.gather(
            *(
                tap_and_send(phone, load.taps, load.seed * 10_000 + place, load.think_seconds)
                for place, phone in enumerate(phones)
            )
        )
        injected = dict(proxy.counts)
        proxy.rate = 0.0
        await proxy.deliver_held()
        drains = await asyncio.gather(
            *(phone.drain(DRAIN_SECONDS, finish=True) for phone in phones)
        )
    return Passage(
        compared=compare(phones, room.database_url),
        seconds=time.monotonic() - started,
        drain_seconds=max(drains),
        receipts=sum(1 for phone in phones if phone.receipt),
        injected=injected,
        surfaced=sum(sum(phone.faults.values()) for phone in phones),
    )


async def _run_lies(
    room: LoadRoom, count: int, taps: int, base_url: str
) -> dict[str, dict[str, int]]:
    figures = {}
    async with (
        FaultProxy(port_of(base_url)) as proxy,
        started_phones(base_url, room.card_tokens[:count]) as phones,
    ):
        _go_through(proxy, phones)
        for place, (name, lie) in enumerate(LIES.items()):
            before = sum(len(phone.journal) for phone in phones)
            proxy.lie = lie
            await asyncio.gather(*(tap_and_send(phone, taps, place, 0.0) for phone in phones))
            await asyncio.gather(*(phone.send(finish=True) for phone in phones))
            figures[name] = {
                "dropped": count * taps - sum(len(phone.queue) for phone in phones),
                "called_saved": sum(len(phone.journal) for phone in phones) - before,
                "receipts": sum(1 for phone in phones if phone.receipt),
            }
            proxy.lie = None
            await asyncio.gather(*(phone.drain(DRAIN_SECONDS) for phone in phones))
    figures["after all"] = asdict(compare(phones, room.database_url))
    return figures


def port_of(base_url: str) -> int:
    """The port in an address that a server printed."""
    return int(base_url.rpartition(":")[2])


def _go_through(proxy: FaultProxy, phones: list[PhoneClient]) -> None:
    for phone in phones:
        phone.base_url = proxy.base_url
