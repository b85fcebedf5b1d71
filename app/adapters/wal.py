"""SQLite's log beside the file (-wal): emptied when it has grown, told when it cannot be.

SQLite writes over its log again and again, unless somebody reads one old moment for long: then it
only grows, and stays as large as it was.
"""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from app.adapters.logs import log_change, log_problem

_MEGABYTE = 1 << 20
EMPTIED_ABOVE = 8 * _MEGABYTE
TOLD_ABOVE = 32 * _MEGABYTE


class LogWatch:
    """Watches one database's log; None is a database that has no such file."""

    def __init__(self, database: Path | None) -> None:
        self._database = database
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

        It waits for nobody: while somebody reads or writes, it is left for the next time.
        """
        with self._turn:
            if self.size() > EMPTIED_ABOVE:
                self._empty()
            left = self.size()
            self._say(is_large=left > TOLD_ABOVE, left=left)
            return left

    def _empty(self) -> None:
        try:
            with closing(sqlite3.connect(str(self._database), timeout=0)) as connection:
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            log_problem("log_not_emptied", error=error)

    def _say(self, *, is_large: bool, left: int) -> None:
        if is_large and not self._is_large:
            log_problem("log_large", megabytes=str(left // _MEGABYTE))
        elif self._is_large and not is_large:
            log_change("log_well_again", megabytes=str(left // _MEGABYTE))
        self._is_large = is_large
