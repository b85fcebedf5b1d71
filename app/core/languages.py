"""The languages the service knows: one row each, and nothing about them anywhere else.

A full language has all of the pages and the questions. A draft has the participants' words only,
unread by a native reviewer: its lines stand below English or Urdu, never alone, and no language
stands in for another one (not Arabic for Persian, not Persian for Pashto). What has no words in a
draft is read in the full language above it. Fonts are the style sheets' matter (participant.css,
take-draft.css): a phone's own, and Nastaliq for Urdu alone. Source: interfaces.md §3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Calendar(StrEnum):
    """By which calendar a language's readers count days and months."""

    GREGORIAN = "gregorian"
    SOLAR_HIJRI = "solar_hijri"


@dataclass(frozen=True)
class Language:
    """`code` is the tag of HTML and of the catalogue's file; `locale` names month names in CLDR."""

    code: str
    own_name: str
    locale: str
    direction: str
    digits: str
    calendar: Calendar = Calendar.GREGORIAN
    is_draft: bool = True


_LTR, _RTL = "ltr", "rtl"
_LATN, _ARABEXT, _ARAB, _BENG = "0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "০১২৩৪৫৬৭৮৯"

LANGUAGES: dict[str, Language] = {
    each.code: each
    for each in (
        Language("en", "English", "en_GB", _LTR, _LATN, is_draft=False),
        Language("ur", "اردو", "ur_PK", _RTL, _LATN, is_draft=False),
        Language("ps", "پښتو", "ps_AF", _RTL, _ARABEXT, Calendar.SOLAR_HIJRI),
        Language("fa-AF", "دری", "fa_AF", _RTL, _ARABEXT, Calendar.SOLAR_HIJRI),
        Language("fa", "فارسی", "fa_IR", _RTL, _ARABEXT, Calendar.SOLAR_HIJRI),
        Language("sd", "سنڌي", "sd_PK", _RTL, _ARAB),
        Language("ar", "العربية", "ar_IQ", _RTL, _ARAB),
        Language("ckb", "کوردی (سۆرانی)", "ckb_IQ", _RTL, _ARAB),
        Language("bn", "বাংলা", "bn_BD", _LTR, _BENG),
    )
}
"""In the order in which they are offered; a draft is offered once it has a catalogue."""

FULL_LANGUAGES: tuple[str, ...] = tuple(c for c, each in LANGUAGES.items() if not each.is_draft)
DRAFT_LANGUAGES: tuple[str, ...] = tuple(c for c, each in LANGUAGES.items() if each.is_draft)


def split_drafts(languages: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages that stand alone, and those that only stand below; each in the order given.

    A tag that is not in the table is a bank's own language and stands alone.
    """
    drafts = tuple(code for code in languages if code in DRAFT_LANGUAGES)
    return tuple(code for code in languages if code not in drafts), drafts
