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
from tests.fixtures.house import FakeClock
from tests.long.room_machine import World
from tests.long.stateful import SHORT, Size, run_rooms

pytestmark = pytest.mark.sqlite_only  # on PostgreSQL: python -m tests.long stateful --postgres


def test_a_room_is_as_the_model_says_whatever_it_goes_through(
    house: House, clock: FakeClock, amal: StaffPerson
) -> None:
    world = World(house, clock, amal, Counter())
    run_rooms(world, SHORT)
    assert world.counts["steps"] > 800
    assert min(world.counts[each] for each in ("kept", "refused", "sent")) > 2


def _lower_wins(**told: Any) -> merging.Verdict:
    verdict = merging.decide(**told)
    is_older = verdict is merging.Verdict.STORE_AS_OLDER
    return merging.Verdict.STORE_AS_CURRENT if is_older else verdict


def _taken_after_the_end(**told: Any) -> merging.Arrival:
    return merging.arrival(**told | {"age": timedelta(days=1)})


def _kept_anew(**told: Any) -> merging.Verdict:
    verdict = merging.decide(**told)
    return merging.Verdict.SAME if verdict is merging.Verdict.CONFLICT else verdict


# As if the rule were another one: each must be found.
BROKEN: dict[str, tuple[str, Callable[..., Any]]] = {
    "a late lower change wins": ("decide", _lower_wins),
    "a tap after the end is taken": ("arrival", _taken_after_the_end),
    "another content is taken for the same": ("decide", _kept_anew),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_found(
    name: str,
    house: House,
    clock: FakeClock,
    amal: StaffPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule, broken = BROKEN[name]
    monkeypatch.setattr(ledger, rule, broken)
    with pytest.raises(AssertionError):
        run_rooms(World(house, clock, amal, Counter()), Size(rooms=60, steps=30))
