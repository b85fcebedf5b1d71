"""What is withheld stays withheld: no cell comes back by subtraction, however it is attempted."""

from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from app.core.linked import find_recoverable, suppress_linked
from app.core.suppression import (
    find_bounds,
    suppress_groups,
    suppress_table,
    with_totals,
)

THRESHOLD = 10
sizes = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 60))
tables = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(sizes, min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), sizes))
def test_no_group_of_a_one_way_table_comes_back_from_its_total(counts: dict[str, int]) -> None:
    told = suppress_groups(counts, THRESHOLD)
    withheld = [counts[name] for name in told.suppressed]
    assert all(n == 0 or n >= THRESHOLD for n in told.published.values())
    assert set(told.published) | set(told.suppressed) == set(counts)
    if withheld and told.is_total_published:
        # total less the published is the withheld together: at least two, and not few.
        assert len(withheld) >= 2
        assert sum(withheld) == told.combined_n >= THRESHOLD


@settings(max_examples=80)
@given(tables)
@example([[25, 4, 18], [14, 12, 11], [30, 16, 3]])
@example([[9, 1], [1, 9]])
@example([[1]])
@example([[3, 0, 0], [0, 40, 0], [0, 0, 40]])
def test_a_linear_program_recovers_no_cell_of_a_two_way_table(counts: list[list[int]]) -> None:
    table = with_totals(counts)
    withheld = suppress_table(counts, THRESHOLD)
    for r, row in enumerate(table):
        for c, n in enumerate(row):
            assert (r, c) in withheld or n == 0 or n >= THRESHOLD
            assert (r, c) not in withheld or n > 0
    for cell, (low, high) in attacked(table, withheld).items():
        assert high - low >= 1 - 1e-6, f"{cell} can only be {low}"
        if table[cell[0]][cell[1]] < THRESHOLD:
            assert high >= THRESHOLD - 1e-6, f"{cell} is at most {high}"


@settings(max_examples=40)
@given(tables, st.data())
def test_the_bounds_are_those_of_a_linear_program(
    counts: list[list[int]], data: st.DataObject
) -> None:
    table = with_totals(counts)
    cells = list(product(range(len(table)), range(len(table[0]))))
    withheld = data.draw(st.lists(st.sampled_from(cells), unique=True, max_size=9))
    least = data.draw(st.sampled_from([0, 1]))
    withheld = [(r, c) for r, c in withheld if table[r][c] >= least]
    known = attacked(table, frozenset(withheld), least=least)
    for each in find_bounds(table, withheld, least=least):
        low, high = known[each.cell]
        assert each.low == pytest.approx(low, abs=1e-6)
        if each.high is None:
            assert high > 10**8
        else:
            assert each.high == pytest.approx(high, abs=1e-6)
        assert each.low <= each.true


@given(tables)
def test_a_table_of_large_cells_is_told_whole(counts: list[list[int]]) -> None:
    assert suppress_table([[n + THRESHOLD for n in row] for row in counts], THRESHOLD) == set()


@st.composite
def cubes(draw: st.DrawFn) -> tuple[dict[str, int], list[tuple[str, tuple[str, ...]]]]:
    """Provinces and their country, quarters and their year, women, men and both: three-way."""
    sides = [draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 2))]
    names = [[*"abc"[:n], "*"] for n in sides]
    base = {cell: draw(sizes) for cell in product(*[each[:-1] for each in names])}
    counts, lines = {}, []
    for cell in product(*names):
        counts["".join(cell)] = sum(
            n
            for other, n in base.items()
            if all(mine in (its, "*") for mine, its in zip(cell, other, strict=True))
        )
        for axis, value in enumerate(cell):
            if value == "*":
                parts = [(*cell[:axis], part, *cell[axis + 1 :]) for part in names[axis][:-1]]
                lines.append(("".join(cell), tuple("".join(part) for part in parts)))
    return counts, lines


@settings(max_examples=40)
@given(cubes())
def test_a_linear_program_recovers_no_cell_of_tables_that_share_totals(
    cube: tuple[dict[str, int], list[tuple[str, tuple[str, ...]]]],
) -> None:
    counts, lines = cube
    withheld = suppress_linked(counts, lines, THRESHOLD)
    assert all(n == 0 or n >= THRESHOLD for key, n in counts.items() if key not in withheld)
    assert all(counts[key] for key in withheld)
    assert find_recoverable(counts, lines, withheld, THRESHOLD) == []
    for key, (low, high) in program(counts, lines, withheld).items():
        assert high - low >= 1 - 1e-6, f"{key} can only be {low}"
        if counts[key] < THRESHOLD:
            assert high >= THRESHOLD - 1e-6, f"{key} is at most {high}"


def attacked(
    table: tuple[tuple[int, ...], ...], withheld: frozenset[tuple[int, int]], *, least: int = 1
) -> dict[tuple[int, int], tuple[float, float]]:
    """The smallest and largest value of each withheld cell of a table with totals."""
    rows = [[(r, c) for c in range(len(table[0]))] for r in range(len(table))]
    columns = [[(r, c) for r in range(len(table))] for c in range(len(table[0]))]
    return program(
        {(r, c): n for r, row in enumerate(table) for c, n in enumerate(row)},
        [(total, tuple(parts)) for *parts, total in [*rows, *columns]],
        withheld,
        least=least,
    )


def program(counts: Any, lines: Any, withheld: Any, *, least: int = 1) -> dict[Any, Any]:
    """The smallest and largest value of each withheld cell, by linear programming.

    The attacker knows that the parts of every line add up to its total, and that an empty cell
    would be printed as 0; 10**9 stands for "without limit".
    """
    unknown = sorted(withheld)
    equations, sums = [], []
    for total, parts in lines:
        signs = dict.fromkeys(parts, 1) | {total: -1}
        equations.append([signs.get(cell, 0) for cell in unknown])
        sums.append(-sum(signs[cell] * counts[cell] for cell in signs if cell not in withheld))
    found = {}
    for place, cell in enumerate(unknown):
        ends = []
        for sign in (1, -1):
            goal = [sign * (other == place) for other in range(len(unknown))]
            solved = linprog(goal, A_eq=equations, b_eq=sums, bounds=(least, 10**9))
            assert solved.success
            ends.append(sign * solved.fun)
        found[cell] = (ends[0], ends[1])
    return found
