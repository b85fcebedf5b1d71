"""What every request begins with: the house, its body, and one transaction.

One request is one unit of work, committed before the answer leaves (scope="function").
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.adapters.db import Work, take_added
from app.core.errors import RequestMalformed
from app.web.house import House

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def get_house(request: Request) -> House:
    """The one house of this process. Async, as all that never waits: a thread costs more."""
    house = request.app.state.house
    if not isinstance(house, House):
        raise TypeError("the application was not wired by app.main")
    return house


TheHouse = Annotated[House, Depends(get_house)]


async def read_form(request: Request) -> FormData:
    """The fields of a form; a file where words are expected is refused and closed.

    Routes that take a list of people have read theirs already (`web.uploads`).
    """
    kept = getattr(request.state, "form", None)
    if isinstance(kept, FormData):
        return kept
    form = await request.form()
    if any(isinstance(value, UploadFile) or "\0" in value for _, value in form.multi_items()):
        await form.close()
        raise RequestMalformed()
    return form


async def sent_form(request: Request) -> FormData:
    """The fields of a form whose names depend on what it asks."""
    return await read_form(request)


SentForm = Annotated[FormData, Depends(sent_form)]


async def read_body(request: Request) -> None:
    """Wait for the whole body, so that nobody holds a writer's turn while still sending."""
    if request.method in SAFE:
        return
    kind = request.headers.get("content-type", "")
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        await read_form(request)
    else:
        await request.body()


async def open_work(
    request: Request, house: TheHouse, _body: Annotated[None, Depends(read_body)]
) -> AsyncIterator[Work]:
    """The request's transaction: a writer for every method that may change something.

    Writers wait for their turn here, not in a thread: forty blocked threads would leave none for
    the one writer who could go on. It is also fair, which SQLite's own waiting is not.
    """
    if request.method in SAFE:
        async with contextmanager_in_threadpool(house.unit(writes=False)) as work:
            yield work
    else:
        async with house.turns, contextmanager_in_threadpool(house.unit(writes=True)) as work:
            yield work


async def open_audited_work(house: TheHouse) -> AsyncIterator[Work]:
    """For a GET whose only trace is a line in the audit log: reads, then waits to write the line.

    A country's report or a printed file takes a while; meanwhile nobody waits for its turn. Where
    the line cannot be written, the answer is an error: what was downloaded is in the log.
    """
    async with contextmanager_in_threadpool(house.unit(writes=False)) as work:
        yield work
        lines = take_added(work)
    if not lines:  # a page that is looked at again: the day's line stands already
        return
    async with house.turns, contextmanager_in_threadpool(house.unit(writes=True)) as audit:
        audit.db.add_all(lines)


# Committed when the handler returns, before the answer is sent: 2xx means committed.
OpenWork = Annotated[Work, Depends(open_work, scope="function")]
AuditedWork = Annotated[Work, Depends(open_audited_work, scope="function")]
