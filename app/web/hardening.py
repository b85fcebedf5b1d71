"""What stands on every answer: security headers, and an answer even when the code failed."""

from collections.abc import Callable
from time import monotonic

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import BodyTooLarge, NotFound, Refusal

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Swagger UI writes style attributes; its page shows nothing but our own API.
_POLICY_DOCS = _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

# As they go over the wire: they stand on every answer, and phones ask often.
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # no-referrer makes browsers send "Origin: null"
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-robots-tag", b"noindex"),
)
_CSP = (b"content-security-policy", _POLICY.encode())
_CSP_DOCS = (b"content-security-policy", _POLICY_DOCS.encode())
_FOR_MACHINES = frozenset({"/health", "/healthz", "/readyz"})  # asked by names of their own
_NO_STORE = (b"cache-control", b"no-store")
_HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class Hardening:
    """ASGI middleware: headers on all answers, and the last resort inside them."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        is_https: bool,
        on_failure: Callable[[Request, Exception], Response],
        on_refusal: Callable[[Request, Refusal], Response],
        on_answer: Callable[[str, int, float], None] | None = None,
        is_own_host: Callable[[str], bool] = lambda _header: True,
    ) -> None:
        self._app = app
        self._is_own_host = is_own_host
        self._is_https = is_https
        self._on_failure = on_failure
        self._on_refusal = on_refusal
        self._on_answer = on_answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False
        is_replaced = False
        began = monotonic()

        async def send_with_headers(message: Message) -> None:
            nonlocal has_started, is_replaced
            if message["type"] == "http.response.start":
                has_started = True
                is_replaced = _is_bare_413(message)
                if self._on_answer is not None:
                    self._on_answer(scope["path"], message["status"], monotonic() - began)
                self._add_headers(scope, message)
            if not is_replaced:
                await send(message)
            elif message["type"] == "http.response.start":
                await self._send_too_large(scope, receive, send)

        is_ours = scope["path"] in _FOR_MACHINES or self._is_own_host(_host_of(scope))
        if not is_ours or "\0" in scope["path"]:  # no database keeps it, so it finds nothing
            response = self._on_refusal(Request(scope), NotFound())
            await response(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            if has_started:
                raise
            response = self._on_failure(Request(scope), error)
            await response(scope, receive, send_with_headers)

    async def _send_too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The framework refuses a large body in two plain words; we say what to do."""

        async def send_ours(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The rest of the body is not waited for.
                MutableHeaders(scope=message)["Connection"] = "close"
                self._add_headers(scope, message)
            await send(message)

        response = self._on_refusal(Request(scope), BodyTooLarge())
        await response(scope, receive, send_ours)

    def _add_headers(self, scope: Scope, message: Message) -> None:
        """Each header that the answer does not carry itself."""
        path: str = scope["path"]
        headers = [*_HEADERS, _CSP_DOCS if path == "/docs" else _CSP]
        if not path.startswith("/static/"):
            headers.append(_NO_STORE)
        if self._is_https:
            headers.append(_HSTS)
        known = {name.lower() for name, _ in message["headers"]}
        message["headers"] = [
            *message["headers"],
            *(header for header in headers if header[0] not in known),
        ]


def _host_of(scope: Scope) -> str:
    named = [value for name, value in scope["headers"] if name == b"host"]
    return named[-1].decode("latin-1") if named else ""


def _is_bare_413(message: Message) -> bool:
    if message["status"] != 413:
        return False
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/plain")
