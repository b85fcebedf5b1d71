"""Provinces (ISO 3166-2) and the time zones of the countries workshops are held in.

Only Pakistan's provinces are listed by name; elsewhere the code is typed.
"""

import re

from app.core.reasons import N_
from app.core.text import name_key

PROVINCES: dict[str, tuple[tuple[str, str], ...]] = {
    "PK": (
        ("PK-BA", N_("Balochistan")),
        ("PK-GB", N_("Gilgit-Baltistan")),
        ("PK-IS", N_("Islamabad")),
        ("PK-JK", N_("Azad Jammu and Kashmir")),
        ("PK-KP", N_("Khyber Pakhtunkhwa")),
        ("PK-PB", N_("Punjab")),
        ("PK-SD", N_("Sindh")),
    ),
}
_CITIES: dict[str, dict[str, tuple[str, ...]]] = {
    "PK": {
        "PK-BA": ("Quetta", "Gwadar", "Turbat", "کوئٹہ", "گوادر", "تربت"),
        "PK-GB": ("Gilgit", "Skardu", "گلگت", "سکردو"),
        "PK-IS": ("Islamabad", "اسلام آباد"),
        "PK-JK": ("Muzaffarabad", "مظفرآباد"),
        "PK-KP": ("Peshawar", "Abbottabad", "Mardan", "پشاور", "ایبٹ آباد", "مردان"),
        "PK-PB": (
            "Lahore", "Rawalpindi", "Multan", "Faisalabad", "Gujranwala", "Sialkot", "Bahawalpur",
            "لاہور", "راولپنڈی", "ملتان", "فیصل آباد", "گوجرانوالہ", "سیالکوٹ", "بہاولپور",
        ),
        "PK-SD": (
            "Karachi", "Hyderabad", "Sukkur", "Larkana", "کراچی", "حیدرآباد", "سکھر", "لاڑکانہ",
        ),
    },
}  # fmt: skip
"""Cities where workshops are likely: whoever types one need not name its province."""

PROVINCE_NAMES: dict[str, tuple[str, ...]] = {
    "PK-BA": ("بلوچستان", "Baluchistan"),
    "PK-GB": ("گلگت بلتستان", "GB", "Gilgit Baltistan"),
    "PK-IS": ("اسلام آباد", "ICT", "Islamabad Capital Territory"),
    "PK-JK": ("آزاد جموں و کشمیر", "آزاد کشمیر", "AJK", "AJ&K", "Azad Kashmir"),
    "PK-KP": ("خیبر پختونخوا", "KP", "KPK", "Khyber Pakhtunkhwa", "Khyber Pakhtoonkhwa"),
    "PK-PB": ("پنجاب",),
    "PK-SD": ("سندھ", "سنڌ", "Sind"),
}
"""What lists of people call them besides."""
ZONES: dict[str, str] = {
    "PK": "Asia/Karachi",
    "AF": "Asia/Kabul",
    "BD": "Asia/Dhaka",
    "IQ": "Asia/Baghdad",
    "IR": "Asia/Tehran",
}


def provinces_of(country: str) -> tuple[tuple[str, str], ...]:
    """A country's provinces as code and English name; empty where we keep no list."""
    return PROVINCES.get(country, ())


def province_of(country: str, place: str) -> str:
    """The province of the only city of our list that the place names; empty when in doubt."""
    words = f" {name_key(place)} "
    found = {
        province
        for province, cities in _CITIES.get(country, {}).items()
        if any(f" {name_key(city)} " in words for city in cities)
    }
    return found.pop() if len(found) == 1 else ""


def is_province(country: str, province: str) -> bool:
    """Whether the code is a province of the country, as far as we know its list."""
    known = provinces_of(country)
    if known:
        return province in {code for code, _ in known}
    return re.fullmatch(rf"{re.escape(country)}-[A-Z0-9]{{1,3}}", province) is not None
