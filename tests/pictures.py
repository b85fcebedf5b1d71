"""The pictures of README and the about page, taken from the demonstration.

`python -m tests.pictures` makes all four again. They are small: few colours, no transparency.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.fixtures.server import serving
from tests.legs import CHROMIUM_FLAGS, find_chromium

FOLDER = Path(__file__).parent.parent / "app" / "web" / "static" / "about"
_COLOURS = 48
_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "locale": "ur-PK"}
_LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
_WALL: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, "locale": "en-GB"}


def main() -> int:
    """Take all of them."""
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium here.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(["demo"], {"TAFAWUT_DATA_DIR": folder}) as (demo, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=str(chromium), args=list(CHROMIUM_FLAGS)
        )
        stage = Stage(browser, demo)
        for name, take in PICTURES.items():
            keep(name, take(stage))
            print(FOLDER / f"{name}.png")
        browser.close()
    return 0


@dataclass
class Stage:
    """A browser, and a running demonstration with the addresses of its people."""

    browser: Browser
    demo: dict[str, Any]
    _signed_in: dict[str, Any] = field(default_factory=dict)

    def open_signed_in(self, whose: str, look: dict[str, Any]) -> Page:
        """A window of somebody of the staff; the address signs in once."""
        known = self._signed_in.get(whose)
        context = self.browser.new_context(**look, storage_state=known)
        page = context.new_page()
        if known is None:
            page.goto(self.demo[whose])
            page.click("main .primary")
            self._signed_in[whose] = context.storage_state()
        return page


def take_phone(stage: Stage) -> bytes:
    """A question of the pre-test in Urdu, on a small phone."""
    page = stage.browser.new_context(**_PHONE).new_page()
    page.goto(stage.demo["cards"][0]["url"])
    page.click("button[value=ur]")
    page.click("button[value=yes]")
    page.wait_for_selector("html[data-ready]")
    page.click(".item:not([hidden]) label >> nth=1")
    page.wait_for_selector("[data-state=saved]:visible")
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    return page.screenshot()


def take_room(stage: Stage) -> bytes:
    """The trainer's room while the pre-test is open."""
    page = stage.open_signed_in("trainer_url", _LAPTOP)
    page.goto(f"{stage.demo['base_url']}/trainer/workshops/{stage.demo['workshop_id']}")
    return page.screenshot()


def take_reveal(stage: Stage) -> bytes:
    """What the wall shows at the end, with every arrow drawn."""
    page = stage.open_signed_in("trainer_url", _WALL | {"reduced_motion": "reduce"})
    page.goto(f"{stage.demo['base_url']}/trainer")
    finished = page.locator("main a[href^='/trainer/workshops/']", has_text="data collection")
    page.goto(f"{stage.demo['base_url']}{finished.first.get_attribute('href')}/projector#reveal")
    page.keyboard.press("Space")
    page.wait_for_timeout(500)
    return page.screenshot()


def take_report(stage: Stage) -> bytes:
    """The evaluator's report over all workshops."""
    page = stage.open_signed_in("evaluator_url", _LAPTOP)
    page.goto(f"{stage.demo['base_url']}/evaluator")
    return page.screenshot()


def keep(name: str, picture: bytes) -> None:
    """Write it with few colours."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    few = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


PICTURES: dict[str, Callable[[Stage], bytes]] = {
    "phone": take_phone,
    "room": take_room,
    "reveal": take_reveal,
    "report": take_report,
}


if __name__ == "__main__":
    sys.exit(main())
