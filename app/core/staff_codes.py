"""Codes that staff type after the password: of an authenticator app, and of a printed list.

The app's are those of RFC 6238 (time) over RFC 4226 (counter): HMAC-SHA-1, six digits, thirty
seconds, what every authenticator app takes for granted. SHA-1 is no weakness here: the HMAC needs
no collision resistance. The printed ones are twelve signs of Crockford's base 32, 60 bits, each
used once. Chance and clock come from outside.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from app.core.codes import CROCKFORD, CROCKFORD_VALUES, is_between, read_digits

DIGITS = 6
STEP_SECONDS = 30
SECRET_BYTES = 20
"""As long as the hash: what RFC 4226 recommends (section 4, R6)."""

RECOVERY_GROUPS = (4, 4, 4)
RECOVERY_CODES = 32**12
"""How many there are: 60 bits."""

_SLACK_STEPS = 1  # a clock that is half a minute off, or a slow finger (RFC 6238, 5.2)


def app_code(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """What the app shows in the thirty seconds with this number, counted from 1970."""
    seal = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = seal[-1] & 0x0F
    value = int.from_bytes(seal[start : start + 4], "big") & 0x7FFFFFFF
    return f"{value % 10**digits:0{digits}d}"


def step_of(moment: datetime) -> int:
    """The number of the thirty seconds that a moment falls into."""
    return int(moment.timestamp()) // STEP_SECONDS


def find_step(secret: bytes, typed: str, *, now: datetime, after: int) -> int | None:
    """The step whose code was typed, in any script's digits; None when it is wrong or too old.

    The steps before and after the present one count too. `after` is the last step that was used:
    neither it nor an earlier one opens anything again (RFC 6238, 5.2).
    """
    code = read_digits(typed)
    if code is None or len(code) != DIGITS:
        return None
    present = step_of(now)
    fitting = None
    for step in range(present - _SLACK_STEPS, present + _SLACK_STEPS + 1):  # all: one time for all
        if hmac.compare_digest(app_code(secret, step), code) and step > after:
            fitting = step
    return fitting


def spelled_secret(secret: bytes) -> str:
    """The secret as it is typed into an app that cannot scan: base 32 (RFC 4648), unpadded."""
    return base64.b32encode(secret).decode().rstrip("=")


def app_address(secret: bytes, *, login: str, service: str) -> str:
    """What the app's camera reads: an otpauth address, after Google's key URI format."""
    told = f"{_quoted(service)}:{_quoted(login)}"
    return f"otpauth://totp/{told}?secret={spelled_secret(secret)}&issuer={_quoted(service)}"


def recovery_code(number: int) -> str:
    """The twelve signs for 0 .. RECOVERY_CODES - 1; ValueError outside."""
    if not 0 <= number < RECOVERY_CODES:
        raise ValueError(f"a recovery code is made from 0..{RECOVERY_CODES - 1}, not {number}")
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(11, -1, -1))


def read_recovery_code(typed: str) -> str | None:
    """The twelve signs of a typed recovery code; None when it cannot be one.

    Small letters, spaces and hyphens are fine, and so are I and L for 1 and O for 0.
    """
    signs = [sign for sign in typed if not is_between(sign)]
    if len(signs) != 12 or any(sign not in CROCKFORD_VALUES for sign in signs):
        return None
    return "".join(CROCKFORD[CROCKFORD_VALUES[sign]] for sign in signs)


def _quoted(text: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode())
