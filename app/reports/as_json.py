"""A report as canonical JSON, and back: the same document is the same bytes."""

import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.gains.results import Direction
from app.reports.document import (
    Arrow,
    Bar,
    Chart,
    Column,
    Fact,
    Layout,
    Note,
    Part,
    ReportDocument,
    ReportScope,
    Row,
    Section,
    Table,
    Unit,
)

_ONCE_ANNEX = ("questions", "effect")
"""In the annex of reports that were kept before their sections said where they stand."""


def as_json(document: ReportDocument) -> bytes:
    """UTF-8, keys in order, no spaces; numbers are text, the printed digits."""
    told = {"id": document.id, "hash": document.hash, **asdict(document)}
    for section in told["sections"]:
        for row in (row for table in section["tables"] for row in table["rows"]):
            for fact in row["facts"]:
                for name in ("value", "low", "high"):
                    fact[name] = None if fact[name] is None else str(fact[name])
    text = json.dumps(
        told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_said
    )
    return text.encode()


def read_json(content: bytes) -> ReportDocument:
    """The document that `as_json` wrote; ValueError where its hash is another."""
    told: dict[str, Any] = json.loads(content)
    known = told.pop("hash")
    del told["id"]
    scope = told["scope"]
    if scope is not None:
        scope = ReportScope(**scope | {"words": tuple(scope["words"])})
    document = ReportDocument(**told | {
        "as_of": datetime.fromisoformat(told["as_of"]),
        "scope": scope,
        "method": tuple(map(_note, told["method"])),
        "sections": tuple(map(_section, told["sections"])),
        "labels": tuple((name, words) for name, words in told["labels"]),
        "reasons": tuple((code, words) for code, words in told["reasons"]),
    })  # fmt: skip
    if document.hash != known:
        raise ValueError("the report does not fit its hash")
    return document


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not told as JSON")


def _section(told: dict[str, Any]) -> Section:
    is_annex = told.pop("is_annex", False) or told["code"] in _ONCE_ANNEX
    usual = Part.ANNEX if is_annex else Part.FRONT
    return Section(**told | {
        "notes": tuple(map(_note, told["notes"])),
        "tables": tuple(map(_table, told["tables"])),
        "charts": tuple(map(_chart, told["charts"])),
        "part": Part(told.get("part", usual)),
    })  # fmt: skip


def _note(told: dict[str, Any]) -> Note:
    return Note(**told | {"facts": tuple((name, value) for name, value in told["facts"])})


def _table(told: dict[str, Any]) -> Table:
    columns = (Column(**each | {"unit": Unit(each["unit"])}) for each in told["columns"])
    return Table(**told | {
        "layout": Layout(told["layout"]),
        "columns": tuple(columns),
        "rows": tuple(map(_row, told["rows"])),
    })  # fmt: skip


def _row(told: dict[str, Any]) -> Row:
    return Row(**told | {"facts": tuple(map(_fact, told["facts"]))})


def _fact(told: dict[str, Any]) -> Fact:
    digits = {
        name: None if told[name] is None else Decimal(told[name])
        for name in ("value", "low", "high")
    }
    return Fact(**told | digits)


def _chart(told: dict[str, Any]) -> Chart:
    arrows = (
        Arrow(**each | {
            "before": Decimal(each["before"]),
            "after": Decimal(each["after"]),
            "way": Direction(each["way"]),
        })
        for each in told["arrows"]
    )  # fmt: skip
    bars = (
        Bar(**each | {"counts": tuple(each["counts"]), "agreed": Decimal(each["agreed"])})
        for each in told.get("bars", ())
    )
    parts = tuple(told.get("parts", ()))
    return Chart(**told | {"arrows": tuple(arrows), "bars": tuple(bars), "parts": parts})
