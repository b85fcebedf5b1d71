"""A report on paper: two pages for who decides, an annex for who checks."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from app.adapters.pdf import render
from app.reports.document import (
    LIMITS,
    Chart,
    Column,
    Digits,
    Fact,
    Part,
    ReportDocument,
    Section,
    Table,
    Unit,
)

_MOST_ROWS = 40
_ISOLATES = re.compile("([\u2066-\u2069])")


def as_pdf(document: ReportDocument) -> bytes:
    """The report, tagged, by PDF/A-2a and PDF/UA-1; long tables end with where the rest is."""
    return render("report", report_facts(document), made_at=document.as_of)


def report_facts(document: ReportDocument) -> dict[str, Any]:
    """What report.typ draws."""
    front, body, annex = (
        [each for each in document.sections if each.part is part] for part in Part
    )
    return {
        "language": document.language,
        "labels": {name: runs_of(words) for name, words in document.labels},
        "heading": _plain(document.title),
        "title": runs_of(document.title),
        "organisation": _typed(document.organisation),
        "scope": [runs_of(each) for each in document.scope.words] if document.scope else [],
        "test": runs_of(document.scope.form_title) if document.scope else [],
        "id": document.id,
        "hash": document.hash,
        "sentence": runs_of(document.sentence),
        "front": {each.code: _section(each) for each in front},
        "body": [_section(each) for each in body],
        "annex": [_section(each) for each in annex],
        "method": [runs_of(each.text) for each in document.method],
        "reasons": [runs_of(words) for _, words in document.reasons],
        "notice": [],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": runs_of(section.heading),
        "notes": [runs_of(each.text) for each in section.notes],
        "tables": [_table(each) for each in section.tables if each.rows],
        "charts": [_chart(each) for each in section.charts],
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "arrows": {
            arrow.row: {
                "before": float(arrow.before),
                "after": float(arrow.after),
                "way": arrow.way.value,
            }
            for arrow in chart.arrows
        },
        "parts": [runs_of(each) for each in chart.parts],
        "bars": [
            {"name": runs_of(bar.name), "counts": bar.counts, "agreed": f"{bar.agreed}%"}
            for bar in chart.bars
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    has_workshops = any(row.is_typed for row in table.rows)
    rows = table.rows[-_MOST_ROWS:] if has_workshops else table.rows
    return {
        "code": table.code,
        "caption": runs_of(table.caption),
        "layout": table.layout.value,
        "stub": runs_of(table.stub),
        "columns": [
            {"measure": each.measure, "name": runs_of(each.name), "short": runs_of(each.short)}
            for each in table.columns
        ],
        "rows": [
            {
                "code": row.code,
                "name": _typed(row.name) if row.is_typed else runs_of(row.name),
                "cells": [
                    _cell(column, fact)
                    for column, fact in zip(table.columns, row.facts, strict=True)
                ],
            }
            for row in rows
        ],
        "has_more": len(rows) < len(table.rows),
    }


def _cell(column: Column, fact: Fact) -> dict[str, str]:
    """A fact in two lines: its value or a dash, and its interval."""
    ends = "" if fact.low is None else f"{_digits(column, fact.low)} … {_digits(column, fact.high)}"
    if fact.value is None:
        return {"value": ends or "–", "range": ""}
    sign = LIMITS[fact.limit] if fact.limit else ""
    value = _digits(column, fact.value)
    return {"value": f"{sign}{value}", "range": ends}


def _digits(column: Column, digits: Digits) -> str:
    if digits is None:
        return ""
    if column.unit in (Unit.PP, Unit.POINTS_MOVED):
        return f"{'−' if digits < 0 else '+' if digits > 0 else ''}{abs(digits)}"
    return f"{digits}%" if column.unit is Unit.PERCENT else f"{digits}"


def runs_of(text: str) -> list[dict[str, Any]]:
    """The text as runs: words of the document's language, and what was isolated in them.

    The signs of isolation are in no font of ours; inside an isolate they are left out.
    """
    return [run for run in _runs(text) if run["text"]]


def _runs(text: str) -> Iterator[dict[str, Any]]:
    depth, kept = 0, ""
    for piece in _ISOLATES.split(text):
        if piece == "\u2069":
            depth -= 1
        elif _ISOLATES.fullmatch(piece):
            depth += 1
        else:
            kept += piece
            continue
        is_end = depth == 0 if piece == "\u2069" else depth == 1
        if is_end:
            isolated = {"is_rtl": _is_rtl(kept)} if piece == "\u2069" else {}
            yield {"text": kept, "is_own": piece != "\u2069"} | isolated
            kept = ""
    yield {"text": kept, "is_own": True}


def _typed(text: str) -> list[dict[str, Any]]:
    """What people typed: one run with the direction of its first strong letter."""
    return [{"text": text, "is_own": False, "is_rtl": _is_rtl(text)}]


def _is_rtl(text: str) -> bool:
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def _plain(text: str) -> str:
    return _ISOLATES.sub("", text)
