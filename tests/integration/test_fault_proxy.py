"""R4, R5: behind a network that cuts, doubles, delays, reorders and lies, no operation is lost."""

from pathlib import Path

from tests.fixtures.fault_proxy import LIES, Fault
from tests.fixtures.load_room import make_load_room
from tests.long.fault_proxy import SHORT, run_faults, run_lies

NOTHING = {"dropped": 0, "called_saved": 0, "receipts": 0}


def test_nothing_is_lost_doubled_or_changed_behind_a_bad_network(
    database_url: str, tmp_path: Path
) -> None:
    room = make_load_room(database_url, tmp_path, SHORT.phones)
    passage = run_faults(room, SHORT)
    print(passage)
    assert passage.compared.is_clean, passage
    assert passage.compared.stored == passage.compared.acknowledged == SHORT.phones * SHORT.taps
    assert passage.receipts == SHORT.phones
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
