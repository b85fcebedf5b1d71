"""Every screen of a participant: accessible at every width, in both themes, large and spaced."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.fixtures.accessible import faults_in_every_look, faults_when_large, violations_of
from tests.fixtures.screens import LOOKS, SCREENS, Day, a_whole_day

# What tells one screen from another.
STATE = """() => document.querySelector("main").innerText +
    document.querySelectorAll(":checked, details[open]").length"""

# Whether Urdu is shown in Nastaliq: every page, the test's own document too.
FACE = """() => getComputedStyle(document.querySelector("main [lang=ur], [lang=ur]"))
    .fontFamily.includes("Nastaliq")"""
TEMPLATES = Path(__file__).parents[2] / "app" / "web" / "templates"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A workshop at each hour of its day."""
    with a_whole_day(tmp_path_factory.mktemp("day")) as day:
        yield day


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone, without the worker: it would show its kept test where the network is slow."""
    small = {"width": 320, "height": 568}
    with browser.new_context(viewport=small, service_workers="block") as context:
        context.set_default_timeout(20_000)
        yield context


def test_every_template_that_needs_no_sign_in_is_among_the_screens() -> None:
    places = {place.relative_to(TEMPLATES).as_posix(): place for place in TEMPLATES.rglob("*.html")}
    public = {
        name
        for name, place in places.items()
        if not place.name.startswith(("_", "base"))
        and not name.startswith("trainer/")  # the wall's windows are no staff pages in their look
        and '{% extends "base_staff.html" %}' not in place.read_text(encoding="utf-8")
    }
    assert {screen.template for screen in SCREENS} == public


@pytest.mark.parametrize(("language", "script"), LOOKS)
def test_every_screen_is_accessible_at_every_width_in_both_themes_and_large(
    phone: BrowserContext, day: Day, language: str, script: str
) -> None:
    page = phone.new_page()
    faults: list[str] = []
    seen: dict[str, str] = {}
    for screen in SCREENS:
        answered = day.show(page, screen, language, script)
        assert answered is not None
        assert (screen.name, answered.status) == (screen.name, screen.status)
        state = page.evaluate(STATE)
        assert state not in seen, f"{screen.name} looks like {seen[state]}"
        seen[state] = screen.name
        assert page.get_attribute("html", "lang") == language
        found = faults_when_large(page)
        if language == "ur" and page.evaluate(FACE) != (script == "nastaliq"):
            found.append("not in the letters that were chosen")
        if script == "naskh":  # the letters change nothing that axe looks at
            found += faults_in_every_look(page)
        faults += [f"{screen.name}: {each}" for each in found]
    assert faults == []


def test_without_a_card_the_first_question_stands_there_after_three_taps(
    phone: BrowserContext, day: Day
) -> None:
    page = phone.new_page()
    page.goto(f"{day.served.base_url}/j/{day.words['pre']}")
    page.locator("#without-card summary").click()
    page.locator("#without-card button").click()
    page.locator("button[value=yes]").click()
    expect(page.locator("#item-1")).to_be_visible()
    page.goto(f"{day.served.base_url}/my")
    expect(page.locator("main .big .code")).to_be_visible()


def test_the_page_opens_at_the_field_that_was_typed_wrong(phone: BrowserContext, day: Day) -> None:
    page = phone.new_page()
    page.goto(day.served.base_url)
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
