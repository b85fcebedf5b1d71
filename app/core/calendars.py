"""The Solar Hijri calendar of Afghanistan and Iran, from Gregorian days.

The leap years are those of the 33-year cycle, which gives the astronomical ones from 1178 to 1633
(1799 to 2255 AD). Source: K. M. Borkowski, "The Persian calendar
for 3000 years", Earth, Moon and Planets 74 (1996), 223-230.
"""

from __future__ import annotations

from datetime import date

_LEAP_PLACES = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_CYCLE_YEARS, _CYCLE_DAYS = 33, 33 * 365 + 8
_FIRST_YEAR, _LAST_YEAR = 1178, 1633
_ANCHOR_YEAR, _ANCHOR = 1386, date(2007, 3, 21)  # 42 whole cycles; its 1 Farvardin
_LONG_MONTHS = 6

MONTHS: dict[str, tuple[str, ...]] = {
    "fa": (
        "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
        "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
    ),
    "fa-AF": (
        "حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله",
        "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت",
    ),
    "ps": (
        "وری", "غویی", "غبرګولی", "چنګاښ", "زمری", "وږی",
        "تله", "لړم", "لیندۍ", "مرغومی", "سلواغه", "کب",
    ),
}  # fmt: skip
"""The months' names by language; the year begins with the first."""


def is_leap(year: int) -> bool:
    """Whether a Solar Hijri year has 366 days."""
    return year % _CYCLE_YEARS in _LEAP_PLACES


def solar_hijri(day: date) -> tuple[int, int, int] | None:
    """Year, month (1 to 12) and day of the month; None outside of the years 1178 to 1633."""
    cycles, rest = divmod((day - _ANCHOR).days, _CYCLE_DAYS)
    year = _ANCHOR_YEAR + _CYCLE_YEARS * cycles
    while rest >= (length := 366 if is_leap(year) else 365):
        rest -= length
        year += 1
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if rest < _LONG_MONTHS * 31:
        return year, rest // 31 + 1, rest % 31 + 1
    rest -= _LONG_MONTHS * 31
    return year, _LONG_MONTHS + rest // 30 + 1, rest % 30 + 1
