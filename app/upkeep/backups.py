"""Backups: one file, enclosed for a key that lies elsewhere, and restored once before it counts.

Two kinds, never in one file (decision 0004): the database, of which many are kept, and the keys, of
which only the newest is kept, so that a key which was destroyed ends there too.
"""

import base64
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import __version__
from app.adapters.archives import pack_folder, unpack_folder
from app.adapters.copying import (
    SQLITE_COPY,
    Copied,
    CopyBroken,
    TableCount,
    compare,
    copy_database,
    count_sqlite,
    try_postgres,
)
from app.adapters.db import holds_schema
from app.adapters.envelopes import (
    EnvelopeUnreadable,
    KeyUnreadable,
    enclose,
    make_key_pair,
    open_envelope,
)
from app.adapters.sealing import KeyFolder
from app.settings import Settings
from app.upkeep.addresses import Stop
from app.upkeep.erasures import put_beside

KEYS_NAME = "tafawut-keys.age"
LAST_BACKUP = "last-backup.json"
PASSING = ".passing-"  # folders and files of a run that was killed begin so
PASSING_LASTS = timedelta(days=1)  # then tidy removes them, or the next backup beside it
_NAME = "tafawut-{:%Y%m%dT%H%M%SZ}.age"
_NAMES = "tafawut-????????T??????Z.age"
_FORMAT = "tafawut backup 1"
_MANIFEST = "manifest.json"
_KEYS = "keys.json"
# What changes numbers or promises; nothing that is a secret or a place.
_SETTINGS_KEPT = (
    *(
        "mode",
        "base_url",
        "outside_threshold",
        "names_days",
        "answers_months",
        "log_months",
        "late_hours",
        "closing_seconds",
    ),
    *("sign_in_idle_minutes", "sign_in_hours"),
)
_DAMAGED = (
    "{} cannot be opened: it is damaged, or it was made for another key. "
    "Nothing was changed. Try the key that belongs to it, or the backup before it."
)


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `kind` is sqlite, postgres or keys."""

    kind: str
    made_at: str
    version: str
    settings: dict[str, Any]
    destroyed: list[str]
    revision: str = ""
    tables: dict[str, dict[str, Any]] | None = None

    @property
    def copied(self) -> Copied:
        """The counts as they were taken in the moment of the copy."""
        tables = {name: TableCount(**each) for name, each in (self.tables or {}).items()}
        return Copied(self.kind, self.revision, tables)


@dataclass(frozen=True)
class Written:
    """A backup that was restored once: where it is, what is in it, which old ones went."""

    path: Path
    rows: int
    tables: int
    bytes: int
    removed: tuple[Path, ...] = ()


def write_key(path: Path) -> str:
    """Make the admin's key in a file of its own; its public half. Never over another file."""
    pair = make_key_pair()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Stop(
            f"{path} is there already. Name another file: a key is never overwritten."
        ) from error
    with os.fdopen(handle, "w") as file:
        file.write(f"# Opens Tafawut's backups. Public half: {pair.public}\n{pair.private}\n")
    return pair.public


def back_up_database(
    settings: Settings, place: Path, *, to: str, now: datetime, keep_days: int
) -> Written:
    """Copy, enclose, restore in a passing place, compare, and only then give it its name."""
    if not holds_schema(settings.database):
        raise Stop("There is nothing to back up yet. Run the command: migrate.")
    target = place / _NAME.format(now.astimezone(UTC)) if place.suffix != ".age" else place
    with passing_folder(settings) as folder:
        inside = _made(folder / "inside")
        copied = copy_database(settings.database, inside)
        manifest = _manifest(
            settings, copied.kind, now, revision=copied.revision,
            tables={name: asdict(each) for name, each in copied.tables.items()},
        )  # fmt: skip
        _write_manifest(inside, manifest)
        size = _enclose_and_try(
            folder, inside, target, to, lambda opened: check_copy(settings, opened)
        )
    put_beside(KeyFolder(settings.keys, settings.key_backup), target.parent)
    removed = _remove_old(target.parent, now - timedelta(days=keep_days), newest=target)
    _remove_left_open(target.parent, now)
    _say_last(settings, target, now, copied.rows)
    return Written(target, copied.rows, len(copied.tables), size, removed)


def back_up_keys(settings: Settings, place: Path, *, to: str, now: datetime) -> Written:
    """All keys as they are now, in place of the file before: what was destroyed ends there too."""
    keys = KeyFolder(settings.keys, settings.key_backup)
    known = {name: keys.require(name) for name in keys.names()}
    if not known:
        raise Stop(f"There are no keys in {settings.keys}. Is TAFAWUT_KEY_DIR right?")
    target = place / KEYS_NAME if place.suffix != ".age" else place

    def check(opened: Path) -> None:
        if read_keys(opened) != known:
            raise CopyBroken("other keys")

    with passing_folder(settings) as folder:
        inside = _made(folder / "inside")
        _write_manifest(inside, _manifest(settings, "keys", now))
        told = {name: base64.b64encode(key).decode() for name, key in known.items()}
        (inside / _KEYS).write_text(json.dumps(told), encoding="utf-8")
        size = _enclose_and_try(folder, inside, target, to, check)
    put_beside(keys, target.parent)
    return Written(target, len(known), 1, size)


def open_backup(file: Path, private: str, folder: Path) -> Manifest:
    """Put a backup's content into the folder; a Stop for whatever is wrong with it."""
    packed = folder / "packed"
    try:
        open_envelope(file, packed, private)
        unpack_folder(packed, _made(folder / "opened"))
        manifest = json.loads((folder / "opened" / _MANIFEST).read_text(encoding="utf-8"))
        if manifest.pop("format", None) != _FORMAT:
            raise Stop(f"{file} was made by another version of this service. Use that one.")
        return Manifest(**manifest)
    except KeyUnreadable as error:
        raise Stop(
            "This is no key of a backup: it begins with AGE-SECRET-KEY-1. "
            "Look for the file that backup-key made."
        ) from error
    except FileNotFoundError as error:
        raise Stop(f"There is no file {error.filename or error.args[0]}.") from error
    except (EnvelopeUnreadable, ValueError, TypeError) as error:
        raise Stop(_DAMAGED.format(file)) from error
    finally:
        packed.unlink(missing_ok=True)


def check_copy(settings: Settings, opened: Path) -> None:
    """Restore what was opened into a passing place and count it; raises CopyBroken."""
    manifest = json.loads((opened / _MANIFEST).read_text(encoding="utf-8"))
    manifest.pop("format")
    expected = Manifest(**manifest).copied
    if expected.kind == "sqlite":
        compare(count_sqlite(opened / SQLITE_COPY), expected)
    else:
        try_postgres(settings.database, opened, expected)


def read_keys(opened: Path) -> dict[str, bytes]:
    """The keys of an opened backup of keys."""
    told = json.loads((opened / _KEYS).read_text(encoding="utf-8"))
    return {str(name): base64.b64decode(key) for name, key in told.items()}


def read_last(settings: Settings) -> dict[str, Any] | None:
    """When the newest backup of the database was made (made_at, file, rows); None for never."""
    try:
        told = json.loads((settings.data_dir / LAST_BACKUP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def last_backup_time(settings: Settings) -> float:
    """When the newest backup of the database was made, in Unix time; 0 for never."""
    last = read_last(settings)
    return datetime.fromisoformat(last["made_at"]).timestamp() if last else 0.0


@contextmanager
def passing_folder(settings: Settings) -> Iterator[Path]:
    """A folder for what is open for a moment: on the data's own disk, for this account alone."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix=PASSING, dir=settings.data_dir) as folder:
        yield Path(folder)


def _manifest(
    settings: Settings,
    kind: str,
    now: datetime,
    *,
    revision: str = "",
    tables: dict[str, dict[str, Any]] | None = None,
) -> Manifest:
    values = settings.model_dump(mode="json")
    return Manifest(
        kind=kind,
        made_at=now.astimezone(UTC).isoformat(),
        version=__version__,
        settings={name: values[name] for name in _SETTINGS_KEPT},
        destroyed=KeyFolder(settings.keys, settings.key_backup).destroyed(),
        revision=revision,
        tables=tables,
    )


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    told = {"format": _FORMAT, **asdict(manifest)}
    (folder / _MANIFEST).write_text(json.dumps(told), encoding="utf-8")


def _enclose_and_try(
    folder: Path, inside: Path, target: Path, to: str, check: Callable[[Path], None]
) -> int:
    """Write the file beside its place, open it again, check what is in it, then name it.

    It is enclosed for the admin's key and for one of this moment, which opens it for the check and
    is kept nowhere: the admin's own key need not be on this machine.
    """
    packed, passing = folder / "packed", target.with_name(f"{PASSING}{target.name}")
    own = make_key_pair()
    try:
        pack_folder(inside, packed)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        passing.touch(mode=0o600)
        enclose(packed, passing, [to, own.public])
        packed.unlink()
        open_backup(passing, own.private, folder)
        check(folder / "opened")
        with passing.open("rb") as file:
            os.fsync(file.fileno())
        passing.replace(target)
        _sync_folder(target.parent)
        return target.stat().st_size
    except KeyUnreadable as error:
        raise Stop(
            "--to needs the public half of a backup key: it begins with age1. "
            "The command backup-key makes one and prints it."
        ) from error
    except CopyBroken as error:
        raise Stop(
            f"The backup was made and restored, and it was not the same: {error}. It was thrown "
            "away. Run the command again; if it says the same, look at the disk."
        ) from error
    finally:
        passing.unlink(missing_ok=True)


def _remove_old(folder: Path, before: datetime, *, newest: Path) -> tuple[Path, ...]:
    """Backups of the database with our own names whose time has passed; never the newest."""
    limit = _NAME.format(before.astimezone(UTC))
    old = [path for path in sorted(folder.glob(_NAMES)) if path.name < limit and path != newest]
    for path in old:
        path.unlink()
    return tuple(old)


def _remove_left_open(folder: Path, now: datetime) -> None:
    """What a run that was killed left where backups stand; tidy does not know that place."""
    for path in folder.glob(f"{PASSING}*"):
        if path.stat().st_mtime < (now - PASSING_LASTS).timestamp():
            path.unlink()


def _say_last(settings: Settings, target: Path, now: datetime, rows: int) -> None:
    told = {"made_at": now.astimezone(UTC).isoformat(), "file": str(target), "rows": rows}
    path = settings.data_dir / LAST_BACKUP
    passing = path.with_name(f"{PASSING}{path.name}")
    passing.write_text(json.dumps(told), encoding="utf-8")
    passing.replace(path)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
