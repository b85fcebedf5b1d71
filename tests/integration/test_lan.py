"""A room's own network: squares for the wall, a warning when cards lead elsewhere, no internet."""

import re
import signal
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.listening import is_private
from app.adapters.qr import qr_terminal
from app.upkeep.moved import find_stranded_cards
from app.web.house import House
from tests.fixtures.house import a_workshop, bearer_of
from tests.fixtures.loop import API
from tests.fixtures.server import run_well, started

pytestmark = pytest.mark.sqlite_only


def read_square(printed: str) -> str:
    """What a camera reads from a terminal's half blocks; light on dark or dark on light."""
    rows = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", printed).splitlines():
        if line:
            rows.append([sign in "█▀" for sign in line])
            rows.append([sign in "█▄" for sign in line])
    width = max(len(row) for row in rows)
    square = np.array([row + [False] * (width - len(row)) for row in rows])
    for picture in (square, ~square):
        image = np.kron(np.pad(picture, 4, constant_values=picture[0, 0]), np.ones((6, 6)))
        for found in zxingcpp.read_barcodes((image * 255).astype(np.uint8)):
            return str(found.text)
    return ""


def test_a_square_in_the_terminal_can_be_scanned() -> None:
    assert read_square(qr_terminal("http://192.168.8.10:8000")) == "http://192.168.8.10:8000"


def test_serving_a_room_shows_the_network_and_the_test(tmp_path: Path) -> None:
    environment = {
        "TAFAWUT_DATA_DIR": str(tmp_path),
        "TAFAWUT_WIFI_NAME": "Synthetic; Hall",
        "TAFAWUT_WIFI_PASSWORD": "only-a-test",
    }
    run_well(["migrate"], environment)
    command = ["app", "serve", "--lan", "--host", "127.0.0.1", "--port", "0"]
    with started(command, environment) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Plain http"):
                break
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
    printed = "".join(lines)
    address = re.search(r"Serving at (\S+)", printed)
    assert address is not None
    wifi, test = printed.split("2. The test")
    assert read_square(wifi.partition("1. Wi-Fi")[2].partition("\n")[2]) == (
        "WIFI:S:Synthetic\\; Hall;T:WPA;P:only-a-test;;"
    )
    square = test.partition("\n")[2].partition("Plain http")[0]
    assert read_square(square) == address[1]


def test_cards_that_lead_elsewhere_are_told(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    address = f"{API}/workshops/{room.workshop.id}/cards.pdf"
    assert client.get(address, headers=bearer_of(house, amal)).status_code == 200
    with house.unit(writes=False) as work:
        assert find_stranded_cards(work, house.settings.base_url) == []
        (sentence,) = find_stranded_cards(work, "http://192.168.8.10:8000")
    assert house.settings.base_url in sentence
    assert "http://192.168.8.10:8000" in sentence


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("192.168.8.10", True),
        ("10.0.0.7", True),
        ("172.20.1.1", True),
        ("169.254.3.4", True),
        ("::1", True),
        ("fd00::1", True),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
    ],
)
def test_only_a_rooms_own_addresses_are_private(address: str, expected: bool) -> None:
    assert is_private(address) is expected
