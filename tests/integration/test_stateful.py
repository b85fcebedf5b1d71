"""R12 in short: whatever a room goes through, it is as the model says; and the model bites."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.schemas import StaffPerson
from app.core import merging
from app.sittings import ledger
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import FakeClock
from tests.long.room_machine import World
from tests.long.room_phones import RoomMachine
from tests.long.stateful import SHORT, go_through, run_rooms

pytestmark = pytest.mark.sqlite_only  # on PostgreSQL: python -m tests.long stateful --postgres


def test_a_room_is_as_the_model_says_whatever_it_goes_through(
    house: House, clock: FakeClock, amal: StaffPerson
) -> None:
    world = World(house, clock, amal, Counter())
    run_rooms(world, SHORT)
    assert world.counts["steps"] > 500
    assert min(world.counts[each] for each in ("kept", "refused")) > 20


def _a_late_lower_change(room: RoomMachine) -> None:
    room.tap(0, 0, "a", is_online=False)
    room.tap(0, 0, "b", is_online=True)
    room.send(0, [*range(6)], is_again=False, lies=False, finishes=False)


def _a_tap_after_the_end(room: RoomMachine) -> None:
    room.close(Occasion.PRE, 0)
    room.wait(60, settles=False)
    room.tap(0, 1, "b", is_online=True)


def _another_content(room: RoomMachine) -> None:
    room.tap(0, 0, "a", is_online=True)
    room.send_other_content(0)


def _a_whole_test(room: RoomMachine) -> None:
    room.take(0, finishes=True)
    assert room.world.counts["sent"] == 1


# Drawn rooms may be poor in one of these: each is gone through on purpose, too.
PASSAGES = (_a_late_lower_change, _a_tap_after_the_end, _another_content, _a_whole_test)


@pytest.mark.parametrize("passage", PASSAGES)
def test_a_passage_is_as_the_model_says(
    passage: Callable[[RoomMachine], None], house: House, clock: FakeClock, amal: StaffPerson
) -> None:
    go_through(World(house, clock, amal, Counter()), passage)


def _lower_wins(**told: Any) -> merging.Verdict:
    verdict = merging.decide(**told)
    is_older = verdict is merging.Verdict.STORE_AS_OLDER
    return merging.Verdict.STORE_AS_CURRENT if is_older else verdict


def _taken_after_the_end(**told: Any) -> merging.Arrival:
    return merging.arrival(**told | {"age": timedelta(days=1)})


def _kept_anew(**told: Any) -> merging.Verdict:
    verdict = merging.decide(**told)
    return merging.Verdict.SAME if verdict is merging.Verdict.CONFLICT else verdict


# As if the rule were another one: the passage that meets it must tell.
BROKEN: dict[str, tuple[str, Callable[..., Any], Callable[[RoomMachine], None]]] = {
    "a late lower change wins": ("decide", _lower_wins, _a_late_lower_change),
    "a tap after the end is taken": ("arrival", _taken_after_the_end, _a_tap_after_the_end),
    "another content is taken for the same": ("decide", _kept_anew, _another_content),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_found(
    name: str,
    house: House,
    clock: FakeClock,
    amal: StaffPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule, broken, passage = BROKEN[name]
    monkeypatch.setattr(ledger, rule, broken)
    with pytest.raises(AssertionError):
        go_through(World(house, clock, amal, Counter()), passage)
