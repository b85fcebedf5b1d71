"""Every screen of the staff: accessible, as wide as its screen, in both languages and themes.

Every rule of axe looks at each screen twice: in English and light at 320 px, where the most is
folded and scrolls, and in Urdu and dark at 1280 px. Colours do not know the language, nor words the
theme, so the two between them have seen both; all twelve looks would cost six times as much. What
leaves the screen and what is too small to press is measured at 320, 360 and 1280 px.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.fixtures.accessible import WIDTHS, leaving, too_small, violations_of
from tests.fixtures.staff_screens import SCREENS, StaffDay, StaffScreen, a_staff_day

TEMPLATES = Path(__file__).parents[2] / "app" / "web" / "templates"
Theme = Literal["light", "dark"]
LEAST_TARGET = 24  # WCAG 2.5.8; staff sit at a laptop, participants' pages ask for 48
PAPER: ViewportSize = {"width": 680, "height": 1009}  # A4 without its margins of 15 mm
OFF_THE_PAPER = """() => [...document.querySelectorAll("main *")].filter(each => {
    const box = each.getBoundingClientRect(), isSeen = box.width && !each.closest(".unseen, svg");
    return isSeen && (box.left < -1 || box.right > innerWidth + 1);
}).slice(0, 3).map(each => each.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffDay]:
    """A workshop at each hour of its day, and who reads of it."""
    with a_staff_day(tmp_path_factory.mktemp("staff")) as day:
        yield day


def test_every_template_of_the_staff_is_among_the_screens() -> None:
    places = {place.relative_to(TEMPLATES).as_posix(): place for place in TEMPLATES.rglob("*.html")}
    elsewhere = {
        "devices.html",  # where a room is served: test_devices
        "docs.html",  # where a program is welcome: test_demo
        "trainer/projector_live.html",  # the parts of the projector, alone
    }
    staffs = {
        name
        for name, place in places.items()
        if not place.name.startswith(("_", "base"))
        and (
            name.startswith("trainer/")
            or '{% extends "base_staff.html" %}' in place.read_text(encoding="utf-8")
        )
    }
    assert {screen.template for screen in SCREENS} == staffs - elsewhere


@pytest.mark.parametrize(
    ("language", "width", "theme"), [("en", 320, "light"), ("ur", 1280, "dark")]
)
def test_every_screen_is_accessible_and_nothing_goes_sideways(
    browser: Browser, day: StaffDay, language: str, width: int, theme: Theme
) -> None:
    faults: list[str] = []
    with browser.new_context(viewport={"width": width, "height": 720}) as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        for screen in SCREENS:
            page.set_viewport_size({"width": width, "height": 720})
            page.emulate_media(color_scheme=theme)
            answered = day.show(page, screen, language)
            assert answered is not None
            assert (screen.name, answered.status) == (screen.name, screen.status)
            assert page.get_attribute("html", "lang") == language
            for word, note in (("refused", ".note.bad"), ("saved", ".note.good")):
                if word in screen.name:
                    assert page.locator(f"{note}:visible").count() == 1, screen.name
            found = violations_of(page)
            for each in WIDTHS:
                page.set_viewport_size({"width": each, "height": 720})
                found += [f"{each}: {fault}" for fault in leaving(page)]
                found += [f"{each}: {fault}" for fault in too_small(page, LEAST_TARGET)]
            faults += [f"{screen.name}: {each}" for each in found]
    assert faults == []


def test_urdu_has_its_letters_on_a_laptop_that_brings_none(browser: Browser, day: StaffDay) -> None:
    """No box for a letter; a laptop that has a font for them is asked to load none."""
    with browser.new_context() as context:
        page = context.new_page()
        day.show(page, _screen("workshops"), "ur")
        is_loaded, is_given = page.evaluate(
            _LETTERS, ["Noto Naskh Arabic", "Geeza Pro", "Segoe UI", "Tahoma"]
        )
        assert is_loaded != is_given


_LETTERS = """async (names) => {
    await document.fonts.ready;
    const own = [...document.fonts].filter(each => each.family.includes("Tafawut Naskh"));
    return [own.some(each => each.status === "loaded"), names.some(has)];
    function has(name) {  // a name that is missing is as wide as what stands in for it
        const pen = document.createElement("canvas").getContext("2d");
        const wide = font => { pen.font = font; return pen.measureText("ہے۔ تفاوت").width; };
        return wide(`16px "${name}", monospace`) !== wide("16px monospace");
    }
}"""


@pytest.mark.parametrize("language", ["en", "ur"])
def test_on_a_phone_what_is_done_in_a_row_is_on_the_screen(
    browser: Browser, day: StaffDay, language: str
) -> None:
    with browser.new_context(viewport={"width": 320, "height": 720}) as context:
        page = context.new_page()
        for name, buttons in (
            ("room in the pre-test", ".fold button"),
            ("certificates", ".fold button, .fold summary, .fold input[type=text]"),
            ("attendance", ".day"),
        ):
            day.show(page, _screen(name), language)
            places = [each.bounding_box() for each in page.locator(buttons).all()]
            assert len(places) > 1
            for place in places:
                assert place
                assert place["x"] >= 0
                assert place["x"] + place["width"] <= 320


@pytest.mark.parametrize("language", ["en", "ur"])
def test_on_paper_nothing_is_cut_off_and_nothing_is_left_out(
    browser: Browser, day: StaffDay, language: str
) -> None:
    with browser.new_context(viewport=PAPER) as context:
        page = context.new_page()
        page.emulate_media(media="print", color_scheme="dark")
        found = []
        for name in ("results of 24", "results, fallen", "attendance", "certificates", "people"):
            day.show(page, _screen(name), language)
            found += [f"{name}: {each}" for each in page.evaluate(OFF_THE_PAPER)]
            if name == "attendance":
                ticks = page.locator(".day.here:visible")
                assert ticks.count() == 2 * 27 - 1
            if name == "people":
                assert page.locator("tbody tr:visible").count() == 3
                assert not page.locator("textarea").is_visible()
        assert found == []


def _screen(name: str) -> StaffScreen:
    return next(each for each in SCREENS if each.name == name)
