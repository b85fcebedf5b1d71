"""What the minority ballot says, and the admin's page on where it is asked."""

from typing import Annotated, Any

from fastapi import Form, Response
from fastapi.responses import RedirectResponse

from app.core.errors import Refusal
from app.feedback import ballot_countries, ballots
from app.web.deps import OpenWork, PageAdmin, PageEvaluator
from app.web.routers import staff_pages
from app.web.view import ReaderView

router = staff_pages()
_Country = Annotated[str, Form()]


@router.get("/evaluator/ballots")
def show_ballots(view: ReaderView, work: OpenWork, evaluator: PageEvaluator) -> Response:
    """Each country and year, or that it is not told yet and why."""
    found = ballots.find_ballots(work, evaluator)
    return view.show("evaluator/ballots.html", ballots=found)


@router.get("/admin/ballots")
def show_countries(view: ReaderView, work: OpenWork, admin: PageAdmin) -> Response:
    """Where it is asked, and what to think of before."""
    return view.show("admin/ballots.html", error=None, typed="", **_asked(work, admin))


@router.post("/admin/ballots", name="start_ballot")
def start_ballot(
    view: ReaderView, work: OpenWork, admin: PageAdmin, country: _Country = ""
) -> Response:
    """Ask in one more country."""
    try:
        ballot_countries.start_ballot(work, country, by=admin)
    except Refusal as refusal:
        view.show_again("admin/ballots.html", refusal, typed=country, **_asked(work, admin))
    return RedirectResponse("/admin/ballots", 303)


@router.post("/admin/ballots/stop", name="stop_ballot")
def stop_ballot(work: OpenWork, admin: PageAdmin, country: _Country = "") -> Response:
    """Ask no more there; what was not told is destroyed."""
    ballot_countries.stop_ballot(work, country, by=admin)
    return RedirectResponse("/admin/ballots", 303)


def _asked(work: OpenWork, admin: PageAdmin) -> dict[str, Any]:
    countries = ballot_countries.find_asked_countries(work, admin.organisation_id)
    return {"countries": countries, "guide": "app/guides/dpia.md"}
