"""What a phone's browser makes of the two deployments: plain http in a room, https elsewhere."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.fixtures.lan_origin import serving_https, serving_lan
from tests.fixtures.load_room import environment_of, fresh_database
from tests.legs import LAN_HOST


def test_the_room_server_is_an_insecure_origin(browser: Browser, tmp_path: Path) -> None:
    with (
        fresh_database(tmp_path) as url,
        serving_lan(["serve"], environment_of(url, tmp_path / "data")) as (places, _),
        browser.new_context() as context,
    ):
        page = context.new_page()
        answer = page.goto(str(places["base_url"]))
        assert answer
        assert (answer.status, page.evaluate("location.hostname")) == (200, LAN_HOST)
        assert page.evaluate("isSecureContext") is False
        assert page.evaluate("'serviceWorker' in navigator") is False


def test_the_https_server_is_a_secure_origin(browser: Browser, tmp_path: Path) -> None:
    with (
        fresh_database(tmp_path) as url,
        serving_https(["serve"], environment_of(url, tmp_path / "data")) as (places, _),
        browser.new_context() as context,
    ):
        page = context.new_page()
        answer = page.goto(str(places["base_url"]))
        assert answer
        assert answer.status == 200
        assert "strict-transport-security" in answer.headers
        assert page.evaluate("[isSecureContext, location.protocol]") == [True, "https:"]
        assert page.evaluate("'serviceWorker' in navigator") is True
