"""The charts of a workshop's results: where their marks stand, and how they look to everybody."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.accounts import sign_ins
from app.workshops.schemas import Audience
from tests.fixtures.accessible import violations_of
from tests.fixtures.final_rooms import a_final_workshop, a_pair
from tests.fixtures.geometry import Arrow, measure
from tests.fixtures.karachi import PAIRS, play_to_the_end, topics_by_hand
from tests.fixtures.phone_room import PhoneRoom, a_phone_room

# A mark or its number that leaves its panel, and a page that goes sideways.
OUTSIDE = """() => [...document.querySelectorAll(".arrow text, .arrow path, .pairs path")].filter(
    each => {
        const box = each.getBoundingClientRect(), panel = each.closest(".scroll, .panel");
        const frame = panel.getBoundingClientRect();
        return box.left < frame.left || box.right > frame.right;
    }).map(each => "outside " + each.outerHTML).concat(
        document.documentElement.scrollWidth > innerWidth ? ["sideways"] : [])"""
NEAR = 0.4  # percent of the line: a pixel or two
# Nobody changes (8 and 8), all fall, and a change that may be chance; ten and more of each.
FALL = [a_pair(9 - k % 3, 5 - k % 4) for k in range(12)]
CHANCE = [a_pair(5, 4 + 3 * (k % 2)) for k in range(12)]
ALIKE = [a_pair(k % 6, k % 6 + 2) for k in range(12)]


@dataclass(frozen=True)
class Served:
    """The Karachi room and three final workshops, and their trainer's sign-in."""

    room: PhoneRoom
    cookie: str
    fall: str
    chance: str
    alike: str

    def open(self, context: BrowserContext, workshop: str = "") -> Page:
        """The results of a workshop, the Karachi room's unless another is named."""
        url = self.room.base_url
        context.add_cookies([{"name": "staff", "value": self.cookie, "url": url}])
        page = context.new_page()
        page.goto(f"{url}/trainer/workshops/{workshop or self.room.room.workshop.id}/results")
        return page


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """After the day."""
    folder = tmp_path_factory.mktemp("charts")
    with a_phone_room(folder, people=27, audience=Audience.NGO) as room:
        play_to_the_end(room.house, room.room, room.trainer)
        others = [
            a_final_workshop(room.house, room.trainer, people).id
            for people in (FALL, CHANCE, ALIKE)
        ]
        with room.house.unit(writes=True) as work:
            cookie = sign_ins.start_sign_in(work, room.trainer, room.house.sign_in_rules)
        yield Served(room, cookie, *others)


def a_window(browser: Browser, language: str = "en", width: int = 1280) -> BrowserContext:
    locale = "en-GB" if language == "en" else "ur-PK"
    return browser.new_context(locale=locale, viewport={"width": width, "height": 800})


def stands_at(drawn: Arrow, before: int, after: int) -> bool:
    return (
        abs(drawn.before - before) < NEAR
        and abs(drawn.after - after) < NEAR
        and drawn.words == (str(before), str(after))
        and str(before) in drawn.label
        and str(after) in drawn.label
    )


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_marks_stand_where_the_numbers_say(
    browser: Browser, served: Served, language: str, width: int
) -> None:
    with a_window(browser, language, width) as context:
        page = served.open(context)
        whole = measure(page.locator("[aria-labelledby=gain] .arrow"))
        assert stands_at(whole, 45, 69), whole  # worked by hand: 4.50 and 6.88 of 10 points
        assert whole.kind == "rose"
        rows = page.locator("section[aria-labelledby=topics] tbody tr")
        by_hand = list(topics_by_hand(served.room.house, served.room.room).values())
        assert rows.count() == len(by_hand) == 6
        for row, (before, after) in zip(rows.all(), by_hand, strict=True):
            drawn = measure(row.locator(".arrow"))
            assert stands_at(drawn, before, after), (drawn, before, after)
            # What the row is called, how many, and the gain are words beside the drawing.
            assert row.locator("td").first.inner_text() == "24"
            is_aside = row.locator("th").bounding_box(), row.locator(".arrow").bounding_box()
            assert is_aside[0]
            assert is_aside[1]
            if width == 1280:
                assert (is_aside[0]["x"] < is_aside[1]["x"]) is (language == "en")


def test_one_arrow_for_each_pair_stands_where_the_room_says_by_its_start(
    browser: Browser, served: Served
) -> None:
    with a_window(browser, "ur") as context:
        pairs = [measure(each) for each in served.open(context).locator(".pair").all()]
    wanted = sorted(PAIRS)
    assert len(pairs) == 24
    for drawn, (before, after) in zip(pairs, wanted, strict=True):
        assert abs(drawn.before - 10 * before) < NEAR
        assert abs(drawn.after - 10 * after) < NEAR
        kind = "rose" if after > before else "fell" if after < before else "unclear"
        assert (drawn.kind, drawn.words) == (kind, ())


def test_a_fall_points_to_the_other_side_and_no_clear_change_is_a_grey_diamond(
    browser: Browser, served: Served
) -> None:
    with a_window(browser) as context:
        rose = measure(served.open(context).locator("[aria-labelledby=gain] .arrow"))
        fell = measure(served.open(context, served.fall).locator("[aria-labelledby=gain] .arrow"))
        page = served.open(context, served.chance)
        chance = measure(page.locator("[aria-labelledby=gain] .arrow"))
        assert (rose.kind, rose.is_left) == ("rose", False)
        # (9 + 8 + 7) / 3 and (5 + 4 + 3 + 2) / 4 of ten points
        assert (fell.kind, fell.is_left, stands_at(fell, 80, 35)) == ("fell", True, True)
        assert (chance.kind, stands_at(chance, 50, 55)) == ("unclear", True)
        assert "No clear change" in page.locator("h1").inner_text()
        assert (
            page.locator("section[aria-labelledby=topics] tbody")
            .get_by_text("no clear change")
            .count()
            == page.locator("section[aria-labelledby=topics] .unclear").count()
        )
        # One colour each, and three different ones; the diamond's is a grey.
        colours = [list(each.colours) for each in (rose, fell, chance)]
        assert [len(each) for each in colours] == [1, 1, 1]
        assert len({each[0] for each in colours}) == 3
        red, green, blue = (
            int(each) for each in colours[2][0].removeprefix("rgb(").rstrip(")").split(",")
        )
        assert max(red, green, blue) - min(red, green, blue) < 40


def test_a_change_by_the_same_amount_is_an_arrow_without_an_interval(
    browser: Browser, served: Served
) -> None:
    with a_window(browser) as context:
        page = served.open(context, served.alike)
        drawn = measure(page.locator("[aria-labelledby=gain] .arrow"))
        assert (drawn.kind, stands_at(drawn, 25, 45)) == ("moved", True)
        assert "No interval: everybody changed by the same amount." in page.inner_text("main")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_charts_are_accessible_and_stay_on_the_screen(
    browser: Browser, served: Served, language: str
) -> None:
    faults = []
    with a_window(browser, language) as context:
        for workshop in ("", served.chance):
            page = served.open(context, workshop)
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                faults += [f"{width} {each}" for each in page.evaluate(OUTSIDE)]
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                    faults += [f"{width} {theme} {each}" for each in violations_of(page)]
    assert faults == []
