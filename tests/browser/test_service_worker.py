"""An extra over https, never required: a test that was opened once opens without a network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from tests.fixtures.browser_phone import SMALL, Phone
from tests.fixtures.page_state import wait_until
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

FILES = {"/static/participant.css", "/static/later.js", "/static/rescue.js"}
# From the first moment on nothing waits for the worker; a test that needs it does.
WAIT_FOR_WORKER = """async () => {
    await navigator.serviceWorker.ready;
    while (!await caches.match("/my/test/")) await new Promise(done => setTimeout(done, 50));
}"""
CACHED = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const each of await cache.keys())
            found[new URL(each.url).pathname] = [name, await (await cache.match(each)).text()];
    }
    return found;
}"""

LEFT_BY_OLD_VERSION = """async () => {
    await (await caches.open("tafawut-files-0123456789abcdef")).put("/away", new Response("old"));
    await (await caches.open("tafawut-test")).put("/my/left", new Response("a test"));
}"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room over https; every test takes a card of its own."""
    folder = tmp_path_factory.mktemp("room")
    with a_phone_room(folder, people=8, mode="https") as room:
        yield room


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has used."""
    with browser.new_context(**SMALL, ignore_https_errors=True) as context:
        yield context


def a_phone(context: BrowserContext, room: PhoneRoom) -> Phone:
    """A phone at the first question, whose worker has kept the test."""
    phone = Phone(context, room, room.next_card())
    phone.join()
    phone.page.evaluate(WAIT_FOR_WORKER)
    return phone


def test_an_offline_reload_opens_the_test_with_its_answers(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    phone.answer_next("a", 2)
    phone.waits_for("saved")
    room.stop()
    context.set_offline(True)
    try:
        phone.answer_next("b", 3)
        phone.waits_for("phone")
        phone.page.reload()
        phone.is_ready()
        assert phone.ticked() == {"1": "a", "2": "a", "3": "b", "4": "b", "5": "b"}
        assert phone.item == "6"
        phone.waits_for("phone")
        phone.answer_next("a")
        phone.moves_to_new_tab(phone.page.url)
        assert len(phone.ticked()) == 6
        phone.waits_for("phone")
    finally:
        room.start()
        context.set_offline(False)
    phone.waits_for("saved")
    assert phone.stored() == phone.ticked()
    phone.answer_rest("a")
    phone.send()
    phone.is_received()


def test_a_phone_that_was_reloaded_without_a_network_can_still_show_the_rescue_square(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    phone.page.reload()  # from now on the worker is in charge of the page
    phone.is_ready()
    room.stop()
    context.set_offline(True)
    try:
        phone.page.clock.install()
        phone.page.reload()
        phone.is_ready()
        phone.answer_rest("a")
        phone.send()
        wait_until(phone.page, "!!window.TafawutLater")
        for _ in range(11):
            phone.page.clock.run_for(30_000)
        phone.page.click("#rescue-offer")
        expect(phone.page.locator("#rescue-square svg")).to_be_visible()
    finally:
        room.start()
        context.set_offline(False)


def test_other_pages_say_that_there_is_no_connection_and_lead_back_to_the_test(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    phone.answer_next("a", 2)
    phone.waits_for("saved")
    room.stop()
    context.set_offline(True)
    try:
        for path in ("/my", "/my/profile", "/my/test"):
            phone.page.goto(room.base_url + path)
            expect(phone.page.locator("h1")).to_have_text("No connection just now")
        assert phone.page.evaluate("document.styleSheets.length") == 1
        assert Axe().run(phone.page).response["violations"] == []
        phone.page.click("text=Back to the questions")
        phone.is_ready()
        assert phone.ticked() == {"1": "a", "2": "a"}
    finally:
        room.start()
        context.set_offline(False)
    phone.page.goto(f"{room.base_url}/my")
    expect(phone.page.locator("h1")).to_have_text("Your test is still open")


def test_nothing_of_a_person_and_no_answer_of_the_api_is_kept(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    phone.answer_next("a", 2)
    phone.waits_for("saved")
    phone.page.reload()
    phone.is_ready()
    phone.answer_next("a", 2)
    phone.waits_for("saved")
    for path in ("/my", "/my/profile", "/my/test"):
        phone.page.goto(room.base_url + path)
    kept = phone.page.evaluate(CACHED)
    assert set(kept) == {"/my/test/", "/my/away"} | FILES
    card = room.room.cards[phone.card]
    secrets = [card.token, room.room.workshop.title, room.sitting(phone.card)["id"]]
    secrets += [each["value"] for each in context.cookies() if len(each["value"]) > 20]
    assert len(secrets) >= 5
    for name, text in kept.values():
        assert re.fullmatch(r"tafawut-test|tafawut-files-[0-9a-f]{16}", name)
        assert [secret for secret in secrets if secret in text] == []
    assert "checked" not in kept["/my/test/"][1].partition("<script>")[0].partition("<main>")[2]


def test_the_next_person_meets_the_kept_test_without_the_answers_of_the_one_before(
    context: BrowserContext, room: PhoneRoom
) -> None:
    first = a_phone(context, room)
    first.answer_next("a", 2)
    first.waits_for("saved")
    second = Phone(context, room, room.next_card())
    second.join()
    context.set_offline(True)
    second.page.reload()
    second.is_ready()
    assert (second.ticked(), second.item) == ({}, "1")
    second.answer_next("b")
    context.set_offline(False)
    second.waits_for("saved")
    assert (first.stored(), second.stored()) == ({"1": "a", "2": "a"}, {"1": "b"})


def test_a_new_version_drops_the_files_of_the_old_one_and_keeps_the_test(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = Phone(context, room, room.next_card())
    phone.page.goto(f"{room.base_url}/about")
    phone.page.evaluate(LEFT_BY_OLD_VERSION)
    phone.join()
    phone.page.evaluate(WAIT_FOR_WORKER)
    wait_until(phone.page, "caches.has('tafawut-files-0123456789abcdef').then(has => !has)")
    names = phone.page.evaluate("caches.keys()")
    assert [re.sub("[0-9a-f]{16}", "", name) for name in sorted(names)] == [
        "tafawut-files-",
        "tafawut-test",
    ]
    kept = "caches.open('tafawut-test').then(it => it.match('/my/left')).then(it => it.text())"
    assert phone.page.evaluate(kept) == "a test"


@pytest.mark.parametrize("mode", ["lan", "dev"])
def test_without_https_there_is_no_worker(browser: Browser, tmp_path: Path, mode: str) -> None:
    seen: list[str] = []
    with a_phone_room(tmp_path, people=1, mode=mode) as room, browser.new_context(**SMALL) as own:
        own.on("response", lambda response: seen.append(response.url))
        phone = Phone(own, room, 0)
        phone.join()
        phone.answer_next("a")
        phone.waits_for("saved")
        wait_until(phone.page, "!!window.TafawutLater")
        asked = "navigator.serviceWorker ? navigator.serviceWorker.getRegistrations() : []"
        assert phone.page.evaluate(f"Promise.resolve({asked}).then(all => all.length)") == 0
        assert [each for each in seen if "worker" in each] == []
        assert phone.stored() == {"1": "a"}
