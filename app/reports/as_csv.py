"""A report as tidy CSV, one fact a row, and the data dictionary beside it."""

from collections.abc import Iterator

from app.adapters.csv_files import Cell, write_csv
from app.reports.document import Column, Fact, ReportDocument, Row, Table
from app.reports.measures import MEASURES

SCOPE = ("form", "form_version", "form_hash", "country", "province", "year", "quarter", "programme",
         "breakdown")  # fmt: skip
HEADER = (
    "report", "as_of", *SCOPE, "table", "row", "row_name", "measure", "unit", "value", "low",
    "high", "limit", "reason", "origin",
)  # fmt: skip
_TABLE = HEADER.index("table")
SOME_SYNTHETIC = "some of the organisation's workshops are synthetic"

COLUMN_WORDS: dict[str, str] = {
    "report": "the report's id: the same facts have the same id, in every file and language",
    "as_of": "when the report was made, UTC",
    "form": "the test whose points are counted; in the table effect all tests",
    "form_version": "its version",
    "form_hash": "SHA-256 of its content",
    "country": "the country chosen, ISO 3166-1",
    "province": "the province chosen, ISO 3166-2; empty: all",
    "year": "the year chosen, by a workshop's last day; empty: all",
    "quarter": "the quarter chosen, 1 to 4; empty: all",
    "programme": "the programme chosen; empty: all",
    "breakdown": "the breakdown chosen; empty: everybody together",
    "table": "which table of the report",
    "row": "the group's code or the workshop's id; empty: everybody, or small workshops together",
    "row_name": "the same in the report's language",
    "measure": "what is counted; see below",
    "unit": "its unit; pp: percentage points, signed; pp_spread: a width",
    "value": "the printed digits; empty where there is none, or only a range",
    "low": "lower end of its 95 % interval",
    "high": "upper end of its 95 % interval",
    "limit": "at_most or at_least: the value is a limit, so that nobody is recognised",
    "reason": "why there is no value",
    "origin": "whether people in it are synthetic, or scores were brought in a file",
}
REASONS: dict[str, str] = {
    "withheld": "too few people, or the numbers of few would follow from it",
    "several_rooms": "people of one room are alike; see the interval over workshops",
    "no_max": "the test has no points",
    "no_pass_mark": "the workshop has no pass mark",
    "no_answer": "nobody answered it",
    "no_flagged": "there is no such test",
}


def as_csv(document: ReportDocument) -> bytes:
    """Every fact of every table; without any workshop only the head."""
    return write_csv(HEADER, list(_rows(document)))


def table_as_csv(document: ReportDocument, code: str, source: str) -> bytes:
    """The facts of one table, each with the line that says where they are from."""
    rows = [[*each, source] for each in _rows(document) if each[_TABLE] == code]
    return write_csv((*HEADER, "source"), rows)


def dictionary_as_csv(document: ReportDocument) -> bytes:
    """What each column, and each measure and reason of this document's CSV means."""
    rows: list[list[Cell]] = [["column", key, words, None] for key, words in COLUMN_WORDS.items()]
    columns = {each.measure: each for table in document.tables for each in table.columns}
    rows += [["measure", key, _says(each), each.unit.value] for key, each in columns.items()]
    unsaid = dict(document.reasons)
    rows += [["reason", key, words, None] for key, words in (unsaid | REASONS).items()]
    return write_csv(("kind", "name", "meaning", "unit"), rows)


def _says(column: Column) -> str:
    """What a measure is; its name where a kept document has one that is no longer made."""
    known = MEASURES.get(column.measure)
    return known.says if known else column.name


def _rows(document: ReportDocument) -> Iterator[list[Cell]]:
    scope = document.scope
    if scope is None:
        return
    start: list[Cell] = [document.id, document.as_of.isoformat()]
    start += [getattr(scope, name) for name in SCOPE]
    end: Cell = SOME_SYNTHETIC if document.has_synthetic else "entered here"
    end = "from a file, not from tests taken here" if document.is_from_file else end
    for table in document.tables:
        for row in table.rows:
            for column, fact in zip(table.columns, row.facts, strict=True):
                yield [*start, *_fact(table, row, column, fact), end]


def _fact(table: Table, row: Row, column: Column, fact: Fact) -> list[Cell]:
    group = (table.code, row.code, row.name)
    digits = (fact.value, fact.low, fact.high)
    return [*group, column.measure, column.unit.value, *digits, fact.limit, fact.unsaid]
