"""R25: a normal form that is a normal form, for any text a keyboard or a clipboard can bring."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.core import text
from app.core.errors import NameRefused

TRAPS = "\u200c\u200d\u200b\u200e\u200f\u202e\u2067\u00ad\ufeff\u0338\u0301\u0654\u0653\u064e<=>"
LETTERS = "اآأإبپتثجچکكگیيىېهةھہۂەئؤؤمنकক্যর\u09be\u09bc aAbBéßİıſ'-.ـ۱٢৩4²"
typed_texts = st.text(st.one_of(st.sampled_from(TRAPS + LETTERS), st.characters()), max_size=30)


def cleaned(typed):
    try:
        return text.clean_name(typed)
    except NameRefused:
        return None


@given(typed_texts)
def test_a_cleaned_name_is_clean(typed):
    name = cleaned(typed)
    if name is not None:
        assert text.clean_name(name) == name
        assert unicodedata.is_normalized("NFC", name)
        assert name == " ".join(name.split(" ")).strip()
        assert all(sign in "\u200c\u200d" or unicodedata.category(sign)[0] != "C" for sign in name)


@given(typed_texts)
def test_composed_and_decomposed_typing_give_one_name(typed):
    assert cleaned(unicodedata.normalize("NFD", typed)) == cleaned(
        unicodedata.normalize("NFC", typed)
    )


@given(typed_texts)
def test_the_key_of_a_key_is_the_key(typed):
    assert text.name_key(text.name_key(typed)) == text.name_key(typed)


@given(typed_texts)
def test_cleaning_never_changes_the_key(typed):
    name = cleaned(typed)
    if name is not None:
        assert text.name_key(name) == text.name_key(typed)


@given(
    st.sampled_from(["en", "ur", "fa-AF", "ps", "ar", "ckb", "sd", "bn"]), st.text("0123456789.-a")
)
def test_digits_come_back_from_every_language(language, plain):
    assert text.to_latin_digits(text.in_digits_of(language, plain)) == plain


@given(st.binary(max_size=99))
def test_padding_hides_the_length_and_keeps_the_content(payload):
    padded = text.pad_to(payload, 100)
    assert len(padded) == 100
    assert text.unpad(padded) == payload
