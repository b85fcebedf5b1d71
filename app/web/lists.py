"""A list between the trainer's page and the service: what was sent, and what the page shows."""

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass
from starlette.datastructures import FormData

from app.adapters.sheets import MOST_FILLED_COLUMNS, MOST_FILLED_ROWS, Sheet
from app.core.errors import ListRefused
from app.core.reasons import N_
from app.core.roster_columns import Layout, ListRow, tidy_rows
from app.core.roster_words import Column
from app.core.rosters import Answer, Decisions, ReadRow, Verdict
from app.core.text import name_key
from app.participants import rosters
from app.participants.rosters import Roster, SentList
from app.web.places import PROVINCE_NAMES, provinces_of
from app.workshops.schemas import WorkshopRecord

COLUMN_NAMES: dict[Column, str] = {
    Column.NAME: N_("Name"),
    Column.FATHER: N_("Father's name"),
    Column.SEX: N_("Woman or man"),
    Column.AGENCY: N_("Kind of agency"),
    Column.PROVINCE: N_("Province"),
    Column.YEARS: N_("Years in this work"),
    Column.OTHER: N_("Leave out"),
}
_JOINERS = "\u200c\u200d"
_NEEDS_TRAINER = (Verdict.FAULTY, Verdict.LIKE)
_TYPED = {"name": Column.NAME, "father": Column.FATHER}

_Cell = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00-\x1f]*$")]
_Cells = Annotated[list[_Cell], Field(max_length=MOST_FILLED_COLUMNS)]


@checked_dataclass(config=ConfigDict(extra="forbid"), frozen=True)
class SentRow:
    """One row as a page or a program sends it back."""

    line: Annotated[int, Field(ge=1, le=1 << 24)]
    cells: _Cells


_ROWS = TypeAdapter(Annotated[list[SentRow], Field(max_length=MOST_FILLED_ROWS)])


def province_keys(workshop: WorkshopRecord) -> dict[str, str]:
    """A country's provinces by the keys of their names, abbreviations and codes."""
    names = [(name, code) for code, name in provinces_of(workshop.country)]
    names += [(name, code) for code, more in PROVINCE_NAMES.items() for name in more]
    names += [(code, code) for code, _ in provinces_of(workshop.country)]
    known = {code for code, _ in provinces_of(workshop.country)}
    return {name_key(name): code for name, code in names if code in known}


def new_list(sheet: Sheet) -> SentList:
    """A list of which nothing was said yet."""
    return SentList(rosters.rows_of(sheet), None, Decisions({}), {})


def read_sent_list(sent: FormData) -> SentList:
    """The list with the page's fields; raises ListRefused where they do not fit together."""
    try:
        rows = _ROWS.validate_json(str(sent.get("list", "")))
        width = len(rows[0].cells) if rows else 0
        columns = tuple(Column(str(sent.get(f"column-{place}"))) for place in range(width))
        above = int(str(sent.get("above", "")))
    except (ValidationError, ValueError) as error:
        raise ListRefused(reason="list_changed") from error
    answers = {
        line: Answer(str(sent[f"same-{line}"]))
        for line in (row.line for row in rows)
        if sent.get(f"same-{line}") in set(Answer)
    }
    left_out = frozenset(row.line for row in rows if sent.get(f"out-{row.line}"))
    listed = sent_list(rows, columns, above, Decisions(answers, left_out))
    return SentList(listed.rows, listed.layout, listed.decisions, _typed(sent, listed))


def sent_list(
    rows: list[SentRow], columns: tuple[Column, ...] | None, above: int, decisions: Decisions
) -> SentList:
    """A list whose columns are said, or to be guessed; raises ListRefused."""
    listed = [ListRow(row.line, tuple(row.cells)) for row in rows]
    if len({row.line for row in listed}) < len(listed):
        raise ListRefused(reason="list_changed")
    if columns is None:
        return SentList(tidy_rows(listed), None, decisions, {})
    if any(len(row.cells) != len(columns) for row in listed) or not 0 <= above <= len(listed):
        raise ListRefused(reason="list_changed")
    labels = listed[above - 1].cells if above else ("",) * len(columns)
    return SentList(tuple(listed), Layout(columns, labels, above), decisions, {})


def _typed(sent: FormData, listed: SentList) -> dict[tuple[int, Column], str]:
    """What was typed into a row and differs from what stood there."""
    columns = listed.layout.columns if listed.layout else ()
    typed = {}
    for row in listed.rows:
        for field, column in _TYPED.items():
            text = " ".join(str(sent.get(f"{field}-{row.line}", "")).split())
            is_taken_as_shown = sent.get(f"shown-{row.line}")
            if text and (is_taken_as_shown or text != shown(joined(row, columns, column))):
                typed[row.line, column] = text
    return typed


def joined(row: ListRow, columns: tuple[Column, ...], column: Column) -> str:
    """What a row says of one thing, in however many columns."""
    cells = [cell for cell, each in zip(row.cells, columns, strict=True) if each is column]
    return " ".join(" ".join(cells).split())


def shown(text: str) -> str:
    """A cell as a page may show it: without signs that turn text around, or that no text holds."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf" or sign in _JOINERS)


def page_context(roster: Roster, *, others: int = 0, added: int | None = None) -> dict[str, Any]:
    """What the page shows of a list: who needs the trainer first."""
    read: Mapping[int, ReadRow] = {row.line: row for row in roster.read}
    rows = [
        (row, read.get(row.line), joined(row, roster.layout.columns, Column.NAME))
        for row in roster.rows[roster.layout.above :]
    ]
    return {
        "roster": roster,
        "list_json": _ROWS.dump_json(
            [SentRow(row.line, list(row.cells)) for row in roster.rows]
        ).decode(),
        "needing": [each for each in rows if each[1] and each[1].verdict in _NEEDS_TRAINER],
        "others_rows": [
            each for each in rows if not each[1] or each[1].verdict not in _NEEDS_TRAINER
        ],
        "ready": len(roster.find(Verdict.READY)),
        "present": len(roster.find(Verdict.PRESENT)),
        "column_names": COLUMN_NAMES,
        "shown": shown,
        "sheets_left": others,
        "added": added,
    }
