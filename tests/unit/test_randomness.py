"""Draws around zero: the shares of the two-sided geometric distribution, by its own formula."""

from collections import Counter

import pytest

from app.adapters.randomness import around_zero

DRAWS = 40_000


@pytest.mark.parametrize("reach", [1, 2, 6])
def test_draws_around_zero_are_as_frequent_as_the_formula_says(reach: int) -> None:
    found = Counter(around_zero(reach) for _ in range(DRAWS))
    step = 3 ** (-1 / reach)
    for drawn in range(-3 * reach, 3 * reach + 1):
        expected = DRAWS * (1 - step) / (1 + step) * step ** abs(drawn)
        assert found[drawn] == pytest.approx(expected, abs=6 * expected**0.5)
