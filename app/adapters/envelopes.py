"""Files that one key alone opens, in the age format (age-encryption.org/v1, X25519).

What is enclosed for a public half can be opened with the private half only, and any bit that was
changed, added or cut off is found before anything is believed.
"""

from dataclasses import dataclass
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_file, encrypt_file, x25519

PRIVATE_BEGINS = "AGE-SECRET-KEY-1"


class EnvelopeUnreadable(Exception):
    """The file is damaged, or was enclosed for another key; nothing tells which bit."""


class KeyUnreadable(Exception):
    """The words are no key of the kind that is needed."""


@dataclass(frozen=True)
class KeyPair:
    """Both halves as they are written down: the public one encloses, the private one opens."""

    public: str
    private: str


def make_key_pair() -> KeyPair:
    """A new pair; nothing of it is kept anywhere."""
    identity = x25519.Identity.generate()
    return KeyPair(str(identity.to_public()), str(identity))


def enclose(source: Path, target: Path, publics: list[str]) -> None:
    """Write `target`, which each of these keys opens; raises KeyUnreadable."""
    try:
        recipients = [x25519.Recipient.from_str(public.strip()) for public in publics]
    except RecipientError as error:
        raise KeyUnreadable from error
    encrypt_file(str(source), str(target), recipients)


def open_envelope(source: Path, target: Path, private: str) -> None:
    """Write what was enclosed to `target`; raises EnvelopeUnreadable, KeyUnreadable.

    A damaged file may leave the beginning of its content in `target`.
    """
    identity = _identity(private)
    if not source.is_file():
        raise FileNotFoundError(source)
    try:
        decrypt_file(str(source), str(target), [identity])
    except (DecryptError, OSError) as error:  # a damaged part is an OSError with no number
        if getattr(error, "errno", None):
            raise
        raise EnvelopeUnreadable from error


def _identity(private: str) -> x25519.Identity:
    lines = [line.strip() for line in private.splitlines()]
    found = [line for line in lines if line.startswith(PRIVATE_BEGINS)]
    try:
        return x25519.Identity.from_str(found[0] if found else "")
    except IdentityError as error:
        raise KeyUnreadable from error
