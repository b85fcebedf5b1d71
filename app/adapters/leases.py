"""A lease: of several workers on one database, one has it, as long as it lives.

On PostgreSQL it is a lock of the connection that took it, so it ends with the process, however that
ends. SQLite has one serving process anyway (adapters/alone).
"""

import hashlib
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError


class Lease:
    """Asked for as often as one likes; given to one worker."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._number = int.from_bytes(
            hashlib.sha256(name.encode()).digest()[:8], "big", signed=True
        )
        self._connection: Connection | None = None
        self._driver: Any = None

    def is_held(self) -> bool:
        """Whether this worker has it now, taking it where nobody has."""
        if self._engine.dialect.name != "postgresql":
            return True
        if self._connection is not None and self._lives(self._connection):
            return True
        return self._take()

    def release(self) -> None:
        """Let another worker have it."""
        if self._connection is not None:
            with suppress(DBAPIError):  # it may be gone already
                if not self._connection.invalidated:  # else the question would open another one
                    # The server sees the end of a connection a moment later: nobody waits for it.
                    self._connection.exec_driver_sql(f"SELECT pg_advisory_unlock({self._number})")
                self._connection.close()
            self._driver.close()  # in truth: kept open it would keep the lock
            self._connection = None

    def _take(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        asked = f"SELECT pg_try_advisory_lock({self._number})"
        if connection.exec_driver_sql(asked).scalar_one():
            self._driver = connection.connection.driver_connection
            connection.detach()  # not the pool's any more
            self._connection = connection
            return True
        connection.close()
        return False

    def _lives(self, connection: Connection) -> bool:
        try:
            connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            self.release()
            return False
        return True
