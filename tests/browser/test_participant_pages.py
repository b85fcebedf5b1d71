"""Every screen of a participant at 320 px: accessible in both themes, wide targets, no sideways."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.workshops.schemas import Occasion
from tests.fixtures.accessible import violations_of
from tests.fixtures.house import close_test, open_test
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

LOOKS = [("en", "naskh"), ("ur", "naskh"), ("ur", "nastaliq")]
# A link inside a sentence may be as high as its line (WCAG 2.5.8, inline).
TOO_SMALL = """() => Array.from(document.querySelectorAll("a, button, input, summary, select"))
    .filter(each => each.offsetHeight && !each.matches(".skip, [hidden], p a, li a, details a"))
    .filter(each => each.getBoundingClientRect().height < 47.9)
    .map(each => each.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room that goes through its day with the tests of this file, one room for each look."""
    with a_phone_room(tmp_path_factory.mktemp("pages"), people=12) as room:
        close_test(room.house, room.room, Occasion.PRE, room.trainer)
        open_test(room.house, room.room, Occasion.POST, room.trainer)
        yield room


def a_phone(browser: Browser, served: PhoneRoom, language: str, script: str) -> BrowserContext:
    """A small phone with its language and letters chosen."""
    options: dict[str, Any] = {"viewport": {"width": 320, "height": 568}}
    phone = browser.new_context(locale="en-GB" if language == "en" else "ur-PK", **options)
    phone.set_default_timeout(20_000)
    phone.add_cookies([{"name": "script", "value": script, "url": served.base_url}])
    return phone


def faults_of(page: Page, name: str) -> list[str]:
    """What is wrong with the screen as it stands."""
    page.wait_for_load_state("networkidle")
    found = [f"{name}: too small {each}" for each in page.evaluate(TOO_SMALL)]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{name} {theme} {each}" for each in violations_of(page)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{name}: scrolls sideways")
    return found


@pytest.mark.parametrize(("language", "script"), LOOKS)
def test_every_screen_of_a_participant_is_accessible(
    browser: Browser, served: PhoneRoom, language: str, script: str
) -> None:
    faults = []
    with a_phone(browser, served, language, script) as phone:
        page = phone.new_page()
        way_in = f"{served.base_url}/j/{served.room.workshop.join_code}"
        page.goto(served.base_url)
        page.fill("#code", "123456")
        faults += faults_of(page, "home")
        page.goto(way_in)
        page.fill("#number", "1234")
        page.locator("#without-card summary").click()
        faults += faults_of(page, "join")
        page.locator("#without-card button").click()
        expect(page.locator("main .big .code")).to_be_visible()
        faults += faults_of(page, "consent")
        page.locator("button[value=no]").click()
        faults += faults_of(page, "declined")
        page.goto(f"{served.base_url}/my/consent")
        page.locator("[name=helped]").check(force=True)
        page.locator("button[value=yes]").click()
        expect(page.locator("#item-1")).to_be_visible()
        page.goto(f"{served.base_url}/my")
        faults += faults_of(page, "desk")
        page.locator("form[action='/my/call'] button").click()
        expect(page.locator("main .note.good")).to_be_visible()
        faults += faults_of(page, "called")
        page.goto(f"{served.base_url}/my/questionnaire")
        faults += faults_of(page, "questionnaire")
        while page.locator("#next").is_visible():
            page.locator("#next").click()
        faults += faults_of(page, "questionnaire's end")
        page.goto(f"{served.base_url}/my/profile")
        faults += faults_of(page, "profile")
    assert faults == []


def test_without_a_card_the_first_question_stands_there_after_three_taps(
    browser: Browser, served: PhoneRoom
) -> None:
    with a_phone(browser, served, "ur", "nastaliq") as phone:
        page = phone.new_page()
        page.goto(f"{served.base_url}/j/{served.room.workshop.join_code}")
        page.locator("#without-card summary").click()
        page.locator("#without-card button").click()
        page.locator("button[value=yes]").click()
        expect(page.locator("#item-1")).to_be_visible()
        page.goto(f"{served.base_url}/my")
        expect(page.locator("main .big .code")).to_be_visible()


def test_the_page_opens_at_the_field_that_was_typed_wrong(
    browser: Browser, served: PhoneRoom
) -> None:
    with a_phone(browser, served, "ur", "naskh") as phone:
        page = phone.new_page()
        page.goto(served.base_url)
        page.fill("#code", "123456")
        page.locator("main .primary").click()
        field = page.locator("#code[aria-invalid=true]")
        expect(field).to_be_focused()
        expect(field).to_be_in_viewport()
        expect(field).to_have_value("123456")


def test_axe_is_heard_on_a_page_that_stays_open(browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=x></main>")
        assert violations_of(page) == ["image-alt img"]
        page.evaluate("document.querySelector('img').alt = ''")
        assert violations_of(page) == []
