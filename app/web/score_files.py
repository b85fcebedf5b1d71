"""A table of scores that an evaluator brings: read, shown, and sent back with the page.

Nothing of it is stored: the page holds its rows, and only the columns that mean something here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Request
from pydantic import Field, TypeAdapter, ValidationError
from starlette.datastructures import FormData

from app.adapters.csv_files import CsvRow
from app.adapters.sheets import MOST_FILLED_COLUMNS, MOST_FILLED_ROWS, Sheet
from app.core.errors import ListRefused, ScoresRefused, ValueRefused
from app.core.text import to_latin_digits
from app.reports.from_file import FileResults, clean_name, keep_known, read_results
from app.reports.schemas import FileWanted

MOST_POINTS = 1000

_Cell = Annotated[str, Field(max_length=1000)]
_Row = tuple[
    Annotated[int, Field(ge=1, le=1 << 24)],
    Annotated[list[_Cell], Field(max_length=MOST_FILLED_COLUMNS)],
]
_ROWS = TypeAdapter(Annotated[list[_Row], Field(max_length=MOST_FILLED_ROWS)])

_NO_TABLE = ("list_pdf", "list_picture", "list_document", "list_archive", "list_unknown",
             "list_web_page")  # fmt: skip
_TOO_LARGE = ("list_too_heavy", "list_too_large", "list_too_long", "list_too_wide")
_REASONS = dict.fromkeys(_NO_TABLE, "scores_no_table") | dict.fromkeys(
    _TOO_LARGE, "scores_too_large"
)
"""What is said of lists of people speaks of names and of pasting them."""


NOTHING_TYPED = {"max_score": "", "pass_mark": "", "table": "", "name": ""}


class FileEnding(StrEnum):
    """The files of such a report: without released sums there is nothing to compute again."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def rows_sent(request: Request, sent: FormData) -> list[CsvRow]:
    """The rows of the file that was chosen, or of the page; raises ScoresRefused."""
    found = getattr(request.state, "brought", None)
    if isinstance(found, ListRefused):
        reason = str(found.facts["reason"])
        raise ScoresRefused(reason=_REASONS.get(reason, reason))
    if isinstance(found, Sheet):
        return keep_known([CsvRow(each.line, each.cells) for each in found.rows])
    if not sent.get("table"):
        raise ScoresRefused(reason="list_empty")
    try:
        told = _ROWS.validate_json(str(sent["table"]))
    except ValidationError as error:
        raise ScoresRefused(reason="list_changed") from error
    return keep_known([CsvRow(line, tuple(cells)) for line, cells in told])


def rows_as_field(rows: Sequence[CsvRow]) -> str:
    """The rows as the page holds them."""
    return json.dumps([[row.line, row.cells] for row in rows], ensure_ascii=False)


@dataclass(frozen=True)
class SentScores:
    """A table that was read, and what is told of it."""

    wanted: FileWanted
    results: FileResults


def read_sent_scores(request: Request, sent: FormData) -> SentScores:
    """The table with what was typed beside it; raises ScoresRefused and ValueRefused."""
    rows = rows_sent(request, sent)
    most = _read_points("max_score", str(sent.get("max_score", "")), MOST_POINTS)
    least = str(sent.get("pass_mark", "")).strip()
    wanted = FileWanted.of(
        name=_name(request, sent),
        max_score=most,
        pass_mark=_read_points("pass_mark", least, most) if least else None,
        by=str(sent.get("by", "")),
    )
    return SentScores(wanted, read_results(rows, wanted))


def typed_again(request: Request, sent: FormData) -> dict[str, str]:
    """What was typed, and the rows where they can be read: nothing has to be given twice."""
    typed = NOTHING_TYPED | {name: str(sent.get(name, "")) for name in ("max_score", "pass_mark")}
    try:
        table = rows_as_field(rows_sent(request, sent))
    except ScoresRefused:
        return typed
    return typed | {"table": table, "name": _name(request, sent)}


def _name(request: Request, sent: FormData) -> str:
    return clean_name(getattr(request.state, "file_name", "") or str(sent.get("name", "")))


def _read_points(field: str, text: str, highest: int) -> int:
    plain = to_latin_digits(text).strip()
    points = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else 0
    if not 1 <= points <= highest:
        raise ValueRefused(field=field, reason="not_in_range", lowest=1, highest=highest)
    return points
