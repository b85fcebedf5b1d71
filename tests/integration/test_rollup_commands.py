"""`rollups check` and `rebuild`, and the counting after an upgrade, as an admin types them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.server import run_app, run_well

Environment = dict[str, str]
RELEASED = "Released bundles: 14. Differences: 0.\n"


@pytest.fixture
def ready(tmp_path: Path, sqlite_template: Path) -> Environment:
    """A folder of one's own with a migrated database on SQLite."""
    place = {"TAFAWUT_DATA_DIR": str(tmp_path / "data"), "TAFAWUT_DATABASE_URL": ""}
    file = tmp_path / "data" / "tafawut.sqlite3"
    file.parent.mkdir()
    file.write_bytes(sqlite_template.read_bytes())
    return place


def test_rollups_check_names_every_difference_and_rebuild_mends_it(ready: Environment) -> None:
    run_well(["banks", "publish"], ready)
    run_well(["seed"], ready)
    quiet = run_app(["rollups", "check"], ready)
    assert (quiet.returncode, quiet.stdout) == (
        0, f"Rooms: 7. Sealed and left alone: 0. Differences: 0.\n{RELEASED}",
    )  # fmt: skip
    file = Path(ready["TAFAWUT_DATA_DIR"]) / "tafawut.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "UPDATE group_rollups SET improved = improved + 1 WHERE facet = '' AND workshop_id = "
            "(SELECT min(workshop_id) FROM group_rollups)"
        )
        connection.commit()
    found = run_app(["rollups", "check"], ready)
    assert found.returncode == 1
    assert " group_rollups whole room: improved is " in found.stdout
    assert found.stdout.endswith(f"Differences: 1.\n{RELEASED}")
    mended = run_app(["rollups", "rebuild"], ready)
    assert mended.returncode == 0
    assert mended.stdout.endswith(f"Differences: 1. All mended.\n{RELEASED}")
    assert run_app(["rollups", "check"], ready).stdout == quiet.stdout


def test_an_older_database_is_counted_when_it_is_migrated(ready: Environment) -> None:
    run_well(["banks", "publish"], ready)
    run_well(["seed"], ready)
    run_well(["migrate", "--to", "0004", "--drop-data"], ready)
    run_well(["migrate"], ready)
    told = run_app(["rollups", "check"], ready).stdout
    assert told.startswith("Rooms: 7. Sealed and left alone: 0. Differences: 0.\n")
