"""Many requests share a transaction, and none of them can harm another."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.adapters.group_commit import GroupCommit
from app.core.errors import NotFound
from app.web.house import House
from tests.fixtures.apart import run_apart

Answer = int | Exception


@pytest.fixture
def table(house: House) -> str:
    with house.unit(writes=True) as work:
        work.db.connection().exec_driver_sql("CREATE TABLE marks (id INTEGER PRIMARY KEY)")
    return "marks"


def stored(house: House) -> list[int]:
    with house.unit(writes=False) as work:
        return [row[0] for row in work.db.execute(text("SELECT id FROM marks ORDER BY id"))]


class Writer:
    """Stores numbers in one transaction a batch; remembers how many it was asked for."""

    def __init__(self, house: House, refused: dict[int, Exception] | None = None) -> None:
        self.house = house
        self.refused = refused or {}
        self.batches: list[int] = []
        self.on_commit: Callable[[], None] = lambda: None

    def carry_out(self, numbers: Sequence[int]) -> list[Answer]:
        self.batches.append(len(numbers))
        with self.house.unit(writes=True) as work:
            for number in numbers:
                if number not in self.refused:
                    work.db.execute(text("INSERT INTO marks VALUES (:id)"), {"id": number})
            self.on_commit()
        return [self.refused.get(number, number) for number in numbers]

    def run(self, *numbers: int, limit: int = 256) -> list[Answer | BaseException]:
        """All at the same moment; what each got."""

        async def gather() -> list[Answer | BaseException]:
            saves: GroupCommit[int, int] = GroupCommit(
                self.carry_out, turns=asyncio.Semaphore(1), limit=limit
            )
            return list(await asyncio.gather(*map(saves.run, numbers), return_exceptions=True))

        return run_apart(gather())


def test_requests_that_come_together_share_one_transaction(house: House, table: str) -> None:
    writer = Writer(house)
    assert writer.run(*range(40)) == list(range(40)) == stored(house)
    assert writer.batches == [40]


def test_a_limit_of_one_gives_each_request_its_own_transaction(house: House, table: str) -> None:
    writer = Writer(house)
    assert writer.run(*range(5), limit=1) == list(range(5)) == stored(house)
    assert writer.batches == [1] * 5


def test_an_answer_that_is_an_exception_is_raised_to_its_own_caller(
    house: House, table: str
) -> None:
    refusal = NotFound()
    writer = Writer(house, {2: refusal})
    assert writer.run(1, 2, 3) == [1, refusal, 3]
    assert stored(house) == [1, 3]
    assert writer.batches == [3]


def test_a_request_that_fails_never_fails_its_neighbours(house: House, table: str) -> None:
    writer = Writer(house)
    answers = writer.run(1, 2, 1, 3)
    assert answers[:2] == [1, 2]
    assert isinstance(answers[2], IntegrityError)
    assert answers[3] == 3
    assert stored(house) == [1, 2, 3]
    assert writer.batches == [4, 2, 2, 1, 1]


def test_nobody_is_told_before_the_commit_and_all_are_told_when_it_fails(
    house: House, table: str
) -> None:
    gone = RuntimeError("the disk is gone")

    def fail() -> None:
        raise gone

    writer = Writer(house)
    writer.on_commit = fail
    assert writer.run(1, 2) == [gone, gone]
    assert stored(house) == []


def test_a_caller_that_went_away_stops_nobody(house: House, table: str) -> None:
    writer = Writer(house)

    async def play() -> int:
        saves: GroupCommit[int, int] = GroupCommit(
            writer.carry_out, turns=asyncio.Semaphore(1), limit=256
        )
        gone = asyncio.create_task(saves.run(1))
        await asyncio.sleep(0)
        gone.cancel()
        return await saves.run(2)

    assert run_apart(play()) == 2
    assert stored(house) == [1, 2]
