"""A reader of files from elsewhere runs in a process of its own, with little memory and time.

A file that makes it hang or grow ends that process; the service answers meanwhile. The process
gets none of our settings, and its input and output are the only things it has to do with.
"""

import resource
import subprocess
import sys
import threading
from pathlib import Path

import app

_AT_ONCE = 2
_WAIT_SECONDS = 20.0
_ROOT = str(Path(app.__file__).parent.parent)
_START = "import sys; sys.path.insert(0, {root!r}); from {module} import serve_apart; serve_apart()"
_turns = threading.BoundedSemaphore(_AT_ONCE)


class ApartBusy(Exception):
    """Others are being read; none has ended while we waited."""


class ApartEnded(Exception):
    """It took too long, needed too much memory, or fell over."""


def run_apart(module: str, content: bytes, *, seconds: float) -> bytes:
    """What `serve_apart` of the module writes when it reads the content; blocks.

    Raises ApartEnded and ApartBusy.
    """
    if not _turns.acquire(timeout=_WAIT_SECONDS):
        raise ApartBusy()
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
        raise ApartEnded() from error
    finally:
        _turns.release()
    return done.stdout


def bound_this_process(*, seconds: int, megabytes: int) -> None:
    """Limit the process that reads: processor time, memory, and not one byte into a file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
