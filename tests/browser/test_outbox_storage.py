"""What a phone keeps through reloads, killed tabs and empty batteries, and when it may not.

In a room's own network it is kept plainly, in a secure context it is sealed: all holds in both.
"""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect

from tests.fixtures.browser_phone import ITEMS, SMALL, Phone
from tests.fixtures.phone_room import PhoneRoom
from tests.legs import CHROMIUM_FLAGS

ALL_A = dict.fromkeys(ITEMS, "a")
# A write that takes longer than the page waits for it: its transaction is kept alive.
IS_SLOW = """(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        const until = Date.now() + 5000, again = () => {
            if (Date.now() < until) this.get("nothing").onsuccess = again;
        };
        again();
        return put.apply(this, given);
    };
})()"""

KEEPS_NOTHING = """
    for (const name of ["localStorage", "indexedDB"])
        Object.defineProperty(window, name, { get() { throw new DOMException("refused"); } });
"""
EVICT = """async () => {
    localStorage.clear();
    const gone = indexedDB.deleteDatabase("tafawut");
    await new Promise((done, failed) => { gone.onsuccess = done; gone.onblocked = failed; });
}"""


def a_phone(context: BrowserContext, room: PhoneRoom) -> Phone:
    phone = Phone(context, room, room.next_card())
    phone.join()
    return phone


def test_a_reload_without_a_network_keeps_every_answer(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    phone.answer_next("a", 2)
    phone.waits_for("saved")
    address = phone.page.url
    room.stop()  # a context that is set offline lets a closed page's last request through
    try:
        phone.answer_next("b", 3)
        phone.waits_for("phone")
        with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
            phone.page.reload()
        # A new visit needs no network: the document is in the phone's cache.
        phone.moves_to_new_tab(address)
        assert phone.ticked() == {"1": "a", "2": "a", "3": "b", "4": "b", "5": "b"}
        assert phone.item == "6"
        phone.waits_for("phone")
    finally:
        room.start()
    phone.waits_for("saved")
    assert phone.stored() == phone.ticked()


def test_a_tab_that_is_closed_right_after_a_tap_loses_nothing(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    context.set_offline(True)
    phone.answer_next("a", 3)
    phone.answer("a")
    if phone.seals():  # takes a moment; the line is empty until the answer is on the phone
        phone.waits_for("phone")
    phone.page.close(run_before_unload=False)
    phone.page = context.new_page()
    context.set_offline(False)
    phone.join()
    phone.waits_for("saved")
    assert phone.stored() == dict.fromkeys(ITEMS[:4], "a")


def test_a_battery_that_dies_after_a_tap_loses_nothing(
    browser: Browser, chromium_path: Path, room: PhoneRoom, tmp_path: Path
) -> None:
    chromium = browser.browser_type
    options = {"executable_path": str(chromium_path), "args": list(CHROMIUM_FLAGS), **SMALL}
    context = chromium.launch_persistent_context(str(tmp_path), **options)
    phone = a_phone(context, room)
    context.set_offline(True)
    phone.answer_next("a", 3)
    phone.answer("a")
    phone.waits_for("phone")
    kill_chromium_of(tmp_path)
    with chromium.launch_persistent_context(str(tmp_path), **options) as context:
        again = Phone(context, room, phone.card)
        again.join()
        again.waits_for("saved")
        assert again.ticked() == dict.fromkeys(ITEMS[:4], "a")
        assert again.stored() == again.ticked()


def kill_chromium_of(profile: Path) -> None:
    """SIGKILL to every process that was started on this profile, and to no other."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text()
        except OSError:
            continue
        if f"--user-data-dir={profile}" in command:
            os.kill(int(folder.name), signal.SIGKILL)


def test_two_tabs_are_one_sitting(context: BrowserContext, room: PhoneRoom) -> None:
    phone = a_phone(context, room)
    context.set_offline(True)
    phone.answer_next("a", 2)
    phone.waits_for("phone")
    other = Phone(context, room, phone.card)
    other.page = context.new_page()
    other.page.goto(phone.page.url)
    other.is_ready()
    assert other.ticked() == {"1": "a", "2": "a"}
    other.answer_next("b")
    other.waits_for("phone")
    phone.waits_until(lambda: phone.ticked() == {"1": "a", "2": "a", "3": "b"})
    phone.answer_next("c")
    phone.waits_for("phone")
    context.set_offline(False)
    phone.waits_for("saved")
    other.waits_for("saved")
    assert phone.stored() == {"1": "a", "2": "a", "3": "c"}
    assert len(room.log(phone.card)) == 4
    other.answer_rest("a")
    other.send()
    other.is_received()
    phone.page.bring_to_front()
    phone.answer("d")
    phone.waits_for("late")
    assert phone.stored()["4"] == "a"


def test_a_phone_that_may_keep_nothing_says_so_and_its_answers_arrive(
    context: BrowserContext, room: PhoneRoom
) -> None:
    context.add_init_script(KEEPS_NOTHING)
    phone = Phone(context, room, room.next_card())
    phone.join()
    phone.answer_next("a")
    phone.waits_for("saved")
    context.set_offline(True)
    phone.answer_rest("a")
    phone.waits_for("failed")
    assert "on this phone" not in phone.says().lower()
    phone.send()
    expect(phone.page.locator("#unsent")).to_be_visible()
    assert "on this phone" not in phone.says().lower()
    context.set_offline(False)
    phone.page.wait_for_url("**/my")
    assert phone.stored() == ALL_A


def test_a_slow_disk_is_not_one_that_keeps_nothing(
    context: BrowserContext, room: PhoneRoom
) -> None:
    context.add_init_script(IS_SLOW)
    phone = Phone(context, room, room.next_card())
    phone.join()
    phone.answer("a")
    phone.waits_for("saved")
    context.set_offline(True)
    phone.answer("b")
    if phone.seals():  # in a room's own network the mirror has it at once
        phone.waits_for("failed")
    phone.waits_for("phone")
    context.set_offline(False)
    phone.waits_for("saved")
    assert phone.stored() == {"1": "b"}


def test_what_the_browser_evicts_under_an_open_page_still_arrives(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    context.set_offline(True)
    phone.answer_next("a", 3)
    phone.waits_for("phone")
    phone.page.evaluate(EVICT)
    phone.answer_next("b", 2)
    phone.waits_for("phone")
    assert phone.count_queued() == 2
    context.set_offline(False)
    phone.waits_for("saved")
    assert "".join(phone.stored()[item] for item in ITEMS[:5]) == "aaabb"


def test_a_phone_without_its_storage_and_behind_the_server_still_has_the_last_word(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    for option in "abcd":
        phone.answer(option)
    phone.answer_next("a")
    phone.answer_next("a", 2)
    phone.waits_for("saved")
    phone.page.evaluate(EVICT)
    # The page opens from the cache; what the server has comes too late for the first tap.
    context.set_offline(True)
    phone.moves_to_new_tab(phone.page.url)
    phone.answer_next("c")
    phone.waits_for("phone")
    context.set_offline(False)
    phone.waits_for("saved")
    phone.waits_until(lambda: phone.stored() == {"1": "c", "2": "a", "3": "a"})
    assert phone.ticked() == phone.stored()
