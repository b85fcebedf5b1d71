"""Whatever a list holds: every person has one fate, and the same list adds nobody twice."""

from hypothesis import example, given
from hypothesis import strategies as st

from app.core.roster_columns import ListRow, guess_layout, tidy_rows
from app.core.rosters import Answer, Decisions, Verdict, read_roster
from tests.fixtures.rosters import PROVINCES

WORDS = ["Name", "نام", "Father", "Sex", "M", "عورت", "Police", "پولیس", "Ali", "Ali Khan", "علی",
         "علي", "Mohd Ali", "", " ", "1", "۲", "=1", "\u202eAli", "\ufffd", "Total"]  # fmt: skip
cells = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
lists = st.lists(st.lists(cells, max_size=5), max_size=12).map(
    lambda rows: tidy_rows(ListRow(n, tuple(row)) for n, row in enumerate(rows, start=1))
)
answers = st.dictionaries(st.integers(1, 12), st.sampled_from(list(Answer)))


def read(rows, said, **more):
    layout = guess_layout(rows, PROVINCES)
    return read_roster(rows, layout, provinces=PROVINCES, decisions=Decisions(said), **more)


@given(lists, answers)
def test_every_row_is_told_once_in_its_order(rows, said):
    lines = [row.line for row in read(rows, said)]
    assert lines == sorted(set(lines))
    assert set(lines) <= {row.line for row in rows}


@given(lists, answers)
def test_who_is_taken_in_has_a_key_of_the_own_and_a_name(rows, said):
    ready = [row for row in read(rows, said) if row.verdict is Verdict.READY]
    assert len({row.key for row in ready}) == len(ready)
    assert all(row.person.name for row in ready)


# One of three of a name was left open, the last was said to be somebody else: twice the same list.
@example(
    (ListRow(8, ("Name", "")), ListRow(9, ("Name", "")), ListRow(10, ("Name", "M"))),
    {10: Answer.TWO},
)
@given(lists, answers)
def test_the_same_list_adds_nobody_twice(rows, said):
    first = [row for row in read(rows, said) if row.verdict is Verdict.READY]
    known, keys = [row.person for row in first], {row.key for row in first}
    again = read(rows, said, known=known, is_known=keys.__contains__)
    assert not [row for row in again if row.verdict is Verdict.READY]


@given(lists)
def test_two_of_a_like_name_are_never_taken_in_unasked(rows):
    ready = [row for row in read(rows, {}) if row.verdict is Verdict.READY]
    assert not [row for row in ready if row.like]
