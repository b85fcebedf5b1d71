"""The socket a server listens on, taken before anything else is done; and where this machine is."""

import ipaddress
import socket

_LOOPBACK = {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")}


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


def is_loopback(host: str) -> bool:
    """Whether a host is an address that a machine has only for itself; a name is not."""
    known = _plain(host)
    return known is not None and known.is_loopback


def is_same_machine(client: str, server: str) -> bool:
    """Whether a connection between these two addresses has both its ends on this machine.

    The loopback is this machine. Whoever opens the machine's own address from itself comes from
    that same address; from outside nobody can, since the answers would never leave this machine.
    The other addresses of 127.0.0.0/8 are told apart, so that a test can play another device.
    """
    here, there = _plain(client), _plain(server)
    return here is not None and (here in _LOOPBACK or here == there)


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address; as IPv4 where IPv6 only carries it, and None where it is no address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(known, "ipv4_mapped", None) or known


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
