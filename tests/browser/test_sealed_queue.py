"""What is left on the phone's disk: over https nothing readable, and nothing is lost for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.fixtures.browser_phone import ITEMS, SMALL, Phone
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.legs import CHROMIUM_FLAGS

ALL_A = dict.fromkeys(ITEMS, "a")
# Names and values of an operation and of an answer, as a store writes them: in one byte or in two.
READABLE = ("options", "revision", "device", '"o":', '"r":')
# Not the service worker's: it keeps the document itself, whose script holds these words, and
# nothing that was made for a person (test_service_worker.py).
STORES = ("IndexedDB", "Local Storage", "Session Storage", "WebStorage")
NO_DATABASE = """Object.defineProperty(window, "indexedDB", {
    get() { throw new DOMException("refused"); } });"""
NO_KEY = "crypto.subtle.generateKey = () => Promise.reject(new DOMException('refused'));"
NOT_STORABLE = """const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
        if (value && value.sealed) throw new DOMException("no keys here", "DataCloneError");
        return put.call(this, value, key);
    };"""
RECORDS = """async change => {
    const opened = indexedDB.open("tafawut", 1);
    await new Promise(done => { opened.onsuccess = done; });
    const store = opened.result.transaction("kept", "readwrite").objectStore("kept");
    const keys = store.getAllKeys(), values = store.getAll();
    await new Promise(done => { values.onsuccess = done; });
    const told = [];
    for (let i = 0; i < keys.result.length; i++) {
        const { key, sealed } = values.result[i];
        told.push([keys.result[i].split("/")[2], key.algorithm.name, key.extractable]);
        if (change === keys.result[i].split("/")[2]) {
            new Uint8Array(sealed)[0] ^= 1;
            store.put(values.result[i], keys.result[i]);
        }
    }
    opened.result.close();
    return told;
}"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room in a secure context; every test takes a card of its own."""
    with a_phone_room(tmp_path_factory.mktemp("room"), people=8) as room:
        yield room


def a_phone(context: BrowserContext, room: PhoneRoom) -> Phone:
    phone = Phone(context, room, room.next_card())
    phone.join()
    return phone


@pytest.mark.parametrize(("mode", "is_readable"), [("lan", True), ("https", False)])
def test_the_disk_of_a_phone_without_a_network_tells_nothing_over_https(
    browser: Browser, chromium_path: Path, tmp_path: Path, mode: str, is_readable: bool
) -> None:
    profile = tmp_path / "profile"
    options = {"executable_path": str(chromium_path), "args": list(CHROMIUM_FLAGS), **SMALL}
    open_phone = browser.browser_type.launch_persistent_context
    with a_phone_room(tmp_path, people=1, mode=mode) as room:
        with open_phone(str(profile), ignore_https_errors=True, **options) as context:
            phone = Phone(context, room, 0)
            phone.join()
            phone.answer_next("a", 2)
            phone.waits_for("saved")
            context.set_offline(True)
            phone.answer_next("b", 3)
            phone.waits_for("phone")
            assert phone.count_queued() == 3
        assert bool(readable_in(profile)) is is_readable, readable_in(profile)
        with open_phone(str(profile), ignore_https_errors=True, **options) as context:
            phone = Phone(context, room, 0)
            phone.join()
            phone.waits_for("saved")
            assert phone.stored() == phone.ticked()
            assert "".join(phone.stored().values()) == "aabbb"
            phone.answer_rest("a")
            phone.send()
            phone.is_received()


def readable_in(profile: Path) -> set[str]:
    """The signs of an answer that can be read in the stores that scripts write to."""
    folders = [profile / "Default" / name for name in STORES]
    found = [
        file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()
    ]
    assert found
    return {
        sign
        for sign in READABLE
        for content in found
        if sign.encode() in content or sign.encode("utf-16-le") in content
    }


def test_every_record_is_sealed_with_a_key_that_no_script_can_read(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    context.set_offline(True)
    phone.answer_next("a", 2)
    phone.waits_for("phone")
    told = phone.page.evaluate(RECORDS, "")
    assert sorted(kind for kind, *_ in told) == ["answer", "answer", "op", "op", "token"]
    assert {(algorithm, extractable) for _, algorithm, extractable in told} == {("AES-GCM", False)}


@pytest.mark.parametrize("fault", [NO_DATABASE, NO_KEY, NOT_STORABLE])
def test_a_phone_that_cannot_seal_keeps_its_answers_in_memory_and_says_so(
    context: BrowserContext, room: PhoneRoom, fault: str
) -> None:
    context.add_init_script(fault)
    phone = a_phone(context, room)
    phone.answer_next("a")
    phone.waits_for("saved")
    context.set_offline(True)
    phone.answer_rest("a")
    phone.waits_for("failed")
    assert "on this phone" not in phone.says().lower()
    mirrored = phone.page.evaluate("Object.keys(localStorage)")
    assert [key for key in mirrored if not key.endswith("/say")] == []
    phone.send()
    expect(phone.page.locator("#unsent")).to_be_visible()
    context.set_offline(False)
    phone.page.wait_for_url("**/my")
    assert phone.stored() == ALL_A


def test_a_record_that_cannot_be_opened_is_told_and_takes_nothing_with_it(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    context.set_offline(True)
    phone.answer_next("a", 3)
    phone.waits_for("phone")
    phone.page.evaluate(RECORDS, "op")
    phone.moves_to_new_tab(phone.page.url)
    phone.waits_for("refused")
    phone.answer_next("b")
    context.set_offline(False)
    # What the page still shows is given again; what it does not show stays open, and is asked for.
    phone.waits_until(lambda: phone.stored() == {"1": "a", "2": "a", "3": "a", "4": "b"})
    phone.answer_rest("b")
    phone.send()
    phone.is_received()
    assert phone.stored() == dict.fromkeys(ITEMS, "b") | dict.fromkeys(ITEMS[:3], "a")


def test_answers_that_cannot_be_opened_leave_the_others_and_the_test_goes_on(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    context.set_offline(True)
    phone.answer_next("a", 3)
    phone.waits_for("phone")
    phone.page.evaluate(RECORDS, "answer")
    phone.moves_to_new_tab(phone.page.url)
    assert (phone.ticked(), phone.item) == ({}, "1")
    context.set_offline(False)
    phone.waits_for("saved")
    assert phone.stored() == dict.fromkeys(ITEMS[:3], "a")
