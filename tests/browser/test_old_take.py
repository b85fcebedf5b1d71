"""The whole test in the real Chromium 64, 72 and 80, with the network lost in the middle."""

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


def join(page: OldPage, address: str) -> None:
    """Scan the card, choose English, agree."""
    page.goto(address)
    page.wait_for("document.readyState === 'complete' && document.getElementById('join')")
    page.click("button[value=en]")
    page.wait_for("document.readyState === 'complete' && location.pathname === '/my/consent'")
    page.click("button[value=yes]")
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
