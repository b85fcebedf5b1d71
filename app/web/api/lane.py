"""The save path's own lane: what phones send all day, past the framework's general machinery.

A save that is plainly right (a POST of JSON with its sitting's token and a body that fits) is
answered here. Whatever is not goes on to the route of the same address with the same body, as if
the lane were not there: the route alone refuses and finds the words. A request that is decided
twice that way changes nothing, since repeating a save never does. Why: decision 0013.
"""

import re
from collections.abc import Iterable

from fastapi import Response
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import Refusal
from app.sittings.tokens import read_sitting_token
from app.web.api.saves import save_sent, told_saved
from app.web.api.wire_participants import SentOperations
from app.web.house import House

_PATH = re.compile(r"/api/v1/sittings/([A-Za-z0-9_-]+)/operations")
_BEARER = b"Bearer "


class SaveLane:
    """ASGI middleware: answers plain saves, hands everything else to `app`."""

    def __init__(self, app: ASGIApp, *, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        sitting_id = self._sitting_of(scope)
        if sitting_id is None:
            await self._app(scope, receive, send)
            return
        body, messages = await _read(receive)
        answer = await self._answer(sitting_id, body)
        if answer is None:
            await self._app(scope, _again(messages, receive), send)
        else:
            await answer(scope, receive, send)

    def _sitting_of(self, scope: Scope) -> str | None:
        """Whose answers a plain save brings; None for every other request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        found = _PATH.fullmatch(scope["path"])
        if found is None:
            return None
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"")
        fits = length.isdigit() and int(length) <= self._house.settings.body_limit_bytes
        bearer: bytes = headers.get(b"authorization", b"")
        is_json = headers.get(b"content-type", b"").startswith(b"application/json")
        if not (fits and is_json and bearer.startswith(_BEARER) and bearer.isascii()):
            return None
        token = bearer.removeprefix(_BEARER).decode()
        known = read_sitting_token(self._house.sitting_key, token, self._house.clock.now())
        return known if known == found[1] else None

    async def _answer(self, sitting_id: str, body: bytes) -> Response | None:
        """What the phone is told; None when the route has to say it."""
        try:
            sent = SentOperations.model_validate_json(body)
            saved = await save_sent(self._house, sitting_id, sent)
        except (ValidationError, Refusal):
            return None
        return told_saved(saved, is_finishing=sent.finish)


async def _read(receive: Receive) -> tuple[bytes, list[Message]]:
    """The body, and the messages it came in; what a client that went away had sent so far."""
    messages: list[Message] = []
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
    return b"".join(each.get("body", b"") for each in messages), messages


def _again(messages: Iterable[Message], receive: Receive) -> Receive:
    """The same messages once more, then what follows them."""
    remaining = iter(messages)

    async def next_message() -> Message:
        message = next(remaining, None)
        return await receive() if message is None else message

    return next_message
