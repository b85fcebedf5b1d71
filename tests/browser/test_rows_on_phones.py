"""Questions with rows, and a table, on a phone: offline, by keyboard, old, without a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from app.banks import service as banks
from app.banks.service import publish_banks
from app.core.rescue import decode
from app.core.rescue_fields import ItemShape
from app.web.house import House
from app.workshops.schemas import Audience
from tests.fixtures.accessible import faults_in_every_look, faults_when_large
from tests.fixtures.browser_phone import SMALL, Phone
from tests.fixtures.old_chromium import OldChromium
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.fixtures.row_files import write_row_bank
from tests.old_chromium import PACKAGES

ROWS = {"1": 4, "2": 3, "3": 3}  # item: rows; item 4 has a table and plain choices


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """One room for this file; every test takes a card of its own."""
    folder = tmp_path_factory.mktemp("room")

    def publish(house: House) -> None:
        with house.unit(writes=True) as work:
            publish_banks(work, write_row_bank(folder / "banks"))

    with a_phone_room(
        folder, people=12, publish=publish, audience=Audience.NGO, form_ref="short"
    ) as room:
        yield room


def tap(phone: Phone, *placings: str) -> None:
    """Tick in the rows of the question that is shown."""
    for each in placings:
        phone.page.click(f'.item:not([hidden]) label:has(input[value="{each}"])')


def test_rows_are_answered_offline_and_half_answered_ones_are_told_in_the_review(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = Phone(context, room, room.next_card())
    phone.join()
    tap(phone, "1a", "2b", "1c")  # the second tap of a row takes the first one's place
    phone.waits_for("saved")
    context.set_offline(True)
    tap(phone, "3a")
    phone.page.click("#next")
    tap(phone, "1d", "2a", "3b")
    phone.page.click("#next")
    tap(phone, "dk")
    phone.page.click("#next")
    phone.waits_for("phone")
    phone.page.click("#next")
    cells = phone.page.locator("#grid .cell")
    for told in ("1 not every line", "4 not answered"):
        expect(phone.page.get_by_role("button", name=told, exact=True)).to_be_visible()
    assert cells.evaluate_all("all => all.map(each => each.className)") == [
        "cell", "cell done", "cell done", "cell",
    ]  # fmt: skip
    assert room.letters(phone.card) == {"1": "1c2b"}
    context.set_offline(False)
    phone.waits_for("saved")
    phone.send()
    phone.is_received()
    assert room.letters(phone.card) == {"1": "1c2b3a", "2": "1d2a3b", "3": "dk"}


def test_i_do_not_know_takes_rows_away_and_the_next_tap_brings_them_back(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = Phone(context, room, room.next_card())
    phone.join()
    ticked = ".item:not([hidden]) input:checked"
    for taps, stands in (
        (("1a", "2b", "dk"), ["dk"]),
        (("2c",), ["1a", "2c"]),  # what is tapped now stands, beside what a slip had taken
        (("dk",), ["dk"]),
        (("dk",), ["1a", "2c"]),
    ):
        tap(phone, *taps)
        assert phone.page.eval_on_selector_all(ticked, "all => all.map(i => i.value)") == stands
        phone.waits_for("saved")
        assert room.letters(phone.card) == {"1": "".join(stands)}
    phone.page.reload()
    phone.is_ready()
    phone.page.click("#back")
    assert phone.page.eval_on_selector_all(ticked, "all => all.map(i => i.value)") == ["1a", "2c"]


def test_the_keyboard_alone_answers_every_row(context: BrowserContext, room: PhoneRoom) -> None:
    phone = Phone(context, room, room.next_card())
    phone.join()
    keyboard = phone.page.keyboard
    for item, count in ROWS.items():
        expect(phone.page.locator(f"#item-{item}")).to_be_visible()
        while phone.page.evaluate("document.activeElement.tagName") != "INPUT":
            keyboard.press("Tab")
        for row in range(1, count + 1):
            assert phone.page.evaluate("document.activeElement.name") == f"item-{item}-{row}"
            keyboard.press("Space")
            keyboard.press("ArrowDown")
            keyboard.press("Tab")
        assert phone.page.evaluate("document.activeElement.value") == "dk"
        keyboard.press("Enter")
    expect(phone.page.locator("#item-4")).to_be_visible()
    phone.waits_for("saved")
    assert room.letters(phone.card) == {
        "1": "1b2b3b4b", "2": "1b2b3b", "3": "1b2b3b",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_kind_is_accessible_large_and_small_in_both_themes(
    context: BrowserContext, room: PhoneRoom, language: str
) -> None:
    phone = Phone(context, room, room.next_card())
    phone.join(language)
    faults = []
    for item in ("1", "2", "3", "4"):
        if item in ROWS:
            tap(phone, "1a", "2b")
        if item != "2":  # built as item 1 is
            faults += [f"{item} {each}" for each in faults_in_every_look(phone.page, 640)]
        phone.page.click("#say-both")
        faults += [f"{item} both {each}" for each in faults_when_large(phone.page)]
        phone.page.click(f"#say-{language}")
        phone.page.click("#next")
    assert faults == []


def test_a_screen_reader_is_told_the_row_of_every_choice_and_the_heads_of_a_table(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = Phone(context, room, room.next_card())
    phone.join()
    line = phone.page.get_by_role("group", name="A whale")
    expect(line.get_by_role("radio")).to_have_count(3)
    expect(line.get_by_role("radio", name="Sea")).to_be_visible()
    for _ in range(3):
        phone.page.click("#next")
    table = phone.page.get_by_role("table")
    expect(table).to_have_count(1)  # the other language's is not there
    expect(table.get_by_role("columnheader")).to_have_text(["Month", "Boats", "Nets"])
    expect(table.get_by_role("row", name="June").get_by_role("cell")).to_have_text(["15", "38"])


def test_a_phone_that_never_reconnects_shows_its_rows_as_a_code(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = Phone(context, room, room.next_card())
    phone.page.clock.install()
    phone.join()
    phone.waits_until(lambda: bool(phone.page.evaluate("!!window.TafawutLater")))
    context.set_offline(True)
    tap(phone, "1c", "4a")
    phone.page.click("#next")
    tap(phone, "dk")
    for _ in range(3):
        phone.page.click("#next")
    phone.send()
    for _ in range(11):
        phone.page.clock.run_for(30_000)
    phone.page.click("#rescue-offer")
    typed = phone.page.inner_text("#rescue-groups")
    sitting = room.sitting(phone.card)
    with room.house.unit(writes=False) as work:
        items = banks.require_content(work, sitting["form_id"]).items.values()
    shape = [ItemShape(each.kind, len(each.options), len(each.rows)) for each in items]
    read = decode(typed, shape, form=sitting["administration_id"])
    assert read.answers == ({"1c", "4a"}, {"dk"}, None, None)


def test_without_a_script_rows_are_one_long_form(browser: Browser, room: PhoneRoom) -> None:
    card = room.next_card()
    with browser.new_context(**SMALL, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{room.base_url}/j/{room.room.workshop.join_code}")
        page.fill("#number", room.room.cards[card].card.number)
        page.click("button[value=ur]")
        page.click("button[value=yes]")
        for item, count in ROWS.items():
            for row in range(1, count + 1):
                page.click(f'#item-{item} label:has(input[value="{row}b"])')
        page.click("main button.primary")
        page.wait_for_url("**/my")
    assert room.letters(card) == {"1": "1b2b3b4b", "2": "1b2b3b", "3": "1b2b3b"}


def test_chromium_64_answers_rows_and_fits_its_screen(
    old_chromium_paths: dict[int, Path], room: PhoneRoom
) -> None:
    card = room.next_card()
    with OldChromium(old_chromium_paths[min(PACKAGES)]) as browser:
        page = browser.open()
        page.set_viewport(320, 568)
        page.goto(room.base_url + room.card_path(card))
        page.wait_for("document.readyState === 'complete' && document.getElementById('join')")
        page.click("button[value=en]")
        page.wait_for("location.pathname === '/my/consent' && document.readyState === 'complete'")
        page.click("button[value=yes]")
        page.wait_for("document.documentElement.hasAttribute('data-ready')")
        for item, count in ROWS.items():
            for row in range(1, count + 1):
                page.click(f"#item-{item} .row:nth-of-type({row}) label")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.click("#next")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.wait_for("!document.querySelector('[data-state=saved]').hidden")
        assert page.complaints == []
    assert room.letters(card) == {"1": "1a2a3a4a", "2": "1a2a3a", "3": "1a2a3a"}
