"""Numbers as printed: half up, exact, the same everywhere."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.core.printing import half_up, printed_percent, printed_points, printed_pp


@pytest.mark.parametrize(
    ("value", "n", "printed"),
    [
        (Fraction(18), 20, "18"),
        (Fraction(25, 2), 20, "13"),
        (Fraction(-25, 2), 20, "-13"),
        (Fraction(2499, 200), 20, "12"),
        (Fraction(1, 3), 199, "0"),
        (Fraction(-1, 3), 199, "0"),
        (Fraction(1, 3), 200, "0.3"),
        (Fraction(-1, 20), 200, "-0.1"),
        (Fraction(-1, 21), 200, "0.0"),
        (18, 200, "18.0"),
        (Decimal("12.45"), 200, "12.5"),
        (12.45, 200, "12.5"),
        (12.499999999999998, 20, "13"),
        (12.4999, 20, "12"),
    ],
)
def test_percentage_points_are_whole_and_get_a_decimal_from_200_pairs(value, n, printed):
    assert str(printed_pp(value, n)) == printed
    assert str(printed_percent(value, n)) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction(38, 5), "7.60"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 200), "0.01"),
        (Fraction(-1, 200), "-0.01"),
        (Fraction(-1, 201), "0.00"),
        (7, "7.00"),
        (2.675, "2.68"),
        (Decimal("2.675"), "2.68"),
        (1.39924791829115, "1.40"),
    ],
)
def test_points_have_two_decimals(value, printed):
    assert str(printed_points(value)) == printed


def test_what_is_printed_is_a_decimal_and_needs_no_second_rounding():
    assert printed_points(Fraction(38, 5)) == Decimal("7.60")
    assert isinstance(printed_pp(Fraction(1, 7), 20), Decimal)


def test_fractions_stay_exact_however_close_to_the_edge():
    below = Fraction(1, 2) - Fraction(1, 10**40)
    assert half_up(below, 0) == 0
    assert half_up(Fraction(1, 2), 0) == 1
    assert half_up(-below, 0) == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_never_printed(value):
    with pytest.raises(ValueError, match=r"(?i)nan|inf|integer ratio"):
        half_up(value, 2)
