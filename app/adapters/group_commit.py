"""One writer for many requests: they share a transaction, and each is answered after its commit.

The one exception to "one request, one transaction" (decision 0013): with synchronous=FULL a commit
waits for the disk, and 3,000 phones that wait in line for one disk each wait for all before them.
What one request does is undone alone when it fails; its neighbours never notice.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

_Work = TypeVar("_Work")
_T = TypeVar("_T")

OpenUnit = Callable[[], AbstractContextManager[_Work]]
OpenBatch = Callable[[], AbstractContextManager[OpenUnit[_Work]]]


@dataclass(frozen=True)
class _Waiting(Generic[_Work]):
    act: Callable[[_Work], Any]
    answer: "asyncio.Future[Any]"


class GroupCommit(Generic[_Work]):
    """Runs each caller's function inside a shared transaction; one batch at a time.

    `open_batch` opens the transaction and gives a function that opens one caller's part of it: a
    part that raises is undone alone. The transaction commits when `open_batch`'s block ends.
    `limit` is the largest batch; 1 gives every request a transaction of its own. `turns` is held
    while a batch is written, so that other writers of this process wait fairly.
    """

    def __init__(
        self, open_batch: OpenBatch[_Work], *, turns: asyncio.Semaphore, limit: int
    ) -> None:
        self._open_batch = open_batch
        self._turns = turns
        self._limit = limit
        self._queue: deque[_Waiting[_Work]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def run(self, act: Callable[[_Work], _T]) -> _T:
        """What `act` returned, once it is committed; raises what it, or the commit, raised.

        A caller that goes away does not stop its act: whether it was committed is then unknown,
        as with any lost answer, and the act must bear being repeated.
        """
        waiting = _Waiting(act, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        answer: _T = await waiting.answer
        return answer

    async def _write_all(self) -> None:
        while self._queue:
            async with self._turns:
                batch = [self._queue.popleft() for _ in range(min(self._limit, len(self._queue)))]
                try:
                    outcomes = await asyncio.to_thread(self._commit, batch)
                except asyncio.CancelledError:
                    for each in batch:
                        each.answer.cancel()
                    raise
            for each, outcome in zip(batch, outcomes, strict=True):
                _tell(each.answer, outcome)

    def _commit(self, batch: list[_Waiting[_Work]]) -> "list[_Outcome]":
        """One transaction; when it cannot begin or commit, nobody was saved and all are told."""
        try:
            with self._open_batch() as open_unit:
                outcomes = [_carry_out(open_unit, each.act) for each in batch]
        except Exception as error:
            return [_Outcome(error=error)] * len(batch)
        return outcomes


@dataclass(frozen=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


def _carry_out(open_unit: OpenUnit[_Work], act: Callable[[_Work], Any]) -> _Outcome:
    try:
        with open_unit() as work:
            return _Outcome(value=act(work))
    except Exception as error:
        return _Outcome(error=error)


def _tell(answer: "asyncio.Future[Any]", outcome: _Outcome) -> None:
    if answer.done():  # the caller went away
        return
    if outcome.error is not None:
        answer.set_exception(outcome.error)
    else:
        answer.set_result(outcome.value)
