"""What the projector shows the whole room: the way in, dots, and the gain; never anybody's own."""

from dataclasses import dataclass

from app.adapters.db import Work
from app.gains import service as gains
from app.gains.service import Audience, GainSummary, ObjectiveRow
from app.web.house import House
from app.web.room import read_room
from app.workshops.schemas import AdministrationRecord, WorkshopRecord

MOST_TOPICS = 5  # more cannot be read from the back wall


@dataclass(frozen=True)
class Dots:
    """One dot for each person, in no order of persons; who takes no test has none."""

    finished: int
    answering: int
    not_here: int

    @property
    def total(self) -> int:
        """All dots."""
        return self.finished + self.answering + self.not_here

    @property
    def kinds(self) -> list[str]:
        """The dots one after the other: full, half, dashed."""
        return ["full"] * self.finished + ["half"] * self.answering + ["none"] * self.not_here


@dataclass(frozen=True)
class Reveal:
    """The room's gain and the topics that fit, in the form's order; `topic_count` are all."""

    gain: GainSummary
    topics: tuple[ObjectiveRow, ...]
    topic_count: int


@dataclass(frozen=True)
class Wall:
    """The live part of the projector."""

    current: AdministrationRecord | None
    closes_in_seconds: int | None
    dots: Dots
    reveal: Reveal


def read_wall(house: House, work: Work, workshop: WorkshopRecord) -> Wall:
    """The wall as it is now; figures as the team may see the whole room, from snapshots alone."""
    room = read_room(work, workshop)
    least = house.settings.outside_threshold
    results = gains.read_results(work, workshop, Audience.TEAM, threshold=least)
    return Wall(
        current=room.current,
        closes_in_seconds=room.closes_in_seconds,
        dots=Dots(room.counts.finished, room.counts.answering, room.counts.not_here),
        reveal=Reveal(
            gain=gains.read_summary(
                work, workshop, Audience.TEAM, threshold=least, late=house.late
            ),
            topics=most_asked(results.objectives),
            topic_count=len(results.objectives),
        ),
    )


def most_asked(topics: tuple[ObjectiveRow, ...]) -> tuple[ObjectiveRow, ...]:
    """The five with most questions, chosen by nothing that anybody answered."""
    told = [each for each in topics if each.figures is not None]
    kept = sorted(told, key=lambda each: -len(each.items))[:MOST_TOPICS]
    return tuple(each for each in told if each in kept)
