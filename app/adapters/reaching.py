"""Whether an address of this machine answers from its own network side; nothing leaves it."""

import ipaddress
import socket

_SECONDS = 2.0


def resolve(host: str) -> list[str]:
    """The IP addresses that a name stands for here; none for a name that nobody knows."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return sorted({str(each[4][0]) for each in found})


def is_ip(host: str) -> bool:
    """Whether it is an address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there; only for addresses of this machine."""
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return True
    except OSError:
        return False
