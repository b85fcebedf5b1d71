"""What a bank's file must say of rows and of tables, beside what every item must say."""

from collections.abc import Iterator

from app.banks.schemas import (
    CRIMES,
    BankFile,
    BankItem,
    BankRow,
    LanguageFile,
    Place,
    Purpose,
    Table,
)
from app.core.placings import MOST_ROWS
from app.core.scoring import ROW_KINDS, ItemKind

_Said = Iterator[tuple[Place, str]]
_FEWEST_ROWS = {ItemKind.MATCH: 2, ItemKind.CLASSIFY: 2, ItemKind.ORDER: 3}
_MOST_IN_ORDER = 8
"""Their places are one line of buttons on a phone, or two."""


def check_rows(bank: BankFile, item: BankItem) -> _Said:
    """What is wrong with the rows of an item; places are inside the item."""
    if item.kind not in ROW_KINDS:
        if item.rows:
            yield ("rows",), f"“{item.ref}” has rows; a {item.kind} item has none"
        return
    if bank.purpose is not Purpose.TEST:
        yield ("kind",), f"“{item.ref}” is a {item.kind} item, which only a test has"
    yield from _check_count(item)
    for at, option in enumerate(item.options):
        if option.key or option.misconception:
            yield ("options", at), f"“{option.ref}” is a column: keys and beliefs stand in the rows"
    refs = [row.ref for row in item.rows]
    if len(set(refs)) != len(refs):
        yield ("rows",), f"“{item.ref}” has the same row twice"
    if item.kind is ItemKind.CLASSIFY:
        yield from _check_crimes(item)
    beliefs = {each.ref for each in bank.misconceptions}
    for at, row in enumerate(item.rows):
        yield from ((("rows", at, *place), said) for place, said in _check_row(item, row, beliefs))


def _check_count(item: BankItem) -> _Said:
    fewest, most = _FEWEST_ROWS[item.kind], MOST_ROWS
    if item.kind is ItemKind.ORDER:
        most = _MOST_IN_ORDER
    if not fewest <= len(item.rows) <= most:
        yield (
            ("rows",),
            f"“{item.ref}” has {len(item.rows)} rows; a {item.kind} item has {fewest} to {most}",
        )


def _check_crimes(item: BankItem) -> _Said:
    for at, option in enumerate(item.options):
        if option.ref not in CRIMES:
            yield (
                ("options", at),
                f"“{option.ref}” is no column of a classify item: {', '.join(CRIMES)}",
            )


def _check_row(item: BankItem, row: BankRow, beliefs: set[str]) -> _Said:
    if item.kind is ItemKind.ORDER:
        if row.column or row.misconceptions:
            yield (
                (),
                f"“{row.ref}” has its place by where it stands: no column, no belief",
            )
        return
    columns = {option.ref for option in item.options}
    if row.column is None:
        yield (), f"“{row.ref}” does not say its column"
    elif row.column not in columns:
        yield ("column",), f"no column of “{item.ref}” is called “{row.column}”"
    wrong = columns - {row.column}
    for column in sorted(wrong - set(row.misconceptions)):
        yield (), f"“{row.ref}” names no misconception behind “{column}”"
    for column in sorted(set(row.misconceptions) - wrong):
        yield ("misconceptions", column), f"“{column}” is no wrong column of “{row.ref}”"
    for column, belief in row.misconceptions.items():
        if belief not in beliefs:
            yield ("misconceptions", column), f"no misconception is called “{belief}”"


def check_tables(bank: BankFile, texts: LanguageFile | None = None) -> _Said:
    """Tables whose rows are not as long as their heads; in another language, of another shape."""
    for number, stimulus in enumerate(bank.stimuli):
        own = stimulus.table
        table = own if texts is None else texts.tables.get(stimulus.ref)
        place: Place = ("stimuli", number, "table") if texts is None else ("tables", stimulus.ref)
        if own is None or table is None:
            continue
        for at, row in enumerate(table.rows):
            if len(row) != len(table.head):
                yield (
                    (*place, "rows", at),
                    f"the row has {len(row)} cells, the head of “{stimulus.ref}” {len(table.head)}",
                )
        if texts is not None and _shape(table) != _shape(own):
            yield place, f"the table of “{stimulus.ref}” has another shape than in {bank.language}"


def _shape(table: Table) -> tuple[int, int]:
    return len(table.head), len(table.rows)
