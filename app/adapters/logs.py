"""The log: events with plain facts, never a name, a code or an answer."""

import logging
import sys
import traceback

import structlog


def set_up_logs(*, is_quiet: bool = False) -> None:
    """One line of JSON per event on the error stream; Urdu stays readable."""
    level = logging.WARNING if is_quiet else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)


def log_problem(event: str, *, error: Exception | None = None, **facts: str) -> None:
    """Something an admin should know of: what kind of error, and where; never its own words.

    A database's words repeat the row it refused, answers and numbers included.
    """
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        facts["error"] = type(error).__name__
        facts["where"] = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames[-8:]))
    structlog.get_logger().error(event, **facts)
