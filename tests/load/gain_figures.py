"""One process that does what a country asks of the app: rebuild, freeze, release, report.

`python -m tests.load.gain_figures` reads one JSON object from standard input (`Task`) and prints
one. Its peak is that of all of it together, by the kernel's own count.

A report is `gains.service.read_table` for the whole country. What of it is the engine's: the
processor time of the reading thread, less what it spends inside the database driver. The driver's
share is taken at the cursor: SQLAlchemy's events around `execute`, and a cursor that stands before
the driver's own around every `fetch`.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, event, text

from app.gains import rollups
from app.gains import service as gains
from app.gains.service import Breakdown, Choice
from app.main import build_house
from app.web.house import House
from tests.fixtures.house import make_settings
from tests.load.gain_freezing import freeze_all
from tests.load.gain_rows import Country

REPORTS = (Breakdown.WHOLE, Breakdown.SEX, Breakdown.PROVINCE)
_RUNS = 9
_SCAN = "SELECT sum(units), sum(CAST(units AS BIGINT) * units), count(*) FROM sittings"


@dataclass(frozen=True)
class Task:
    """On which database, in which folder, and whose workshops."""

    url: str
    folder: str
    organisation_id: str
    form_id: str

    @property
    def country(self) -> Country:
        """Whose workshops."""
        return Country(self.organisation_id, self.form_id)


@dataclass(frozen=True)
class Figures:
    """Seconds and megabytes; reports by breakdown."""

    rebuild_seconds: float
    freeze_seconds: float
    release_seconds: float
    bundles: int
    report_seconds: dict[str, float]
    engine_seconds: dict[str, float]
    scan_seconds: float
    peak_mb: float


class DriverClock:
    """How long this thread has been inside the driver, in processor seconds."""

    def __init__(self, engine: Engine) -> None:
        self.seconds = 0.0
        self._since = 0.0
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_: Any) -> None:
        self._since = time.thread_time()

    def _after(self, _connection: Any, cursor: Any, _sql: Any, _values: Any, context: Any,
               _many: Any) -> None:  # fmt: skip
        self.seconds += time.thread_time() - self._since
        context.cursor = _TimedCursor(self, cursor)


class _TimedCursor:
    """The driver's cursor, with a clock around what fetches."""

    def __init__(self, clock: DriverClock, cursor: Any) -> None:
        self._clock, self._cursor = clock, cursor

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._cursor, name)
        return self._timed(found) if name.startswith("fetch") else found

    def _timed(self, fetch: Callable[..., Any]) -> Callable[..., Any]:
        def run(*values: Any) -> Any:
            started = time.thread_time()
            try:
                return fetch(*values)
            finally:
                self._clock.seconds += time.thread_time() - started

        return run


def measure(task: Task) -> Figures:
    """All of it, in this process."""
    house = build_house(make_settings(Path(task.folder), task.url))
    rebuild = _timed(lambda: _rebuild(house))
    freeze = _timed(lambda: freeze_all(house, task.country))
    started = time.perf_counter()
    with house.unit(writes=True) as work:
        bundles = gains.release_due(work, threshold=house.settings.outside_threshold)
    release = time.perf_counter() - started
    _settle(house)
    walls, engines = {}, {}
    for breakdown in REPORTS:
        walls[breakdown.value or "whole"], engines[breakdown.value or "whole"] = _report(
            house, task, breakdown
        )
    scan = median(_timed(lambda: _scan(house)) for _ in range(_RUNS))
    house.engine.dispose()
    return Figures(rebuild, freeze, release, bundles, walls, engines, scan, peak_mb())


def _settle(house: House) -> None:
    """What the database does by itself within minutes of so many new rows."""
    is_postgres = house.engine.dialect.name == "postgresql"
    with house.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if is_postgres else "ANALYZE"))


def _rebuild(house: House) -> None:
    with house.unit(writes=True) as work:
        rollups.rebuild_all(work)


def _scan(house: House) -> None:
    with house.unit(writes=False) as work:
        work.db.connection().execute(text(_SCAN)).one()


def _report(house: House, task: Task, breakdown: Breakdown) -> tuple[float, float]:
    """Wall and engine seconds, each the median of runs after a warm one."""
    clock = DriverClock(house.engine)
    walls, engines = [], []
    for _ in range(_RUNS + 1):
        driver, cpu, wall = clock.seconds, time.thread_time(), time.perf_counter()
        with house.unit(writes=False) as work:
            told = gains.read_table(
                work, task.organisation_id, task.form_id, Choice(country="PK", breakdown=breakdown)
            )
        walls.append(time.perf_counter() - wall)
        engines.append(time.thread_time() - cpu - (clock.seconds - driver))
        assert told.whole.figures is not None
    return median(walls[1:]), median(engines[1:])


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def peak_mb() -> float:
    # Not getrusage: a new program inherits the peak of the one that started it.
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> int:
    """Read a task, print the figures."""
    print(json.dumps(asdict(measure(Task(**json.load(sys.stdin))))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
