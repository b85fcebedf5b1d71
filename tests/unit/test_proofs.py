"""The square of a certificate: what it carries, and twenty papers that nobody here signed."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.adapters.sealing import KeyFolder
from app.adapters.signing import is_signed, public_key_of, sign
from app.certificates.proof import check_proof, find_in_file, has_key, make_proof, public_key
from app.certificates.schemas import NameMatch, ProofState
from app.core.proofs import (
    MOST_PLACE,
    MOST_TITLE,
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
from tests.fixtures.certificates import HOST, LATIN, LOCAL, NUMBER, a_document, a_paper, some_keys

SEED = bytes(range(32))
OTHER = bytes(range(1, 33))
KEY = public_key_of(SEED)


def some_facts(**wanted: object) -> PaperFacts:
    salt = b"saltsalt"
    facts = PaperFacts(
        key_id=key_id_of(KEY),
        number=NUMBER,
        edition=1,
        starts_on=date(2026, 11, 22),
        ends_on=date(2026, 11, 23),
        days_attended=2,
        is_specimen=False,
        title="Telling trafficking from smuggling",
        place="کراچی",
        salt=salt,
        name_digests=(digest_name(salt, LOCAL), digest_name(salt, LATIN)),
    )
    return replace(facts, **wanted)  # type: ignore[arg-type]


def a_text(facts: PaperFacts, seed: bytes = SEED) -> str:
    content = pack(facts)
    return as_text(content, sign(seed, signed_part(content)))


def an_address(facts: PaperFacts | None = None, number: str = NUMBER, seed: bytes = SEED) -> str:
    return f"{HOST}/v/{number}?edition=1#{a_text(facts or some_facts(), seed)}"


def test_what_is_packed_comes_out_again() -> None:
    facts = some_facts(edition=300, is_specimen=True, days_attended=0)
    assert unpack(pack(facts)) == facts
    content, signature = read_text(as_text(pack(facts), b"s" * 64))
    assert (unpack(content), signature) == (facts, b"s" * 64)


def test_long_texts_are_cut_at_whole_letters_and_say_so() -> None:
    told = unpack(pack(some_facts(title="ورکشاپ " * 40, place="K" * 33)))
    assert told.title.endswith("…")
    assert len(told.title.encode()) <= MOST_TITLE
    assert told.place == "K" * (MOST_PLACE - 3) + "…"
    assert unpack(pack(some_facts(place="K" * 32))).place == "K" * 32


@pytest.mark.parametrize(
    "wrong",
    [{"edition": 70_000}, {"starts_on": date(1999, 12, 31)}, {"ends_on": date(2300, 1, 1)}],
)
def test_what_does_not_fit_into_a_square_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        pack(some_facts(**wrong))


def test_a_square_that_was_signed_is_recognised_with_and_without_its_address() -> None:
    for told in (
        an_address(), an_address().replace(HOST, "127.0.0.1:8000"), a_text(some_facts()),
        a_text(some_facts()).lower(), an_address().upper(), f"  {an_address()}\n",
        "\n".join(re.findall(".{1,40}", an_address())),
    ):  # fmt: skip
        check = check_proof(told, KEY)
        assert check.state is ProofState.SIGNED, told
        assert check.facts == some_facts()
        assert check.name_match is NameMatch.NOT_ASKED


def test_a_typed_name_fits_or_not_and_the_square_holds_no_name() -> None:
    fits = {LOCAL: True, LATIN: True, " farah  ALI ": True, "Farah": False, "Ali Farah": False}
    for name, expected in fits.items():
        match = check_proof(an_address(), KEY, name=name).name_match
        assert (match is NameMatch.MATCH) == expected, name
    assert b"Farah" not in pack(some_facts())
    assert digest_name(b"saltsalt", LATIN) != digest_name(b"saltsalu", LATIN)


def _flipped(place: int) -> str:
    content, signature = read_text(a_text(some_facts()))
    told = bytearray(content + signature)
    told[place] ^= 1
    return f"{HOST}/v/{NUMBER}#{as_text(bytes(told[:-64]), bytes(told[-64:]))}"


def _resigned(**wanted: object) -> str:
    """Changed facts, with the signature of the true ones."""
    content, signature = pack(some_facts(**wanted)), read_text(a_text(some_facts()))[1]
    return f"{HOST}/v/{NUMBER}#{as_text(content, signature)}"


FORGED = {
    "another number": _resigned(number="00000000000"),
    "a later edition": _resigned(edition=2),
    "an earlier day": _resigned(starts_on=date(2026, 11, 21)),
    "a later day": _resigned(ends_on=date(2026, 11, 24)),
    "more days": _resigned(days_attended=3),
    "no specimen any more": _resigned(is_specimen=True),
    "another title": _resigned(title="Something grander"),
    "another place": _resigned(place="Geneva"),
    "another salt": _resigned(salt=b"tlastlas"),
    "another name": _resigned(name_digests=(b"0123456789",) * 2),
    "another key's signature": an_address(seed=OTHER),
    "another key named": _resigned(key_id=key_id_of(public_key_of(OTHER))),
    "wholly signed by another key": an_address(
        some_facts(key_id=key_id_of(public_key_of(OTHER))), seed=OTHER
    ),
    "a true square under another number": an_address(number="00000000000"),
    "a true square under no number": an_address(number="0000000000Z"),
    "one bit of the version": _flipped(0),
    "one bit of the number": _flipped(6),
    "one bit of the signature": _flipped(-1),
    "no signature": f"{HOST}/v/{NUMBER}#{as_text(pack(some_facts()), b'')}",
    "half of it": an_address()[:-60],
    "a signature of zeros": f"{HOST}/v/{NUMBER}#{as_text(pack(some_facts()), bytes(64))}",
    "signed for another purpose": (
        f"{HOST}/v/{NUMBER}#{as_text(pack(some_facts()), sign(SEED, pack(some_facts())))}"
    ),
    "nothing": "",
    "words": "This certificate is genuine",
}


def test_there_are_twenty_forgeries() -> None:
    assert len(set(FORGED.values())) >= 20


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_square_is_never_called_signed(kind: str) -> None:
    check = check_proof(FORGED[kind], KEY, name=LATIN)
    assert check.state is not ProofState.SIGNED
    assert check.facts is None
    assert check.name_match is NameMatch.NOT_ASKED


def test_another_services_square_is_told_from_an_altered_one() -> None:
    assert check_proof(FORGED["wholly signed by another key"], KEY).state is ProofState.UNKNOWN_KEY
    assert check_proof(FORGED["more days"], KEY).state is ProofState.ALTERED
    assert check_proof(FORGED["words"], KEY).state is ProofState.UNREADABLE


@pytest.mark.parametrize("told", ["", "U", "0" * 103, "0" * 2000, "é" * 200])
def test_what_is_no_square_is_no_square(told: str) -> None:
    with pytest.raises(ProofBroken):
        unpack(read_text(told)[0])


def test_a_files_square_is_found_in_it_and_a_file_without_one_has_none() -> None:
    address = a_document().url
    assert find_in_file(b"%PDF <x>" + address.encode() + b"</x>") == address
    assert find_in_file(b"nothing") == ""


def test_the_seed_lies_in_the_key_folder_and_in_its_copy_and_signs_the_same_again(
    tmp_path: Path,
) -> None:
    keys = KeyFolder(tmp_path / "keys", tmp_path / "copy")
    assert not has_key(keys)
    first = make_proof(keys, a_paper().record, a_paper().name)
    assert has_key(keys)
    assert first == make_proof(keys, a_paper().record, a_paper().name)
    assert first != a_paper(keys=some_keys()).proof
    copied = (tmp_path / "copy" / "certificate-signing.key").read_bytes()
    assert public_key(keys) == public_key_of(copied)
    assert check_proof(first, public_key(keys)).state is ProofState.SIGNED


def test_ed25519_is_that_of_rfc_8032() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert public_key_of(seed) == key
    assert sign(seed, b"") == signature
    assert is_signed(key, b"", signature)
    assert not is_signed(key, b"x", signature)
