"""A tap just before the close, on a slow network: arrives after it and counts, flagged late."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.banks.service import publish_banks
from app.gains import service as gains
from app.main import build_house
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.apart import run_apart
from tests.fixtures.fault_proxy import Fault, FaultProxy
from tests.fixtures.house import (
    FakeClock,
    a_staff_member,
    a_workshop,
    close_test,
    make_settings,
    open_test,
)
from tests.fixtures.load_room import environment_of, started_phones
from tests.fixtures.loop import a_program, an_operation, keys_of, rows
from tests.fixtures.server import serving

LONG_WAY = 5  # of the proxy's seeds: its first delay is 2.4 s


def test_a_way_of_20_seconds_is_allowed_and_no_lie_helps_after_24_hours(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "dk"))
    close_test(house, room, Occasion.PRE, amal)
    right = sorted(keys_of(house, room)[0].keys)
    clock.advance(timedelta(seconds=20))  # sent at the moment of the tap, just before the close
    on_its_way = an_operation("2", "1", *right, revision=2)
    assert person.send(sitting, on_its_way).json()["acknowledged"] == ["operation-2"]
    (row,) = rows(house, "SELECT * FROM sittings")
    assert (row["units"], bool(row["is_late"]), row["submitted_by"]) == (2520, True, "closing")
    clock.advance(timedelta(milliseconds=1))
    tapped_after = an_operation("3", "1", "a", revision=3)
    assert person.send(sitting, tapped_after).json()["code"] == "administration_closed"
    clock.advance(timedelta(hours=24) - timedelta(seconds=20))
    lie = an_operation("4", "1", "a", revision=4, age_ms=7 * 24 * 3_600_000)
    assert person.send(sitting, lie).json()["code"] == "administration_closed"
    assert len(rows(house, "SELECT * FROM sitting_operations")) == 2
    with house.unit(writes=True) as work:
        assert gains.check_rollups(work, room.workshop) == []


def test_a_request_that_is_on_its_way_while_the_test_closes_is_taken_in_and_flagged_late(
    database_url: str, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, database_url)
    house = build_house(settings)
    with house.unit(writes=True) as work:
        publish_banks(work, settings.banks)
    amal = a_staff_member(house, "amal", Role.TRAINER)
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)

    def close() -> None:
        close_test(house, room, Occasion.PRE, amal)

    environment = environment_of(database_url, settings.data_dir)
    try:
        with serving(["serve"], environment) as (ready, _):
            run_apart(tap_before_the_close(str(ready["base_url"]), room.cards[0].token, close))
        assert_taken_in(house)
    finally:
        house.engine.dispose()


async def tap_before_the_close(base_url: str, token: str, close: Callable[[], None]) -> None:
    """One answer arrives; one is on its way while the test closes."""
    chance = random.Random(1)
    port = int(base_url.rpartition(":")[2])
    async with (
        FaultProxy(port, rate=1.0, seed=LONG_WAY) as proxy,
        started_phones(base_url, [token], timeout_seconds=20.0) as (phone,),
    ):
        phone.tap(chance)
        assert await phone.send()
        proxy.kinds = (Fault.DELAY,)
        phone.base_url = proxy.base_url
        phone.tap(chance)
        sending = asyncio.create_task(phone.send())
        await asyncio.sleep(0.5)  # now the proxy holds it
        assert proxy.counts["delay"] == 1
        await asyncio.to_thread(close)
        assert not sending.done()
        assert await sending
        assert phone.refused == {}
        assert len(phone.journal) == 2


def assert_taken_in(house: House) -> None:
    """The closing sent the sitting with one answer; the other came late and is in the score."""
    log = rows(house, "SELECT is_late FROM sitting_operations ORDER BY id")
    assert [bool(each["is_late"]) for each in log] == [False, True]
    (sitting,) = rows(house, "SELECT is_late, submitted_by, answered_count FROM sittings")
    assert (bool(sitting["is_late"]), sitting["submitted_by"]) == (True, "closing")
