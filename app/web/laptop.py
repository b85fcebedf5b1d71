"""In a room of its own network staff act on the laptop: the computer that serves.

What counts is the address at the other end of the connection. No header is read: a phone can send
any.
"""

from fastapi import Request

from app.adapters.listening import is_same_machine
from app.web.house import House


def is_elsewhere(request: Request, house: House) -> bool:
    """Whether this is a room's own network and the request comes from another device.

    On https nobody is elsewhere: staff sign in wherever they are. A connection without addresses
    is not known to be the laptop's.
    """
    if house.settings.is_https:
        return False
    (client, _), (server, _) = (request.scope.get(end) or ("", 0) for end in ("client", "server"))
    return client != house.settings.laptop_address and not is_same_machine(client, server)
