"""The laptop lends its sign-in to a phone, in a real browser on both ends, and how that looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.accounts import service as accounts
from app.accounts.schemas import Purpose
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.fixtures.relay import as_another_device
from tests.fixtures.server import serving
from tests.legs import LAN_HOST

LOOKS = [(language, width) for language in ("en", "ur") for width in (320, 1280)]


@dataclass(frozen=True)
class Served:
    """A room whose laptop opens one address, and whose phones another."""

    room: PhoneRoom
    laptop_url: str
    phone_url: str

    def sign_in(self, context: BrowserContext) -> Page:
        """The trainer's page on the laptop."""
        house = self.room.house
        with house.unit(writes=True) as work:
            token = accounts.make_one_time_link(work, self.room.trainer, purpose=Purpose.SIGN_IN)
        page = context.new_page()
        page.goto(f"{self.laptop_url}/one-time/{token}")
        page.click("main .primary")
        return page


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A room in lan mode; what phones open comes from another address than the laptop's."""
    with a_phone_room(tmp_path_factory.mktemp("devices"), people=1) as room:
        port = room.port
        room.stop()
        with as_another_device(port) as relay:
            phone_url = relay.replace("127.0.0.1", LAN_HOST)
            room.environment["TAFAWUT_BASE_URL"] = phone_url
            with serving(room.arguments, room.environment, port=port):
                yield Served(room, f"http://127.0.0.1:{port}", phone_url)


def a_browser(browser: Browser, language: str, width: int) -> BrowserContext:
    """A laptop's or a phone's window."""
    locale = "en-GB" if language == "en" else "ur-PK"
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 720})
    context.set_default_timeout(20_000)
    return context


def read_square(page: Page, path: Path) -> str:
    """What a camera reads from the laptop's screen."""
    page.locator(".poster svg").wait_for()
    page.screenshot(path=path)
    (found,) = zxingcpp.read_barcodes(np.asarray(Image.open(path).convert("L")))
    return str(found.text)


def test_the_phone_scans_the_square_and_is_in_until_the_laptop_signs_out(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    with a_browser(browser, "en", 1280) as laptop, a_browser(browser, "en", 320) as phone:
        page = served.sign_in(laptop)
        page.get_by_role("link", name="Devices").click()
        ends = page.get_by_role("button", name="End this device")
        lent_before = ends.count()  # by the other tests of this room
        page.get_by_role("button", name="Lend to one device").click()
        address = read_square(page, tmp_path / "square.png")
        assert address.startswith(f"{served.phone_url}/b/")
        on_phone = phone.new_page()
        on_phone.goto(f"{served.phone_url}/trainer")
        expect(on_phone.locator("h1")).to_contain_text("on the trainer's laptop only")
        on_phone.goto(address)
        on_phone.get_by_role("button", name="Use this device").click()
        expect(on_phone.locator("h1")).to_have_text("Workshops")
        page.get_by_role("link", name="It is opened").click()
        expect(ends).to_have_count(lent_before + 1)
        page.get_by_role("button", name="Sign out").click()
        on_phone.reload()
        expect(on_phone.locator("h1")).to_contain_text("on the trainer's laptop only")


def test_the_short_address_does_the_same_without_a_camera(browser: Browser, served: Served) -> None:
    with a_browser(browser, "en", 1280) as laptop, a_browser(browser, "ur", 320) as phone:
        page = served.sign_in(laptop)
        page.goto(f"{served.laptop_url}/staff/devices")
        page.get_by_role("button", name="Lend to one device").click()
        shown = page.locator(".poster").inner_text()
        assert f"{served.phone_url.removeprefix('http://')}/b" in shown
        number = page.locator(".loan .code").inner_text()
        on_phone = phone.new_page()
        on_phone.goto(f"{served.phone_url}/b")
        on_phone.fill("#number", number)
        on_phone.click("main .primary")
        on_phone.click("main .primary")
        on_phone.wait_for_url("**/trainer")


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_the_pages_are_accessible_and_never_scroll_sideways(
    browser: Browser, served: Served, language: str, width: int, tmp_path: Path
) -> None:
    faults = []
    with (
        a_browser(browser, language, width) as laptop,
        a_browser(browser, language, width) as phone,
    ):
        page, on_phone = served.sign_in(laptop), phone.new_page()
        page.goto(f"{served.laptop_url}/staff/devices")
        faults += faults_of(page, "devices")
        page.locator("main .primary").click()
        page.locator(".poster").wait_for()
        faults += faults_of(page, "square")
        number = page.locator(".loan .code").inner_text().replace("\n", "")
        for name, path in (("elsewhere", "/sign-in"), ("typing", "/b"), ("typo", "/b?number=12")):
            on_phone.goto(served.phone_url + path)
            faults += faults_of(on_phone, name)
        on_phone.goto(f"{served.phone_url}/b/{number}")
        faults += faults_of(on_phone, "asked")
        on_phone.locator("main .primary").click()
        on_phone.wait_for_url("**/trainer")
        faults += faults_of(on_phone, "borrowed")
        on_phone.goto(f"{served.phone_url}/staff/devices")
        faults += faults_of(on_phone, "borrowed devices")
        on_phone.goto(f"{served.phone_url}/b/{number}")
        faults += faults_of(on_phone, "spent")
        page.goto(f"{served.laptop_url}/staff/devices")
        faults += faults_of(page, "lent")
    assert faults == []


def faults_of(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands, in both themes."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{name} {theme} {each['id']}" for each in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{name}: scrolls sideways")
    return found
