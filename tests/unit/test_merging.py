"""One operation at a time: which stands, which is kept beside it, which comes too late."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.errors import OperationConflict
from app.core.merging import (
    TRAVEL,
    Arrival,
    Operation,
    Verdict,
    arrival,
    decide,
    is_tapped_before_close,
    replay,
)

CLOSED_AT = datetime(2026, 2, 11, 10, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def operation(operation_id="op-1", item="q1", revision=1, device="phone-a", content='["A"]'):
    return Operation(
        operation_id=operation_id, item=item, revision=revision, device=device, content=content
    )


def standing(operation_id="op-0", revision=5, device="phone-b", content='["B"]'):
    return operation(operation_id, revision=revision, device=device, content=content)


def test_the_first_operation_of_an_item_stands():
    assert decide(known=None, standing=None, incoming=operation()) is Verdict.STORE_AS_CURRENT


@pytest.mark.parametrize(
    ("revision", "device", "operation_id", "verdict"),
    [
        (6, "phone-a", "op-1", Verdict.STORE_AS_CURRENT),
        (4, "phone-z", "op-1", Verdict.STORE_AS_OLDER),
        (5, "phone-c", "op-1", Verdict.STORE_AS_CURRENT),
        (5, "phone-a", "op-1", Verdict.STORE_AS_OLDER),
        (5, "phone-b", "op-1", Verdict.STORE_AS_CURRENT),
        (5, "phone-b", "op-", Verdict.STORE_AS_OLDER),
        (10, "phone-a", "op-", Verdict.STORE_AS_CURRENT),
    ],
)
def test_the_highest_revision_stands_then_the_device_then_the_id(
    revision, device, operation_id, verdict
):
    incoming = operation(operation_id, revision=revision, device=device)
    assert decide(known=None, standing=standing(), incoming=incoming) is verdict


def test_the_same_operation_again_is_the_same_whatever_stands_now():
    assert decide(known=operation(), standing=standing(), incoming=operation()) is Verdict.SAME


@pytest.mark.parametrize(
    "other",
    [
        operation(content='["B"]'),
        operation(item="q2"),
        operation(revision=2),
        operation(device="phone-b"),
    ],
)
def test_the_same_id_with_anything_else_is_a_conflict(other):
    assert decide(known=operation(), standing=None, incoming=other) is Verdict.CONFLICT


def test_known_is_what_has_the_same_id():
    with pytest.raises(ValueError, match="same operation id"):
        decide(known=operation("op-1"), standing=None, incoming=operation("op-2"))


def test_a_log_gives_the_answers_that_stand():
    first, later, elsewhere = (
        operation("op-1", revision=1),
        operation("op-2", revision=2, content='["C"]'),
        operation("op-3", item="q2"),
    )
    assert replay([later, first, elsewhere, first]) == {"q1": later, "q2": elsewhere}


def test_an_empty_log_gives_no_answers():
    assert replay([]) == {}


def test_a_log_with_one_id_for_two_contents_is_refused():
    with pytest.raises(OperationConflict) as refused:
        replay([operation(), operation(item="q2")])
    assert refused.value.facts == {"operation_id": "op-1"}


@pytest.mark.parametrize(
    ("arrives_after_close", "age", "is_before"),
    [
        (HOUR, HOUR, True),
        (HOUR, HOUR - 20 * SECOND, True),
        (HOUR, HOUR - 21 * SECOND, False),
        (HOUR, 30 * HOUR, True),
        (-MINUTE, timedelta(0), True),
        (timedelta(0), timedelta(0), True),
        (20 * SECOND, timedelta(0), True),
        (21 * SECOND, timedelta(0), False),
        (21 * SECOND, -HOUR, False),
        (20 * SECOND, -HOUR, True),
    ],
)
def test_the_tap_lies_as_long_ago_as_the_phone_waited_and_its_request_travelled(
    arrives_after_close, age, is_before
):
    now = CLOSED_AT + arrives_after_close
    assert is_tapped_before_close(now=now, age=age, closed_at=CLOSED_AT) is is_before


@pytest.mark.parametrize(
    ("arrives_after_close", "age", "expected"),
    [
        (-HOUR, timedelta(0), Arrival.IN_TIME),
        (timedelta(0), timedelta(0), Arrival.IN_TIME),
        (SECOND, SECOND, Arrival.LATE),
        (20 * SECOND, timedelta(0), Arrival.LATE),
        (21 * SECOND, SECOND, Arrival.LATE),
        (21 * SECOND, timedelta(0), Arrival.REFUSED),
        (21 * SECOND, -SECOND, Arrival.REFUSED),
        (24 * HOUR, 24 * HOUR, Arrival.LATE),
        (24 * HOUR + SECOND, 25 * HOUR, Arrival.REFUSED),
        (23 * HOUR, 22 * HOUR, Arrival.REFUSED),
        (HOUR, timedelta.max, Arrival.LATE),
    ],
)
def test_what_was_tapped_before_the_close_is_late_for_a_day(arrives_after_close, age, expected):
    assert arrival(now=CLOSED_AT + arrives_after_close, age=age, closed_at=CLOSED_AT) is expected


def test_while_open_everything_is_in_time():
    assert arrival(now=CLOSED_AT, age=90 * HOUR, closed_at=None) is Arrival.IN_TIME


def test_another_grace_can_be_given():
    now = CLOSED_AT + 2 * HOUR
    assert arrival(now=now, age=3 * HOUR, closed_at=CLOSED_AT, grace=HOUR) is Arrival.REFUSED


def test_the_way_is_no_longer_than_a_phone_waits_for_an_answer():
    script = Path(__file__).parents[2] / "app" / "web" / "static" / "take.js"
    (wait_ms,) = re.findall(r"\bWAIT_MS = (\d+)", script.read_text(encoding="utf-8"))
    assert timedelta(milliseconds=int(wait_ms)) == TRAVEL
