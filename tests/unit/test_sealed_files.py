"""A workshop's file opens with its own code, whole, and with no other."""

import pytest

from app.adapters.signing import public_key_of
from app.upkeep.sealed_files import FileRefused, open_file, seal_file, signer_of

SEED, OTHER = b"s" * 32, b"t" * 32
CONTENT = "ورکشاپ, a workshop\n".encode() * 200


def test_the_code_opens_the_file_however_it_is_typed():
    file, code = seal_file(SEED, CONTENT)
    assert code.count("-") == 8
    assert len(code) == 9 * 4 + 8
    for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')}\n"):
        assert open_file(file, typed) == CONTENT
    assert CONTENT[:40] not in file


def test_two_files_of_the_same_content_share_no_code_and_no_byte_of_it():
    (file, code), (other, another) = seal_file(SEED, CONTENT), seal_file(SEED, CONTENT)
    assert file != other
    assert code[:29] != another[:29]
    assert code[-14:] == another[-14:]  # by whom it was made


@pytest.mark.parametrize("place", [*range(0, 19, 6), *range(19, 115, 12), 115, 130, -17, -1])
def test_one_flipped_bit_anywhere_is_refused(place: int):
    file, code = seal_file(SEED, CONTENT)
    flipped = bytearray(file)
    flipped[place] ^= 1
    with pytest.raises(FileRefused):
        open_file(bytes(flipped), code)


@pytest.mark.parametrize("length", [0, 1, 18, 19, 51, 114, 115, 116, 130, -1, -16, -100])
def test_a_file_that_was_cut_is_refused(length: int):
    file, code = seal_file(SEED, CONTENT)
    with pytest.raises(FileRefused):
        open_file(file[:length], code)
    with pytest.raises(FileRefused):
        open_file(file + b"\0", code)


def test_another_code_is_refused_with_what_is_wrong_about_it():
    file, code = seal_file(SEED, CONTENT)
    sign = "A" if code[0] != "A" else "B"
    with pytest.raises(FileRefused, match="does not open the file"):
        open_file(file, sign + code[1:])
    with pytest.raises(FileRefused, match="not of this file"):
        open_file(file, seal_file(OTHER, CONTENT)[1])
    for typed in ("", code[:-1], code + "A", code.replace(code[3], "é")):
        with pytest.raises(FileRefused, match="nine groups of four"):
            open_file(file, typed)
    with pytest.raises(FileRefused, match="no workshop file"):
        open_file(b"PK\3\4" + bytes(200), code)


def test_whoever_learns_the_code_cannot_make_another_file_for_it():
    _, code = seal_file(SEED, CONTENT)
    forged, forgers = seal_file(OTHER, b"other")
    with pytest.raises(FileRefused, match="somebody else made"):
        open_file(forged, forgers[:30] + code[30:])
    assert signer_of(public_key_of(SEED)) == code[-14:].replace("-", "")
