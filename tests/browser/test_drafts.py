"""Every screen of a participant who chose a draft: both texts, accessible, nothing cut off."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core.languages import LANGUAGES
from app.workshops.schemas import Occasion
from tests.fixtures.accessible import violations_of
from tests.fixtures.house import close_test, open_test
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.integration.test_form_document import DRAFTS

MAIN = {"fa-AF": "en", "ar": "en", "bn": "en"}  # the others below Urdu in Nastaliq
# Text that is wider or higher than the box that clips it.
CUT_OFF = """() => Array.from(document.querySelectorAll(".draft, small[lang]"))
    .filter(each => each.offsetParent && getComputedStyle(each).overflow !== "visible")
    .map(each => each.outerHTML.slice(0, 80))"""
# From left to right in the order of the code, whatever the line's direction.
PLACES = """node => Array.from(node.children).map(each => each.getBoundingClientRect().left)"""

# "2/20" begins with the 2, also in a line from right to left and in Arabic digits.
STARTS = """() => {
    const number = document.querySelector("h1 small [data-n]"), whole = number.parentNode;
    return number.getBoundingClientRect().left - whole.getBoundingClientRect().left;
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room in its post-test whose trainer ticked every draft."""
    folder = tmp_path_factory.mktemp("drafts")
    with a_phone_room(folder, people=4, draft_languages=tuple(DRAFTS)) as room:
        close_test(room.house, room.room, Occasion.PRE, room.trainer)
        open_test(room.house, room.room, Occasion.POST, room.trainer)
        yield room


def a_phone(browser: Browser, draft: str) -> BrowserContext:
    theme = "light" if MAIN.get(draft) == "en" else "dark"  # colours do not know the draft
    options: dict[str, Any] = {
        "viewport": {"width": 320, "height": 640},
        "color_scheme": theme,
    }
    phone = browser.new_context(locale="en-GB" if MAIN.get(draft) == "en" else "ur-PK", **options)
    phone.set_default_timeout(20_000)
    return phone


def faults_of(page: Page, name: str, draft: str) -> list[str]:
    """What is wrong with the screen as it stands."""
    page.wait_for_load_state("networkidle")
    found = [f"{name}: cut off {each}" for each in page.evaluate(CUT_OFF)]
    found += [f"{name} {each}" for each in violations_of(page)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{name}: scrolls sideways")
    lines = page.locator(f"[lang='{draft}'][dir='{LANGUAGES[draft].direction}']")
    if lines.count() < 3:
        found.append(f"{name}: {lines.count()} lines in {draft}")
    return found


@pytest.mark.parametrize("draft", DRAFTS)
def test_every_screen_shows_the_draft_below_and_is_accessible(
    browser: Browser, served: PhoneRoom, draft: str
) -> None:
    faults = []
    with a_phone(browser, draft) as phone:
        page = phone.new_page()
        page.goto(f"{served.base_url}/j/{served.room.workshop.join_code}")
        page.locator("#without-card summary").click()
        page.select_option("#spoken", draft)
        page.locator("#without-card button").click()
        number = page.locator("main .big .code")
        expect(number).to_be_visible()
        places = number.evaluate(PLACES)
        assert places == sorted(places)
        faults += faults_of(page, "consent", draft)
        page.locator("button[value=yes]").click()
        expect(page.locator("#item-1")).to_be_visible()
        faults += faults_of(page, "first question", draft)
        page.locator("#item-1 label").first.click()
        expect(page.locator("[data-state=saved]")).to_be_visible()
        faults += faults_of(page, "saved", draft)
        page.locator("#next").click()
        zero = LANGUAGES[draft].digits
        expect(page.locator("h1 small [data-n]")).to_have_text(zero[2])
        assert page.evaluate(STARTS) < 1
        page.goto(f"{served.base_url}/my/test")
        faults += faults_of(page, "own page", draft)
        for name in ("", "/profile", "/questionnaire"):
            page.goto(f"{served.base_url}/my{name}")
            faults += faults_of(page, f"/my{name}", draft)
        page.goto(f"{served.base_url}/privacy")
        faults += faults_of(page, "privacy", draft)
    assert faults == []
