"""What browser tests share: a small phone's browser, and rooms at the two kinds of address.

Fixtures:
    context     a browser of 320 px that nobody has used
    room        a served room whose pre-test is open, on a LAN's address and in a secure context:
                every test runs in both and takes cards of its own; a file may have its own instead
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.fixtures.browser_phone import SMALL
from tests.fixtures.phone_room import PhoneRoom, a_phone_room


@pytest.fixture(scope="module", params=["lan", "dev"])
def room(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[PhoneRoom]:
    """In a LAN the queue is kept plainly, in a secure context it is sealed."""
    folder = tmp_path_factory.mktemp("room")
    with a_phone_room(folder, people=20, mode=request.param) as room:
        yield room


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has used."""
    with browser.new_context(**SMALL) as context:
        yield context
