"""Names and digits: what is kept, what is compared, what is refused."""

import unicodedata

import pytest

from app.core import text
from app.core.errors import NameRefused, ValueRefused

ZWNJ, ZWJ = "\u200c", "\u200d"


def test_digits_of_every_script_become_latin_and_nothing_else_changes():
    assert text.to_latin_digits("باب ۱۲، ص ٣٤; ৫৬ × 7²") == "باب 12، ص 34; 56 × 7²"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "12.5"),
        ("ur", "12.5"),
        ("ur-PK", "12.5"),
        ("fa", "۱۲.۵"),
        ("fa-AF", "۱۲.۵"),
        ("fa_AF", "۱۲.۵"),
        ("ps", "۱۲.۵"),
        ("ar", "١٢.٥"),
        ("ckb", "١٢.٥"),
        ("sd", "١٢.٥"),
        ("bn", "১২.৫"),
        ("xx", "12.5"),
    ],
)
def test_a_reader_gets_the_digits_of_the_language(language, shown):
    assert text.in_digits_of(language, "12.5") == shown


def test_an_isolated_run_stands_between_isolate_and_pop():
    assert text.isolate_ltr("3(1)(b)") == "\u20663(1)(b)\u2069"


@pytest.mark.parametrize(
    "language", ["ur", "fa-AF", "ps", "sd", "ckb", "ar_IQ", "pa-Arab", "ur-Aran"]
)
def test_these_languages_run_right_to_left(language):
    assert text.is_rtl(language)


@pytest.mark.parametrize("language", ["en", "bn", "pa", "sd-Deva", "fr-FR", "ku-Latn-TR"])
def test_these_languages_run_left_to_right(language):
    assert not text.is_rtl(language)


def test_a_name_is_kept_as_typed_but_for_spaces_and_normal_form():
    assert text.clean_name("  Ayesha \t  Bibi\u00a0Khan \r\n") == "Ayesha Bibi Khan"
    assert text.clean_name("Jose\u0301") == "Jos\u00e9"
    assert text.clean_name("علي كامل") == "علي كامل"


def test_composed_and_decomposed_letters_give_one_name():
    for name in ("مؤمنۂ آرا", "José Ñuñez", "ক্ষিতীশ"):
        assert text.clean_name(unicodedata.normalize("NFD", name)) == text.clean_name(
            unicodedata.normalize("NFC", name)
        )


def test_joiners_stay_between_letters():
    assert text.clean_name(f"نظام{ZWNJ}الدین") == f"نظام{ZWNJ}الدین"
    assert text.clean_name(f"র{ZWJ}্যামন") == f"র{ZWJ}্যামন"


@pytest.mark.parametrize(
    "typed",
    [
        f"{ZWNJ}Ali Khan",
        f"Ali Khan{ZWJ}",
        f"Ali {ZWNJ}Khan",
        f"Ali{ZWJ} Khan",
        f"Ali{ZWNJ} {ZWNJ}Khan",
        "\u200fAli Khan\u200e",
        "\ufeffAli \u200bKhan",
        "A\u00adli Khan",
    ],
)
def test_invisible_signs_elsewhere_are_dropped(typed):
    assert text.clean_name(typed) == "Ali Khan"


def test_of_several_joiners_in_a_row_the_first_stays():
    assert text.clean_name(f"نظام{ZWNJ}{ZWNJ}{ZWJ}الدین") == f"نظام{ZWNJ}الدین"


def test_cleaning_twice_changes_nothing_even_when_a_dropped_joiner_composes():
    once = text.clean_name(f"a<{ZWNJ}\u0338{ZWNJ}b")
    assert once == "a\u226eb"
    assert text.clean_name(once) == once


@pytest.mark.parametrize(
    "sign", [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
)
def test_signs_that_turn_text_around_are_refused(sign):
    with pytest.raises(NameRefused) as refused:
        text.clean_name(f"Ali {sign}Khan")
    assert refused.value.facts == {"reason": "direction_sign"}


@pytest.mark.parametrize(
    "sign",
    ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x85", "\ud800", "\ue000", "\U000e0041", "\uffff"],
)
def test_signs_that_cannot_be_printed_are_refused(sign):
    with pytest.raises(NameRefused) as refused:
        text.clean_name(f"Ali{sign}Khan")
    assert refused.value.facts == {"reason": "control_sign"}


@pytest.mark.parametrize("typed", ["", "   ", "\t\r\n", ZWNJ, "\u200b\u200e", "\u064e", "\u3000"])
def test_a_name_in_which_nothing_is_seen_is_refused(typed):
    with pytest.raises(NameRefused) as refused:
        text.clean_name(typed)
    assert refused.value.facts == {"reason": "empty"}


def test_a_name_has_one_to_two_hundred_characters():
    assert text.clean_name("م") == "م"
    assert text.clean_name(" " + "م" * 200 + " ") == "م" * 200
    with pytest.raises(NameRefused) as refused:
        text.clean_name("م" * 201)
    assert refused.value.facts == {"reason": "too_long"}


def test_another_length_can_be_asked_for():
    with pytest.raises(NameRefused):
        text.clean_name("Ali Khan", max_length=7)


def test_a_line_of_staff_follows_the_same_rules_and_names_its_field():
    assert text.clean_line("  Karachi,   11-12 ", 40, field="place") == "Karachi, 11-12"
    with pytest.raises(ValueRefused) as refused:
        text.clean_line("Karachi\u202e", 40, field="place")
    assert refused.value.facts == {"field": "place", "reason": "direction_sign"}
    with pytest.raises(ValueRefused) as refused:
        text.clean_line("Karachi", 3, field="place")
    assert refused.value.facts == {"field": "place", "reason": "too_long"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي كريمي", "علی کریمی"),
        ("مصطفى", "مصطفی"),
        ("فاطمة", "فاطمه"),
        ("فاطمہ", "فاطمه"),
        ("بھٹو", "بهٹو"),
        ("مریم نامۂ", "مريم نامہ"),
        ("هەڵۆ", "ہهڵۆ"),
        ("مُحَمَّد", "محمد"),
        ("محمد\u08ff", "محمد"),
        ("رحمٰن", "رحمن"),
        ("محـــمد", "محمد"),
        (f"نظام{ZWNJ}الدین", "نظامالدین"),
        ("أحمد مؤمن", "احمد مومن"),
        ("آمنہ", "امنه"),
        ("رئیس", "ریيس"),
        ("ﻋﻠﻲ", "علی"),
        ("ALI  Khan", "ali khan"),
        ("Ａｌｉ Khan", "Ali Khan"),
        ("Abdul-Rahman", "Abdul Rahman"),
        ("M. A. Khan", "M A Khan"),
        ("Ali\nKhan", "Ali\tKhan"),
        ("O\u2019Neil", "O'Neil"),
        ("Sa\u02bfid", "Said"),
        ("Straße", "STRASSE"),
        ("Jose\u0301", "Jos\u00e9"),
        ("کارڈ ۱۲", "کارڈ 12"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one, other):
    assert text.name_key(one) == text.name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ali Khan", "Aly Khan"),
        ("علی", "عالی"),
        ("کریم", "گریم"),
        ("কমল", "কমলা"),
        ("José", "Jose"),
        ("کڪ", "کک"),
        ("بابر", "پاپر"),
    ],
)
def test_different_names_have_different_keys(one, other):
    assert text.name_key(one) != text.name_key(other)


def test_keys_are_plain_letters_with_single_spaces():
    assert text.name_key("  Dr.  Ali-Khan (FIA) ") == "dr ali khan fia"
    assert text.name_key("...") == ""


@pytest.mark.parametrize("payload", [b"", b"Ali", b"Ali\x80", b"\x00\x00", b"\x80\x00", b"x" * 63])
def test_padding_gives_one_length_and_is_taken_off_again(payload):
    padded = text.pad_to(payload, 64)
    assert len(padded) == 64
    assert text.unpad(padded) == payload


def test_a_payload_that_leaves_no_byte_for_padding_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        text.pad_to(b"x" * 64, 64)


@pytest.mark.parametrize("padded", [b"", b"\x00\x00", b"Ali", b"Ali\x80x\x00"])
def test_bytes_that_were_never_padded_are_refused(padded):
    with pytest.raises(ValueError, match="not padded"):
        text.unpad(padded)
