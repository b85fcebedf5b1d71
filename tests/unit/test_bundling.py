"""Bundles: what may be told together, and who waits."""

from typing import Any

import pytest

from app.core.bundling import ALL_PROGRAMMES, ANY_TIME, WHOLE_COUNTRY, Pending, Place, make_bundles

SINDH = Place("PK", "PK-SD", "donor", 2026, 4)


def place(**wanted: Any) -> Place:
    known = {"country": "PK", "province": "PK-SD", "programme": "donor", "year": 2026, "quarter": 4}
    return Place(**(known | wanted))


def waits(name: str, n: int | dict[str, int], *, is_over: bool = True, **at: Any) -> Pending:
    counts = {"": n} if isinstance(n, int) else n
    return Pending(name, place(**at), counts, is_over)


def told(*pending: Pending) -> dict[tuple[str, ...], Place]:
    return {each.workshops: each.place for each in make_bundles(pending, 10)}


def test_a_workshop_of_ten_pairs_is_told_at_once_and_alone() -> None:
    assert told(waits("a", 10, is_over=False), waits("b", 30)) == {("a",): SINDH, ("b",): SINDH}
    assert told(waits("a", 9), waits("b", 0)) == {}


def test_small_ones_wait_for_the_quarter_and_are_told_together() -> None:
    assert told(waits("a", 6, is_over=False), waits("b", 6)) == {}
    assert told(waits("b", 6), waits("a", 4)) == {("a", "b"): SINDH}
    assert told(waits("a", 6), waits("b", 3)) == {}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"quarter": 3}, place(quarter=ANY_TIME)),
        ({"province": "PK-PB"}, place(quarter=ANY_TIME, province=WHOLE_COUNTRY)),
        (
            {"programme": "other", "province": "PK-PB"},
            place(quarter=ANY_TIME, province=WHOLE_COUNTRY, programme=ALL_PROGRAMMES),
        ),
        (
            {"year": 2025},
            Place("PK", WHOLE_COUNTRY, ALL_PROGRAMMES, ANY_TIME, ANY_TIME),
        ),
    ],
)
def test_a_bundle_counts_only_where_all_of_it_belongs(other: dict[str, Any], found: Place) -> None:
    assert told(waits("a", 6), waits("b", 6, **other)) == {("a", "b"): found}


def test_another_country_is_no_company() -> None:
    assert told(waits("a", 6), waits("b", 6, country="AF")) == {}


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ({"man": 20, "woman": 10}, {"man", "woman"}),
        ({"man": 20}, {"man"}),
        ({"man": 20, "woman": 4, "not_said": 7}, {"man"}),  # eleven together stay untold
    ],
)
def test_by_a_facet_a_workshop_is_told_when_nothing_large_is_lost(
    counts: dict[str, int], groups: set[str]
) -> None:
    (bundle,) = make_bundles([waits("a", counts, is_over=False)], 10)
    assert set(bundle.judged.published) == groups


def test_few_women_wait_for_the_women_of_other_workshops() -> None:
    four = [waits(name, {"man": 20, "woman": 4}) for name in "ab"]
    assert make_bundles(four, 10) == []
    three = [*four, waits("c", {"man": 10, "woman": 3})]
    (bundle,) = make_bundles(three, 10)
    assert bundle.workshops == ("a", "b", "c")
    assert bundle.judged.published == {"man": 50, "woman": 11}


def test_who_has_a_rare_group_does_not_hold_up_the_others() -> None:
    pending = [
        waits("a", {"man": 8, "woman": 6}),
        waits("b", {"man": 9, "woman": 6}),
        waits("c", {"man": 8, "woman": 5, "prefer_not_to_say": 1}),
    ]
    (bundle,) = make_bundles(pending, 10)
    assert bundle.workshops == ("a", "b")
    assert bundle.judged.published == {"man": 17, "woman": 12}


@pytest.mark.parametrize(
    ("members", "found"),
    [
        # All police are in "a": its total less theirs is one person of an ngo.
        ((("a", {"police": 11, "ngo": 1}), ("b", {"ngo": 10, "other": 1})), set()),
        # So are they here, in two: four people are left over in both.
        (
            (("a", {"police": 10, "ngo": 1}), ("b", {"police": 15, "ngo": 3}), ("c", {"ngo": 11})),
            {("c",)},
        ),
        # The rest of "a" is ten people; some police are elsewhere too.
        ((("a", {"police": 20, "ngo": 6, "other": 4}), ("b", {"ngo": 12})), {("a",), ("b",)}),
        (
            (("a", {"police": 11, "ngo": 1}), ("b", {"police": 2, "ngo": 8, "other": 2})),
            {("a", "b")},
        ),
    ],
)
def test_no_total_of_a_member_less_the_groups_in_it_leaves_a_few_people(
    members: tuple[tuple[str, dict[str, int]], ...], found: set[tuple[str, ...]]
) -> None:
    pending = [waits(name, counts) for name, counts in members]
    assert set(told(*pending)) == found


def test_the_order_of_the_workshops_changes_nothing() -> None:
    pending = [
        waits(name, n, quarter=quarter)
        for name, n, quarter in (("a", 3, 1), ("b", 8, 2), ("c", 12, 1), ("d", 7, 1), ("e", 2, 3))
    ]
    found = told(*pending)
    assert told(*reversed(pending)) == found
    assert found[("c",)] == place(quarter=1)
    assert found[("a", "d")] == place(quarter=1)
    assert found[("b", "e")] == place(quarter=ANY_TIME)
