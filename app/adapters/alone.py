"""One serving process for one SQLite file: two would wait for each other in no order.

The lock is a transaction held open in a small SQLite file beside the database: it works wherever
SQLite does, and ends with the process, however that ends.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held: dict[Path, tuple[sqlite3.Connection, int]] = {}


class AlreadyServed(Exception):
    """Another process serves this database."""


@contextmanager
def serving_alone(database: Path) -> Iterator[None]:
    """Keep other processes from serving this file until the block ends; raises AlreadyServed.

    The same process may hold it several times.
    """
    path = database.resolve().with_name(f"{database.name}.serving")
    connection, times = _held.get(path) or (_locked(path), 0)
    _held[path] = connection, times + 1
    try:
        yield
    finally:
        connection, times = _held.pop(path)
        if times > 1:
            _held[path] = connection, times - 1
        else:
            connection.close()


def _locked(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise AlreadyServed(
            "Another process serves this database already. SQLite bears one: stop the other, "
            "or use PostgreSQL for several."
        ) from error
    return connection
