"""The log: events with plain facts, never a name, a code or an answer."""

import json
import logging
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO, cast

import structlog


class _Lenient:
    """The error stream; a line that cannot be written (full disk, closed end) costs no answer."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # ValueError: the stream was closed
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


def set_up_logs(*, is_quiet: bool = False) -> None:
    """One line of JSON per event on the error stream; Urdu stays readable."""
    stream = cast("TextIO", _Lenient(sys.stderr))
    level = logging.WARNING if is_quiet else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _OneLine(logging.Formatter):
    """What libraries say, as a line like ours; of an error its kind and place, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "event": record.getMessage().partition("\n")[0],
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            facts |= _facts_of(error)
        return json.dumps(facts, ensure_ascii=False)


def log_change(event: str, **facts: str) -> None:
    """Something that is well again, or was begun; a line that is there to be read, no alarm."""
    structlog.get_logger().warning(event, **facts)


def log_problem(event: str, *, error: Exception | None = None, **facts: str) -> None:
    """Something an admin should know of: what kind of error, and where; never its own words.

    A database's words repeat the row it refused, answers and numbers included.
    """
    if error is not None:
        facts |= _facts_of(error)
    structlog.get_logger().error(event, **facts)


def _facts_of(error: BaseException) -> dict[str, str]:
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames[-8:]))
    return {"error": type(error).__name__, "where": where}
