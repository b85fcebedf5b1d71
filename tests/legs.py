"""The legs of a test run: what can run here, what is installed for it, and why a leg does not run.

SQLite always runs. PostgreSQL and Chromium run where they are found; under TAFAWUT_TEST_ALL=1
they are installed (apt-get, as root), or the run fails with a hint. A second Python runs where an
interpreter is found; it is never installed.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import interpreters, postgres

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"

# No sandbox: CI runs as root. The others keep Chromium from calling home.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
_CHROMIUM_NAMES = ("chromium-headless-shell", "chromium")


class LegMissing(Exception):
    """TAFAWUT_TEST_ALL=1 wants a leg that is neither here nor installable."""


@dataclass(frozen=True)
class Leg:
    """One leg: `found` says what it runs on; `reason` is empty, or why it does not run."""

    name: str
    found: object | None
    reason: str = ""

    @property
    def is_run(self) -> bool:
        """Whether tests of this leg are collected."""
        return not self.reason


@dataclass(frozen=True)
class Plan:
    """The legs of this run, in the order of the summary."""

    sqlite: Leg
    postgres: Leg
    chromium: Leg
    python313: Leg

    @property
    def all(self) -> tuple[Leg, ...]:
        """Every leg, run or not."""
        return (self.sqlite, self.postgres, self.chromium, self.python313)

    @property
    def database_kinds(self) -> tuple[str, ...]:
        """The databases that database tests run on."""
        return tuple(leg.name for leg in (self.sqlite, self.postgres) if leg.is_run)


def wants_all(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether every leg has to run."""
    return environment.get("TAFAWUT_TEST_ALL", "") not in ("", "0")


def make_plan(*, is_all: bool) -> Plan:
    """What runs here. With `is_all` what is missing is installed first; raises LegMissing."""
    return Plan(
        sqlite=Leg("sqlite", "embedded"),
        postgres=_plan_postgres(is_all=is_all),
        chromium=_plan_chromium(is_all=is_all),
        python313=_plan_python313(is_all=is_all),
    )


def find_chromium() -> Path | None:
    """A Chromium that playwright can drive, or None."""
    for name in _CHROMIUM_NAMES:
        found = shutil.which(name) or shutil.which(name, path="/usr/bin:/usr/local/bin")
        if found:
            return Path(found)
    return None


def _plan_chromium(*, is_all: bool) -> Leg:
    found = find_chromium()
    if not found and is_all:
        _install("chromium", *_CHROMIUM_NAMES)
        found = find_chromium()
        if not found:
            raise LegMissing("apt-get installed Chromium, but no chromium is on PATH")
    if found:
        return Leg("chromium", found)
    return Leg("chromium", None, f"no {' or '.join(_CHROMIUM_NAMES)} found")


def _plan_postgres(*, is_all: bool) -> Leg:
    found, reason = postgres.find_postgres()
    if not found and is_all:
        _install("postgres", "postgresql")
        found, reason = postgres.find_postgres()
        if not found:
            raise LegMissing(f"apt-get installed PostgreSQL, but {reason}")
    return Leg("postgres", found, "" if found else reason)


def _plan_python313(*, is_all: bool) -> Leg:
    is_asked_for = bool(os.environ.get("TAFAWUT_TEST_PYTHON"))
    if not is_all and not is_asked_for:
        reason = "costs a minute of installing: TAFAWUT_TEST_ALL=1 or TAFAWUT_TEST_PYTHON asks"
        return Leg("python313", None, reason)
    if found := interpreters.find_python313():
        return Leg("python313", found)
    if is_asked_for:
        raise LegMissing("TAFAWUT_TEST_PYTHON names no Python 3.13")
    return Leg("python313", None, "no Python 3.13 found (TAFAWUT_TEST_PYTHON names one)")


def _install(leg: str, *choices: str) -> None:
    """Installs the first of the Debian packages that apt-get can; raises LegMissing."""
    hint = f"TAFAWUT_TEST_ALL=1 needs the leg {leg}: apt-get install {choices[0]}"
    if not shutil.which("apt-get"):
        raise LegMissing(f"{hint} (there is no apt-get here)")
    if os.geteuid() != 0:
        raise LegMissing(f"{hint} (only root can)")
    said = _run_apt("update")
    for package in choices:
        said = _run_apt("install", "--yes", "--no-install-recommends", package)
        if said.returncode == 0:
            return
    raise LegMissing(f"{hint}\n{said.stdout[-2000:]}")


def _run_apt(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["apt-get", "--quiet", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
