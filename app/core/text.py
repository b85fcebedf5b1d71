"""Names, one-line texts and digits in the scripts of our readers.

What a person typed is kept (in NFC); what is compared is `name_key`, which no page ever shows.
Sources: interfaces.md §3, reliability.md §2 ("names") and R25.
"""

from __future__ import annotations

import re
import unicodedata

from app.core.errors import NameRefused, ValueRefused
from app.core.languages import LANGUAGES

_NAME_LENGTH = 200


def _subtags(language: str) -> list[str]:
    return re.split("[-_]", language.lower())


_ZWNJ, _ZWJ = "\u200c", "\u200d"
_LINE_SPACES = frozenset("\t\n\r")
_DIRECTION_SIGNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Harmless and invisible: soft hyphen, Arabic letter mark, zero-width space, LRM, RLM, word
# joiner, byte order mark. Keyboards and copied text bring them without the writer's knowledge.
_UNSEEN = frozenset("\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff")
_JOINERS = re.compile(f"[{_ZWNJ}{_ZWJ}]+")

_LATIN = "0123456789"
_DIGITS_OF_LANGUAGE = {_subtags(code)[0]: each.digits for code, each in LANGUAGES.items()}
# Ours, and others that a bank of questions may be written in.
_RTL_LANGUAGES = frozenset({"he", "pnb", "prs", "skr", "ug"}).union(
    _subtags(code)[0] for code, each in LANGUAGES.items() if each.direction == "rtl"
)
_RTL_SCRIPTS = frozenset({"arab", "aran", "hebr", "nkoo", "syrc", "thaa"})

# For matching only: letters that different keyboards send for the same letter.
_SAME_LETTER: dict[str, str] = {
    **dict.fromkeys("\u064a\u0649", "\u06cc"),  # Arabic yeh, alef maksura -> Farsi yeh
    "\u0643": "\u06a9",  # Arabic kaf -> keheh
    # heh, teh marbuta, heh goal (with hamza), do-chashmi heh, ae, heh with yeh -> heh
    **dict.fromkeys("\u0629\u06be\u06c0\u06c1\u06c2\u06c3\u06d5", "\u0647"),
}
# What Urdu is written with; Arabic, Pashto, Sindhi and Kurdish have letters beside these.
_URDU_LETTERS = frozenset(
    "\u0621\u0622\u0623\u0624\u0626\u0627\u0628\u062a\u062b\u062c\u062d\u062e\u062f\u0630\u0631\u0632"
    "\u0633\u0634\u0635\u0636\u0637\u0638\u0639\u063a\u0641\u0642\u0644\u0645\u0646\u0648\u0679\u067e"
    "\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06c2\u06c3\u06cc\u06d2\u06d3"
)
_APOSTROPHES = frozenset("'`\u00b4\u02bb\u02bc\u02be\u02bf\u2018\u2019\u201b\uff07")
_TATWEEL = "\u0640"
_ARABIC_BLOCKS = (("\u0600", "\u06ff"), ("\u0750", "\u077f"), ("\u0890", "\u08ff"))


def to_latin_digits(text: str) -> str:
    """Return the text with the decimal digits of every script as 0-9, all else unchanged."""
    return "".join(_latin_digit(sign) for sign in text)


def in_digits_of(language: str, text: str) -> str:
    """Return the text with 0-9 in the digits a reader of the language expects.

    Latin for en, ur and any language not listed; ۰-۹ for fa, fa-AF, ps; ٠-٩ for ar, ckb, sd;
    ০-৯ for bn. Codes, certificate numbers and file names are never passed through this.
    """
    digits = _DIGITS_OF_LANGUAGE.get(_subtags(language)[0], _LATIN)
    return text.translate(str.maketrans(_LATIN, digits))


def isolate_ltr(text: str) -> str:
    """Return the text between U+2066 and U+2069: it stays left-to-right inside an Urdu line."""
    return f"\u2066{text}\u2069"


def is_rtl(language: str) -> bool:
    """Tell whether a language tag (ur, fa-AF, pa-Arab, ckb_IQ) is written right to left."""
    primary, *rest = _subtags(language)
    scripts = [subtag for subtag in rest if len(subtag) == 4]
    return scripts[0] in _RTL_SCRIPTS if scripts else primary in _RTL_LANGUAGES


def is_urdu_written(text: str) -> bool:
    """Tell whether every Arabic letter of a text is one of Urdu's; no such letter is no Urdu."""
    letters = [sign for sign in text if unicodedata.bidirectional(sign) == "AL"]
    return bool(letters) and _URDU_LETTERS.issuperset(each for each in letters if each.isalpha())


def clean_name(typed: str, max_length: int = _NAME_LENGTH) -> str:
    """Return a person's name as it is kept: NFC, single spaces, joiners only between letters.

    Cleaning twice changes nothing. `max_length` counts characters after cleaning. NameRefused with
    reason `empty`, `too_long`, `direction_sign` (U+202A-202E, U+2066-2069) or `control_sign`; tab
    and line end are spaces, invisible signs without effect are dropped.
    """
    line = _tidied(typed)
    if reason := _reason_against(line, max_length):
        raise NameRefused(reason=reason)
    return line


def clean_line(typed: str, max_length: int, *, field: str) -> str:
    """Return a one-line text of staff by the rules of `clean_name`; ValueRefused has the field."""
    line = _tidied(typed)
    if reason := _reason_against(line, max_length):
        raise ValueRefused(field=field, reason=reason)
    return line


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common; for matching only, never shown.

    Case, compatibility forms, digits' scripts, ي/ى/ی, ك/ک, the letters heh, hamza and harakat on
    Arabic letters, tatweel, joiners and apostrophes do not count; other punctuation and symbols
    count as a space. May be empty. Vowel signs of Bengali and accents of Latin do count.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = "".join(_matched_as(sign) for sign in folded)
    return " ".join(unicodedata.normalize("NFKC", letters).split())


def pad_to(payload: bytes, size: int) -> bytes:
    """Return the payload grown to `size` bytes (0x80, then zeros: ISO/IEC 7816-4).

    Sealed names then all have one length, and the length says nothing about the name.
    ValueError when not one byte is left for the padding.
    """
    if len(payload) >= size:
        raise ValueError(f"{len(payload)} bytes and their padding do not fit into {size}")
    return (payload + b"\x80").ljust(size, b"\x00")


def unpad(padded: bytes) -> bytes:
    """Return what `pad_to` was given; ValueError for bytes it cannot have made."""
    payload, sign, rest = padded.rstrip(b"\x00").rpartition(b"\x80")
    if not sign or rest:
        raise ValueError("these bytes were not padded")
    return payload


def _tidied(typed: str) -> str:
    """One line in NFC; repeated until nothing changes, since dropping a joiner can compose."""
    before, line = None, typed
    while line != before:
        before = line
        seen = unicodedata.normalize("NFC", "".join(_spaced(sign) for sign in line))
        line = " ".join(_JOINERS.sub(_kept_joiner, seen).split(" ")).strip()
        line = re.sub(" +", " ", unicodedata.normalize("NFC", line))
    return line


def _spaced(sign: str) -> str:
    if sign in _UNSEEN:
        return ""
    is_space = sign in _LINE_SPACES or unicodedata.category(sign).startswith("Z")
    return " " if is_space else sign


def _kept_joiner(run: re.Match[str]) -> str:
    """The first joiner of a run between two letters, else nothing; a vowel sign is a letter."""
    before, after = run.string[: run.start()][-1:], run.string[run.end() :][:1]
    return run[0][0] if _is_letter(before) and _is_letter(after) else ""


def _is_letter(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in "LM"


def _reason_against(line: str, max_length: int) -> str | None:
    """Return the first key of REASONS that speaks against a tidied line, or None."""
    if not _DIRECTION_SIGNS.isdisjoint(line):
        return "direction_sign"
    if any(unicodedata.category(sign)[0] == "C" for sign in line if sign not in (_ZWNJ, _ZWJ)):
        return "control_sign"
    if all(unicodedata.category(sign)[0] in "MZ" for sign in line):
        return "empty"
    return "too_long" if len(line) > max_length else None


def _matched_as(sign: str) -> str:
    if sign == _TATWEEL or sign in _APOSTROPHES:
        return ""
    category = unicodedata.category(sign)
    if sign in _LINE_SPACES or category[0] in "PSZ":
        return " "
    is_arabic = any(low <= sign <= high for low, high in _ARABIC_BLOCKS)
    if category[0] == "C" or (category == "Mn" and is_arabic):  # invisible, or harakat
        return ""
    return _SAME_LETTER.get(sign, _latin_digit(sign))


def _latin_digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
