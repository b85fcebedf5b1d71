"""doctor: what is not well is one line with the way out, and a fault is an exit code."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.accounts.schemas import StaffPerson
from app.settings import Settings
from app.upkeep.backups import back_up_database
from app.upkeep.doctor import CHECKS, Finding, Patient, State, examine, say
from app.web.house import House
from tests.fixtures.house import START, FakeClock, a_workshop
from tests.fixtures.loop import change
from tests.fixtures.server import run_app
from tests.integration.test_backups import KEY

Findings = dict[str, list[Finding]]

# The machine is asked for its own route; nothing is sent.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "192.168.255.255"])


def test_a_house_that_is_well_has_a_line_for_everything_and_no_fault(
    house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    house.settings.data_dir.chmod(0o700)
    back_up_database(house.settings, tmp_path / "out", to=KEY.public, now=START, keep_days=35)

    found = _examined(house)

    assert list(found) == list(CHECKS)
    assert [each for lines in found.values() for each in lines if each.state is State.FAULT] == []
    assert found["schema"][0].state is State.OK
    assert found["fonts"][0].state is State.OK
    assert found["sums"][0].says == "0 rooms counted afresh: the same"
    assert found["backup"][0].state is State.OK
    (phones,) = found["phones"]  # a computer that nobody else can reach
    assert phones.state is State.WARNING
    assert "serve --lan" in phones.way_out


def test_what_is_not_well_is_named_with_the_way_out(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    house.settings.data_dir.mkdir(exist_ok=True)
    house.settings.data_dir.chmod(0o755)
    house.keys.get_or_make("service")
    (house.settings.key_backup / "service.key").unlink()
    a_workshop(house, amal)  # a line in the log
    clock.advance(-timedelta(days=1))

    found = _examined(
        house,
        environment={"TAFAWUT_NAME_DAYS": "3", "TAFAWUT_MODE": "https", "PATH": "/bin"},
        overrides={"mode": "https"},
    )

    assert [each.state for each in found["settings"]] == [State.WARNING, State.FAULT]
    assert found["settings"][0].way_out == "Did you mean TAFAWUT_NAMES_DAYS?"
    assert "chmod 700" in found["disk"][-1].way_out
    assert found["clock"][0].state is State.FAULT
    assert "The clock went back" in found["clock"][0].way_out
    assert found["keys"][0].says == "without a copy: service (1)"
    assert found["backup"][0].says == "none was ever made here"


def test_an_old_schema_is_a_fault_and_what_needs_it_says_to_mend_it_first(house: House) -> None:
    change(house, "UPDATE alembic_version SET version_num = '0001'")
    assert _examined(house)["schema"][0].way_out == "Run the command: migrate."

    with house.engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_events"))
    (clock,) = _examined(house)["clock"]
    assert clock.state is State.FAULT
    assert clock.way_out == "Mend what stands above first, then run doctor again."


@pytest.mark.sqlite_only
def test_the_command_prints_a_table_and_fails_with_a_fault(house: House, tmp_path: Path) -> None:
    environment = {
        "TAFAWUT_DATA_DIR": str(house.settings.data_dir),
        "TAFAWUT_DATABASE_URL": house.settings.database,
        "TAFAWUT_BASE_URL": "http://nobody.invalid:8000",
    }
    house.engine.dispose()

    done = run_app(["doctor"], environment)

    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert {re.split(r" +", line)[1] for line in lines} == set(CHECKS)
    assert "FAULT    phones    no computer is called nobody.invalid" in lines
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite_only
def test_a_damaged_file_is_found(house: House, amal: StaffPerson) -> None:
    file = Path(house.settings.database.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE staff SET organisation_id = 'nobody'")

    assert _examined(house)["schema"][0].says == "the database's file is damaged"


def test_a_line_is_the_state_the_subject_and_what_is_and_below_it_the_way_out() -> None:
    found = [
        Finding(State.WARNING, "disk", "little room", "Make room."),
        Finding(State.OK, "x", "y"),
    ]

    assert list(say(found)) == [
        "WARNING  disk      little room",
        "                   -> Make room.",
        "OK       x         y",
    ]


def _examined(
    house: House,
    environment: dict[str, str] | None = None,
    overrides: dict[str, object] | None = None,
) -> Findings:
    settings = Settings(**{**house.settings.model_dump(), **(overrides or {})})
    patient = Patient(
        settings=settings,
        engine=house.engine,
        open_unit=lambda writes: house.unit(writes=writes),
        now=house.clock.now(),
        environment=environment or {},
    )
    found: Findings = {}
    for each in examine(patient):
        found.setdefault(each.subject, []).append(each)
    return found
