"""A square is checked on the device itself: by its own signature, with nobody to ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.adapters.sealing import KeyFolder
from app.core.text import name_key
from tests.fixtures.browser_phone import SMALL
from tests.fixtures.certificates import LATIN, LOCAL, NUMBER, a_document, hostile_names
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

NAMES = (
    *hostile_names(), LOCAL, LATIN, "علي كاظمي", "گُل مَکئی", "ۀ ة ھ ہ", "ALİ", "Straße", "ΣΑΣ",
    "۱۲۳ ٤٥٦ ৭৮৯ १२३", "Ａｌｉ", "O'Neil-O’Neil", "a\u200cb\u200dc", "e\u0301 é", "বাংলা নাম",
)  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A service in a secure context, where browsers have WebCrypto and workers."""
    with a_phone_room(tmp_path_factory.mktemp("room"), people=1, mode="dev") as room:
        yield room


@pytest.fixture
def square(room: PhoneRoom) -> str:
    """A square that this service signed."""
    keys = KeyFolder(room.house.settings.keys)
    return a_document(room.base_url, keys=keys).url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has used."""
    with browser.new_context(**SMALL) as context:
        yield context


def open_page(context: BrowserContext, room: PhoneRoom) -> Page:
    page = context.new_page()
    page.goto(f"{room.base_url}/v/offline")
    return page


def check(page: Page, text: str, name: str = "") -> None:
    page.fill("#text", text)
    page.fill("#name", name)
    page.click("#square button")


def test_a_square_is_checked_without_asking_anybody(
    context: BrowserContext, room: PhoneRoom, square: str
) -> None:
    page = open_page(context, room)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    context.set_offline(True)
    check(page, square, LATIN)
    expect(page.locator("[data-state=signed]")).to_be_visible()
    expect(page.locator("[data-match=match]")).to_be_visible()
    facts = page.locator("#facts").inner_text()
    for part in (NUMBER, "Telling trafficking from smuggling", "Karachi", "22 November 2026"):
        assert part in facts, part
    check(page, square, "Somebody else")
    expect(page.locator("[data-match=no_match]")).to_be_visible()
    expect(page.locator("[data-match=match]")).to_be_hidden()
    assert asked == []


def test_what_was_changed_is_seen(context: BrowserContext, room: PhoneRoom, square: str) -> None:
    page = open_page(context, room)
    changed = square[:-150] + ("0" if square[-150] != "0" else "1") + square[-149:]
    for text, state in (
        (changed, "altered"), (square.replace(NUMBER, "00000000000"), "altered"),
        (a_document().url, "unknown_key"), (square[:-9], "unreadable"), ("words", "unreadable"),
    ):  # fmt: skip
        check(page, text, LATIN)
        expect(page.locator(f"[data-state={state}]")).to_be_visible()
        expect(page.locator("#facts")).to_be_hidden()
        expect(page.locator("[data-match=match]")).to_be_hidden()


def test_names_are_compared_by_the_same_rule_as_on_the_server(
    context: BrowserContext, room: PhoneRoom
) -> None:
    page = open_page(context, room)
    found = page.evaluate("names => names.map(document.nameKey)", list(NAMES))
    differing = {
        name: (theirs, name_key(name))
        for name, theirs in zip(NAMES, found, strict=True)
        if theirs != name_key(name)
    }
    assert differing == {}


def test_a_scanned_square_opens_the_page_where_there_is_no_network(
    context: BrowserContext, room: PhoneRoom, square: str
) -> None:
    page = open_page(context, room)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    room.stop()
    try:
        scanned = context.new_page()
        scanned.goto(square)
        expect(scanned.locator("[data-state=signed]")).to_be_visible()
        assert scanned.locator("#facts").inner_text().count(NUMBER) == 1
    finally:
        room.start()


def test_a_browser_without_ed25519_lets_the_server_check(
    context: BrowserContext, room: PhoneRoom, square: str
) -> None:
    context.add_init_script("crypto.subtle.importKey = () => Promise.reject(new Error('no'))")
    page = open_page(context, room)
    check(page, square, LATIN)
    page.wait_for_load_state()
    expect(page.locator("[data-state=signed]")).to_be_visible()
    expect(page.locator("[data-match=match]")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_page_fits_a_small_phone_and_breaks_no_rule_of_accessibility(
    context: BrowserContext, room: PhoneRoom, square: str, language: str, tmp_path: Path
) -> None:
    context.add_cookies([{"name": "language", "value": language, "url": room.base_url}])
    page = open_page(context, room)
    check(page, square, LATIN)
    expect(page.locator("[data-state=signed]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
