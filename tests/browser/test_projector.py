"""The projector through a day: what the wall says, its keys, and whether the back row reads it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.accounts import sign_ins
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.accessible import violations_of
from tests.fixtures.geometry import measure
from tests.fixtures.house import close_test, open_test
from tests.fixtures.karachi import PEOPLE, topics_by_hand
from tests.fixtures.loop import take
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

WALL = {"width": 1280, "height": 720}
BEFORE, AFTER = [pair[0] for pair in PEOPLE], [pair[1] for pair in PEOPLE]
HALF = 12  # so many have finished when the wall is first looked at, five more answer
NEAR = 0.4  # percent of the line
SMALL_WORDS = """() => [...document.querySelectorAll("body *")].filter(each => {
    const own = [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    return own && each.getClientRects().length && !each.matches(".unseen, .unseen *, script") &&
        parseFloat(getComputedStyle(each).fontSize) < 18;
}).map(each => each.outerHTML.slice(0, 80))"""
TOO_LARGE = """() => ["Width", "Height"].filter(
    each => document.documentElement["scroll" + each] > window["inner" + each])"""
DIGIT_HEIGHT = """() => {
    const digits = document.querySelector(".digits .code");
    const is = getComputedStyle(digits), pen = document.createElement("canvas").getContext("2d");
    pen.font = `${is.fontWeight} ${is.fontSize} ${is.fontFamily}`;
    return pen.measureText("0").actualBoundingBoxAscent;
}"""
MOVING = "document.getAnimations().length"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneRoom]:
    """The Karachi room in its pre-test, with a Wi-Fi of its own."""
    folder = tmp_path_factory.mktemp("projector")
    with a_phone_room(folder, people=len(PEOPLE), audience=Audience.NGO) as room:
        room.stop()
        room.environment |= {"TAFAWUT_WIFI_NAME": "WORKSHOP", "TAFAWUT_WIFI_PASSWORD": "karachi26"}
        room.start()
        take(room.house, room.room, Occasion.PRE, BEFORE[:HALF])
        answering = [None] * HALF + BEFORE[HALF : HALF + 5]
        take(room.house, room.room, Occasion.PRE, answering, is_sent=False)
        yield room


def a_window(
    browser: Browser, served: PhoneRoom, language: str = "en", **more: str
) -> BrowserContext:
    """The trainer's second window, in a dark theme that the wall does not take."""
    locale = "en-GB" if language == "en" else "ur-PK"
    with served.house.unit(writes=True) as work:
        cookie = sign_ins.start_sign_in(work, served.trainer, served.house.sign_in_rules)
    context = browser.new_context(locale=locale, viewport=WALL, color_scheme="dark", **more)  # type: ignore[arg-type]
    context.add_cookies([{"name": "staff", "value": cookie, "url": served.base_url}])
    return context


def open_wall(context: BrowserContext, served: PhoneRoom, part: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{served.base_url}/trainer/workshops/{served.room.workshop.id}/projector{part}")
    return page


def seen_part(page: Page) -> str:
    """The one part that is seen."""
    (shown,) = (each for each in page.locator("main > section").all() if each.is_visible())
    return shown.get_attribute("id") or ""


def faults_of(page: Page) -> list[str]:
    """What nobody at the back could read or a reader of screens would miss."""
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return [
        *violations_of(page),
        *(f"small: {each}" for each in page.evaluate(SMALL_WORDS)),
        *(f"too large: {each}" for each in page.evaluate(TOO_LARGE)),
        *([] if light == "rgb(255, 255, 255)" else [light]),
    ]


def squares_from_afar(page: Page, path: Path, *, part: int = 4) -> set[str]:
    """What a camera reads from a part of the screen's points each way, held askew."""
    page.screenshot(path=path)
    with Image.open(path) as shot:
        small = shot.convert("L").resize(
            (WALL["width"] // part, WALL["height"] // part), Image.Resampling.BOX
        )
    askew = small.rotate(15, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    return {str(each.text) for each in zxingcpp.read_barcodes(np.asarray(askew))}


def dots_of(page: Page) -> tuple[int, ...]:
    (shown,) = (each for each in page.locator(".dots").all() if each.is_visible())
    return tuple(shown.locator(f".{kind}").count() for kind in ("full", "half", "none"))


def test_the_wall_through_a_day(browser: Browser, served: PhoneRoom, tmp_path: Path) -> None:
    the_lobby_can_be_scanned_and_read_from_afar_and_names_nobody(browser, served, tmp_path)
    it_is_never_quietly_old(browser, served)
    the_reveal_says_nothing_early_and_one_key_draws_what_was_found(browser, served)


def the_lobby_can_be_scanned_and_read_from_afar_and_names_nobody(
    browser: Browser, served: PhoneRoom, tmp_path: Path
) -> None:
    workshop = served.room.workshop
    faults = {}
    for language in ("en", "ur"):
        with a_window(browser, served, language) as context:
            page = open_wall(context, served)
            address = f"{served.base_url}/j/{workshop.join_code}"
            assert address in squares_from_afar(page, tmp_path / "wall.png")
            near = squares_from_afar(page, tmp_path / "wall.png", part=2)
            assert near == {address, "WIFI:S:WORKSHOP;T:WPA;P:karachi26;;"}
            assert page.locator(".qr").count() == 2  # the test, and the Wi-Fi
            assert page.evaluate(DIGIT_HEIGHT) >= 0.11 * WALL["height"]
            assert (
                page.locator(".digits .code").inner_text().replace("\n", "") == workshop.join_code
            )
            assert page.locator(".lobby ol > li").count() == 2
            assert "WORKSHOP karachi26" in " ".join(page.inner_text("#lobby").split())
            assert dots_of(page) == (HALF, 5, len(PEOPLE) - HALF - 5)
            faults[language] = faults_of(page)
            page.keyboard.press("p")
            assert dots_of(page) == (HALF, 5, len(PEOPLE) - HALF - 5)
            faults[f"{language} progress"] = faults_of(page)
            told = page.content()
            shown = [each.card.number for each in served.room.cards if each.card.number in told]
            assert [number for number in shown if number not in workshop.join_code] == []
    assert not any(faults.values()), faults


def it_is_never_quietly_old(browser: Browser, served: PhoneRoom) -> None:
    with a_window(browser, served) as context:
        page = open_wall(context, served, "#progress")
        before = dots_of(page)
        # The room answers; the wall knows it within five seconds, and so does who looks away.
        take(served.house, served.room, Occasion.PRE, [None] * 17 + BEFORE[17:20])
        expect(page.locator("#progress .dots .full")).to_have_count(before[0] + 3, timeout=5_000)
        expect(page.locator("#stale")).to_be_hidden()
        served.stop()
        expect(page.locator("#stale")).to_be_visible(timeout=8_000)
        served.start()
        expect(page.locator("#stale")).to_be_hidden(timeout=8_000)


def test_the_keys_and_the_address_hold_which_part_is_seen(
    browser: Browser, served: PhoneRoom
) -> None:
    with a_window(browser, served) as context:
        page = open_wall(context, served)
        assert seen_part(page) == "lobby"
        for key, part in (("p", "progress"), ("R", "reveal"), ("l", "lobby"), ("P", "progress")):
            page.keyboard.press(key)
            assert (seen_part(page), page.evaluate("location.hash")) == (part, f"#{part}")
        # The key of R on a keyboard in Urdu, and one that belongs to the browser.
        for more, part in (("ctrlKey: true", "progress"), ("", "reveal")):
            page.evaluate(
                "document.body.dispatchEvent(new KeyboardEvent('keydown', "
                f"{{key: 'ر', code: 'KeyR', bubbles: true, {more}}}))"
            )
            assert seen_part(page) == part
        page.reload()  # as after a laptop's sleep
        assert seen_part(page) == "reveal"
        page.get_by_role("link", name="Lobby").click()
        assert seen_part(page) == "lobby"
        assert page.evaluate("history.length") <= 2  # about:blank and the wall
        page.keyboard.press("f")
        expect(page.locator(".keys")).to_be_hidden()
        page.keyboard.press("f")
        expect(page.locator(".keys")).to_be_visible()


def the_reveal_says_nothing_early_and_one_key_draws_what_was_found(
    browser: Browser, served: PhoneRoom
) -> None:
    house, room, trainer = served.house, served.room, served.trainer
    faults = {}
    with a_window(browser, served) as context:
        page = open_wall(context, served, "#reveal")
        take(house, room, Occasion.PRE, [None] * 20 + BEFORE[20:])
        close_test(house, room, Occasion.PRE, trainer)
        open_test(house, room, Occasion.POST, trainer)
        take(house, room, Occasion.POST, AFTER)
        page.reload()
        assert page.locator("#reveal h2").inner_text() == "No results yet"
        assert page.locator(".arrow").count() == 0
        faults["early"] = faults_of(page)
        close_test(house, room, Occasion.POST, trainer)
        # Closing sent what the five had answered.
        title = page.locator("#reveal h2")
        expect(title).to_have_text("This room began at 45%", timeout=5_000, use_inner_text=True)
        assert page.locator(".arrow").count() == 5
        assert not page.locator(".arrow .head").first.is_visible()
        assert page.locator(".arrow .before").first.is_visible()
        faults["before"] = faults_of(page)
        page.keyboard.press("Space")
        assert page.evaluate(MOVING) == 10  # five lines, five heads
        expect(title).to_have_text("This room moved from 45% to 69%", use_inner_text=True)
        page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
        stands_by_hand(page, served)
        faults["drawn"] = faults_of(page)
        page.reload()
        assert page.evaluate(MOVING) == 0
        stands_by_hand(page, served)
    with a_window(browser, served, "ur", reduced_motion="reduce") as context:
        page = open_wall(context, served, "#reveal")
        page.keyboard.press("Space")
        assert page.evaluate(MOVING) == 0
        stands_by_hand(page, served)
        faults["ur drawn"] = faults_of(page)
    assert not any(faults.values()), faults


def stands_by_hand(page: Page, served: PhoneRoom) -> None:
    """Every ring and tip stands where the room's points say, and topics at the reader's side."""
    by_hand = list(topics_by_hand(served.house, served.room).values())
    rows = page.locator(".topics tbody tr").all()
    drawn = [measure(row.locator(".arrow")) for row in rows]
    found = [tuple(int(word) for word in each.words) for each in drawn]
    assert len(found) == 5
    assert found == [each for each in by_hand if each in found]
    for each, (before, after) in zip(drawn, found, strict=True):
        assert abs(each.before - before) < NEAR
        assert abs(each.after - after) < NEAR
    name, line = rows[0].locator("th").bounding_box(), rows[0].locator(".arrow").bounding_box()
    assert name is not None
    assert line is not None
    assert (name["x"] < line["x"]) is (page.locator("html").get_attribute("dir") == "ltr")
