"""Under which names this service is asked: its own, and what only the room itself can say.

No link is ever made from a Host header; a name that is not ours still has no business here: a page
of somebody else that points its own name at a laptop (DNS rebinding) would be read as ours.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from app.adapters.listening import is_loopback
from app.settings import Settings

_ROOMS = (".local", ".lan", ".home.arpa", ".internal")  # no public name ends in one of these


def is_own_host(header: str, settings: Settings) -> bool:
    """Whether a Host header names this service.

    Its own name and the loopback always do. In a room every address and every name of a private
    network does, too. On https any name is taken as long as TAFAWUT_BASE_URL is not set.
    """
    asked = _name_in(header)
    own = urlsplit(settings.base_url).hostname or ""
    if not header or asked in (own, "localhost") or is_loopback(asked):
        return True
    if settings.is_https:
        return own == "localhost" or is_loopback(own)
    is_name = asked.replace("-", "").replace(".", "").isalnum() and asked.isascii()
    return _is_address(asked) or (is_name and ("." not in asked or asked.endswith(_ROOMS)))


def _name_in(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "-.-").rstrip(".")
    except ValueError:
        return "-.-"


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
