"""Sheets of paper typed in a real Chromium: the keys counted, each question named, accessible."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts import sign_ins
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.accessible import violations_of
from tests.fixtures.house import Room, a_workshop, open_test
from tests.fixtures.loop import rows
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


@dataclass
class Desk:
    """A served workshop whose pre-test is open, its trainer's sign-in, and cards to use up."""

    served: PhoneRoom
    cookie: str
    room: Room
    cards: Iterator[str]

    @property
    def address(self) -> str:
        """The page where sheets are typed."""
        return f"{self.served.base_url}/trainer/workshops/{self.room.workshop.id}/paper"

    def stored(self, card: str) -> dict[str, Any]:
        """The sitting that belongs to a card."""
        (row,) = rows(
            self.served.house,
            "SELECT s.* FROM sittings s JOIN participants p ON p.id = s.participant_id "
            "JOIN cards c ON c.id = p.card_id WHERE c.number = :card AND c.workshop_id = :workshop",
            card=card,
            workshop=self.room.workshop.id,
        )
        return row


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The multidisciplinary test: 17 questions with one answer, 3 with several."""
    with a_phone_room(tmp_path_factory.mktemp("paper"), people=30) as room:
        with room.house.unit(writes=True) as work:
            cookie = sign_ins.start_sign_in(work, room.trainer, room.house.sign_in_rules)
        cards = iter([each.card.number for each in room.room.cards])
        yield Desk(room, cookie, room.room, cards)


def a_page(browser: Browser, desk: Desk, **wanted: Any) -> Page:
    language = wanted.pop("language", "en")
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}} | wanted
    context = browser.new_context(**options)
    context.add_cookies([
        {"name": name, "value": value, "url": desk.served.base_url}
        for name, value in (("staff", desk.cookie), ("language", language))
    ])  # fmt: skip
    page = context.new_page()
    page.goto(desk.address)
    return page


def parts_of(page: Page) -> list[bool]:
    """Of each question on the line, whether several letters may stand."""
    asked = page.locator("#occasion option:checked").get_attribute("data-asked") or ""
    return [part.endswith("+") for part in asked.split()]


def test_a_sheet_costs_a_key_for_each_digit_and_question_and_enter(
    browser: Browser, desk: Desk
) -> None:
    page, card = a_page(browser, desk), next(desk.cards)
    several = parts_of(page)
    assert len(several) == 20
    keys = list(card)
    for is_several in several[:-1]:
        keys += ["a", "Enter"] if is_several else ["a"]
    keys += ["b", "Enter"]
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator("[role=status]")).to_contain_text("is saved")
    # 4 + 20 + Enter, and one Enter more for each question with several letters but the last.
    assert len(keys) == 25 + sum(several[:-1])
    row = desk.stored(card)
    assert (row["is_paper"], row["answered_count"], row["state"]) == (1, 20, "submitted")
    expect(page.locator("#typed")).to_be_focused()
    expect(page.locator("#typed")).to_have_value("")
    page.context.close()


def test_the_question_under_the_cursor_and_what_is_wrong_are_told_at_once(
    browser: Browser, desk: Desk
) -> None:
    page, card = a_page(browser, desk), next(desk.cards)
    where, wrong = page.locator("#where"), page.locator("#wrong")
    expect(where).to_have_text("The card's four digits")
    page.keyboard.type(card)
    expect(where).to_have_text("Question 1 · letters A–E")
    page.keyboard.type("ab")
    expect(where).to_contain_text("Question 3")
    page.keyboard.type("c")
    expect(where).to_have_text("Question 4 · letters A–G · several, then Enter")
    page.keyboard.type("aa")
    expect(wrong).to_have_text("Question 4 has a twice.")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(where).to_contain_text("Question 5")
    page.keyboard.press("Space")
    expect(page.locator("#typed")).to_have_value(card + "abca/-")
    page.keyboard.type("z")
    expect(wrong).to_have_text("Question 6 has no z.")
    expect(where).to_be_hidden()
    page.locator("#typed").fill(card[:3] + str((int(card[3]) + 1) % 10))
    expect(wrong).to_have_text("One digit is wrong. Look at the sheet: 4 digits.")
    page.context.close()


def test_digits_of_another_script_and_an_urdu_keyboard_are_understood(
    browser: Browser, desk: Desk
) -> None:
    page, card = a_page(browser, desk, language="ur"), next(desk.cards)
    page.locator("#typed").fill("".join("۰۱۲۳۴۵۶۷۸۹"[int(each)] for each in card) + "۱")
    page.locator("#typed").press("End")
    page.evaluate(
        """() => document.getElementById("typed").dispatchEvent(new KeyboardEvent("keydown",
        {key: "ب", code: "KeyB", bubbles: true, cancelable: true}))"""
    )
    expect(page.locator("#typed")).to_have_value(
        "".join("۰۱۲۳۴۵۶۷۸۹"[int(each)] for each in card) + "۱B"
    )
    assert page.locator("#read li").all_inner_texts() == ["1 A", "2 B"]
    expect(page.locator("#where")).to_contain_text("3")
    page.context.close()


def test_without_a_script_the_same_line_is_taken_and_corrected(
    browser: Browser, desk: Desk
) -> None:
    page, card = a_page(browser, desk, java_script_enabled=False), next(desk.cards)
    line = card + "".join("A/" if each else "A" for each in parts_of(page))
    page.locator("#typed").fill(line[:-4])
    page.keyboard.press("Enter")
    expect(page.locator(".note[role=alert]")).to_contain_text("Question")
    expect(page.locator("#typed")).to_have_value(line[:-4])
    page.locator("#typed").fill(line)
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("Questions answered: 20")
    page.locator("summary").click()
    page.locator("#again").fill(card + "-" + line[5:])
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator("[role=status]")).to_contain_text("is corrected")
    assert desk.stored(card)["answered_count"] == 19
    page.context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_before_in_and_after_and_nothing_goes_sideways(
    browser: Browser, desk: Desk, width: int, language: str, scheme: str
) -> None:
    look: dict[str, Any] = {"color_scheme": scheme, "language": language}
    page = a_page(browser, desk, viewport={"width": width, "height": 800}, **look)
    card = next(desk.cards)
    for line in ("", card + "aZ"):
        page.locator("#typed").fill(line)
        assert violations_of(page) == []
        assert not page.evaluate(SIDEWAYS)
    line = card + "".join("AB/" if each else "B" for each in parts_of(page))
    page.locator("#typed").fill(line)
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_be_visible()
    page.locator("summary").click()
    assert violations_of(page) == []
    assert not page.evaluate(SIDEWAYS)
    page.context.close()


def test_another_form_asks_for_its_own_questions(browser: Browser, desk: Desk) -> None:
    made = a_workshop(desk.served.house, desk.served.trainer, people=1, audience=Audience.LEA_DATA)
    open_test(desk.served.house, made, Occasion.PRE, desk.served.trainer)
    page = a_page(browser, Desk(desk.served, desk.cookie, made, iter([])))
    several = parts_of(page)
    assert len(several) == 10
    page.keyboard.type(made.cards[0].card.number)
    for is_several in several:
        page.keyboard.press("2")
        if is_several:
            page.keyboard.press("/")
    expect(page.locator("#where")).to_have_text("The sheet is whole: Enter saves it.")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("Questions answered: 10")
    page.context.close()
