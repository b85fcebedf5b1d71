"""What the trainer's room shows: where the day stands, and how far everybody is. No answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.adapters.db import Work
from app.participants import service as participants
from app.participants.schemas import CardLine
from app.sittings import service as sittings
from app.sittings.schemas import SittingProgress, SittingState
from app.workshops import service as workshops
from app.workshops.schemas import (
    AdministrationRecord,
    AdministrationState,
    Occasion,
    WorkshopRecord,
)

QUIET_AFTER = timedelta(minutes=3)
"""Without a tap for so long, the trainer has a look (interfaces.md §2.3)."""

_ORDER = ("answering", "here", "finished", "declined", "not_here")


@dataclass(frozen=True)
class RoomLine:
    """One card in the room; never a name, never an answer."""

    number: str
    state: str
    answered: int
    total: int
    last_saved_at: datetime | None
    is_phone_waiting: bool
    has_called: bool
    is_taken: bool
    is_quiet: bool

    @property
    def is_in_need(self) -> bool:
        """Whether the trainer should go there."""
        return self.has_called or self.is_phone_waiting or self.is_quiet


@dataclass(frozen=True)
class RoomCounts:
    """The numbers at the top of the room."""

    finished: int
    answering: int
    not_here: int
    declined: int
    in_need: int
    total: int
    opening: int
    with_test: int

    def may_join(self, places: int) -> int:
        """How many more may join a network of so many places, once who has the test has left it."""
        return max(0, min(places - self.opening, self.not_here))


@dataclass(frozen=True)
class Room:
    """The live part of the room."""

    workshop: WorkshopRecord
    administrations: dict[Occasion, AdministrationRecord]
    current: AdministrationRecord | None
    lines: list[RoomLine]
    counts: RoomCounts
    closes_in_seconds: int | None

    @property
    def step(self) -> str:
        """Where the day stands: setup, pre, teach, post or results."""
        pre, post = self.administrations[Occasion.PRE], self.administrations[Occasion.POST]
        if post.state is AdministrationState.CLOSED:
            return "results"
        if post.opened_at is not None:
            return "post"
        if pre.state is AdministrationState.CLOSED:
            return "teach"
        return "setup" if pre.opened_at is None else "pre"


def read_room(work: Work, workshop: WorkshopRecord, *, is_in_waves: bool = False) -> Room:
    """The room as it is now, sorted by who needs the trainer first.

    Where phones leave the network until they send (`is_in_waves`), a quiet phone says nothing.
    """
    administrations = {
        each.occasion: each for each in workshops.find_administrations(work, workshop)
    }
    current = workshops.get_current_administration(work, workshop.id)
    shown = current or _latest(administrations)
    progress = {
        each.participant_id: each for each in (sittings.find_progress(work, shown) if shown else [])
    }
    total = workshops.count_items(work, workshop)
    quiet_before = work.now - QUIET_AFTER if current and not is_in_waves else None
    lines = [
        _line(each, progress, total, quiet_before)
        for each in participants.find_card_lines(work, workshop)
    ]
    lines.sort(key=lambda line: (_rank(line), line.number))
    return Room(
        workshop=workshop,
        administrations=administrations,
        current=current,
        lines=lines,
        counts=_count(lines),
        closes_in_seconds=current.seconds_left_at(work.now) if current else None,
    )


def _latest(administrations: dict[Occasion, AdministrationRecord]) -> AdministrationRecord | None:
    opened = [(each.opened_at, each) for each in administrations.values() if each.opened_at]
    return max(opened, key=lambda pair: pair[0])[1] if opened else None


def _line(
    card: CardLine,
    progress: dict[str, SittingProgress],
    total: int,
    quiet_before: datetime | None,
) -> RoomLine:
    person = card.participant
    found = progress.get(person.id) if person else None
    if found is not None and found.state is SittingState.SUBMITTED:
        state = "finished"
    elif found is not None:
        state = "answering"
    elif person is not None:
        state = "here" if person.has_agreed else "declined"
    else:
        state = "here" if card.has_phone else "not_here"
    return RoomLine(
        number=card.card.number,
        state=state,
        answered=found.answered_count if found else 0,
        total=total,
        last_saved_at=found.last_saved_at if found else None,
        is_phone_waiting=card.is_phone_waiting,
        has_called=card.has_called,
        is_taken=card.is_taken,
        is_quiet=(
            found is not None
            and state == "answering"
            and quiet_before is not None
            and (found.last_saved_at or found.started_at) <= quiet_before
        ),
    )


def _rank(line: RoomLine) -> int:
    needs = (line.has_called, line.is_phone_waiting, line.is_quiet)
    return needs.index(True) if any(needs) else len(needs) + _ORDER.index(line.state)


def _count(lines: list[RoomLine]) -> RoomCounts:
    states = [line.state for line in lines]
    return RoomCounts(
        finished=states.count("finished"),
        answering=states.count("answering") + states.count("here"),
        not_here=states.count("not_here"),
        declined=states.count("declined"),
        in_need=sum(line.is_in_need for line in lines),
        total=len(lines),
        opening=states.count("here"),
        with_test=states.count("answering"),
    )
