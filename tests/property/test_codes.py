"""Codes come back from any typing, and no slip passes."""

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core import codes
from app.core.errors import CodeMistyped
from app.core.text import in_digits_of

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
fifty_bits = st.integers(0, 2**50 - 1)
languages = st.sampled_from(["en", "fa", "ar", "bn"])
gaps = st.sampled_from(["", " ", "-", "\u00a0", ".", "·", "\u200f"])


@given(st.integers(10_000, 99_999), languages, gaps)
def test_a_join_code_comes_back_from_any_keyboard(number, language, gap):
    code = codes.join_code(number)
    typed = gap.join(in_digits_of(language, code))
    assert codes.read_join_code(typed) == code


@given(fifty_bits, gaps)
def test_a_certificate_number_comes_back_from_small_letters_and_gaps(value, gap):
    number = codes.certificate_number(value)
    assert codes.read_certificate_number(gap.join(number.lower())) == number


@given(fifty_bits, st.integers(0, 10), st.sampled_from(CROCKFORD))
def test_one_wrong_sign_never_passes(value, place, wrong):
    number = codes.certificate_number(value)
    assume(number[place] != wrong)
    with pytest.raises(CodeMistyped):
        codes.read_certificate_number(number[:place] + wrong + number[place + 1 :])


@given(fifty_bits, st.integers(0, 10), st.integers(0, 10))
def test_two_swapped_signs_never_pass(value, first, second):
    signs = list(codes.certificate_number(value))
    assume(signs[first] != signs[second])
    signs[first], signs[second] = signs[second], signs[first]
    with pytest.raises(CodeMistyped):
        codes.read_certificate_number("".join(signs))


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_code_or_a_refusal(typed):
    for read in (codes.read_join_code, codes.read_card_number, codes.read_certificate_number):
        with suppress(CodeMistyped):
            assert read(typed).isascii()
