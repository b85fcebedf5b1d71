"""The service worker of participants' pages, and what it shows without a connection. An extra."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response

from app import __version__
from app.web.view import ReaderView

router = APIRouter(include_in_schema=False)

_WEB = Path(__file__).parent.parent
_KEPT = (
    "static/worker.js",
    "static/participant.css",
    "static/later.js",
    "static/rescue.js",
    "templates/base.html",
    "templates/participant/away.html",
)


@router.get("/my/worker.js")
def show_worker() -> Response:
    """The worker; its version changes with everything that it keeps from the start."""
    headers = {"Service-Worker-Allowed": "/my", "Cache-Control": "no-cache"}
    return Response(worker(), media_type="text/javascript", headers=headers)


@router.get("/my/away")
def show_away(view: ReaderView) -> Response:
    """That there is no connection; kept by the worker, and nobody's own."""
    return view.show("participant/away.html")


@cache
def worker() -> str:
    """The worker's script under its version."""
    contents = b"".join((_WEB / name).read_bytes() for name in _KEPT)
    version = hashlib.sha256(__version__.encode() + contents).hexdigest()[:16]
    return (_WEB / _KEPT[0]).read_text(encoding="utf-8").replace("VERSION", version)
