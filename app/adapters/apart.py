"""A reader of files from elsewhere runs in a process of its own, with little memory and time.

A file that makes it hang or grow ends that process; the service answers meanwhile. The process
gets none of our settings, and its input and output are the only things it has to do with.
"""

import json
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import app

_AT_ONCE = 2
_WAIT_SECONDS = 20.0
_ROOT = str(Path(app.__file__).parent.parent)
_START = "import sys; sys.path.insert(0, {root!r}); from {module} import serve_apart; serve_apart()"
_turns = threading.BoundedSemaphore(_AT_ONCE)


class ReadingRefused(Exception):
    """A file that is not taken; the reason as a key of `core.reasons.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class ApartReader:
    """One kind of file: who reads it, within what, and what is said when that is not enough.

    `module` has a `serve_apart` that calls `serve`; `busy` and `heavy` are reasons of `refusal`.
    """

    module: str
    seconds: int
    megabytes: int
    busy: str
    heavy: str
    refusal: type[ReadingRefused]

    def ask(self, content: bytes) -> Any:
        """What `serve` found, as plain data; blocks. Raises the refusal."""
        try:
            told = json.loads(_run_apart(self.module, content, seconds=2 * self.seconds))
        except _ApartBusy as error:
            raise self.refusal(self.busy) from error
        except (_ApartEnded, ValueError, RecursionError) as error:
            raise self.refusal(self.heavy) from error
        if "refused" in told:
            raise self.refusal(told["refused"])
        return told["read"]

    def serve(self, load: Callable[[bytes], None], read: Callable[[bytes], Any]) -> None:
        """The other side: the file from the input, what `read` makes of it to the output.

        `load` brings the modules that read it, before the bounds: they may have to be compiled.
        """
        content = sys.stdin.buffer.read()
        load(content)
        _bound_this_process(seconds=self.seconds, megabytes=self.megabytes)
        try:
            told = json.dumps({"read": read(content)})
        except ReadingRefused as refused:
            told = json.dumps({"refused": refused.reason})
        except (MemoryError, RecursionError):
            told = json.dumps({"refused": self.heavy})
        sys.stdout.write(told)


class _ApartBusy(Exception):
    """Others are being read; none has ended while we waited."""


class _ApartEnded(Exception):
    """It took too long, needed too much memory, or fell over."""


def _run_apart(module: str, content: bytes, *, seconds: float) -> bytes:
    """What `serve_apart` of the module writes when it reads the content; blocks."""
    if not _turns.acquire(timeout=_WAIT_SECONDS):
        raise _ApartBusy()
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and our own module
            [sys.executable, "-X", "utf8", "-c", _START.format(root=_ROOT, module=module)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"OPENPYXL_LXML": "False"},  # one XML reader, whatever is installed
            cwd="/",
            timeout=seconds,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise _ApartEnded() from error
    finally:
        _turns.release()
    return done.stdout


def _bound_this_process(*, seconds: int, megabytes: int) -> None:
    """Limit the process that reads: processor time, memory, and not one byte into a file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
