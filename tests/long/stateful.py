"""R12: rooms go through any steps by the real services; after each step each is as a model says."""

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.accounts.schemas import Role
from app.gains import rollups
from app.main import build_house
from tests.fixtures.house import FakeClock, a_staff_member, make_settings, publish_real_banks
from tests.fixtures.load_room import fresh_database
from tests.long.room_machine import World
from tests.long.room_phones import RoomMachine


@dataclass(frozen=True)
class Size:
    """How many rooms, and how many steps each."""

    rooms: int
    steps: int


SHORT, LONG = Size(50, 30), Size(3000, 50)


def run_rooms(world: World, size: Size) -> None:
    """Go through that many rooms; raises AssertionError with the steps that led to a fault."""

    class Machine(RoomMachine):
        pass

    Machine.world = world
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=size.rooms,
            stateful_step_count=size.steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    with world.house.unit(writes=True) as work:
        assert rollups.check_all(work).differences == (), "the running sums are others"


def go_through(world: World, passage: Callable[[RoomMachine], None]) -> None:
    """One room through steps that are told, not drawn; raises AssertionError as run_rooms does."""

    class Machine(RoomMachine):
        pass

    Machine.world = world
    room = Machine()
    room.begin()
    passage(room)
    room.is_as_the_model_says()


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R12 for the command line."""
    size = SHORT if chosen.short else LONG
    found = ""
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        clock = FakeClock()
        house = build_house(make_settings(folder, url), clock)
        publish_real_banks(house)
        world = World(house, clock, a_staff_member(house, "amal", Role.TRAINER), Counter())
        try:
            run_rooms(world, size)
        except AssertionError as error:
            found = "\n".join([str(error), *getattr(error, "__notes__", ())])
        house.engine.dispose()
    return {
        "rooms": size.rooms,
        "most_steps_of_each": size.steps,
        **world.counts,
        "found": found,
        "is_ok": not found,
    }
