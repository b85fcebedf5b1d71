"""The source of everything unguessable."""

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


def shuffled(values: list[_T]) -> list[_T]:
    """A new list in random order."""
    copy = list(values)
    secrets.SystemRandom().shuffle(copy)
    return copy
