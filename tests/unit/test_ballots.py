"""When the minority ballot may be told: three workshops, ten of each answer; one fixed size."""

import pytest

from app.core.ballots import BallotSums, may_tell, pack_sums, unpack_sums


@pytest.mark.parametrize(
    ("yes", "no", "answers", "is_told"),
    [
        (10, 10, [7, 7, 6], True),
        (10, 10, [10, 5, 5], True),
        (9, 30, [13, 13, 13], False),
        (30, 9, [13, 13, 13], False),
        (20, 20, [20, 20], False),
        (20, 20, [32, 4, 4], False),
        (20, 20, [30, 5, 4, 1], False),
        (0, 0, [], False),
    ],
)
def test_three_workshops_of_five_answers_and_ten_of_each_are_needed(
    yes: int, no: int, answers: list[int], is_told: bool
) -> None:
    assert may_tell(BallotSums(yes, no), answers) is is_told


def test_sums_come_back_and_are_as_long_as_any_other() -> None:
    for sums in (BallotSums(), BallotSums(0, 1), BallotSums(70_000, 3)):
        assert unpack_sums(pack_sums(sums)) == sums
        assert len(pack_sums(sums)) == 8


def test_one_answer_adds_one() -> None:
    assert BallotSums(3, 4).with_answer(is_yes=True) == BallotSums(4, 4)
    assert BallotSums(3, 4).with_answer(is_yes=False) == BallotSums(3, 5)
