"""Every problem answer, for the OpenAPI document."""

from typing import Any

from app.web.problems import STATUS


def _described(status: int) -> str:
    codes = sorted(code for code, each in STATUS.items() if each == status)
    return "Refused: " + ", ".join(codes)


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": _described(status),
        # Not by `model`, which would claim application/json as well; routes.py adds the schema.
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for status in sorted(set(STATUS.values()))
}
