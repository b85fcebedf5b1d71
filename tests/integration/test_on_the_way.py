"""A tap just before the close, on a slow network: arrives after it and counts, flagged late."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from app.accounts.schemas import Role
from app.banks.service import publish_banks
from app.main import build_house
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.fault_proxy import Fault, FaultProxy
from tests.fixtures.house import (
    a_staff_member,
    a_workshop,
    close_test,
    make_settings,
    open_test,
)
from tests.fixtures.load_room import environment_of, started_phones
from tests.fixtures.loop import rows
from tests.fixtures.server import serving

LONG_WAY = 5  # of the proxy's seeds: its first delay is 2.4 s


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
            asyncio.run(tap_before_the_close(str(ready["base_url"]), room.cards[0].token, close))
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
