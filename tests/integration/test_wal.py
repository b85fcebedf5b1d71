"""What was erased leaves SQLite's log, and nobody waits for it."""

import sqlite3
import time
from contextlib import closing

import pytest

from app.accounts.schemas import StaffPerson
from app.adapters.db import empty_log, sqlite_file
from app.web.house import House


@pytest.mark.sqlite_only
def test_a_reader_of_an_old_moment_holds_nobody_up_and_the_log_is_emptied_after_it(
    house: House, amal: StaffPerson
) -> None:
    file = sqlite_file(house.settings.database)
    assert file is not None
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        with house.unit(writes=True) as work:
            work.after_commit.append(lambda: empty_log(work))
        assert house.log.size() == 0

        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM organisations").fetchone()
        began = time.monotonic()
        with house.unit(writes=True) as work:
            work.db.connection().exec_driver_sql("UPDATE staff SET display_name = 'CANARY'")
            work.after_commit.append(lambda: empty_log(work))
        assert time.monotonic() - began < 5
        house.log.look()
        assert house.log.size() > 0
        reader.execute("COMMIT")

    house.log.look()
    assert house.log.size() == 0
    assert not file.with_name(f"{file.name}-owed").exists()
