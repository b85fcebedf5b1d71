"""Tidying: names and single answers end on their day, by themselves, once, and for good."""

import os
import shutil
import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.db import make_engine
from app.adapters.leases import Lease
from app.gains import rollups
from app.main import create_app, settle_once, tidy_once
from app.participants import service as participants
from app.upkeep.tidy import COPY_DAYS
from app.web.house import House
from tests.fixtures.house import FakeClock, a_client, bearer_of, make_settings
from tests.fixtures.loop import change, rows
from tests.fixtures.server import run_app
from tests.integration.test_privacy import Loop, read_name

LAST_DAY = timedelta(days=90)
A_DAY = timedelta(days=1)


def test_names_end_by_themselves_when_their_days_are_over_and_stay_ended(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock, tmp_path: Path
) -> None:
    loop = Loop(client, house, amal)
    loop.certify()
    card, workshop = loop.room.cards[0].card, loop.room.workshop.id
    old_keys = shutil.copytree(house.settings.keys, tmp_path / "old-keys")

    clock.advance(LAST_DAY + A_DAY)
    assert tidy_once(house, checks_sums=False).names_ended == []
    clock.advance(2 * A_DAY)
    assert tidy_once(house, checks_sums=False).names_ended == [workshop]

    with house.unit(writes=False) as work:
        assert read_name(work, card) is None
    assert tidy_once(house, checks_sums=True).names_ended == []  # once
    ended = rows(house, "SELECT staff_id FROM audit_events WHERE verb = 'forget_names'")
    assert len(ended) == 1

    key = f"{participants.workshop_key(workshop)}.key"
    for folder in (house.settings.keys, house.settings.key_backup):  # an old medium is put back
        (folder / key.replace(".key", ".destroyed")).unlink()
        shutil.copy(old_keys / key, folder / key)
    again = tidy_once(house, checks_sums=False)
    assert again.names_ended == [workshop] or again.keys_ended == [key.removesuffix(".key")]
    assert not (house.settings.keys / key).exists()
    assert not (house.settings.key_backup / key).exists()


def test_single_answers_end_after_their_months_and_what_was_counted_stays(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    loop = Loop(client, house, amal)
    loop.take_tests()
    clock.advance(timedelta(hours=25))
    settle_once(house)
    headers, results = bearer_of(house, amal), f"{loop.path}/gains"
    before, told = _cells(house), client.get(results, headers=headers).json()

    clock.advance(timedelta(days=720))  # the month of November 2026 is not yet over for 24 months
    assert tidy_once(house, checks_sums=True).answers_ended == []
    clock.advance(timedelta(days=40))
    done = tidy_once(house, checks_sums=True)

    assert done.answers_ended == [loop.room.workshop.id]
    assert done.is_well
    assert done.counted is not None
    assert done.counted.sums.sealed == 1
    for table in ("responses", "sitting_operations", "sittings"):
        assert rows(house, f"SELECT * FROM {table}") == []
    said = rows(house, "SELECT sex, agency_type, province, years FROM participants")
    assert said == [dict.fromkeys(("sex", "agency_type", "province", "years"))]
    with house.unit(writes=True) as work:
        rollups.record_change(work, workshop_id=loop.room.workshop.id)
    assert _cells(house) == before
    assert client.get(results, headers=bearer_of(house, amal)).json() == told
    assert tidy_once(house, checks_sums=True).answers_ended == []


def test_sums_that_differ_are_told_and_make_the_command_fail(
    house: House, amal: StaffPerson, client: TestClient
) -> None:
    loop = Loop(client, house, amal)
    loop.take_tests()
    environment = {
        "TAFAWUT_DATA_DIR": str(house.settings.data_dir),
        "TAFAWUT_DATABASE_URL": house.settings.database,
    }
    change(house, "UPDATE group_rollups SET improved = improved + 1")
    house.engine.dispose()

    done = run_app(["tidy"], environment)

    assert done.returncode == 1
    assert done.stdout.startswith("Endings: ")  # how many is a matter of today's date
    assert " group_rollups whole room: improved is 1, counted 0\n" in done.stdout
    assert "rollups rebuild sets them right" in done.stderr


def test_old_copies_that_were_not_enclosed_go_and_newer_ones_stay(
    house: House, clock: FakeClock
) -> None:
    backups = house.settings.data_dir / "backups"
    backups.mkdir(parents=True)
    old, new, other = (
        backups / name
        for name in ("before-migrate-1.sqlite3", "before-restore-2.sqlite3", "mine.sqlite3")
    )
    open_one = house.settings.data_dir / ".passing-killed"
    (open_one / "opened").mkdir(parents=True)
    (open_one / "opened" / "database.sqlite3").touch()
    for path, days in ((old, COPY_DAYS + 1), (new, COPY_DAYS - 1), (other, 400), (open_one, 2)):
        path.touch()
        moment = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))

    assert tidy_once(house, checks_sums=False).files_removed == [open_one, old]
    assert [path.exists() for path in (old, new, other, open_one)] == [False, True, True, False]


def test_serving_tidies_by_itself(
    database_url: str, tmp_path: Path, amal: StaffPerson, client: TestClient, house: House,
    clock: FakeClock,
) -> None:  # fmt: skip
    Loop(client, house, amal).certify()
    clock.advance(LAST_DAY + 3 * A_DAY)
    settings = make_settings(tmp_path, database_url, tidy_seconds=0.01)
    give_up_at = time.monotonic() + 30

    with a_client(create_app(settings, clock)):
        while list(settings.keys.glob("workshop-*.key")) and time.monotonic() < give_up_at:
            time.sleep(0.02)

    assert not list(settings.keys.glob("workshop-*.key"))


def test_a_service_that_stops_leaves_no_connection_open(
    database_url: str, tmp_path: Path, clock: FakeClock, house: House
) -> None:
    """A turn of tidying that is under way ends before the engine does."""
    opened: list[Any] = []
    for _ in range(5):
        app = create_app(make_settings(tmp_path, database_url, tidy_seconds=0.01), clock)
        event.listen(
            app.state.house.engine, "connect", lambda driver, _record: opened.append(driver)
        )
        with a_client(app), house.unit(writes=True):  # meanwhile who tidies waits
            time.sleep(0.1)

    assert len(opened) >= 5
    for driver in opened:
        with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
            driver.cursor().execute("SELECT 1")


def test_of_two_workers_one_has_the_lease_until_it_is_gone(
    database_url: str, database_kind: str
) -> None:
    engines = [make_engine(database_url) for _ in range(2)]
    one, other = (Lease(engine, "tidy") for engine in engines)
    try:
        assert one.is_held()
        if database_kind == "sqlite":  # there one process serves, and no lease is needed
            assert other.is_held()
            return
        assert [other.is_held(), one.is_held(), other.is_held()] == [False, True, False]
        with engines[1].connect() as connection:  # what a killed worker's connection does
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(l.pid, 20000) FROM pg_locks l "
                    "WHERE l.locktype = 'advisory' AND l.database = "
                    "(SELECT oid FROM pg_database WHERE datname = current_database())"
                )
            )
        assert other.is_held()
        assert not one.is_held()
        other.release()
        assert one.is_held()
    finally:
        one.release()
        other.release()
        for engine in engines:
            engine.dispose()


def _cells(house: House) -> list[Any]:
    return [
        rows(house, f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4")
        for table in ("group_rollups", "response_rollups", "gain_snapshots")
    ]
