"""I2, I3: repetition is harmless and order never matters."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.merging import Operation, Verdict, decide, replay


@st.composite
def logs(draw):
    """Operations with different ids on few items: ties of revision and device are common."""
    ids = draw(st.lists(st.integers(0, 40), unique=True, max_size=14))
    return [
        Operation(
            operation_id=f"op-{number:02}",
            item=draw(st.sampled_from(["q1", "q2", "q3"])),
            revision=draw(st.integers(1, 4)),
            device=draw(st.sampled_from(["phone-a", "phone-b"])),
            content=draw(st.sampled_from(['["A"]', '["B"]', "[]"])),
        )
        for number in ids
    ]


@st.composite
def logs_and_deliveries(draw):
    """A log, and one way the network may bring it: each operation once or more, in any order."""
    log = draw(logs())
    repeated = [one for one in log for _ in range(draw(st.integers(1, 3)))]
    return log, draw(st.permutations(repeated))


def stored_after(delivery):
    """A store in the small: what the sittings' service does with each verdict."""
    by_id, current = {}, {}
    for incoming in delivery:
        verdict = decide(
            known=by_id.get(incoming.operation_id),
            standing=current.get(incoming.item),
            incoming=incoming,
        )
        assert verdict is not Verdict.CONFLICT
        if verdict is not Verdict.SAME:
            by_id[incoming.operation_id] = incoming
        if verdict is Verdict.STORE_AS_CURRENT:
            current[incoming.item] = incoming
    return by_id, current


@given(logs_and_deliveries())
def test_every_delivery_ends_with_the_same_answers(log_and_delivery):
    log, delivery = log_and_delivery
    _, current = stored_after(delivery)
    assert current == stored_after(log)[1] == replay(log) == replay(delivery)


@given(logs_and_deliveries())
def test_every_operation_is_kept_once_with_its_content(log_and_delivery):
    log, delivery = log_and_delivery
    by_id, _ = stored_after(delivery)
    assert by_id == {one.operation_id: one for one in log}


@given(logs_and_deliveries())
def test_what_stands_is_never_beaten_by_anything_in_the_log(log_and_delivery):
    log, delivery = log_and_delivery
    _, current = stored_after(delivery)
    for one in log:
        winner = current[one.item]
        assert (winner.revision, winner.device) >= (one.revision, one.device)


@given(logs_and_deliveries())
def test_an_operation_that_lost_once_never_comes_back(log_and_delivery):
    log, delivery = log_and_delivery
    _, current = stored_after(delivery)
    _, after_repeating = stored_after([*delivery, *log])
    assert after_repeating == current
