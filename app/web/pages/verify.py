"""Anyone checks a certificate: status first, no name, no sign-in."""

from typing import Annotated

from fastapi import Form, Response

from app.certificates import service as certificates
from app.core.errors import Refusal
from app.web.deps import OpenWork
from app.web.routers import public_pages
from app.web.view import ReaderView

router = public_pages()


@router.get("/v")
@router.get("/v/{number}")
def show_verification(view: ReaderView, work: OpenWork, number: str = "") -> Response:
    """Status first; no name is shown."""
    return _verify(view, work, number=number, name="")


@router.post("/v/{number}", name="check_name")
def check_name(
    view: ReaderView, work: OpenWork, number: str, name: Annotated[str, Form()] = ""
) -> Response:
    """Match or no match of a typed name."""
    return _verify(view, work, number=number, name=name)


def _verify(view: ReaderView, work: OpenWork, *, number: str, name: str) -> Response:
    verification = None
    typed = {"typed_number": number, "typed_name": name}
    if number:
        try:
            verification = certificates.verify(work, number, name=name)
        except Refusal as refusal:
            view.show_again("verify.html", refusal, verification=None, **typed)
    is_missing = verification is not None and verification.certificate is None
    return view.show(
        "verify.html",
        status=404 if is_missing else 200,
        verification=verification,
        error=None,
        **typed,
    )
