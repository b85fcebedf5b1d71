"""The words that lists of participants use: over their columns, and in them.

English, Urdu, Dari and Persian, Pashto, Arabic, Sindhi, Sorani, Bangla. They are compared by
`name_key`, so that ي and ی, case, harakat and punctuation do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.core.text import name_key


class Column(StrEnum):
    """What a column of a list holds; OTHER is left out."""

    NAME = "name"
    FATHER = "father"
    SEX = "sex"
    AGENCY = "agency_type"
    PROVINCE = "province"
    YEARS = "years"
    OTHER = "other"


def _keys(text: str) -> tuple[str, ...]:
    return tuple(f" {name_key(each)} " for each in text.split("|"))


_OVER_COLUMNS: tuple[tuple[Column, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        Column.FATHER,
        _keys(
            "father|fathers|father's|husband|husband's|s o|d o|w o|parentage|ولدیت|والد"
            "|والد کا نام|ولد|زوجیت|شوہر|نام پدر|پدر|نام پدر یا شوهر|د پلار نوم|پلار"
            "|اسم الأب|الأب|پيءُ جو نالو|پيء|ناوی باوک|باوک|পিতার নাম|পিতা"
        ),
        _keys("occupation|age|phone"),
    ),
    (
        Column.YEARS,
        _keys(
            "years|experience|length of service|yrs|year of service|تجربہ|تجربه|مدت ملازمت"
            "|سال خدمت|سابقه|سابقه کار|سنوات|سنوات الخبرة|سنوات الخدمة|کلونه|د خدمت کلونه"
            "|تجربو|سال تجربه|ساڵانی خزمەت|অভিজ্ঞতা|বছর"
        ),
        _keys("birth|age|date|پیدائش|تولد"),
    ),
    (
        Column.SEX,
        _keys(
            "sex|gender|m f|f m|male female|جنس|صنف|جنسیت|مرد عورت|الجنس|جنډر|جنسیت زن مرد"
            "|ڕەگەز|رەگەز|লিঙ্গ"
        ),
        (),
    ),
    (
        Column.PROVINCE,
        _keys(
            "province|provinces|region|division|صوبہ|صوبو|صوبه|ولایت|استان|المحافظة|محافظة"
            "|پارێزگا|বিভাগ|প্রদেশ"
        ),
        (),
    ),
    (
        Column.AGENCY,
        _keys(
            "agency|organization|organisation|organizations|department|dept|institution"
            "|institute|ministry|employer|office|unit|agency type|ادارہ|محکمہ|محکمه|اداره"
            "|ادارو|کھاتو|سازمان|نهاد|ارگان|وزارت|المؤسسة|الجهة|جهة العمل|الدائرة|دائرة"
            "|دامەزراوە|সংস্থা|প্রতিষ্ঠান|দপ্তর"
        ),
        _keys("id|no|number|phone|address|head"),
    ),
    (
        Column.NAME,
        _keys(
            "name|names|full name|participant|participants|nominee|nominees|trainee"
            "|trainees|officer|first|last|middle|given|surname|family|نام|نام و تخلص|اسم"
            "|اسم شریف|الاسم|الاسم الكامل|اسم المشارك|نوم|نالو|ناو|ناوی سیانی|নাম|شرکاء"
            "|شریک"
        ),
        _keys(
            "id|cnic|no|number|phone|signature|signatures|code|mother|mothers|station|bank"
            "|course|training|workshop|list|دستخط|فہرست|مادر|والدہ|ماں"
        ),
    ),
    (
        Column.OTHER,
        _keys(
            "s no|sr no|sr|s|no|serial|serial no|number|cnic|id|id card|phone|mobile|cell"
            "|contact|contact no|whatsapp|email|e mail|designation|rank|post|position|title"
            "|bps|grade|age|dob|date|date of birth|district|city|station|address|signature"
            "|signatures|remarks|religion|qualification|education|نمبر شمار|شمار|نمبر|ردیف"
            "|شماره|فون|فون نمبر|موبائل|شناختی کارڈ|عہدہ|رینک|ضلع|دستخط|عمر|تاریخ|کیفیت"
            "|وظیفه|رتبه|تلفن|الرقم|رقم|الهاتف|المنصب|التوقيع|گڼه|دنده|ক্রমিক|পদবী|ফোন"
        ),
        (),
    ),
)
PARTS_OF_NAME = frozenset(
    key.strip() for key in _keys("first|last|middle|given|surname|family|تخلص|لقب")
)
"""Words over one of several columns that make a name together."""

_SEX: dict[str, str] = {
    **dict.fromkeys(
        _keys(
            "f|female|woman|women|w|lady|girl|ms|mrs|miss|عورت|خاتون|زن|مؤنث|مونث|انثى|أنثى"
            "|امرأة|ښځه|ښځینه|زنانہ|زنانه|عورتون|مێ|ژن|নারী|মহিলা"
        ),
        "woman",
    ),
    **dict.fromkeys(
        _keys(
            "m|male|man|men|gentleman|boy|mr|مرد|مذکر|ذكر|ذکر|رجل|نر|نارینه|مردانہ|مردانه"
            "|نێر|پیاو|পুরুষ"
        ),
        "man",
    ),
    **dict.fromkeys(
        _keys("prefer not to say|not said|no answer|نہیں بتایا|نمی گوید"), "prefer_not_to_say"
    ),
}
_AGENCY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("police", _keys("police|policing|پولیس|پولس|پلیس|پولیسو|شرطة|الشرطة|پۆلیس|পুলিশ")),
    (
        "prosecution",
        _keys(
            "prosecution|prosecutor|prosecutors|prosecutions|public prosecutor|پراسیکیوشن"
            "|پراسیکیوٹر|استغاثہ|سارنوالی|لوی سارنوالی|څارنوالي|څارنوالی|دادستانی|دادستان"
            "|ادعاء|الادعاء|النيابة|النيابة العامة|داواکاری گشتی|প্রসিকিউশন"
        ),
    ),
    ("immigration", _keys("immigration|امیگریشن|ايميگريشن|مهاجرت|الهجرة|كۆچ|ইমিগ্রেশন")),
    (
        "social_services",
        _keys(
            "social service|social services|social welfare|social work|social worker"
            "|social workers|child protection|women protection|dar ul aman|سماجی بہبود"
            "|سوشل ویلفیئر|سماجی خدمات|چائلڈ پروٹیکشن|دارالامان|خدمات اجتماعی|بهزیستی"
            "|ټولنیز خدمتونه|الخدمات الاجتماعية|الرعاية الاجتماعية|সমাজসেবা"
        ),
    ),
    (
        "ngo",
        _keys(
            "ngo|ngos|ingo|cso|civil society|non governmental|nonprofit|این جی او"
            "|غیر سرکاری تنظیم|غیر سرکاری|انجو|موسسه غیردولتی|سمن|منظمة غير حكومية"
            "|جامعه مدنی|এনজিও"
        ),
    ),
    ("other", _keys("other|others|another|دیگر|دوسرا|سایر|أخرى|اخری|نور|অন্যান্য")),
)
_TITLES = frozenset(
    key.strip()
    for key in _keys(
        "mr|mrs|ms|miss|dr|mst|prof|sir|madam|adv|جناب|محترم|محترمہ|مسٹر|مسز|مس|ڈاکٹر"
        "|صاحب|آقای|خانم|ښاغلی|مېرمن|دکتر|السيد|السيدة"
    )
)
_MUHAMMAD = frozenset(
    key.strip()
    for key in _keys("muhammad|mohammad|mohammed|muhammed|mohamed|mohd|muhd|md|محمد|محمّد")
)
_BANDS = ((2, "0-2"), (5, "3-5"), (10, "6-10"), (60, "11+"))


def column_of(label: str) -> Column | None:
    """What the words over a column name; None for words that no list uses over columns."""
    text = f" {name_key(label)} "
    if len(text) > 62:  # a sentence, not a heading
        return None
    for column, words, unless in _OVER_COLUMNS:
        if any(each in text for each in words) and not any(each in text for each in unless):
            return column
    return None


def sex_of(text: str) -> str | None:
    """woman, man, prefer_not_to_say; None for what is not understood."""
    return _SEX.get(f" {name_key(text)} ")


def agency_of(text: str) -> str | None:
    """The one kind of agency that the text names; None for none, and for two."""
    padded = f" {name_key(text)} "
    found = [kind for kind, words in _AGENCY if any(each in padded for each in words)]
    return found[0] if len(found) == 1 else None


def province_of(text: str, provinces: Mapping[str, str]) -> str | None:
    """The code of a province by its name's key, or as typed (PK-SD)."""
    key = name_key(text)
    bare = " ".join(word for word in key.split() if word not in ("province", "صوبه", "ولایت"))
    return provinces.get(key) or provinces.get(bare)


def years_of(text: str) -> str | None:
    """The band of a number of whole years, or of a band as we write it; None from 61 years on."""
    key = name_key(text)
    words = key.split()
    bands = {name_key(band): band for _, band in _BANDS}
    if key in bands and key != "11":
        return bands[key]
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if len(numbers) == 2 and "." in text and text.strip()[:1].isdigit():  # 2.5 years
        numbers = numbers[:1]
    if len(numbers) != 1 or len(numbers[0]) > 2 or len(words) > 3 or "+" in text:
        return "11+" if key == "11" and text.strip().endswith("+") else None
    return next((band for most, band in _BANDS if int(numbers[0]) <= most), None)


def likeness(name: str) -> str:
    """What two spellings of perhaps one name share; for asking, never for deciding.

    Titles do not count, the many ways to write Muhammad are one, and so is the order of the words.
    """
    words = [word for word in name_key(name).split() if word not in _TITLES]
    return " ".join(sorted("muhammad" if word in _MUHAMMAD else word for word in words))


def is_latin(text: str) -> bool:
    """Whether most letters are Latin; text without letters counts as Latin."""
    letters = [sign for sign in text if sign.isalpha()]
    return 2 * sum(sign < "\u0250" for sign in letters) > len(letters) or not letters
