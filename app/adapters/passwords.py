"""Staff passwords by argon2id; slow on purpose, so only a few at a time."""

import threading

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# 19 MiB, two passes, one lane: OWASP's first recommended argon2id setting.
_hasher = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
_dummy = _hasher.hash("nobody has this password")
_places = threading.BoundedSemaphore(2)


def set_concurrency(limit: int) -> None:
    """How many hashes may be computed at once; called when the service is wired."""
    global _places  # noqa: PLW0603  one bound for the whole process is the point
    _places = threading.BoundedSemaphore(limit)


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with _places:
        return _hasher.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Whether the password fits; takes as long when nothing is stored."""
    with _places:
        fits = _hasher.verify(password, stored or _dummy)
    return fits and stored is not None
