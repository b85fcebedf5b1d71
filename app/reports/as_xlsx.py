"""A report as a workbook: a cover with the method, then one sheet for each table."""

from collections.abc import Iterator
from itertools import chain

from app.adapters.xlsx import Cell, Heading, Look, Number, Sheet, write_workbook
from app.core.text import is_rtl
from app.reports.document import LIMITS, Column, Digits, Fact, Layout, ReportDocument, Table, Unit

_DASH = "–"
_NAME_WIDTH, _NUMBER_WIDTH, _TEXT_WIDTH = 48, 14, 100
_RANGE = ("low", "high")


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
    """Rows are made while they are written: a country has tens of thousands."""
    is_list = table.layout is Layout.LIST
    head = _list_head(document) if is_list else _grid_head(document, table)
    rows = _list_rows(document, table) if is_list else _grid_rows(table)
    return Sheet(
        name=table.caption,
        rows=chain([[Heading(table.caption)], head], rows),
        widths=(_NAME_WIDTH, *[_NUMBER_WIDTH] * (len(head) - 1)),
        frozen_rows=2,
    )


def _list_head(document: ReportDocument) -> list[Cell]:
    labels = dict(document.labels)
    return [Heading(labels[each]) for each in ("measure", "value", *_RANGE, "unit", "reason")]


def _list_rows(document: ReportDocument, table: Table) -> Iterator[list[Cell]]:
    labels, reasons = dict(document.labels), dict(document.reasons)
    painters = [_Painter(each) for each in table.columns]
    for row in table.rows:
        for column, painter, fact in zip(table.columns, painters, row.facts, strict=True):
            why = reasons[fact.unsaid] if fact.unsaid else None
            # A report that was kept before units had words has their codes.
            unit = labels.get(f"unit: {column.unit.value}", column.unit.value)
            yield [column.name, *painter.with_range(fact), unit, why]


def _grid_head(document: ReportDocument, table: Table) -> list[Cell]:
    """A column for each measure, and two more where any row has an interval of it."""
    labels = dict(document.labels)
    head: list[Cell] = [Heading(table.stub)]
    for column, has_range in zip(table.columns, _ranged(table), strict=True):
        head.append(Heading(column.short))
        if has_range:
            head += [Heading(f"{column.short}: {labels[each]}") for each in _RANGE]
    return head


def _grid_rows(table: Table) -> Iterator[list[Cell]]:
    paint = [
        painter.with_range if has_range else painter.alone
        for painter, has_range in zip(map(_Painter, table.columns), _ranged(table), strict=True)
    ]
    for row in table.rows:
        cells: list[Cell] = [row.name]
        for cells_of, fact in zip(paint, row.facts, strict=True):
            cells += cells_of(fact)
        yield cells


def _ranged(table: Table) -> list[bool]:
    """Of each column, whether any row has an interval."""
    return [
        any(row.facts[place].low is not None for row in table.rows)
        for place in range(len(table.columns))
    ]


class _Painter:
    """Makes cells of a column's facts, all with one look."""

    def __init__(self, column: Column) -> None:
        after = "%" if column.unit is Unit.PERCENT else ""
        self._look = Look("", after, column.unit is Unit.PP)

    def alone(self, fact: Fact) -> tuple[Cell]:
        """The value; without one a dash, or nothing where there is a range."""
        if fact.value is None:
            return (_DASH if fact.low is None else None,)
        if fact.limit is None:
            return (Number(fact.value, self._look),)
        return (Number(fact.value, self._look._replace(before=LIMITS[fact.limit])),)

    def with_range(self, fact: Fact) -> tuple[Cell, ...]:
        """Value, low and high."""
        return (*self.alone(fact), self._number(fact.low), self._number(fact.high))

    def _number(self, digits: Digits) -> Number | None:
        return None if digits is None else Number(digits, self._look)
