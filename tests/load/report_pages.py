"""How long an evaluator waits for a page over two hundred workshops, on SQLite.

The rows are those of `gain_rows`, frozen and released by the app; the pages are asked for over HTTP
inside this process, after a first time that fills what is kept.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.gains import rollups
from app.gains import service as gains
from app.main import create_app
from app.reports import service as reports
from app.reports.schemas import Wanted
from app.web.house import House
from app.web.pooled import terms_of, wording_of
from tests.fixtures.house import (
    a_client,
    a_staff_member,
    make_settings,
    publish_real_banks,
    sign_in,
)
from tests.fixtures.load_room import fresh_database
from tests.load.gain_freezing import freeze_all
from tests.load.gain_rows import Size, fill

_SIZE, _RUNS = Size(pairs=5_000, workshops=200, answers=0), 5
_PAGES = {
    "list_ms": "/evaluator",
    "page_ms": "/evaluator/pooled",
    "page_by_workshop_ms": "/evaluator/pooled?by=workshop",
}


def measure_pages() -> dict[str, float]:
    """Milliseconds of each page; `page_ratio`: that of everybody ÷ the reading of its numbers."""
    with _country() as (house, client, evaluator):
        found: dict[str, float] = {
            key: round(1000 * _seconds(lambda path=path: _open(client, path)))
            for key, path in _PAGES.items()
        }
        page = _seconds(lambda: _open(client, _PAGES["page_ms"]))
        found["page_ratio"] = round(page / _seconds(lambda: _read(house, evaluator)), 2)
    return found


@contextmanager
def _country() -> Iterator[tuple[House, TestClient, StaffPerson]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with fresh_database(folder, is_postgres=False) as url:
            application = create_app(make_settings(folder, url))
            house: House = application.state.house
            publish_real_banks(house)
            country = fill(house, _SIZE)
            with house.unit(writes=True) as work:
                rollups.rebuild_all(work)
            freeze_all(house, country)
            with house.unit(writes=True) as work:
                gains.release_due(work, threshold=house.settings.outside_threshold)
            evaluator = a_staff_member(house, "evaluator", Role.EVALUATOR)
            client = a_client(application)
            sign_in(client, house, evaluator)
            yield house, client, evaluator
            house.engine.dispose()


def _open(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code


def _read(house: House, evaluator: StaffPerson) -> None:
    with house.unit(writes=False) as work:
        reports.build_pooled_document(
            work, evaluator, Wanted(), wording_of(house, "en"), terms_of(house)
        )


def _seconds(act: Callable[[], None]) -> float:
    """Wall time, the median of several goes after a first one."""
    act()
    found = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return median(found)
