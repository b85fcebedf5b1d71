"""What a certificate's square has signed: made with the service's key, checked without a register.

The key lies in the key folder as a file of its own, and in its copy. Ed25519 gives the same
signature for the same facts, so that a paper can be printed again to the byte.
"""

import re

from app.adapters.sealing import KeyFolder, keyed_digest
from app.adapters.signing import is_signed, public_key_of, sign
from app.certificates.schemas import CertificateRecord, NameMatch, ProofCheck, ProofState
from app.core.codes import read_certificate_number
from app.core.errors import CodeMistyped
from app.core.proofs import (
    SALT_BYTES,
    PaperFacts,
    ProofBroken,
    as_text,
    digest_name,
    key_id_of,
    pack,
    read_text,
    signed_part,
    unpack,
)
from app.core.text import name_key
from app.participants.schemas import HolderName

_KEY_NAME = "certificate-signing"
_ADDRESS = re.compile(r"(?:/[vV]/(?P<number>[0-9A-Za-z]{11})[^#\s<>\"()]*#)?(?P<proof>[^#]+)")
_IN_FILE = re.compile(rb"[\w.:/-]+/[vV]/[0-9A-Za-z]{11}[^#\s<>\"()]*#[0-9A-Z]{150,1000}")


def has_key(keys: KeyFolder) -> bool:
    """Whether this service has signed anything yet."""
    return keys.has(_KEY_NAME)


def public_key(keys: KeyFolder) -> bytes:
    """The 32 bytes by which anybody can check what this service signs."""
    return public_key_of(keys.get_or_make(_KEY_NAME))


def make_proof(keys: KeyFolder, record: CertificateRecord, name: HolderName) -> str:
    """What the square carries after #; the same for the same edition and name."""
    seed = keys.get_or_make(_KEY_NAME)
    salted = keyed_digest(keys.derived("certificate-salts"), record.number, str(record.edition))
    salt = bytes.fromhex(salted)[:SALT_BYTES]
    content = pack(
        PaperFacts(
            key_id=key_id_of(public_key_of(seed)),
            number=record.number,
            edition=record.edition,
            starts_on=record.starts_on,
            ends_on=record.ends_on,
            days_attended=record.days_attended,
            is_specimen=record.is_specimen,
            title=record.workshop_title,
            place=record.place,
            salt=salt,
            name_digests=(
                digest_name(salt, name.local or name.latin),
                digest_name(salt, name.latin or name.local),
            ),
        )
    )
    return as_text(content, sign(seed, signed_part(content)))


def check_proof(told: str, known_key: bytes, *, name: str = "") -> ProofCheck:
    """What a square says, and whether the key's owner signed it; the register is not asked.

    `told` is all that a camera reads in a square, or what stands after # alone. Altered is also a
    square whose address names another certificate than its signed part.
    """
    found = _ADDRESS.fullmatch(_tail(told))
    try:
        content, signature = read_text(found["proof"] if found else "")
        facts = unpack(content)
    except ProofBroken:
        return ProofCheck(ProofState.UNREADABLE, None, NameMatch.NOT_ASKED)
    if facts.key_id != key_id_of(known_key):
        return ProofCheck(ProofState.UNKNOWN_KEY, None, NameMatch.NOT_ASKED)
    is_own = is_signed(known_key, signed_part(content), signature)
    if not is_own or not _is_number_of(found["number"] if found else None, facts):
        return ProofCheck(ProofState.ALTERED, None, NameMatch.NOT_ASKED)
    return ProofCheck(ProofState.SIGNED, facts, _match(facts, name))


def find_in_file(content: bytes) -> str:
    """The first square's text in a PDF or a text file; empty where there is none."""
    found = _IN_FILE.search(content)
    return found[0].decode() if found else ""


def _tail(told: str) -> str:
    """From the path on: the host is for the reader to compare."""
    line = "".join(told.split())
    start = re.search(r"/[vV]/[0-9A-Za-z]{11}[^#]*#", line)
    return line[start.start() :] if start else line


def _is_number_of(number: str | None, facts: PaperFacts) -> bool:
    try:
        return number is None or read_certificate_number(number) == facts.number
    except CodeMistyped:
        return False


def _match(facts: PaperFacts, name: str) -> NameMatch:
    if not name_key(name):
        return NameMatch.NOT_ASKED
    fits = digest_name(facts.salt, name) in facts.name_digests
    return NameMatch.MATCH if fits else NameMatch.NO_MATCH
