"""One writer for many requests: they share a transaction, and each is answered after its commit.

The one exception to "one request, one transaction" (decision 0013): with synchronous=FULL a commit
waits for the disk, and phones that wait in line for one disk each wait for all before them.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

_Request = TypeVar("_Request")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class _Waiting(Generic[_Request]):
    request: _Request
    answer: "asyncio.Future[Any]"


class GroupCommit(Generic[_Request, _Answer]):
    """Hands what waits to `carry_out` together; one batch at a time.

    `carry_out` opens a transaction, does everything, commits, and gives an answer for each request
    in order; an answer that is an exception is raised to its own caller. When it raises, nothing
    was written: then each half of the batch gets a transaction, down to the request that fails
    alone, so that it never fails its neighbours. `limit` is the largest batch; 1 gives every
    request a transaction of its own from the start. `turns` is held while a batch is written, so
    that other writers of this process wait fairly.
    """

    def __init__(
        self,
        carry_out: Callable[[Sequence[_Request]], Sequence[_Answer | Exception]],
        *,
        turns: asyncio.Semaphore,
        limit: int,
    ) -> None:
        self._carry_out = carry_out
        self._turns = turns
        self._limit = limit
        self._queue: deque[_Waiting[_Request]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def run(self, request: _Request) -> _Answer:
        """The request's answer, once it is committed; raises what stood against it.

        A caller that goes away does not stop its request: whether it was committed is then
        unknown, as with any lost answer, and a request must bear being repeated.
        """
        waiting = _Waiting(request, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        answer: _Answer = await waiting.answer
        return answer

    async def _write_all(self) -> None:
        while self._queue:
            async with self._turns:
                await asyncio.sleep(0)  # what has arrived already comes along
                batch = [self._queue.popleft() for _ in range(min(self._limit, len(self._queue)))]
                try:
                    answers = await asyncio.to_thread(
                        self._answers_to, [each.request for each in batch]
                    )
                except asyncio.CancelledError:
                    for each in batch:
                        each.answer.cancel()
                    raise
            for each, answer in zip(batch, answers, strict=True):
                _tell(each.answer, answer)

    def _answers_to(self, requests: Sequence[_Request]) -> Sequence[_Answer | Exception]:
        try:
            return self._carry_out(requests)
        except Exception as error:
            if len(requests) == 1:
                return [error]
        middle = len(requests) // 2
        return [*self._answers_to(requests[:middle]), *self._answers_to(requests[middle:])]


def _tell(waiting: "asyncio.Future[Any]", answer: object) -> None:
    if waiting.done():  # the caller went away
        return
    if isinstance(answer, Exception):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
