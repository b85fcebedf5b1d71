"""Pages that belong to nobody in particular: help, privacy, accessibility, about, docs."""

from fastapi import HTTPException, Response

from app.web import columns, recipes, sources
from app.web.deps import TheHouse
from app.web.routers import public_pages
from app.web.view import ReaderView, has_docs

router = public_pages()


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


@router.get("/methods")
def show_methods(view: ReaderView) -> Response:
    """The recipe of every number that is printed anywhere."""
    return view.show(
        "methods.html",
        recipe_groups=recipes.GROUPS,
        recipes=recipes.RECIPES,
        columns=columns.COLUMNS,
        of_whom=recipes.OF,
        left_out=recipes.WITHOUT,
        shown_when=recipes.WHEN,
        reason_words=recipes.REASON_WORDS,
        checked_words=sources.CHECKED_WORDS,
    )


@router.get("/docs")
def show_docs(view: ReaderView, house: TheHouse) -> Response:
    """The API by hand, from vendored files; in the demo and where the setting says so."""
    if not has_docs(house):
        raise HTTPException(404)
    return view.show("docs.html")
