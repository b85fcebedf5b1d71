"""Which groups are withheld, and what an attacker could still say."""

import pytest

from app.core.linked import find_recoverable, suppress_linked
from app.core.suppression import (
    CellBounds,
    audit_pattern,
    find_bounds,
    find_primary,
    suppress_groups,
    suppress_table,
    with_totals,
)


def test_a_group_less_than_nobody_is_refused():
    with pytest.raises(ValueError, match="less than nobody"):
        suppress_groups({"F": -1}, 10)
    with pytest.raises(ValueError, match="less than nobody"):
        suppress_table([[12, -1]], 10)


def test_two_small_groups_that_are_few_together_take_a_third():
    told = suppress_groups({"a": 2, "b": 3, "c": 30, "d": 12}, 10)
    assert told.primary == ("a", "b")
    assert told.suppressed == ("a", "b", "d")
    assert told.combined_n == 17
    assert told.is_combined_publishable


def test_groups_of_the_same_size_are_taken_by_name():
    assert suppress_groups({"z": 3, "y": 20, "x": 20}, 10).suppressed == ("x", "z")


def test_no_small_group_withholds_nothing():
    told = suppress_groups({"F": 10, "M": 0}, 10)
    assert told.suppressed == ()
    assert told.published == {"F": 10, "M": 0}
    assert not told.is_combined_publishable


def test_totals_stand_last():
    assert with_totals([[1, 2], [3, 4]]) == ((1, 2, 3), (3, 4, 7), (4, 6, 10))
    assert with_totals([]) == ((),)


def test_small_cells_are_found_row_by_row():
    assert find_primary([[0, 9], [10, 1]], 10) == ((0, 1), (1, 1))


def test_a_single_withheld_cell_is_known_from_its_row():
    audit = audit_pattern([[25, 4], [14, 12]], [(0, 1)], 10)
    assert audit.bounds == (CellBounds((0, 1), 4, 4, 4),)
    assert audit.exactly_recoverable == ((0, 1),)
    assert not audit.is_safe


def test_four_corners_protect_each_other():
    audit = audit_pattern([[25, 4], [14, 12]], [(0, 0), (0, 1), (1, 0), (1, 1)], 10)
    assert audit.bounds[1] == CellBounds((0, 1), 4, 0, 16)
    assert audit.is_safe
    assert audit.missing_primary == ()


def test_a_small_cell_that_is_told_is_missing_from_the_pattern():
    audit = audit_pattern([[25, 4], [14, 12]], [], 10)
    assert audit.missing_primary == ((0, 1),)
    assert not audit.is_safe


def test_a_cell_that_is_known_to_stay_below_the_threshold_is_not_safe():
    # Row and column leave the small cell no more than 9.
    audit = audit_pattern([[4, 5], [5, 30]], [(0, 0), (0, 1), (1, 0), (1, 1)], 10)
    assert audit.bounds[0] == CellBounds((0, 0), 4, 0, 9)
    assert not audit.is_safe


def test_knowing_that_nobody_is_told_as_nothing_narrows_the_bounds():
    table = with_totals([[25, 4], [14, 12]])
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert find_bounds(table, corners)[1] == CellBounds((0, 1), 4, 0, 16)
    assert find_bounds(table, corners, least=1)[1] == CellBounds((0, 1), 4, 1, 15)


def test_a_withheld_total_opens_its_line():
    table = with_totals([[25, 4], [14, 12]])
    row = [(0, 1), (0, 2), (2, 1), (2, 2)]
    assert [each.high for each in find_bounds(table, row)] == [None] * 4
    assert [each.low for each in find_bounds(table, row)] == [0, 25, 12, 51]


def test_a_table_without_small_cells_is_told_whole():
    assert suppress_table([[12, 30], [10, 0]], 10) == frozenset()


@pytest.mark.parametrize("counts", [[], [[]]])
def test_a_table_without_cells_withholds_nothing(counts):
    assert suppress_table(counts, 10) == frozenset()


def test_one_small_cell_takes_the_corners_of_a_rectangle():
    withheld = suppress_table([[25, 4, 18], [14, 12, 11], [30, 16, 33]], 10)
    assert (0, 1) in withheld
    assert all(
        not each.is_recoverable
        for each in find_bounds(
            with_totals([[25, 4, 18], [14, 12, 11], [30, 16, 33]]), sorted(withheld), least=1
        )
    )
    assert not {cell for cell in withheld if 3 in cell}, "the totals can be told here"


def test_a_small_total_is_withheld_with_its_cells():
    assert suppress_table([[3, 0], [20, 40]], 10) >= {(0, 0), (0, 2)}


def test_one_cell_alone_takes_everything_with_it():
    assert suppress_table([[3]], 10) == {(0, 0), (0, 1), (1, 0), (1, 1)}


PROVINCES = [("PK", ("PK-PB", "PK-SD")), ("PK f", ("PK-PB f", "PK-SD f"))]
SEXES = [(area, (f"{area} f", f"{area} m")) for area in ("PK", "PK-PB", "PK-SD")]
LINES = [*PROVINCES, ("PK m", ("PK-PB m", "PK-SD m")), *SEXES]


def provinces(women_punjab, men_punjab, women_sindh, men_sindh):
    counts = {
        "PK-PB f": women_punjab,
        "PK-PB m": men_punjab,
        "PK-SD f": women_sindh,
        "PK-SD m": men_sindh,
    }
    for sex in "fm":
        counts[f"PK {sex}"] = counts[f"PK-PB {sex}"] + counts[f"PK-SD {sex}"]
    for area in ("PK-PB", "PK-SD", "PK"):
        counts[area] = counts[f"{area} f"] + counts[f"{area} m"]
    return counts


def test_tables_that_share_totals_are_told_whole_when_nothing_is_small():
    assert suppress_linked(provinces(12, 30, 10, 40), LINES, 10) == frozenset()


def test_a_small_cell_takes_its_neighbours_in_every_table():
    counts = provinces(4, 30, 15, 40)
    withheld = suppress_linked(counts, LINES, 10)
    assert withheld == {"PK-PB f", "PK-PB m", "PK-SD f", "PK-SD m"}
    assert find_recoverable(counts, LINES, withheld, 10) == []


@pytest.mark.parametrize(
    ("withheld", "pinned"),
    [
        (["PK-PB f"], ["PK-PB f"]),
        (["PK-PB f", "PK-PB m"], ["PK-PB f", "PK-PB m"]),
        (["PK-PB f", "PK-PB m", "PK-SD f", "PK-SD m"], []),
        (["PK-PB f", "PK-PB", "PK f", "PK"], []),
    ],
)
def test_what_one_table_hides_another_may_tell(withheld, pinned):
    assert find_recoverable(provinces(4, 30, 15, 40), LINES, withheld, 10) == pinned


def test_a_cell_that_stays_below_the_threshold_is_pinned():
    assert find_recoverable(
        provinces(4, 5, 5, 40), LINES, ["PK-PB f", "PK-PB m", "PK-SD f", "PK-SD m"], 10
    ) == ["PK-PB f", "PK-PB m", "PK-SD f"]


def test_a_withheld_cell_in_no_line_is_open():
    assert suppress_linked({"alone": 3, "told": 12}, [], 10) == {"alone"}


def test_lines_that_do_not_add_up_and_negative_cells_are_refused():
    with pytest.raises(ValueError, match="parts of PK do not add up"):
        suppress_linked(provinces(12, 30, 10, 40) | {"PK": 3}, LINES, 10)
    with pytest.raises(ValueError, match="less than nobody"):
        suppress_linked({"a": -1}, [], 10)
