"""What stands on every answer: security headers, and an answer even when the code failed."""

from collections.abc import Callable

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import BodyTooLarge, NotFound, Refusal

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Swagger UI writes style attributes; its page shows nothing but our own API.
_CSP_DOCS = _CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer makes browsers send "Origin: null"
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}


class Hardening:
    """ASGI middleware: headers on all answers, and the last resort inside them."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        is_https: bool,
        on_failure: Callable[[Request, Exception], Response],
        on_refusal: Callable[[Request, Refusal], Response],
    ) -> None:
        self._app = app
        self._is_https = is_https
        self._on_failure = on_failure
        self._on_refusal = on_refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False
        is_replaced = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_started, is_replaced
            if message["type"] == "http.response.start":
                has_started = True
                is_replaced = _is_bare_413(message)
                self._add_headers(scope, MutableHeaders(scope=message))
            if not is_replaced:
                await send(message)
            elif message["type"] == "http.response.start":
                await self._send_too_large(scope, receive, send)

        if "\0" in scope["path"]:  # no database keeps it, so nothing can be found by it
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
                headers = MutableHeaders(scope=message)
                headers["Connection"] = "close"  # the rest of the body is not waited for
                self._add_headers(scope, headers)
            await send(message)

        response = self._on_refusal(Request(scope), BodyTooLarge())
        await response(scope, receive, send_ours)

    def _add_headers(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        csp = _CSP_DOCS if scope["path"] == "/docs" else _CSP
        headers.setdefault("Content-Security-Policy", csp)
        if not scope["path"].startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")
        if self._is_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def _is_bare_413(message: Message) -> bool:
    headers = MutableHeaders(scope=message)
    return message["status"] == 413 and headers.get("content-type", "").startswith("text/plain")
