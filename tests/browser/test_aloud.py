"""Read aloud on the wall: every question fits at 720p in letters of 18 px or more, by keys."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts import sign_ins
from app.workshops.schemas import Occasion
from tests.fixtures.accessible import violations_of
from tests.fixtures.house import close_test, open_test
from tests.fixtures.page_state import wait_until
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

SIZES = """() => [...document.querySelectorAll("body *")]
    .filter(each => each.checkVisibility() && [...each.childNodes].some(
        node => node.nodeType === 3 && node.textContent.trim()))
    .map(each => parseFloat(getComputedStyle(each).fontSize))"""
FITS = """() => {
    const page = document.documentElement;
    return page.scrollHeight <= page.clientHeight && page.scrollWidth <= page.clientWidth;
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """The multidisciplinary test of 20 questions, whose pre-test is open."""
    with a_phone_room(tmp_path_factory.mktemp("aloud"), people=1) as room:
        yield room


def a_wall(browser: Browser, served: PhoneRoom, language: str = "en", **wanted: Any) -> Page:
    with served.house.unit(writes=True) as work:
        cookie = sign_ins.start_sign_in(work, served.trainer, served.house.sign_in_rules)
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}} | wanted
    context = browser.new_context(**options)
    context.add_cookies([
        {"name": name, "value": value, "url": served.base_url}
        for name, value in (("staff", cookie), ("language", language))
    ])  # fmt: skip
    page = context.new_page()
    page.goto(f"{served.base_url}/trainer/workshops/{served.room.workshop.id}/read-aloud#q1")
    return page


def shown(page: Page) -> list[str]:
    """The ids of the questions that can be seen."""
    found: list[str] = page.locator(".question:visible").evaluate_all("all => all.map(e => e.id)")
    return found


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_question_fits_on_the_wall_in_letters_of_18_px_at_least(
    browser: Browser, served: PhoneRoom, language: str
) -> None:
    page = a_wall(browser, served, language)
    page.evaluate("document.fonts.ready")
    for number in range(1, 21):
        expect(page.locator(f"#q{number}")).to_be_visible()
        assert shown(page) == [f"q{number}"]
        wait_until(page, FITS)
        assert min(page.evaluate(SIZES)) >= 18
        if number in (1, 4, 7):
            assert violations_of(page) == []
        page.keyboard.press("PageDown")
    assert shown(page) == ["q20"]
    page.context.close()


@pytest.mark.parametrize(("language", "onward"), [("en", "ArrowRight"), ("ur", "ArrowLeft")])
def test_arrows_follow_the_reading_and_buttons_do_the_same(
    browser: Browser, served: PhoneRoom, language: str, onward: str
) -> None:
    page = a_wall(browser, served, language)
    back = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}[onward]
    page.keyboard.press(onward)
    expect(page.locator("#q2")).to_be_visible()
    page.locator("#next").click()
    expect(page.locator("#q3")).to_be_visible()
    page.keyboard.press(back)
    expect(page.locator("#q2")).to_be_visible()
    page.locator("#back").click()
    expect(page.locator("#q1")).to_be_visible()
    assert page.locator("#back").is_disabled()
    page.context.close()


def test_without_a_script_the_numbers_lead_to_the_questions(
    browser: Browser, served: PhoneRoom
) -> None:
    page = a_wall(browser, served, java_script_enabled=False)
    assert shown(page) == ["q1"]
    page.locator("nav a", has_text="12").click()
    expect(page.locator("#q12")).to_be_visible()
    assert shown(page) == ["q12"]
    page.context.close()


def test_a_phone_in_the_trainers_hand_reads_it_without_going_sideways(
    browser: Browser, served: PhoneRoom
) -> None:
    for language in ("en", "ur"):
        page = a_wall(browser, served, language, viewport={"width": 320, "height": 568})
        assert violations_of(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.context.close()


def test_the_questions_leave_the_wall_when_the_test_closes(
    browser: Browser, served: PhoneRoom
) -> None:
    page = a_wall(browser, served)
    expect(page.locator("#q1")).to_be_visible()
    close_test(served.house, served.room, Occasion.PRE, served.trainer)
    expect(page.locator("#over")).to_be_visible()
    assert shown(page) == []
    open_test(served.house, served.room, Occasion.PRE, served.trainer)
    expect(page.locator("#q1")).to_be_visible()
    page.context.close()
