"""Points for answers: exact integers in units of 1/2520 of a point.

2520 = lcm(1 … 10): each part of an item with up to ten keys and ten other options is a whole
number of units, so sums never depend on their order and a tie stays a tie. No correction for
guessing, never less than 0 per item. Source: statistics.md §0, §1; plus_minus_floor0 is the "+/-"
rule of NCSBN (Betts et al. 2022, EPM 82:151). Rows are scored one by one, right rows ÷ rows and
nothing taken off for a wrong one: NCSBN's rule for its matrix multiple choice
(ncsbn.zendesk 14690447982359). What a score says about a group is in `gains`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import factorial
from typing import NamedTuple

from app.core.errors import OptionUnknown, ResponseMalformed
from app.core.placings import MOST_ROWS, has_row_twice, row_of, rows_of
from app.core.printing import half_up

UNITS_PER_POINT = 2520
DO_NOT_KNOW = "dk"
"""The choice "I do not know", added by the page to every scored item; worth 0, yet an answer."""

_MOST_PARTS = 10


class ItemKind(StrEnum):
    """The kinds of items; likert and short_text are never scored."""

    SINGLE_CHOICE = "single_choice"
    TRUE_FALSE = "true_false"
    MULTI_SELECT = "multi_select"
    MATCH = "match"
    CLASSIFY = "classify"
    ORDER = "order"
    LIKERT = "likert"
    SHORT_TEXT = "short_text"


class ScoringRule(StrEnum):
    """The rules for several keys; with one key and one tick all three say the same."""

    ALL_OR_NOTHING = "all_or_nothing"
    PLUS_MINUS_FLOOR0 = "plus_minus_floor0"
    BALANCED_FLOOR0 = "balanced_floor0"


class AnswerStatus(StrEnum):
    """What happened to one item; omitted = nothing chosen."""

    ANSWERED = "answered"
    DO_NOT_KNOW = "do_not_know"
    OMITTED = "omitted"


ROW_KINDS = frozenset({ItemKind.MATCH, ItemKind.CLASSIFY, ItemKind.ORDER})
"""One column for each row (`core.placings`); in order, the columns are the places 1 to n."""
SCORED_KINDS = ROW_KINDS | {ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE, ItemKind.MULTI_SELECT}
"""Those that the page adds "I do not know" to."""

_ONE_KEY_KINDS = frozenset({ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE})


@dataclass(frozen=True)
class ItemKey:
    """The right answers of one item, as frozen in a published form.

    `points` is a whole number of points. Of an item with rows the options are all its placings and
    the keys one for each row. `rule` is that of several keys; rows know only one. ValueError
    for a key that cannot be scored exactly or that no person could have meant.
    """

    item: str
    kind: ItemKind
    points: int
    options: tuple[str, ...]
    keys: frozenset[str]
    rule: ScoringRule = ScoringRule.PLUS_MINUS_FLOOR0

    def __post_init__(self) -> None:
        for holds, says in self._demands():
            if not holds:
                raise ValueError(f"item {self.item}: {says}")

    def _demands(self) -> list[tuple[bool, str]]:
        general = [
            (len(set(self.options)) == len(self.options), "an option stands twice"),
            (DO_NOT_KNOW not in self.options, f"'{DO_NOT_KNOW}' is added by the page"),
            (self.keys <= set(self.options), "a key is not among the options"),
            (self.points >= 0, "points are negative"),
        ]
        if self.kind not in SCORED_KINDS:
            return [*general, (not self.keys and self.points == 0, f"{self.kind} is not scored")]
        if self.kind in ROW_KINDS:
            return [*general, *self._demands_of_rows()]
        n_keys = len(self.keys)
        return [
            *general,
            (n_keys >= 1, "no key"),
            (n_keys == 1 or self.kind not in _ONE_KEY_KINDS, f"{self.kind} has one key"),
            (n_keys <= _MOST_PARTS, "more than 10 keys cannot be exact"),
            (self.other_options <= _MOST_PARTS, "more than 10 other options cannot be exact"),
        ]

    def _demands_of_rows(self) -> list[tuple[bool, str]]:
        columns = [sum(row_of(each) == row for each in self.options) for row in self.rows]
        return [
            (all(map(row_of, self.options)), "an option is no placing of a row"),
            (2 <= len(self.rows) <= MOST_ROWS, f"2 to {MOST_ROWS} rows are needed"),
            (min(columns, default=0) >= 2, "a row has fewer than two columns"),
            (len(set(columns)) <= 1, "the rows have not the same columns"),
            (sorted(map(row_of, self.keys)) == sorted(self.rows), "a row has not one key"),
        ]

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The numbers of the rows, in printed order; none where there are no rows."""
        return rows_of(self.options) if self.kind in ROW_KINDS else ()

    @property
    def guessing(self) -> Fraction:
        """How often blind choice is right, 0..1: one of the options; of rows, all of them at once.

        In an order each place is given once.
        """
        if self.kind is ItemKind.ORDER:
            return Fraction(1, factorial(len(self.rows)))
        chance = Fraction(len(self.rows) or 1, len(self.options) or 1)
        return chance ** (len(self.rows) or 1)

    @cached_property
    def choices(self) -> frozenset[str]:
        """What may be chosen: the options, and "I do not know"."""
        return frozenset((*self.options, DO_NOT_KNOW))

    @cached_property
    def known_scores(self) -> dict[frozenset[str], ItemScore]:
        """What was scored before. A room gives few different answers, thousands of times; there
        are never more than the sets of its options. Rows have too many to keep.
        """
        return {}

    @property
    def other_options(self) -> int:
        """How many options are not keys."""
        return len(self.options) - len(self.keys)

    @cached_property
    def max_units(self) -> int:
        """The most units this item can give."""
        return self.points * UNITS_PER_POINT


class ItemScore(NamedTuple):
    """What one person has for one item, in units; made for every answer of every test."""

    units: int
    status: AnswerStatus


_OMITTED = ItemScore(0, AnswerStatus.OMITTED)


@dataclass(frozen=True)
class SittingScore:
    """What one person has for a whole form, in units; the counts are numbers of items."""

    units: int
    max_units: int
    per_item: Mapping[str, ItemScore]
    answered: int
    omitted: int
    do_not_know: int

    @property
    def is_empty(self) -> bool:
        """Nothing chosen anywhere: such a sitting is not submitted, which is not 0 %."""
        return self.answered == self.do_not_know == 0

    @property
    def proportion(self) -> Fraction | None:
        """Units ÷ possible units, 0..1; None when nothing can be won (`no_max`)."""
        return Fraction(self.units, self.max_units) if self.max_units else None


def check_chosen(key: ItemKey, chosen: frozenset[str] | None) -> None:
    """Refuse what cannot be an answer to this item.

    OptionUnknown for an option the item does not have, ResponseMalformed for two choices where one
    is asked: of the item, or of a row. Beside ticks in a multi_select and beside rows, "I do not
    know" is no fault: the ticks count.
    """
    if chosen and not chosen <= key.choices:
        raise OptionUnknown(item=key.item, option=min(chosen - key.choices))
    if chosen and has_too_many(key.kind, chosen):
        raise ResponseMalformed(item=key.item)


def has_too_many(kind: ItemKind, chosen: Collection[str]) -> bool:
    """Tell whether more was chosen than a page allows: one of the item, or one of each row."""
    if kind in ROW_KINDS:
        return has_row_twice(chosen)
    return len(chosen) > 1 and kind is not ItemKind.MULTI_SELECT


def as_meant(chosen: Iterable[str]) -> frozenset[str]:
    """What was chosen, without "I do not know" where anything stands beside it.

    Whoever ticks an option has said what is thought of it. A script unticks the other one; a page
    without a script, a program and a rescue code may hold both.
    """
    found = frozenset(chosen)
    return found - {DO_NOT_KNOW} or found


def score_item(key: ItemKey, chosen: frozenset[str] | None) -> ItemScore:
    """Return the units for what was chosen; None and the empty set are omitted.

    A row that was left empty is not right. Raises as `check_chosen`. A likert item gives 0 units
    and is answered like any other; a short text has no options, so its words are never handed in.
    """
    if not chosen:
        return _OMITTED
    known = key.known_scores.get(chosen)
    if known is None:
        check_chosen(key, chosen)
        known = _score(key, as_meant(chosen))
        if key.kind not in ROW_KINDS:
            key.known_scores[chosen] = known
    return known


def score_sitting(
    keys: Sequence[ItemKey], chosen_by_item: Mapping[str, frozenset[str] | None]
) -> SittingScore:
    """Return the score over all keys of a form; an item without a response is omitted.

    Responses to items without a key (withdrawn since) are left out. ValueError when an item has
    two keys; refusals as `check_chosen`.
    """
    per_item = {key.item: score_item(key, chosen_by_item.get(key.item)) for key in keys}
    if len(per_item) != len(keys):
        raise ValueError("an item stands twice among the keys")
    statuses = [score.status for score in per_item.values()]
    return SittingScore(
        units=sum(score.units for score in per_item.values()),
        max_units=sum(key.max_units for key in keys),
        per_item=per_item,
        answered=statuses.count(AnswerStatus.ANSWERED),
        omitted=statuses.count(AnswerStatus.OMITTED),
        do_not_know=statuses.count(AnswerStatus.DO_NOT_KNOW),
    )


def points_text(units: int) -> str:
    """Return units as points: "7", "7.5", "0.125", as short as exact.

    Thirds, sevenths and ninths have no exact decimals: two, half up, so "0.33" and "1.00" for
    a hair below one; only such a text keeps its zeros.
    """
    points = Fraction(units, UNITS_PER_POINT)
    if (points * 1000).denominator != 1:
        return str(half_up(points, 2))
    whole, _, decimals = str(half_up(points, 3)).partition(".")
    return f"{whole}.{decimals}".rstrip("0").rstrip(".")


def _score(key: ItemKey, ticks: frozenset[str]) -> ItemScore:
    if DO_NOT_KNOW in ticks:
        return ItemScore(0, AnswerStatus.DO_NOT_KNOW)
    return ItemScore(_units_for(key, ticks), AnswerStatus.ANSWERED)


def _units_for(key: ItemKey, ticks: frozenset[str]) -> int:
    if key.kind not in SCORED_KINDS:
        return 0
    if key.kind in ROW_KINDS:  # exact: at most ten rows
        return len(ticks & key.keys) * (key.max_units // len(key.keys))
    right, wrong = len(ticks & key.keys), len(ticks - key.keys)
    if key.rule is ScoringRule.ALL_OR_NOTHING:
        return key.max_units if ticks == key.keys else 0
    # Exact: ItemKey allows at most ten keys and ten other options, and each divides 2520.
    per_key = key.max_units // len(key.keys)
    if key.rule is ScoringRule.PLUS_MINUS_FLOOR0:
        return max(0, (right - wrong) * per_key)
    per_other_option = key.max_units // max(1, key.other_options)
    return max(0, right * per_key - wrong * per_other_option)
