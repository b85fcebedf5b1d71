"""The whole test in the real Chromium 64, 72 and 80, with the network or the battery lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.browser_phone import ITEMS
from tests.fixtures.old_chromium import OldChromium, OldPage
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.old_chromium import PACKAGES


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room on plain http with a card for each browser."""
    with a_phone_room(tmp_path_factory.mktemp("room"), people=len(PACKAGES), mode="lan") as room:
        yield room


@pytest.fixture(scope="module")
def secure_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room in a secure context with a card for each browser."""
    with a_phone_room(tmp_path_factory.mktemp("secure"), people=len(PACKAGES)) as room:
        yield room


READ_KEPT = """(function () {
    var opened = indexedDB.open("tafawut", 1);
    opened.onsuccess = function () {
        var all = opened.result.transaction("kept").objectStore("kept").getAll();
        all.onsuccess = function () {
            window.kept = all.result;
            opened.result.close();
        };
    };
}())"""


def join(page: OldPage, address: str) -> None:
    """Scan the card, choose English, agree."""
    page.goto(address)
    page.wait_for("document.readyState === 'complete' && document.getElementById('join')")
    page.click("button[value=en]")
    page.wait_for("document.readyState === 'complete' && location.pathname.indexOf('/my') === 0")
    if page.evaluate("location.pathname") == "/my/consent":
        page.click("button[value=yes]")
    else:
        page.click("main .primary")
    page.wait_for("document.documentElement.hasAttribute('data-ready')")


def answer_next(page: OldPage, items: list[str]) -> None:
    """The first option of each."""
    for item in items:
        page.click(f"#item-{item} label")
        page.click("#next")


def wait_for_state(page: OldPage, name: str) -> None:
    """The line about what is saved says this."""
    page.wait_for(f"!document.querySelector('[data-state={name}]').hidden")


@pytest.mark.parametrize("version", PACKAGES)
def test_an_old_phone_takes_the_whole_test(
    version: int, old_chromium_paths: dict[int, Path], room: PhoneRoom
) -> None:
    card = list(PACKAGES).index(version)
    with OldChromium(old_chromium_paths[version]) as browser:
        page = browser.open()
        join(page, room.base_url + room.card_path(card))
        assert page.evaluate("[isSecureContext, typeof crypto.randomUUID]") == [False, "undefined"]
        answer_next(page, ITEMS[:8])
        wait_for_state(page, "saved")
        page.set_offline(True)
        answer_next(page, ITEMS[8:16])
        wait_for_state(page, "phone")
        assert len(room.stored(card)) == 8
        page.set_offline(False)
        answer_next(page, ITEMS[16:])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("#review .primary")
        page.wait_for("location.pathname === '/my' && document.readyState === 'complete'")
        assert page.evaluate("Object.keys(localStorage)") == []
        assert [each for each in page.complaints if "ERR_INTERNET" not in each] == []
    assert room.letters(card) == dict.fromkeys(ITEMS, "a")
    assert room.sitting(card)["submitted_by"] == "participant"


@pytest.mark.parametrize("version", PACKAGES)
def test_an_old_phone_seals_what_it_keeps_and_loses_nothing_with_its_battery(
    version: int, old_chromium_paths: dict[int, Path], secure_room: PhoneRoom, tmp_path: Path
) -> None:
    card = list(PACKAGES).index(version)
    with OldChromium(old_chromium_paths[version], profile=tmp_path / "profile") as browser:
        page = browser.open()
        join(page, secure_room.base_url + secure_room.card_path(card))
        assert page.evaluate("isSecureContext") is True
        page.set_offline(True)
        answer_next(page, ITEMS[:5])
        wait_for_state(page, "phone")
        page.evaluate(READ_KEPT)
        page.wait_for("window.kept")
        records = page.evaluate("kept.map(function (each) { return Object.keys(each).join() })")
        assert records == ["key,iv,sealed"] * len(records)
        assert page.evaluate("kept[0].key.extractable") is False
        browser.kill()
    with OldChromium(old_chromium_paths[version], profile=tmp_path / "profile") as browser:
        page = browser.open()
        join(page, secure_room.base_url + secure_room.card_path(card))
        wait_for_state(page, "saved")
        answer_next(page, ITEMS[5:])
        page.click("#review .primary")
        page.wait_for("location.pathname === '/my' && document.readyState === 'complete'")
        assert page.complaints == []
    assert secure_room.letters(card) == dict.fromkeys(ITEMS, "a")
