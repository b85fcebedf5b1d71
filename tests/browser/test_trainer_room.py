"""The room that stays open: it says when what it shows is old, and why; and what can be copied.

Time is moved by hand in the page; the server is really away, in trouble, silent, or asks who it is.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.accounts import sign_ins
from tests.fixtures.final_rooms import a_final_workshop, people
from tests.fixtures.loop import change
from tests.fixtures.phone_room import PhoneRoom

TURN = 4  # seconds
AWAY = "The server does not answer."
SIGNED_OUT = "You are no longer signed in."


@pytest.fixture
def laptop(browser: Browser, room: PhoneRoom) -> Iterator[BrowserContext]:
    """The trainer's laptop, signed in."""
    with browser.new_context(locale="en-GB") as context:
        sign_in(context, room)
        yield context


def sign_in(context: BrowserContext, room: PhoneRoom) -> None:
    with room.house.unit(writes=True) as work:
        cookie = sign_ins.start_sign_in(work, room.trainer, room.house.sign_in_rules)
    context.add_cookies([{"name": "staff", "value": cookie, "url": room.base_url}])


def open_room(context: BrowserContext, room: PhoneRoom) -> tuple[Page, Locator]:
    """The room, whose clock stands still, and what it says of old numbers."""
    page = context.new_page()
    page.clock.install()
    page.goto(f"{room.base_url}/trainer/workshops/{room.room.workshop.id}")
    stale = page.locator("#progress-stale")
    expect(stale).to_be_hidden()
    return page, stale


def pass_turns(page: Page, turns: int) -> None:
    """Let the page's clock go on; what it asks meanwhile is answered, or not, in real time."""
    for _ in range(turns * TURN):
        page.clock.run_for(1_000)
        page.wait_for_timeout(100)


def is_told_in_the_fourth_turn(page: Page, stale: Locator) -> None:
    pass_turns(page, 2)
    expect(stale).to_be_hidden()  # a moment without a network is nothing to talk about
    pass_turns(page, 2)
    expect(stale).to_be_visible()
    expect(stale).to_contain_text(AWAY)
    expect(stale.get_by_text(SIGNED_OUT)).to_be_hidden()


def is_over(page: Page, stale: Locator) -> None:
    for _ in range(10):
        pass_turns(page, 1)
        if stale.is_hidden():
            return
    expect(stale).to_be_hidden()


def test_a_server_that_is_gone_is_told_until_it_is_back(
    laptop: BrowserContext, room: PhoneRoom
) -> None:
    page, stale = open_room(laptop, room)
    room.stop()
    is_told_in_the_fourth_turn(page, stale)
    expect(page.locator("#progress-body .tile").first).to_be_visible()
    room.start()
    is_over(page, stale)


def test_a_server_that_takes_the_question_and_says_nothing_is_told(
    laptop: BrowserContext, room: PhoneRoom
) -> None:
    page, stale = open_room(laptop, room)
    room.stop()
    with room.black_hole():
        is_told_in_the_fourth_turn(page, stale)
    room.start()
    is_over(page, stale)


def test_a_server_in_trouble_is_told(laptop: BrowserContext, room: PhoneRoom) -> None:
    page, stale = open_room(laptop, room)
    change(room.house, "ALTER TABLE cards RENAME TO gone")
    is_told_in_the_fourth_turn(page, stale)
    change(room.house, "ALTER TABLE gone RENAME TO cards")
    is_over(page, stale)


def test_a_sign_in_that_ended_is_told_at_once_with_the_way_back(
    laptop: BrowserContext, room: PhoneRoom
) -> None:
    page, stale = open_room(laptop, room)
    laptop.clear_cookies()
    pass_turns(page, 1)
    expect(stale).to_be_visible()
    expect(stale).to_contain_text(SIGNED_OUT)
    expect(stale.get_by_text(AWAY)).to_be_hidden()
    sign_in(laptop, room)  # in another window
    is_over(page, stale)
    laptop.clear_cookies()
    pass_turns(page, 1)
    stale.get_by_role("link", name="Sign in again").click()
    here = f"/trainer/workshops/{room.room.workshop.id}"
    expect(page.locator("[name=next]")).to_have_value(here)


def test_a_paragraph_is_copied_with_and_without_a_secure_context(
    laptop: BrowserContext, room: PhoneRoom
) -> None:
    workshop = a_final_workshop(room.house, room.trainer, people(12))
    page = laptop.new_page()
    page.goto(f"{room.base_url}/trainer/workshops/{workshop.id}/results")
    for language in ("ur", "en"):
        words = page.locator(f"#paragraph-{language}").inner_text()
        button = page.locator(f"[data-copy=paragraph-{language}]")
        expect(button).to_contain_text("Copy")
        button.click()
        expect(button).to_have_text("Copied")
        other = laptop.new_page()
        other.goto(f"{room.base_url}/trainer/workshops/{workshop.id}/people")
        other.focus("#pasted")
        other.keyboard.press("Control+V")
        assert other.input_value("#pasted").strip() == words
        other.close()
