"""Several workshops together, on a laptop and on a phone: accessible, and nothing goes sideways."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser

from app.accounts import service as accounts
from app.accounts import sign_ins
from app.accounts.schemas import Role
from app.gains import service as gains
from tests.fixtures.accessible import violations_of
from tests.fixtures.final_rooms import a_final_workshop, a_pair
from tests.fixtures.house import a_staff_member
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.integration.test_report_charts import answer_sheets, of_choices

AGENCIES = ("police", "prosecution", "ngo", "social_services")
PASSWORD = "a long synthetic sentence"
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"
CHOICES = ("", "?by=sex", "?by=province", "?by=workshop&period=2025-2", "?period=2025-1",
           "?by=province&province=PK-SD")  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A served organisation with seven final workshops, and an evaluator's sign-in."""

    base_url: str
    cookie: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Three rooms of each of two provinces, and a small one."""
    with a_phone_room(tmp_path_factory.mktemp("pooled"), people=1) as room:
        yield Served(room.base_url, fill(room))


def fill(room: PhoneRoom) -> str:
    """The workshops; returns the evaluator's cookie."""
    for number, n in enumerate((24, 31, 26, 22, 28, 25, 7)):
        people = [
            a_pair(
                1 + (k + number) % 5,
                4 + (2 * k + number) % 6,
                "woman" if k % 5 == 0 else "man",
                AGENCIES[k % 4],
            )
            for k in range(n)
        ]
        workshop = a_final_workshop(
            room.house, room.trainer, people, title=f"Synthetic workshop {number + 1}",
            ends_on=date(2025, (5, 8)[number % 2], 2 + number),
            province=("PK-SD", "PK-PB")[number % 2],
        )  # fmt: skip
        answer_sheets(room.house, workshop, of_choices("1", "eeedcbaa    "))
    evaluator = a_staff_member(room.house, "dina", Role.EVALUATOR)
    with room.house.unit(writes=True) as work:
        gains.release_due(work, threshold=10)
        accounts.set_password(work, evaluator, PASSWORD)
        return sign_ins.start_sign_in(work, evaluator, room.house.sign_in_rules)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ur", 320)])
def test_the_tables_are_accessible_and_the_page_does_not_go_sideways(
    browser: Browser, served: Served, language: str, width: int
) -> None:
    faults = []
    locale = "en-GB" if language == "en" else "ur-PK"
    with browser.new_context(locale=locale, viewport={"width": width, "height": 800}) as context:
        context.add_cookies([{"name": "staff", "value": served.cookie, "url": served.base_url}])
        page = context.new_page()
        for choice in CHOICES:
            page.goto(f"{served.base_url}/evaluator/pooled{choice}")
            for each in page.locator("details > summary").all():
                each.click()
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                faults += [f"{choice} {theme} {each}" for each in violations_of(page)]
            if page.evaluate(SIDEWAYS):
                faults.append(f"{choice}: scrolls sideways")
    assert faults == []


def test_the_national_report_is_three_clicks_from_signing_in_with_a_picture_of_each_drawing(
    browser: Browser, served: Served
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{served.base_url}/sign-in")
        page.fill("[name=login]", "dina")
        page.fill("[name=password]", PASSWORD)
        page.click("main form button")  # one
        page.click("a[href^='/evaluator/pooled']")  # two
        assert page.locator("h1").inner_text().startswith("Knowledge rose")
        assert page.locator(".bars .stacked").count() > 0
        links = page.locator("a[href$='.svg'], a[href*='.svg?']")
        assert links.count() == 5
        with page.expect_download() as found:
            links.first.click()  # three
        assert found.value.suggested_filename.endswith("-numbers-en.svg")
