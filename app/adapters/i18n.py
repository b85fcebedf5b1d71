"""Languages: gettext catalogues read from their text files, dates and language names."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

from app.core.calendars import MONTHS, solar_hijri
from app.core.languages import DRAFT_LANGUAGES, FULL_LANGUAGES, LANGUAGES
from app.core.text import in_digits_of

_FOLDER = Path(__file__).parent.parent / "locales"


class Catalogues:
    """Every language's messages; English is the source and needs no file."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        found = {path.stem: _read(path, path.stat().st_mtime_ns) for path in folder.glob("*.po")}
        self._messages = {code: found.get(code, {}) for code in LANGUAGES}
        self.languages = tuple(c for c in FULL_LANGUAGES if c == "en" or c in found)
        self.drafts = tuple(c for c in DRAFT_LANGUAGES if c in found)

    def translate(self, language: str, message: str) -> str:
        """The message in that language, or the English one."""
        return self.get_words(language, message) or message

    def get_words(self, language: str, message: str) -> str | None:
        """The message in that language; None when it has none, whatever other languages have."""
        return self._messages.get(language, {}).get(message)

    def count_missing(self, language: str, messages: set[str]) -> int:
        """How many of the messages have no translation yet."""
        return sum(1 for message in messages if not self.get_words(language, message))


@cache
def _read(path: Path, _changed_at: int) -> Mapping[str, str]:
    """The messages of a file as it was at that time; read once in a process."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and isinstance(message.id, str) and message.string
    }


def language_name(language: str) -> str:
    """The language's name in its own script."""
    if language in LANGUAGES:
        return LANGUAGES[language].own_name
    return Locale.parse(language, sep="-").get_display_name() or language


def day_text(day: date, language: str) -> str:
    """A day in words, such as 11 February 2020 or ۲۲ دلو ۱۳۹۸: in its calendar and digits.

    Babel writes Latin digits and Gregorian days for every language, so both are our own.
    """
    return in_digits_of(language, f"{_day_of(day, language)} {_month_text(day, language)}")


def days_text(first: date, last: date, language: str) -> str:
    """One day, or a first and a last one."""
    if first == last:
        return day_text(first, language)
    if _month_text(first, language) == _month_text(last, language):
        return in_digits_of(language, f"{_day_of(first, language)}–") + day_text(last, language)
    return f"{day_text(first, language)} – {day_text(last, language)}"


def time_text(moment: datetime, language: str) -> str:
    """Hours and minutes on a 24-hour clock."""
    return format_time(moment, format="HH:mm", locale=_babel_name(language))


def country_name(country: str, language: str) -> str:
    """A country's name by its two letters; the letters when the name is unknown."""
    return str(Locale.parse(_babel_name(language)).territories.get(country, country))


def _day_of(day: date, language: str) -> int:
    own = _own_calendar(day, language)
    return own[2] if own else day.day


def _month_text(day: date, language: str) -> str:
    """Month and year; by the Gregorian calendar when the own one does not reach so far."""
    own = _own_calendar(day, language)
    if own:
        return f"{MONTHS[language][own[1] - 1]} {own[0]}"
    return format_date(day, format="MMMM y", locale=_babel_name(language))


def _own_calendar(day: date, language: str) -> tuple[int, int, int] | None:
    return solar_hijri(day) if language in MONTHS else None


def _babel_name(language: str) -> str:
    return LANGUAGES[language].locale if language in LANGUAGES else "en_GB"
