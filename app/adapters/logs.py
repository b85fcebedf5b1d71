"""The log: events with plain facts, never a name, a code or an answer."""

import logging
import sys

import structlog


def set_up_logs(*, is_quiet: bool = False) -> None:
    """One line of JSON per event on the error stream; Urdu stays readable."""
    level = logging.WARNING if is_quiet else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)


def log_problem(event: str, *, error: Exception | None = None, **facts: str) -> None:
    """Something an admin should know of; the error's own text stays in its traceback."""
    structlog.get_logger().error(event, exc_info=error, **facts)
