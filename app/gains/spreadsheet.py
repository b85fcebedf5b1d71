"""Anyone's table of scores before and after: what its columns mean and which rows count.

A column is known by its heading in English, Urdu or Dari, in any case and spelling of the letters.
A row that cannot count is listed with its line and the reason; the others still do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from app.adapters.csv_files import CsvRow, CsvTable
from app.core.reasons import N_
from app.core.text import name_key, to_latin_digits


class SheetRefused(Exception):
    """The table as a whole cannot be used; the message says what to do.

    `reason` is the same as a key of `core.reasons.REASONS`, `facts` what its sentence names.
    """

    def __init__(self, reason: str, message: str, **facts: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True)
class Wrong:
    """Why a row does not count: a sentence to translate, and the facts in it."""

    message: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.facts


class Column(StrEnum):
    """The columns that mean something here; all others are left alone."""

    PARTICIPANT = "participant"
    PRE = "pre"
    POST = "post"
    WORKSHOP = "workshop"
    SEX = "sex"
    AGENCY = "agency"
    PROVINCE = "province"


REQUIRED = (Column.PARTICIPANT, Column.PRE, Column.POST)
FACETS = (Column.SEX, Column.AGENCY, Column.PROVINCE)
NOT_SAID = "(not said)"

_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.PARTICIPANT: (
        "participant", "participant id", "id", "card", "card number", "number", "code",
        "شرکت کنندہ", "شریک", "کارڈ", "کارڈ نمبر", "نمبر", "اشتراک کننده",
    ),
    Column.PRE: (
        "pre", "pre test", "pretest", "pre score", "pre test score", "before", "score before",
        "پہلے", "پری", "پری ٹیسٹ", "پہلا ٹیسٹ", "قبل",
    ),
    Column.POST: (
        "post", "post test", "posttest", "post score", "post test score", "after", "score after",
        "بعد", "بعد میں", "پوسٹ", "پوسٹ ٹیسٹ", "آخری ٹیسٹ",
    ),
    Column.WORKSHOP: ("workshop", "workshop id", "training", "course", "ورکشاپ", "تربیت"),
    Column.SEX: ("sex", "gender", "جنس", "صنف"),
    Column.AGENCY: (
        "agency", "agency type", "organisation", "organization", "institution",
        "ادارہ", "محکمہ", "اداره",
    ),
    Column.PROVINCE: ("province", "region", "صوبہ", "علاقہ", "ولایت"),
}  # fmt: skip
_MEANING = {name_key(text): column for column, texts in _HEADINGS.items() for text in texts}
_TWICE = N_("%(participant)s stands in line %(line)s already; that row counts")
_TOO_WIDE = N_("it has more cells than the first row")
_NOBODY = N_("no participant is named")
_NO_NUMBER = N_("%(column)s: '%(text)s' is not a number")
_OUTSIDE = N_("%(column)s: %(text)s is not between 0 and %(most)s")
_MISSING = frozenset({"", "-", "–", "—", "na", "n/a", "nan", "null"})
_NUMBER = re.compile(r"[-+]?(?:\d{1,12}(?:\.\d{0,9})?|\.\d{1,9})")


@dataclass(frozen=True)
class ScoreRow:
    """One person's scores in points, None where a test is missing, and what is said beside."""

    participant: str
    pre: Fraction | None
    post: Fraction | None
    workshop: str
    facets: Mapping[Column, str]


@dataclass(frozen=True)
class BadRow:
    """A row that does not count; `participant` as typed, empty when that is missing."""

    line: int
    participant: str
    wrong: Wrong

    @property
    def reason(self) -> str:
        """The sentence in English."""
        return str(self.wrong)


@dataclass(frozen=True)
class Sheet:
    """What a table holds; `columns` are those it has a heading for."""

    columns: frozenset[Column]
    rows: tuple[ScoreRow, ...]
    bad_rows: tuple[BadRow, ...]


def read_sheet(table: CsvTable, *, max_score: Fraction | None = None) -> Sheet:
    """Read people and scores; with a maximum, scores outside 0..max_score do not count.

    A person (in the same workshop) who stands twice counts as in the first row, as the first of
    two tests does. SheetRefused when a required column is missing or named twice.
    """
    places = find_columns(table.header)
    rows: list[ScoreRow] = []
    bad: list[BadRow] = []
    lines: dict[tuple[str, str], int] = {}
    spellings: dict[tuple[Column, str], str] = {}
    for row in table.rows:
        cells = {column: _cell(row, place) for column, place in places.items()}
        read = _read_row(row, cells, places, len(table.header.cells), max_score, spellings)
        person = (name_key(cells.get(Column.WORKSHOP, "")), name_key(cells[Column.PARTICIPANT]))
        if isinstance(read, ScoreRow) and person in lines:
            facts = {"participant": read.participant, "line": str(lines[person])}
            read = Wrong(_TWICE, facts)
        if isinstance(read, Wrong):
            bad.append(BadRow(row.line, cells[Column.PARTICIPANT], read))
        else:
            lines[person] = row.line
            rows.append(read)
    return Sheet(frozenset(places), tuple(rows), tuple(bad))


def read_number(text: str) -> Fraction | None:
    """Return a number as typed, exactly; None when it is none.

    Digits of every script; a decimal point, comma or Arabic decimal sign.
    """
    plain = to_latin_digits(text).replace("٫", ".").replace(",", ".").replace("−", "-")
    found = _NUMBER.fullmatch(plain.strip())
    return Fraction(found[0]) if found else None


def find_columns(header: CsvRow) -> dict[Column, int]:
    """Return where each column that means something stands; raises SheetRefused."""
    places: dict[Column, int] = {}
    for place, text in enumerate(header.cells):
        column = _MEANING.get(name_key(text))
        if column is None:
            continue
        if column in places:
            first = header.cells[places[column]]
            raise SheetRefused(
                "scores_two_headings",
                f"Two columns mean {column}: {first!r} and {text!r}. "
                "Give one of them another heading.",
                column=column.value, first=first, second=text,
            )  # fmt: skip
        places[column] = place
    missing = [column.value for column in REQUIRED if column not in places]
    if missing:
        raise SheetRefused(
            "scores_no_heading",
            f"The first row has no heading for: {', '.join(missing)}. It has: "
            f"{', '.join(header.cells)}. Name the columns participant, pre and post; workshop, "
            "sex, agency and province may stand beside them.",
            missing=", ".join(missing),
        )
    return places


def _read_row(
    row: CsvRow,
    cells: Mapping[Column, str],
    places: Mapping[Column, int],
    width: int,
    max_score: Fraction | None,
    spellings: dict[tuple[Column, str], str],
) -> ScoreRow | Wrong:
    if any(row.cells[width:]):
        return Wrong(_TOO_WIDE)
    if not cells[Column.PARTICIPANT]:
        return Wrong(_NOBODY)
    scores: list[Fraction | None] = []
    for column in (Column.PRE, Column.POST):
        score = _read_score(cells[column], column, max_score)
        if isinstance(score, Wrong):
            return score
        scores.append(score)
    said = {
        column: _as_first_spelled(column, cells[column], spellings)
        for column in (Column.WORKSHOP, *FACETS)
        if column in places
    }
    workshop = said.pop(Column.WORKSHOP, "")
    return ScoreRow(cells[Column.PARTICIPANT], scores[0], scores[1], workshop, said)


def _read_score(text: str, column: Column, max_score: Fraction | None) -> Fraction | Wrong | None:
    if text.lower() in _MISSING:
        return None
    score = read_number(text)
    if score is None:
        return Wrong(_NO_NUMBER, {"column": column.value, "text": text})
    if max_score is not None and not 0 <= score <= max_score:
        most = f"{float(max_score):g}"
        return Wrong(_OUTSIDE, {"column": column.value, "text": text, "most": most})
    return score


def _as_first_spelled(column: Column, text: str, spellings: dict[tuple[Column, str], str]) -> str:
    """F and f are one group; it is called as it was first typed."""
    return spellings.setdefault((column, name_key(text)), text) if text else NOT_SAID


def _cell(row: CsvRow, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def find_levels(rows: Sequence[ScoreRow], column: Column) -> dict[str, list[int]]:
    """Return, for each value of a column, the places of its rows; "(not said)" is a value too."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        value = row.workshop if column is Column.WORKSHOP else row.facets[column]
        found.setdefault(value, []).append(place)
    return found
