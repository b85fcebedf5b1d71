"""How numbers are printed, decided once for the page, the CSV, the spreadsheet and the API.

Every function returns a Decimal with exactly the digits to print. `str()` of it is the machine's
text: Latin digits, a full stop, the plain "-" (never U+2212, which no spreadsheet reads back) and
no "-0". Local digits and typographic signs are put on by the page. Rounding is half up, away from
zero, so that a loss is printed like the gain of the same size. Source: statistics.md §0.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

ONE_DECIMAL_FROM_PAIRS = 200

Number = int | Fraction | Decimal | float


def half_up(value: Number, decimals: int) -> Decimal:
    """Return the value with so many decimals, ties away from zero; exact unless it is a float.

    A float is first taken at 9 decimals, so that 12.499999999999998 (a 12.5 that went through a
    square root) prints like 12.5. ValueError for NaN and infinity (a Decimal infinity raises
    OverflowError): undefined is None, never a number.
    """
    exact = Fraction(f"{value:.9f}") if isinstance(value, float) else Fraction(value)
    scaled = abs(exact) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if exact < 0 else whole).scaleb(-decimals)


def printed_pp(value: Number, n: int) -> Decimal:
    """Return percentage points as printed: whole, with one decimal from n = 200 pairs."""
    return half_up(value, 1 if n >= ONE_DECIMAL_FROM_PAIRS else 0)


def printed_percent(value: Number, n: int) -> Decimal:
    """Return a percentage (0..100, not a share) as printed, by the rule of `printed_pp`."""
    return printed_pp(value, n)


def printed_points(value: Number) -> Decimal:
    """Return points (not units) as printed: two decimals, also when they are zeros."""
    return half_up(value, 2)
