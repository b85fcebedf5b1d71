"""Many requests share a transaction, and none of them can harm another."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.adapters.db import Work, units_in_one_commit
from app.adapters.group_commit import GroupCommit, OpenBatch
from app.core.errors import NotFound
from app.web.house import House

Act = Callable[[Work], int]


@pytest.fixture
def table(house: House) -> str:
    with house.unit(writes=True) as work:
        work.db.connection().exec_driver_sql("CREATE TABLE marks (id INTEGER PRIMARY KEY)")
    return "marks"


def writes(number: int, error: Exception | None = None) -> Act:
    def act(work: Work) -> int:
        work.db.execute(text("INSERT INTO marks VALUES (:id)"), {"id": number})
        if error is not None:
            raise error
        return number

    return act


def stored(house: House) -> list[int]:
    with house.unit(writes=False) as work:
        return [row[0] for row in work.db.execute(text("SELECT id FROM marks ORDER BY id"))]


def run_all(house: House, acts: list[Act], *, limit: int = 256) -> tuple[list[object], int]:
    """What each act got, and how many transactions it took."""
    began = []

    def open_batch() -> object:
        began.append(1)
        return units_in_one_commit(house.engine, now=house.clock.now(), keys=house.keys)

    return asyncio.run(_gather(open_batch, acts, limit)), len(began)  # type: ignore[arg-type]


async def _gather(open_batch: OpenBatch[Work], acts: list[Act], limit: int) -> list[object]:
    saves = GroupCommit(open_batch, turns=asyncio.Semaphore(1), limit=limit)
    return list(await asyncio.gather(*map(saves.run, acts), return_exceptions=True))


def test_requests_that_come_together_share_one_transaction(house: House, table: str) -> None:
    answers, transactions = run_all(house, [writes(number) for number in range(40)])
    assert answers == list(range(40))
    assert stored(house) == list(range(40))
    assert transactions == 1


def test_a_limit_of_one_gives_each_request_its_own_transaction(house: House, table: str) -> None:
    answers, transactions = run_all(house, [writes(number) for number in range(5)], limit=1)
    assert answers == stored(house) == list(range(5))
    assert transactions == 5


def test_a_request_that_fails_is_undone_alone(house: House, table: str) -> None:
    refusal = NotFound()
    answers, _ = run_all(house, [writes(1), writes(2, refusal), writes(1), writes(3)])
    assert answers[:2] == [1, refusal]
    assert isinstance(answers[2], IntegrityError)
    assert answers[3] == 3
    assert stored(house) == [1, 3]


def test_nobody_is_told_before_the_commit_and_all_are_told_when_it_fails(
    house: House, table: str
) -> None:
    refused = RuntimeError("the disk is gone")

    class Breaking:
        """A transaction whose commit fails after every part went well."""

        def __enter__(self) -> object:
            self._real = units_in_one_commit(house.engine, now=house.clock.now(), keys=house.keys)
            return self._real.__enter__()

        def __exit__(self, *_: object) -> None:
            self._real.__exit__(RuntimeError, refused, None)
            raise refused

    answers = asyncio.run(_gather(Breaking, [writes(1), writes(2)], 256))  # type: ignore[arg-type]
    assert answers == [refused, refused]
    assert stored(house) == []


def test_a_caller_that_went_away_stops_nobody(house: House, table: str) -> None:
    async def play() -> int:
        saves = GroupCommit(
            lambda: units_in_one_commit(house.engine, now=house.clock.now(), keys=house.keys),
            turns=asyncio.Semaphore(1),
            limit=256,
        )
        gone = asyncio.create_task(saves.run(writes(1)))
        await asyncio.sleep(0)
        gone.cancel()
        return await saves.run(writes(2))

    assert asyncio.run(play()) == 2
    assert stored(house) == [1, 2]
