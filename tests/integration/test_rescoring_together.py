"""A correction beside what happens at the same moment, and in files between two databases."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.accounts.schemas import StaffPerson
from app.banks import corrections
from app.banks import service as banks
from app.core.disclosure import Audience
from app.core.errors import CorrectionRefused
from app.gains import rescoring
from app.gains import service as gains
from app.sittings import service as sittings
from app.upkeep.sealed_files import FileRefused
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Occasion
from tests.fixtures.corrections import PAIRS, another_key, correct
from tests.fixtures.house import FakeClock, Room, a_workshop, open_test
from tests.fixtures.loop import at_once, join, rows, run_workshop
from tests.fixtures.places import Place, a_place


@pytest.fixture
def laptop(sqlite_published: Path, tmp_path: Path, clock: FakeClock) -> Iterator[Place]:
    """Where the workshop was held."""
    made = a_place(tmp_path, sqlite_published, "room", clock)
    yield made
    made.house.engine.dispose()


def test_a_test_that_starts_while_its_workshop_is_scored_anew_is_on_the_new_version(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    opened = open_test(house, room, Occasion.PRE, amal)
    new_form = correct(house, room, amal, *another_key(house, room), runs=False)
    phone = join(house, room, 0)

    def start() -> None:
        with house.unit(writes=True) as work:
            sittings.open_sitting(work, phone, opened)

    starting = threading.Thread(target=start)
    with house.unit(writes=True) as work:
        rescoring.rescore_workshop(work, room.workshop.id, opened.form_id, new_form)
        starting.start()
        starting.join(timeout=0.5)  # it has to wait, or to come before
    starting.join(timeout=30)
    assert [row["form_id"] for row in rows(house, "SELECT form_id FROM sittings")] == [new_form]


def test_sixty_tests_that_start_at_once_do_not_wait_for_each_other(
    house: House, amal: StaffPerson
) -> None:
    """On SQLite one after the other, as every write there; on PostgreSQL beside each other."""
    room = a_workshop(house, amal, people=2)
    opened = open_test(house, room, Occasion.PRE, amal)
    first, second = (join(house, room, person) for person in range(2))
    if house.engine.dialect.name == "sqlite":
        for phone in (first, second):
            with house.unit(writes=True) as work:
                sittings.open_sitting(work, phone, opened)
        return
    with house.unit(writes=True) as one, house.unit(writes=True) as other:
        sittings.open_sitting(one, first, opened)
        sittings.open_sitting(other, second, opened)
    assert len(rows(house, "SELECT id FROM sittings")) == 2


def test_a_workshop_that_another_worker_has_scored_anew_is_neither_done_again_nor_a_fault(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=5)
    run_workshop(house, room, amal, PAIRS[:5])
    new_form = correct(house, room, amal, *another_key(house, room), runs=False)
    own = (room.workshop.id, room.workshop.form_id, new_form)
    done = []
    for _worker in range(2):  # both had found the workshop before either could hold it
        with house.unit(writes=True) as work:
            done.append(rescoring.rescore_workshop(work, *own))
    assert done == [True, False]
    assert len(rows(house, "SELECT tests FROM rescorings")) == 1


def test_of_two_corrections_at_once_one_is_told_that_there_is_one(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=0)
    item, keys = another_key(house, room)
    with house.unit(writes=False) as work:
        form = banks.require_form(work, room.workshop.form_id)

    def once() -> Any:
        with house.unit(writes=True) as work:
            return corrections.correct_form(
                work, form, item=item, keys=keys * 2, reason="The law says otherwise.", by=amal
            )

    made = at_once(once, once)
    assert sorted(type(each).__name__ for each in made) == ["CorrectionRefused", "PublishedForm"]
    (refused,) = [each for each in made if isinstance(each, CorrectionRefused)]
    assert refused.facts["reason"] == "correction_done"
    (row,) = rows(house, "SELECT keys FROM form_corrections")
    assert row["keys"] == f'["{keys[0]}"]'  # named twice, kept once


def same_form(house: House, content_hash: str, room: Room) -> Room:
    """The room as if its form were this database's own."""
    with house.unit(writes=False) as work:
        own = banks.get_form_id(work, content_hash)
        assert own is not None
        return Room(room.workshop.__class__(**(vars(room.workshop) | {"form_id": own})), room.cards)


def hash_of(house: House, form_id: str) -> str:
    with house.unit(writes=False) as work:
        return banks.require_form(work, form_id).content_hash


def test_another_database_tells_outside_by_the_version_that_was_told_first(
    laptop: Place, house: House, amal: StaffPerson
) -> None:
    national = Place(house, "national")
    room = laptop.hold(PAIRS)
    first = hash_of(laptop.house, room.workshop.form_id)
    item, keys = another_key(laptop.house, room)
    correct(laptop.house, room, laptop.trainer, item, keys)
    document = laptop.export(room)
    with pytest.raises(FileRefused) as refused:
        national.bring_in(document)
    assert f"question {item}: {keys[0]} is right" in str(refused.value)
    assert "Then make the same corrections here" in str(refused.value)
    correct(house, same_form(house, first, room), amal, item, keys)
    national.bring_in(document)
    told = []
    for place in (laptop.house, house):
        with place.unit(writes=False) as work:
            workshop = workshops.require_workshop(work, room.workshop.id)
            for audience in Audience:
                known = gains.read_results(work, workshop, audience, threshold=10)
                told.append((hash_of(place, known.form_id), known.room))
    assert told[:2] == told[2:]
    assert told[1][0] == first != told[0][0]
