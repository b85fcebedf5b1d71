"""Gains are bounded, additive and independent of order."""

from fractions import Fraction
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.gains import ChangeCounts, PairSums, gain_of, wilson

MAX_UNITS = 25_200
scores = st.integers(0, MAX_UNITS)
groups = st.lists(st.tuples(scores, scores), max_size=30)


def sums_of(pairs):
    return PairSums.from_pairs(pairs, max_units=MAX_UNITS)


@given(groups, groups)
def test_two_groups_add_up_to_the_group_of_all(first, second):
    assert sums_of(first) + sums_of(second) == sums_of(first + second)
    assert sums_of(first + second).without(sums_of(second)) == sums_of(first)


@given(groups.flatmap(lambda pairs: st.tuples(st.just(pairs), st.permutations(pairs))))
def test_the_order_of_the_pairs_never_matters(pairs_and_shuffled):
    pairs, shuffled = pairs_and_shuffled
    assert gain_of(sums_of(pairs)) == gain_of(sums_of(shuffled))


@given(groups.filter(bool))
def test_no_gain_is_beyond_a_hundred_points(pairs):
    gain = gain_of(sums_of(pairs))
    assert -100 <= gain.gain_pp <= 100
    assert gain.gain_pp == gain.pct_mean_post - gain.pct_mean_pre


@given(groups.filter(lambda pairs: len(pairs) > 1))
def test_the_margin_surrounds_the_gain_unless_all_gained_the_same(pairs):
    gain = gain_of(sums_of(pairs))
    gains = [Fraction(post - pre, 2520) for pre, post in pairs]
    assert gain.sd_gain == pytest.approx(float(stdev(gains)), rel=1e-9, abs=1e-12)
    if len(set(gains)) == 1:
        assert gain.interval is None
        assert gain.sd_gain == 0
    else:
        assert gain.interval.low < gain.mean_gain < gain.interval.high


@given(groups)
def test_the_same_pairs_turned_around_lose_what_they_gained(pairs):
    forth, back = gain_of(sums_of(pairs)), gain_of(sums_of([(y, x) for x, y in pairs]))
    assert (forth.mean_gain or 0) == -(back.mean_gain or 0)
    assert forth.sd_gain == back.sd_gain


@given(groups)
def test_everybody_goes_up_down_or_stays(pairs):
    assert ChangeCounts.from_pairs(pairs).n == len(pairs)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_lies_between_none_and_all_and_holds_the_share(count_and_n):
    count, n = count_and_n
    interval = wilson(count, n)
    assert 0 <= interval.low <= count / n <= interval.high <= 1
