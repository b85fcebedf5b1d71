"""A list of people in the trainer's browser: two steps for 25, readable on a phone, accessible."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from app.accounts import sign_ins
from tests.fixtures.accessible import violations_of
from tests.fixtures.nasty_rosters import HEADER, xlsx
from tests.fixtures.phone_room import a_phone_room

SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"
PEOPLE = [HEADER, *((str(n), f"Synthetic N{n}x", "F", "Police") for n in range(25))]
MIXED = [
    ("No", "Name", "نام", "Father's name", "Sex", "Agency", "Province", "CNIC"),
    ("1", "Synthetic Amna", "آمنہ مصنوعی", "Karim", "F", "Police", "Sindh", "00000"),
    ("2", "=1+1", "", "Anwar", "M", "NGO", "Lahore", "00000"),
    ("3", "Ali\u202eSynthetic", "", "", "M", "NGO", "KPK", "00000"),
    ("4", "Synthetic Amna", "", "", "F", "Railways", "Punjab", "00000"),
]


@dataclass(frozen=True)
class Served:
    """A served workshop's list page, and its trainer's sign-in."""

    base_url: str
    cookie: str
    here: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A workshop with some cards."""
    with a_phone_room(tmp_path_factory.mktemp("people"), people=3) as room:
        with room.house.unit(writes=True) as work:
            cookie = sign_ins.start_sign_in(work, room.trainer, room.house.sign_in_rules)
        here = f"{room.base_url}/trainer/workshops/{room.room.workshop.id}/people"
        yield Served(room.base_url, cookie, here)


def a_page(browser: Browser, served: Served, width: int, language: str, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.add_cookies([
        {"name": name, "value": value, "url": served.base_url}
        for name, value in (("staff", served.cookie), ("language", language))
    ])  # fmt: skip
    return context.new_page()


def choose(page: Page, served: Served, rows: object) -> None:
    page.goto(served.here)
    content = xlsx(rows)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.locator("#file").set_input_files(
            {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_are_accessible_and_nothing_goes_sideways(
    browser: Browser, served: Served, width: int, language: str, scheme: str
) -> None:
    page = a_page(browser, served, width, language, scheme)
    page.goto(served.here)
    assert violations_of(page) == []
    assert not page.evaluate(SIDEWAYS)
    choose(page, served, MIXED)
    assert page.locator("table.roster").count() == 1
    assert violations_of(page) == []
    assert not page.evaluate(SIDEWAYS)
    page.context.close()


def test_25_people_are_a_file_and_a_confirmation(browser: Browser, served: Served) -> None:
    page = a_page(browser, served, 1280, "en", "light")
    choose(page, served, PEOPLE)
    page.get_by_role("button", name="Take in 25").click()
    assert page.url == served.here
    assert page.locator("tbody tr").count() == 25
    page.context.close()
