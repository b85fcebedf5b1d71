"""`verify FILE|TEXT`: what a certificate's square says and whether we signed it, asking nobody."""

import argparse
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from app.adapters.i18n import days_text
from app.adapters.sealing import KeyFolder
from app.certificates.proof import check_proof, find_in_file, has_key, public_key
from app.certificates.schemas import NameMatch, ProofCheck, ProofState
from app.core.codes import CERTIFICATE_NUMBER_GROUPS, grouped
from app.core.proofs import PaperFacts
from app.upkeep.addresses import Stop

UNSEEN = "Whether it was revoked or replaced since cannot be seen without a network."
_SAYS = {
    ProofState.SIGNED: "Signed: this is what was issued.",
    ProofState.ALTERED: "Not signed: something in this square was changed.",
    ProofState.UNKNOWN_KEY: "Signed with another key than the one compared with.",
    ProofState.UNREADABLE: "This is not what a certificate's square carries.",
}
_NAMES = {
    NameMatch.MATCH: "fits",
    NameMatch.NO_MATCH: "does not fit",
    NameMatch.NOT_ASKED: "not compared; say --name",
}


def add_options(verify: argparse.ArgumentParser) -> None:
    """Add what the command can be told."""
    verify.add_argument("told", nargs="?", default="", help="a PDF, a text file, or the text")
    verify.add_argument("--name", default="", help="the full name on the paper")
    verify.add_argument("--key", default="", help="the service's public key; ours when left out")
    verify.add_argument("--show-key", action="store_true", help="print our public key instead")
    verify.add_argument("--json", action="store_true")


@dataclass(frozen=True)
class Said:
    """What the command prints, and whether the square is signed."""

    text: str
    is_signed: bool


def answer(chosen: argparse.Namespace, keys: KeyFolder) -> Said:
    """Read what was asked and look; Stop says what is missing."""
    key = read_key(chosen.key) if chosen.key else own_key(keys)
    if chosen.show_key:
        return Said(f"{key.hex()}\n", is_signed=True)
    check = check_told(chosen.told, key, name=chosen.name)
    text = f"{json.dumps(check_as_keys(check))}\n" if chosen.json else check_as_text(check)
    return Said(text, is_signed=check.state is ProofState.SIGNED)


def own_key(keys: KeyFolder) -> bytes:
    """The key of this service; Stop where there is none yet: looking makes none."""
    if not has_key(keys):
        raise Stop("No signing key lies here. Say --key, or set TAFAWUT_DATA_DIR.")
    return public_key(keys)


def read_key(told: str) -> bytes:
    """A public key as somebody typed it; Stop when it cannot be one."""
    try:
        key = bytes.fromhex(told)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Stop("--key is 64 hexadecimal digits. The service shows them at /v/offline.")
    return key


def check_told(told: str, key: bytes, *, name: str) -> ProofCheck:
    """Check a file's square, or a text; Stop where there is nothing to check."""
    if not told.strip():
        raise Stop("Say a file, or what a camera reads in the square.")
    return check_proof(_text_of(told), key, name=name)


def check_as_text(check: ProofCheck) -> str:
    """What is told, in lines."""
    lines = [_SAYS[check.state]]
    if check.facts is not None:
        lines += [*_lines_of(check.facts), f"Name: {_NAMES[check.name_match]}", UNSEEN]
    return "\n".join(lines) + "\n"


def check_as_keys(check: ProofCheck) -> dict[str, object]:
    """The same for a program."""
    facts = asdict(check.facts) if check.facts else {}
    kept = {key: value for key, value in facts.items() if not _is_bytes(value)}
    told = {key: str(value) if isinstance(value, date) else value for key, value in kept.items()}
    return {
        "state": check.state.value,
        "name_match": check.name_match.value,
        "knows_revocation": False,
    } | told


def _text_of(told: str) -> str:
    """The text, or the square's text in a file of that name."""
    try:
        path = Path(told)
        if not path.is_file():
            return told
        return find_in_file(path.read_bytes())
    except (OSError, ValueError):  # too long for a name, or not readable
        return told


def _lines_of(facts: PaperFacts) -> list[str]:
    specimen = ["SPECIMEN: of an invented workshop; it certifies nothing."]
    return [
        *(specimen if facts.is_specimen else []),
        f"Number: {' '.join(grouped(facts.number, CERTIFICATE_NUMBER_GROUPS))}"
        f", edition {facts.edition}",
        f"Workshop: {facts.title}",
        f"Place and dates: {facts.place}, {days_text(facts.starts_on, facts.ends_on, 'en')}",
        f"Days attended: {facts.days_attended} of {facts.days_held}",
    ]


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes | tuple)
