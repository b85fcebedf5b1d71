"""How files are sent: their type, the name they are saved under, and when they are made."""

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Response
from fastapi.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DRAWN_AT_ONCE = 2  # 900 cards take seconds of a processor, and some hundred megabytes


def name_file(name: str) -> dict[str, str]:
    """The header that makes a browser save the answer under this name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def described(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """What the API's description says of an answer that is a file of one of these types."""
    content: dict[str, Any] = {each.partition(";")[0]: {} for each in media_types}
    return {200: {"description": "The file", "content": content}}


def drawing_turns(app: FastAPI) -> asyncio.Semaphore:
    """Whose turn it is to draw; one set of turns for the whole application."""
    if not hasattr(app.state, "drawing_turns"):
        app.state.drawing_turns = asyncio.Semaphore(DRAWN_AT_ONCE)
    turns: asyncio.Semaphore = app.state.drawing_turns
    return turns


class DrawnResponse(Response):
    """A file that is made when it is sent: by then the request's transaction has ended."""

    def __init__(self, draw: Callable[[], bytes], *, media_type: str, file_name: str) -> None:
        headers = name_file(file_name) | {"Cache-Control": "no-store"}
        super().__init__(headers=headers, media_type=media_type)
        self._draw = draw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a turn, draw in a thread, send."""
        async with drawing_turns(scope["app"]):
            self.body = await run_in_threadpool(self._draw)
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)
