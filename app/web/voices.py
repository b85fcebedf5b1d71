"""In which words a page speaks: a full language, and below each of its sentences a draft.

Templates and refusals say one sentence; where a draft was chosen, both texts travel as one, the
draft's between two signs of Unicode's private use. `lay_out` turns these into elements once the
page is made, so that no template knows of drafts and a draft can never stand alone. A choice of a
list takes no element: there U+2068 and U+2069 isolate the draft. A page's title and the values of
attributes are in the full language only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.adapters.i18n import Catalogues
from app.core.errors import Refusal
from app.core.languages import LANGUAGES
from app.core.text import in_digits_of

_OPEN, _CLOSE = "\ue000", "\ue001"
_PAIR = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_TITLE = re.compile("<title>.*?</title>", re.DOTALL)
_OPTION = re.compile("<option[^>]*>[^<]*</option>")
_START = re.compile(f"<[a-z][^>]*{_OPEN}[^>]*>")
# A bare run from left to right is a number; a card's or certificate's has a class and stays Latin.
_NUMBER = re.compile(r'(<bdi dir="ltr">)([0-9.:]+)(?=</bdi>)')


@dataclass(frozen=True)
class Voice:
    """A reader's full language, and the draft that stands below it; empty for none."""

    catalogues: Catalogues
    language: str
    draft: str = ""

    def say(self, message: str) -> str:
        """A sentence of the catalogue, with the draft's below it."""
        return self.pair(
            self.catalogues.translate(self.language, message), self.get_draft_of(message)
        )

    def get_draft_of(self, message: str) -> str | None:
        """The sentence in the draft; None without a draft, or when it lacks these words."""
        return self.catalogues.get_words(self.draft, message)

    def say_refusal(self, refusal: Refusal) -> str:
        """What is wrong, with its facts."""
        return self.pair(*self.refusal_in_both(refusal))

    def refusal_in_both(self, refusal: Refusal) -> tuple[str, str | None]:
        """What is wrong in the full language and in the draft; reasons and facts filled in."""

        def said_in(language: str) -> str:
            return refusal.says_with_facts(lambda words: self.catalogues.translate(language, words))

        has_draft = self.get_draft_of(refusal.says) is not None
        return said_in(self.language), said_in(self.draft) if has_draft else None

    def pair(self, text: str, draft: str | None) -> str:
        """Both texts as one, for `lay_out`; the text alone when it has no draft."""
        return f"{text}{_OPEN}{draft}{_CLOSE}" if draft else text

    def lay_out(self, page: str) -> str:
        """The finished page: each draft in an element of its own, or as its place allows."""
        if not self.draft:
            return page
        page = _TITLE.sub(lambda found: _PAIR.sub("", found[0]), page)
        page = _OPTION.sub(lambda found: _PAIR.sub(" \u2068\\1\u2069", found[0]), page)
        page = _START.sub(lambda found: _PAIR.sub("", found[0]), page)
        return _PAIR.sub(self._below, page)

    def in_own_digits(self, text: str) -> str:
        """Numbers of the draft's text in its reader's digits; codes and addresses stay."""
        return _NUMBER.sub(lambda run: run[1] + in_digits_of(self.draft, run[2]), text)

    def _below(self, found: re.Match[str]) -> str:
        direction = LANGUAGES[self.draft].direction
        text = self.in_own_digits(found[1])
        return f'<span class="draft" lang="{self.draft}" dir="{direction}">{text}</span>'
