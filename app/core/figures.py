"""Numbers that may be undefined, and why: the common form of all results of the statistics.

A result is a frozen dataclass; a field that is None has its reason in `reasons`, and a field that
is defined has none. So "–" can always be explained, and no number is 0, NaN or p = 1 for want of
a better one. Source: statistics.md §0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self, TypeAlias

Z_95 = 1.959963984540054
"""The normal quantile of 97.5 %, which formulas write as 1.96."""


class Reason(StrEnum):
    """Why a number is undefined; stays inside the team.

    n_too_large: the exact p of many ranks, which the normal approximation replaces.
    """

    N_TOO_SMALL = "n_too_small"
    N_TOO_LARGE = "n_too_large"
    NO_PAIRS = "no_pairs"
    ZERO_VARIANCE = "zero_variance"
    NO_MAX = "no_max"
    PRE_AT_CEILING = "pre_at_ceiling"
    NO_CHANGE = "no_change"
    NO_DISCORDANT = "no_discordant"
    SUPPRESSED = "suppressed"


Exact: TypeAlias = Fraction | Reason
Real: TypeAlias = float | Reason


@dataclass(frozen=True)
class Interval:
    """A two-sided interval of 95 %, in the unit of its estimate; never clipped."""

    low: float
    high: float

    @classmethod
    def around(cls, middle: float, half: float) -> Interval:
        """Return middle ± half."""
        return cls(middle - half, middle + half)

    def scaled(self, factor: float) -> Interval:
        """Return the interval in another unit; `factor` > 0."""
        return Interval(self.low * factor, self.high * factor)

    def clipped(self, low: float, high: float) -> Interval:
        """Return the part between `low` and `high`, for shares and their differences."""
        return Interval(max(low, self.low), min(high, self.high))


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Results whose None fields carry a reason.

    ValueError for a None without a reason or a reason beside a number.
    """

    reasons: Mapping[str, Reason]

    def __post_init__(self) -> None:
        undefined = {each.name for each in fields(self) if getattr(self, each.name) is None}
        if undefined != set(self.reasons):
            raise ValueError(f"undefined {sorted(undefined)}, reasons {sorted(self.reasons)}")

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Return the results; a value that is a Reason becomes None with that reason."""
        reasons = {name: value for name, value in values.items() if isinstance(value, Reason)}
        return cls(reasons=reasons, **{**values, **dict.fromkeys(reasons)})

    def without_reasons(self) -> dict[str, Any]:
        """Return the fields by name, the reasons left out: bare None where undefined."""
        names = [each.name for each in fields(self) if each.name != "reasons"]
        return {name: getattr(self, name) for name in names}


def low_of(interval: Interval | Reason) -> Real:
    """Return the lower end, or the reason why there is none."""
    return interval if isinstance(interval, Reason) else interval.low


def high_of(interval: Interval | Reason) -> Real:
    """Return the upper end, or the reason why there is none."""
    return interval if isinstance(interval, Reason) else interval.high
