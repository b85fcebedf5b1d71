"""Addresses that are printed or shown: always from the settings, never from a Host header."""

from urllib.parse import urlsplit

from app.adapters.listening import is_loopback
from app.web.house import House
from app.workshops.schemas import WorkshopRecord


def join_url(house: House, workshop: WorkshopRecord) -> str:
    """The address on the wall."""
    return f"{house.settings.base_url.rstrip('/')}/j/{workshop.join_code}"


def card_url(house: House, workshop: WorkshopRecord, number: str, token: str) -> str:
    """The address in a card's QR: the token stands after # and never reaches a server log."""
    return f"{join_url(house, workshop)}/{number}#{token}"


def verification_url(house: House, number: str, edition: int, proof: str = "") -> str:
    """The address in a certificate's square: what is signed stands after # and stays on the phone.

    The edition is told, so that a paper which was replaced is called by its name.
    """
    signed = f"#{proof}" if proof else ""
    base = house.settings.base_url.rstrip("/")
    return f"{base}/v/{number}?edition={edition}{signed}"


def loan_url(house: House, code: str) -> str:
    """The address that lends the laptop's sign-in to one more device."""
    return f"{house.settings.base_url.rstrip('/')}/b/{code}"


def is_for_phones(house: House) -> bool:
    """Whether another device can open our address at all, or only this computer itself."""
    host = urlsplit(house.settings.base_url).hostname or ""
    return host != "localhost" and not is_loopback(host)


def one_time_url(house: House, token: str) -> str:
    """The address of a one-time link."""
    return f"{house.settings.base_url.rstrip('/')}/one-time/{token}"
