"""The closing, whatever the way: early taps are never refused, and no lie helps for long."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.merging import Arrival, arrival

CLOSED_AT = datetime(2026, 2, 11, 10, 0, tzinfo=UTC)
NOTHING, DAY = timedelta(0), timedelta(days=1)
WAY = timedelta(seconds=20)  # what a phone waits for an answer before it sends again

ways = st.timedeltas(NOTHING, WAY)
waits = st.timedeltas(NOTHING, 3 * DAY)


def meet(*, tapped: timedelta, waited: timedelta, way: timedelta) -> Arrival:
    """An honest phone: tapped so long after the closing, sent after a wait, arrived after a way."""
    return arrival(now=CLOSED_AT + tapped + waited + way, age=waited, closed_at=CLOSED_AT)


@given(tapped=st.timedeltas(-DAY, NOTHING), waited=waits, way=ways)
def test_a_tap_before_the_close_is_refused_only_when_it_arrives_after_a_day(tapped, waited, way):
    came = meet(tapped=tapped, waited=waited, way=way)
    after_close = tapped + waited + way
    if after_close <= NOTHING:
        assert came is Arrival.IN_TIME
    else:
        assert came is (Arrival.LATE if after_close <= DAY else Arrival.REFUSED)


@given(tapped=st.timedeltas(WAY + timedelta(microseconds=1), DAY), waited=waits, way=ways)
def test_a_tap_later_than_a_way_after_the_close_is_never_taken(tapped, waited, way):
    assert meet(tapped=tapped, waited=waited, way=way) is Arrival.REFUSED


@given(
    after_close=st.timedeltas(timedelta(microseconds=1), 30 * DAY),
    age=st.timedeltas(-DAY, 30 * DAY),
)
def test_no_age_that_a_phone_may_claim_takes_an_answer_in_unflagged_or_after_a_day(
    after_close, age
):
    came = arrival(now=CLOSED_AT + after_close, age=age, closed_at=CLOSED_AT)
    assert came is not Arrival.IN_TIME
    if after_close > DAY:
        assert came is Arrival.REFUSED


@given(
    after_close=st.timedeltas(-DAY, 2 * DAY),
    age=st.timedeltas(NOTHING, 2 * DAY),
    more=st.timedeltas(NOTHING, DAY),
)
def test_an_older_tap_is_never_worse_off(after_close, age, more):
    now = CLOSED_AT + after_close
    if arrival(now=now, age=age, closed_at=CLOSED_AT) is not Arrival.REFUSED:
        assert arrival(now=now, age=age + more, closed_at=CLOSED_AT) is not Arrival.REFUSED
