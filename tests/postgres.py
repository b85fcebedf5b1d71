"""A PostgreSQL for the tests: one that is named, or the system's binaries run on a folder of ours.

Our own server listens on a free port of 127.0.0.1 with a password made for it, keeps its files in
build/ (or in the system's temporary folder, when the user postgres may not enter build/), and is
stopped by its own process id.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

_BUILD = Path(__file__).resolve().parent.parent / "build"
_SYSTEM_TEMPORARY = tempfile.gettempdir()  # before conftest moves temporary files into build/
_START_SECONDS = 30
_STOP_SECONDS = 15
_STALE_SECONDS = 86_400
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "timezone": "UTC",
    "unix_socket_directories": "",  # a path in a deep project folder would be too long for one
}
# In the suite durability is not under test, and it costs a second per created database.
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Source:
    """Where a PostgreSQL comes from: a url that is given, or a folder of binaries."""

    url: str = ""
    binaries: Path | None = None

    def __str__(self) -> str:
        return str(self.binaries or "TAFAWUT_TEST_POSTGRES")


def find_postgres() -> tuple[Source | None, str]:
    """A source, or None and the reason."""
    if url := os.environ.get("TAFAWUT_TEST_POSTGRES"):
        return Source(url=url), ""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    found = [
        path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()
    ]
    if not found:
        return None, "no TAFAWUT_TEST_POSTGRES, and no server binaries in /usr/lib/postgresql"
    if os.geteuid() == 0 and not _has_account("postgres"):
        return None, "PostgreSQL does not run as root, and there is no account postgres"
    newest = max(found, key=lambda path: float(path.parent.name))
    return Source(binaries=newest), ""


def _has_account(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


class Databases:
    """Makes and drops databases on one PostgreSQL; `admin_url` may create databases."""

    def __init__(self, admin_url: str | URL) -> None:
        self.admin_url = make_url(admin_url).set(drivername="postgresql+psycopg")

    def create(self, *, template: str = "template0") -> str:
        """The url of a new database with a random name, copied from a template."""
        name = f"t_{secrets.token_hex(8)}"
        self._execute(f"CREATE DATABASE {{}} TEMPLATE {{}} {self._way_to_copy}", name, template)
        return self.admin_url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drops the database, whoever may still be connected to it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", make_url(url).database or "")

    @contextlib.contextmanager
    def fresh(self, *, template: str = "template0") -> Iterator[str]:
        """The url of a database that lives as long as the block."""
        url = self.create(template=template)
        try:
            yield url
        finally:
            self.drop(url)

    def version(self) -> str:
        """The server's version, such as 15.18."""
        with self._connect() as connection:
            major, minor = divmod(connection.info.server_version, 10_000)
            return f"{major}.{minor}"

    @cached_property
    def _way_to_copy(self) -> str:
        # Without fsync, files are copied faster than they are written to the log (since 15).
        return "STRATEGY FILE_COPY" if float(self.version()) >= 15 else ""

    def _execute(self, statement: str, *names: str) -> None:
        query = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
        with self._connect() as connection:
            connection.execute(query)

    def _connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        url = self.admin_url.set(drivername="postgresql")
        return psycopg.connect(
            url.render_as_string(hide_password=False), autocommit=True, connect_timeout=10
        )


class Server:
    """Our own PostgreSQL, for the length of a with block."""

    def __init__(self, binaries: Path, *, is_durable: bool = False) -> None:
        self._binaries = binaries
        self._options = _OPTIONS if is_durable else _OPTIONS | _NOT_DURABLE
        self._password = secrets.token_hex(16)
        self._account = "postgres" if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path()
        self._port = 0

    def __enter__(self) -> Databases:
        self._folder = self._make_folder()
        try:
            self._initialise()
            return self._start()
        except BaseException:
            self._stop()
            raise

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _make_folder(self) -> Path:
        _BUILD.mkdir(exist_ok=True)
        _sweep(_BUILD)
        for parent in (_BUILD, Path(_SYSTEM_TEMPORARY)):
            folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=parent))
            if self._account:
                shutil.chown(folder, self._account)
            if self._run("test", "-w", str(folder)).returncode == 0:
                return folder
            folder.rmdir()
        raise RuntimeError("the account postgres may enter neither build/ nor the temporary folder")

    def _initialise(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        if self._account:
            shutil.chown(password_file, self._account)
        said = self._run(
            str(self._binaries / "initdb"),
            f"--pgdata={self._folder / 'cluster'}",
            "--username=tafawut",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        if said.returncode:
            raise RuntimeError(f"initdb failed:\n{said.stdout}")

    def end(self, sign: signal.Signals) -> None:
        """End the server with a signal and wait: KILL is a crash, INT a fast stop."""
        assert self._process
        self._process.send_signal(sign)
        self._process.wait(_STOP_SECONDS)

    def start_again(self) -> None:
        """Start it on the same files and port, as soon as what is left of the old one lets it."""
        give_up_at = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._launch(self._port, ends_with_us=False)  # whichever thread this is may end
                return
            except RuntimeError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.1)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Nobody of the server does anything for the length of the block."""
        assert self._process
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        family = [pid, *map(int, children)]
        try:
            _signal_all(family, signal.SIGSTOP)
            yield
        finally:
            _signal_all(family, signal.SIGCONT)

    def _start(self) -> Databases:
        self._port = _free_port()
        return self._launch(self._port, ends_with_us=True)

    def _launch(self, port: int, *, ends_with_us: bool) -> Databases:
        options = [f"--{name.replace('_', '-')}={value}" for name, value in self._options.items()]
        command = [
            *(_end_with_us() if ends_with_us else ()),
            str(self._binaries / "postgres"),
            *("-D", str(self._folder / "cluster"), "-p", str(port)),
            *options,
        ]
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._as_account(),
            )
        url = URL.create(
            "postgresql+psycopg", "tafawut", self._password, "127.0.0.1", port, "postgres"
        )
        databases = Databases(url)
        self._wait_for(databases)
        return databases

    def _wait_for(self, databases: Databases) -> None:
        assert self._process
        give_up_at = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < give_up_at:
            with contextlib.suppress(psycopg.OperationalError):
                databases.version()
                return
            time.sleep(0.05)
        log = (self._folder / "server.log").read_text(errors="replace")
        raise RuntimeError(f"PostgreSQL did not start:\n{log[-4000:]}")

    def _stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # "fast": open connections are cut
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(_STOP_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self._as_account(),
        )

    def _as_account(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "cwd": self._folder if self._folder.is_absolute() else "/",
            "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        }
        if self._account:
            entry = pwd.getpwnam(self._account)
            options |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return options


def _sweep(parent: Path) -> None:
    # What a killed run left behind; a day is longer than any run.
    for folder in parent.glob("postgres-*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _end_with_us() -> list[str]:
    # A test run that is killed stops nothing; the kernel then tells the server (Linux).
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT", "--"] if setpriv else []


def _signal_all(pids: list[int], sign: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serve(source: Source, *, is_durable: bool = False) -> Iterator[Databases]:
    """Databases on the given server, or on one of our own for the length of the block.

    Ours waits for the disk only where `is_durable` says so; a given one does as it is set.
    """
    if source.binaries is None:
        yield Databases(source.url)
        return
    with Server(source.binaries, is_durable=is_durable) as databases:
        yield databases


__all__ = ["Databases", "Server", "Source", "find_postgres", "serve"]
