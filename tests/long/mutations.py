"""Does a test notice when the statistics are wrong? Faults are planted, one per process.

A process that has imported the libraries waits; for each mutant a fork of it loads the faulty
module in place of the sound one and runs the tests that speak of it. A test that fails, or does not
end, has killed the mutant.
"""

import argparse
import importlib.abc
import importlib.util
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from hypothesis import settings

from tests.long.mutants import Mutant, find_mutants

ROOT = Path(__file__).parent.parent.parent
LEAST_SHARE = 0.9
EVERY_SHORT = 12
_SECONDS = 60
_LIBRARIES = ("hypothesis", "numpy", "scipy.special", "scipy.optimize")
TESTS: Mapping[str, Sequence[str]] = {
    "scoring": ("unit/test_scoring.py", "property/test_scoring.py"),
    "gains": ("unit/test_gains.py", "unit/test_statistics.py", "golden"),
    "disclosure": ("unit/test_disclosure.py",),
    "suppression": ("unit/test_suppression.py", "golden", "property/test_suppression.py"),
}


def run(chosen: argparse.Namespace, folder: Path) -> Mapping[str, object]:
    """All mutants of the four modules, or every twelfth; `survived` names those nobody noticed."""
    return run_mutations(EVERY_SHORT if chosen.short else 1)


def run_mutations(step: int) -> Mapping[str, object]:
    """Every `step`-th mutant of each module; is_ok when 90 % or more are killed in each."""
    for name in _LIBRARIES:
        importlib.import_module(name)
    # Without tests/property/conftest.py: no deadline, and the same examples for every mutant.
    settings.register_profile("mutations", deadline=None, derandomize=True)
    settings.load_profile("mutations")
    figures: dict[str, object] = {}
    survived: list[str] = []
    shares = []
    for module in TESTS:
        source = (ROOT / "app" / "core" / f"{module}.py").read_text(encoding="utf-8")
        if not list(_find_survivors(module, [Mutant(0, "nothing changed", source)])):
            raise RuntimeError(f"the tests of {module} fail without a fault: mend them first")
        mutants = list(find_mutants(source))[::step]
        alive = list(_find_survivors(module, mutants))
        shares.append(1 - len(alive) / len(mutants))
        figures[module] = f"{len(mutants) - len(alive)} of {len(mutants)}"
        survived += [f"{module}.py:{each.line}: {each.change}" for each in alive]
    return figures | {
        "least_share": round(min(shares), 3),
        "survived": survived,
        "is_ok": min(shares) >= LEAST_SHARE,
    }


def _find_survivors(module: str, mutants: Sequence[Mutant]) -> Iterator[Mutant]:
    waiting = list(mutants)
    running: dict[int, tuple[Mutant, int, float]] = {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            mutant = waiting.pop(0)
            pid, told = _fork(module, mutant)
            running[told] = (mutant, pid, time.monotonic() + _SECONDS)
        ready, _, _ = select.select(list(running), [], [], 1)
        late = [told for told, (_, _, end) in running.items() if time.monotonic() > end]
        for told in {*ready, *late}:
            mutant, pid, _ = running.pop(told)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL) if told not in ready else None
            status = os.waitpid(pid, 0)[1]
            os.close(told)
            if os.waitstatus_to_exitcode(status) == 0:
                yield mutant


def _fork(module: str, mutant: Mutant) -> tuple[int, int]:
    """A process that ends with the tests' exit code; its pipe closes when it ends."""
    told, keeps = os.pipe()
    pid = os.fork()
    if pid:
        os.close(keeps)
        return pid, told
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    code = 1
    try:
        # Whoever started this run has imported the sound modules: they are read again.
        for name in [each for each in sys.modules if each.split(".")[0] in {"app", "tests"}]:
            del sys.modules[name]
        sys.meta_path.insert(0, _Planted(f"app.core.{module}", mutant.source))
        os.chdir(ROOT)
        tests = [str(ROOT / "tests" / each) for each in TESTS[module]]
        code = pytest.main(
            [
                "-x",
                "-q",
                "--assert=plain",
                "--noconftest",
                "-p",
                "no:randomly",
                "-p",
                "no:cacheprovider",
                *tests,
            ]
        )
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(code))


class _Planted(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Loads one module from a faulty source and leaves all others alone."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def get_source(self, fullname: str) -> str:
        return self._source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, f"<planted {fullname}>", "exec")
