"""The legs of a test run: what can run here, what is installed for it, and why a leg does not run.

SQLite always runs. PostgreSQL, Chromium and strace run where they are found; under
TAFAWUT_TEST_ALL=1 they are installed (apt-get, as root), or the run fails with a hint. The old
Chromiums are fetched under TAFAWUT_TEST_ALL=1 where npm can, and run from then on. A second Python
runs where an interpreter is found; it is never installed.
"""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import interpreters, old_chromium, postgres

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"

LAN_HOST = "192.168.4.1"  # an address of a room's own network: an origin that is not secure

# No sandbox: CI runs as root. The last two find LAN_HOST here and take our own certificate, also
# for a service worker (a context's ignore_https_errors does not). The others keep it from calling
# home.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--ignore-certificate-errors",
    f"--host-resolver-rules=MAP {LAN_HOST} 127.0.0.1",
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
    old_chromium: Leg
    strace: Leg
    python313: Leg

    @property
    def all(self) -> tuple[Leg, ...]:
        """Every leg, run or not."""
        legs = (self.sqlite, self.postgres, self.chromium, self.old_chromium)
        return (*legs, self.strace, self.python313)

    @property
    def database_kinds(self) -> tuple[str, ...]:
        """The databases that database tests run on."""
        return tuple(leg.name for leg in (self.sqlite, self.postgres) if leg.is_run)


# Where a run keeps its plan, and how many of its tests need which leg.
PLAN = pytest.StashKey[Plan]()
COUNTS = pytest.StashKey[Counter[str]]()


def wants_all(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether every leg has to run."""
    return environment.get("TAFAWUT_TEST_ALL", "") not in ("", "0")


def make_plan(*, is_all: bool) -> Plan:
    """What runs here. With `is_all` what is missing is installed first; raises LegMissing."""
    return Plan(
        sqlite=Leg("sqlite", "embedded"),
        postgres=_plan_postgres(is_all=is_all),
        chromium=_plan_chromium(is_all=is_all),
        old_chromium=_plan_old_chromium(is_all=is_all),
        strace=_plan_strace(is_all=is_all),
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


def _plan_old_chromium(*, is_all: bool) -> Leg:
    found = old_chromium.find_old_chromiums()
    reason = "not in build/old-chromium: TAFAWUT_TEST_ALL=1 fetches 110 MB with npm"
    if not found and is_all:
        try:
            old_chromium.fetch_old_chromiums()
        except old_chromium.FetchFailed as failed:
            reason = str(failed)
        found = old_chromium.find_old_chromiums()
    return Leg("old_chromium", found, "" if found else reason)


def _plan_strace(*, is_all: bool) -> Leg:
    if not shutil.which("strace") and is_all:
        _install("strace", "strace")
    found = shutil.which("strace")
    if not found:
        return Leg("strace", None, "no strace found")
    command = [found, "-f", "-e", "trace=none", "true"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return Leg("strace", None, "strace may not watch programs here")
    return Leg("strace", found)


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
