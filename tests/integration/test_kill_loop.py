"""R1: kill -9 of the real server under load, restart on the same database: nothing is lost."""

from pathlib import Path

import pytest

from tests.fixtures.load_room import make_load_room
from tests.long.kill_loop import SHORT, run_kills


@pytest.mark.saves_both_ways(alone_on=["sqlite"])
def test_a_server_that_is_killed_again_and_again_loses_nothing_it_acknowledged(
    database_url: str, tmp_path: Path, save_batch_limit: int
) -> None:
    room = make_load_room(database_url, tmp_path, SHORT.phones, save_batch_limit=save_batch_limit)
    passage = run_kills(room, SHORT)
    print(passage)
    assert passage.compared.is_clean, passage
    assert passage.compared.acknowledged > 10 * SHORT.kills
    assert passage.receipts == SHORT.phones
    assert passage.file_faults == []
    assert len(passage.restart_seconds) == SHORT.kills
