"""What a certificate's square says without any network: few bytes, and what is signed of them.

    version 1 · key 4 · number 7 · edition 2 · first day 2 · last day 2 · days attended 2 · signs 1
    · salt 8 · two digests of the name 10 each · title and place, each after its length
    · signature 64

Whole numbers are big-endian, days are counted from 2000-01-01, texts are UTF-8 and cut where they
are long. The text form is Crockford's base 32: a square packs it tighter than small letters.
Nothing here signs, and nothing here knows a name: the digest of a name is salted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.codes import (
    CROCKFORD,
    CROCKFORD_VALUES,
    certificate_number,
    is_between,
    read_certificate_number,
)
from app.core.text import name_key

VERSION = 1
KEY_BYTES = 4
SALT_BYTES = 8
SIGNATURE_BYTES = 64
MOST_TITLE, MOST_PLACE = 72, 32
"""The longest texts in bytes: with them the square has modules of 0.4 mm at 30 mm."""

_DIGEST_BYTES = 10
_NUMBER_BYTES = 7
_NUMBERS = 1 << 50
_FIRST_DAY = date(2000, 1, 1)
_SPECIMEN = 1
_SIGNED_AS = b"tafawut certificate\0"
_NAMED_AS = b"tafawut name\0"


class ProofBroken(Exception):
    """The text is not what a certificate's square carries."""


@dataclass(frozen=True)
class PaperFacts:
    """What a certificate certifies, as its square says it; `key_id` names the key that signs."""

    key_id: bytes
    number: str
    edition: int
    starts_on: date
    ends_on: date
    days_attended: int
    is_specimen: bool
    title: str
    place: str
    salt: bytes
    name_digests: tuple[bytes, bytes]

    @property
    def days_held(self) -> int:
        """How many days the workshop lasted."""
        return (self.ends_on - self.starts_on).days + 1


def key_id_of(public_key: bytes) -> bytes:
    """The four bytes by which a square names the key that signs it."""
    return hashlib.sha256(public_key).digest()[:KEY_BYTES]


def digest_name(salt: bytes, name: str) -> bytes:
    """What a square holds of a name; the same for all spellings with the same `name_key`."""
    return hashlib.sha256(_NAMED_AS + salt + name_key(name).encode()).digest()[:_DIGEST_BYTES]


def pack(facts: PaperFacts) -> bytes:
    """The bytes before the signature; ValueError for a number or day that does not fit."""
    number = 0
    for sign in read_certificate_number(facts.number)[:-1]:
        number = number << 5 | CROCKFORD_VALUES[sign]
    title, place = _cut(facts.title, MOST_TITLE), _cut(facts.place, MOST_PLACE)
    try:
        return b"".join(
            (
                bytes([VERSION]),
                facts.key_id,
                number.to_bytes(_NUMBER_BYTES, "big"),
                facts.edition.to_bytes(2, "big"),
                (facts.starts_on - _FIRST_DAY).days.to_bytes(2, "big"),
                (facts.ends_on - _FIRST_DAY).days.to_bytes(2, "big"),
                facts.days_attended.to_bytes(2, "big"),
                bytes([_SPECIMEN if facts.is_specimen else 0]),
                facts.salt,
                *facts.name_digests,
                bytes([len(title)]) + title,
                bytes([len(place)]) + place,
            )
        )
    except OverflowError as error:
        raise ValueError("this certificate does not fit into a square") from error


def unpack(content: bytes) -> PaperFacts:
    """What `pack` was given, with the texts as they were cut; raises ProofBroken."""
    reader = _Reader(content)
    try:
        if reader.take_number(1) != VERSION:
            raise ProofBroken
        facts = PaperFacts(
            key_id=reader.take(KEY_BYTES),
            number=_number_of(reader.take_number(_NUMBER_BYTES)),
            edition=reader.take_number(2),
            starts_on=_FIRST_DAY + timedelta(days=reader.take_number(2)),
            ends_on=_FIRST_DAY + timedelta(days=reader.take_number(2)),
            days_attended=reader.take_number(2),
            is_specimen=reader.take_number(1) == _SPECIMEN,
            salt=reader.take(SALT_BYTES),
            name_digests=(reader.take(_DIGEST_BYTES), reader.take(_DIGEST_BYTES)),
            title=reader.take(reader.take_number(1)).decode(),
            place=reader.take(reader.take_number(1)).decode(),
        )
    except (UnicodeDecodeError, OverflowError) as error:
        raise ProofBroken from error
    if reader.rest:
        raise ProofBroken
    return facts


def signed_part(content: bytes) -> bytes:
    """What the signature is made over: the bytes, and what they are for."""
    return _SIGNED_AS + content


def as_text(content: bytes, signature: bytes) -> str:
    """Content and signature in Crockford's base 32, zeros at the end."""
    told = content + signature
    bits, length = int.from_bytes(told, "big"), len(told) * 8
    bits <<= -length % 5
    count = -(-length // 5)
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(count)))


def read_text(typed: str) -> tuple[bytes, bytes]:
    """Content and signature; raises ProofBroken. Case and what stands between do not matter."""
    values = [CROCKFORD_VALUES.get(sign, -1) for sign in typed if not is_between(sign)]
    if not values or -1 in values or len(values) > 1000:
        raise ProofBroken
    size, spare = divmod(len(values) * 5, 8)
    bits = _joined(values)
    if spare > 4 or bits & (1 << spare) - 1:
        raise ProofBroken
    told = (bits >> spare).to_bytes(size, "big")
    if size <= SIGNATURE_BYTES:
        raise ProofBroken
    return told[:-SIGNATURE_BYTES], told[-SIGNATURE_BYTES:]


class _Reader:
    """Takes bytes from the front; raises ProofBroken where there are too few."""

    def __init__(self, content: bytes) -> None:
        self.rest = content

    def take(self, count: int) -> bytes:
        taken, self.rest = self.rest[:count], self.rest[count:]
        if len(taken) != count:
            raise ProofBroken
        return taken

    def take_number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")


def _number_of(value: int) -> str:
    if value >= _NUMBERS:
        raise ProofBroken
    return certificate_number(value)


def _joined(values: Sequence[int]) -> int:
    bits = 0
    for value in values:
        bits = bits << 5 | value
    return bits


def _cut(text: str, most: int) -> bytes:
    """The text in at most so many bytes, whole signs, with "…" where something is missing."""
    told = text.encode()
    if len(told) <= most:
        return told
    kept = told[: most - len("…".encode())].decode(errors="ignore").rstrip()
    return f"{kept}…".encode()
