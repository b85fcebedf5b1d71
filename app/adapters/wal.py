"""SQLite's log beside the file (-wal): emptied when it has grown, told when it cannot be.

SQLite writes over its log again and again, unless somebody reads one old moment for long: then it
only grows, and stays as large as it was. What was erased stands in it until it is emptied.
"""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from app.adapters.logs import log_change, log_problem

_MEGABYTE = 1 << 20
EMPTIED_ABOVE = 8 * _MEGABYTE
TOLD_ABOVE = 32 * _MEGABYTE
_WAIT_SECONDS = 0.2  # nobody can write meanwhile


class LogWatch:
    """Watches one database's log; None is a database that has no such file."""

    def __init__(self, database: Path | None) -> None:
        self._database = database
        self._owed = Path(f"{database}-owed")
        self._is_large = False
        self._turn = threading.Lock()

    def size(self) -> int:
        """The log's bytes."""
        if self._database is None:
            return 0
        log = Path(f"{self._database}-wal")
        return log.stat().st_size if log.exists() else 0

    def look(self) -> int:
        """Empty a log that has grown, and say once that it could not be; the bytes that are left.

        It hardly waits: while somebody reads or writes for long, it is left for the next time.
        """
        if self._database is None:
            return 0
        with self._turn:
            is_owed = self._owed.exists()
            if is_owed or self.size() > EMPTIED_ABOVE:
                self._owed.unlink(missing_ok=True)  # first: whoever owes anew meanwhile counts
                if not self._empty() and is_owed:
                    self._owed.touch()
            left = self.size()
            self._say(is_large=left > TOLD_ABOVE, left=left)
            return left

    def empty_soon(self) -> None:
        """Empty it whatever its size: now, or in one of the next turns of who serves."""
        if self._database is not None:
            self._owed.touch(mode=0o600)
            self.look()

    def _empty(self) -> bool:
        try:
            with closing(sqlite3.connect(str(self._database), timeout=_WAIT_SECONDS)) as connection:
                connection.execute("PRAGMA synchronous=FULL")
                emptied = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            log_problem("log_not_emptied", error=error)
            return False
        return emptied is not None and emptied[0] == 0

    def _say(self, *, is_large: bool, left: int) -> None:
        if is_large and not self._is_large:
            log_problem("log_large", megabytes=str(left // _MEGABYTE))
        elif self._is_large and not is_large:
            log_change("log_well_again", megabytes=str(left // _MEGABYTE))
        self._is_large = is_large
