"""Puts a backup back: opened, counted, and only then where the service looks.

What was destroyed stays destroyed, and who was erased since is erased again: the journal of this
machine holds, and the one that lies beside the backup (decision 0026). Nothing that is there is
overwritten unless that was said.
"""

import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.adapters.alone import serving_alone
from app.adapters.copying import (
    SQLITE_COPY,
    CopyBroken,
    compare,
    count_sqlite,
    holds_rows,
    kind_of,
    put_postgres,
)
from app.adapters.db import sqlite_file
from app.adapters.migrating import RevisionUnknown
from app.adapters.sealing import KeyDiffers, KeyFolder
from app.settings import Settings
from app.upkeep.addresses import Stop
from app.upkeep.backups import (
    PASSING,
    Manifest,
    check_copy,
    open_backup,
    passing_folder,
    read_keys,
)  # fmt: skip
from app.upkeep.erasures import BESIDE, take_in
from app.upkeep.redoing import Redone, redo_restored

_LOGS = ("-wal", "-shm")


@dataclass(frozen=True)
class Restored:
    """What came back; `aside` is where the database that was there lies now.

    `has_journal`: a journal of erasures lies beside the backup; `redone`: what was ended again.
    """

    kind: str
    made_at: str
    revision: str
    rows: int
    ended: tuple[str, ...]
    changed_settings: dict[str, tuple[Any, Any]]
    aside: Path | None = None
    has_journal: bool = False
    redone: Redone = field(default_factory=Redone)


def restore(
    settings: Settings,
    file: Path,
    private: str,
    *,
    now: datetime,
    replaces: bool = False,
    only_checks: bool = False,
) -> Restored:
    """Open, check, put in place, erase again; a Stop leaves everything as it was."""
    found = _put_back(settings, file, private, now=now, replaces=replaces, only_checks=only_checks)
    if only_checks:
        return replace(found, has_journal=(file.parent / BESIDE).exists())
    has_journal = take_in(KeyFolder(settings.keys, settings.key_backup), file.parent)
    return replace(found, has_journal=has_journal, redone=redo_restored(settings, now))


def _put_back(
    settings: Settings,
    file: Path,
    private: str,
    *,
    now: datetime,
    replaces: bool,
    only_checks: bool,
) -> Restored:
    with passing_folder(settings) as folder:
        manifest = open_backup(file, private, folder)
        opened = folder / "opened"
        try:
            if manifest.kind == "keys":
                return _restore_keys(
                    settings, manifest, opened, file.parent, only_checks=only_checks
                )
            _require_kind(settings, manifest)
            if only_checks:
                check_copy(settings, opened)
                return _told(settings, manifest, manifest.copied.rows)
            aside = _put(settings, manifest, opened, now, replaces=replaces)
        except CopyBroken as error:
            raise Stop(
                f"What is in {file} is not what was backed up: {error}. "
                "Nothing was changed. Use the backup before it."
            ) from error
        except RevisionUnknown as error:
            raise Stop(
                f"{file} was made by a newer version of this service. Install that one, "
                "then restore."
            ) from error
    keys = KeyFolder(settings.keys, settings.key_backup)
    for name in manifest.destroyed:
        keys.destroy(name)
    return _told(settings, manifest, manifest.copied.rows, aside)


def _restore_keys(
    settings: Settings, manifest: Manifest, opened: Path, beside: Path, *, only_checks: bool
) -> Restored:
    found = read_keys(opened)
    if only_checks:
        return _told(settings, manifest, len(found))
    keys = KeyFolder(settings.keys, settings.key_backup)
    own = {name: keys.require(name) for name in keys.names()}
    different = [name for name, key in own.items() if found.get(name, key) != key]
    if different:
        raise Stop(
            f"Another key is in use here: {', '.join(different)}. What it sealed could not be read "
            f"any more. Move the folder {settings.keys} aside first if that is what you want."
        )
    take_in(keys, beside)
    for name in manifest.destroyed:
        keys.destroy(name)
    try:
        ended = [name for name, key in found.items() if not keys.put_back(name, key)]
    except KeyDiffers as error:
        raise Stop(f"Another key is in use here: {error}.") from error
    return _told(settings, manifest, len(found) - len(ended), ended=ended)


def _require_kind(settings: Settings, manifest: Manifest) -> None:
    here = kind_of(settings.database)
    if manifest.kind != here:
        raise Stop(
            f"This backup is of a {manifest.kind} database, and TAFAWUT_DATABASE_URL names a "
            f"{here} one. Set it to one of the same kind."
        )


def _put(
    settings: Settings, manifest: Manifest, opened: Path, now: datetime, *, replaces: bool
) -> Path | None:
    is_taken = holds_rows(settings.database)
    target = sqlite_file(settings.database)
    if target is None:
        if is_taken:
            raise Stop(
                "The database that TAFAWUT_DATABASE_URL names holds rows already. Make an empty "
                "one, name it there, and restore into that."
            )
        put_postgres(settings.database, opened, manifest.copied)
        return None
    if is_taken and not replaces:
        raise Stop(
            f"{target} is there already. Say --replace to move it aside and put the backup in its "
            "place, or name another folder with TAFAWUT_DATA_DIR."
        )
    copy = opened / SQLITE_COPY
    compare(count_sqlite(copy), manifest.copied)
    with serving_alone(target):
        return _place_sqlite(copy, target, now, is_taken=is_taken)


def _place_sqlite(copy: Path, target: Path, now: datetime, *, is_taken: bool) -> Path | None:
    """The old file's own logs go with it: beside another file they would damage that one."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = target.with_name(f"{PASSING}{target.name}")
    passing.unlink(missing_ok=True)
    passing.touch(mode=0o600)
    with copy.open("rb") as source, passing.open("wb") as out:
        while block := source.read(1 << 20):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    aside = None
    if is_taken:
        aside = target.parent / "backups" / f"before-restore-{now:%Y%m%dT%H%M%S%f}.sqlite3"
        aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for ending in (*_LOGS, ""):
            old = Path(f"{target}{ending}")
            if old.exists():
                moved = old.rename(f"{aside}{ending}")
                os.utime(moved, (now.timestamp(), now.timestamp()))  # tidy counts from now on
    passing.replace(target)
    return aside


def _told(
    settings: Settings,
    manifest: Manifest,
    rows: int,
    aside: Path | None = None,
    ended: list[str] | None = None,
) -> Restored:
    here = settings.model_dump(mode="json")
    changed = {
        name: (value, here[name])
        for name, value in manifest.settings.items()
        if name in here and here[name] != value
    }
    names = tuple(manifest.destroyed if ended is None else ended)
    return Restored(manifest.kind, manifest.made_at, manifest.revision, rows, names, changed, aside)
