"""A report as a workbook: a cover with the method, then one sheet for each table."""

from collections.abc import Iterator

from app.adapters.xlsx import Cell, Heading, Number, Sheet, write_workbook
from app.core.text import is_rtl
from app.reports.document import LIMITS, Column, Digits, Fact, Layout, ReportDocument, Table, Unit

_DASH = "–"
_NAME_WIDTH, _NUMBER_WIDTH, _TEXT_WIDTH = 48, 14, 100


def as_xlsx(document: ReportDocument) -> bytes:
    """The workbook; in a language from right to left its sheets are too."""
    return write_workbook(
        sheets_of(document),
        title=document.title,
        made_at=document.as_of,
        is_rtl=is_rtl(document.language),
    )


def sheets_of(document: ReportDocument) -> list[Sheet]:
    """The cover and every table, as they stand in the workbook."""
    return [_cover(document), *(_sheet(document, each) for each in document.tables)]


def _cover(document: ReportDocument) -> Sheet:
    labels = dict(document.labels)
    return Sheet(name=labels["report"], rows=list(_cover_rows(document)), widths=(24, _TEXT_WIDTH))


def _cover_rows(document: ReportDocument) -> Iterator[list[Cell]]:
    labels = dict(document.labels)
    yield [Heading(labels["report"]), Heading(document.title)]
    yield [labels["organisation"], document.organisation]
    for words in document.scope.words if document.scope else ():
        yield [None, words]
    if document.scope:
        yield [None, document.scope.form_title]
    yield [labels["as_of"], labels["moment"]]
    yield [labels["id"], document.id]
    yield ["SHA-256", document.hash]
    if document.sentence:
        yield [None, document.sentence]
    yield []
    yield [Heading(labels["method"])]
    for note in document.method:
        yield [None, note.text]
    for section in document.sections:
        for note in section.notes:
            yield [section.heading, note.text]
    if document.reasons:
        yield []
        yield [Heading(_DASH)]
        for code, words in document.reasons:
            yield [code, words]


def _sheet(document: ReportDocument, table: Table) -> Sheet:
    is_list = table.layout is Layout.LIST
    rows = _list_rows(document, table) if is_list else _grid_rows(document, table)
    made = list(rows)
    width = max(len(row) for row in made)
    return Sheet(
        name=table.caption,
        rows=made,
        widths=(_NAME_WIDTH, *[_NUMBER_WIDTH] * (width - 1)),
        frozen_rows=2,
    )


def _list_rows(document: ReportDocument, table: Table) -> Iterator[list[Cell]]:
    labels, reasons = dict(document.labels), dict(document.reasons)
    yield [Heading(table.caption)]
    heads = ("measure", "value", "low", "high", "unit", "reason")
    yield [Heading(labels[name]) for name in heads]
    for row in table.rows:
        for column, fact in zip(table.columns, row.facts, strict=True):
            why = reasons[fact.unsaid] if fact.unsaid else None
            yield [column.name, *_cells(column, fact), column.unit.value, why]


def _grid_rows(document: ReportDocument, table: Table) -> Iterator[list[Cell]]:
    """A column for each measure, and two more where any row has an interval of it."""
    labels = dict(document.labels)
    ranged = [
        any(row.facts[place].low is not None for row in table.rows)
        for place in range(len(table.columns))
    ]
    yield [Heading(table.caption)]
    head: list[Cell] = [Heading(table.stub)]
    for column, has_range in zip(table.columns, ranged, strict=True):
        head.append(Heading(column.short))
        if has_range:
            head += [Heading(f"{column.short}: {labels[each]}") for each in ("low", "high")]
    yield head
    for row in table.rows:
        cells: list[Cell] = [row.name]
        for column, fact, has_range in zip(table.columns, row.facts, ranged, strict=True):
            cells += _cells(column, fact) if has_range else [_value(column, fact)]
        yield cells


def _cells(column: Column, fact: Fact) -> list[Cell]:
    """Value, low and high."""
    return [_value(column, fact), _number(column, fact.low), _number(column, fact.high)]


def _value(column: Column, fact: Fact) -> Cell:
    """The value; a dash where there is none and no range, nothing where there is only a range."""
    if fact.value is not None:
        return _number(column, fact.value, LIMITS.get(fact.limit or "", ""))
    return _DASH if fact.low is None else None


def _number(column: Column, digits: Digits, before: str = "") -> Number | None:
    if digits is None:
        return None
    after = "%" if column.unit is Unit.PERCENT else ""
    return Number(digits, before=before, after=after, is_signed=column.unit is Unit.PP)
