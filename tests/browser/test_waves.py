"""A hotspot with eight places: the room works in waves, for opening the test and for sending it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from app.web.room import read_room
from tests.fixtures.browser_phone import SMALL, Phone
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

PEOPLE, PLACES = 25, 8
SKIP_THE_REST = "for (const next = document.getElementById('next'); !next.hidden;) next.click()"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """One room, its pre-test open."""
    with a_phone_room(tmp_path_factory.mktemp("waves"), PEOPLE) as served:
        yield served


class Hotspot:
    """Who is in the network; nobody is let in beyond the places."""

    def __init__(self) -> None:
        self.inside: set[int] = set()
        self.most = 0

    def enter(self, phone: Phone) -> None:
        assert len(self.inside) < PLACES
        self.inside.add(phone.card)
        self.most = max(self.most, len(self.inside))
        phone.context.set_offline(False)

    def leave(self, phone: Phone) -> None:
        phone.context.set_offline(True)
        self.inside.discard(phone.card)


def may_join(room: PhoneRoom) -> int:
    """What the trainer's page says."""
    with room.house.unit(writes=False) as work:
        return read_room(work, room.room.workshop).counts.may_join(PLACES)


def test_25_phones_take_the_test_through_8_places(browser: Browser, room: PhoneRoom) -> None:
    hotspot, phones = Hotspot(), []
    for first in range(0, PEOPLE, PLACES):
        table = range(first, min(first + PLACES, PEOPLE))
        assert may_join(room) >= len(table)
        for card in table:
            phone = Phone(browser.new_context(**SMALL), room, card)
            hotspot.enter(phone)
            phone.join()
            phones.append(phone)
        for phone in phones[first:]:
            hotspot.leave(phone)
    assert may_join(room) == 0
    for phone in phones:  # nobody has a network, everybody answers and sends
        phone.answer_next("b")
        phone.answer_next("a")
        phone.page.evaluate(SKIP_THE_REST)
        phone.send()
    assert all(room.stored(card) == {} for card in range(PEOPLE))
    for first in range(0, PEOPLE, PLACES):
        for phone in phones[first : first + PLACES]:
            hotspot.enter(phone)
        for phone in phones[first : first + PLACES]:
            phone.page.wait_for_url("**/my")
            hotspot.leave(phone)
            phone.context.close()
    assert hotspot.most == PLACES
    assert [room.letters(card) for card in range(PEOPLE)] == [{"1": "b", "2": "a"}] * PEOPLE
    with room.house.unit(writes=False) as work:
        assert read_room(work, room.room.workshop).counts.finished == PEOPLE
