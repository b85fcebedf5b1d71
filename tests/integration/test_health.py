"""For machines: alive, ready, numbers on another port, log lines, and how it stops."""

import re
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.disk import Room, room_for
from app.adapters.wal import TOLD_ABOVE
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import a_workshop, open_test
from tests.fixtures.loop import a_program, an_operation, change
from tests.fixtures.server import serving
from tests.integration.test_database import full_disk

Environment = dict[str, str]
GIGABYTE = 1 << 30


@pytest.fixture
def ready(tmp_path: Path, sqlite_template: Path) -> Environment:
    """A folder of one's own with a migrated database on SQLite."""
    file = tmp_path / "data" / "tafawut.sqlite3"
    file.parent.mkdir()
    file.write_bytes(sqlite_template.read_bytes())
    return {"TAFAWUT_DATA_DIR": str(file.parent), "TAFAWUT_DATABASE_URL": ""}


def test_alive_and_ready_are_two_questions(client: TestClient, house: House) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    well = client.get("/readyz")
    assert well.status_code == 200
    assert {name: well.json()[name] for name in ("database", "schema")} == {
        "database": "ok",
        "schema": "ok",
    }

    change(house, "UPDATE alembic_version SET version_num = '0001'")
    old = client.get("/readyz")
    assert (old.status_code, old.json()["status"]) == (503, "unready")
    assert old.json()["schema"] == "old"
    assert client.get("/healthz").status_code == 200


def test_a_disk_that_refused_a_save_is_degraded_and_still_serves(
    client: TestClient, house: House
) -> None:
    house.disk.tell_full()

    told = client.get("/readyz")

    assert (told.status_code, told.json()["status"]) == (200, "degraded")
    assert told.json()["disk"] == "full"
    assert client.get("/help").status_code == 200


def test_a_save_on_a_full_disk_is_507_an_alarm_and_heals(
    client: TestClient, house: House, amal: StaffPerson,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    room = a_workshop(house, amal)
    program = a_program(client, room.cards[0])
    open_test(house, room, Occasion.PRE, amal)
    sitting = program.start()
    with full_disk(house):
        refused = [program.send(sitting, an_operation("1", "1", "a")) for _ in range(3)]

    assert [each.status_code for each in refused] == [507] * 3
    assert refused[0].json()["code"] == "disk_full"
    assert refused[0].headers["retry-after"] == "30"
    alarms = [line for line in capsys.readouterr().out.splitlines() if "disk_full" in line]
    assert len(alarms) == 1  # once, not for every phone
    assert client.get("/readyz").json()["status"] == "degraded"
    kept = program.send(sitting, an_operation("1", "1", "a"))
    assert kept.json()["acknowledged"] == ["operation-1"]


@pytest.mark.sqlite_only
def test_a_log_that_has_grown_is_emptied_and_one_that_cannot_be_is_told_once(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    change(house, "CREATE TABLE ballast (content BLOB)")
    file = Path(house.settings.database.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM staff").fetchone()
        for _ in range(4):
            change(house, "INSERT INTO ballast VALUES (zeroblob(9000000))")
        assert house.log.look() > TOLD_ABOVE
        assert house.log.look() > TOLD_ABOVE
        told = capsys.readouterr().out
    assert told.count('"event": "log_large"') == 1

    assert house.log.look() == 0
    assert '"event": "log_well_again"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("free", "total", "room"),
    [
        (0, GIGABYTE, Room.FULL),
        ((4 << 20) - 1, 100 * GIGABYTE, Room.FULL),
        (100 << 20, GIGABYTE, Room.LOW),  # below 15 %
        (200 << 20, GIGABYTE, Room.OK),
        (5 * GIGABYTE, 100 * GIGABYTE, Room.OK),  # 5 %, and room for years
        (GIGABYTE, 100 * GIGABYTE, Room.LOW),
    ],
)
def test_room_is_low_below_fifteen_in_a_hundred_but_not_with_gigabytes_left(
    free: int, total: int, room: Room
) -> None:
    assert room_for(free, total) is room


def test_numbers_are_told_on_a_port_of_their_own_and_name_nobody(ready: Environment) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with serving(["serve"], ready | {"TAFAWUT_METRICS_PORT": str(port)}) as (told, _):
        base = str(told["base_url"])
        with httpx2.Client() as client:
            assert client.get(f"{base}/metrics").status_code == 404
            client.get(f"{base}/j/123456/7890")
            client.get(f"{base}/static/staff.css")
            text = client.get(f"http://127.0.0.1:{port}/metrics").text

    counted = re.findall(r'^tafawut_answers_total\{kind="(\w+)",status="(\d+)"\} (\d)', text, re.M)
    assert ("static", "200", "1") in counted
    assert {kind for kind, _, _ in counted} == {"page", "static"}
    for name in ("free_bytes", "disk_state", "database_bytes", "log_bytes", "last_backup_seconds"):
        assert re.search(rf"^tafawut_{name} \S+$", text, re.M), name
    assert "123456" not in text
    assert "7890" not in text
    assert set(re.findall(r"(\w+)=\"", text)) == {"kind", "status", "le"}


def test_a_stop_waits_for_nobody_who_does_not_end(ready: Environment) -> None:
    """Connections that idle, that sent half a request, that read nothing: gone within 3 seconds."""
    with serving(["serve"], ready) as (told, process):
        host, port = str(told["base_url"]).removeprefix("http://").split(":")
        idle, half, slow = ([_connected(host, int(port)) for _ in range(10)] for _ in range(3))
        for each in idle:
            each.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert each.recv(4096)
        for each in half:
            each.sendall(b"POST /join HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\ncode=")
        for each in slow:
            each.sendall(b"GET /static/nastaliq.woff2 HTTP/1.1\r\nHost: x\r\n\r\n")
        started = time.monotonic()
        process.terminate()
        assert process.wait(timeout=20) in (0, -15)
        seconds = time.monotonic() - started
        for each in (*idle, *half, *slow):
            each.close()
    assert seconds <= 3


def _connected(host: str, port: int) -> socket.socket:
    made = socket.create_connection((host, port), timeout=30)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return made
