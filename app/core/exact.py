"""Numbers as people type and programs hand them in, as whole units that tie where they should.

0.4 - 0.1 and 0.6 - 0.3 differ as floats, and ranks and p-values with them. So every number is read
as the fraction it stands for, and all of them get one common unit; from there on everything is
whole numbers. Source: statistics.md §0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_DECIMALS = 9
_LARGEST_DENOMINATOR = 1000
_HALF_OF_LAST_DECIMAL = Fraction(1, 2 * 10**_DECIMALS)


@dataclass(frozen=True)
class CommonUnits:
    """Numbers as whole multiples of 1 / `units_per_point`."""

    units_per_point: int
    units: tuple[int, ...]


def common_units(numbers: Sequence[float | Fraction]) -> CommonUnits:
    """Return the numbers in the largest unit that all of them are whole multiples of.

    A whole number and a Fraction stay what they are. A float is read by `as_fraction`. ValueError
    for NaN and infinity. No numbers have the unit 1.
    """
    read = [as_fraction(number) for number in numbers]
    per_point = math.lcm(*(each.denominator for each in read))
    return CommonUnits(per_point, tuple(int(each * per_point) for each in read))


def as_fraction(number: float | Fraction) -> Fraction:
    """Return the fraction that a float stands for.

    That is the simple fraction (denominator up to 1,000) that has the same first 9 decimals, so
    that a third is a third, or else the float at 9 decimals. ValueError for NaN and infinity.
    """
    if isinstance(number, Fraction | int):
        return Fraction(number)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no score")
    exactly = Fraction(number)
    simple = exactly.limit_denominator(_LARGEST_DENOMINATOR)
    if abs(simple - exactly) <= _HALF_OF_LAST_DECIMAL:
        return simple
    return Fraction(round(exactly * 10**_DECIMALS), 10**_DECIMALS)
