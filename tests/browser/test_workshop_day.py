"""A whole day: one trainer's laptop, 25 phones, from an empty page to the certificates.

Taps and keys are counted on both sides and held against interfaces.md §8.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.accounts import service as accounts
from app.accounts.schemas import Purpose
from app.participants import service as participants
from app.workshops import service as workshops
from tests.fixtures.browser_phone import SMALL, Phone
from tests.fixtures.house import Room
from tests.fixtures.loop import keys_of
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

PEOPLE = 25
BEFORE = [4 + number % 9 for number in range(PEOPLE)]  # 193 of 500 points: 38.6 %
AFTER = [each + 5 + number % 3 for number, each in enumerate(BEFORE)]  # 342 of 500: 68.4 %
LIVE_MS = 5_000
_TAKE = """chosen => {
    let taps = 0;
    for (;;) {
        const shown = document.querySelector(".item:not([hidden])");
        if (!shown) return taps;
        for (const letter of chosen[shown.id.slice(5)]) {
            shown.querySelector(`input[value="${letter}"]`).closest("label").click();
            taps += 1;
        }
        document.getElementById("next").click();
        taps += 1;
    }
}"""


class Taps:
    """Does what a finger does, and counts it; a field counts its keys."""

    def __init__(self) -> None:
        self.taps = self.keys = 0

    def tap(self, place: Locator) -> None:
        """One tap."""
        self.taps += 1
        place.click()

    def fill(self, place: Locator, text: str) -> None:
        """Typed text."""
        self.keys += len(text)
        place.fill(text)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A service with a trainer, whose own day has not begun."""
    with a_phone_room(tmp_path_factory.mktemp("day"), people=1) as room:
        yield room


def test_a_whole_day_with_25_phones(browser: Browser, served: PhoneRoom) -> None:
    with ExitStack() as open_windows:

        def window(**wanted: object) -> BrowserContext:
            return open_windows.enter_context(browser.new_context(**wanted))  # type: ignore[arg-type]

        laptop = window(viewport={"width": 1280, "height": 720}, locale="en-GB")
        laptop.set_default_timeout(20_000)
        page = sign_in(laptop, served)
        here = set_up(page, served)
        phones = [Phone(window(**SMALL), served, card) for card in range(PEOPLE)]
        join(phones)
        answer(phones, served, BEFORE)
        fill_in_profile(phones[0].page)
        finish_test(page, "Pre-test")
        look_at_topics(page)
        page.goto(here)
        page.get_by_role("button", name="Open the post-test").click()
        expect(page.locator(".steps [aria-current]")).to_have_text("Post-test")
        for phone in phones:
            come_back(phone)
        answer(phones, served, AFTER)
        finish_test(page, "Post-test")
        see_the_rise(page, here)
        hand_out_certificates(page, here, phones)


def sign_in(laptop: BrowserContext, served: PhoneRoom) -> Page:
    """The trainer's page on the laptop."""
    with served.house.unit(writes=True) as work:
        token = accounts.make_one_time_link(work, served.trainer, purpose=Purpose.SIGN_IN)
    page = laptop.new_page()
    page.goto(f"{served.base_url}/one-time/{token}")
    page.click("main .primary")
    return page


def set_up(page: Page, served: PhoneRoom) -> str:
    """Plan, make 25 cards, open the pre-test: at most 6 interactions and what is typed."""
    hand = Taps()
    hand.tap(page.get_by_role("link", name="New workshop"))
    hand.fill(page.locator("#place"), "Karachi")
    hand.fill(page.locator("#cards"), str(PEOPLE))
    hand.tap(page.get_by_role("button", name="Create"))
    hand.tap(page.get_by_label("I have read these questions"))
    hand.tap(page.get_by_role("button", name="Open the pre-test"))
    expect(page.locator(".steps [aria-current]")).to_have_text("Pre-test")
    assert hand.taps <= 6
    here = page.url
    with served.house.unit(writes=False) as work:
        (workshop,) = [
            each
            for each in workshops.find_workshops_of_trainer(work, served.trainer)
            if here.endswith(each.id)
        ]
        served.room = Room(workshop, tuple(participants.find_printed_cards(work, workshop)))
    assert len(served.room.cards) == PEOPLE
    return here


def join(phones: list[Phone]) -> None:
    """By the card's square: the first question after at most three taps."""
    for phone in phones:
        hand = Taps()
        phone.page.goto(phone.room.base_url + phone.room.card_path(phone.card))
        hand.tap(phone.page.locator("button[value=en]"))
        hand.tap(phone.page.locator("button[value=yes]"))
        phone.is_ready()
        assert phone.item == "1"
        assert hand.taps <= 3


def answer(phones: list[Phone], served: PhoneRoom, points: list[int]) -> None:
    """Everybody takes the test; who ticks once a question needs 41 taps for 20 of them."""
    keys = keys_of(served.house, served.room)
    for phone, wanted in zip(phones, points, strict=True):
        chosen = {
            key.item: sorted(key.keys) if place < wanted else ["dk"]
            for place, key in enumerate(keys)
        }
        taps = phone.page.evaluate(_TAKE, chosen)
        phone.send()
        assert taps + 1 == 41 + sum(len(letters) - 1 for letters in chosen.values())
    for phone in phones:
        phone.page.wait_for_url("**/my")


def fill_in_profile(page: Page) -> None:
    """Four answers and Continue."""
    page.click("main .primary")
    hand = Taps()
    for value in ("woman", "police", "3-5"):
        hand.tap(page.locator(f"label:has(input[value='{value}'])"))
    hand.taps += 1
    page.select_option("#province", "PK-SD")
    hand.tap(page.get_by_role("button", name="Continue"))
    page.wait_for_url("**/my")
    assert hand.taps <= 5


def finish_test(page: Page, name: str) -> None:
    """The room shows everybody as finished, live; two taps close the test."""
    said = page.locator("#progress-said")
    expect(said).to_contain_text(f"Finished: {PEOPLE} of {PEOPLE}", timeout=LIVE_MS)
    hand = Taps()
    hand.tap(page.get_by_role("link", name="Close now"))
    expect(page.locator("h1")).to_have_text(f"Close: {name}?")
    expect(page.locator("main")).to_contain_text("Everybody who began has finished.")
    hand.tap(page.get_by_role("button", name="Close now"))
    expect(page.locator(".steps [aria-current]")).not_to_have_text(name)
    assert hand.taps <= 2


def look_at_topics(page: Page) -> None:
    """One tap; the weakest topic first."""
    page.get_by_role("link", name="Teach these first").click()
    said = page.locator(".first").first.inner_text()
    tenths = [int(each) for each in re.findall(r"about (\d+) of 10", said)]
    assert tenths == sorted(tenths)
    assert tenths


def come_back(phone: Phone) -> None:
    """For the post-test: scan the card again, then at most two taps to the first question."""
    phone.page.goto(phone.room.base_url + phone.room.card_path(phone.card))
    hand = Taps()
    hand.tap(phone.page.locator("button[value=en]"))
    hand.tap(phone.page.locator("main .primary"))
    phone.is_ready()
    assert phone.item == "1"
    assert hand.taps <= 2


def see_the_rise(page: Page, here: str) -> None:
    """The finding as the title, a paragraph to paste, and the same on the wall."""
    page.get_by_role("link", name="See the results").click()
    expect(page.locator("h1")).to_have_text("Knowledge rose from 39% to 68%")
    expect(page.locator("#paragraph-en")).to_contain_text("25")
    wall = page.context.new_page()
    wall.goto(f"{here}/projector#reveal")
    expect(wall.locator("#reveal")).to_contain_text("39%")
    wall.keyboard.press("Space")
    expect(wall.locator("#reveal")).to_contain_text("68%")
    wall.close()


def hand_out_certificates(page: Page, here: str, phones: list[Phone]) -> None:
    """Attendance for everybody is one tap, a name two; then all are issued with one."""
    page.goto(f"{here}/attendance")
    page.locator("form[action$='/attendance/all'] button").first.click()
    for phone in phones:
        phone.page.goto(f"{phone.room.base_url}/my/name")
        phone.page.fill("#latin", f"Synthetic Person {phone.card + 1}")
        phone.page.get_by_role("button", name="Keep this name").click()
        phone.page.wait_for_url("**/my")
    page.goto(f"{here}/certificates")
    page.get_by_role("button", name=f"Issue {PEOPLE}").click()
    expect(page.locator("main")).to_contain_text(f"Issued: {PEOPLE}.")
    number = page.locator("a.made").first.get_attribute("href")
    page.goto(f"{phones[0].room.base_url}{number}")
    expect(page.locator("h1")).to_contain_text("Genuine")
