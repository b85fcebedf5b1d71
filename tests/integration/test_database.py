"""The database: pragmas, one transaction per request, and 2xx means committed."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import event
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import is_sqlite, make_engine
from app.main import create_app
from app.web.deps import OpenWork
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Occasion
from tests import postgres
from tests.fixtures.everything import read_tables
from tests.fixtures.house import (
    FakeClock,
    a_client,
    a_plan,
    a_workshop,
    bearer_of,
    make_settings,
    open_test,
)
from tests.fixtures.loop import a_program, an_operation, at_once, change, rows

PAGE = "text/html; charset=utf-8"
PROBLEM = "application/problem+json"
WORKSHOP = {
    "title": "Telling trafficking from smuggling",
    "province": "PK-SD",
    "place": "Karachi",
    "starts_on": "2026-11-22",
    "ends_on": "2026-11-23",
    "audience": "ngo",
}
FAILURES = ["an event that raises", "a constraint checked at commit"]


@pytest.fixture
def sqlite_client(sqlite_template: Path, tmp_path: Path) -> Iterator[TestClient]:
    """An application on SQLite, whatever else this run has."""
    shutil.copyfile(sqlite_template, tmp_path / "own.sqlite3")
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with a_client(create_app(settings, FakeClock())) as client:
        yield client


def test_every_connection_of_the_pool_has_the_pragmas(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'pragmas.sqlite3'}")
    wanted = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    connections = [engine.connect() for _ in range(3)]
    try:
        found = [
            [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted]
            for connection in connections
        ]
    finally:
        for connection in connections:
            connection.close()
        engine.dispose()

    assert found == [["wal", 2, 1, 30_000, 1]] * 3  # synchronous 2 is FULL


def test_a_writing_unit_takes_its_place_before_it_has_written_anything(
    sqlite_client: TestClient,
) -> None:
    house = _house_of(sqlite_client)
    other = sqlite3.connect(_file_of(house), timeout=0, isolation_level=None)
    with closing(other):
        with house.unit(writes=True) as work:
            accounts.find_organisations(work)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        with house.unit(writes=False) as work:
            accounts.find_organisations(work)
            other.execute("BEGIN IMMEDIATE")  # a reader is in nobody's way


def test_writers_who_read_first_queue_instead_of_failing(house: House) -> None:
    meeting = threading.Event()

    def add(name: str) -> None:
        with house.unit(writes=True) as work:
            accounts.find_organisations(work)
            meeting.wait(0.05)  # long enough that the writers meet
            accounts.create_organisation(work, name)

    assert at_once(*(partial(add, f"O {at}") for at in range(6))) == [None] * 6

    with house.unit(writes=False) as work:
        names = [each.name for each in accounts.find_organisations(work)]
    assert names == ["O 0", "O 1", "O 2", "O 3", "O 4", "O 5"]


def test_an_error_inside_a_verb_takes_everything_back(house: House, amal: StaffPerson) -> None:
    before = read_tables(house.engine)
    called: list[str] = []

    def create_and_fail() -> None:
        with house.unit(writes=True) as work:
            workshops.create_workshop(work, a_plan(), by=amal)
            work.after_commit.append(lambda: called.append("after commit"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        create_and_fail()

    assert read_tables(house.engine) == before
    assert called == []


def test_a_handler_that_fails_after_its_verb_answers_500_and_stores_nothing(
    application: FastAPI, client: TestClient, house: House, amal: StaffPerson
) -> None:
    @application.post("/api/v1/fails-late")
    def fail_late(work: OpenWork) -> None:
        workshops.create_workshop(work, a_plan(), by=amal)
        raise ZeroDivisionError

    before = read_tables(house.engine)

    assert client.post("/api/v1/fails-late").status_code == 500
    assert read_tables(house.engine) == before


@pytest.mark.parametrize("kind", FAILURES)
def test_a_commit_that_fails_is_never_a_2xx_of_the_api_and_stores_nothing(
    kind: str, client: TestClient, house: House, amal: StaffPerson
) -> None:
    headers = bearer_of(house, amal)
    with _failing_commits(house, kind):
        before = read_tables(house.engine)
        answer = client.post("/api/v1/workshops", json=WORKSHOP, headers=headers)
        assert read_tables(house.engine) == before

    assert answer.status_code in (500, 503)
    assert answer.headers["content-type"] == PROBLEM
    again = client.post("/api/v1/workshops", json=WORKSHOP, headers=headers)
    assert again.status_code == 201


@pytest.mark.parametrize("kind", FAILURES)
def test_a_commit_that_fails_acknowledges_no_answer(
    kind: str, client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    open_test(house, room, Occasion.PRE, amal)
    program = a_program(client, room.cards[0])
    sitting = program.start()

    with _failing_commits(house, kind):
        answer = program.send(sitting, an_operation("1", "1", "a"))

    assert answer.status_code in (500, 503)
    assert "acknowledged" not in answer.text
    assert rows(house, "SELECT * FROM sitting_operations") == []
    assert program.send(sitting, an_operation("1", "1", "a")).json()["acknowledged"] == [
        "operation-1"
    ]


@pytest.mark.parametrize("kind", FAILURES)
def test_a_commit_that_fails_is_never_a_2xx_or_3xx_of_a_page_and_stores_nothing(
    kind: str, client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    address, sent = f"/j/{room.workshop.join_code}", {"token": room.cards[0].token}

    with _failing_commits(house, kind):
        answer = client.post(address, data=sent)

    assert answer.status_code in (500, 503)
    assert answer.headers["content-type"] == PAGE
    assert "set-cookie" not in answer.headers
    assert rows(house, "SELECT * FROM phone_passes") == []
    assert client.post(address, data=sent).status_code == 303


def test_a_full_disk_is_507_with_the_way_out_and_heals_without_a_restart(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    headers = bearer_of(house, amal)
    room = a_workshop(house, amal)
    with full_disk(house):
        told = client.post("/api/v1/workshops", json=WORKSHOP, headers=headers)
        page = client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[0].token})

    assert told.json() == {
        "type": "/api/v1/problems/disk_full",
        "status": 507,
        "code": "disk_full",
        "title": "The service has no room left to save.",
        "next_step": "Keep this page open and tell the trainer.",
    }
    _check_answer(told, 507, PROBLEM)
    _check_answer(page, 507, PAGE)
    assert "The service has no room left to save." in page.text
    again = client.post("/api/v1/workshops", json=WORKSHOP, headers=headers)
    assert again.status_code == 201


def test_a_database_that_is_locked_for_too_long_is_503(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    headers = bearer_of(house, amal)
    room = a_workshop(house, amal)
    with _locked(house):
        told = client.post("/api/v1/workshops", json=WORKSHOP, headers=headers)
        page = client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[0].token})

    assert told.json()["code"] == "database_unavailable"
    assert told.json()["next_step"] == "Keep this page open and try again in a minute."
    _check_answer(told, 503, PROBLEM)
    _check_answer(page, 503, PAGE)
    again = client.post("/api/v1/workshops", json=WORKSHOP, headers=headers)
    assert again.status_code == 201


@pytest.mark.parametrize("first_page", [b"", b"not a database"], ids=["malformed", "garbage"])
def test_an_sqlite_file_that_cannot_be_read_is_503(
    first_page: bytes, sqlite_client: TestClient
) -> None:
    house = _house_of(sqlite_client)
    path = _file_of(house)
    house.engine.dispose()
    content = path.read_bytes()
    path.write_bytes((first_page or content[:4096]) + b"\xff" * (len(content) - 4096))

    told = sqlite_client.get("/api/v1/me", headers={"Authorization": "Bearer x"})
    page = sqlite_client.post("/join", data={"code": "100009"})
    house.engine.dispose()
    path.write_bytes(content)

    _check_answer(told, 503, PROBLEM)
    _check_answer(page, 503, PAGE)
    assert told.json()["code"] == "database_unavailable"
    assert "The service cannot save at this moment." in page.text
    assert sqlite_client.get("/health").json() == {"status": "ok"}


def test_a_database_that_takes_no_connection_is_503_until_it_does_again(
    client: TestClient, house: House, request: pytest.FixtureRequest
) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    with _no_connections(house, request):
        told = client.get("/api/v1/me", headers={"Authorization": "Bearer x"})
        page = client.post("/join", data={"code": "100009"})

    _check_answer(told, 503, PROBLEM)
    _check_answer(page, 503, PAGE)
    assert client.get("/health").json() == {"status": "ok"}


def _check_answer(answer: Response, status: int, content_type: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, content_type)
    assert answer.headers["retry-after"] == "30"
    assert "sqlite" not in answer.text.lower()
    assert "psycopg" not in answer.text.lower()


def _house_of(client: TestClient) -> House:
    house: House = client.app.state.house  # type: ignore[attr-defined]
    return house


def _file_of(house: House) -> Path:
    return Path(str(make_url(house.settings.database).database))


@contextmanager
def _failing_commits(house: House, kind: str) -> Iterator[None]:
    """Every commit of a workshop, an answer or a phone fails."""
    if kind == FAILURES[0]:

        def fail(_connection: Any) -> None:
            raise RuntimeError("this commit fails")

        event.listen(house.engine, "commit", fail)
        yield
        event.remove(house.engine, "commit", fail)
        return
    reference = "REFERENCES organisations (id) DEFERRABLE INITIALLY DEFERRED"
    change(house, f"CREATE TABLE doomed (parent VARCHAR {reference})")
    with _triggers(house, "INSERT INTO doomed VALUES ('nobody');"):
        yield
    change(house, "DROP TABLE doomed")


@contextmanager
def _triggers(house: House, action: str) -> Iterator[None]:
    """The action runs with every new workshop, answer and phone."""
    tables = ("workshops", "sitting_operations", "phone_passes")
    on_sqlite = is_sqlite(house.settings.database)
    if not on_sqlite:
        change(
            house,
            "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {action} RETURN NULL; END $$",
        )
    body = f"BEGIN {action} END" if on_sqlite else "FOR EACH ROW EXECUTE FUNCTION act()"
    for table in tables:
        change(house, f"CREATE TRIGGER act_{table} AFTER INSERT ON {table} {body}")
    yield
    for table in tables:
        change(house, f"DROP TRIGGER act_{table}" + ("" if on_sqlite else f" ON {table}"))
    if not on_sqlite:
        change(house, "DROP FUNCTION act()")


@contextmanager
def _told_on_connect(house: House, statement: str) -> Iterator[None]:
    """New connections of the pool get one more setting, and all of them are new."""

    def tell(connection: Any, _record: Any) -> None:
        connection.execute(statement)
        connection.commit()

    event.listen(house.engine, "connect", tell)
    house.engine.dispose()
    yield
    event.remove(house.engine, "connect", tell)
    house.engine.dispose()


@contextmanager
def full_disk(house: House) -> Iterator[None]:
    """SQLite may not grow and has to; PostgreSQL says so in a language of its own."""
    if is_sqlite(house.settings.database):
        change(house, "CREATE TABLE ballast (content BLOB)")
        with (
            _triggers(house, "INSERT INTO ballast VALUES (zeroblob(100000));"),
            _told_on_connect(house, "PRAGMA max_page_count=1"),
        ):
            yield
        return
    words = "konnte Datei »base/1/2« nicht erweitern: Kein Speicherplatz mehr verfügbar"
    with _triggers(house, f"RAISE EXCEPTION '{words}' USING ERRCODE = '53100';"):
        yield


@contextmanager
def _locked(house: House) -> Iterator[None]:
    """Somebody else holds the lock for longer than a request waits."""
    url = make_url(house.settings.database)
    if is_sqlite(house.settings.database):
        other = sqlite3.connect(_file_of(house), isolation_level=None)
        with closing(other), _told_on_connect(house, "PRAGMA busy_timeout=50"):
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with _told_on_connect(house, "SET lock_timeout = '50ms'"), psycopg.connect(plain) as other_one:
        other_one.execute("LOCK TABLE workshops, phone_passes IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def _no_connections(house: House, request: pytest.FixtureRequest) -> Iterator[None]:
    """The file gives way to a folder; the server cuts every connection and takes no new one."""
    path = _file_of(house)
    if is_sqlite(house.settings.database):
        house.engine.dispose()
        away = path.rename(path.with_suffix(".away"))
        path.mkdir()
        yield
        path.rmdir()
        away.rename(path)
        return
    databases: postgres.Databases = request.getfixturevalue("postgres_databases")
    admin = databases.admin_url.set(drivername="postgresql")
    name = str(make_url(house.settings.database).database)
    with psycopg.connect(
        admin.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        yield
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
