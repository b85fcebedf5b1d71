"""The database: engines, and the unit of work in which everything is written.

One request is one unit of work. It commits as a whole before the answer leaves; nothing below
the web layer commits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event, inspect
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, create_engine

from app.adapters.rows import StoredRow
from app.adapters.sealing import KeyFolder
from app.adapters.wal import LogWatch

_BUSY_MILLISECONDS = 30_000


@dataclass(frozen=True)
class Work:
    """What a verb works with: an open transaction, the time it happens at, and the keys."""

    db: Session
    now: datetime
    keys: KeyFolder
    before_commit: list[Callable[[], None]] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


def is_sqlite(url: str) -> bool:
    """Whether the address names an SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address; None in memory and for other databases."""
    path = make_url(url).database
    return Path(path) if is_sqlite(url) and path and path != ":memory:" else None


def make_engine(url: str) -> Engine:
    """An engine with the rules the service relies on, for SQLite or PostgreSQL."""
    if not is_sqlite(url):
        return create_engine(
            url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True
        )
    file = sqlite_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)  # the journal files take the same permissions
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=10,
        max_overflow=30,
        hide_parameters=True,  # an error in the log must not hold what somebody typed
        connect_args={"check_same_thread": False, "timeout": _BUSY_MILLISECONDS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL answers before the disk has it
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "secure_delete=ON",
        "journal_size_limit=67108864",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that reads and then writes fails at once with "locked", whatever the
    # timeout; a writer therefore takes its place in the queue at BEGIN.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def unit_of_work(
    engine: Engine, *, now: datetime, keys: KeyFolder, writes: bool = True
) -> Iterator[Work]:
    """One transaction: committed when the block ends, rolled back when it raises."""
    with (
        engine.connect().execution_options(writes=writes) as connection,
        Session(connection, expire_on_commit=False, autoflush=writes) as db,
    ):
        work = Work(db=db, now=now, keys=keys)
        with db.begin():
            yield work
            if work.before_commit:
                db.flush()  # what the database refuses is refused before they are called
            for call in work.before_commit:
                call()
        for call in work.after_commit:
            call()


def take_added(work: Work) -> list[object]:
    """The rows added in a reading transaction, taken out of it to be written in another."""
    added = list(work.db.new)
    for row in added:
        work.db.expunge(row)
    return added


def ping(work: Work) -> None:
    """Ask the database for a sign of life; raises what it raises."""
    work.db.connection().exec_driver_sql("SELECT 1")


def empty_log(work: Work) -> None:
    """After a commit: what was overwritten leaves SQLite's log beside the file too, soon.

    PostgreSQL keeps its own log, which its backups end.
    """
    bind = work.db.get_bind()
    LogWatch(sqlite_file(bind.engine.url.render_as_string(hide_password=False))).empty_soon()


def insert_if_absent(work: Work, table: type[StoredRow], **values: object) -> None:
    """Insert a row unless a UNIQUE constraint says that it is there: never look first, then add."""
    statement = insert_for(work.db.connection().dialect)(table).values(**values)
    work.db.execute(statement.on_conflict_do_nothing())


def insert_for(dialect: Dialect) -> Any:
    """The database's own INSERT, which knows ON CONFLICT."""
    return postgres_insert if dialect.name == "postgresql" else sqlite_insert


def is_disk_full(error: Exception) -> bool:
    """Whether the database refused because there is no room left."""
    original = getattr(error, "orig", None)
    state = getattr(original, "sqlstate", None)
    if state is not None:
        return bool(state == "53100")  # PostgreSQL's words change with its language
    return isinstance(error, OperationalError) and "disk is full" in str(original).lower()


def is_unavailable(error: Exception) -> bool:
    """Whether the database cannot be reached or read (not a fault of the request)."""
    return isinstance(error, OperationalError) or (
        isinstance(error, DatabaseError)
        and any(sign in str(error.orig) for sign in ("not a database", "malformed", "closed"))
    )


def get_revision(engine: Engine) -> str | None:
    """The schema revision the database says it has; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        return row[0] if row else None


def holds_schema(url: str) -> bool:
    """Whether there is a database of ours; asking makes none."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return False
    engine = make_engine(url)
    try:
        return get_revision(engine) is not None
    finally:
        engine.dispose()


__all__ = [
    "DatabaseError",
    "Engine",
    "Session",
    "Work",
    "empty_log",
    "get_revision",
    "holds_schema",
    "insert_for",
    "insert_if_absent",
    "is_disk_full",
    "is_sqlite",
    "is_unavailable",
    "make_engine",
    "ping",
    "sqlite_file",
    "take_added",
    "unit_of_work",
]
