"""A file that only its code opens, and that says by whom it was made: encrypted, then signed.

The code is made anew for each file and travels by another way. Its first 24 signs are the key (120
bits, nothing to be guessed), the last 12 name the signer's key (60 bits): one thing to type, and
both are checked. AES-256-GCM and Ed25519.
"""

import hashlib
import zlib

from app.adapters.randomness import random_below
from app.adapters.sealing import KeyMissing, keyed_digest, seal, unseal
from app.adapters.signing import is_signed, public_key_of, sign
from app.core.codes import CROCKFORD, CROCKFORD_VALUES, is_between

_MAGIC = b"TAFAWUT WORKSHOP 1\n"
_CONTEXT = "workshop-file-1"
_SECRET_SIGNS, _SIGNER_SIGNS, _GROUP = 24, 12, 4
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_MOST_BYTES = 400_000_000


class FileRefused(Exception):
    """A file that is not what it should be; the argument is a sentence with the way out."""


def seal_file(seed: bytes, content: bytes) -> tuple[bytes, str]:
    """The file, and the code that opens it; `seed` is the signing key of this service."""
    secret = "".join(CROCKFORD[random_below(32)] for _ in range(_SECRET_SIGNS))
    public = public_key_of(seed)
    sealed = seal(_key_of(secret), zlib.compress(content), context=_CONTEXT)
    head = _MAGIC + public
    code = secret + signer_of(public)
    groups = [code[start : start + _GROUP] for start in range(0, len(code), _GROUP)]
    return head + sign(seed, head + sealed) + sealed, "-".join(groups)


def open_file(file: bytes, code: str) -> bytes:
    """What was sealed; raises FileRefused."""
    secret, signer = _read_code(code)
    head, rest = file[: len(_MAGIC) + _KEY_BYTES], file[len(_MAGIC) + _KEY_BYTES :]
    if not head.startswith(_MAGIC):
        raise FileRefused("This is no workshop file. Choose the file that the export wrote.")
    if len(rest) <= _SIGNATURE_BYTES:
        raise FileRefused("The file is cut off. Copy it again from where it was made.")
    public = head[len(_MAGIC) :]
    if signer_of(public) != signer:
        raise FileRefused(
            "This code is not of this file, or somebody else made the file. "
            "Compare the last three groups with what the export printed."
        )
    signature, sealed = rest[:_SIGNATURE_BYTES], rest[_SIGNATURE_BYTES:]
    if not is_signed(public, head + sealed, signature):
        raise FileRefused(
            "The file was changed or cut on its way. Copy it again from where it was made."
        )
    try:
        packed = unseal(_key_of(secret), sealed, context=_CONTEXT)
    except KeyMissing as error:
        raise FileRefused(
            "This code does not open the file. Compare it with what the export printed."
        ) from error
    return _unpacked(packed)


def signer_of(public: bytes) -> str:
    """Twelve signs that name a signing key."""
    value = int.from_bytes(hashlib.sha256(public).digest()[:8], "big") >> 4
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(_SIGNER_SIGNS)))


def _key_of(secret: str) -> bytes:
    return bytes.fromhex(keyed_digest(secret.encode(), _CONTEXT))


def _read_code(code: str) -> tuple[str, str]:
    values = [CROCKFORD_VALUES.get(sign) for sign in code if not is_between(sign)]
    told = "".join(CROCKFORD[value] for value in values if value is not None)
    if None in values or len(told) != _SECRET_SIGNS + _SIGNER_SIGNS:
        raise FileRefused("The code has nine groups of four letters and digits. Type it again.")
    return told[:_SECRET_SIGNS], told[_SECRET_SIGNS:]


def _unpacked(packed: bytes) -> bytes:
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed, _MOST_BYTES)
    except zlib.error as error:
        raise FileRefused("What is in the file cannot be read.") from error
    if not reader.eof:
        raise FileRefused("What is in the file is too large for a workshop.")
    return content
