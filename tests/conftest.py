"""Legs, databases and the browser for every test.

Fixtures:
    database_url        a fresh migrated database, once per database of this run
    empty_database_url  the same without a schema
    database_kind       "sqlite" or "postgres": which of them this is
    save_batch_limit    how many saves may share a transaction
    chromium_path       the Chromium of this run (tests/browser alone)
    browser             that Chromium, started once, driven by playwright
    old_chromium_paths  Chromium 64, 72 and 80 by their number (tests/browser/test_old_*.py)
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig

from app.settings import Settings
from tests import legs, postgres
from tests.legs import CHROMIUM_FLAGS, COUNTS, PLAN, ROOT
from tests.old_chromium import OldChromiums

pytest_plugins = ["tests.fixtures.house", "tests.workers"]

_BROWSER_TESTS = ROOT / "tests" / "browser"
_OTHER_PYTHON_TEST = ROOT / "tests" / "architecture" / "test_other_python.py"
_STRACE_TESTS = {
    ROOT / "tests" / "integration" / "test_no_calls_out.py",
    ROOT / "tests" / "integration" / "test_opened_files.py",
    ROOT / "tests" / "integration" / "test_sync_order.py",
}

SAVES_TOGETHER = Settings.model_fields["save_batch_limit"].default
SAVES_ALONE = 1


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    _keep_temporary_files_in_build()


def _keep_temporary_files_in_build() -> None:
    # A test run changes nothing outside the project's folder. Programs that tests start inherit it.
    folder = legs.BUILD / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # asks the environment again


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    needed = _leg_of_file(collection_path)
    missing = [leg.name for leg in config.stash[PLAN].all if not leg.is_run]
    return True if needed in missing else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        kinds = metafunc.config.stash[PLAN].database_kinds
        if metafunc.definition.get_closest_marker("sqlite_only"):
            kinds = ["sqlite"]
        both_ways = metafunc.definition.get_closest_marker("saves_both_ways")
        if both_ways is None:
            metafunc.parametrize("database_kind", kinds, indirect=True)
            return
        alone_on = both_ways.kwargs.get("alone_on", kinds)
        ways = [(kind, SAVES_TOGETHER) for kind in kinds]
        ways += [(kind, SAVES_ALONE) for kind in kinds if kind in alone_on]
        metafunc.parametrize(("database_kind", "save_batch_limit"), ways, indirect=True)


@pytest.fixture
def save_batch_limit(request: pytest.FixtureRequest) -> int:
    """How many saves may share a transaction: as many as usual, or one where a test asks."""
    return int(getattr(request, "param", SAVES_TOGETHER))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[COUNTS].update(_leg_of(item) for item in session.items)


def _leg_of(item: pytest.Item) -> str:
    return _leg_of_file(item.path) or _database_kind_of(item)


def _leg_of_file(path: Path) -> str:
    """The leg that every test of this file needs; empty for a folder."""
    if path.parent == _BROWSER_TESTS:
        return "old_chromium" if path.name.startswith("test_old_") else "chromium"
    if path in _STRACE_TESTS:
        return "strace"
    return "python313" if path == _OTHER_PYTHON_TEST else ""


def _database_kind_of(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("database_kind", "")) if callspec else ""


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    counts = config.stash[COUNTS]
    terminalreporter.write_sep("=", "legs")
    for leg in config.stash[PLAN].all:
        if leg.reason:
            line = f"not run  {leg.reason}"
        elif not counts[leg.name]:
            line = "not run  none of the chosen tests needs it"
        else:
            tests = "test" if counts[leg.name] == 1 else "tests"
            line = f"run      {counts[leg.name]} {tests} ({leg.found})"
        terminalreporter.write_line(f"{leg.name:<12} {line}")


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database this test runs on."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A fresh database with the newest schema: a copy of one that was migrated once.

    Whoever asks for the house gets one that holds the published forms, too.
    """
    wanted = "published" if "house" in request.fixturenames else "template"
    template = request.getfixturevalue(f"{database_kind}_{wanted}")
    if database_kind == "sqlite":
        file = tmp_path / "tafawut.sqlite3"
        shutil.copyfile(template, file)
        yield f"sqlite:///{file}"
        return
    databases: postgres.Databases = request.getfixturevalue("postgres_databases")
    with databases.fresh(template=template) as url:
        yield url


@pytest.fixture
def empty_database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database without a schema; the SQLite file does not exist yet."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    databases: postgres.Databases = request.getfixturevalue("postgres_databases")
    with databases.fresh() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema."""
    file = tmp_path_factory.mktemp("template") / "tafawut.sqlite3"
    _migrate(f"sqlite:///{file}")
    return _in_one_file(file)


@pytest.fixture(scope="session")
def sqlite_published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the real forms published."""
    file = tmp_path_factory.mktemp("published") / "tafawut.sqlite3"
    shutil.copyfile(sqlite_template, file)
    _publish(f"sqlite:///{file}", file.parent)
    return _in_one_file(file)


def _in_one_file(file: Path) -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the copies take this file alone
    return file


@pytest.fixture(scope="session")
def postgres_databases(pytestconfig: pytest.Config) -> Iterator[postgres.Databases]:
    """The PostgreSQL of this run, started when the first test needs it."""
    source = pytestconfig.stash[PLAN].postgres.found
    assert isinstance(source, postgres.Source)
    with postgres.serve(source) as databases:
        yield databases


@pytest.fixture(scope="session")
def postgres_template(postgres_databases: postgres.Databases) -> Iterator[str]:
    """The name of a PostgreSQL database with the newest schema, for CREATE DATABASE … TEMPLATE."""
    with postgres_databases.fresh() as url:
        _migrate(url)
        yield url.rpartition("/")[2]


@pytest.fixture(scope="session")
def postgres_published(
    postgres_databases: postgres.Databases,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The same with the real forms published."""
    with postgres_databases.fresh(template=postgres_template) as url:
        _publish(url, tmp_path_factory.mktemp("published"))
        yield url.rpartition("/")[2]


def _migrate(url: str) -> None:
    config = AlembicConfig(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = url
    command.upgrade(config, "head")


def _publish(url: str, folder: Path) -> None:
    from tests.fixtures.house import publish_into  # its asserts would not be rewritten above

    publish_into(url, folder)


@pytest.fixture(scope="session")
def chromium_path(pytestconfig: pytest.Config) -> Path:
    """The Chromium of this run."""
    found = pytestconfig.stash[PLAN].chromium.found
    assert isinstance(found, Path)
    return found


@pytest.fixture(scope="session")
def old_chromium_paths(pytestconfig: pytest.Config) -> dict[int, Path]:
    """The old Chromiums of this run, for tests/fixtures/old_chromium.py."""
    found = pytestconfig.stash[PLAN].old_chromium.found
    assert isinstance(found, OldChromiums)
    return found.paths


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[object]:
    """Chromium by playwright's sync API; a test opens a context of its own."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(chromium_path), args=list(CHROMIUM_FLAGS)
        )
        expect.set_options(timeout=20_000)  # a page is right or wrong, however busy the machine is
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def python313(pytestconfig: pytest.Config) -> Path:
    """The second Python of this run."""
    found = pytestconfig.stash[PLAN].python313.found
    assert isinstance(found, Path)
    return found
