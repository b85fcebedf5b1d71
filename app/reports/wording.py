"""In which words a report speaks; numbers and typed names are isolated inside its sentences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.adapters import i18n
from app.core.text import isolate_ltr

ProvincesOf = Callable[[str], Sequence[str]]
"""A country's provinces; none where no list is kept."""


@dataclass(frozen=True)
class Wording:
    """A language, its messages, and what codes are called in them.

    `value_names`: codes of groups, provinces, crimes and marks on questions; `reason_words`: codes
    in the place of a number.
    """

    language: str
    catalogues: i18n.Catalogues
    value_names: Mapping[str, str]
    reason_words: Mapping[str, str]

    def say(self, message: str, **facts: object) -> str:
        """The message in the language; facts are numbers, or words that are isolated already."""
        told = {
            name: fact if isinstance(fact, str) else isolate_ltr(f"{fact}")
            for name, fact in facts.items()
        }
        return self.catalogues.translate(self.language, message) % told

    def name_value(self, value: str) -> str:
        """What a code is called; the code where it has no name."""
        known = self.value_names.get(value)
        return value if known is None else self.say(known)

    def name_country(self, country: str) -> str:
        """A country's name."""
        return i18n.country_name(country, self.language)

    def name_language(self, language: str) -> str:
        """What a language calls itself."""
        return i18n.language_name(language)

    def name_days(self, first: date, last: date) -> str:
        """One day, or a first and a last one."""
        return i18n.days_text(first, last, self.language)

    def name_moment(self, moment: datetime) -> tuple[str, str]:
        """A day in words, and the time."""
        return i18n.day_text(moment.date(), self.language), i18n.time_text(moment, self.language)

    def pick(self, texts: Mapping[str, str]) -> str:
        """The text in the language, else in English, else the first."""
        return texts.get(self.language) or texts.get("en") or next(iter(texts.values()))


def typed(text: str) -> str:
    """What people typed, in its own direction inside a sentence."""
    return f"\u2068{text}\u2069"


def percent(value: int | Decimal | None) -> str:
    """A share inside a sentence."""
    return isolate_ltr(f"{value}%")


def signed(value: int | Decimal | None) -> str:
    """A change inside a sentence, with its sign; a dash where there is none."""
    if value is None:
        return "–"
    return isolate_ltr(f"{'−' if value < 0 else '+' if value > 0 else ''}{abs(value)}")
