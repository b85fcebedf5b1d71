"""The journal of erasures: kept with the keys, outside the database, for a restore to redo them.

It holds digests and ids alone: no name, no number of a card, nothing by which one of them is found
without the keys. A copy lies beside the backups, with the keys that were destroyed (decision 0026).
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.adapters.db import Work
from app.adapters.journals import Journal, Line, read_lines
from app.adapters.sealing import KeyFolder

FILE = "erased.jsonl"
BESIDE = "tafawut-erased.jsonl"


@dataclass(frozen=True)
class ErasedPerson:
    """What to look for: digests of the card, of where its name was, of who held the certificate."""

    workshop_id: str
    card: str
    name: str
    holder: str
    keeps: bool


@dataclass(frozen=True)
class WipedWorkshop:
    """Everybody was taken off this computer then, because they are on another one."""

    workshop_id: str
    wiped_at: datetime


def note_person(work: Work, person: ErasedPerson) -> None:
    """On the disk before the database is told: an erasure that was half done is done by `tidy`."""
    line: Line = {"kind": "person", "at": work.now.isoformat(), **vars(person)}
    work.before_commit.append(lambda: _journal(work.keys).add(line))


def note_wiped(work: Work, workshop_id: str) -> None:
    """The same for all people of a workshop."""
    line: Line = {"kind": "wiped", "at": work.now.isoformat(), "workshop_id": workshop_id}
    work.before_commit.append(lambda: _journal(work.keys).add(line))


def find_persons(keys: KeyFolder) -> list[ErasedPerson]:
    """Everybody who was ever erased here, or in what was restored here; the oldest first."""
    fields = ErasedPerson.__dataclass_fields__
    return [
        ErasedPerson(**{name: line[name] for name in fields})  # type: ignore[arg-type]
        for line in _journal(keys).read()
        if line.get("kind") == "person" and fields.keys() <= line.keys()
    ]


def find_wiped(keys: KeyFolder) -> list[WipedWorkshop]:
    """Every workshop whose people were taken off this computer."""
    return [
        WipedWorkshop(str(line["workshop_id"]), datetime.fromisoformat(str(line["at"])))
        for line in _journal(keys).read()
        if line.get("kind") == "wiped" and {"workshop_id", "at"} <= line.keys()
    ]


def put_beside(keys: KeyFolder, folder: Path) -> None:
    """Add all that is known here, destroyed keys too, to the journal beside the backups."""
    file = folder / BESIDE
    file.touch(mode=0o600)
    ended: list[Line] = [{"kind": "key", "name": name} for name in keys.destroyed()]
    Journal(file).add_missing([*_journal(keys).read(), *ended])


def take_in(keys: KeyFolder, folder: Path) -> bool:
    """Know from now on what the journal beside a backup knows; False where none lies there."""
    file = folder / BESIDE
    lines = read_lines(file)
    _journal(keys).add_missing(line for line in lines if line.get("kind") in {"person", "wiped"})
    for line in lines:
        if line.get("kind") == "key":
            with suppress(ValueError):  # no name of a key
                keys.destroy(str(line.get("name", "")))
    return file.exists()


def _journal(keys: KeyFolder) -> Journal:
    return Journal(*keys.beside(FILE))
