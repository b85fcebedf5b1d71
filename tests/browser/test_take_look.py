"""The test's screens: accessible in every state, by keyboard alone, large, without a script."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.fixtures.accessible import faults_in_every_look, faults_when_large
from tests.fixtures.browser_phone import ITEMS, SMALL, Phone
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

cards = count()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """One room for this file; every test takes a card of its own."""
    with a_phone_room(tmp_path_factory.mktemp("room"), people=10) as room:
        yield room


def states_of(phone: Phone, language: str) -> Iterator[str]:
    """The phone in one state after the other, from the first question to the rescue."""
    yield "first question"
    phone.page.click("#say-both")
    yield "both languages"
    phone.page.click(f"#say-{language}")
    phone.answer_next("a", 18)
    while phone.item:
        phone.page.click("#next")
    phone.waits_for("saved")
    yield "review"
    phone.context.set_offline(True)
    phone.page.click("#back")
    phone.answer_next("a")
    phone.send()
    phone.waits_for("phone")
    yield "waiting"
    for _ in range(11):
        phone.page.clock.run_for(30_000)
    phone.page.click("#rescue-offer")
    yield "rescue"


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_state_is_accessible_at_every_width_in_both_themes(
    context: BrowserContext, room: PhoneRoom, language: str
) -> None:
    phone = Phone(context, room, next(cards))
    phone.page.clock.install()
    phone.join(language)
    faults = []
    for state in states_of(phone, language):
        faults += [f"{state} {fault}" for fault in faults_in_every_look(phone.page, 640)]
    assert faults == []


@pytest.mark.parametrize("language", ["en", "ur"])
def test_large_and_spaced_text_clips_nothing_and_scrolls_nothing_sideways(
    context: BrowserContext, room: PhoneRoom, language: str
) -> None:
    phone = Phone(context, room, next(cards))
    phone.page.clock.install()
    phone.join(language)
    faults = []
    for state in states_of(phone, language):
        faults += [f"{state} {fault}" for fault in faults_when_large(phone.page)]
    assert faults == []


def test_the_keyboard_alone_takes_the_whole_test(context: BrowserContext, room: PhoneRoom) -> None:
    phone = Phone(context, room, next(cards))
    phone.join()
    keyboard = phone.page.keyboard
    for item in ITEMS:
        expect(phone.page.locator(f"#item-{item}")).to_be_visible()
        if item != "1":
            expect(phone.page.locator(f"#item-{item} legend")).to_be_focused()
        while phone.page.evaluate("document.activeElement.tagName") != "INPUT":
            keyboard.press("Tab")
        keyboard.press("Space")
        assert phone.item == item
        assert is_in_sight(phone.page)
        if item == "2":
            keyboard.press("ArrowDown")
            keyboard.press("ArrowDown")
            assert is_in_sight(phone.page)
        keyboard.press("Enter")
    expect(phone.page.locator("#end-title")).to_be_focused()
    phone.page.focus("#review button.primary")
    assert is_in_sight(phone.page)
    keyboard.press("Enter")
    phone.is_received()
    assert phone.stored() == dict.fromkeys(ITEMS, "a") | {"2": "c"}


def is_in_sight(page: Page) -> bool:
    """Whether the pinned bar and the screen's edges leave what has the focus uncovered."""
    seen: bool = page.evaluate(
        """() => {
            const box = document.activeElement.getBoundingClientRect();
            const pin = document.getElementById("pin").getBoundingClientRect();
            return box.top >= 0 && box.bottom <= (pin.height ? pin.top : innerHeight) + 1;
        }"""
    )
    return seen


def test_ticking_never_moves_the_page_and_every_target_is_large(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = Phone(context, room, next(cards))
    phone.join("ur")
    places = "() => [scrollY, document.querySelector('legend').getBoundingClientRect().top]"
    for option in ("a", "b"):
        before = phone.page.evaluate(places)
        phone.page.locator(f"#item-1 input[value={option}]").dispatch_event("click")
        phone.waits_for("saved")
        assert phone.page.evaluate(places) == before
    small = phone.page.eval_on_selector_all(
        "button, label, a",
        "all => all.filter(each => each.offsetHeight && each.offsetHeight < 44)"
        ".map(each => each.outerHTML.slice(0, 60))",
    )
    assert small == []


@pytest.mark.parametrize("language", ["en", "ur"])
def test_without_a_script_it_is_one_long_form(
    browser: Browser, room: PhoneRoom, language: str
) -> None:
    card = next(cards)
    with browser.new_context(**SMALL, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{room.base_url}/j/{room.room.workshop.join_code}")
        page.fill("#number", room.room.cards[card].card.number)
        page.click(f"button[value={language}]")
        page.click("button[value=yes]")
        assert page.locator(".item:visible").count() == len(ITEMS)
        assert page.locator(".js-only:visible, #waiting:visible, .pin:visible").count() == 0
        assert page.locator("[data-state]:visible").count() == 0
        for item in ITEMS:
            page.click(f"#item-{item} label >> nth=0")
        page.click("main button.primary")
        page.wait_for_url("**/my")
        assert room.letters(card) == dict.fromkeys(ITEMS, "a")
