"""Codes of an authenticator app against the RFCs' own vectors, and codes of a printed list."""

from datetime import UTC, datetime

import pytest

from app.core import staff_codes

SECRET = b"12345678901234567890"  # of RFC 4226, appendix D, and RFC 6238, appendix B
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counter", "code"),
    [
        (0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"),
        (5, "254676"), (6, "287922"), (7, "162583"), (8, "399871"), (9, "520489"),
    ],
)  # fmt: skip
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    assert staff_codes.app_code(SECRET, counter) == code


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
        (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    step = staff_codes.step_of(datetime.fromtimestamp(second, UTC))
    assert staff_codes.app_code(SECRET, step, digits=8) == code


def test_a_code_counts_in_its_own_half_minute_and_the_ones_beside_it() -> None:
    step = staff_codes.step_of(NOW)
    fits = [
        staff_codes.find_step(SECRET, staff_codes.app_code(SECRET, other), now=NOW, after=0)
        for other in range(step - 3, step + 4)
    ]
    assert fits == [None, None, step - 1, step, step + 1, None, None]


def test_a_code_that_was_used_and_those_before_it_open_nothing_again() -> None:
    step = staff_codes.step_of(NOW)
    for used, fits in ((step - 2, step), (step - 1, step), (step, None), (step + 1, None)):
        code = staff_codes.app_code(SECRET, step)
        assert staff_codes.find_step(SECRET, code, now=NOW, after=used) == fits


def test_a_code_may_be_typed_in_any_digits_and_with_a_space() -> None:
    step = staff_codes.step_of(NOW)
    code = staff_codes.app_code(SECRET, step)
    urdu = code.translate({ord("0") + each: ord("۰") + each for each in range(10)})
    for typed in (f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}", urdu):
        assert staff_codes.find_step(SECRET, typed, now=NOW, after=0) == step


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "²²²²²²", "½23456", "-----1"])
def test_what_is_no_code_opens_nothing(typed: str) -> None:
    assert staff_codes.find_step(SECRET, typed, now=NOW, after=0) is None


def test_the_address_names_service_and_person_and_is_escaped() -> None:
    address = staff_codes.app_address(SECRET, login="amal &x=1@ngo", service="Tafawut")
    assert address == (
        "otpauth://totp/Tafawut:amal%20%26x%3D1%40ngo"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tafawut"
    )
    assert "%D8%A7" in staff_codes.app_address(SECRET, login="ا", service="Tafawut")


def test_a_recovery_code_is_read_as_it_is_written_by_hand() -> None:
    # 00010 01000 11010 00101 01100 11110 00100 11010 10111 10011 01111 00000
    code = staff_codes.recovery_code(0x123456789ABCDE0)
    assert code == "28T5CY4TQKF0"
    for typed in ("28T5 CY4T QKF0", "28t5-cy4t-qkfo", " 28T5CY4TQKFO "):
        assert staff_codes.read_recovery_code(typed) == code
    assert staff_codes.read_recovery_code("iIlL oOoO oOoO") == "111100000000"
    for typed in ("", "28T5CY4TQKF", "28T5CY4TQKF00", "28T5CY4TQKFU", "۱۲۳۴۵۶۷۸۹۰۱۲"):
        assert staff_codes.read_recovery_code(typed) is None


def test_recovery_codes_are_sixty_bits_from_first_to_last() -> None:
    assert staff_codes.recovery_code(0) == "0" * 12
    assert staff_codes.recovery_code(2**60 - 1) == "Z" * 12
    for outside in (-1, 2**60):
        with pytest.raises(ValueError, match="a recovery code"):
            staff_codes.recovery_code(outside)
