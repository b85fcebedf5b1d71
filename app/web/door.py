"""The door of a workshop: what a typed code and four digits open, and what slows a guesser down.

Codes: who types many that belong to no open workshop waits before each, two seconds at most, by the
caller's network, as those who guess certificates do. Four digits: of a workshop's thousand numbers
some thirty are cards. After thirty wrong ones within ten minutes, whoever types them and from
wherever, digits alone wait for the trainer's tap in that workshop, until ten minutes have passed:
so a guesser starts one card in ten minutes, and nobody is refused. A card's square opens it as
before, and a slip costs nothing: the check digit finds it, and it is not counted. Both counts are
in this process's memory.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from app.adapters.db import Work
from app.core.codes import read_join_code
from app.core.errors import CardUnknown, JoinCodeUnknown
from app.participants import service as participants
from app.participants.schemas import OpenPass
from app.web.deps import OpenWork, TheHouse
from app.web.patience import Caller, Patience, caller_of, patience_of
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

MOST_WRONG_NUMBERS = 30


@dataclass(frozen=True)
class Door:
    """One request that stands there."""

    patience: Patience
    caller: Caller
    now: datetime

    def find_joinable(self, work: Work, code: str) -> WorkshopRecord:
        """The open workshop behind a typed code; raises CodeMistyped or JoinCodeUnknown."""
        return self._known(workshops.get_workshop_by_join_code(work, read_join_code(code)))

    def find_known(self, work: Work, code: str) -> WorkshopRecord:
        """Also one that was put away: a card's square opens what is kept as long as it is kept.

        Raises CodeMistyped or JoinCodeUnknown.
        """
        return self._known(workshops.get_last_by_join_code(work, read_join_code(code)))

    def open_by_number(
        self, work: Work, workshop: WorkshopRecord, typed: str, *, language: str
    ) -> tuple[OpenPass, str]:
        """`participants.join_with_number`; while numbers are guessed, it waits for the trainer."""
        key = f"numbers/{workshop.id}"
        is_guessed = self.patience.count_misses(key, self.now) >= MOST_WRONG_NUMBERS
        try:
            return participants.join_with_number(
                work, workshop, typed, language=language, waits=is_guessed
            )
        except CardUnknown:
            self.patience.note_miss(key, self.now)
            raise

    def _known(self, workshop: WorkshopRecord | None) -> WorkshopRecord:
        if workshop is None:
            self.caller.note_miss()
            raise JoinCodeUnknown()
        return workshop


async def stand_at_door(request: Request, house: TheHouse) -> Door:
    """Wait before any transaction is open: handlers ask for the door before anything else."""
    caller = caller_of(request, house, "codes")
    await caller.wait()
    app: FastAPI = request.app
    return Door(patience_of(app), caller, house.clock.now())


TheDoor = Annotated[Door, Depends(stand_at_door)]


def require_joinable(door: TheDoor, code: str, work: OpenWork) -> WorkshopRecord:
    """The open workshop of this address."""
    return door.find_joinable(work, code)


def require_known(door: TheDoor, code: str, work: OpenWork) -> WorkshopRecord:
    """The workshop of this address, also one that was put away."""
    return door.find_known(work, code)


Joinable = Annotated[WorkshopRecord, Depends(require_joinable)]
KnownWorkshop = Annotated[WorkshopRecord, Depends(require_known)]
