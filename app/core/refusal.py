"""What every refusal is: a fact with a stable code, what happened, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from app.core.reasons import N_, REASONS

_BETWEEN = N_("; ")
_FACT = re.compile(r"\{(\w+)\}")


class Refusal(Exception):
    """Base of all refusals; `facts` are what the sentence and the page may need.

    `str(refusal)` is the code alone, never a fact, so that a log line holds no name and no answer.
    """

    code: ClassVar[str]
    says: ClassVar[str]
    way_out: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return self.code

    def says_with_facts(self, translate: Callable[[str], str] = N_) -> str:
        """Return `says`, translated, each {fact} filled in; a missing fact becomes "…".

        Never raises, whatever the translation holds: it runs while something is already wrong.
        """

        def plain(found: re.Match[str]) -> str:
            fact = self.facts.get(found[1], "…")
            if isinstance(fact, list | tuple):
                return translate(_BETWEEN).join(str(part) for part in fact)
            return str(fact)

        def spoken(found: re.Match[str]) -> str:
            sentence = REASONS.get(plain(found)) if found[1] == "reason" else None
            return _FACT.sub(plain, translate(sentence)) if sentence else plain(found)

        return _FACT.sub(spoken, translate(self.says))
