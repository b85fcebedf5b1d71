"""Phones that tap while something happens to what they save on, and then send all that is left."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.fixtures.load_room import started_phones
from tests.fixtures.phone_client import PhoneClient

HEAL_SECONDS = 30.0
DRAIN_SECONDS = 60.0
TIMEOUT_SECONDS = 15.0  # what happens and the load share one machine
MOST_TAPS = 1900  # who sends a test names every change made for it: the API takes 2,000


@asynccontextmanager
async def tapping_phones(
    base_url: str,
    tokens: tuple[str, ...],
    *,
    pause: tuple[float, float],
    seed: int,
    finish: bool = True,
) -> AsyncIterator[list[PhoneClient]]:
    """They tap for the length of the block, `pause` seconds apart; then they drain and finish."""
    async with started_phones(base_url, tokens, timeout_seconds=TIMEOUT_SECONDS) as phones:
        is_over = asyncio.Event()
        tapping = asyncio.gather(
            *(_tap_until(is_over, phone, pause, seed + at) for at, phone in enumerate(phones))
        )
        try:
            yield phones
        finally:
            is_over.set()
            await tapping
        await asyncio.gather(*(phone.drain(DRAIN_SECONDS, finish=finish) for phone in phones))


async def seconds_until_saved(phones: list[PhoneClient]) -> float:
    """Until every phone had something confirmed from now on; HEAL_SECONDS at most."""
    before, began = [len(phone.journal) for phone in phones], time.monotonic()
    while time.monotonic() < began + HEAL_SECONDS:
        if all(len(phone.journal) > known for phone, known in zip(phones, before, strict=True)):
            break
        await asyncio.sleep(0.05)
    return time.monotonic() - began


def faults_of(phones: list[PhoneClient]) -> Counter[str]:
    """How saves failed, by status or by what happened to the connection."""
    return sum((phone.faults for phone in phones), Counter())


async def _tap_until(
    is_over: asyncio.Event, phone: PhoneClient, pause: tuple[float, float], seed: int
) -> None:
    chance = random.Random(seed)
    while not is_over.is_set():
        if phone.revision < MOST_TAPS:
            phone.tap(chance)
        await phone.send()
        await asyncio.sleep(chance.uniform(*pause))
