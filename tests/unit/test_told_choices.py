"""No share that is told beside others gives a limit its true value."""

from itertools import product

from app.core.disclosure import CodedShare, Extreme, code_choices, code_moves
from app.core.figures import Reason
from app.core.placings import placings_of
from app.core.scoring import DO_NOT_KNOW, ItemKey, ItemKind
from app.gains.item_statistics import AskedItem, ItemStatistics, ToldForm, statistics_of
from app.gains.questions import Said


def told(coded: dict[str, CodedShare | Reason]) -> dict[str, str]:
    signs = {None: "", Extreme.AT_MOST: "<=", Extreme.AT_LEAST: ">="}
    return {
        name: "-" if isinstance(each, Reason) else f"{signs[each.extreme]}{each.percent}"
        for name, each in coded.items()
    }


def test_four_moves_are_told_when_none_is_a_limit() -> None:
    coded = dict(zip("abcd", code_moves((30, 40, 10, 20)), strict=True))
    assert told(coded) == {"a": "30", "b": "40", "c": "10", "d": "20"}


def test_beside_a_limit_the_other_three_moves_are_withheld() -> None:
    assert told(dict(zip("abcd", code_moves((30, 49, 1, 20)), strict=True))) == {
        "a": "-", "b": "-", "c": "<=2", "d": "-",
    }  # fmt: skip


def test_choices_without_a_limit_are_all_told() -> None:
    assert told(code_choices({"a": 50, "b": 30, "c": 20}, 100)) == {"a": "50", "b": "30", "c": "20"}


def test_beside_a_limit_the_smallest_choice_is_withheld_so_that_the_rest_says_no_more() -> None:
    assert told(code_choices({"a": 70, "b": 20, "c": 10, "d": 0}, 100)) == {
        "a": "70", "b": "20", "c": "-", "d": "<=2",
    }  # fmt: skip


def test_where_the_rest_is_large_already_nothing_more_is_withheld() -> None:
    assert told(code_choices({"a": 70, "b": 20, "c": 1, "d": 0}, 100)) == {
        "a": "70", "b": "20", "c": "<=2", "d": "<=2",
    }  # fmt: skip


def test_what_is_told_in_other_places_is_withheld_last() -> None:
    coded = code_choices({"key": 60, "b": 30, "dk": 10, "d": 0}, 100, last=("dk", "key"))
    assert told(coded) == {"key": "60", "b": "-", "dk": "10", "d": "<=2"}


def test_a_reader_of_all_shares_learns_no_more_of_a_limit_than_the_limit() -> None:
    """By enumeration: every true count from nobody to the limit fits what is told."""
    n, margin = 20, 2  # at most 10 %
    for counts in product(range(0, n + 1, 1), repeat=3):
        if sum(counts) > n:
            continue
        names = dict(zip("abc", counts, strict=True))
        coded = code_choices(names, n)
        rest = n - sum(
            names[name]
            for name, each in coded.items()
            if isinstance(each, CodedShare) and each.extreme is None
        )
        has_top = any(
            isinstance(each, CodedShare) and each.extreme is Extreme.AT_LEAST
            for each in coded.values()
        )
        limits = [
            name
            for name, each in coded.items()
            if isinstance(each, CodedShare) and each.extreme is Extreme.AT_MOST
        ]
        # One that is withheld, or nobody knows how many chose nothing, takes up the others.
        assert not limits or has_top or rest >= margin, (names, told(coded))


def told_of_rows(before: dict[str, int]) -> ItemStatistics:
    """A question of two rows and three columns; `before`: placings -> how many people."""
    columns = {"1": "whale", "2": "eagle"}, {"a": "sea", "b": "air", "c": "land"}
    letters = {
        f"{row}{column}": f"{columns[0][row]}:{columns[1][column]}"
        for row in "12"
        for column in "abc"
    }
    key = ItemKey("1", ItemKind.MATCH, 1, placings_of("12", "abc"), frozenset({"1a", "2b"}))
    said = [Said(frozenset(each.split()), "en", n, 0, 0) for each, n in before.items()]
    people = sum(before.values())
    right = before.get("1a 2b", 0)
    form = ToldForm(
        form_id="form",
        keys=(key,),
        answers={("1", occasion): said for occasion in ("pre", "post")},
        moves={"1": (right, 0, 0, people - right)},
        workshops=2,
    )
    asked = AskedItem(
        code="code",
        keys=frozenset({"whale:sea", "eagle:air"}),
        options=tuple(letters.values()),
        is_one_choice=True,
        places=(("form", "1", letters),),
    )
    return statistics_of(asked, {"form": form})


def shares_before(told_item: ItemStatistics) -> dict[str, str]:
    signs = {None: "", Extreme.AT_MOST: "<=", Extreme.AT_LEAST: ">="}
    return {
        each.option: "-"
        if each.before.value is None
        else f"{signs[each.before.extreme]}{each.before.value}"
        for each in told_item.options
    }


def test_each_row_is_a_whole_so_that_none_of_its_limits_is_told_by_the_others() -> None:
    found = shares_before(told_of_rows({"1a 2b": 12, "1b 2c": 8}))
    assert found["whale:sea"] == "60"
    assert (found["whale:air"], found["whale:land"]) == ("-", "<=10")
    assert (found["eagle:air"], found["eagle:land"], found["eagle:sea"]) == ("60", "-", "<=10")


def test_what_is_withheld_beside_one_row_is_not_told_beside_another() -> None:
    # Row 1 has nobody else to withhold but those who do not know; row 2 has no limit at all.
    counts = {"1a 2a": 5, "1a 2b": 7, "1a 2c": 4, DO_NOT_KNOW: 4}
    found = shares_before(told_of_rows(counts))
    assert found[DO_NOT_KNOW] == "-"
    assert (found["whale:sea"], found["whale:air"]) == ("80", "<=10")
