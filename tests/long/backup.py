"""R19: backups of a served database under load, each restored elsewhere; damaged ones are refused.

What was acknowledged before a backup began must be in what is restored from it. A plain copy of the
file, taken beside each backup, shows what the check is worth: on SQLite it lacks rows.
"""

import argparse
import asyncio
import random
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.adapters.envelopes import make_key_pair
from app.upkeep.addresses import Stop
from app.upkeep.backups import open_backup
from tests import postgres
from tests.fixtures.apart import run_apart
from tests.fixtures.journals import (
    Comparison,
    Stored,
    acknowledged_by,
    compare,
    count_missing,
    faults_in_file,
)
from tests.fixtures.load_room import LoadRoom, environment_of, fresh_database, make_load_room
from tests.fixtures.phone_client import PhoneClient
from tests.fixtures.server import run_well, serving
from tests.long.tapping import tapping_phones

DAMAGED = 10  # of each of three kinds
_BETWEEN_SECONDS = 1.0
Known = dict[tuple[str, str], Stored]
Restore = Callable[[Path, Path], "tuple[str, float]"]


@dataclass(frozen=True)
class Load:
    """How many phones tap, and how many backups are taken meanwhile."""

    phones: int
    backups: int
    seed: int = 1


SHORT = Load(phones=12, backups=1)
LONG = Load(phones=60, backups=20)


@dataclass
class Passage:
    """`missing`: acknowledged before a backup began, and not in what was restored from it."""

    compared: Comparison
    checked: int = 0
    missing: int = 0
    missing_in_plain_copies: int = 0
    backup_seconds: list[float] = field(default_factory=list)
    restore_seconds: list[float] = field(default_factory=list)
    file_faults: int = 0
    refused_of_30: int = 0


def run_backups(room: LoadRoom, folder: Path, load: Load, new_database: Restore) -> Passage:
    """Back up under load, restore each, compare; then damage one."""
    key = folder / "key.txt"
    public = run_well(["backup-key", str(key)], room.environment).strip()
    taken: list[tuple[Path, Path | None, Known, float]] = []

    async def take(phones: list[PhoneClient]) -> None:
        known = acknowledged_by(phones)
        place = folder / "backups" / f"{len(taken)}.age"
        plain = _plain_copy(room, folder, len(taken))
        started = time.monotonic()
        await asyncio.to_thread(run_well, ["backup", str(place), "--to", public], room.environment)
        taken.append((place, plain, known, time.monotonic() - started))

    with serving(["serve"], room.environment) as (ready, _):
        phones = run_apart(_load(str(ready["base_url"]), room, load, take))
    passage = Passage(compare(phones, room.database_url))
    for number, (place, plain, known, seconds) in enumerate(taken):
        url, took = new_database(place, folder / f"restored-{number}")
        passage.checked += len(known)
        passage.missing += count_missing(known, url)
        passage.file_faults += len(faults_in_file(url))
        passage.backup_seconds.append(seconds)
        passage.restore_seconds.append(took)
        if plain:
            passage.missing_in_plain_copies += count_missing(known, f"sqlite:///{plain}")
    passage.refused_of_30 = count_refused(taken[-1][0], key, folder / "damaged", load.seed)
    return passage


def count_refused(backup: Path, key: Path, folder: Path, seed: int) -> int:
    """Ten cut off, ten with one bit turned, ten with another key: how many are not opened."""
    folder.mkdir()
    chance = random.Random(seed)
    whole, own = backup.read_bytes(), key.read_text()
    refused = 0
    for number in range(DAMAGED):
        cut = whole[: chance.randrange(len(whole))] if number else whole[:-1]
        bit = chance.randrange(len(whole) * 8)
        turned = bytearray(whole)
        turned[bit // 8] ^= 1 << (bit % 8)
        for content, private in (
            (cut, own), (bytes(turned), own), (whole, make_key_pair().private),
        ):  # fmt: skip
            damaged = folder / "damaged.age"
            damaged.write_bytes(content)
            opened = folder / f"{refused}-{number}-{len(content)}"
            opened.mkdir(exist_ok=True)
            try:
                open_backup(damaged, private, opened)
            except Stop as stop:
                refused += "damaged" in str(stop)
            shutil.rmtree(opened)
    return refused


@contextmanager
def databases_for(room: LoadRoom, key: Path) -> Iterator[Restore]:
    """A way to restore into a new database of the same kind."""
    environment = dict(room.environment)

    def into(backup: Path, folder: Path, url: str) -> float:
        here = environment | environment_of(url, folder)
        started = time.monotonic()
        run_well(["restore", str(backup), "--key", str(key)], here)
        return time.monotonic() - started

    if make_url(room.database_url).get_backend_name() == "sqlite":

        def restore_file(backup: Path, folder: Path) -> tuple[str, float]:
            url = f"sqlite:///{folder / 'tafawut.sqlite3'}"
            return url, into(backup, folder, url)

        yield restore_file
        return
    databases = postgres.Databases(room.database_url)
    made: list[str] = []

    def restore_database(backup: Path, folder: Path) -> tuple[str, float]:
        made.append(databases.create())
        return made[-1], into(backup, folder, made[-1])

    try:
        yield restore_database
    finally:
        for url in made:
            databases.drop(url)


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R19 for the command line."""
    load = SHORT if chosen.short else LONG
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        room = make_load_room(url, folder, load.phones)
        with databases_for(room, folder / "key.txt") as new_database:
            passage = run_backups(room, folder, load, new_database)
    return {
        **asdict(load),
        **asdict(passage.compared),
        "checked_in_restored": passage.checked,
        "missing_in_restored": passage.missing,
        "missing_in_plain_copies": passage.missing_in_plain_copies,
        "backup_longest_seconds": round(max(passage.backup_seconds), 2),
        "restore_longest_seconds": round(max(passage.restore_seconds), 2),
        "file_faults": passage.file_faults,
        "refused_of_30": passage.refused_of_30,
        "is_ok": passage.compared.is_clean
        and not passage.missing
        and not passage.file_faults
        and passage.refused_of_30 == 3 * DAMAGED,
    }


async def _load(
    base_url: str,
    room: LoadRoom,
    load: Load,
    take: Callable[[list[PhoneClient]], Awaitable[None]],
) -> list[PhoneClient]:
    async with tapping_phones(
        base_url, room.card_tokens[: load.phones], pause=(0.0, 0.2), seed=load.seed, finish=False
    ) as phones:
        for _ in range(load.backups):
            await asyncio.sleep(_BETWEEN_SECONDS)
            await take(phones)
    return phones


def _plain_copy(room: LoadRoom, folder: Path, number: int) -> Path | None:
    """What `cp` makes of a live SQLite file: it leaves out what lies in the log beside it."""
    url = make_url(room.database_url)
    if url.get_backend_name() != "sqlite":
        return None
    return Path(shutil.copyfile(str(url.database), folder / f"plain-{number}.sqlite3"))
