"""The printed order of options and rows tells nothing of the key: 10,000 publications.

Nothing is random here: an order follows from the content of its form, and the contents from a fixed
seed, so that the result is always the same. A p-value below 0.001 comes once in a thousand counts.
"""

import itertools
import random
from collections import Counter
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, NamedTuple

from app.banks.drafting import draft_form
from app.banks.schemas import (
    BankFile,
    BankItem,
    BankOption,
    BankRow,
    FormDraft,
    FormFile,
    ItemBank,
    Misconception,
    Objective,
    OptionOrder,
    Purpose,
)
from app.core.distributions import chi2_tail
from app.core.scoring import ItemKind

PUBLICATIONS = 10_000
SEED = 20261123
LEAST_P = 0.001
_OPTIONS = ("north", "south", "east", "west")
_FIRST_KEY = "north"


class Drawn(NamedTuple):
    """One publication: which option was the key in the file, and what was printed."""

    key: str
    printed: dict[tuple[int, str], tuple[str, ...]]

    @classmethod
    def of(cls, key: str, form: FormDraft) -> "Drawn":
        """Names of options and rows as printed; a whole form of each would fill the memory."""
        items = enumerate(form.document["items"], start=1)
        printed = {
            (number, part): tuple(each["ref"] for each in item.get(part, ()))
            for number, item in items
            for part in ("options", "rows")
        }
        for number, about in form.key["items"].items():
            printed[int(number), "keys"] = tuple(sorted(about["keys"]))
        return cls(key, printed)

    def refs(self, number: int, part: str) -> tuple[str, ...]:
        """The names of an item's options or rows, as printed."""
        return self.printed[number, part]

    def keys(self, number: int) -> tuple[str, ...]:
        """The letters or placings that are right."""
        return self.printed[number, "keys"]


def _choice(kind: ItemKind, ref: str, keys: Iterable[str], options: Iterable[str]) -> BankItem:
    return BankItem(
        ref=ref, kind=kind, objective="telling", stem="Which way?",
        options=tuple(
            BankOption(
                ref=each, text=each, key=each in keys, misconception=None if each in keys else "odd"
            )
            for each in options
        ),
    )  # fmt: skip


def _sorting(kind: ItemKind, ref: str, columns: str, rows: dict[str, str]) -> BankItem:
    """Columns are letters; rows with their right columns, none in an order."""
    return BankItem(
        ref=ref, kind=kind, objective="telling", stem="Where does each belong?",
        options=tuple(BankOption(ref=each, text=each) for each in columns),
        rows=tuple(
            BankRow(
                ref=row, text=row, column=right or None,
                misconceptions=dict.fromkeys(set(columns) - {right}, "odd"),
            )
            for row, right in rows.items()
        ),
    )  # fmt: skip


_ROWS = {"one": "x", "two": "y", "three": "x", "four": "y"}
_SEVERAL = _choice(ItemKind.MULTI_SELECT, "several", ("aa", "bb"), ("aa", "bb", "cc", "dd", "ee"))
_MATCH = _sorting(ItemKind.MATCH, "match", "xyz", _ROWS)
_CRIMES = _sorting(ItemKind.CLASSIFY, "crimes", "xyz", {"one": "x", "two": "y", "three": "z"})
_STEPS = _sorting(ItemKind.ORDER, "steps", "", {"one": "", "two": "", "three": ""})


def _bank(key: str) -> ItemBank:
    way = _choice(ItemKind.SINGLE_CHOICE, "way", (key,), _OPTIONS)
    fixed = _CRIMES.model_copy(update={"order": OptionOrder.FIXED})
    source = BankFile(
        bank="drawn", purpose=Purpose.TEST, language="en", title="Drawn",
        objectives=(Objective(ref="telling", title="Telling"),),
        misconceptions=(Misconception(ref="odd", belief="Odd"),),
        items=(way, _SEVERAL, _MATCH, fixed, _STEPS),
    )  # fmt: skip
    return ItemBank(source, {}, ())


@cache
def publications() -> tuple[Drawn, ...]:
    """10,000 forms of other titles; the key is another option in every fourth."""
    chance = random.Random(SEED)
    banks = {key: _bank(key) for key in _OPTIONS}
    form = FormFile(
        form="drawn", bank="drawn", audience="any", title={"en": "x"}, languages=("en",),
        items=("way", "several", "match", "crimes", "steps"),
    )  # fmt: skip
    found = []
    for number in range(PUBLICATIONS):
        other = form.model_copy(update={"title": {"en": f"{chance.getrandbits(64):x}"}})
        key = _OPTIONS[number % len(_OPTIONS)]
        found.append(Drawn.of(key, draft_form(banks[key], other)))
    return tuple(found)


def p_of_even(seen: Iterable[Hashable], possible: Iterable[Hashable]) -> float:
    """Pearson's chi-square against all that is possible being equally frequent."""
    counts, cells = Counter(seen), list(possible)
    assert set(counts) <= set(cells)
    wanted = counts.total() / len(cells)
    return chi2_tail(sum((counts[each] - wanted) ** 2 / wanted for each in cells), len(cells) - 1)


def p_of_no_bond(pairs: Iterable[tuple[Hashable, Hashable]]) -> float:
    """Pearson's chi-square of a table: is the one value independent of the other?"""
    cells = Counter(pairs)
    rows, columns = Counter[Any](), Counter[Any]()
    for (row, column), count in cells.items():
        rows[row] += count
        columns[column] += count
    total, square = cells.total(), 0.0
    for row, column in itertools.product(rows, columns):
        wanted = rows[row] * columns[column] / total
        square += (cells[row, column] - wanted) ** 2 / wanted
    return chi2_tail(square, (len(rows) - 1) * (len(columns) - 1))


def test_every_order_of_options_is_as_frequent_as_any_other() -> None:
    ways = [each.refs(1, "options") for each in publications()]
    assert p_of_even(ways, itertools.permutations(_OPTIONS)) > LEAST_P
    columns = [each.refs(3, "options") for each in publications()]
    assert p_of_even(columns, itertools.permutations("xyz")) > LEAST_P
    assert {each.refs(4, "options") for each in publications()} == {tuple("xyz")}


def test_the_letter_of_the_key_is_any_and_the_same_whichever_option_is_right() -> None:
    drawn = publications()
    assert p_of_even((each.keys(1) for each in drawn), [(one,) for one in "abcd"]) > LEAST_P
    assert p_of_no_bond((each.key, each.keys(1)) for each in drawn) > LEAST_P
    # Of one option: it stands where it stands, whether it is the key or not.
    places = ((each.key == _FIRST_KEY, each.refs(1, "options").index(_FIRST_KEY)) for each in drawn)
    assert p_of_no_bond(places) > LEAST_P
    pairs = list(itertools.combinations("abcde", 2))
    assert p_of_even((each.keys(2) for each in drawn), pairs) > LEAST_P


def test_every_order_of_rows_is_as_frequent_as_any_other() -> None:
    for number, rows in (
        (3, tuple(_ROWS)),
        (4, ("one", "two", "three")),
        (5, ("one", "two", "three")),
    ):
        seen = (each.refs(number, "rows") for each in publications())
        assert p_of_even(seen, itertools.permutations(rows)) > LEAST_P


def test_the_right_columns_of_the_rows_are_any() -> None:
    drawn = publications()
    match = {
        tuple(f"{row}{letter}" for row, letter in enumerate(letters, start=1))
        for one, two in itertools.permutations("abc", 2)
        for letters in itertools.permutations((one, one, two, two))
    }
    assert len(match) == 18
    assert p_of_even((each.keys(3) for each in drawn), match) > LEAST_P
    for number in (4, 5):
        possible = [
            (f"1{one}", f"2{two}", f"3{three}") for one, two, three in itertools.permutations("abc")
        ]
        assert p_of_even((each.keys(number) for each in drawn), possible) > LEAST_P


def test_one_draw_tells_nothing_of_another() -> None:
    drawn = publications()
    for part, number in (("options", 3), ("rows", 3), ("rows", 5)):
        pairs = ((each.keys(1), each.refs(number, part)[0]) for each in drawn)
        assert p_of_no_bond(pairs) > LEAST_P


def test_a_draw_that_leans_is_seen() -> None:
    """The measure itself: one publication in 25 that always has the key first."""
    fair = [number % 4 for number in range(PUBLICATIONS)]
    leaning = [0 if number % 25 == 0 else at for number, at in enumerate(fair)]
    assert p_of_even(fair, range(4)) > LEAST_P
    assert p_of_even(leaning, range(4)) < LEAST_P
    assert p_of_no_bond((number % 2, number % 2) for number in range(100)) < LEAST_P
