"""Pages that belong to nobody in particular: help, privacy, accessibility, about, check."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Response

from app.certificates import service as certificates
from app.core.errors import Refusal
from app.web.deps import OpenWork, TheHouse, check_origin
from app.web.view import ReaderView, has_docs

router = APIRouter(include_in_schema=False, dependencies=[Depends(check_origin)])


@router.get("/help")
def show_help(view: ReaderView) -> Response:
    """One section for each kind of reader."""
    return view.show("help.html")


@router.get("/privacy")
def show_privacy(view: ReaderView) -> Response:
    """Only sentences that the service keeps."""
    return view.show("privacy.html")


@router.get("/accessibility")
def show_accessibility(view: ReaderView) -> Response:
    """What was done, what is known to be missing."""
    return view.show("accessibility.html")


@router.get("/about")
def show_about(view: ReaderView) -> Response:
    """What this service is, and what it is not."""
    return view.show("about.html")


@router.get("/docs")
def show_docs(view: ReaderView, house: TheHouse) -> Response:
    """The API by hand, from vendored files; in the demo and where the setting says so."""
    if not has_docs(house):
        raise HTTPException(404)
    return view.show("docs.html")


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
