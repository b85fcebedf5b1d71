"""Copies of a live database that are one moment of it, counted at both ends in the same way.

A copy of the file alone loses the newest rows while every check calls it sound; so each table is
counted in the very moment that is copied, and what was restored is counted again.
"""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from app.adapters.db import is_sqlite, make_engine, sqlite_file
from app.adapters.migrating import move_schema

SQLITE_COPY = "database.sqlite3"
_CHECK = "tafawut_check"
_VERSION = "alembic_version"
_BLOCK = 1 << 20
# The same text for the same value, whatever the server or the account prefers.
_PLAIN = "-c timezone=UTC -c datestyle=ISO -c bytea_output=hex -c extra_float_digits=1"

PostgresError = psycopg.Error
_Connection = psycopg.Connection[tuple[object, ...]]


class CopyBroken(Exception):
    """A copy is not what it says; the message names the tables, or the fault."""


@dataclass(frozen=True)
class TableCount:
    """How many rows a table has, and what they are."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Copied:
    """What was copied: `kind` is sqlite or postgres, `revision` the schema's."""

    kind: str
    revision: str
    tables: dict[str, TableCount]

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def kind_of(url: str) -> str:
    """Which kind of copy fits this address."""
    return "sqlite" if is_sqlite(url) else "postgres"


def copy_database(url: str, folder: Path) -> Copied:
    """Copy one moment of the database into the folder while others write."""
    file = sqlite_file(url)
    if file is not None:
        return _copy_sqlite(file, folder / SQLITE_COPY)
    with _connected(url) as connection:
        return _dump(connection, folder)


def count_sqlite(file: Path) -> Copied:
    """Count a copy, and let SQLite look at every page; raises CopyBroken."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            faults = connection.execute("PRAGMA integrity_check").fetchall()
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            if faults != [("ok",)] or orphans:
                raise CopyBroken("the file is damaged")
            return _count_sqlite(connection)
    except sqlite3.DatabaseError as error:
        raise CopyBroken("the file is no SQLite database") from error


def holds_rows(url: str) -> bool:
    """Whether there is anything that could be overwritten."""
    file = sqlite_file(url)
    if file is not None:
        return any(
            each.exists() and each.stat().st_size > 0 for each in (file, Path(f"{file}-wal"))
        )
    with _connected(url) as connection:
        return any(_holds(connection, name) for name in _tables(connection) if name != _VERSION)


def put_postgres(url: str, folder: Path, expected: Copied) -> None:
    """Make the schema of that revision in an empty database, fill it, and count it.

    Raises CopyBroken where the rows are not those that were copied, RevisionUnknown for a schema
    of a newer version.
    """
    move_schema(url, to=expected.revision, drops_rows=False)
    engine = make_engine(url)
    try:
        order = [name for name, _ in inspect(engine).get_sorted_table_and_fkc_names() if name]
    finally:
        engine.dispose()
    strange = sorted(expected.tables.keys() - set(order))
    if strange:
        raise CopyBroken(f"this version has no table {', '.join(strange)}")
    with _connected(url) as connection:
        for name in order:
            if name in expected.tables and name != _VERSION:
                _fill(connection, name, folder / f"{name}.copy")
        compare(_dump(connection, None), expected)


def try_postgres(url: str, folder: Path, expected: Copied) -> None:
    """The same in a schema of its own that is dropped again; raises as put_postgres does.

    One at a time, under one name: what a run that was killed left there goes first.
    """
    name = sql.Identifier(_CHECK)
    with _connected(url) as guard:
        guard.autocommit = True
        guard.execute("SELECT pg_advisory_lock(hashtext(%s))", (_CHECK,))
        guard.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        guard.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        try:
            address = make_url(url).update_query_dict({"options": f"-csearch_path={_CHECK}"})
            put_postgres(address.render_as_string(hide_password=False), folder, expected)
        finally:
            guard.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))


def compare(found: Copied, expected: Copied) -> None:
    """Raises CopyBroken, naming the tables, where two counts are not the same."""
    names = sorted(found.tables.keys() | expected.tables.keys())
    wrong = [name for name in names if found.tables.get(name) != expected.tables.get(name)]
    if wrong or found.revision != expected.revision:
        raise CopyBroken(f"other rows in: {', '.join(wrong) or _VERSION}")


def _copy_sqlite(source: Path, target: Path) -> Copied:
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(source, isolation_level=None, timeout=30)) as live,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        live.execute("BEGIN")  # the count and the copy see the same moment
        counted = _count_sqlite(live)
        live.backup(copy)
        live.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without its log
    return counted


def _count_sqlite(connection: sqlite3.Connection) -> Copied:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    tables = {name: _count_table(connection, name) for (name,) in sorted(names)}
    version = connection.execute(f"SELECT version_num FROM {_VERSION}").fetchone()
    return Copied("sqlite", str(version[0]), tables)


def _count_table(connection: sqlite3.Connection, name: str) -> TableCount:
    found, rows = hashlib.sha256(), 0
    for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):
        found.update(repr(row).encode())
        rows += 1
    return TableCount(rows, found.hexdigest())


def _connected(url: str) -> _Connection:
    plain = make_url(url).set(drivername="postgresql")
    options = f"{plain.query.get('options', '')} {_PLAIN}".strip()
    address = plain.difference_update_query(["options"]).render_as_string(hide_password=False)
    connection = psycopg.connect(address, options=options)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # one moment for all tables
    return connection


def _tables(connection: _Connection) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
    )
    return [str(name) for (name,) in rows]


def _holds(connection: _Connection, name: str) -> bool:
    query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(name))
    row = connection.execute(query).fetchone()
    return bool(row and row[0])


def _dump(connection: _Connection, folder: Path | None) -> Copied:
    """Every table's rows as text, in an order that no locale changes; kept if asked."""
    tables = {}
    for name in _tables(connection):
        file = folder / f"{name}.copy" if folder else None
        tables[name] = _dump_table(connection, name, file)
    row = connection.execute(f"SELECT version_num FROM {_VERSION}").fetchone()
    return Copied("postgres", str(row[0]) if row else "", tables)


def _dump_table(connection: _Connection, name: str, file: Path | None) -> TableCount:
    keys = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a "
        "ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
        "WHERE i.indisprimary AND i.indrelid = %s::regclass ORDER BY 1",
        (sql.Identifier(name).as_string(connection),),
    ).fetchall()
    order = sql.SQL(", ").join(
        sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(str(key))) for (key,) in keys
    )
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _columns(connection, name), sql.Identifier(name), order
    )
    found, rows = hashlib.sha256(), 0
    out = file.open("wb") if file else None
    try:
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            for block in copy:
                content = bytes(block)
                found.update(content)
                rows += content.count(b"\n")  # line ends inside a value are written as \n
                if out:
                    out.write(content)
    finally:
        if out:
            out.close()
    return TableCount(rows, found.hexdigest())


def _columns(connection: _Connection, name: str) -> sql.Composable:
    """The columns by name: their order is another one after an upgrade."""
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s ORDER BY 1",
        (name,),
    )
    return sql.SQL(", ").join(sql.Identifier(str(column)) for (column,) in rows)


def _fill(connection: _Connection, name: str, file: Path) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), _columns(connection, name)
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy, file.open("rb") as source:
        while block := source.read(_BLOCK):
            copy.write(block)
    numbered = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND (column_default LIKE 'nextval%%' OR is_identity = 'YES')",
        (name,),
    ).fetchall()
    for (column,) in numbered:  # the next row must not take a number that is in use
        query = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {}").format(
            sql.Literal(sql.Identifier(name).as_string(connection)),
            sql.Literal(str(column)),
            sql.Identifier(str(column)),
            sql.Identifier(name),
        )
        connection.execute(query)
