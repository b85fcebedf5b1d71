"""R7: the disk of a served database fills up under load, and is emptied again without a restart.

The disk is a small one of the kernel's own (tmpfs), so that SQLite gets a real ENOSPC; where
mounting is not allowed, the server's files may not grow any more (RLIMIT_FSIZE, a real EFBIG).
"""

import argparse
import asyncio
import os
import resource
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.engine import make_url

from tests.fixtures.apart import run_apart
from tests.fixtures.journals import Comparison, compare, faults_in_file
from tests.fixtures.load_room import LoadRoom, fresh_database, make_load_room
from tests.fixtures.server import Program, serving
from tests.long.tapping import (
    HEAL_SECONDS,
    TIMEOUT_SECONDS,
    faults_of,
    seconds_until_saved,
    tapping_phones,
)  # fmt: skip

DISK_MEGABYTES = 24


@dataclass(frozen=True)
class Load:
    """How many phones tap, how often the disk fills up, and for how long each time."""

    phones: int
    fillings: int
    full_seconds: float
    seed: int = 1


SHORT = Load(phones=12, fillings=1, full_seconds=3.0)
LONG = Load(phones=60, fillings=20, full_seconds=5.0)


@dataclass
class Passage:
    """`told`: how saves were answered on the full disk; `states`: what /readyz said then."""

    compared: Comparison
    told: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    reads_failed: int = 0
    heal_seconds: list[float] = field(default_factory=list)
    state_afterwards: str = ""
    file_faults: int = 0
    is_real_disk: bool = True

    @property
    def is_ok(self) -> bool:
        """Nothing lost, refused with 507 or 503 alone, read all the time, well again by itself."""
        statuses = {fault.partition(" ")[0] for fault in self.told}
        return (
            self.compared.is_clean
            and not self.file_faults
            and not self.reads_failed
            and statuses <= {"507", "503"}
            and bool(statuses)
            and self.state_afterwards == "ok"
            and max(self.heal_seconds) < HEAL_SECONDS
        )


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of its own for the block; None where this account may not mount one."""
    place = folder / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=700", "none", str(place)]
    mount = shutil.which("mount")
    done = subprocess.run([mount, *options], check=False, capture_output=True) if mount else None
    if done is None or done.returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def run_fillings(room: LoadRoom, disk: Path | None, load: Load) -> Passage:
    """Fill and empty the disk while phones tap; drain, finish, compare."""
    with serving(["serve"], room.environment) as (ready, process):
        filled = _filled(disk) if disk else _not_growing(process, room)
        passage = run_apart(_load(str(ready["base_url"]), room, load, filled))
    passage.file_faults = len(faults_in_file(room.database_url))
    passage.is_real_disk = disk is not None
    return passage


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R7 for the command line."""
    load = SHORT if chosen.short else LONG
    with small_disk(folder) as disk:
        place = disk or folder
        with fresh_database(place) as url:
            passage = run_fillings(make_load_room(url, place, load.phones), disk, load)
    return {
        **asdict(load),
        **asdict(passage.compared),
        "is_real_disk": passage.is_real_disk,
        "saves_answered_while_full": dict(passage.told),
        "ready_while_full": dict(passage.states),
        "reads_failed_while_full": passage.reads_failed,
        "heal_longest_seconds": round(max(passage.heal_seconds), 2),
        "ready_afterwards": passage.state_afterwards,
        "file_faults": passage.file_faults,
        "is_ok": passage.is_ok,
    }


@contextmanager
def _no_room(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    handle = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(handle, bytes(65536))
    except OSError:
        pass  # the disk is full
    finally:
        os.close(handle)
    try:
        yield
    finally:
        ballast.unlink()


def _filled(disk: Path) -> Callable[[], Any]:
    return lambda: _no_room(disk)


def _not_growing(process: Program, room: LoadRoom) -> Callable[[], Any]:
    @contextmanager
    def limited() -> Iterator[None]:
        file = Path(str(make_url(room.database_url).database))
        size = max(path.stat().st_size for path in (file, Path(f"{file}-wal")) if path.exists())
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    return limited


async def _load(base_url: str, room: LoadRoom, load: Load, filled: Callable[[], Any]) -> Passage:
    told: Counter[str] = Counter()
    passage = Passage(Comparison(0, 0, 0, 0, 0, 0, 0, 0), told)
    async with httpx.AsyncClient(
        base_url=base_url, trust_env=False, timeout=TIMEOUT_SECONDS
    ) as watcher:
        async with tapping_phones(
            base_url, room.card_tokens[: load.phones], pause=(0.05, 0.3), seed=load.seed
        ) as phones:
            for _ in range(load.fillings):
                await asyncio.sleep(0.5)
                before = faults_of(phones)
                with filled():
                    await _watch(watcher, passage, load.full_seconds)
                passage.heal_seconds.append(await seconds_until_saved(phones))
                told.update(faults_of(phones) - before)
        passage.state_afterwards = await _state_in_the_end(watcher)
        passage.compared = compare(phones, room.database_url)
    return passage


async def _watch(watcher: httpx.AsyncClient, passage: Passage, seconds: float) -> None:
    """What is read, and what a watcher hears, while nothing can be saved."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        page = await watcher.get("/help")
        ready = await watcher.get("/readyz")
        passage.reads_failed += page.status_code != 200
        passage.states[f"{ready.status_code} {ready.json()['status']}"] += 1
        await asyncio.sleep(0.2)


async def _state_in_the_end(watcher: httpx.AsyncClient) -> str:
    """What /readyz says when it has forgotten the refusals, which takes it ten seconds."""
    state, give_up_at = "", time.monotonic() + HEAL_SECONDS
    while state != "ok" and time.monotonic() < give_up_at:
        state = (await watcher.get("/readyz")).json()["status"]
        await asyncio.sleep(0.2)
    return state
