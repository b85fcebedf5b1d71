"""R12: a room, its trainer and the time: tests open, close and open again, people are erased.

After each step everything stored is held against the model (`tests.fixtures.sitting_model`).
"""

import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from app.accounts.schemas import StaffPerson
from app.core.errors import (
    AdministrationNotOpen,
    OccasionOutOfOrder,
    Refusal,
)
from app.core.scoring import UNITS_PER_POINT, ItemKind
from app.main import settle_once
from app.participants import service as participants
from app.upkeep import persons
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_workshop,
)
from tests.fixtures.loop import keys_of
from tests.fixtures.sitting_model import (
    Passage,
    Person,
    Phone,
    Test,
)
from tests.fixtures.stored_rooms import StoredSitting, read_room

_PEOPLE, ITEMS = 3, 4
NUMBERS = st.integers(0, 9999)
_occasions = st.sampled_from((Occasion.PRE, Occasion.POST))


@dataclass(frozen=True)
class World:
    """What all rooms share, and how much was done in them."""

    house: House
    clock: FakeClock
    trainer: StaffPerson
    counts: Counter[str]


class RoomBase(RuleBasedStateMachine):
    """One workshop with three people, its trainer, and the time; subclasses have the world."""

    world: World

    def plan(self) -> None:
        house = self.world.house
        self.room: Room = a_workshop(house, self.world.trainer, people=_PEOPLE)
        self.people = [Person(each.card.number, each.token) for each in self.room.cards]
        self.tests = {each: Test(each) for each in (Occasion.PRE, Occasion.POST)}
        self.phones: list[Phone] = []
        self.names = itertools.count()
        self.open(Occasion.PRE)
        singles = [key for key in keys_of(house, self.room) if key.kind is ItemKind.SINGLE_CHOICE]
        self.keys = {
            key.item: (min(key.keys), key.points * UNITS_PER_POINT) for key in singles[:ITEMS]
        }

    # --- the trainer and time ----------------------------------------------------------------

    @rule(occasion=_occasions)
    def open(self, occasion: Occasion) -> None:
        """Open, or open again, when no other test runs and the one before is closed."""
        test, others = self.tests[occasion], [*self.tests.values()]
        is_blocked = any(each is not test and each.is_running for each in others) or (
            occasion is Occasion.POST and not self.tests[Occasion.PRE].was_opened
        )
        found = self.told(self._open, occasion)
        if is_blocked and not (test.is_running and test.ends_at is None):
            assert isinstance(found, OccasionOutOfOrder), found
            return
        test.was_opened, test.is_running, test.ends_at = True, True, None

    def _open(self, work: Any, occasion: Occasion) -> Any:
        return self.world.house.open_test(
            work, self.room.workshop, occasion, by=self.world.trainer, accepts_unreviewed=True
        )

    @rule(occasion=_occasions, seconds=st.sampled_from((0, 0, 120)))
    def close(self, occasion: Occasion, seconds: int) -> None:
        """At once, or with two minutes' notice; said again it only moves forward."""
        test, now = self.tests[occasion], self.world.clock.now()
        found = self.told(self._close, occasion, seconds)
        if not test.is_running:
            assert isinstance(found, AdministrationNotOpen), found
            return
        end = now + timedelta(seconds=seconds)
        test.ends_at = max(end, test.ends_at) if seconds and test.ends_at else end
        test.is_running = bool(seconds)

    def _close(self, work: Any, occasion: Occasion, seconds: int) -> Any:
        return self.world.house.close_test(
            work, self.room.workshop, occasion, by=self.world.trainer, seconds=seconds
        )

    @rule(seconds=st.sampled_from((5, 5, 60, 60, 600, 3600, 25 * 3600)), settles=st.booleans())
    def wait(self, seconds: int, settles: bool) -> None:
        """Time passes; the endings that are due are carried out, or not yet."""
        self.world.clock.advance(timedelta(seconds=seconds))
        if settles:
            settle_once(self.world.house)
            for test in self.tests.values():
                if test.end_before(self.world.clock.now()) is not None:
                    test.is_running = False

    @rule(number=NUMBERS)
    def erase(self, number: int) -> None:
        """The person and all tests go; phones that come later are told so."""
        person = self.pick(self.people, number)
        if person.is_erased or number % 3:
            return
        self.do(self._erase, person)
        person.is_erased = True
        self.world.counts["erased"] += 1
        person.passages.clear()

    def _erase(self, work: Any, person: Person) -> None:
        card = participants.require_card(work, self.room.workshop, person.number)
        persons.erase_for(
            work, self.room.workshop, card, keeps=False, asked="in person", by=self.world.trainer
        )

    # --- what must hold after each step ------------------------------------------------------

    @invariant()
    def is_as_the_model_says(self) -> None:
        """The log, what stands, what was sent, the scores: for everybody."""
        if not hasattr(self, "room"):
            return
        self.world.counts["steps"] += 1
        stored = read_room(self.world.house.engine, self.room.workshop.id)
        known = {
            passage.id: (passage, self.tests[occasion])
            for person in self.people
            for occasion, passage in person.passages.items()
        }
        assert set(stored) == set(known)
        for sitting_id, (passage, test) in known.items():
            self._compare(stored[sitting_id], passage, test)

    def _compare(self, stored: StoredSitting, passage: Passage, test: Test) -> None:
        row = stored.row
        assert stored.log == {each.id: each.content for each in passage.kept.values()}
        assert stored.standing == {item: tap.id for item, tap in passage.standing().items()}
        assert stored.late == passage.late
        assert row["answered_count"] == passage.answered()
        assert bool(row["is_late"]) == bool(passage.late)
        assert (row["submitted_by"] == "participant") == passage.is_sent
        if row["units"] is not None:
            assert row["units"] == passage.units(self.keys)
            assert row["state"] == "submitted"
        elif passage.is_sent or (passage.answered() and test.was_opened and not test.is_running):
            raise AssertionError("what was sent, or closed with answers in it, has a score")

    # --- in few words ------------------------------------------------------------------------

    @staticmethod
    def pick(choices: list[Any], number: int) -> Any:
        return choices[number % len(choices)]

    def phones_of(self, person: Person) -> list[Phone]:
        return [phone for phone in self.phones if phone.person is person]

    def is_taken(self, test: Test) -> bool:
        return test.is_running and test.end_before(self.world.clock.now()) is None

    def passage_of(self, sitting_id: str) -> tuple[Passage | None, Test]:
        for person in self.people:
            for occasion, passage in person.passages.items():
                if passage.id == sitting_id:
                    return passage, self.tests[occasion]
        return None, self.tests[Occasion.PRE]

    def do(self, verb: Any, *told: Any, **named: Any) -> Any:
        with self.world.house.unit(writes=True) as work:
            return verb(work, *told, **named)

    def told(self, verb: Any, *told: Any, **named: Any) -> Any:
        """What a verb gives, or its refusal."""
        try:
            return self.do(verb, *told, **named)
        except Refusal as refusal:
            return refusal
