"""The command line: what it prints, what it refuses in one sentence, and how it stops."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.accounts.schemas import Role
from app.main import build_house
from tests.fixtures.house import a_staff_member, make_settings
from tests.fixtures.rooms import IN_A_ROOM, a_device, said_in_a_room, squares_in
from tests.fixtures.server import ROOT, Program, run_app, run_well, serving, started

PASSWORD = "four words of a river"
UNREADABLE = (
    "The database cannot be used (DatabaseError). "
    "Check TAFAWUT_DATABASE_URL or TAFAWUT_DATA_DIR, the disk and the permissions.\n"
)
DEMO_NAMES = {
    *("base_url", "trainer_url", "evaluator_url", "admin_url"),
    *("workshop_id", "join_code", "cards", "certificate_url"),
}

Environment = dict[str, str]
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def place(tmp_path: Path) -> Environment:
    """A folder of one's own, on SQLite."""
    return {"TAFAWUT_DATA_DIR": str(tmp_path / "data"), "TAFAWUT_DATABASE_URL": ""}


@pytest.fixture
def ready(place: Environment, sqlite_template: Path) -> Environment:
    """The same with a migrated database."""
    file = Path(place["TAFAWUT_DATA_DIR"]) / "tafawut.sqlite3"
    file.parent.mkdir()
    file.write_bytes(sqlite_template.read_bytes())
    return place


def test_serve_refuses_a_database_that_was_not_migrated(
    empty_database_url: str, place: Environment
) -> None:
    done = run_app(["serve", "--port", "0"], place | {"TAFAWUT_DATABASE_URL": empty_database_url})

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "The database is not ready for this version. Back up, then run the command: migrate.\n"
    )


def test_a_taken_port_is_one_sentence_and_throws_nothing_away(ready: Environment) -> None:
    data = Path(ready["TAFAWUT_DATA_DIR"])
    with _taken_port() as port:
        commands = {
            "serve": ["serve", "--port", str(port)],
            "demo": ["demo", "--port", str(port), "--fresh", "--yes"],
        }
        before = (data / "tafawut.sqlite3").read_bytes()
        done = _run_all({name: (command, ready) for name, command in commands.items()})

    for each in done.values():
        assert (each.returncode, each.stdout) == (1, "")
        assert each.stderr == (
            f"Port {port} on 127.0.0.1 cannot be used (Address already in use). Is the service "
            "running already? Choose another one with --port, or --port 0.\n"
        )
    assert (data / "tafawut.sqlite3").read_bytes() == before


def test_the_first_run_prints_a_link_that_is_opened_often_and_spent_once(
    empty_database_url: str, place: Environment
) -> None:
    environment = place | {"TAFAWUT_DATABASE_URL": empty_database_url}
    run_well(["migrate", "--have-backup"], environment)
    with serving(["serve"], environment) as (told, process), httpx2.Client() as client:
        base, link = str(told["base_url"]), str(told["first_run_url"])
        sent = {"password": PASSWORD, "login": "saima", "display_name": "Saima"}

        assert set(told) == {"base_url", "first_run_url"}
        assert link.startswith(f"{base}/one-time/")
        assert [client.get(link).status_code for _ in range(2)] == [200, 200]
        assert client.post(link, data={"password": "short"}).status_code == 422
        spent = client.post(link, data=sent)
        assert (spent.status_code, spent.headers["location"]) == (303, "/staff")
        assert client.get(f"{base}/admin").status_code == 200
        assert client.post(link, data=sent).status_code == 410
        assert client.get(link).status_code == 410
        assert _seconds_to_stop(process) < 5
        assert process.stdout is not None
        assert process.stdout.read() == ""  # one line of JSON and nothing else

    with serving(["serve"], environment) as (told, _), httpx2.Client() as client:
        base = str(told["base_url"])
        assert set(told) == {"base_url"}
        sent = {"login": "saima", "password": PASSWORD, "next": "/admin"}
        again = client.post(f"{base}/sign-in", data=sent)
        assert (again.status_code, again.headers["location"]) == (303, "/admin")
        assert client.get(f"{base}/admin").status_code == 200


def test_token_and_invite_print_one_thing_that_works(ready: Environment) -> None:
    with serving(["serve"], ready) as (told, _), httpx2.Client() as client:
        base = str(told["base_url"])
        here = ready | {"TAFAWUT_BASE_URL": base}
        done = _run_all(
            {
                "token": (["token", "admin"], here),
                "known": (["invite", "admin"], here),
                "new": (["invite", "dina", "--role", "evaluator", "--name", "Dina"], here),
                "nobody": (["invite", "ghost"], here),
            }
        )
        token = done["token"].stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}
        staff = client.get(f"{base}/api/v1/staff", headers=headers).json()

        assert sorted((each["login"], each["role"]) for each in staff) == [
            ("admin", "admin"),
            ("dina", "evaluator"),
        ]
        for name in ("known", "new"):
            assert done[name].stdout.startswith(f"{base}/one-time/")
            assert client.get(done[name].stdout.strip()).status_code == 200
    assert done["nobody"].stdout == ""
    assert done["nobody"].stderr == "Nobody signs in as ghost. For somebody new, say --role.\n"


def test_an_unreadable_database_is_one_sentence_for_every_command_and_stays_as_it_is(
    place: Environment,
) -> None:
    file = Path(place["TAFAWUT_DATA_DIR"]) / "tafawut.sqlite3"
    file.parent.mkdir()
    file.write_bytes(b"this is no database, but it may be somebody's\n" * 200)
    before = file.read_bytes()

    done = _run_all(
        {
            name: (name.split(), place)
            for name in (
                "serve --port 0",
                "migrate",
                "token admin",
            )
        }
    )

    assert {name: each.stderr for name, each in done.items()} == dict.fromkeys(done, UNREADABLE)
    assert {(each.returncode, each.stdout) for each in done.values()} == {(1, "")}
    assert file.read_bytes() == before
    assert list(file.parent.glob("backups/*")) == []  # nothing that looks like a backup


def test_a_database_of_a_newer_version_is_left_alone_in_one_sentence(ready: Environment) -> None:
    file = Path(ready["TAFAWUT_DATA_DIR"]) / "tafawut.sqlite3"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    done = _run_all({name: (name.split(), ready) for name in ("serve --port 0", "migrate")})

    assert {name for name, each in done.items() if "Traceback" in each.stderr} == set()
    assert {(each.returncode, each.stdout) for each in done.values()} == {(1, "")}
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_settings_that_cannot_work_are_one_sentence(place: Environment, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("not a folder")
    url = "TAFAWUT_DATABASE_URL"
    wrong = {
        "a port nobody listens on": {url: "postgresql+psycopg://me:sesame@127.0.0.1:1/none"},
        "an address without its driver": {url: "postgresql://me:sesame@127.0.0.1:1/none"},
        "an unknown database": {url: "oracle://me:sesame@127.0.0.1/none"},
        "a folder that is a file": {"TAFAWUT_DATA_DIR": str(tmp_path / "a-file")},
        "a threshold below 5": {"TAFAWUT_OUTSIDE_THRESHOLD": "4"},
    }

    done = _run_all(
        {name: (["serve", "--port", "0"], place | more) for name, more in wrong.items()}
    )

    assert {name for name, each in done.items() if "Traceback" in each.stderr} == set()
    for each in done.values():
        assert (each.returncode, each.stdout) == (1, "")
        assert len(each.stderr.splitlines()) == 1
        assert "sesame" not in each.stderr
    assert "TAFAWUT_OUTSIDE_THRESHOLD" in done["a threshold below 5"].stderr


def test_an_address_or_a_port_that_cannot_be_served_is_one_sentence(ready: Environment) -> None:
    done = _run_all(
        {
            "no such port": (["serve", "--port", "70000"], ready),
            "every address": (["serve", "--host", "0.0.0.0", "--port", "0"], ready),
        }
    )

    assert {name for name, each in done.items() if "Traceback" in each.stderr} == set()
    assert {each.returncode for each in done.values()} == {1}
    assert done["every address"].stderr == (
        "Cards and links need an address that phones can open: set TAFAWUT_BASE_URL, "
        "for example http://192.168.8.10:8000\n"
    )


def test_banks_publish_names_every_form_and_what_is_not_yet_reviewed(ready: Environment) -> None:
    first = run_app(["banks", "publish"], ready)
    again = run_app(["banks", "publish"], ready)

    assert first.returncode == 0
    assert [line.split()[:2] for line in first.stderr.splitlines()] == [
        ["lea-data-full", "v1"],
        ["lea-data", "v1"],
        ["multidisciplinary-sorting", "v1"],
        ["multidisciplinary", "v1"],
        ["ngo-full", "v1"],
        ["ngo", "v1"],
        ["post-workshop-full", "v1"],
        ["post-workshop", "v1"],
    ]
    note = "not yet reviewed by a lawyer / by a native reader"
    assert [note in line for line in first.stderr.splitlines()] == [True] * 8
    assert again.stderr == first.stderr


def test_a_second_server_on_the_same_sqlite_file_is_refused_in_one_sentence(
    ready: Environment,
) -> None:
    with serving(["serve"], ready):
        second = run_app(["serve", "--port", "0"], ready)
    assert second.returncode == 1
    assert second.stderr == (
        "Another process serves this database already. SQLite bears one: stop the other, "
        "or use PostgreSQL for several.\n"
    )
    with serving(["serve"], ready) as (told, _):
        assert told["base_url"]


def test_uvicorn_serves_the_application_as_it_stands(ready: Environment) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | ready, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any("Uvicorn running" in line for line in lines)
        assert httpx2.get(f"http://127.0.0.1:{port}/health").json() == {"status": "ok"}
        assert _seconds_to_stop(process) < 5


def test_the_demo_keeps_away_from_real_people(ready: Environment, tmp_path: Path) -> None:
    house = build_house(make_settings(tmp_path, ""))
    a_staff_member(house, "amal", Role.TRAINER)
    house.engine.dispose()
    file = Path(ready["TAFAWUT_DATA_DIR"]) / "tafawut.sqlite3"
    before = file.read_bytes()

    done = run_app(["demo", "--port", "0", "--fresh", "--yes"], ready)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{ready['TAFAWUT_DATA_DIR']} holds real workshops. "
        "Give the demo a folder of its own: TAFAWUT_DATA_DIR=demo-data\n"
    )
    assert file.read_bytes() == before


def test_the_demo_shows_every_place_says_synthetic_and_keeps_what_was_answered(
    place: Environment,
) -> None:
    """About twenty seconds: six workshops are seeded."""
    with serving(["demo", "--fresh", "--yes"], place, is_cold=True) as (told, process):
        _visit_the_demo(told)
        card = _join_the_demo(told)
        assert _seconds_to_stop(process) < 5
    with serving(["demo"], place) as (again, _):
        assert again["workshop_id"] == told["workshop_id"]
        assert again["join_code"] == told["join_code"]
        numbers = [str(each["certificate_url"]).rpartition("/")[2] for each in (told, again)]
        assert numbers[0] == numbers[1] != ""
        assert card["number"] not in {each["number"] for each in _cards(again)}
        _visit_the_demo(again)
    with started(["app", "demo", *IN_A_ROOM], place) as process:
        _visit_the_demo_in_a_room(said_in_a_room(process), str(told["join_code"]))
        assert _seconds_to_stop(process) < 5


def _visit_the_demo_in_a_room(printed: str, join_code: str) -> None:
    ((name, address),) = squares_in(printed).items()
    assert name == f"The test, {address}"
    assert f"Participant, with a code:  {address}/j/{join_code}" in printed
    (trainer,) = re.findall(r"Trainer: +(\S+)", printed)
    with a_device("127.0.0.2") as phone, a_device("127.0.0.1") as laptop:
        for device, way in ((phone, f"/j/{join_code}"), (laptop, None)):
            assert device.get(address).headers.get("location") == way
        assert phone.get(trainer).status_code == phone.post(trainer).status_code == 403
        assert laptop.post(trainer).status_code == 303


def _visit_the_demo(told: Mapping[str, Any]) -> None:
    assert set(told) >= DEMO_NAMES
    with httpx2.Client(follow_redirects=True) as client:
        for name in ("base_url", "certificate_url"):
            _check_page(client.get(told[name]))
        _check_page(client.get(f"{told['base_url']}/j/{told['join_code']}"))
        _check_page(client.get(f"{told['base_url']}/docs"), says="Tafawut")
    for name in ("trainer_url", "evaluator_url", "admin_url"):
        with httpx2.Client(follow_redirects=True) as client:
            for _ in range(2):  # these links may be used as often as one likes
                _check_page(client.get(told[name]))
                _check_page(client.post(told[name]))
    with httpx2.Client(follow_redirects=True) as client:
        client.post(told["trainer_url"])
        for path in ("", "/results", "/attendance", "/certificates", "/cards"):
            address = f"{told['base_url']}/trainer/workshops/{told['workshop_id']}{path}"
            _check_page(client.get(address))
    with httpx2.Client(follow_redirects=True) as client:
        client.post(told["evaluator_url"])
        report = client.get(f"{told['base_url']}/evaluator/pooled")
        _check_page(report)
        assert re.search(r"<h1>[^<]*Withheld", report.text) is None, "released before one looks"


def _join_the_demo(told: Mapping[str, Any]) -> dict[str, str]:
    card = _cards(told)[0]
    address, _, token = card["url"].partition("#")
    assert address == f"{told['base_url']}/j/{told['join_code']}/{card['number']}"
    assert token == card["token"]
    with httpx2.Client(follow_redirects=True) as client:
        _check_page(client.get(address))
        sent = {"token": token, "language": "en"}
        joined = client.post(f"{told['base_url']}/j/{told['join_code']}", data=sent)
        _check_page(joined)
        _check_page(client.post(f"{told['base_url']}/my/consent", data={"answer": "yes"}))
    return card


def _cards(told: Mapping[str, Any]) -> list[dict[str, str]]:
    cards: list[dict[str, str]] = told["cards"]
    return cards


def _check_page(page: httpx2.Response, says: str = "Synthetic") -> None:
    assert page.status_code == 200, page.url
    assert says in page.text, page.url


def _seconds_to_stop(process: Program) -> float:
    started = time.monotonic()
    process.terminate()
    assert process.wait(timeout=20) in (0, -15)
    return time.monotonic() - started


def _run_all(commands: Mapping[str, tuple[list[str], Environment]]) -> dict[str, Done]:
    """Run commands side by side."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        running = {
            name: pool.submit(run_app, command, environment)
            for name, (command, environment) in commands.items()
        }
        return {name: each.result() for name, each in running.items()}


@contextmanager
def _taken_port() -> Iterator[int]:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]
