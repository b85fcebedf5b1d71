"""A journal of facts in several files at once: only ever appended to, on the disk before it counts.

A line that was torn by a power cut is left out when it is read; the next one begins on its own.
"""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

Line = dict[str, object]


class Journal:
    """The same lines in each file; what one of them lacks, another may still have."""

    def __init__(self, *files: Path) -> None:
        self._files = files

    def add(self, line: Line) -> None:
        """Append to each file; on the disk when this returns."""
        for file in self._files:
            _append(file, [line])

    def add_missing(self, lines: Iterable[Line]) -> None:
        """Append to each file what it does not have yet."""
        told = list(lines)
        for file in self._files:
            missing = _without(told, read_lines(file))
            if missing:
                _append(file, missing)

    def read(self) -> list[Line]:
        """Every line of any of the files, once."""
        return _without((line for file in self._files for line in read_lines(file)), ())


def read_lines(file: Path) -> list[Line]:
    """The whole lines of a file; none where there is no file."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return []
    return [line for each in content.splitlines() if (line := _told(each)) is not None]


def _told(written: bytes) -> Line | None:
    try:
        line = json.loads(written)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _without(lines: Iterable[Line], known: Sequence[Line]) -> list[Line]:
    seen = {_written(line) for line in known}
    found = []
    for line in lines:
        if (written := _written(line)) not in seen:
            seen.add(written)
            found.append(line)
    return found


def _written(line: Line) -> bytes:
    return json.dumps(line, sort_keys=True, separators=(",", ":")).encode()


def _append(file: Path, lines: Iterable[Line]) -> None:
    """One write: lines of two processes never mix. The file's folder is synced for a new file."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not file.exists()
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        content = b"".join(_written(line) + b"\n" for line in lines)
        os.write(handle, b"\n" + content if is_torn else content)
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
