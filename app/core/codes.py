"""Codes that people type: join codes, card numbers, certificate numbers, each with its own check.

A slip of the finger is answered from the code alone, without the database. The check digit of the
two digit codes is Damm's (H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004): every
single wrong digit and every swap of neighbours is seen. Nothing here draws a number: chance comes
from outside. Codes are always in Latin digits, whatever the language of the page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from app.core.errors import CodeMistyped

JOIN_CODE_GROUPS = (3, 3)
CARD_NUMBER_GROUPS = (2, 2)
CERTIFICATE_NUMBER_GROUPS = (4, 4, 3)
LOAN_CODE_GROUPS = (4, 4, 4)
LOAN_CODES = 10**11
"""How many loan codes there are: 36 bits, for fifteen minutes in one room."""

# Row = digit so far, column = next digit; totally anti-symmetric, zeros on the diagonal.
_DAMM: tuple[tuple[int, ...], ...] = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

_LATIN_DIGITS = frozenset("0123456789")

# What a keyboard, a chat or a PDF puts between digits: dots and signs of direction; spaces and
# hyphens are found by their Unicode category.
_BETWEEN = frozenset(
    ".\u00b7\u2022\u2027\u06d4\u30fb"  # full stop, middle dots, bullet, Urdu full stop
    "\u00ad\u2212\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, minus, zero width
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction
    "\t\n\r"
)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: a sign's place is its value, five bits."""
CROCKFORD_VALUES: dict[str, int] = {
    **{letter: value for value, letter in enumerate(CROCKFORD)},
    **{letter.lower(): value for value, letter in enumerate(CROCKFORD)},
    **dict.fromkeys("IiLl", 1),
    **dict.fromkeys("Oo", 0),
}
"""What a sign that was read or typed is worth; I and L are 1, O is 0."""
_CERTIFICATE_BODY_LENGTH = 10
_CERTIFICATE_BITS = 50

# GF(32) = GF(2)[x] / (x^5 + x^2 + 1); the polynomial is primitive, so the powers of x are
# 31 different weights.
_GF32_POLYNOMIAL = 0b100101


def damm_digit(digits: str) -> str:
    """Return the check digit for a run of Latin digits; ValueError for anything else."""
    return str(_damm_rest(digits))


def is_damm_valid(digits: str) -> bool:
    """Tell whether the last digit checks the digits before it; anything but digits is not valid."""
    return bool(digits) and _LATIN_DIGITS.issuperset(digits) and _damm_rest(digits) == 0


def join_code(number: int) -> str:
    """Return the 6 digits of a join code for 10000..99999; ValueError outside, first never 0."""
    if not 10_000 <= number <= 99_999:
        raise ValueError(f"a join code is made from 10000..99999, not {number}")
    return f"{number}{damm_digit(str(number))}"


def card_number(number: int) -> str:
    """Return the 4 digits of a card number for 0..999; ValueError outside."""
    if not 0 <= number <= 999:
        raise ValueError(f"a card number is made from 0..999, not {number}")
    return f"{number:03d}{damm_digit(f'{number:03d}')}"


def loan_code(number: int) -> str:
    """Return the 12 digits that lend a sign-in, for 0 .. LOAN_CODES - 1; ValueError outside."""
    if not 0 <= number < LOAN_CODES:
        raise ValueError(f"a loan code is made from 0..{LOAN_CODES - 1}, not {number}")
    return f"{number:011d}{damm_digit(f'{number:011d}')}"


def read_digits(typed: str) -> str | None:
    """Return the digits typed in any script as Latin digits, or None if anything else stands there.

    Spaces, hyphens, dots and signs of direction are dropped. "²" is no decimal digit: None.
    """
    digits = []
    for sign in typed:
        if is_between(sign):
            continue
        value = unicodedata.decimal(sign, None)
        if value is None:
            return None
        digits.append(str(value))
    return "".join(digits)


def read_join_code(typed: str) -> str:
    """Return the 6 Latin digits of a join code; CodeMistyped when they cannot be one."""
    digits = read_digits(typed)
    if digits is None or len(digits) != 6 or digits[0] == "0" or not is_damm_valid(digits):
        raise CodeMistyped(typed=typed, kind="join_code")
    return digits


def read_card_number(typed: str) -> str:
    """Return the 4 Latin digits of a card number; CodeMistyped when they cannot be one."""
    digits = read_digits(typed)
    if digits is None or len(digits) != 4 or not is_damm_valid(digits):
        raise CodeMistyped(typed=typed, kind="card_number")
    return digits


def read_loan_code(typed: str) -> str:
    """Return the 12 Latin digits of a loan code; CodeMistyped when they cannot be one."""
    digits = read_digits(typed)
    if digits is None or len(digits) != 12 or not is_damm_valid(digits):
        raise CodeMistyped(typed=typed, kind="loan_code")
    return digits


def certificate_number(value: int) -> str:
    """Return the 11 characters for 50 bits: 10 in Crockford's base 32 and one that checks them.

    Every single wrong character and every swap of two different characters, near or far, is seen.
    ValueError outside 0 .. 2^50 - 1.
    """
    if not 0 <= value < 1 << _CERTIFICATE_BITS:
        raise ValueError("a certificate number is made from 50 bits")
    body = [value >> shift & 31 for shift in range(_CERTIFICATE_BITS - 5, -5, -5)]
    return "".join(CROCKFORD[part] for part in [*body, weighted_sum(body)])


def read_certificate_number(typed: str) -> str:
    """Return the 11 canonical characters; CodeMistyped when they cannot be a certificate number.

    Accepts small letters, i and l for 1, o for 0, any script's digits, spaces and hyphens.
    """
    values = []
    for sign in typed:
        if is_between(sign):
            continue
        value = CROCKFORD_VALUES.get(sign, unicodedata.decimal(sign, None))
        if value is None:
            raise CodeMistyped(typed=typed, kind="certificate_number")
        values.append(value)
    body, check = values[:_CERTIFICATE_BODY_LENGTH], values[_CERTIFICATE_BODY_LENGTH:]
    if len(body) != _CERTIFICATE_BODY_LENGTH or check != [weighted_sum(body)]:
        raise CodeMistyped(typed=typed, kind="certificate_number")
    return "".join(CROCKFORD[value] for value in values)


def grouped(code: str, sizes: Sequence[int]) -> tuple[str, ...]:
    """Cut a code into the groups shown with a gap between; ValueError if the sizes do not fit.

    The gap is drawn by the page: a space, hyphen or dot would turn the groups around in a
    right-to-left line.
    """
    if sum(sizes) != len(code) or any(size < 1 for size in sizes):
        raise ValueError(f"{len(code)} characters cannot be shown in groups of {tuple(sizes)}")
    starts = [sum(sizes[:position]) for position in range(len(sizes))]
    return tuple(code[start : start + size] for start, size in zip(starts, sizes, strict=True))


def _damm_rest(digits: str) -> int:
    rest = 0
    for digit in digits:
        if digit not in _LATIN_DIGITS:
            raise ValueError("only Latin digits have a check digit")
        rest = _DAMM[rest][int(digit)]
    return rest


def is_between(sign: str) -> bool:
    """Whether a keyboard, a chat or a PDF puts this sign between the signs of a code."""
    return sign in _BETWEEN or unicodedata.category(sign) in {"Zs", "Pd"}


def weighted_sum(values: Sequence[int]) -> int:
    """Sum of value × x^(distance from the end) in GF(32); the check itself has weight x^0 = 1."""
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _GF32_POLYNOMIAL if doubled & 32 else doubled
