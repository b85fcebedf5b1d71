"""The pictures of README and the about page, taken from the demonstration.

`python -m tests.pictures` makes all four again. They are small: few colours, no transparency.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.fixtures.server import serving
from tests.legs import CHROMIUM_FLAGS, find_chromium

FOLDER = Path(__file__).parent.parent / "app" / "web" / "static" / "about"
NAMES = ("phone", "room", "reveal", "report")
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
        for name in NAMES:
            keep(name, globals()[f"take_{name}"](browser, demo))
            print(FOLDER / f"{name}.png")
        browser.close()
    return 0


def take_phone(browser: Browser, demo: dict[str, Any]) -> bytes:
    """A question of the pre-test in Urdu, on a small phone."""
    page = browser.new_context(**_PHONE).new_page()
    page.goto(demo["cards"][0]["url"])
    page.click("button[value=ur]")
    page.click("button[value=yes]")
    page.wait_for_selector("html[data-ready]")
    page.click(".item:not([hidden]) label >> nth=1")
    page.wait_for_selector("[data-state=saved]:visible")
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    return page.screenshot()


def take_room(browser: Browser, demo: dict[str, Any]) -> bytes:
    """The trainer's room while the pre-test is open."""
    page = signed_in(browser, demo["trainer_url"], _LAPTOP)
    page.goto(f"{demo['base_url']}/trainer/workshops/{demo['workshop_id']}")
    return page.screenshot()


def take_reveal(browser: Browser, demo: dict[str, Any]) -> bytes:
    """What the wall shows at the end, with every arrow drawn."""
    page = signed_in(browser, demo["trainer_url"], _WALL | {"reduced_motion": "reduce"})
    page.goto(f"{demo['base_url']}/trainer")
    finished = page.locator("main a[href^='/trainer/workshops/']", has_text="data collection")
    page.goto(f"{demo['base_url']}{finished.first.get_attribute('href')}/projector#reveal")
    page.keyboard.press("Space")
    page.wait_for_timeout(500)
    return page.screenshot()


def take_report(browser: Browser, demo: dict[str, Any]) -> bytes:
    """The evaluator's report over all workshops."""
    page = signed_in(browser, demo["evaluator_url"], _LAPTOP)
    page.goto(f"{demo['base_url']}/evaluator")
    return page.screenshot()


def signed_in(browser: Browser, address: str, look: dict[str, Any]) -> Page:
    """A window of somebody of the staff; each visit needs a sign-in of its own."""
    known = _WINDOWS.get(address)
    context = browser.new_context(**look, storage_state=known)
    page = context.new_page()
    if known is None:
        page.goto(address)
        page.click("main .primary")
        _WINDOWS[address] = context.storage_state()
    return page


_WINDOWS: dict[str, Any] = {}


def keep(name: str, picture: bytes) -> None:
    """Write it with few colours."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    few = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
