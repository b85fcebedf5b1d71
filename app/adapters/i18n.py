"""Languages: gettext catalogues read from their text files, dates and language names."""

from datetime import date, datetime
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

_FOLDER = Path(__file__).parent.parent / "locales"
_BABEL_NAMES = {"en": "en_GB", "ur": "ur_PK"}
_OWN_NAMES = {"en": "English", "ur": "اردو"}


class Catalogues:
    """Every language's messages; English is the source and needs no file."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._messages = {
            path.stem: _read(path) for path in sorted(folder.glob("*.po")) if path.stem != "en"
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """English first, then the others by code."""
        return ("en", *self._messages)

    def translate(self, language: str, message: str) -> str:
        """The message in that language, or the English one."""
        return self._messages.get(language, {}).get(message) or message

    def count_missing(self, language: str, messages: set[str]) -> int:
        """How many of the messages have no translation yet."""
        known = self._messages.get(language, {})
        return sum(1 for message in messages if not known.get(message))


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and isinstance(message.id, str) and message.string
    }


def language_name(language: str) -> str:
    """The language's name in its own script."""
    return _OWN_NAMES.get(language) or Locale.parse(language).get_display_name() or language


def day_text(day: date, language: str) -> str:
    """A day in words, such as 11 February 2020."""
    return format_date(day, format="d MMMM y", locale=_babel_name(language))


def days_text(first: date, last: date, language: str) -> str:
    """One day, or a first and a last one."""
    if first == last:
        return day_text(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last, language)}"
    return f"{day_text(first, language)} – {day_text(last, language)}"


def time_text(moment: datetime, language: str) -> str:
    """Hours and minutes on a 24-hour clock."""
    return format_time(moment, format="HH:mm", locale=_babel_name(language))


def country_name(country: str, language: str) -> str:
    """A country's name by its two letters; the letters when the name is unknown."""
    return str(Locale.parse(_babel_name(language)).territories.get(country, country))


def _babel_name(language: str) -> str:
    return _BABEL_NAMES.get(language, "en_GB")
