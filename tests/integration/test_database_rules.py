"""What the database holds to by itself, and what nobody may leave behind in it."""

import sqlite3
from contextlib import closing

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import a_workshop, bearer_of, open_test
from tests.fixtures.loop import API, a_program, an_operation, change, rows

ONCE_MORE = """
INSERT INTO sitting_operations
  (sitting_id, operation_id, item, revision, device, content, language, received_at, is_late)
SELECT sitting_id, operation_id, item, revision, device, content, language, received_at, is_late
FROM sitting_operations
"""


def test_the_database_itself_keeps_an_operation_once(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    """The whole story against duplicates, whatever the code above it does (R4)."""
    room = a_workshop(house, amal, people=1)
    person = a_program(client, room.cards[0])
    open_test(house, room, Occasion.PRE, amal)
    person.send(person.start(), an_operation("1", "1", "a"))

    with pytest.raises(IntegrityError):
        change(house, ONCE_MORE)
    assert len(rows(house, "SELECT id FROM sitting_operations")) == 1


def test_no_transaction_is_open_when_the_answer_is_there(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    """One that is left open lets SQLite's log grow without end, and holds what was erased (R9)."""
    room = a_workshop(house, amal, people=1)
    headers = bearer_of(house, amal)
    for path in ("", "/people", "/gains"):
        client.get(f"{API}/workshops/{room.workshop.id}{path}", headers=headers)
    client.get(f"/j/{room.workshop.join_code}")

    assert house.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    url = make_url(house.settings.database)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), timeout=0)) as other:
            emptied = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert emptied == (0, 0, 0)
