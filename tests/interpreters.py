"""A second Python, 3.13, where one is found; and a virtual environment of it in .venv313."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv313"
_LOCK = ROOT / "requirements-dev.lock"
_WANTED = "3.13"
_OPTIONS = ("--quiet", "--no-compile", "--require-hashes")  # little of it is ever imported


def find_python313() -> Path | None:
    """An interpreter that starts and says it is 3.13; TAFAWUT_TEST_PYTHON alone when it is set."""
    if named := os.environ.get("TAFAWUT_TEST_PYTHON"):
        return Path(named) if _is_wanted(Path(named)) else None
    return next((path for path in _candidates() if _is_wanted(path)), None)


def _candidates() -> Iterator[Path]:
    if on_path := shutil.which(f"python{_WANTED}"):
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{_WANTED}.*/bin/python{_WANTED}"), reverse=True)
    if uv := shutil.which("uv"):
        found = _ask(uv, "python", "find", _WANTED, "--no-python-downloads")
        if found:
            yield Path(found)


def _is_wanted(path: Path) -> bool:
    # A pyenv shim is on PATH and executable, and fails when it is run: only asking tells.
    return _ask(str(path), "-c", "import sys; print('%d.%d' % sys.version_info[:2])") == _WANTED


def _ask(*command: str) -> str:
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


def prepare_venv(python: Path) -> Path:
    """The interpreter of .venv313 with the dev lock installed; made anew when the lock changed."""
    own_python = VENV / "bin" / "python"
    stamp = VENV / "lock.sha256"
    digest = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest and _is_wanted(own_python):
        return own_python
    for command in (
        [str(python), "-m", "venv", "--clear", str(VENV)],
        [str(own_python), "-m", "pip", "install", *_OPTIONS, "-r", str(_LOCK)],
    ):
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{said.stdout}{said.stderr}")
    stamp.write_text(digest)
    return own_python
