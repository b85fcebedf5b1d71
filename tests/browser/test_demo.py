"""The demonstration in a real Chromium: the whole loop; every page is accessible."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from tests.fixtures.accessible import violations_of
from tests.fixtures.server import serving

_NOTICE = {"en": "No scores were published", "ur": "2019"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A demonstration of its own, seeded once for this file."""
    folder = tmp_path_factory.mktemp("demo")
    with serving(["demo"], {"TAFAWUT_DATA_DIR": str(folder)}) as (places, _):
        yield dict(places)


def a_phone(browser: Browser, language: str = "en", **wanted: Any) -> BrowserContext:
    """A small phone in light or dark, with a language chosen."""
    options: dict[str, Any] = {"viewport": {"width": 320, "height": 568}} | wanted
    context = browser.new_context(locale="en-GB" if language == "en" else "ur-PK", **options)
    context.set_default_timeout(20_000)
    return context


def open_staff(context: BrowserContext, url: str) -> Page:
    """Sign in by the printed link."""
    page = context.new_page()
    page.goto(url)
    page.locator("main form button").first.click()
    return page


def test_one_visitor_with_one_browser_sees_the_whole_loop(
    browser: Browser, demo: dict[str, Any]
) -> None:
    with (
        a_phone(browser, java_script_enabled=False) as phone,
        a_phone(browser, viewport={"width": 1280, "height": 800}) as laptop,
    ):
        card = demo["cards"][0]
        visitor = phone.new_page()
        visitor.goto(demo["join_url"])
        visitor.fill("#number", card["number"])
        visitor.locator("main button[value=en]").click()
        visitor.locator("button[value=yes]").click()
        answer_everything(visitor)
        expect(visitor.locator("main")).to_contain_text("Pre-test received")
        trainer = open_staff(laptop, demo["trainer_url"])
        room = f"{demo['base_url']}/trainer/workshops/{demo['workshop_id']}"
        trainer.goto(room)
        trainer.get_by_role("link", name="Close now").click()
        trainer.get_by_role("button", name="Close now").click()
        trainer.locator("form[action$='/post/open'] button").click()
        trainer.get_by_role("button", name="Let them take the post-test").click()
        # The room refreshes itself: nobody reloads while 23 people answer, one after another.
        expect(trainer.locator("#progress")).to_contain_text(
            re.compile(r"Finished:\s*23\s*of\s*24"), timeout=60_000
        )
        visitor.goto(f"{demo['base_url']}/my/profile")
        visitor.locator("main form button").last.click()
        visitor.locator("form[action='/my/start'] button").click()
        answer_everything(visitor)
        trainer.get_by_role("link", name="Close now").click()
        trainer.get_by_role("button", name="Close now").click()
        trainer.goto(f"{room}/results")
        expect(trainer.locator("h1")).to_contain_text("Knowledge rose from")
        visitor.goto(f"{demo['base_url']}/my/result")
        expect(visitor.locator("main")).to_contain_text("20")


def answer_everything(page: Page) -> None:
    """The first choice of every question, without a script, and one Send."""
    for number in range(1, 21):
        page.locator(f"input[name='item-{number}']").first.check(force=True)
    page.locator("#review button.primary").click()


def pages_of(demo: dict[str, Any]) -> dict[str, list[str]]:
    room = f"/trainer/workshops/{demo['workshop_id']}"
    return {
        "anybody": [
            "/", "/v", demo["certificate_url"], "/help", "/privacy", "/accessibility", "/about",
            "/sign-in", "/nothing-here", demo["join_url"],
        ],
        "trainer_url": [
            "/trainer", "/trainer/workshops/new", room, f"{room}/cards", f"{room}/attendance",
            f"{room}/results", f"{room}/certificates", f"{room}/edit",
        ],
        "evaluator_url": ["/evaluator"],
        "admin_url": ["/admin"],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["anybody", "trainer_url", "evaluator_url", "admin_url"])
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_accessible_and_never_scrolls_sideways(
    browser: Browser, demo: dict[str, Any], who: str, language: str
) -> None:
    faults: list[str] = []
    with a_phone(browser, language) as context:
        page = context.new_page() if who == "anybody" else open_staff(context, demo[who])
        for path in pages_of(demo)[who]:
            page.goto(path if path.startswith("http") else demo["base_url"] + path)
            faults += [f"{path}: {fault}" for fault in faults_of(page, language)]
    assert faults == []


def faults_of(page: Page, language: str) -> list[str]:
    """What axe finds (English in light, Urdu in dark), what scrolls sideways, a missing notice."""
    page.emulate_media(color_scheme="light" if language == "en" else "dark")
    found = violations_of(page)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("scrolls sideways at 320 px")
    if _NOTICE[language] not in page.inner_text("body"):
        found.append("does not say that it is synthetic")
    if page.evaluate("document.documentElement.lang") != language:
        found.append(f"is not in {language}")
    return found


def test_pages_load_nothing_from_elsewhere_and_break_no_policy(
    browser: Browser, demo: dict[str, Any]
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    with a_phone(browser, viewport={"width": 1280, "height": 800}) as context:
        page = open_staff(context, demo["trainer_url"])
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        for path in [*pages_of(demo)["trainer_url"], "/docs", "/"]:
            page.goto(demo["base_url"] + path, wait_until="networkidle")
    assert [url for url in asked if not url.startswith((demo["base_url"], "data:"))] == []
    assert complaints == []


def test_the_card_sheet_comes_as_a_file_of_one_page_for_24_cards(
    browser: Browser, demo: dict[str, Any]
) -> None:
    with a_phone(browser, viewport={"width": 1280, "height": 800}) as context:
        page = open_staff(context, demo["trainer_url"])
        page.goto(f"{demo['base_url']}/trainer/workshops/{demo['workshop_id']}/cards")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Print the cards").click()
        assert re.fullmatch(r"tafawut-\d{6}-cards\.pdf", waiting.value.suggested_filename)
        assert len(PdfReader(waiting.value.path()).pages) == 1
