"""What a phone does without a network, or with one that lies: nothing is lost or called saved."""

import socket
import threading
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.fixtures.browser_phone import ITEMS, SMALL, Phone
from tests.fixtures.fault_proxy import LIES, FaultProxy, bad_network
from tests.fixtures.phone_room import PhoneRoom
from tests.legs import LAN_HOST

ALL_A = dict.fromkeys(ITEMS, "a")


@pytest.fixture
def phone(browser: Browser, room: PhoneRoom) -> Iterator[Phone]:
    """A phone at the first question, with a card nobody else has."""
    with browser.new_context(**SMALL) as context:
        phone = Phone(context, room, room.next_card())
        phone.join()
        yield phone


def was_told_more_than(proxy: FaultProxy, count: int) -> bool:
    return proxy.counts["lie"] > count


def is_as_long_as(swallowed: list[socket.socket], count: int) -> bool:
    return len(swallowed) >= count


@pytest.mark.parametrize("lost_after", [0, 7, 20], ids=["start", "middle", "end"])
def test_airplane_mode_loses_nothing(phone: Phone, lost_after: int) -> None:
    phone.answer_next("a", lost_after)
    if lost_after:
        phone.waits_for("saved")
    phone.context.set_offline(True)
    phone.answer_rest("a")
    phone.send()
    expect(phone.page.locator("#unsent")).to_be_focused()
    if lost_after < 20:
        phone.waits_for("phone")
        expect(phone.page.locator("[data-state=saved]")).to_be_hidden()
    assert len(phone.stored()) == lost_after
    phone.context.set_offline(False)
    phone.is_received()
    assert phone.stored() == ALL_A
    assert len(phone.room.log(phone.card)) == 20


def test_a_server_that_is_dead_and_back_gets_everything_without_a_reload(phone: Phone) -> None:
    phone.answer_next("a", 3)
    phone.waits_for("saved")
    phone.room.stop()
    try:
        phone.answer_rest("a")
        phone.waits_for("phone")
        phone.send()
    finally:
        phone.room.start()
    phone.is_received(30)
    assert phone.stored() == ALL_A


def test_no_lie_makes_the_phone_drop_an_answer_or_call_it_saved(phone: Phone) -> None:
    with bad_network(phone.room.port) as proxy:
        host = urlsplit(phone.room.base_url).hostname
        phone.page.goto(f"http://{host}:{urlsplit(proxy.base_url).port}/my/test/any-version")
        phone.is_ready()
        phone.answer_next("a")
        phone.waits_for("saved")
        for lie in LIES.values():
            proxy.lie = lie
            told = proxy.counts["lie"]
            phone.answer_next("a")
            phone.waits_until(partial(was_told_more_than, proxy, told))
            phone.waits_for("phone")
            for state in ("saved", "sign-in", "refused", "late"):
                expect(phone.page.locator(f"[data-state={state}]")).to_be_hidden()
        assert phone.stored() == {"1": "a"}
        assert phone.count_queued() == len(LIES)
        proxy.lie = None
        phone.answer_next("a")
        phone.waits_for("saved")
    assert phone.stored() == dict.fromkeys(ITEMS[: len(LIES) + 2], "a")


def test_a_quarter_of_an_hour_without_a_server_ends_without_a_reload(
    browser: Browser, room: PhoneRoom
) -> None:
    with browser.new_context(**SMALL) as context:
        phone = Phone(context, room, room.next_card())
        phone.page.clock.install()
        phone.join()
        # The rescue's own script follows the page; a phone cannot fetch it in airplane mode.
        phone.waits_until(lambda: bool(phone.page.evaluate("!!window.TafawutLater")))
        context.set_offline(True)
        phone.answer_rest("a")
        phone.send()
        expect(phone.page.locator("#rescue-offer")).to_be_hidden()
        for _ in range(30):
            phone.page.clock.run_for(30_000)
        expect(phone.page.locator("#rescue-offer")).to_be_visible()
        phone.page.click("#rescue-offer")
        expect(phone.page.locator("#rescue-square svg")).to_be_visible()
        # The phone hears nothing of the network's return: only its own timer brings it back.
        phone.page.evaluate("addEventListener('online', e => e.stopImmediatePropagation(), true)")
        context.set_offline(False)
        phone.page.clock.run_for(30_000)
        phone.is_received()
        assert phone.stored() == ALL_A


def test_connections_that_hang_do_not_fill_the_line(browser: Browser, room: PhoneRoom) -> None:
    # Chromium keeps six connections to a server: requests that nobody ends would use them up.
    with browser.new_context(**SMALL) as context:
        phone = Phone(context, room, room.next_card())
        phone.page.clock.install()
        phone.join()
        room.stop()
        with room.black_hole() as swallowed:
            phone.answer_next("a", 2)
            for tries in range(1, 8):
                phone.waits_until(partial(is_as_long_as, swallowed, tries))
                phone.page.clock.run_for(20_000)
                phone.page.clock.run_for(30_000)
        room.start()
        phone.page.clock.run_for(20_000)
        phone.page.clock.run_for(30_000)
        phone.waits_for("saved")
        assert phone.stored() == {"1": "a", "2": "a"}


def test_more_than_a_hundred_changes_are_sent_in_order(phone: Phone) -> None:
    phone.context.set_offline(True)
    phone.page.evaluate(
        """() => {
            const inputs = [...document.querySelectorAll("#item-1 input")];
            for (let i = 0; i < 240; i++) inputs[i % 3].click();
            inputs[1].click();
        }"""
    )
    phone.waits_for("phone")
    phone.context.set_offline(False)
    phone.waits_for("saved")
    assert phone.stored() == {"1": "b"}
    assert len(phone.room.log(phone.card)) == 241


def test_a_lost_receipt_comes_again_and_nothing_twice(phone: Phone) -> None:
    is_delivered = threading.Event()

    def deliver_and_lose_the_answer(route: Route) -> None:
        if '"finish":true' in (route.request.post_data or ""):
            # Playwright asks itself, and does not find LAN_HOST on the loopback as Chromium does.
            route.fetch(url=route.request.url.replace(LAN_HOST, "127.0.0.1"))
            is_delivered.set()
        route.abort()

    phone.meets(deliver_and_lose_the_answer)
    phone.answer_rest("a")
    phone.send()
    expect(phone.page.locator("#unsent")).to_be_visible()
    phone.waits_until(is_delivered.is_set)
    sent = phone.room.sitting(phone.card)
    assert sent["submitted_by"] == "participant"
    phone.room.stop()
    phone.room.start()
    phone.is_well_again()
    phone.is_received()
    assert phone.room.sitting(phone.card) == sent
    assert len(phone.room.log(phone.card)) == 20


@pytest.mark.parametrize("width", [320, 1280])
def test_a_double_tap_on_send_sends_once_and_takes_nothing_back(phone: Phone, width: int) -> None:
    phone.page.set_viewport_size({"width": width, "height": 568})
    phone.context.set_offline(True)
    phone.answer_rest("a")
    phone.page.dblclick("#review button.primary")
    expect(phone.page.locator("#unsent")).to_be_visible()
    phone.context.set_offline(False)
    phone.is_received()
    assert len(phone.room.log(phone.card)) == 20


def test_a_token_that_is_no_longer_good_keeps_the_queue_until_the_card_is_scanned(
    phone: Phone,
) -> None:
    phone.answer_next("a", 2)
    phone.waits_for("saved")
    key = phone.room.house.settings.data_dir / "keys" / "service.key"
    phone.room.stop()
    old = key.read_bytes()
    key.write_bytes(bytes(reversed(old)))
    phone.room.start()
    try:
        phone.answer_next("a", 2)
        phone.waits_for("sign-in")
        assert phone.stored() == {"1": "a", "2": "a"}
        assert phone.count_queued() == 2
        phone.join()
        phone.waits_for("saved")
        assert phone.stored() == dict.fromkeys(ITEMS[:4], "a")
    finally:
        phone.room.stop()
        key.write_bytes(old)
        phone.room.start()
