"""R4, R5: behind a network that cuts, doubles, delays, reorders and lies, no operation is lost."""

from pathlib import Path

import httpx
import pytest

from tests.fixtures.apart import run_apart
from tests.fixtures.fault_proxy import LIES, Fault, FaultProxy, bad_network
from tests.fixtures.load_room import make_load_room
from tests.long.fault_proxy import DRAIN_SECONDS, SHORT, port_of, run_faults, run_lies

NOTHING = {"dropped": 0, "called_saved": 0, "receipts": 0}
DELIVERIES = {Fault.LOSE_ACK: 1, Fault.HALVE: 1, Fault.DELAY: 1, Fault.TRIPLE: 3}
ANSWERED = {Fault.DELAY, Fault.TRIPLE}


@pytest.mark.saves_both_ways(alone_on=["sqlite"])
def test_nothing_is_lost_doubled_or_changed_behind_a_bad_network(
    database_url: str, tmp_path: Path, save_batch_limit: int
) -> None:
    room = make_load_room(database_url, tmp_path, SHORT.phones, save_batch_limit=save_batch_limit)
    passage = run_faults(room, SHORT)
    print(passage)
    assert passage.compared.is_clean, passage
    assert passage.compared.stored == passage.compared.acknowledged == SHORT.phones * SHORT.taps
    assert passage.receipts == SHORT.phones
    assert passage.drain_seconds < DRAIN_SECONDS
    assert min(passage.injected.get(fault.value, 0) for fault in Fault) > 20, passage.injected


def test_no_lie_of_a_network_empties_the_queue_or_says_saved(
    database_url: str, tmp_path: Path
) -> None:
    room = make_load_room(database_url, tmp_path, 5)
    figures = run_lies(room, phones=5, taps=5)
    print(figures)
    assert {name: figures[name] for name in LIES} == dict.fromkeys(LIES, NOTHING)
    after = figures["after all"]
    assert after["stored"] == after["acknowledged"] == 25 * len(LIES)
    assert not sum(list(after.values())[2:]), after


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_does_to_a_request_what_its_name_says(fault: Fault) -> None:
    with bad_network() as upstream:
        upstream.lie = LIES["200 json without echo"]  # a server of one answer, which counts
        run_apart(_meet(fault, upstream))


async def _meet(fault: Fault, upstream: FaultProxy) -> None:
    async with FaultProxy(port_of(upstream.base_url), rate=1.0, time_scale=0.01) as proxy:
        proxy.kinds = (fault,)
        async with httpx.AsyncClient(base_url=proxy.base_url, trust_env=False) as phone:
            asked = phone.post("/", json={"id": "operation-1"})
            if fault in ANSWERED:
                assert (await asked).json() == {"ok": True, "acknowledged": []}
            else:
                with pytest.raises(httpx.TransportError):
                    await asked
            assert upstream.counts["lie"] == DELIVERIES.get(fault, 0)
            await proxy.deliver_held()
            assert upstream.counts["lie"] == (
                1 if fault is Fault.REORDER else DELIVERIES.get(fault, 0)
            )
            proxy.rate = 0.0
            assert (await phone.post("/", json={})).status_code == 200
