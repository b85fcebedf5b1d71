"""The socket a server listens on, taken before anything else is done; and where this machine is."""

import ipaddress
import socket


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def is_private(address: str) -> bool:
    """Whether an IP address is this machine's own or of a room's network, not of the internet."""
    return not ipaddress.ip_address(address).is_global


def get_private_address() -> str | None:
    """This machine's address in the network it would use; None outside any private one.

    Connecting a datagram socket sends nothing: it only asks the machine for its own route.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.168.255.255", 9))
        except OSError:
            return None
        address = str(asking.getsockname()[0])
    known = ipaddress.ip_address(address)
    return address if known.is_private and not known.is_loopback else None
