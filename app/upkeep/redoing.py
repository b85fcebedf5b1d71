"""After a restore: who was erased since the backup is erased again, and names that ended end again.

Safe to repeat at any time: what the database knows as erased is left alone.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.adapters.db import Work, get_revision, holds_schema, make_engine, unit_of_work
from app.adapters.logs import log_problem
from app.adapters.migrating import head_revision
from app.adapters.sealing import KeyFolder
from app.certificates import service as certificates
from app.core.errors import CardErased
from app.participants import erasing
from app.participants import service as participants
from app.settings import Settings
from app.upkeep import erasures, persons, workshop_files
from app.upkeep.erasures import ErasedPerson
from app.upkeep.setup import forget_names

OpenUnit = Callable[[bool], AbstractContextManager[Work]]
Whom = TypeVar("Whom")
_SERVICE_KEY = "service"


@dataclass
class Redone:
    """What was done again; `waiting`: how many lines wait for the schema or the service's key."""

    persons: int = 0
    names: int = 0
    wiped: int = 0
    failed: int = 0
    waiting: int = 0

    @property
    def count(self) -> int:
        """All that was done again."""
        return self.persons + self.names + self.wiped


def redo(open_unit: OpenUnit, keys: KeyFolder) -> Redone:
    """Do again what the journal and the marks of destroyed keys say, and the database does not."""
    done = Redone()
    with open_unit(False) as work:
        missing = _find_missing(work, erasures.find_persons(keys))
        wiped = [
            each.workshop_id
            for each in erasures.find_wiped(keys)
            if workshop_files.is_to_be_wiped(work, each.workshop_id, each.wiped_at)
        ]
        held = certificates.find_workshops_with_holders(work)
    ended = [
        workshop_id
        for workshop_id in sorted(held)
        if keys.is_destroyed(participants.workshop_key(workshop_id))
    ]
    for person in missing:
        done.persons += _try(done, open_unit, persons.erase_again, person)
    for workshop_id in wiped:
        done.wiped += _try(done, open_unit, workshop_files.wipe_again, workshop_id)
    for workshop_id in ended:
        done.names += _try(done, open_unit, forget_names, workshop_id)
    return done


def redo_restored(settings: Settings, now: datetime) -> Redone:
    """The same for a database that no service has open; what cannot be done yet waits.

    Without the service's own key nothing is done: another one would be made, and the right one,
    when it is restored, refused.
    """
    keys = KeyFolder(settings.keys, settings.key_backup)
    waiting = Redone(waiting=len(erasures.find_persons(keys)) + len(erasures.find_wiped(keys)))
    if not keys.has(_SERVICE_KEY) or not holds_schema(settings.database):
        return waiting
    engine = make_engine(settings.database)
    try:
        if get_revision(engine) != head_revision():
            return waiting
        return redo(lambda writes: unit_of_work(engine, now=now, keys=keys, writes=writes), keys)
    finally:
        engine.dispose()


def _find_missing(work: Work, told: list[ErasedPerson]) -> list[ErasedPerson]:
    """Those whose card is there again."""
    known = erasing.find_digests(work)
    left = [person for person in told if person.card not in known]
    cards = {
        workshop_id: erasing.find_cards(work, workshop_id)
        for workshop_id in {person.workshop_id for person in left}
    }
    return [person for person in left if person.card in cards[person.workshop_id]]


def _try(
    done: Redone, open_unit: OpenUnit, verb: Callable[[Work, Whom], object], whom: Whom
) -> int:
    try:
        with open_unit(True) as work:
            verb(work, whom)
    except CardErased:  # another process was first
        return 0
    except Exception as error:
        done.failed += 1
        log_problem("erasing_again_failed", error=error)
        return 0
    return 1
