"""The leg python313: the pure parts hold on the newest Python we promise, too."""

import os
import subprocess
from pathlib import Path

import pytest

from tests import interpreters
from tests.architecture.source import ROOT

FOLDERS = [name for name in ("tests/unit", "tests/property") if any((ROOT / name).glob("*.py"))]


@pytest.mark.long
def test_the_core_holds_on_python_3_13(python313: Path) -> None:
    python = interpreters.prepare_venv(python313)
    said = subprocess.run(
        [str(python), "-m", "pytest", "-q", *FOLDERS],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not _is_about_legs(key)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout[-6000:] + said.stderr[-2000:]


def _is_about_legs(variable: str) -> bool:
    return variable.startswith(("TAFAWUT_TEST_", "PYTEST_"))
