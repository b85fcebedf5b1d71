"""Every problem answer, for the OpenAPI document."""

from typing import Any

from app.web.api.wire import Problem
from app.web.problems import STATUS


def _described(status: int) -> str:
    codes = sorted(code for code, each in STATUS.items() if each == status)
    return "Refused: " + ", ".join(codes)


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "model": Problem,
        "description": _described(status),
        "content": {"application/problem+json": {}},
    }
    for status in sorted(set(STATUS.values()))
}
