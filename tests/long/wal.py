"""R9: somebody reads one old moment of a served SQLite file for long, while phones save.

SQLite's log can only grow meanwhile. What is looked at: how large it gets, that it is small again
soon after the reader has gone, without a restart, and that nobody's save fails or is lost.
"""

import argparse
import asyncio
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.adapters.wal import EMPTIED_ABOVE
from tests.fixtures.apart import run_apart
from tests.fixtures.journals import Comparison, compare, faults_in_file
from tests.fixtures.load_room import LoadRoom, fresh_database, make_load_room
from tests.fixtures.server import serving
from tests.long.tapping import faults_of, tapping_phones

SMALL_WITHIN_SECONDS = 60.0
_MEGABYTE = 1 << 20
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Load:
    """How many phones tap, and how long the reader stays."""

    phones: int
    reader_seconds: float
    seed: int = 1


SHORT = Load(phones=30, reader_seconds=10.0)
LONG = Load(phones=60, reader_seconds=60.0)


@dataclass
class Passage:
    """Sizes of the log in bytes; `small_seconds`: from the reader's end until it was small."""

    compared: Comparison
    before: int = 0
    largest: int = 0
    after: int = 0
    small_seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    file_faults: int = 0

    @property
    def is_ok(self) -> bool:
        """Small in time, nothing lost, nobody refused."""
        return (
            self.compared.is_clean
            and not self.faults
            and not self.file_faults
            and self.after <= EMPTIED_ABOVE
            and self.small_seconds <= SMALL_WITHIN_SECONDS
        )


def run_reader(room: LoadRoom, load: Load) -> Passage:
    """Save while somebody reads, then without; compare."""
    with serving(["serve"], room.environment) as (ready, _):
        return run_apart(_load(str(ready["base_url"]), room, load))


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R9 for the command line."""
    load = SHORT if chosen.short else LONG
    with fresh_database(folder) as url:
        passage = run_reader(make_load_room(url, folder, load.phones), load)
    return {
        **asdict(load),
        **asdict(passage.compared),
        "log_before_megabytes": round(passage.before / _MEGABYTE, 1),
        "log_largest_megabytes": round(passage.largest / _MEGABYTE, 1),
        "log_afterwards_megabytes": round(passage.after / _MEGABYTE, 1),
        "small_again_seconds": round(passage.small_seconds, 1),
        "saves_that_failed": dict(passage.faults),
        "file_faults": passage.file_faults,
        "is_ok": passage.is_ok,
    }


async def _load(base_url: str, room: LoadRoom, load: Load) -> Passage:
    file = str(make_url(room.database_url).database)
    log = Path(f"{file}-wal")
    passage = Passage(Comparison(0, 0, 0, 0, 0, 0, 0, 0))
    async with tapping_phones(
        base_url, room.card_tokens[: load.phones], pause=(0.0, 0.1), seed=load.seed
    ) as phones:
        await asyncio.sleep(1.0)
        passage.before = _size(log)
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sitting_operations").fetchone()
            give_up_at = time.monotonic() + load.reader_seconds
            while time.monotonic() < give_up_at:
                await asyncio.sleep(_LOOK_SECONDS)
                passage.largest = max(passage.largest, _size(log))
        began = time.monotonic()
        for _ in range(int(SMALL_WITHIN_SECONDS / _LOOK_SECONDS)):
            if _size(log) <= EMPTIED_ABOVE:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        passage.small_seconds = time.monotonic() - began
        passage.after = _size(log)
    passage.faults = faults_of(phones)
    passage.compared = compare(phones, room.database_url)
    passage.file_faults = len(faults_in_file(room.database_url))
    return passage


def _size(log: Path) -> int:
    return log.stat().st_size
