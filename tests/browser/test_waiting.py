"""The desk looks again by itself, only while somebody sees it, and says what has changed."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.participants import service as participants
from app.workshops.schemas import Occasion
from tests.fixtures.house import close_test, open_test
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

TURN = 16_000


@pytest.fixture
def served(tmp_path: Path) -> Iterator[PhoneRoom]:
    """A room whose pre-test has been closed: everybody waits."""
    with a_phone_room(tmp_path, people=3) as room:
        close_test(room.house, room.room, Occasion.PRE, room.trainer)
        yield room


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone."""
    with browser.new_context(viewport={"width": 320, "height": 568}) as context:
        context.set_default_timeout(20_000)
        yield context


def a_desk(phone: BrowserContext, served: PhoneRoom, person: int, language: str = "en") -> Page:
    """The desk of somebody who agreed, with a clock that the test turns."""
    page = phone.new_page()
    page.goto(served.base_url + served.card_path(person))
    page.locator(f"main button[value={language}]").click()
    page.locator("main button[value=yes]").click()
    page.clock.install()
    page.goto(f"{served.base_url}/my")
    return page


def test_the_button_appears_when_the_test_opens_and_is_announced(
    phone: BrowserContext, served: PhoneRoom
) -> None:
    page = a_desk(phone, served, 0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.get_by_role("link", name="Check again")).to_be_visible()
    with page.expect_response("**/my/live"):
        page.clock.fast_forward(TURN)
    expect(page.locator("#said")).to_be_empty()
    open_test(served.house, served.room, Occasion.PRE, served.trainer)
    page.clock.fast_forward(TURN)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    expect(page.locator("#said")).to_contain_text("The pre-test is open")
    assert page.title().startswith("The pre-test is open")
    assert {url.rpartition("/")[2] for url in asked} == {"live"}
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#item-1")).to_be_visible()


def test_nothing_is_asked_while_nobody_sees_the_page(
    phone: BrowserContext, served: PhoneRoom
) -> None:
    page = a_desk(phone, served, 0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => window.isAway, configurable: true});"
        "window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.clock.fast_forward(10 * TURN)
    assert asked == []
    with page.expect_response("**/my/live"):
        page.evaluate(
            "window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))"
        )


def test_it_asks_less_often_while_the_server_is_away_and_goes_on_afterwards(
    phone: BrowserContext, served: PhoneRoom
) -> None:
    page = a_desk(phone, served, 0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    served.stop()
    for _ in range(16):
        page.clock.run_for(15_000)
        while len(failed) < len(asked):
            page.wait_for_timeout(20)
    # 15, 30, 60 and 120 seconds apart: at most five in four minutes.
    assert 2 <= len(asked) <= 5
    expect(page.get_by_role("link", name="Check again")).to_be_visible()
    served.start()
    open_test(served.house, served.room, Occasion.PRE, served.trainer)
    start = page.get_by_role("button", name="Start")
    for _ in range(5):  # on a busy machine the first question after so long may still fail
        page.clock.run_for(121_000)
        with suppress(AssertionError):
            expect(start).to_be_visible(timeout=4_000)
            break
    expect(start).to_be_visible()


def test_a_phone_that_waits_goes_on_when_the_trainer_lets_it_in(
    phone: BrowserContext, served: PhoneRoom
) -> None:
    a_desk(phone, served, 1)
    phone.clear_cookies()
    page = phone.new_page()
    page.goto(f"{served.base_url}/j/{served.room.workshop.join_code}")
    page.fill("#number", served.room.cards[1].card.number)
    page.locator("main button[value=en]").click()
    expect(page.locator("h1")).to_have_text("Show this to the trainer")
    page.clock.install()
    page.reload()
    with served.house.unit(writes=True) as work:
        number = served.room.cards[1].card.number
        participants.admit_phone(work, served.room.workshop, number, by=served.trainer)
    page.clock.fast_forward(TURN)
    expect(page.locator("h1")).not_to_have_text("Show this to the trainer")


def test_without_a_script_the_button_does_the_same(browser: Browser, served: PhoneRoom) -> None:
    with browser.new_context(java_script_enabled=False) as phone:
        page = phone.new_page()
        card = served.room.cards[2].card
        page.goto(f"{served.base_url}/j/{served.room.workshop.join_code}/{card.number}")
        page.locator("main button[value=en]").click()
        page.locator("main button[value=yes]").click()
        open_test(served.house, served.room, Occasion.PRE, served.trainer)
        page.get_by_role("link", name="Check again").click()
        expect(page.get_by_role("button", name="Start")).to_be_visible()
