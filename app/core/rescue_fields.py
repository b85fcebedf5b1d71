"""One item's part of what a phone shows when it never reconnects: its answer as numbers in bases.

`core.rescue` describes the whole and puts the parts together.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.placings import MOST_ROWS, has_row_twice, placing_of, placings_of
from app.core.scoring import DO_NOT_KNOW, ROW_KINDS, ItemKind

MOST_OPTIONS = 12
MOST_TEXT_BYTES = 80
"""For all short texts of a form together, in UTF-8."""

_LETTERS = "abcdefghijkl"

Answer = frozenset[str] | str | None
"""Chosen letters, "dk" among them; the words of a short text; None when nothing stands there.

An empty set, an empty text and None are one and the same: nothing is said about the item.
"""


class AnswerImpossible(ValueError):
    """No phone writes such fields."""


@dataclass(frozen=True)
class ItemShape:
    """What has to be known of an item, in printed order; a short text has no options.

    With rows, the options are the columns. ValueError when there are options where none can be,
    none where one is needed, or more than `MOST_OPTIONS`; the same for rows and `MOST_ROWS`.
    """

    kind: ItemKind
    option_count: int = 0
    row_count: int = 0

    def __post_init__(self) -> None:
        fewest, most = (0, 0) if self.kind is ItemKind.SHORT_TEXT else (1, MOST_OPTIONS)
        if not fewest <= self.option_count <= most:
            raise ValueError(f"{self.option_count} options in a {self.kind}")
        fewest, most = (1, MOST_ROWS) if self.kind in ROW_KINDS else (0, 0)
        if not fewest <= self.row_count <= most:
            raise ValueError(f"{self.row_count} rows in a {self.kind}")

    @property
    def rows(self) -> tuple[str, ...]:
        """The numbers of the rows."""
        return tuple(str(number) for number in range(1, self.row_count + 1))

    @property
    def columns(self) -> str:
        """The letters of a row's columns, or of the options."""
        return _LETTERS[: self.option_count]

    @property
    def choices(self) -> tuple[str, ...]:
        """The letters, or the placings of rows, and "I do not know" where the page adds it."""
        if self.kind in ROW_KINDS:
            return (*placings_of(self.rows, self.columns), DO_NOT_KNOW)
        letters = tuple(self.columns)
        return letters if self.kind is ItemKind.LIKERT else (*letters, DO_NOT_KNOW)


class Fields:
    """The fields still to be read from a number."""

    def __init__(self, number: int) -> None:
        self.rest = number

    def take(self, radix: int) -> int:
        self.rest, value = divmod(self.rest, radix)
        return value


def _radix(item: ItemShape) -> int:
    """How many values the item's first field has; 0 among them is "nothing stands there"."""
    if item.kind is ItemKind.SHORT_TEXT:
        return MOST_TEXT_BYTES + 1
    if item.kind is ItemKind.MULTI_SELECT:
        return 1 << len(item.choices)
    return 1 + len(item.choices)


def item_fields(item: ItemShape, answer: Answer, room: int) -> list[tuple[int, int]] | None:
    """Return the item's fields, None when the answer has to be left out."""
    if not answer:
        return nothing_fields(item)
    if isinstance(answer, str):
        if item.kind is not ItemKind.SHORT_TEXT:
            return None
        octets = _utf8(answer)
        if octets is None or len(octets) > room:
            return None
        return [(len(octets), _radix(item)), *((octet, 256) for octet in octets)]
    choices = item.choices
    if item.kind is ItemKind.SHORT_TEXT or not answer.issubset(choices):
        return None
    if item.kind in ROW_KINDS:
        return _row_fields(item, answer)
    if item.kind is ItemKind.MULTI_SELECT:
        return [(sum(1 << choices.index(choice) for choice in answer), _radix(item))]
    (choice, *others) = answer
    return None if others else [(1 + choices.index(choice), _radix(item))]


def nothing_fields(item: ItemShape) -> list[tuple[int, int]]:
    """The fields of an item of which nothing is said."""
    if item.kind in ROW_KINDS:
        return [(0, 2), *((0, 1 + item.option_count) for _ in item.rows)]
    return [(0, _radix(item))]


def _row_fields(item: ItemShape, answer: frozenset[str]) -> list[tuple[int, int]] | None:
    """Whether "I do not know" stands there, then each row's column from 1, or 0."""
    if has_row_twice(answer):
        return None
    fields = [(int(DO_NOT_KNOW in answer), 2)]
    for row in item.rows:
        said = [placing_of(row, column) in answer for column in item.columns]
        fields.append((1 + said.index(True) if any(said) else 0, 1 + item.option_count))
    return fields


def _utf8(text: str) -> bytes | None:
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a pair of surrogates: no text, on the phone either
        return None


def read_answer(item: ItemShape, fields: Fields) -> Answer:
    if item.kind in ROW_KINDS:
        return _read_rows(item, fields) or None
    value = fields.take(_radix(item))
    if not value:
        return None
    if item.kind is ItemKind.SHORT_TEXT:
        try:
            return bytes(fields.take(256) for _ in range(value)).decode()
        except UnicodeDecodeError:
            raise AnswerImpossible from None
    if item.kind is ItemKind.MULTI_SELECT:
        return frozenset(choice for place, choice in enumerate(item.choices) if value >> place & 1)
    return frozenset({item.choices[value - 1]})


def _read_rows(item: ItemShape, fields: Fields) -> frozenset[str]:
    said = {DO_NOT_KNOW} if fields.take(2) else set()
    for row in item.rows:
        if value := fields.take(1 + item.option_count):
            said.add(placing_of(row, item.columns[value - 1]))
    return frozenset(said)
