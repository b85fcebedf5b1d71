"""The admin's page of logos: brought, looked at, taken away."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import logos
from app.accounts.schemas import StaffPerson
from app.core.errors import Refusal
from app.web.deps import OpenWork, PageAdmin, SentForm
from app.web.routers import picture_pages
from app.web.uploads import logo_of
from app.web.view import ReaderView

router = picture_pages("/admin/logos")


@router.get("")
def show_logos(view: ReaderView, work: OpenWork, admin: PageAdmin) -> Response:
    """What new certificates are printed with, and where one is added."""
    return view.show("admin/logos.html", error=None, **_logos(work, admin))


@router.post("", name="add_logo")
def add_logo(
    request: Request, view: ReaderView, work: OpenWork, admin: PageAdmin, sent: SentForm
) -> Response:
    """One more, from the next certificate on."""
    words = str(sent.get("words", ""))
    try:
        logos.add_logo(work, by=admin, drawn=logo_of(request), words=words)
    except Refusal as refusal:
        view.show_again("admin/logos.html", refusal, **_logos(work, admin, typed=words))
    return RedirectResponse("/admin/logos", 303)


@router.get("/{logo_id}.png")
def show_logo(work: OpenWork, admin: PageAdmin, logo_id: str) -> Response:
    """The picture as it is printed."""
    logo = logos.require_logo(work, admin.organisation_id, logo_id)
    return Response(logo.content, media_type="image/png")


@router.post("/{logo_id}/remove", name="remove_logo")
def remove_logo(work: OpenWork, admin: PageAdmin, logo_id: str) -> Response:
    """New certificates go without it; issued ones keep it."""
    logos.remove_logo(work, logo_id, by=admin)
    return RedirectResponse("/admin/logos", 303)


def _logos(work: OpenWork, admin: StaffPerson, *, typed: str = "") -> dict[str, Any]:
    return {
        "logos": logos.find_logos(work, admin.organisation_id),
        "most": logos.MOST_LOGOS,
        "typed": typed,
    }
