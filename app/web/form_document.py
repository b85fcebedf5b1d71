"""A form as one document for phones: rendered and compressed once, the same bytes for everybody.

It holds no name, no number and no token, so it may stay in the phone's cache; who somebody is
comes with the sitting's cookie. Its one style and one script stand inline, allowed by their hashes.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.adapters.i18n import Catalogues, language_name
from app.adapters.packing import brotlied, gzipped, read_script, read_style
from app.banks.schemas import PublishedForm
from app.core.errors import Refusal
from app.core.reasons import N_
from app.core.text import in_digits_of
from app.web.view import environment
from app.web.voices import Voice
from app.workshops.schemas import Occasion

_STATIC = Path(__file__).parent / "static"
_MOST_DOCUMENTS = 64

HEADINGS = {
    Occasion.PRE: N_("Pre-test"),
    Occasion.POST: N_("Post-test"),
    Occasion.FOLLOW_UP: N_("Later test"),
}


@cache
def style() -> str:
    """The document's one style."""
    return read_style(_STATIC / "take.css")


@cache
def script() -> str:
    """The document's one script."""
    return read_script(_STATIC / "take.js")


@cache
def draft_style() -> str:
    """What the lines of a draft look like; only in its documents."""
    return read_style(_STATIC / "take-draft.css")


@cache
def letters_style() -> str:
    """Urdu in Nastaliq; only in the documents of who reads it so. The font itself follows."""
    return read_style(_STATIC / "nastaliq.css")


@cache
def draft_script() -> str:
    """Puts the numbers that the one script changes into a draft's digits; only in its documents."""
    return read_script(_STATIC / "take-draft.js")


@cache
def policy() -> str:
    """What the document may do: run this script, use this style, talk to this service."""
    scripts = f"{_allowed(script())} {_allowed(draft_script())}"
    styles = " ".join(
        _allowed(style() + of_draft + of_letters)
        for of_draft in ("", draft_style())
        for of_letters in ("", letters_style())
    )
    return (
        f"default-src 'none'; script-src 'self' {scripts}; "
        f"style-src 'self' {styles}; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _allowed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@dataclass(frozen=True)
class FormDocument:
    """The bytes of a form on one occasion, in the languages it is asked in."""

    version: str
    plain: bytes
    gzip: bytes
    brotli: bytes

    def body_for(self, accepted: str) -> tuple[bytes, dict[str, str]]:
        """The smallest bytes a browser accepts, with the header that names them."""
        offered = {part.split(";")[0].strip() for part in accepted.split(",")}
        if "br" in offered:
            return self.brotli, {"Content-Encoding": "br"}
        if "gzip" in offered:
            return self.gzip, {"Content-Encoding": "gzip"}
        return self.plain, {}


@dataclass(frozen=True)
class Chosen:
    """What one person's own rendering adds: what stands, what is wrong, when it closes."""

    by_item: dict[str, tuple[str, ...]]
    closes_in: str | None = None
    error: Refusal | None = None


@dataclass(frozen=True)
class Spoken:
    """The languages a form is asked in, the reader's first, and a draft below the page's words."""

    languages: tuple[str, ...]
    draft: str = ""
    is_nastaliq: bool = False

    @property
    def style(self) -> str:
        """The style of the documents in these languages."""
        of_draft = draft_style() if self.draft else ""
        return style() + of_draft + (letters_style() if self.is_nastaliq else "")


_documents: dict[tuple[str, Occasion, Spoken, bool], FormDocument] = {}


def get_form_document(
    catalogues: Catalogues,
    form: PublishedForm,
    occasion: Occasion,
    spoken: Spoken,
    *,
    is_synthetic: bool,
) -> FormDocument:
    """The document of a published form, made when it is first asked for."""
    key = (form.id, occasion, spoken, is_synthetic)
    if key not in _documents:
        if len(_documents) >= _MOST_DOCUMENTS:
            _documents.clear()
        text = render_form(catalogues, form, occasion, spoken, is_synthetic=is_synthetic)
        _documents[key] = _compress(text.encode())
    return _documents[key]


def render_form(
    catalogues: Catalogues,
    form: PublishedForm,
    occasion: Occasion,
    spoken: Spoken,
    *,
    is_synthetic: bool,
    chosen: Chosen | None = None,
) -> str:
    """The document's text; with `chosen` for one person, who may have no script."""

    voice = Voice(catalogues, spoken.languages[0], spoken.draft)

    def in_all(message: str) -> dict[str, str]:
        return {each: catalogues.translate(each, message) for each in spoken.languages}

    context: dict[str, Any] = {
        "N_": N_,
        "in_all": in_all,
        "halves": lambda text: re.split(r"%\(\w+\)s", text),
        "language_name": language_name,
        "spoken": spoken.languages,
        "draft": spoken.draft,
        "draft_of": voice.get_draft_of,
        "in_draft_digits": lambda text: in_digits_of(spoken.draft, str(text)),
        "items": form.items,
        "occasion": occasion.value,
        "heading": HEADINGS[occasion],
        "is_synthetic": is_synthetic,
        "shows_chosen": chosen is not None,
        "chosen": chosen.by_item if chosen else {},
        "closes_in": chosen.closes_in if chosen else None,
        "error": chosen.error if chosen else None,
        "said": voice.refusal_in_both(chosen.error) if chosen and chosen.error else (),
        "way_out": lambda refusal: catalogues.translate(spoken.languages[0], refusal.way_out),
        "style": spoken.style,
        "script": script(),
        "draft_script": draft_script(),
    }
    # Line ends between tags mean nothing here; no text can hold them, its signs are escaped.
    return re.sub(r">\n+<", "><", environment.get_template("participant/test.html").render(context))


def spoken_of(
    form: PublishedForm,
    languages: tuple[str, ...],
    language: str,
    draft: str = "",
    letters: str = "",
) -> Spoken:
    """The languages a person is asked in: the chosen one first, then the workshop's main ones.

    `letters` are those of Urdu: "nastaliq", or "naskh" as phones bring it.
    """
    main = [each for each in languages if each in form.languages][:2] or list(form.languages)[:1]
    first = language if language in form.languages else main[0]
    asked = tuple(dict.fromkeys([first, *main]))[:2]
    return Spoken(asked, draft, is_nastaliq=letters == "nastaliq" and "ur" in asked)


def _compress(plain: bytes) -> FormDocument:
    return FormDocument(
        version=hashlib.sha256(plain).hexdigest()[:16],
        plain=plain,
        gzip=gzipped(plain),
        brotli=brotlied(plain),
    )
