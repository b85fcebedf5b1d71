"""Items and options: why a figure is undefined, and which flags are raised."""

from collections import Counter
from fractions import Fraction

import pytest

from app.core.distractors import ItemFlag, OptionSums, find_flags, option_figures
from app.core.figures import Reason
from app.core.items import (
    Evidence,
    block_of,
    judge_evidence,
    learning_types,
    transitions_of,
    upper_lower,
)
from app.core.means import ScoreSums
from app.core.proportions import Movement
from app.core.reliability import (
    ItemSums,
    alpha_of,
    may_offer_reliable_change,
    reliability_of,
    reliable_change,
)


def moved(retained=0, lost=0, learned=0, not_learned=0):
    return Movement(yes_yes=retained, yes_no=lost, no_yes=learned, no_no=not_learned)


def block(*rows, k=None):
    counted = [(list(row), 1) for row in rows]
    return block_of(counted, [1] * (k or len(rows[0])), units_per_point=1)


@pytest.mark.parametrize(
    ("n", "worth"),
    [(0, "not_shown"), (19, "not_shown"), (20, "indicative"), (99, "indicative"), (100, "firm")],
)
def test_item_statistics_are_worth_something_from_20_people(n, worth):
    assert judge_evidence(n) is Evidence(worth)


def test_items_nobody_moved_on_are_not_adjusted_for():
    found = transitions_of([moved(retained=3), moved(learned=5), moved(learned=4, lost=1)])
    assert found[0].reasons == dict.fromkeys(("p_holm", "p_bh"), Reason.NO_DISCORDANT)
    assert found[1].p_holm == pytest.approx(2 * 0.0625)
    assert found[2].p_bh == pytest.approx(0.375)


def test_a_test_of_one_item_has_no_alpha():
    assert (
        reliability_of(ItemSums.from_rows([([1], 2), ([0], 1)], 1, units_per_point=1)).reasons[
            "alpha"
        ]
        is Reason.N_TOO_SMALL
    )


def test_equal_totals_have_no_alpha():
    found = block([1, 0], [0, 1])
    assert found.reliability.reasons["alpha"] is Reason.ZERO_VARIANCE
    assert found.reliability.sd_total == 0


def test_one_person_has_a_mean_and_nothing_that_varies():
    found = block([1, 0])
    assert found.reliability.mean_total == 1
    assert set(found.reliability.reasons.values()) == {Reason.N_TOO_SMALL}
    assert found.items[0].reasons["corrected_item_total_r"] is Reason.N_TOO_SMALL
    assert found.items[0].reasons["moodle_discriminative_efficiency"] is Reason.N_TOO_SMALL
    assert found.items[0].upper_lower_27 == 0


def test_nobody_has_no_share_of_right_answers():
    found = block(k=2)
    assert (
        found.items[1].reasons["p"] is found.items[1].reasons["upper_lower_27"] is Reason.NO_PAIRS
    )


def test_an_item_worth_nothing_has_no_share():
    assert block_of([([0, 1], 3)], [0, 1], units_per_point=1).items[0].reasons["p"] is Reason.NO_MAX


def test_points_beyond_one_are_shares_of_the_items_maximum():
    found = block_of([([2, 0], 1), ([1, 1], 1)], [4, 1], units_per_point=1)
    assert [item.p for item in found.items] == [Fraction(3, 8), Fraction(1, 2)]


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="does not have 2 items"):
        ItemSums.from_rows([([1], 1)], 2)


def test_alpha_without_an_item_is_alpha_of_the_others():
    rows = [([1, 0, 1], 2), ([0, 0, 1], 1), ([1, 1, 1], 3), ([0, 1, 0], 2)]
    whole = ItemSums.from_rows(rows, 3)
    others = ItemSums.from_rows([([row[0], row[2]], n) for row, n in rows], 2)
    assert alpha_of(whole, without=1) == alpha_of(others)


@pytest.mark.parametrize(("n", "seats"), [(1, 1), (2, 1), (5, 1), (6, 2), (9, 2), (13, 4)])
def test_the_ends_hold_27_percent_and_at_least_one(n, seats):
    # One person per total; those with the highest totals have the item right.
    histogram = Counter({(int(total >= n - seats), total): 1 for total in range(n)})
    assert upper_lower(histogram, units_per_point=1) == (1 if n > 1 else 0)


def test_ties_at_the_cut_share_the_seats():
    # Four people, one seat at each end: two share the top one, half of them right.
    histogram = {(1, 3): 1, (0, 3): 1, (0, 1): 1, (0, 0): 1}
    assert upper_lower(histogram, units_per_point=1) == Fraction(1, 2)


def test_learning_types_need_somebody_and_two_options():
    assert set(learning_types(moved(), 4).reasons.values()) == {Reason.NO_PAIRS}
    one = learning_types(moved(learned=1), 1)
    assert one.positive == 1
    assert set(one.reasons.values()) == {Reason.N_TOO_SMALL}


def test_a_reliability_above_one_measures_nothing():
    found = reliable_change(1, 2, sd_pre=1, reliability=1.2)
    assert set(found.reasons.values()) == {Reason.ZERO_VARIANCE}


def test_a_change_of_exactly_the_limit_is_not_reliable():
    found = reliable_change(0, 1.959963984540054, sd_pre=1, reliability=0.5)
    assert found.s_diff == pytest.approx(1)
    assert found.reliable is (found.rci > 1.959963984540054)


@pytest.mark.parametrize(("k", "may"), [(19, False), (20, True)])
def test_a_reliable_change_is_offered_for_long_even_tests(k, may):
    even = ItemSums.from_rows([([1] * k, 2), ([0] * k, 2)], k)
    assert may_offer_reliable_change(reliability_of(even)) is may


def test_a_reliable_change_is_not_offered_for_uneven_tests():
    uneven = ItemSums.from_rows(
        [([1, 0] * 10, 1), ([0, 1] * 10, 1), ([1] + [1, 0] * 9 + [1], 1)], 20
    )
    assert reliability_of(uneven).alpha < 0.7
    assert not may_offer_reliable_change(reliability_of(uneven))
    flat = ItemSums.from_rows([([1] * 20, 3)], 20)
    assert not may_offer_reliable_change(reliability_of(flat))


def options_of(counts, rests=None, keys="A", n=40):
    rests = rests or {}
    sums = {name: OptionSums(count, rests.get(name, 0)) for name, count in counts.items()}
    rest = ScoreSums(n=n, total=sum(rests.values()), squares=sum(rests.values()))
    return option_figures(sums, rest, options="ABCD", keys=frozenset(keys))


def flags(movement, *, r=0.5, pre=(), post=(), keys="A"):
    return find_flags(
        movement, item_rest_r=r, options_pre=pre, options_post=post, keys=frozenset(keys)
    )


def test_options_say_why_they_correlate_with_nothing():
    few = options_of({"A": 1}, n=1)
    assert few[0].reasons["option_rest_r"] is Reason.N_TOO_SMALL
    assert options_of({}, n=0)[0].reasons["share"] is Reason.NO_PAIRS
    assert options_of({"A": 40})[0].reasons["option_rest_r"] is Reason.ZERO_VARIANCE


def test_the_key_is_never_called_non_functioning():
    found = options_of({"A": 0, "B": 1, "C": 2, "D": 37})
    assert [each.non_functioning for each in found] == [False, True, False, False]


def test_a_sound_item_raises_no_flag():
    assert flags(moved(retained=5, learned=10, lost=1, not_learned=4)) == []


def test_nobody_raises_no_flag():
    assert flags(moved(), r=-1.0) == []


@pytest.mark.parametrize(
    ("movement", "r", "raised"),
    [
        (moved(retained=10, learned=10), -0.01, ["check_key", "weak"]),
        (moved(retained=10, learned=10), 0.0, ["weak"]),
        (moved(retained=10, learned=10), 0.149, ["weak"]),
        (moved(retained=10, learned=10), 0.15, []),
        (moved(retained=10, learned=10), None, []),
        (moved(retained=18, not_learned=2), 0.5, ["no_room"]),
        (moved(retained=17, not_learned=3), 0.5, []),
        (moved(retained=3, not_learned=7), 0.5, ["still_hard"]),
        (moved(retained=4, not_learned=7), 0.5, []),
        (moved(retained=10, lost=3, learned=3), 0.5, ["lost"]),
        (moved(retained=10, lost=2), 0.5, ["no_room"]),
        (moved(retained=10, lost=3, learned=4), 0.5, []),
    ],
)
def test_flags_are_raised_at_their_limits(movement, r, raised):
    assert flags(movement, r=r) == [ItemFlag(each) for each in raised]


def test_an_item_of_few_options_is_still_hard_near_guessing():
    half = moved(retained=11, not_learned=9)
    two = options_of({"A": 20, "B": 20})[:2]
    assert flags(half, post=two) == [ItemFlag.STILL_HARD]
    assert flags(half) == []


def test_a_distractor_that_the_better_ones_chose_asks_for_the_key():
    post = options_of({"A": 20, "B": 20}, {"A": 4, "B": 16})
    assert ItemFlag.CHECK_KEY in flags(moved(retained=20, not_learned=20), post=post)
    turned = options_of({"A": 20, "B": 20}, {"A": 16, "B": 4})
    assert flags(moved(retained=20, not_learned=20), post=turned) == []


def test_below_forty_only_an_unused_distractor_is_dead():
    used = options_of({"A": 36, "B": 1, "C": 1, "D": 1}, n=39)
    assert flags(moved(retained=20, not_learned=19), pre=used) == []
    unused = options_of({"A": 37, "B": 1, "C": 1}, n=39)
    assert flags(moved(retained=20, not_learned=19), pre=unused) == [ItemFlag.DEAD_DISTRACTOR]


def test_from_forty_a_distractor_below_five_percent_is_dead():
    rare = options_of({"A": 33, "B": 1, "C": 3, "D": 3})
    assert flags(moved(retained=20, not_learned=20), pre=rare) == [ItemFlag.DEAD_DISTRACTOR]
    common = options_of({"A": 34, "B": 2, "C": 2, "D": 2})
    assert flags(moved(retained=20, not_learned=20), pre=common) == []


def test_a_distractor_that_the_better_ones_chose_before_is_dead():
    liked = options_of({"A": 20, "B": 10, "C": 5, "D": 5}, {"A": 5, "B": 9})
    assert flags(moved(retained=20, not_learned=20), pre=liked) == [ItemFlag.DEAD_DISTRACTOR]


def test_the_part_that_makes_a_distractor_dead_is_of_people_not_of_ticks():
    # 40 people, 9 of them do not know; two of them are 5 %.
    few = options_of({"A": 25, "B": 2, "C": 2, "D": 2})
    assert flags(moved(retained=20, not_learned=20), pre=few) == []
    one = options_of({"A": 26, "B": 1, "C": 2, "D": 2})
    assert flags(moved(retained=20, not_learned=20), pre=one) == [ItemFlag.DEAD_DISTRACTOR]
