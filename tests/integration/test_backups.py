"""Backups: enclosed for a key that lies elsewhere, and restored once before they count."""

import argparse
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app.accounts.schemas import StaffPerson
from app.adapters.archives import pack_folder
from app.adapters.copying import SQLITE_COPY
from app.adapters.db import sqlite_file
from app.adapters.envelopes import enclose, make_key_pair
from app.adapters.sealing import KeyFolder
from app.main import build_house
from app.operations import add_commands
from app.participants import names
from app.participants.service import find_printed_cards
from app.settings import Settings
from app.upkeep.addresses import Stop
from app.upkeep.backups import (
    back_up_database,
    back_up_keys,
    open_backup,
    passing_folder,
    write_key,
)
from app.upkeep.erasures import BESIDE
from app.upkeep.restoring import restore
from app.upkeep.schema import require_schema
from app.upkeep.setup import forget_names
from app.web.house import House
from app.workshops import service as workshops
from tests import postgres
from tests.fixtures.everything import fill_every_table, read_tables
from tests.fixtures.house import START, a_staff_member, a_workshop, make_settings
from tests.fixtures.loop import change, rows
from tests.fixtures.server import run_well
from tests.long.backup import count_refused

KEY = make_key_pair()
NAME = "Synthetic Person One"


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


def test_what_is_restored_elsewhere_is_what_was_backed_up_and_goes_on(
    house: House, amal: StaffPerson, elsewhere: Settings, tmp_path: Path
) -> None:
    fill_every_table(house, amal)
    before = read_tables(house.engine)

    written = back_up_database(
        house.settings, tmp_path / "out", to=KEY.public, now=START, keep_days=35
    )
    found = restore(elsewhere, written.path, KEY.private, now=START)

    there = build_house(elsewhere)
    try:
        require_schema(there.engine)
        assert read_tables(there.engine) == before
        assert found.rows == written.rows == sum(map(len, before.values())) + 1  # Alembic's own
        a_staff_member(there, "basma", amal.role)  # its line in the log takes a number of its own
        assert written.path.stat().st_mode & 0o777 == 0o600
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
            written.path.name,
            BESIDE,
        ]
        assert not list(elsewhere.data_dir.glob(".passing-*"))
        assert not list(house.settings.data_dir.glob(".passing-*"))
    finally:
        there.engine.dispose()


def test_names_come_back_with_the_keys_and_destroyed_ones_never_do(
    house: House, amal: StaffPerson, elsewhere: Settings, tmp_path: Path
) -> None:
    kept, ended = (_a_named_workshop(house, amal) for _ in range(2))
    out = tmp_path / "out"
    old_keys = back_up_keys(house.settings, tmp_path / "old", to=KEY.public, now=START)
    with house.unit(writes=True) as work:
        forget_names(work, ended)
    written = back_up_database(house.settings, out, to=KEY.public, now=START, keep_days=35)

    restore(elsewhere, written.path, KEY.private, now=START)
    found = restore(elsewhere, old_keys.path, KEY.private, now=START)

    there = build_house(elsewhere)
    assert [_name_in(there, workshop) for workshop in (kept, ended)] == [NAME, None]
    there.engine.dispose()
    assert f"workshop-{ended}" in found.ended
    new = back_up_keys(house.settings, tmp_path / "old", to=KEY.public, now=START)
    assert new.path == old_keys.path  # one file: what was destroyed ends there too
    with passing_folder(house.settings) as folder:
        open_backup(new.path, KEY.private, folder)
        assert f"workshop-{ended}" not in (folder / "opened" / "keys.json").read_text()


def test_nothing_that_is_there_is_overwritten_unless_told(
    house: House, amal: StaffPerson, tmp_path: Path, database_kind: str
) -> None:
    written = back_up_database(
        house.settings, tmp_path / "out", to=KEY.public, now=START, keep_days=35
    )
    a_staff_member(house, "later", amal.role)
    before = read_tables(house.engine)
    house.engine.dispose()
    told = "holds rows already" if database_kind == "postgres" else "is there already"

    with pytest.raises(Stop, match=told):
        restore(house.settings, written.path, KEY.private, now=START)
    assert read_tables(house.engine) == before
    house.engine.dispose()

    file = sqlite_file(house.settings.database)
    if file:
        long_ago = (START - timedelta(days=400)).timestamp()
        os.utime(file, (long_ago, long_ago))  # a laptop from the drawer
        found = restore(house.settings, written.path, KEY.private, now=START, replaces=True)
        assert found.aside is not None
        assert found.aside.stat().st_mtime == START.timestamp()  # tidy counts its days from now
        assert found.aside.parent.parent == file.parent  # the same disk
        aside = build_house(make_settings(tmp_path / "aside", f"sqlite:///{found.aside}"))
        assert read_tables(aside.engine) == before
        aside.engine.dispose()
        assert len(read_tables(house.engine)["staff"]) == len(before["staff"]) - 1


def test_another_key_in_use_is_never_replaced(house: House, tmp_path: Path) -> None:
    house.keys.get_or_make("service")
    written = back_up_keys(house.settings, tmp_path / "out", to=KEY.public, now=START)
    other = make_settings(tmp_path / "other", "")
    own = KeyFolder(other.keys, other.key_backup).get_or_make("service")

    with pytest.raises(Stop, match="Another key is in use here: service"):
        restore(other, written.path, KEY.private, now=START)

    assert KeyFolder(other.keys).require("service") == own


@pytest.mark.sqlite_only
def test_damaged_cut_and_foreign_backups_are_refused_thirty_times_of_thirty(
    house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    written = back_up_database(
        house.settings, tmp_path / "out", to=KEY.public, now=START, keep_days=35
    )
    (tmp_path / "key").write_text(KEY.private)

    assert count_refused(written.path, tmp_path / "key", tmp_path / "damaged", seed=1) == 30


@pytest.mark.sqlite_only
def test_a_backup_whose_rows_are_not_those_that_were_counted_is_refused(
    house: House, amal: StaffPerson, elsewhere: Settings, tmp_path: Path
) -> None:
    """What a copy of the live file alone is: sound to every check, and without a row."""
    written = back_up_database(
        house.settings, tmp_path / "out", to=KEY.public, now=START, keep_days=35
    )
    with passing_folder(house.settings) as folder:
        open_backup(written.path, KEY.private, folder)
        with closing(sqlite3.connect(folder / "opened" / SQLITE_COPY)) as connection, connection:
            connection.execute("DELETE FROM staff")
        pack_folder(folder / "opened", folder / "packed")
        enclose(folder / "packed", tmp_path / "changed.age", [KEY.public])

    with pytest.raises(Stop, match="is not what was backed up: other rows in: staff"):
        restore(elsewhere, tmp_path / "changed.age", KEY.private, now=START)
    assert not Path(str(make_url(elsewhere.database).database)).exists()


def test_what_a_killed_backup_left_open_goes_with_the_next_one(
    house: House, tmp_path: Path, database_kind: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, days in ((".passing-old.age", 2), (".passing-new.age", 0)):
        (out / name).touch()
        moment = (START - timedelta(days=days)).timestamp()
        os.utime(out / name, (moment, moment))
    schemas = "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'tafa%'"
    if database_kind == "postgres":
        change(house, "CREATE SCHEMA tafawut_check")
        change(house, "CREATE TABLE tafawut_check.staff AS SELECT * FROM staff")
        assert len(rows(house, schemas)) == 1

    back_up_database(house.settings, out, to=KEY.public, now=START, keep_days=35)

    assert sorted(each.name for each in out.glob(".passing-*")) == [".passing-new.age"]
    if database_kind == "postgres":
        assert rows(house, schemas) == []


@pytest.mark.sqlite_only
def test_old_backups_go_after_their_days_and_nothing_else_does(
    house: House, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for days in (0, 1, 35, 36):
        moment = START + timedelta(days=days)
        back_up_database(house.settings, out, to=KEY.public, now=moment, keep_days=35)
    (out / "tafawut-of-somebody.age").touch()
    last = back_up_database(
        house.settings, out, to=KEY.public, now=START + timedelta(days=71), keep_days=35
    )

    names_left = sorted(path.name for path in out.iterdir())
    assert names_left == [
        "tafawut-20261228T060000Z.age",  # 35 days before the last
        last.path.name,
        BESIDE,
        "tafawut-of-somebody.age",
    ]


@pytest.mark.sqlite_only
def test_the_commands_say_what_was_done_and_how_to_go_on(
    house: House, elsewhere: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = {
        "TAFAWUT_DATA_DIR": str(house.settings.data_dir),
        "TAFAWUT_DATABASE_URL": house.settings.database,
    }
    key, out = str(tmp_path / "key.txt"), str(tmp_path / "out")
    public = run_well(["backup-key", key], here).strip()
    assert public.startswith("age1")
    file = run_well(["backup", out, "--to", public], here).strip()

    _command(house.settings, "restore", file, "--key", key, "--check")
    assert capsys.readouterr().out.endswith("can be restored; nothing was changed.\n")
    _command(elsewhere, "restore", file, "--key", key)
    assert ": restored and counted: the same.\n" in capsys.readouterr().out

    Path(f"{key}x").write_text("no key")
    for sentence, command in {
        "is there already. Name another file": ["backup-key", key],
        "Say for whose key: --to age1…": ["backup", out],
        "--to needs the public half": ["backup", out, "--to", "age1nobody"],
        "There is no file": ["restore", f"{file}x", "--key", key],
        "This is no key of a backup": ["restore", file, "--key", f"{key}x"],
        "Name the file that backup-key made": ["restore", file, "--key", f"{key}y"],
    }.items():
        with pytest.raises(Stop, match=sentence):
            _command(house.settings, *command)
        assert capsys.readouterr().out == ""


def _command(settings: Settings, *arguments: str) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    chosen = parser.parse_args(arguments)
    assert chosen.command(chosen, settings) == 0


def test_there_is_nothing_to_back_up_before_the_first_migration(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "")

    with pytest.raises(Stop, match="There is nothing to back up yet"):
        back_up_database(settings, tmp_path, to=KEY.public, now=START, keep_days=35)
    assert not (settings.data_dir / "tafawut.sqlite3").exists()


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_key(tmp_path / "key.txt")

    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600


def _a_named_workshop(house: House, trainer: StaffPerson) -> str:
    room = a_workshop(house, trainer, people=1)
    with house.unit(writes=True) as work:
        names.store_name(work, room.cards[0].card, local="", latin=NAME, is_confirmed=True)
    return room.workshop.id


def _name_in(house: House, workshop_id: str) -> str | None:
    with house.unit(writes=False) as work:
        workshop = workshops.require_workshop(work, workshop_id)
        (card,) = find_printed_cards(work, workshop)
        name = names.get_name(work, card.card)
        return name.latin if name else None
