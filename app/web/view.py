"""Renders pages: one environment, one context, in the reader's language."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import jinja2
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from app import __version__
from app.accounts.schemas import OpenSignIn
from app.adapters import i18n
from app.adapters.clock import local_time
from app.core.codes import grouped
from app.core.errors import Refusal
from app.core.placings import row_of
from app.core.reasons import REASONS
from app.core.text import is_rtl
from app.web.deps import TheHouse, cookie_name
from app.web.house import House
from app.web.problems import ShowAgain, status_of
from app.web.voices import Voice

_FOLDER = Path(__file__).parent / "templates"

_WITH_DRAFTS = frozenset({"home.html", "privacy.html", "error.html"})

SCRIPTS = {"nastaliq": "نستعلیق", "naskh": "نسخ"}
"""The letters Urdu is shown in, by their own names."""


@jinja2.pass_context
def _gettext(context: jinja2.runtime.Context, message: str) -> str:
    voice: Voice = context["voice"]
    return voice.say(message)


def _ngettext(one: str, many: str, count: int) -> str:
    # Plurals are written without plural forms ("Finished: 12"); this satisfies the extension.
    return one if count == 1 else many


def make_environment() -> jinja2.Environment:
    """The templates, escaped by default; a missing name is an error, not an empty space."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals["direction_of"] = direction_of
    environment.filters["row_of"] = row_of
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


def direction_of(language: str) -> str:
    """The direction of a language's words, as HTML names it."""
    return "rtl" if is_rtl(language) else "ltr"


environment = make_environment()


class View:
    """Shows pages to one reader."""

    def __init__(self, request: Request, house: House) -> None:
        self.request = request
        self.house = house
        self.language = choose_language(request, house)
        self.draft = choose_draft(request, house)

    @property
    def voice(self) -> Voice:
        """In which words a participant's page speaks to this reader."""
        return Voice(self.house.catalogues, self.language, self.draft)

    @property
    def letters(self) -> str:
        """The letters Urdu is shown in on this phone, also where another language comes first."""
        return choose_script(self.request, self.house, "ur")

    def show(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page made from a template and its own context."""
        voice = self._voice_for(template)
        text = environment.get_template(template).render(self._base(voice) | context)
        return HTMLResponse(voice.lay_out(text), status)

    def show_again(self, template: str, refusal: Refusal, **context: Any) -> NoReturn:
        """The same page with what was typed and what is wrong with it; nothing is written."""
        page = self.show(template, status=status_of(refusal), error=refusal, **context)
        raise ShowAgain(page) from refusal

    def _voice_for(self, template: str) -> Voice:
        """Drafts hold the participants' words only; other pages, and staff, have none."""
        is_staff = getattr(self.request.state, "staff", None) is not None
        has_drafts = not is_staff and is_participants(template)
        return self.voice if has_drafts else Voice(self.house.catalogues, self.language)

    def _base(self, voice: Voice) -> dict[str, Any]:
        language = self.language
        state = self.request.state
        sign_in: OpenSignIn | None = getattr(state, "sign_in", None)
        script = choose_script(self.request, self.house, language)
        return {
            "house": self.house,
            "language": language,
            "voice": voice,
            "draft": voice.draft,
            "direction": direction_of(language),
            "languages": self.house.catalogues.languages,
            "drafts_offered": self.house.catalogues.drafts,
            "script": script,
            "other_script": next(each for each in SCRIPTS.items() if each[0] != script),
            "staff": sign_in.staff if sign_in else None,
            "is_borrowed": sign_in is not None and sign_in.is_borrowed,
            "is_room": not self.house.settings.is_https,
            "csrf": getattr(state, "csrf", ""),
            "is_demo": self.house.settings.is_demo,
            "has_docs": has_docs(self.house),
            "host": self.request.headers.get("host", ""),
            "path": self.request.url.path,
            "version": __version__,
            "names_days": self.house.settings.names_days,
            "answers_months": self.house.settings.answers_months,
            "late_hours": self.house.settings.late_hours,
            "outside_threshold": self.house.settings.outside_threshold,
            "day_text": lambda day: i18n.day_text(day, language),
            "days_text": lambda first, last: voice.pair(
                i18n.days_text(first, last, language),
                i18n.days_text(first, last, voice.draft) if voice.draft else None,
            ),
            "time_text": lambda moment, zone: _time_text(moment, zone, language),
            "language_name": i18n.language_name,
            "country_name": lambda country: i18n.country_name(country, language),
            "grouped": grouped,
            "says": voice.say_refusal,
            "reason_text": lambda key: voice.say(REASONS[key]),
            "way_out": lambda refusal: voice.say(refusal.way_out),
            "words": lambda texts: texts[lang_of(texts, language)],
            "lang_of": lambda texts: lang_of(texts, language),
        }


def has_docs(house: House) -> bool:
    """Whether /docs is served: in the demo, and where the setting says so."""
    return house.settings.is_demo or house.settings.has_docs


def lang_of(texts: dict[str, str], language: str) -> str:
    """The language of the text that is shown: the reader's, else English, else the first."""
    return language if language in texts else "en" if "en" in texts else next(iter(texts))


def choose_language(request: Request, house: House) -> str:
    """The reader's own choice, else what the browser asks for first, else English."""
    offered = house.catalogues.languages
    chosen = request.cookies.get(cookie_name(house, "language"))
    if chosen in offered:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        wanted = part.split(";")[0].strip().lower().split("-")[0]
        if wanted in offered:
            return wanted
    return "en"


def choose_draft(request: Request, house: House) -> str:
    """The draft that this phone's reader chose to see below; empty for none.

    Only this cookie knows it: in a small room a rare language is a name.
    """
    chosen = request.cookies.get(cookie_name(house, "draft"), "")
    return chosen if chosen in house.catalogues.drafts else ""


def is_participants(template: str) -> bool:
    """Whether a template is a participant's page, all of whose words a draft has."""
    return template.startswith("participant/") or template in _WITH_DRAFTS


def choose_script(request: Request, house: House, language: str) -> str:
    """The letters of Urdu: the reader's choice, else Nastaliq where a room's own network brings
    the font in a moment; empty for other languages.
    """
    chosen = request.cookies.get(cookie_name(house, "script"), "")
    usual = "naskh" if house.settings.is_https else "nastaliq"
    return "" if language != "ur" else chosen if chosen in SCRIPTS else usual


async def get_view(request: Request, house: TheHouse) -> View:
    """The view of this request's reader."""
    return View(request, house)


ReaderView = Annotated[View, Depends(get_view)]


def show_error(
    request: Request, refusal: Refusal, status: int, reference: str | None
) -> HTMLResponse:
    """The page of an error, in the reader's language, with the way out."""
    view = View(request, request.app.state.house)
    if refusal.code == "sign_in_needed":
        return view.show("home.html", status=status, error=refusal, typed="")
    return view.show("error.html", status=status, refusal=refusal, reference=reference)


def _time_text(moment: datetime, zone: str, language: str) -> str:
    return i18n.time_text(local_time(moment, zone), language)
