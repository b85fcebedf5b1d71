"""The test on paper: the letters of its choices, and a sheet typed in one line.

A printed sheet letters what a phone lists: the options in the order frozen in the published form,
then "I do not know". Its code is never printed. Source: interfaces.md §2.3 T8, §2.5b, §8.

    line      card, then each question's part, with nothing between
    card      four digits; signs between them do not count
    part      a letter, or the digit of its place: A or 1 is the first choice
              with rows: one part for each row, "I do not know" among its letters
              several right: letters, closed by "/" or a line's end (the last one also by the end)
              no answer: a space or a hyphen
              a short text has no part: words are not typed here

So twenty questions with one answer each are 4 + 20 keys, and Enter: 25.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.codes import read_card_number
from app.core.errors import CodeMistyped
from app.core.placings import placing_of
from app.core.scoring import DO_NOT_KNOW, SCORED_KINDS, ItemKind, as_meant

LETTERS = "ABCDEFGHIJKLM"
CLOSE = "/"
BLANK = "-"
_CARD_DIGITS = 4
_CLOSERS = frozenset("/\\\n\r,;،؛")


@dataclass(frozen=True)
class PaperItem:
    """What has to be known of an item on paper: its number, its kind, its choices as printed.

    Of an item with rows, one row of it. ValueError for more choices than there are letters.
    """

    item: str
    kind: ItemKind
    choices: tuple[str, ...]
    row: str = ""

    def __post_init__(self) -> None:
        if len(self.choices) > len(LETTERS):
            raise ValueError(f"item {self.item}: more than {len(LETTERS)} choices")

    @property
    def number(self) -> str:
        """What stands before its letters: "7", or "7.2" for a row."""
        return f"{self.item}.{self.row}" if self.row else self.item

    @property
    def letters(self) -> str:
        """One letter for each choice, in printed order."""
        return LETTERS[: len(self.choices)]

    @property
    def is_several(self) -> bool:
        """Whether more than one letter may be ticked."""
        return self.kind is ItemKind.MULTI_SELECT


class SheetFault(StrEnum):
    """Why a line cannot be taken in."""

    NOT_A_CHOICE = "sheet_not_a_choice"
    TWICE = "sheet_twice"
    NOT_CLOSED = "sheet_not_closed"
    TOO_SHORT = "sheet_too_short"
    TOO_LONG = "sheet_too_long"
    FIRST_UNCLEAR = "sheet_first_unclear"


class SheetUnreadable(ValueError):
    """Nothing was read; `item` is the number of what is wrong first, `sign` what stands there.

    NOT_A_CHOICE: the question has no such letter. TWICE: a letter stands twice where several may
    stand. NOT_CLOSED: after letters of such a question something else comes than letters or their
    end. TOO_SHORT: the line ends before this question. TOO_LONG: it goes on behind the last one.
    FIRST_UNCLEAR: the space after the card may be a gap or no answer, and both make a whole sheet.
    """

    def __init__(self, fault: SheetFault, item: str, sign: str = "") -> None:
        super().__init__(f"{fault.value} at {item}")
        self.fault = fault
        self.item = item
        self.sign = sign


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was typed: the card, and the choices by number; an empty tuple is no answer.

    Short texts are not among the answers.
    """

    card: str
    answers: Mapping[str, tuple[str, ...]]

    def by_item(self, items: Sequence[PaperItem]) -> dict[str, tuple[str, ...]]:
        """What was chosen for each item, in order of sorting.

        The rows of an item are one answer: "I do not know" beside one row says nothing of others.
        """
        found: dict[str, set[str]] = {}
        for each in items:
            if each.choices:
                found.setdefault(each.item, set()).update(self.answers[each.number])
        return {item: tuple(sorted(as_meant(chosen))) for item, chosen in found.items()}


def paper_item(item: str, kind: ItemKind, options: Sequence[str]) -> PaperItem:
    """Return the item as a sheet prints it: "I do not know" last where the page adds it."""
    extra = (DO_NOT_KNOW,) if kind in SCORED_KINDS else ()
    return PaperItem(item, kind, (*options, *extra))


def paper_rows(
    item: str, kind: ItemKind, rows: Sequence[str], columns: Sequence[str]
) -> tuple[PaperItem, ...]:
    """Return an item's rows as a sheet prints them: each with the same letters."""
    return tuple(
        PaperItem(item, kind, (*(placing_of(row, each) for each in columns), DO_NOT_KNOW), row)
        for row in rows
    )


def read_sheet(typed: str, items: Sequence[PaperItem]) -> Sheet:
    """Return what a line says, for the items in printed order.

    Small letters, full-width letters and the digits of any script are understood. A space right
    after the card is no answer to the first question, or only a gap: whichever makes the rest a
    whole sheet. CodeMistyped when the first four digits cannot be a card's, else SheetUnreadable
    with the first question that is wrong.
    """
    card, rest = _split_card(typed)
    asked = [each for each in items if each.choices]
    if not _is_space(rest[:1]):
        return Sheet(card, _read_answers(rest, asked))
    found, fault = [], None
    for told in (rest, rest[1:]):
        try:
            found.append(_read_answers(told, asked))
        except SheetUnreadable as error:
            fault = fault or error
    if fault and not found:
        raise fault
    if len(found) > 1 and found[0] != found[1]:
        raise SheetUnreadable(SheetFault.FIRST_UNCLEAR, asked[0].number)
    return Sheet(card, found[0])


def write_sheet(sheet: Sheet, items: Sequence[PaperItem]) -> str:
    """Return the line that `read_sheet` reads as this sheet; "-" where nothing is answered."""
    parts = [_part(each, sheet.answers[each.number]) for each in items if each.choices]
    return sheet.card + "".join(parts)


def letters_of(item: PaperItem, answer: Sequence[str]) -> str:
    """Return the letters of what was chosen, in printed order; empty for no answer."""
    return "".join(
        letter
        for letter, choice in zip(item.letters, item.choices, strict=True)
        if choice in answer
    )


def _part(item: PaperItem, answer: Sequence[str]) -> str:
    letters = letters_of(item, answer)
    if not letters:
        return BLANK
    return letters + CLOSE if item.is_several else letters


def _split_card(typed: str) -> tuple[str, str]:
    """The card's number, and what is typed behind its fourth digit."""
    line = typed.strip("\r\n\t")
    ends = [at for at, sign in enumerate(line, 1) if unicodedata.decimal(sign, None) is not None]
    if len(ends) < _CARD_DIGITS:
        raise CodeMistyped(typed=line[:_CARD_DIGITS], kind="card_number")
    end = ends[_CARD_DIGITS - 1]
    return read_card_number(line[:end]), line[end:]


def _read_answers(rest: str, items: Sequence[PaperItem]) -> dict[str, tuple[str, ...]]:
    answers: dict[str, tuple[str, ...]] = {}
    for item in items:
        if not rest:
            raise SheetUnreadable(SheetFault.TOO_SHORT, item.number)
        if item.is_several:
            answers[item.number], rest = _read_several(item, rest, is_last=item is items[-1])
        else:
            answers[item.number], rest = _read_one(item, rest[0]), rest[1:]
    if items and rest.strip():
        raise SheetUnreadable(SheetFault.TOO_LONG, items[-1].number, rest.strip()[0])
    return answers


def _read_one(item: PaperItem, sign: str) -> tuple[str, ...]:
    return () if _is_blank(sign) else (_choice(item, sign),)


def _read_several(item: PaperItem, rest: str, *, is_last: bool) -> tuple[tuple[str, ...], str]:
    """What several letters say, and the line behind their end."""
    if _is_blank(rest[0]):
        return (), rest[2 if rest[1:2] in _CLOSERS else 1 :]
    found: list[str] = []
    for at, sign in enumerate(rest):
        if sign in _CLOSERS:
            return _in_order(item, found), rest[at + 1 :]
        if _is_blank(sign):
            if is_last and not rest[at:].strip():
                return _in_order(item, found), ""
            raise SheetUnreadable(SheetFault.NOT_CLOSED, item.number, sign)
        choice = _choice(item, sign)
        if choice in found:
            raise SheetUnreadable(SheetFault.TWICE, item.number, sign)
        found.append(choice)
    if not is_last:
        raise SheetUnreadable(SheetFault.NOT_CLOSED, item.number)
    return _in_order(item, found), ""


def _in_order(item: PaperItem, found: Sequence[str]) -> tuple[str, ...]:
    return tuple(choice for choice in item.choices if choice in found)


def _choice(item: PaperItem, sign: str) -> str:
    """The choice a letter or a digit stands for."""
    letter = unicodedata.normalize("NFKC", sign).upper()
    value = unicodedata.decimal(sign, None)
    place = item.letters.find(letter) if value is None else value - 1
    if len(letter) > 1:  # "㏅" becomes CD, which stands among the letters
        place = -1
    if not 0 <= place < len(item.choices):
        raise SheetUnreadable(SheetFault.NOT_A_CHOICE, item.number, sign)
    return item.choices[place]


def _is_space(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign) == "Zs"


def _is_blank(sign: str) -> bool:
    return _is_space(sign) or unicodedata.category(sign) == "Pd"
