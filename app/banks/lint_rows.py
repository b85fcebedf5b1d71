"""Rules about rows: columns that are right too often, and rows that say where they belong."""

from collections import Counter

from app.banks.lint_views import Said, Wording
from app.core.readability import words_in
from app.core.scoring import ItemKind

MOST_OF_ONE_COLUMN = 0.5
_COMMON = 4
"""Words shorter than this tell nothing."""


def one_column(words: Wording) -> Said:
    """All rows belong into one column: who finds one row has them all."""
    told = {row.column for row in words.rows}
    if words.is_source and words.item.kind is not ItemKind.ORDER and len(told) == 1:
        yield _rows_of(words), f"every row of “{words.item.ref}” belongs into one column"


def column_too_often(words: Wording) -> Said:
    """More than half of the rows belong into one column: putting all of them there pays."""
    told = Counter(row.column for row in words.rows if row.column)
    for column, count in told.items():
        if words.is_source and len(told) > 1 and count > MOST_OF_ONE_COLUMN * len(words.rows):
            yield (
                _rows_of(words),
                f"{count} of {len(words.rows)} rows belong into “{column}”",
            )


def left_over(words: Wording) -> Said:
    """Each column is right once: the last row follows from the others."""
    told = [row.column for row in words.rows if row.column]
    if words.is_source and len(told) > 1 and sorted(told) == sorted(_columns(words)):
        yield (
            _rows_of(words),
            f"each column of “{words.item.ref}” is right once: add one that is never right",
        )


def says_column(words: Wording) -> Said:
    """A row has a word of its column that no other column has."""
    by_ref = {option.ref: _long_words(option.text) for option in words.options}
    for row in words.rows:
        if row.column is None:
            continue
        others = {word for ref, said in by_ref.items() if ref != row.column for word in said}
        shared = sorted((_long_words(row.text) & by_ref[row.column]) - others)
        if shared:
            yield row.place, f"“{shared[0]}” stands in the row and in no column but its own"


def _long_words(text: str) -> set[str]:
    return {word for word in words_in(text) if len(word) >= _COMMON}


def _columns(words: Wording) -> list[str]:
    return [option.ref for option in words.options]


def _rows_of(words: Wording) -> tuple[str | int, ...]:
    return (*words.stem_place[:2], "rows")
