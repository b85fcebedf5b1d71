"""Anyone checks a certificate: status first, no name, no sign-in; with a network or without."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, Response

from app import __version__
from app.adapters.db import Work
from app.certificates import service as certificates
from app.certificates.proof import check_proof, public_key
from app.core.errors import Refusal
from app.web.deps import OpenWork, TheHouse
from app.web.patience import Caller, PaperEdition, PatientCaller
from app.web.routers import public_pages
from app.web.view import ReaderView, View

router = public_pages()

_WEB = Path(__file__).parent.parent
_KEPT = (
    "static/verify-worker.js",
    "static/offline.js",
    "static/participant.css",
    "templates/base.html",
    "templates/offline.html",
)


@router.get("/v/offline")
def show_square_check(view: ReaderView, house: TheHouse) -> Response:
    """The page that checks a square's signature by itself; kept by its worker on https."""
    return view.show(
        "offline.html",
        check=None,
        typed={"text": "", "name": ""},
        key=public_key(house.keys).hex(),
    )


@router.post("/v/offline", name="check_square")
def check_square(
    view: ReaderView,
    house: TheHouse,
    text: Annotated[str, Form(max_length=2000)] = "",
    name: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """The same at the server, for a browser that cannot."""
    key, typed = public_key(house.keys), {"text": text, "name": name}
    return view.show(
        "offline.html", check=check_proof(text, key, name=name), typed=typed, key=key.hex()
    )


@router.get("/v/worker.js")
def show_worker() -> Response:
    """What opens that page when a square is scanned without a network."""
    headers = {"Service-Worker-Allowed": "/v/", "Cache-Control": "no-cache"}
    return Response(_worker(), media_type="text/javascript", headers=headers)


@router.get("/v")
@router.get("/V/{number}")
@router.get("/v/{number}")
def show_verification(
    view: ReaderView,
    caller: PatientCaller,
    work: OpenWork,
    number: str = "",
    edition: PaperEdition = None,
) -> Response:
    """Status first; no name is shown."""
    return _verify(view, caller, work, number=number, edition=edition)


@router.post("/v/{number}", name="check_name")
def check_name(
    view: ReaderView,
    caller: PatientCaller,
    work: OpenWork,
    number: str,
    name: Annotated[str, Form()] = "",
    edition: PaperEdition = None,
) -> Response:
    """Match or no match of a typed name."""
    return _verify(view, caller, work, number=number, edition=edition, name=name)


def _verify(
    view: View,
    caller: Caller,
    work: Work,
    *,
    number: str,
    edition: int | None,
    name: str = "",
) -> Response:
    context: dict[str, Any] = {"typed_number": number, "typed_name": name}
    if not number:
        return view.show("verify.html", verification=None, error=None, **context)
    try:
        verification = caller.note(certificates.verify(work, number, name=name, edition=edition))
    except Refusal as refusal:
        view.show_again("verify.html", refusal, verification=None, **context)
    status = 404 if verification.certificate is None else 200
    return view.show("verify.html", status=status, verification=verification, error=None, **context)


@cache
def _worker() -> str:
    """The worker's script under a version that changes with everything it keeps."""
    contents = b"".join((_WEB / name).read_bytes() for name in _KEPT)
    version = hashlib.sha256(__version__.encode() + contents).hexdigest()[:16]
    return (_WEB / _KEPT[0]).read_text(encoding="utf-8").replace("VERSION", version)
