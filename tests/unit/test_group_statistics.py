"""Attrition, groups, pooled workshops, questionnaires: why undefined, and what is decided."""

import pytest

from app.core.attrition import (
    AttritionSums,
    Completion,
    adjusted_gain,
    attrition_of,
    judge_completion,
    leavers_differ,
    needs_adjusted_gain,
)
from app.core.figures import Reason
from app.core.gains import PairSums
from app.core.groups import ancova, gain_contrasts, welch_anova
from app.core.heterogeneity import Heterogeneity
from app.core.means import ScoreSums, contrast_of
from app.core.pooling import (
    Estimates,
    WorkshopSums,
    cluster_interval,
    estimates_of,
    pool_people,
    random_effects,
    spread_of,
)
from app.core.questionnaires import agreement_of, recommendation_of
from app.core.retrospective import retrospective_of

POINT = 2520


def sums_of(*scores):
    return AttritionSums.from_scores(
        [tuple(None if each is None else each * POINT for each in pair) for pair in scores]
    )


def group(*pairs):
    return PairSums.from_pairs([(x * POINT, y * POINT) for x, y in pairs], max_units=0)


def gains(*points):
    return ScoreSums.of([each * POINT for each in points])


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ([(1, 2), (2, 3), (4, None)], "n_too_small"),
        ([(1, 2), (1, 3), (1, 5), (4, None)], "zero_variance"),
        ([(1, 2), (2, 3), (3, 5)], "no_change"),
    ],
)
def test_the_adjusted_gain_says_why_it_is_undefined(scores, reason):
    found = adjusted_gain(sums_of(*scores))
    assert set(found.reasons.values()) == {reason}
    assert found.adjusted_gain is None


def test_leavers_like_everybody_leave_the_gain_without_an_interval_when_all_is_explained():
    found = adjusted_gain(sums_of((1, 2), (2, 3), (3, 4), (4, None)))
    assert (found.adjusted_gain, found.adjusted_gain_se) == (1, 0)
    assert found.reasons == dict.fromkeys(
        ("adjusted_gain_ci_low", "adjusted_gain_ci_high"), Reason.ZERO_VARIANCE
    )


def test_nobody_at_all_has_counts_and_reasons():
    found = attrition_of(sums_of((None, None), (None, 4)))
    assert (found.n_registered, found.n_pre, found.n_post, found.n_post_only) == (2, 0, 1, 1)
    assert found.reasons["completion_rate"] is Reason.NO_PAIRS


@pytest.mark.parametrize(
    ("paired", "pre", "judged"),
    [
        (0, 0, Completion.NOT_EVERYBODY),
        (8, 10, Completion.FINE),
        (79, 100, Completion.WITH_CARE),
        (6, 10, Completion.WITH_CARE),
        (59, 100, Completion.NOT_EVERYBODY),
    ],
)
def test_completion_is_judged_by_its_share(paired, pre, judged):
    assert judge_completion(paired, pre) is judged


@pytest.mark.parametrize(
    ("pairs", "leavers", "is_needed"),
    [(9, 5, False), (10, 1, False), (10, 2, True), (90, 10, True)],
)
def test_the_adjusted_gain_stands_beside_from_ten_pairs_and_a_tenth_of_leavers(
    pairs, leavers, is_needed
):
    scores = [(1, 2)] * pairs + [(3, None)] * leavers
    assert needs_adjusted_gain(sums_of(*scores)) is is_needed


def test_leavers_differ_by_size_or_by_an_interval_without_zero():
    far = contrast_of(gains(5, 6, 7), gains(1, 2, 3))
    alike = contrast_of(gains(*range(100), 50), gains(*range(100), 49))
    assert leavers_differ(far, 3)
    assert not leavers_differ(alike, 101)
    wide = contrast_of(gains(*[0, 10] * 400, 5), gains(*[1, 11] * 400, 5))
    assert abs(wide.hedges_g) < 0.25
    assert leavers_differ(wide, 801)
    assert not leavers_differ(wide, 4)
    assert not leavers_differ(contrast_of(gains(5), gains(1)), 1)


def test_one_group_is_compared_with_nobody():
    only = {"F": group((1, 2), (3, 5), (4, 4))}
    assert gain_contrasts(only) == []
    assert set(welch_anova(only).reasons.values()) == {Reason.N_TOO_SMALL}
    found = ancova(only)
    assert (found.reference, found.contrasts, found.df_residual) == ("F", (), 1)
    assert found.reasons["f_group"] is found.reasons["f_interaction"] is Reason.N_TOO_SMALL


def test_no_group_at_all_has_no_reference():
    found = ancova({})
    assert found.reasons["reference"] is Reason.NO_PAIRS
    assert welch_anova({}).reasons["f"] is Reason.N_TOO_SMALL


def test_equal_gains_in_a_group_leave_welch_without_weights():
    found = welch_anova({"F": group((1, 2), (2, 3)), "M": group((1, 2), (3, 5))})
    assert set(found.reasons.values()) == {Reason.ZERO_VARIANCE}


def test_without_spread_within_groups_there_is_no_line():
    found = ancova({"F": group((1, 2), (1, 3)), "M": group((5, 6), (5, 8))})
    assert found.reasons["slope_pre"] is found.reasons["df_residual"] is Reason.ZERO_VARIANCE
    assert set(found.contrasts[0].reasons.values()) == {Reason.ZERO_VARIANCE}
    assert found.reasons["f_interaction"] is Reason.ZERO_VARIANCE


def test_without_a_degree_of_freedom_there_is_a_difference_and_no_test():
    found = ancova({"F": group((1, 2), (2, 4)), "M": group((5, 6))})
    assert found.df_residual == 0
    assert found.contrasts[0].adjusted_difference == pytest.approx(-4)
    assert set(found.contrasts[0].reasons.values()) == {Reason.N_TOO_SMALL}


def test_a_perfect_line_leaves_nothing_to_test_with():
    found = ancova({"F": group((1, 2), (2, 3), (3, 4)), "M": group((1, 3), (2, 4), (5, 7))})
    assert found.contrasts[0].se == 0
    assert set(found.contrasts[0].reasons.values()) == {Reason.ZERO_VARIANCE}
    assert found.reasons["f_group"] is found.reasons["f_interaction"] is Reason.ZERO_VARIANCE


def test_two_workshops_are_listed_not_pooled():
    two = Estimates([1.0, 2.0], [0.5, 0.5])
    assert set(spread_of(two).reasons.values()) == {Reason.N_TOO_SMALL}
    assert set(random_effects(two).reasons.values()) == {Reason.N_TOO_SMALL}


@pytest.mark.parametrize("method", list(Heterogeneity))
def test_equal_means_have_no_plain_knapp_hartung_interval(method):
    found = random_effects(Estimates([0.1, 0.1, 0.1], [0.5, 0.7, 0.3]), method)
    assert (found.tau2, found.mu) == (0, 0.1)
    assert found.reasons == {"ci_hksj": Reason.ZERO_VARIANCE}
    assert spread_of(Estimates([0.1, 0.1, 0.1], [0.5, 0.7, 0.3])).i2 == 0


@pytest.mark.parametrize(
    ("means", "variances"), [([1.0], [0.0]), ([1.0], [-1.0]), ([1.0, 2.0], [1.0])]
)
def test_an_estimate_without_weight_is_refused(means, variances):
    with pytest.raises(ValueError, match="variance above 0"):
        Estimates(means, variances)


def test_the_higher_of_two_peaks_of_the_likelihood_counts():
    # Precise workshops agree on 0, vague ones lie far off: the slope at 0 falls, yet the
    # likelihood is higher far out.
    found = random_effects(
        Estimates([0.0, 0.02, 9.0, -8.0, 7.0, -9.0], [1e-4, 1e-4, 4.0, 4.0, 4.0, 4.0]),
        Heterogeneity.REML,
    )
    assert found.tau2 > 10


def test_small_and_even_workshops_stay_out_of_the_estimates_and_in_the_people():
    workshops = WorkshopSums.of(
        [gains(1, 2, 3, 4, 5), gains(1, 2, 3, 4), gains(2, 2, 2, 2, 2), ScoreSums.of([])]
    )
    assert estimates_of(workshops) == Estimates([3.0], [0.5])
    assert pool_people(workshops).n_total == 14


def test_nobody_and_one_workshop_pool_to_reasons():
    nobody = pool_people(WorkshopSums.of([]))
    assert nobody.reasons["pooled_mean_gain"] is Reason.NO_PAIRS
    one = pool_people(WorkshopSums.of([gains(1, 2, 3)]))
    assert one.reasons["pooled_cluster_se_cr1"] is one.reasons["icc_anova"] is Reason.N_TOO_SMALL
    rooms = WorkshopSums.of([gains(1, 2, 3), gains(2, 5), gains(0, 4, 4, 1)])
    assert cluster_interval(rooms) == pool_people(rooms).pooled_cluster_ci
    assert cluster_interval(WorkshopSums.of([gains(1, 2, 3)])) is Reason.N_TOO_SMALL
    even = pool_people(WorkshopSums.of([gains(2, 2), gains(2, 2)]))
    assert even.pooled_cluster_se_cr1 == 0
    assert even.reasons["pooled_cluster_ci"] is even.reasons["icc_anova"] is Reason.ZERO_VARIANCE


def test_columns_too_large_for_64_bits_give_the_same_figures():
    small = [gains(1, 2, 3, 4, 6), gains(2, 2, 5, 5, 1), gains(0, 1, 1, 3, 9)]
    large = [
        ScoreSums(
            n=each.n,
            total=each.total * 10**15,
            squares=each.squares * 10**30,
            units_per_point=POINT * 10**15,
        )
        for each in small
    ]
    few, many = WorkshopSums.of(small), WorkshopSums.of(large)
    assert estimates_of(many).means == pytest.approx(estimates_of(few).means)
    assert estimates_of(many).variances == pytest.approx(estimates_of(few).variances)
    assert pool_people(many).pooled_cluster_se_cr1 == pytest.approx(
        pool_people(few).pooled_cluster_se_cr1
    )


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        WorkshopSums([1], [1, 2], [1])


@pytest.mark.parametrize("answer", [-1, 11])
def test_a_recommendation_outside_0_to_10_is_refused(answer):
    with pytest.raises(ValueError, match=r"outside 0\.\.10"):
        recommendation_of([answer])


@pytest.mark.parametrize("answer", [0, 6])
def test_an_agreement_outside_the_scale_is_refused(answer):
    with pytest.raises(ValueError, match=r"outside 1\.\.5"):
        agreement_of([answer], 5)


def test_the_bounds_of_the_net_promoter_groups():
    found = recommendation_of([0, 6, 7, 8, 9, 10])
    assert (found.promoters, found.passives, found.detractors) == (2, 2, 2)
    assert set(recommendation_of([]).reasons.values()) == {Reason.NO_PAIRS}


def test_blanks_are_counted_and_in_no_share():
    found = agreement_of([None, 5, 4, 1, None], 5)
    assert (found.n, found.missing, found.counts) == (3, 2, (1, 0, 0, 1, 1))
    assert float(found.top2) == pytest.approx(2 / 3)
    assert set(agreement_of([None], 5).reasons.values()) == {Reason.NO_PAIRS}


def test_a_rating_that_is_missing_is_in_no_contrast():
    found = retrospective_of([3, None, 2], [2, 1, None], [4, 4, 4], units_per_point=1)
    assert found.traditional.changes.n == 2
    assert found.retrospective.changes.n == 2
    assert found.response_shift.changes.n == 1
    assert (found.median_pre, found.median_then, found.median_post) == (2.5, 1.5, 4)


def test_ratings_of_different_numbers_of_people_are_refused():
    with pytest.raises(ValueError, match="zip"):
        retrospective_of([1], [1, 2], [1])
