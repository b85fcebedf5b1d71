"""A restored copy brings nobody back who was erased since, and no name that ended since.

R23 after a restore; decision 0026.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.envelopes import make_key_pair
from app.adapters.sealing import KeyFolder
from app.gains import rollups
from app.main import build_house, redo_once, settle_once, tidy_once
from app.participants import service as participants
from app.settings import Settings
from app.upkeep import erasures, persons, workshop_files
from app.upkeep.backups import back_up_database, back_up_keys
from app.upkeep.erasures import BESIDE, FILE
from app.upkeep.restoring import Restored, restore
from app.upkeep.setup import forget_names
from app.web.house import House
from tests import postgres
from tests.fixtures.house import START, FakeClock, Room, a_workshop, make_settings
from tests.fixtures.loop import everything_stored, join, rows
from tests.integration.test_persons import CANARY, a_finished_loop
from tests.integration.test_privacy import Loop, read_name

KEY = make_key_pair()
LATER = START + timedelta(days=3)


@pytest.fixture
def elsewhere(
    tmp_path: Path, database_kind: str, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Another machine: no keys, and an empty database of the same kind."""
    folder = tmp_path / "elsewhere"
    if database_kind == "sqlite":
        yield make_settings(folder, "")
        return
    databases: postgres.Databases = request.getfixturevalue("postgres_databases")
    with databases.fresh() as url:
        yield make_settings(folder, url)


def back_up(house: House, out: Path) -> tuple[Path, Path]:
    """Backups of database and keys; where they lie."""
    made = back_up_database(house.settings, out, to=KEY.public, now=START, keep_days=35)
    return made.path, back_up_keys(house.settings, out, to=KEY.public, now=START).path


def erase(house: House, loop: Loop, *, keeps: bool) -> None:
    """By the trainer, for the first person."""
    card = loop.room.cards[0].card
    with house.unit(writes=True) as work:
        persons.erase_for(
            work, loop.room.workshop, card, keeps=keeps, asked="aloud", by=loop.trainer
        )


def secrets_of(house: House, loop: Loop) -> list[str]:
    """What must stand nowhere once the person is erased."""
    card = loop.room.cards[0].card
    (identity,) = rows(house, "SELECT person_key FROM identities")
    return [CANARY, card.id, identity["person_key"]]


class PowerGone(Exception):
    """What ends a transaction in the middle."""


def erase_until(house: House, room: Room, by: StaffPerson, *, is_noted: bool) -> None:
    """Erase the first person, and stop before the commit: after or before the journal has it."""
    with house.unit(writes=True) as work:
        card = room.cards[0].card
        persons.erase_for(work, room.workshop, card, keeps=True, asked="aloud", by=by)
        work.before_commit.append(_stop)
        if not is_noted:
            _stop()


def _stop() -> None:
    raise PowerGone


def put_back(settings: Settings, *files: Path) -> list[Restored]:
    """One after another, as on the command line."""
    return [restore(settings, file, KEY.private, now=LATER) for file in files]


@pytest.mark.parametrize("keys_first", [False, True])
def test_who_was_erased_after_the_backup_is_nowhere_after_its_restore(
    client: TestClient, house: House, amal: StaffPerson, elsewhere: Settings, tmp_path: Path,
    clock: FakeClock, keys_first: bool,
) -> None:  # fmt: skip
    loop = a_finished_loop(client, house, amal)
    clock.advance(timedelta(hours=25))
    settle_once(house)
    secrets = secrets_of(house, loop)
    database, keys = back_up(house, tmp_path / "out")
    erase(house, loop, keeps=True)
    back_up(house, tmp_path / "newer")  # a later run copies the journal to where it writes
    shutil.copy(tmp_path / "newer" / BESIDE, database.parent / BESIDE)

    found = put_back(elsewhere, *((keys, database) if keys_first else (database, keys)))

    assert [each.redone.persons for each in found] == [0, 1]
    assert found[0].redone.waiting == 1
    there = build_house(elsewhere)
    try:
        kept = everything_stored(there)
        assert [secret for secret in secrets if secret.encode() in kept] == []
        assert (
            rows(there, "SELECT * FROM sittings") == rows(there, "SELECT * FROM identities") == []
        )
        assert rows(there, "SELECT sealed_name, holder_key FROM certificates") == [
            {"sealed_name": None, "holder_key": None}
        ]
        (line,) = rows(there, "SELECT facts FROM audit_events WHERE verb = 'erase_person'")
        assert json.loads(line["facts"]) == {"asked": "again"}
        with there.unit(writes=True) as work:
            assert rollups.check_all(work).differences == ()
        again = redo_once(there)
        assert (again.count, again.failed, again.waiting) == (0, 0, 0)
    finally:
        there.engine.dispose()


@pytest.mark.sqlite_only
def test_the_same_machine_knows_it_without_a_journal_beside_the_backup(
    client: TestClient, house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    loop = a_finished_loop(client, house, amal)
    secrets = secrets_of(house, loop)
    database, _ = back_up(house, tmp_path / "out")
    (database.parent / BESIDE).unlink()
    erase(house, loop, keeps=False)
    house.engine.dispose()

    found = restore(house.settings, database, KEY.private, now=LATER, replaces=True)

    assert (found.has_journal, found.redone.persons) == (False, 1)
    kept = everything_stored(house)
    assert [secret for secret in secrets if secret.encode() in kept] == []
    assert rows(house, "SELECT id FROM certificates") == []


def test_names_whose_key_ended_after_the_backup_end_again_with_the_way_to_the_card(
    client: TestClient, house: House, amal: StaffPerson, elsewhere: Settings, tmp_path: Path
) -> None:
    loop = a_finished_loop(client, house, amal)
    database, keys = back_up(house, tmp_path / "out")
    with house.unit(writes=True) as work:
        forget_names(work, loop.room.workshop.id)
    erasures.put_beside(house.keys, database.parent)  # as the next night's backup does

    found = put_back(elsewhere, keys, database)

    name = participants.workshop_key(loop.room.workshop.id)
    assert found[0].ended == (name,)
    assert found[1].redone.names == 1
    for folder in (elsewhere.keys, elsewhere.key_backup):
        assert not (folder / f"{name}.key").exists()
    there = build_house(elsewhere)
    try:
        with there.unit(writes=False) as work:
            assert read_name(work, loop.room.cards[0].card) is None
        assert rows(there, "SELECT sealed_name, holder_key FROM certificates") == [
            {"sealed_name": None, "holder_key": None}
        ]
        assert redo_once(there).count == 0
    finally:
        there.engine.dispose()


def test_a_workshop_that_was_wiped_after_the_backup_is_wiped_again(
    house: House, amal: StaffPerson, elsewhere: Settings, tmp_path: Path
) -> None:
    room = a_workshop(house, amal, people=3)
    join(house, room, 0)
    database, keys = back_up(house, tmp_path / "out")
    with house.unit(writes=True) as work:
        document = workshop_files.write_document(
            work, room.workshop.id, with_names=False, threshold=house.settings.outside_threshold
        )
        workshop_files.wipe(work, json.loads(document))
    erasures.put_beside(house.keys, database.parent)

    found = put_back(elsewhere, keys, database)

    assert found[1].redone.wiped == 1
    there = build_house(elsewhere)
    try:
        assert (
            rows(there, "SELECT id FROM participants") == rows(there, "SELECT id FROM cards") == []
        )
        assert redo_once(there).count == 0
    finally:
        there.engine.dispose()


def test_an_erasure_that_was_begun_and_not_committed_is_done_by_tidying(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    """The power went between the journal and the commit."""
    loop = a_finished_loop(client, house, amal)

    with pytest.raises(PowerGone):
        erase_until(house, loop.room, amal, is_noted=True)
    assert len(rows(house, "SELECT id FROM sittings")) == 2

    assert tidy_once(house, checks_sums=False).redone.persons == 1
    assert rows(house, "SELECT id FROM sittings") == []
    assert tidy_once(house, checks_sums=False).redone.count == 0


def test_what_was_refused_is_not_in_the_journal(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, people=3)
    with pytest.raises(PowerGone):
        erase_until(house, room, amal, is_noted=False)
    assert erasures.find_persons(house.keys) == []


def test_the_journal_holds_digests_and_ids_and_survives_a_torn_line(
    client: TestClient, house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    loop = a_finished_loop(client, house, amal)
    card = loop.room.cards[0]
    erase(house, loop, keeps=True)
    own, copy = (house.settings.keys / FILE, house.settings.key_backup / FILE)
    assert own.read_bytes() == copy.read_bytes()
    assert own.stat().st_mode & 0o777 == 0o600
    told = json.loads(own.read_text())
    assert told.keys() == {"kind", "at", "workshop_id", "card", "name", "holder", "keeps"}
    assert {len(told[each]) for each in ("card", "name", "holder")} == {64}
    for secret in (card.card.id, card.card.number, card.token, loop.number, "Farkhunda"):
        assert secret not in own.read_text()

    own.write_bytes(own.read_bytes() + b'{"kind": "per')
    with house.unit(writes=True) as work:
        other = loop.room.cards[1].card
        persons.erase_for(work, loop.room.workshop, other, keeps=True, asked="aloud", by=amal)
    assert len(erasures.find_persons(house.keys)) == 2
    erasures.put_beside(house.keys, tmp_path)
    erasures.put_beside(house.keys, tmp_path)  # nothing twice
    assert len((tmp_path / BESIDE).read_text().splitlines()) == 2
    (tmp_path / BESIDE).write_text('{"kind": "key", "name": "../../x"}\nno line\n[]\n')
    strange = KeyFolder(tmp_path / "keys")
    assert erasures.take_in(strange, tmp_path)
    assert strange.destroyed() == []
