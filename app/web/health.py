"""For machines: is it alive, and may it be given work?"""

from functools import cache
from typing import NamedTuple

from app.adapters.db import DatabaseError, get_revision, ping
from app.adapters.disk import Room
from app.adapters.migrating import head_revision
from app.web.house import House


class Readiness(NamedTuple):
    """What /readyz says, each in one word; nothing about people, places or versions."""

    status: str
    database: str
    schema: str
    disk: str

    @property
    def code(self) -> int:
        """200 as long as it can be asked for anything; a full disk still shows what is kept."""
        return 503 if self.status == "unready" else 200


def read_readiness(house: House) -> Readiness:
    """Ask the database, its schema and the disk."""
    disk = house.disk.look()
    try:
        with house.unit(writes=False) as work:
            ping(work)
        schema = "ok" if get_revision(house.engine) == _head() else "old"
    except DatabaseError:
        return Readiness("unready", "away", "unknown", disk)
    if schema != "ok":
        return Readiness("unready", "ok", schema, disk)
    return Readiness("ok" if disk is Room.OK else "degraded", "ok", schema, disk)


@cache
def _head() -> str:
    return head_revision()
