"""The signed token of one sitting: whoever holds it may add answers to it, and do nothing else.

The save path verifies it without the database (decision 0013), and a phone's queue keeps it, so
that answers still arrive when the phone has meanwhile been given to somebody else. It outlives the
sitting: an expired token would leave answers on the phone.
"""

from datetime import UTC, datetime, timedelta

from app.adapters.sealing import is_equal, keyed_digest

LIFETIME = timedelta(days=14)
_MAC_CHARACTERS = 32  # 128 bits


def make_sitting_token(key: bytes, sitting_id: str, now: datetime) -> str:
    """`<sitting id>.<seconds since 1970 when it ends>.<mac>`; safe in a cookie and in a header."""
    ends = str(int((now + LIFETIME).timestamp()))
    return f"{sitting_id}.{ends}.{_mac(key, sitting_id, ends)}"


def read_sitting_token(key: bytes, token: str, now: datetime) -> str | None:
    """The sitting's id; None for a token that is not ours or has ended."""
    sitting_id, _, rest = token.partition(".")
    ends, _, mac = rest.partition(".")
    if not is_equal(mac, _mac(key, sitting_id, ends)):
        return None
    return sitting_id if now < datetime.fromtimestamp(int(ends), UTC) else None


def _mac(key: bytes, sitting_id: str, ends: str) -> str:
    return keyed_digest(key, sitting_id, ends)[:_MAC_CHARACTERS]
