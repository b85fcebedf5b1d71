"""Rows of a table as plain values that JSON can carry, and back; nothing of ours.

Every column travels, so that a column that is added later cannot be forgotten; a row whose columns
are not exactly the table's is refused.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, LargeBinary, Table, insert, select
from sqlmodel import Session

Plain = dict[str, Any]
_AT_ONCE = 500


class RowForeign(Exception):
    """A row that this table did not write, or another version of it."""


def copy_rows(db: Session, table: Table, where: ColumnElement[bool]) -> list[Plain]:
    """The rows in the order of their keys."""
    query = select(table).where(where).order_by(*table.primary_key.columns)
    return [
        {name: _plain(value) for name, value in row.items()}
        for row in db.connection().execute(query).mappings()
    ]


def add_copies(
    db: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, numbered: str = ""
) -> None:
    """Insert copied rows; the database gives the column `numbered` anew. Raises RowForeign."""
    told = [typed_row(table, row) for row in rows]
    for row in told:
        row.pop(numbered, None)
    for start in range(0, len(told), _AT_ONCE):
        db.connection().execute(insert(table), told[start : start + _AT_ONCE])


def typed_row(table: Table, row: object) -> dict[str, Any]:
    """A copied row with the values that the table's columns have; raises RowForeign."""
    if not isinstance(row, dict) or set(row) != set(table.c.keys()):
        raise RowForeign(table.name)
    try:
        return {name: _typed(table, name, value) for name, value in row.items()}
    except (TypeError, ValueError, binascii.Error) as error:
        raise RowForeign(table.name) from error


def without(rows: Iterable[Plain], **columns: object) -> list[Plain]:
    """The rows with other values in these columns."""
    return [row | columns for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    return value


def _typed(table: Table, name: str, value: Any) -> object:
    column = table.c[name]
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(getattr(column.type, "impl", column.type), DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    wanted = column.type.python_type
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise TypeError(name)
    return value
