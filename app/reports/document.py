"""A report as one frozen value: every rendering shows what stands here, and computes nothing.

A number is a `Fact`: the digits to print, or the code of why there are none. Sentences are finished
words in the document's language; keys and codes are the same in every language, and so is `hash`.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from app.gains.results import Direction

Digits = int | Decimal | None

LIMITS = {"at_most": "≤ ", "at_least": "≥ "}
"""How a limit is printed, everywhere."""


FROM_FILE = "(file)"
"""In the place of a test: the scores were brought in a file. No test can be called so."""


class Layout(StrEnum):
    """How a table is read: measures below each other, or a row for each group."""

    LIST = "list"
    GRID = "grid"


class Part(StrEnum):
    """Where a section stands on paper: the first two pages, behind them, or in the annex."""

    FRONT = "front"
    BODY = "body"
    ANNEX = "annex"


class Unit(StrEnum):
    """What a number counts."""

    PEOPLE = "people"
    ANSWERS = "answers"
    WORKSHOPS = "workshops"
    FORMS = "forms"
    PERCENT = "percent"
    PP = "pp"
    PP_SPREAD = "pp_spread"
    POINTS = "points"
    POINTS_MOVED = "points_moved"
    PLAIN = "number"
    P = "probability"
    SCORE_UNITS = "1/2520 point"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A measure of a table: what it is called, above a column in `short`, and its recipe's key."""

    measure: str
    name: str
    short: str
    unit: Unit
    recipe: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One number of one group, or the code of why it is not there.

    `low`, `high`: its 95 % interval, where there is one. `limit`: only that it is at_most or
    at_least so much. `measure` is a key of `reports.measures`, which has its name and unit.
    """

    measure: str
    value: Digits = None
    low: Digits = None
    high: Digits = None
    limit: str | None = None
    unsaid: str | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """The facts of a group. `is_typed`: people typed its name, so its direction is its own."""

    code: str
    name: str
    facts: tuple[Fact, ...]
    is_typed: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows with the same columns; a list has one row. `stub`: what the rows are."""

    code: str
    caption: str
    layout: Layout
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    stub: str = ""


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """From the average before to the average after, in percent; `row` is its row's code."""

    row: str
    name: str
    before: Decimal
    after: Decimal
    way: Direction


@dataclass(frozen=True, kw_only=True)
class Bar:
    """How many gave each answer of a scale, the lowest first; `row` is its row's code.

    `agreed`: the share of the two highest, in percent.
    """

    row: str
    name: str
    counts: tuple[int, ...]
    agreed: Decimal


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing of a table's rows, with arrows or with bars; a row that is withheld has none.

    `code` is the table's. `parts`: what the parts of its bars are called.
    """

    code: str
    caption: str
    arrows: tuple[Arrow, ...] = ()
    bars: tuple[Bar, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Note:
    """A sentence that the records make true; `facts`: what they say, without words."""

    code: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with its sentences, tables and drawing."""

    code: str
    heading: str
    notes: tuple[Note, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    part: Part = Part.FRONT


@dataclass(frozen=True, kw_only=True)
class ReportScope:
    """What was chosen, by code; None is all. `words`: the same in the document's language."""

    form: str
    form_title: str
    form_version: int
    form_hash: str
    country: str
    province: str | None
    year: int | None
    quarter: int | None
    programme: str | None
    breakdown: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportDocument:
    """One report. `title` is the finding; `sentence` is the finding to paste elsewhere.

    `reasons`: what each code in the place of a number means. `labels`: what files call things.
    `finding`: rose, fell, unclear, moved or withheld. `scope` None: there is no workshop yet.
    """

    language: str
    organisation: str
    as_of: datetime
    threshold: int
    title: str
    finding: str
    sentence: str
    scope: ReportScope | None
    method: tuple[Note, ...]
    sections: tuple[Section, ...]
    has_synthetic: bool
    labels: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...] = ()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what is told, without words, names and the moment: of all its facts."""
        found = hashlib.sha256()
        for piece in _fingerprint(self):
            found.update(piece.encode())
        return found.hexdigest()

    @property
    def id(self) -> str:
        """The beginning of the hash, in groups to read aloud: the same facts, the same id."""
        return "-".join(self.hash[at : at + 4] for at in (0, 4, 8))

    @property
    def is_from_file(self) -> bool:
        """Whether its scores were brought in a file, and are no tests taken here."""
        return self.scope is not None and self.scope.form == FROM_FILE

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables in their order."""
        return tuple(table for section in self.sections for table in section.tables)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All drawings in their order."""
        return tuple(chart for section in self.sections for chart in section.charts)

    def get_section(self, code: str) -> Section | None:
        """The section of that code."""
        return next((each for each in self.sections if each.code == code), None)

    def get_chart(self, code: str) -> Chart | None:
        """The drawing of that code."""
        return next((each for each in self.charts if each.code == code), None)

    def get_table(self, code: str) -> Table | None:
        """The table of that code."""
        return next((each for each in self.tables if each.code == code), None)


def _fingerprint(document: ReportDocument) -> Iterator[str]:
    """The JSON of [organisation, threshold, codes, facts, notes], row by row."""
    scope = document.scope
    codes = [] if scope is None else [getattr(scope, name) for name in _CODES]
    yield _json([document.organisation, document.threshold, codes])[:-1] + ",["
    comma = ""
    for table in document.tables:
        for row in table.rows:
            if row.facts:
                yield comma + _json([_told(table, row, fact) for fact in row.facts])[1:-1]
                comma = ","
    notes = [[each.code, *map(list, each.facts)] for each in document.method]
    yield f"],{_json(notes)}]"


def _told(table: Table, row: Row, fact: Fact) -> list[str | None]:
    return [table.code, row.code, *(_text(getattr(fact, name)) for name in _FACT)]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


_CODES = ("form", "form_version", "form_hash", "country", "province", "year", "quarter",
          "programme", "breakdown")  # fmt: skip
_FACT = ("measure", "value", "low", "high", "limit", "unsaid")
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
