"""Keeps the database's schema and the program's version together."""

from datetime import datetime
from pathlib import Path

from app.adapters.db import Engine, get_revision
from app.adapters.migrating import back_up, head_revision, move_schema
from app.core.errors import SchemaOutdated
from app.settings import Settings


def require_schema(engine: Engine) -> None:
    """Raises SchemaOutdated unless the database has exactly this program's schema."""
    found, wanted = get_revision(engine), head_revision()
    if found != wanted:
        raise SchemaOutdated(found=found or "nothing", wanted=wanted)


def migrate(
    settings: Settings,
    now: datetime,
    *,
    to: str = "head",
    drops_rows: bool = False,
    has_backup: bool = False,
) -> Path | None:
    """Back up, then move the schema; returns the backup's path.

    Raises BackupImpossible where no backup can be made and `has_backup` was not said.
    """
    path = None
    if not has_backup:
        path = back_up(settings.database, settings.data_dir / "backups", now)
    move_schema(settings.database, to=to, drops_rows=drops_rows)
    return path
