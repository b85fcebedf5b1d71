"""The questionnaire on a phone: one question at a time; nothing of it stays or travels along."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.workshops.schemas import Occasion
from tests.fixtures.house import close_test, open_test
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

KEPT = """async () => [
    localStorage.length, sessionStorage.length, (await indexedDB.databases()).length
]"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room whose post-test is open, and the questionnaire with it."""
    folder = tmp_path_factory.mktemp("questionnaire")
    with a_phone_room(folder, people=6) as room:
        close_test(room.house, room.room, Occasion.PRE, room.trainer)
        open_test(room.house, room.room, Occasion.POST, room.trainer)
        yield room


def open_questionnaire(
    phone: BrowserContext, served: PhoneRoom, person: int, language: str = "en"
) -> Page:
    phone.set_default_timeout(20_000)
    page = phone.new_page()
    page.goto(served.base_url + served.card_path(person))
    page.locator(f"#join button[value={language}]").click()
    page.locator("main button[value=no]").click()
    page.goto(f"{served.base_url}/my/questionnaire")
    return page


@pytest.mark.parametrize(("language", "person"), [("en", 0), ("ur", 1)])
def test_one_question_stands_on_the_screen_at_a_time(
    browser: Browser, served: PhoneRoom, language: str, person: int
) -> None:
    with browser.new_context(viewport={"width": 320, "height": 568}) as phone:
        page = open_questionnaire(phone, served, person, language)
        items = page.locator(".item")
        count = items.count()
        assert count >= 5
        for place in range(count):
            shown = [items.nth(each).is_visible() for each in range(count)]
            assert shown == [each == place for each in range(count)]
            expect(page.locator("#where")).to_have_text(f"{place + 1} / {count}")
            assert page.locator("#send").is_visible() is (place == count - 1)
            if place < count - 1:
                page.locator("#next").click()
                expect(items.nth(place + 1)).to_be_focused()
        page.locator("#back").click()
        expect(items.nth(count - 2)).to_be_visible()


def test_enter_in_the_middle_sends_nothing(browser: Browser, served: PhoneRoom) -> None:
    with browser.new_context() as phone:
        page = open_questionnaire(phone, served, 2)
        page.locator("[name=item-1]").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator("#where")).to_be_visible()
        assert page.url.endswith("/my/questionnaire")


def test_what_is_sent_holds_the_answers_in_the_order_of_the_form_and_nothing_else(
    browser: Browser, served: PhoneRoom
) -> None:
    with browser.new_context() as phone:
        page = open_questionnaire(phone, served, 3)
        page.locator("#next").click()
        page.locator("[name=item-2]").last.check(force=True)
        page.locator("#back").click()
        page.locator("[name=item-1]").first.check(force=True)
        while page.locator("#next").is_visible():
            page.locator("#next").click()
        assert page.evaluate(KEPT) == [0, 0, 0]
        with page.expect_request("**/questionnaire") as asked:
            page.locator("#send").click()
        expect(page.locator("h1")).to_have_text("Thank you")
        sent = asked.value
        said = [(name, value) for name, value in parse_qsl(sent.post_data or "") if value]
        assert [name for name, _ in said] == ["ticket", "workshop_language", "item-1", "item-2"]
        assert "phone=" not in (sent.all_headers().get("cookie") or "")
        assert page.evaluate(KEPT) == [0, 0, 0]
        page.go_back()
        assert page.locator(".item :checked").count() == 0


def test_without_a_script_it_is_one_form(browser: Browser, served: PhoneRoom) -> None:
    with browser.new_context(java_script_enabled=False) as phone:
        page = open_questionnaire(phone, served, 4)
        for item in page.locator(".item").all():
            expect(item).to_be_visible()
        expect(page.locator("#steps")).to_be_hidden()
        page.locator("[name=item-1]").first.check(force=True)
        page.locator("#send").click()
        expect(page.locator("h1")).to_have_text("Thank you")
