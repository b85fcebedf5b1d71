"""The ways in, the desk and the questionnaire in the real Chromium 64, 72 and 80."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.workshops.schemas import Occasion
from tests.fixtures.house import close_test, open_test
from tests.fixtures.old_chromium import OldChromium, OldPage
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.old_chromium import PACKAGES

SLIP = """(function () {
    var field = document.getElementById("code");
    field.value = "۱۲۳۴۵۶";
    field.dispatchEvent(new Event("input"));
    return document.getElementById("code-said").textContent;
})()"""
SHOWN = """Array.prototype.filter.call(document.querySelectorAll(".item"), function (each) {
    return each.offsetHeight > 0;
}).length"""
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room whose post-test is open, and the questionnaire with it."""
    with a_phone_room(tmp_path_factory.mktemp("old"), people=6) as room:
        close_test(room.house, room.room, Occasion.PRE, room.trainer)
        open_test(room.house, room.room, Occasion.POST, room.trainer)
        yield room


@pytest.mark.parametrize("version", PACKAGES)
def test_an_old_browser_joins_without_a_card_waits_and_gives_an_opinion(
    version: int, old_chromium_paths: dict[int, Path], served: PhoneRoom
) -> None:
    with OldChromium(old_chromium_paths[version]) as browser:
        page = browser.open(served.base_url)
        page.set_viewport(320, 568)
        page.wait_for("document.readyState === 'complete'")
        assert page.evaluate(SLIP) == "One digit is wrong. Look at the screen: 6 digits."
        look(page, f"{served.base_url}/j/{served.room.workshop.join_code}")
        page.click("#without-card summary")
        page.evaluate("document.getElementById('spoken').value = 'ur'")
        page.click("#without-card button")
        page.wait_for("document.querySelector('button[value=yes]') !== null")
        assert page.evaluate(WIDE) is False
        page.click("button[value=no]")
        page.wait_for(
            "document.getElementById('live') !== null && document.readyState === 'complete'"
        )
        assert page.evaluate("document.getElementById('live').className") == "looks"
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Tafawut')
        look(page, f"{served.base_url}/my/questionnaire")
        assert page.evaluate(SHOWN) == 1
        page.click("#next")
        assert page.evaluate("document.getElementById('where').textContent")[:1] == "2"
        assert page.complaints == []


def look(page: OldPage, address: str) -> None:
    """Open a page that must not scroll sideways."""
    page.goto(address)
    page.wait_for("document.readyState === 'complete'")
    assert page.evaluate(WIDE) is False
