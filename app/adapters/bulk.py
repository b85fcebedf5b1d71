"""Thousands of rows in a statement: what a whole room sends at once, and what is released.

Converting each row by way of SQLAlchemy costs twice what the database takes to store it, and
building the statement costs as much as a small room's rows: it is built once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, LargeBinary, Table, cast
from sqlmodel import Session

from app.adapters.db import insert_for

_AT_ONCE = 100
_KEPT_STATEMENTS = 64


class _Clash(Enum):
    """What becomes of a row whose key stands already."""

    FAILS = "fails"
    REPLACES = "replaces"
    ADDS_UP = "adds_up"


@dataclass(frozen=True)
class _Statement:
    """An INSERT in the driver's words.

    `hundred` takes the values of a hundred rows, one after another: SQLite's driver lets other
    threads run at every row, and taking turns costs more than storing it. "" where the driver
    takes rows by name. `converters` say how the values of a column are handed over.
    """

    one: str
    hundred: str
    order: tuple[str, ...]
    converters: Mapping[str, Callable[[Any], Any]]


def add_rows(
    db: Session, table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert these columns of the rows; other names in a row are left out."""
    _write(db, _Clash.FAILS, table, columns, (), rows)


def put_rows(
    db: Session,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: tuple[str, ...],
) -> None:
    """`add_rows`, each row taking the place of the one with the same key."""
    _write(db, _Clash.REPLACES, table, columns, key, rows)


def sum_rows(
    db: Session,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: tuple[str, ...],
) -> None:
    """`add_rows`, the numbers of each row added to those of the row with the same key.

    Bytes are put behind those that stand.
    Rows are written in the order given: hand them in by key, so that two workers never block each
    other.
    """
    _write(db, _Clash.ADDS_UP, table, columns, key, rows)


def _write(
    db: Session,
    clash: _Clash,
    table: Table,
    columns: Sequence[str],
    key: tuple[str, ...],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    if not rows:
        return
    connection = db.connection()
    known = _statement(connection.dialect, clash, table, tuple(columns), key)
    values = [_converted(known.converters.get(name), rows, name) for name in known.order]
    ready = list(zip(*values, strict=True))
    if not known.hundred:
        named = [dict(zip(known.order, row, strict=True)) for row in ready]
        connection.exec_driver_sql(known.one, named)
        return
    whole = len(ready) - len(ready) % _AT_ONCE
    for start in range(0, whole, _AT_ONCE):
        block = tuple(chain.from_iterable(ready[start : start + _AT_ONCE]))
        connection.exec_driver_sql(known.hundred, block)
    if whole < len(ready):
        connection.exec_driver_sql(known.one, ready[whole:])


def _converted(
    convert: Callable[[Any], Any] | None, rows: Sequence[Mapping[str, Any]], name: str
) -> list[Any]:
    found = [row[name] for row in rows]
    if convert is None:
        return found
    # Few values, many rows: every row of a batch has the same time.
    known = {value: convert(value) for value in set(found)}
    return [known[value] for value in found]


@lru_cache(maxsize=_KEPT_STATEMENTS)
def _statement(
    dialect: Dialect, clash: _Clash, table: Table, columns: tuple[str, ...], key: tuple[str, ...]
) -> _Statement:
    compiled = _insert(dialect, clash, table, columns, key).compile(
        dialect=dialect, column_keys=columns
    )
    one = str(compiled)
    processors = {
        name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns
    }
    converters = {name: convert for name, convert in processors.items() if convert is not None}
    if compiled.positiontup is None:
        return _Statement(one, "", columns, converters)
    places = f"({', '.join('?' * len(columns))})"
    before, after = one.split(f"VALUES {places}")
    hundred = f"{before}VALUES {', '.join([places] * _AT_ONCE)}{after}"
    return _Statement(one, hundred, tuple(compiled.positiontup), converters)


def _insert(
    dialect: Dialect, clash: _Clash, table: Table, columns: tuple[str, ...], key: tuple[str, ...]
) -> Any:
    plain = insert_for(dialect)(table)
    if clash is _Clash.FAILS:
        return plain
    changed = {
        name: _together(table.c[name], plain.excluded[name])
        if clash is _Clash.ADDS_UP
        else plain.excluded[name]
        for name in columns
        if name not in key
    }
    return plain.on_conflict_do_update(index_elements=key, set_=changed)


def _together(stands: Any, more: Any) -> Any:
    if isinstance(stands.type, LargeBinary):
        return cast(stands.concat(more), LargeBinary)  # SQLite makes text of what it puts together
    return stands + more
