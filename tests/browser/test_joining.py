"""From the card, the wall or the keyboard to the first question, counted in taps; typed digits."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core.codes import is_damm_valid
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

SCRIPTS = {
    "Latin": "0123456789",
    "Urdu": "۰۱۲۳۴۵۶۷۸۹",
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "Bengali": "০১২৩৪৫৬৭৮৯",
}
WRONG = {
    "en": "One digit is wrong. Look at the screen: 6 digits.",
    "ur": "ایک ہندسہ غلط ہے۔ اسکرین پر دیکھیں: 6 ہندسے۔",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """A room with cards for every test of this file; its pre-test is open."""
    with a_phone_room(tmp_path_factory.mktemp("joining"), people=30) as room:
        yield room


@pytest.fixture(scope="module")
def places(served: PhoneRoom) -> Iterator[int]:
    """Cards that nobody has used yet."""
    return iter(range(len(served.room.cards)))


def a_phone(browser: Browser, language: str) -> BrowserContext:
    """A small phone with touch."""
    locale = "en-GB" if language == "en" else "ur-PK"
    context = browser.new_context(
        locale=locale, viewport={"width": 320, "height": 568}, has_touch=True
    )
    context.set_default_timeout(20_000)
    return context


@dataclass
class Thumb:
    """What a person does to a page, counted."""

    page: Page
    taps: int = 0
    keys: list[str] = field(default_factory=list)

    def tap(self, selector: str) -> None:
        """One tap."""
        self.taps += 1
        self.page.locator(selector).tap()

    def type(self, selector: str, digits: str) -> None:
        """A tap into a field, then key by key."""
        self.tap(selector)
        for digit in digits:
            self.keys.append(digit)
            self.page.keyboard.insert_text(digit)

    def agree(self, language: str) -> None:
        """The language, then consent; the first question must stand there afterwards."""
        self.tap(f"main button[value={language}]")
        self.tap("main button[value=yes]")
        expect(self.page.locator("#item-1")).to_be_visible()
        expect(self.page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_cards_square_leads_to_the_first_question_in_two_taps(
    browser: Browser, served: PhoneRoom, places: Iterator[int], language: str
) -> None:
    with a_phone(browser, language) as phone:
        thumb = Thumb(phone.new_page())
        thumb.page.goto(served.base_url + served.card_path(next(places)))
        thumb.agree(language)
        assert (thumb.taps, thumb.keys) == (2, [])


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_walls_square_and_four_digits_lead_there_in_three_taps(
    browser: Browser, served: PhoneRoom, places: Iterator[int], language: str
) -> None:
    with a_phone(browser, language) as phone:
        thumb = Thumb(phone.new_page())
        thumb.page.goto(f"{served.base_url}/j/{served.room.workshop.join_code}")
        thumb.type("#number", served.room.cards[next(places)].card.number)
        thumb.agree(language)
        assert (thumb.taps, len(thumb.keys)) == (3, 4)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_typing_takes_ten_digits_of_any_script_and_five_taps(
    browser: Browser, served: PhoneRoom, places: Iterator[int], language: str, script: str
) -> None:
    to_script = str.maketrans(SCRIPTS["Latin"], SCRIPTS[script])
    with a_phone(browser, language) as phone:
        thumb = Thumb(phone.new_page())
        thumb.page.goto(served.base_url)
        thumb.type("#code", served.room.workshop.join_code.translate(to_script))
        thumb.tap("main form button.primary")
        thumb.type("#number", served.room.cards[next(places)].card.number.translate(to_script))
        expect(thumb.page.locator("#number-said")).to_be_empty()
        thumb.agree(language)
        assert (thumb.taps, len(thumb.keys)) == (5, 10)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_slip_is_answered_on_the_phone_without_the_network(
    browser: Browser, served: PhoneRoom, language: str, script: str
) -> None:
    to_script = str.maketrans(SCRIPTS["Latin"], SCRIPTS[script])
    code = served.room.workshop.join_code
    slip = code[:4] + str((int(code[4]) + 1) % 10) + code[5]
    with a_phone(browser, language) as phone:
        page = phone.new_page()
        page.goto(served.base_url)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        said, typed = page.locator("#code-said"), page.locator("#code")
        for wrong in (
            slip,
            f"{slip[:3]} {slip[3:]}",
            f"\u202a{slip}\u202c",
            f"{code}1",
            "x" + code,
        ):
            typed.fill(wrong.translate(to_script))
            expect(said).to_have_text(WRONG[language])
            expect(typed).to_have_attribute("aria-invalid", "true")
        typed.fill(code[:5].translate(to_script))
        expect(said).to_be_empty()
        for right in (code, f" {code[:3]} - {code[3:]} ", f"{code[:2]}\u00b7{code[2:]}\u200f"):
            typed.fill(right.translate(to_script))
            expect(said).to_be_empty()
        assert asked == []


def test_the_check_keeps_no_form_from_being_sent(browser: Browser, served: PhoneRoom) -> None:
    with a_phone(browser, "en") as phone:
        page = phone.new_page()
        page.goto(served.base_url)
        page.fill("#code", "123456")
        with page.expect_navigation():
            page.locator("main form button.primary").tap()
        expect(page.locator("main [role=alert]")).to_be_visible()
        expect(page.locator("#code")).to_have_value("123456")


def test_phone_and_server_agree_on_every_number_of_four_digits(
    browser: Browser, served: PhoneRoom
) -> None:
    with a_phone(browser, "en") as phone:
        page = phone.new_page()
        page.goto(f"{served.base_url}/j/{served.room.workshop.join_code}")
        accepted = page.evaluate(
            """() => {
                const field = document.getElementById("number"), right = [];
                for (let each = 0; each < 10000; each += 1) {
                    field.value = String(each).padStart(4, "0");
                    field.dispatchEvent(new Event("input"));
                    if (!field.hasAttribute("aria-invalid")) right.push(field.value);
                }
                return right;
            }"""
        )
    assert accepted == [f"{each:04d}" for each in range(10_000) if is_damm_valid(f"{each:04d}")]
