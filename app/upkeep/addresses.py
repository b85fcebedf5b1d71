"""Where a server listens, and the address that phones and cards are told."""

import socket

from app.adapters.listening import get_private_address, is_private, listen
from app.settings import Settings

HERE = "127.0.0.1"


class Stop(Exception):
    """Ends the command with a plain sentence."""


def listen_or_stop(host: str, port: int) -> socket.socket:
    """A bound socket; a port that is taken is said in a sentence."""
    try:
        return listen(host, port)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "there is no such port"
        raise Stop(
            f"Port {port} on {host} cannot be used ({reason}). "
            "Is the service running already? Choose another one with --port, or --port 0."
        ) from error


def room_address() -> str:
    """This machine's address in the room's network."""
    address = get_private_address()
    if address is None:
        raise Stop(
            "This computer is in no local network. Join the room's Wi-Fi, then try again; "
            "or name an address with --host."
        )
    return address


def require_private(settings: Settings, listening: socket.socket) -> None:
    """Plain http is for a room's own network; the internet gets TLS."""
    host = listening.getsockname()[0]
    if not settings.is_https and not is_private(host):
        listening.close()
        raise Stop(
            f"{host} is an address of the internet, where plain http is read by others. "
            "Set TAFAWUT_MODE=https behind a server with a certificate."
        )


def with_address(settings: Settings, listening: socket.socket) -> Settings:
    """The settings with the address that is really served, unless one was set."""
    if "base_url" in settings.model_fields_set:
        return settings
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  it is compared, not bound
        listening.close()
        raise Stop(
            "Cards and links need an address that phones can open: set TAFAWUT_BASE_URL, "
            "for example http://192.168.8.10:8000"
        )
    shown = f"[{host}]" if ":" in host else host
    return settings.model_copy(update={"base_url": f"http://{shown}:{port}"})
