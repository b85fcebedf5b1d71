"""The source of everything unguessable."""

import math
import secrets
from typing import TypeVar

_T = TypeVar("_T")


def new_id() -> str:
    """A random 128-bit identifier as 32 hexadecimal characters."""
    return secrets.token_hex(16)


def new_token() -> str:
    """A random 256-bit secret that is shown once and stored as a hash."""
    return secrets.token_urlsafe(32)


def random_bytes(count: int) -> bytes:
    """So many unguessable bytes."""
    return secrets.token_bytes(count)


def random_below(limit: int) -> int:
    """A uniform whole number from 0 to limit - 1."""
    return secrets.randbelow(limit)


def around_zero(reach: int) -> int:
    """A whole number from the two-sided geometric distribution, to be added to a count.

    Whoever sees the sum cannot tell two counts that differ by `reach` (1 or more) apart with better
    odds than three to one. Source: Ghosh, Roughgarden & Sundararajan 2012 (decision 0021).
    """
    return _geometric(reach) - _geometric(reach)


def _geometric(reach: int) -> int:
    """k = 0, 1, 2, …, each 3^(-1/reach) times as likely as the one before."""
    uniform = 1 - secrets.SystemRandom().random()  # never 0
    return int(-math.log(uniform) * reach / math.log(3))


def shuffled(values: list[_T]) -> list[_T]:
    """A new list in random order."""
    copy = list(values)
    secrets.SystemRandom().shuffle(copy)
    return copy
