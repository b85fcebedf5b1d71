"""The log's lines: JSON, without anybody's words, and no condition of an answer."""

import io
import json
import logging
import sqlite3
from contextlib import closing, redirect_stderr, suppress
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.logs import log_problem, set_up_logs
from app.web.house import House
from tests.fixtures.house import bearer_of
from tests.fixtures.loop import change


def test_every_log_line_is_json_and_an_error_leaves_its_own_words_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs()
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("SELECT 'CANARY' FROM nothing")
    except sqlite3.Error:
        logging.getLogger("somebody.else").exception("it did not work\nCANARY")

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told["event"] == "it did not work"
    assert (told["level"], told["logger"]) == ("error", "somebody.else")
    assert told["error"] == "OperationalError"
    assert "test_log_lines.py" in told["where"]
    assert "CANARY" not in line


def test_a_row_that_the_database_refuses_leaves_no_content_in_the_log(
    client: TestClient, house: House, amal: StaffPerson, log: io.StringIO
) -> None:
    headers = bearer_of(house, amal)
    change(house, "CREATE UNIQUE INDEX one_place ON workshops (place)")
    body = {
        "title": "CANARY title",
        "province": "PK-SD",
        "place": "Karachi",
        "starts_on": "2026-11-22",
        "ends_on": "2026-11-23",
        "audience": "ngo",
    }
    assert client.post("/api/v1/workshops", json=body, headers=headers).status_code == 201

    told = client.post("/api/v1/workshops", json=body, headers=headers)

    assert told.status_code == 500
    assert told.json()["reference"] in log.getvalue()
    assert "CANARY" not in log.getvalue()
    assert "one_place" not in told.text


def test_a_log_that_cannot_be_written_costs_nobody_the_answer(
    client: TestClient, house: House, log: io.StringIO
) -> None:
    """A service whose error stream was closed, or goes to a full disk, still says what to do."""
    change(house, "ALTER TABLE phone_passes RENAME TO gone")
    log.close()
    told = client.get("/my", headers={"Cookie": "phone=anything"})
    assert told.status_code in (500, 503)
    assert told.headers["content-type"] == "text/html; charset=utf-8"
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115  # closing it fails, too
    with redirect_stderr(full):
        set_up_logs()
        log_problem("nobody_reads_this")
        told = client.get("/my", headers={"Cookie": "phone=anything"})
    assert told.status_code in (500, 503)
    assert told.headers["content-type"] == "text/html; charset=utf-8"
    with suppress(OSError):
        full.close()
