"""The gain of pairs, against cases computed by R and the edges where nothing is defined."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from app.core.gains import ChangeCounts, Interval, PairSums, Reason, gain_of, wilson

CASES = Path(__file__).parents[1] / "golden" / "cases"
GOLD = [
    "03_workshop_n20",
    "04_zero_variance_gain",
    "05_zero_variance_all",
    "07_no_change",
    "09_edge_n0",
    "10_edge_n1",
    "11_edge_n2",
]


def gold_case(name):
    case = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    pairs = [
        (pre * 2520, post * 2520)
        for pre, post in zip(case["data"]["pre"], case["data"]["post"], strict=True)
    ]
    return pairs, case["data"]["max_score"] * 2520, case["expected"]


def workshop_of_twenty():
    pairs, max_units, _ = gold_case("03_workshop_n20")
    return PairSums.from_pairs(pairs, max_units=max_units)


def close_to(expected):
    return expected if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9)


def low_and_high(interval):
    return (None, None) if interval is None else (interval.low, interval.high)


@pytest.mark.parametrize("name", GOLD)
def test_the_gain_is_the_one_r_computes(name):
    pairs, max_units, expected = gold_case(name)
    gain = gain_of(PairSums.from_pairs(pairs, max_units=max_units))
    assert gain.n == expected["n_pairs"]
    for field in ("mean_pre", "mean_post", "mean_gain", "pct_mean_pre", "pct_mean_post", "gain_pp"):
        assert getattr(gain, field) == close_to(expected[field]), field
    assert gain.sd_gain == close_to(expected["sd_gain"])
    assert low_and_high(gain.interval) == (
        close_to(expected["ci95_low"]),
        close_to(expected["ci95_high"]),
    )


@pytest.mark.parametrize("name", GOLD)
def test_the_counts_and_their_interval_are_the_ones_r_computes(name):
    pairs, _, expected = gold_case(name)
    counts = ChangeCounts.from_pairs(pairs)
    assert counts.n == expected["n_pairs"]
    assert counts.improved == expected["n_improved"]
    assert counts.same == expected["n_same"]
    assert counts.declined == expected["n_declined"]
    assert counts.share_improved == close_to(expected["p_improved"])
    assert low_and_high(counts.share_improved_interval) == (
        close_to(expected["p_improved_wilson_low"]),
        close_to(expected["p_improved_wilson_high"]),
    )


def test_means_are_exact_fractions_of_points():
    gain = gain_of(workshop_of_twenty())
    assert gain.mean_gain == Fraction(9, 5)
    assert gain.gain_pp == Fraction(18)
    assert isinstance(gain.gain_pp, Fraction)


def test_the_interval_in_percentage_points_is_the_one_in_points_over_the_maximum():
    gain = gain_of(workshop_of_twenty())
    assert gain.interval_pp.low == pytest.approx(11.4513181608666, rel=1e-12)
    assert gain.interval_pp.high == pytest.approx(24.5486818391334, rel=1e-12)
    assert gain.interval_reason is None


def test_no_pairs_define_nothing():
    gain = gain_of(PairSums.from_pairs([], max_units=25_200))
    assert gain.means_reason is Reason.NO_PAIRS
    assert gain.percent_reason is Reason.NO_PAIRS
    assert gain.sd_reason is Reason.N_TOO_SMALL
    assert gain.interval_reason is Reason.N_TOO_SMALL
    assert gain.interval_pp is None


def test_one_pair_has_a_gain_and_no_margin():
    gain = gain_of(PairSums.from_pairs([(2520, 5040)], max_units=25_200))
    assert gain.gain_pp == 10
    assert gain.means_reason is None
    assert gain.sd_gain is None
    assert gain.sd_reason is Reason.N_TOO_SMALL
    assert gain.interval_reason is Reason.N_TOO_SMALL


def test_equal_gains_have_no_margin_of_error():
    gain = gain_of(PairSums.from_pairs([(0, 840), (840, 1680), (1680, 2520)], max_units=2520))
    assert gain.sd_gain == 0.0
    assert gain.sd_reason is None
    assert gain.interval is None
    assert gain.interval_pp is None
    assert gain.interval_reason is Reason.ZERO_VARIANCE


def test_without_a_maximum_there_are_points_and_no_percentages():
    gain = gain_of(PairSums.from_pairs([(-2520, 2520), (0, 2520)], max_units=0))
    assert gain.mean_gain == Fraction(3, 2)
    assert gain.gain_pp is None
    assert gain.percent_reason is Reason.NO_MAX
    assert gain.interval is not None
    assert gain.interval_pp is None
    assert gain.interval_reason is None


def test_counts_are_handed_through_when_they_count_the_same_pairs():
    counts = ChangeCounts(improved=15, same=4, declined=1)
    assert gain_of(workshop_of_twenty(), counts=counts).counts == counts
    assert gain_of(workshop_of_twenty()).counts is None


def test_counts_of_other_pairs_are_refused():
    with pytest.raises(ValueError, match="counts of 3 pairs beside sums of 20"):
        gain_of(workshop_of_twenty(), counts=ChangeCounts(improved=1, same=1, declined=1))


def test_the_smallest_unit_up_or_down_counts():
    assert ChangeCounts.from_pairs([(0, 1), (3, 2), (7, 5), (4, 4)]) == ChangeCounts(
        improved=1, same=1, declined=2
    )


def test_sums_add_up_and_are_taken_apart_again():
    first = PairSums.from_pairs([(1, 2), (3, 5)], max_units=10)
    second = PairSums.from_pairs([(4, 4)], max_units=10)
    both = PairSums(n=3, sx=8, sy=11, sxx=26, syy=45, sxy=33, max_units=10)
    assert first + second == both
    assert both.without(second) == first
    assert both.without(both) == PairSums.from_pairs([], max_units=10)


def test_points_of_two_form_versions_are_never_pooled():
    ten, twenty = (PairSums.from_pairs([], max_units=units) for units in (10, 20))
    with pytest.raises(ValueError, match="one form version"):
        ten + twenty
    with pytest.raises(ValueError, match="one form version"):
        ten.without(twenty)


@pytest.mark.parametrize("pair", [(-1, 0), (0, 11)])
def test_a_score_outside_the_form_is_refused(pair):
    with pytest.raises(ValueError, match=r"outside 0\.\.10 units"):
        PairSums.from_pairs([pair], max_units=10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": -1},
        {"max_units": -1},
        {"n": 0},
        {"sx": 5},
        {"sy": 8},
        {"sxy": 10},
        {"sxy": 18},
        {"n": 0, "sx": 0, "sy": 0, "sxx": 0, "syy": 0},
        {"n": 0, "sx": 0, "sy": 0, "sxy": 0},
        {"n": 0, "sx": 0, "sy": 0, "sxx": 0, "sxy": 0},
    ],
)
def test_sums_that_no_pairs_can_have_are_refused(wrong):
    possible = {"n": 2, "sx": 4, "sy": 7, "sxx": 10, "syy": 29, "sxy": 17, "max_units": 10}
    assert PairSums(**possible) == PairSums.from_pairs([(1, 2), (3, 5)], max_units=10)
    with pytest.raises(ValueError, match="no pairs have these sums"):
        PairSums(**possible | wrong)


def test_taking_away_what_was_never_added_is_refused():
    one = PairSums.from_pairs([(1, 2)], max_units=10)
    two = PairSums.from_pairs([(1, 2), (3, 5)], max_units=10)
    with pytest.raises(ValueError, match="no pairs have these sums"):
        one.without(two)


def test_the_variance_is_exact_where_floats_break_ties():
    # In tenths of a point 0.4 - 0.1 and 0.6 - 0.3 differ as floats.
    sums = PairSums.from_pairs([(252, 1008), (756, 1512)], max_units=2520)
    assert sums.variance_of_gains() == 0


def test_no_share_has_no_interval():
    assert wilson(0, 0) is None


def test_wilson_ends_exactly_at_none_and_at_all():
    assert wilson(0, 6).low == 0.0
    assert wilson(6, 6).high == 1.0


@pytest.mark.parametrize(("count", "n"), [(-1, 5), (6, 5)])
def test_a_share_of_more_than_all_is_refused(count, n):
    with pytest.raises(ValueError, match="is not a share"):
        wilson(count, n)


def test_an_interval_changes_its_unit():
    assert Interval(-1.0, 2.0).scaled(10) == Interval(-10.0, 20.0)


def test_the_reasons_are_the_agreed_codes():
    assert [str(reason) for reason in Reason] == [
        "n_too_small",
        "n_too_large",
        "no_pairs",
        "zero_variance",
        "no_max",
        "pre_at_ceiling",
        "no_change",
        "no_discordant",
        "suppressed",
    ]
