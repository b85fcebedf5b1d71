"""R2: under strace every save reaches the disk before its answer; the check sees NORMAL."""

from pathlib import Path

import pytest

from tests.fixtures.load_room import make_load_room
from tests.long.sync_order import SHORT_SAVES, trace_saves

pytestmark = pytest.mark.sqlite_only


def test_every_save_is_synced_before_it_is_acknowledged(database_url: str, tmp_path: Path) -> None:
    orders = trace_saves(make_load_room(database_url, tmp_path, SHORT_SAVES), tmp_path)
    print(orders)
    assert all(order.is_ok and order.saves == SHORT_SAVES for order in orders.values()), orders


def test_the_check_sees_a_server_that_answers_before_the_disk_has_it(
    database_url: str, tmp_path: Path
) -> None:
    room = make_load_room(database_url, tmp_path, SHORT_SAVES)
    orders = trace_saves(room, tmp_path, module="tests.fixtures.serve_normal")
    print(orders)
    assert all(order.in_order < SHORT_SAVES // 4 for order in orders.values()), orders
