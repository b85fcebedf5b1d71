"""Alembic: where the schema stands, how to move it, and the backup before that."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from app.adapters.db import get_revision, is_sqlite, make_engine

_ROOT = Path(__file__).parent.parent.parent


class BackupImpossible(Exception):
    """No backup could be made before migrating; the message says what is missing."""


class RevisionUnknown(Exception):
    """There is no revision of that name."""


def head_revision() -> str:
    """The revision this version of the program expects."""
    head = ScriptDirectory.from_config(_config("")).get_current_head()
    if head is None:
        raise LookupError("the migrations folder is empty")
    return head


def move_schema(url: str, *, to: str, drops_rows: bool) -> None:
    """Up or down to a revision; one transaction, all or nothing. Raises RevisionUnknown."""
    config = _config(url)
    config.attributes["drop_data"] = drops_rows
    scripts = ScriptDirectory.from_config(config)
    order = ["base", *reversed([script.revision for script in scripts.walk_revisions()])]
    target = order[-1] if to == "head" else to
    if target not in order:
        raise RevisionUnknown(to)
    engine = make_engine(url)
    try:
        found = get_revision(engine)
    finally:
        engine.dispose()
    if found is not None and found not in order:
        raise RevisionUnknown(found)
    if found is not None and order.index(target) < order.index(found):
        command.downgrade(config, target)
    elif target != "base":
        command.upgrade(config, target)


def back_up(url: str, folder: Path, now: datetime) -> Path | None:
    """A copy of the database as it is; None when there is nothing yet to copy."""
    name = f"before-migrate-{now:%Y%m%dT%H%M%S%f}"
    if is_sqlite(url):
        return _back_up_sqlite(Path(make_url(url).database or ""), folder / f"{name}.sqlite3")
    pg_dump = shutil.which("pg_dump")
    if pg_dump is None:
        raise BackupImpossible("pg_dump is not on this machine")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{name}.dump"
    address = make_url(url).set(drivername="postgresql")
    # The password goes by the environment: a command line can be read by everybody.
    environment = os.environ | {"PGPASSWORD": str(address.password or "")}
    plain = address._replace(password=None).render_as_string(hide_password=False)
    target.touch(mode=0o600)
    done = subprocess.run(  # noqa: S603  our own settings, no shell
        [pg_dump, "--format=custom", f"--file={target}", plain],
        capture_output=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        target.unlink(missing_ok=True)
        raise BackupImpossible(f"pg_dump failed: {done.stderr.decode(errors='replace')[:300]}")
    return target


def _back_up_sqlite(source: Path, target: Path) -> Path | None:
    if not source.exists() or source.stat().st_size == 0:
        return None
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)  # a plain file copy of a live database loses rows
    except sqlite3.Error:
        target.unlink(missing_ok=True)
        raise
    return target


def _config(url: str) -> Config:
    config = Config(_ROOT / "alembic.ini")
    if url:
        config.attributes["database_url"] = url
    return config
