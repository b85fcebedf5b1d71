"""Why a figure is undefined, and the edges of the statistics that no gold case shows."""

import math
import random
from dataclasses import dataclass, fields
from fractions import Fraction

import pytest

from app.core.distributions import fair_tosses, hedges_factor, normal_p, student_t_p
from app.core.effects import effects_of, sizes_of_many
from app.core.exact import as_fraction, common_units
from app.core.figures import Figures, Interval, Reason
from app.core.gains import PairSums, detectable_gain
from app.core.histograms import JointHistogram, median_of
from app.core.means import ScoreSums, contrast_of, mean_interval, mean_test
from app.core.normalised import hake_gain, personal_gains
from app.core.paired import paired_of
from app.core.proportions import (
    Movement,
    benjamini_hochberg,
    bonett_price,
    holm,
    mcnemar_midp,
    movement_figures,
    sign_test_p,
)
from app.core.ranks import signed_ranks

POINT = 2520


def pairs_of(*pairs, max_points=10):
    return PairSums.from_pairs(
        [(x * POINT, y * POINT) for x, y in pairs], max_units=max_points * POINT
    )


def histogram_of(*pairs, max_points=10):
    return JointHistogram.from_pairs(
        [(x * POINT, y * POINT) for x, y in pairs], max_units=max_points * POINT
    )


def scores_of(*points):
    return ScoreSums.of([each * POINT for each in points])


def reasons_but(figures, *defined):
    """The reason of every field but these, which are defined."""
    assert not set(defined) & set(figures.reasons)
    names = {each.name for each in fields(figures)} - {"reasons", *defined}
    assert set(figures.reasons) == names
    return set(figures.reasons.values())


@dataclass(frozen=True, kw_only=True)
class Two(Figures):
    first: int | None
    second: int | None


def test_a_reason_becomes_none_with_that_reason():
    two = Two.of(first=1, second=Reason.NO_MAX)
    assert (two.first, two.second) == (1, None)
    assert two.reasons == {"second": Reason.NO_MAX}
    assert two.without_reasons() == {"first": 1, "second": None}


@pytest.mark.parametrize(
    ("first", "reasons"),
    [(None, {}), (1, {"first": Reason.NO_MAX}), (1, {"third": Reason.NO_MAX})],
)
def test_none_without_a_reason_and_a_reason_without_none_are_refused(first, reasons):
    with pytest.raises(ValueError, match="reasons"):
        Two(reasons=reasons, first=first, second=2)


def test_an_interval_is_clipped_on_both_sides():
    assert Interval(-1.5, 0.5).clipped(-1, 1) == Interval(-1, 0.5)
    assert Interval(0.5, 1.5).clipped(-1, 1) == Interval(0.5, 1)


@pytest.mark.parametrize(
    ("number", "fraction"),
    [
        (1 / 3, Fraction(1, 3)),
        (0.1 + 0.2, Fraction(3, 10)),
        (0.30000001, Fraction(30000001, 100000000)),
        (0.123456789, Fraction(123456789, 10**9)),
        (0.1234567891, Fraction(123456789, 10**9)),
        (-7 / 9, Fraction(-7, 9)),
        (5, Fraction(5)),
        (Fraction(2, 7919), Fraction(2, 7919)),
    ],
)
def test_a_float_is_read_as_the_fraction_it_stands_for(number, fraction):
    assert as_fraction(number) == fraction


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_no_score_is_not_a_number(number):
    with pytest.raises(ValueError, match="no score"):
        as_fraction(number)


def test_numbers_share_the_largest_unit_that_fits_all():
    read = common_units([0.5, 1 / 3, 2])
    assert (read.units_per_point, read.units) == (6, (3, 2, 12))
    assert common_units([]).units_per_point == 1


def test_tiny_tails_keep_their_digits():
    assert student_t_p(40.0, 19) == pytest.approx(6.9246e-20, rel=1e-3)
    assert normal_p(-12.0) == pytest.approx(3.552964224155366e-33, rel=1e-12)
    assert student_t_p(0.001, 10**7) == pytest.approx(0.999202115592, rel=1e-11)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (0, 5), (2, 5), (5, 5), (600, 1200), (1200, 1200)])
def test_coins_are_counted_exactly(k, n):
    tail = fair_tosses(k, n)
    exactly = Fraction(math.comb(n, k), 2**n)
    at_most = Fraction(sum(math.comb(n, i) for i in range(k + 1)), 2**n)
    assert tail.exactly == pytest.approx(float(exactly), rel=1e-9)
    assert tail.at_most == pytest.approx(float(at_most), rel=1e-9)


def test_hedges_factor_goes_over_into_its_series_without_a_step():
    assert hedges_factor(2) == pytest.approx(math.sqrt(math.pi) ** -1, rel=1e-12)
    assert hedges_factor(5000) == pytest.approx(hedges_factor(5000.0001), rel=1e-9)
    assert hedges_factor(1e12) == pytest.approx(1.0, abs=1e-11)


@pytest.mark.parametrize(
    ("points", "reason"), [([], "n_too_small"), ([3], "n_too_small"), ([3, 3], "zero_variance")]
)
def test_a_mean_has_no_margin_when_nothing_varies(points, reason):
    assert mean_interval(scores_of(*points)) == reason
    assert reasons_but(mean_test(scores_of(*points))) == {reason}


def test_a_mean_of_nobody_has_a_reason_and_a_variance_of_equals_is_0():
    assert scores_of().mean is Reason.NO_PAIRS
    assert scores_of(4).variance is Reason.N_TOO_SMALL
    assert scores_of(4, 4, 4).variance == 0
    assert scores_of(1, 2) + scores_of(3) == scores_of(1, 2, 3)


@pytest.mark.parametrize(
    ("first", "second", "defined", "reasons"),
    [
        ([], [1], (), {"no_pairs", "n_too_small"}),
        ([1, 2], [1], ("diff",), {"n_too_small"}),
        ([2, 2], [1, 1], ("diff",), {"zero_variance"}),
    ],
)
def test_a_contrast_says_why_it_tests_nothing(first, second, defined, reasons):
    assert reasons_but(contrast_of(scores_of(*first), scores_of(*second)), *defined) == reasons


def test_a_contrast_needs_only_one_group_that_varies():
    contrast = contrast_of(scores_of(2, 2), scores_of(1, 3, 5))
    assert not contrast.reasons
    assert contrast.df == pytest.approx(2.0)


def test_effect_sizes_say_why_they_are_undefined():
    always = ("sd_pre", "sd_post", "sd_gain")
    assert reasons_but(effects_of(pairs_of())) == {"n_too_small"}
    assert reasons_but(effects_of(pairs_of((1, 2)))) == {"n_too_small"}
    two = effects_of(pairs_of((1, 2), (3, 5)))
    assert reasons_but(two, *always, "r_pre_post", "d_z") == {"n_too_small"}
    flat = effects_of(pairs_of((4, 5), (4, 7), (4, 8)))
    assert reasons_but(flat, *always, "d_z") == {"zero_variance"}
    shifted = effects_of(pairs_of((1, 3), (2, 4), (5, 7)))
    assert shifted.reasons == dict.fromkeys(("d_z", "d_rm"), Reason.ZERO_VARIANCE)
    still = effects_of(pairs_of((1, 1), (2, 2), (5, 5)))
    assert (still.g_av, still.g_av_se) == (0, 0)
    assert set(still.reasons) == {"d_z", "d_rm", "g_av_ci_low", "g_av_ci_high"}


def test_r_is_exactly_one_on_a_line():
    assert effects_of(pairs_of((0, 1), (1, 4), (2, 7))).r_pre_post == 1
    assert effects_of(pairs_of((0, 7), (1, 4), (2, 1))).r_pre_post == -1


def test_hakes_gain_says_why_it_is_undefined():
    assert reasons_but(hake_gain(pairs_of((1, 2), max_points=0))) == {"no_max"}
    assert reasons_but(hake_gain(pairs_of())) == {"no_pairs"}
    assert reasons_but(hake_gain(pairs_of((10, 9), (10, 10)))) == {"pre_at_ceiling"}
    assert reasons_but(hake_gain(pairs_of((4, 7))), "hake_g_of_averages") == {"n_too_small"}
    even = hake_gain(pairs_of((4, 7), (4, 7)))
    assert reasons_but(even, "hake_g_of_averages") == {"zero_variance"}


def test_personal_gains_say_why_they_are_undefined():
    counts = ("n_at_ceiling_pre", "n_individual_gain", "n_c")
    assert reasons_but(personal_gains(histogram_of()), *counts) == {"no_pairs"}
    without = personal_gains(histogram_of((1, 2), max_points=0))
    assert reasons_but(without, *counts) == {"no_max"}
    assert without.n_at_ceiling_pre == 0
    top = personal_gains(histogram_of((10, 10), (10, 10)))
    assert reasons_but(top, *counts) == {"pre_at_ceiling"}
    one = personal_gains(histogram_of((0, 5)))
    assert one.reasons == {"sd_c": Reason.N_TOO_SMALL}
    assert (one.mean_individual_gain, one.mean_c) == (0.5, 0.5)


def test_c_drops_who_stayed_at_the_floor_or_the_ceiling():
    found = personal_gains(histogram_of((0, 0), (10, 10), (5, 5), (5, 10), (10, 5)))
    assert (found.n_c, found.mean_c) == (3, pytest.approx((0 + 1 - 0.5) / 3))


def test_ranks_of_nothing_but_zeros_are_no_change():
    assert reasons_but(signed_ranks({0: 4}), "n_zero") == {"no_change"}
    assert reasons_but(signed_ranks({}), "n_zero") == {"no_change"}
    assert signed_ranks({0: 3, 5: 0}).n_zero == 3


def test_one_pair_has_an_exact_p_and_no_normal_one():
    one = signed_ranks({7: 1})
    assert one.p_wilcoxon_exact_pratt == 1
    assert set(one.reasons.values()) == {Reason.N_TOO_SMALL}
    assert "z_wilcoxon_asym_pratt" in one.reasons


@pytest.mark.parametrize(("n", "is_exact"), [(200, True), (201, False)])
def test_the_exact_p_ends_at_200_pairs_zeros_among_them(n, is_exact):
    found = signed_ranks({0: n - 3, 1: 2, -2: 1})
    assert (found.p_wilcoxon_exact_pratt is not None) is is_exact
    assert found.reasons.get("p_wilcoxon_exact_wilcox") == (None if is_exact else "n_too_large")


def test_the_exact_p_of_two_hundred_risers_is_two_in_two_to_the_two_hundred():
    assert signed_ranks({1: 200}).p_wilcoxon_exact_pratt == pytest.approx(2.0**-199, rel=1e-12)


def test_the_continuity_correction_stops_at_the_middle():
    assert signed_ranks({1: 2, -1: 2}).p_wilcoxon_asym_wilcox_cc == 1
    # W+ = 2 of 3, half a rank from its expectation: the correction takes all of it.
    assert signed_ranks({2: 1, -1: 1}).p_wilcoxon_asym_wilcox_cc == 1


def test_nobody_moved_has_a_reason():
    still = movement_figures(Movement(yes_yes=3, yes_no=0, no_yes=0, no_no=1))
    assert set(still.reasons) == {"p_exact", "p_midp", "p_asymptotic"}
    assert set(still.reasons.values()) == {Reason.NO_DISCORDANT}
    nobody = movement_figures(Movement(yes_yes=0, yes_no=0, no_yes=0, no_no=0))
    assert nobody.reasons["diff"] is Reason.NO_PAIRS
    assert bonett_price(Movement(yes_yes=0, yes_no=0, no_yes=0, no_no=0)) is Reason.NO_PAIRS
    assert sign_test_p(0, 0) is mcnemar_midp(0, 0) is Reason.NO_DISCORDANT


def test_nobody_is_counted_less_than_never():
    with pytest.raises(ValueError, match="less than never"):
        Movement(yes_yes=0, yes_no=-1, no_yes=0, no_no=0)
    with pytest.raises(ValueError, match="less than nobody"):
        JointHistogram(cells={(0, 0): -1}, max_units=10)


def test_the_interval_of_a_movement_stays_within_one():
    assert bonett_price(Movement(yes_yes=0, yes_no=0, no_yes=1, no_no=0)).high == 1
    assert bonett_price(Movement(yes_yes=0, yes_no=1, no_yes=0, no_no=0)).low == -1


def test_holm_and_bh_keep_the_order_and_share_ties():
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert benjamini_hochberg([0.04, 0.01, 0.03]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.5, 0.5]) == [1, 1]
    assert benjamini_hochberg([0.5, 0.5]) == [0.5, 0.5]
    assert holm([]) == benjamini_hochberg([]) == []


def test_medians_are_exact_and_take_the_middle_of_two():
    assert median_of({}) is Reason.NO_PAIRS
    assert median_of({1: 1, 2: 2, 9: 1}) == 2
    assert median_of({1: 2, 2: 2}) == Fraction(3, 2)
    assert median_of({5: 0, 7: 1}, units_per_point=2) == Fraction(7, 2)


def test_a_score_equal_to_the_pass_mark_has_passed():
    moved = histogram_of((6, 7), (7, 6), (7, 7), (1, 2)).movement(7 * POINT)
    assert moved == Movement(yes_yes=1, yes_no=1, no_yes=1, no_no=1)


def test_without_a_pass_mark_there_is_no_movement():
    assert paired_of(histogram_of((1, 2))).movement is None
    assert paired_of(histogram_of((1, 2)), pass_units=0).movement.yes_yes == 1


def test_units_of_another_size_give_the_same_points():
    thirds = PairSums.from_pairs([(1, 2), (0, 2)], max_units=3, units_per_point=3)
    assert thirds.gains().mean == Fraction(1, 2)
    with pytest.raises(ValueError, match="one form version"):
        thirds + PairSums.from_pairs([], max_units=3)


def test_the_detectable_gain_of_22_pairs_is_9_points():
    # t(.975, 21) = 2.079614, t(.80, 21) = 0.859074: tables of Student's t
    assert detectable_gain(22) == pytest.approx((2.079614 + 0.859074) * 15 / 22**0.5, abs=1e-5)
    assert detectable_gain(2, 1.0) == pytest.approx((12.706205 + 1.376382) / 2**0.5, abs=1e-5)
    assert detectable_gain(1) is None


def test_many_effect_sizes_at_once_are_those_of_each() -> None:
    chance = random.Random(11)
    rooms = [
        [(chance.randint(0, 9), chance.randint(2, 10)) for _ in range(chance.choice((3, 8, 25)))]
        for _ in range(40)
    ]
    # Left out: two people, a pre-test that does not vary, and gains that are all the same and 0.
    rooms += [[(1, 2), (3, 5)], [(4, 5), (4, 7), (4, 8)], [(1, 1), (2, 2), (5, 5)]]
    rooms += [[(k % 7, 3 + k % 5) for k in range(6000)]]  # where J(m) is a series
    sums = [pairs_of(*room) for room in rooms]
    found = sizes_of_many([(s.n, s.sx, s.sy, s.sxx, s.syy, s.sxy) for s in sums])
    alone = [effects_of(each) for each in sums]
    told = [place for place, each in enumerate(alone) if each.g_av is not None and each.g_av_se]
    assert found.places == told
    assert not {40, 41, 42} & set(told)
    assert found.sizes == pytest.approx([alone[place].g_av for place in told], rel=1e-12)
    errors = [(alone[place].g_av_se or 0) ** 2 for place in told]
    assert found.variances == pytest.approx(errors, rel=1e-9)
    assert sizes_of_many([]).sizes == ()


def test_many_effect_sizes_of_huge_sums_do_not_overflow() -> None:
    huge = [(s.n, s.sx * 10**7, s.sy * 10**7, s.sxx * 10**14, s.syy * 10**14, s.sxy * 10**14)
            for s in (pairs_of((1, 4), (2, 4), (5, 6), (3, 9)),)]  # fmt: skip
    usual = effects_of(pairs_of((1, 4), (2, 4), (5, 6), (3, 9)))
    assert sizes_of_many(huge).sizes == pytest.approx([usual.g_av], rel=1e-12)
