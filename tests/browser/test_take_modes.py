"""The whole test in both deployments: plain http in a room, and https with Secure cookies."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.fixtures.browser_phone import ITEMS, SMALL, Phone
from tests.fixtures.phone_room import a_phone_room


@pytest.mark.parametrize("mode", ["lan", "https"])
def test_the_whole_test_with_the_network_lost_in_the_middle(
    browser: Browser, tmp_path: Path, mode: str
) -> None:
    with (
        a_phone_room(tmp_path, people=1, mode=mode) as room,
        browser.new_context(**SMALL, ignore_https_errors=True) as context,
    ):
        phone = Phone(context, room, 0)
        phone.join()
        is_secure = mode == "https"
        assert phone.page.evaluate("[isSecureContext, 'serviceWorker' in navigator]") == [
            is_secure,
            is_secure,
        ]
        cookies = {each["name"]: each for each in context.cookies()}
        cookie = cookies["__Secure-sitting" if is_secure else "sitting"]
        assert (cookie["secure"], cookie["path"]) == (is_secure, "/my")
        phone.answer_next("a", 8)
        phone.waits_for("saved")
        context.set_offline(True)
        phone.answer_next("a", 8)
        phone.waits_for("phone")
        context.set_offline(False)
        phone.answer_rest("a")
        phone.send()
        phone.is_received()
        assert phone.stored() == dict.fromkeys(ITEMS, "a")
