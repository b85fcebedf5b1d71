"""Does the net catch fish? Known bugs are planted, one at a time; a named test must go red.

Each bug is an exact replacement of text, kept under tests/long/seeds/, put into a throw-away copy
of the project. First every named test must be green in a copy without a bug.
Source: reliability.md §4.4.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEEDS = Path(__file__).parent / "seeds"
_LEFT_OUT = (".git", ".venv", "build", "node_modules", "__pycache__", ".*_cache", "tafawut-data")
_SECONDS = 600
_PYTEST = ("-m", "pytest", "-q", "-n", "0", "-x", "-p", "no:randomly", "-p", "no:cacheprovider")


class SeedStale(Exception):
    """The code has changed: the text that a bug replaces is not there, or there more than once."""


@dataclass(frozen=True)
class Change:
    """In one file of the project: what stands there, and what stands there with the bug."""

    file: str
    before: str
    after: str


@dataclass(frozen=True)
class Seed:
    """One bug; `test` must go red by it, and may need more than Python: chromium or strace."""

    name: str
    says: str
    test: str
    changes: tuple[Change, ...]
    needs: str = ""


@dataclass(frozen=True)
class Caught:
    """What became of a bug; `caught` is also False where the test could not run at all."""

    bug: str
    test: str
    caught: bool
    seconds: float


def read_seeds() -> list[Seed]:
    """Every bug, by name."""
    found = []
    for path in sorted(SEEDS.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        changes = tuple(Change(**each) for each in told.pop("change"))
        found.append(Seed(name=path.stem, changes=changes, **told))
    return found


def planted(seed: Seed, root: Path) -> dict[str, str]:
    """Each changed file of the project with the bug in it; raises SeedStale."""
    texts: dict[str, str] = {}
    for change in seed.changes:
        text = texts.get(change.file) or (root / change.file).read_text(encoding="utf-8")
        if text.count(change.before) != 1:
            raise SeedStale(f"{seed.name}: {change.file} has it {text.count(change.before)} times")
        texts[change.file] = text.replace(change.before, change.after)
    return texts


def run(chosen: argparse.Namespace, folder: Path) -> Mapping[str, object]:
    """All bugs, or in short those whose tests need nothing but Python and no server."""
    seeds = [seed for seed in read_seeds() if not (chosen.short and seed.needs)]
    copy = folder / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    status, said = run_tests(copy, [seed.test for seed in seeds])
    if status != 0:
        raise RuntimeError(f"the named tests are not green without a bug:\n{said}")
    found = [_plant_and_look(seed, copy, is_quiet=chosen.json) for seed in seeds]
    caught = sum(each.caught for each in found)
    return {
        "bugs": [vars(each) for each in found] if chosen.json else len(found),
        "caught": f"caught {caught} of {len(found)}",
        "is_ok": caught == len(found),
    }


def run_tests(root: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Pytest's exit code and the end of what it said, on SQLite alone."""
    done = subprocess.run(
        [sys.executable, *_PYTEST, "-k", "not postgres", *tests],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout[-2000:] + done.stderr[-500:]


def _plant_and_look(seed: Seed, copy: Path, *, is_quiet: bool) -> Caught:
    """Red is one failed test: a test that is not found, or cannot begin, has caught nothing."""
    began = time.monotonic()
    for file, text in planted(seed, copy).items():
        (copy / file).write_text(text, encoding="utf-8")
    try:
        status, said = run_tests(copy, [seed.test])
    finally:
        for change in seed.changes:
            shutil.copyfile(ROOT / change.file, copy / change.file)
    is_red = status == 1 and "1 failed" in said
    found = Caught(seed.name, seed.test, is_red, round(time.monotonic() - began, 1))
    if not is_quiet:
        print(f"{found.bug:<30} {found.caught!s:<6} {found.seconds:>6} {found.test}", flush=True)
    return found
