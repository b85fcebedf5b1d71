"""The pages in the real Chromium 64, 72 and 80: they open, run and break nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.old_chromium import OldChromium, PageFault
from tests.fixtures.server import serving
from tests.old_chromium import PACKAGES


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with serving(["demo"], {"TAFAWUT_DATA_DIR": str(folder)}) as (places, _):
        yield str(places["base_url"])


@pytest.mark.parametrize("version", PACKAGES)
def test_an_old_browser_opens_a_page_clicks_goes_offline_and_takes_a_picture(
    version: int, old_chromium_paths: dict[int, Path], base_url: str
) -> None:
    with OldChromium(old_chromium_paths[version]) as browser:
        page = browser.open(base_url)
        assert f"Chrome/{version}." in page.evaluate("navigator.userAgent")
        assert page.evaluate("document.querySelector('h1').textContent.length") > 0
        assert page.complaints == []
        page.evaluate("addEventListener('click', function (e) { window.seen = e.isTrusted })")
        page.click("h1")
        page.wait_for("window.seen !== undefined")
        assert page.evaluate("window.seen") is True
        page.set_offline(True)
        with pytest.raises(PageFault):
            page.evaluate("fetch('/about')")
        page.set_offline(False)
        assert page.evaluate("fetch('/about').then(function (a) { return a.status })") == 200
        assert page.screenshot().startswith(b"\x89PNG")
