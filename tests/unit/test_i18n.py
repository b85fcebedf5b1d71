"""Days, digits and names of languages as their readers write them; no language for another."""

from datetime import date
from pathlib import Path

import pytest

from app.adapters.i18n import Catalogues, day_text, days_text, language_name
from app.core.languages import LANGUAGES, split_drafts


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "22 November 2026"),
        ("ur", "22 نومبر 2026"),
        ("ps", "۱ لیندۍ ۱۴۰۵"),
        ("fa-AF", "۱ قوس ۱۴۰۵"),
        ("fa", "۱ آذر ۱۴۰۵"),
        ("sd", "٢٢ نومبر ٢٠٢٦"),
        ("ar", "٢٢ تشرين الثاني ٢٠٢٦"),
        ("ckb", "٢٢ تشرینی دووەم ٢٠٢٦"),
        ("bn", "২২ নভেম্বর ২০২৬"),
        ("xx", "22 November 2026"),
    ],
)
def test_a_day_is_in_the_readers_calendar_and_digits(language: str, said: str) -> None:
    assert day_text(date(2026, 11, 22), language) == said


def test_two_days_share_the_month_of_their_own_calendar() -> None:
    assert days_text(date(2026, 11, 22), date(2026, 11, 23), "ps") == "۱–۲ لیندۍ ۱۴۰۵"
    assert days_text(date(2026, 11, 21), date(2026, 11, 22), "en") == "21–22 November 2026"
    assert days_text(date(2026, 11, 21), date(2026, 11, 22), "fa-AF") == (
        "۳۰ عقرب ۱۴۰۵ – ۱ قوس ۱۴۰۵"
    )


def test_a_day_that_the_own_calendar_does_not_reach_is_gregorian() -> None:
    assert day_text(date(9999, 12, 31), "ps") == "۳۱ دسمبر ۹۹۹۹"


def test_every_language_is_named_in_its_own_script() -> None:
    assert [language_name(code) for code in ("en", "ur", "ps", "fa-AF")] == [
        "English",
        "اردو",
        "پښتو",
        "دری",
    ]
    assert len({each.own_name for each in LANGUAGES.values()}) == 9
    assert language_name("fr") == "français"


def test_only_english_and_urdu_stand_alone() -> None:
    assert [code for code, each in LANGUAGES.items() if not each.is_draft] == ["en", "ur"]
    assert split_drafts(["ur", "ps", "en", "fa-AF"]) == (("ur", "en"), ("ps", "fa-AF"))
    assert split_drafts(["fr"]) == (("fr",), ())


def test_a_catalogue_of_a_draft_is_offered_as_a_draft(tmp_path: Path) -> None:
    for code in ("ur", "ps", "xx"):
        words = f'msgid ""\nmsgstr "Language: {code}\\n"\n\nmsgid "Send"\nmsgstr "{code}"\n'
        (tmp_path / f"{code}.po").write_text(words, encoding="utf-8")
    catalogues = Catalogues(tmp_path)
    assert (catalogues.languages, catalogues.drafts) == (("en", "ur"), ("ps",))


def test_no_language_stands_in_for_another_one(tmp_path: Path) -> None:
    for code in ("fa", "ar"):
        words = f'msgid ""\nmsgstr "Language: {code}\\n"\n\nmsgid "Send"\nmsgstr "{code}"\n'
        (tmp_path / f"{code}.po").write_text(words, encoding="utf-8")
    catalogues = Catalogues(tmp_path)
    assert catalogues.get_words("fa", "Send") == "fa"
    assert [catalogues.get_words(code, "Send") for code in ("fa-AF", "ps", "ckb", "sd", "ur")] == [
        None
    ] * 5
    assert catalogues.translate("ps", "Send") == "Send"
