"""A room's own network: squares for the wall, a warning when cards lead elsewhere, no internet."""

import re
import signal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.listening import is_loopback, is_private, is_same_machine
from app.adapters.qr import qr_terminal
from app.upkeep.moved import find_stranded_cards
from app.web.house import House
from tests.fixtures.house import a_workshop, bearer_of
from tests.fixtures.loop import API
from tests.fixtures.rooms import IN_A_ROOM, a_device, read_square, said_in_a_room, squares_in
from tests.fixtures.server import run_well, serving, started

pytestmark = pytest.mark.sqlite_only


def test_a_square_in_the_terminal_can_be_scanned() -> None:
    assert read_square(qr_terminal("http://192.168.8.10:8000")) == "http://192.168.8.10:8000"


def test_serving_a_room_shows_the_network_and_the_test(tmp_path: Path) -> None:
    environment = {
        "TAFAWUT_DATA_DIR": str(tmp_path),
        "TAFAWUT_WIFI_NAME": "Synthetic; Hall",
        "TAFAWUT_WIFI_PASSWORD": "only-a-test",
    }
    run_well(["migrate"], environment)
    with started(["app", "serve", *IN_A_ROOM], environment) as process:
        printed = said_in_a_room(process)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
    address = re.search(r"Serving at (\S+)", printed)
    assert address is not None
    assert squares_in(printed) == {
        "1. Wi-Fi Synthetic; Hall": "WIFI:S:Synthetic\\; Hall;T:WPA;P:only-a-test;;",
        f"2. The test, {address[1]}": address[1],
    }


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


@pytest.mark.parametrize(
    ("client", "server", "expected"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "192.168.8.10", True),
        ("::1", "::1", True),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1", True),
        ("192.168.8.10", "192.168.8.10", True),
        ("::ffff:192.168.8.10", "192.168.8.10", True),
        ("fe80::1%eth0", "fe80::1%eth0", True),
        ("192.168.8.23", "192.168.8.10", False),
        ("127.0.0.2", "127.0.0.1", False),
        ("fe80::2%eth0", "fe80::1%eth0", False),
        ("", "", False),
        ("testclient", "testclient", False),
    ],
)
def test_a_connection_with_both_its_ends_here_is_the_laptops(
    client: str, server: str, expected: bool
) -> None:
    assert is_same_machine(client, server) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("192.168.8.10", False), ("tests.example.org", False)],
)
def test_a_loopback_is_told_by_its_number(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


WAYS_IN = ("/sign-in", "/staff", "/trainer", "/admin", "/one-time/anything", "/staff/devices")


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.5"])  # the loopback, also by another name
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.5"])
def test_staff_come_in_from_the_serving_computer_alone_whatever_a_header_says(
    tmp_path: Path, host: str
) -> None:
    environment = {"TAFAWUT_DATA_DIR": str(tmp_path)}
    run_well(["migrate"], environment)
    with serving(["serve", "--host", host], environment) as (told, _):
        base, link = str(told["base_url"]), str(told["first_run_url"])
        lies = {"X-Forwarded-For": host, "X-Real-IP": host, "Forwarded": f"for={host}"}
        with a_device("127.0.0.2", base) as phone:
            for headers in ({}, lies):
                for path in (*WAYS_IN, link):
                    refused = phone.get(path, headers=headers)
                    assert refused.status_code == 403, path
                    assert "laptop only" in refused.text, path
                sent = phone.post("/sign-in", data={"login": "admin"}, headers=headers)
                assert sent.status_code == 403
                api = phone.post(f"{API}/tokens", json={"code": "x" * 20}, headers=headers)
                assert (api.status_code, api.json()["code"]) == (403, "laptop_only")
            assert phone.get("/").status_code == 200
        with a_device(host, base) as laptop:
            spent = laptop.post(link, data={"password": "four words of a river"})
            assert spent.status_code == 303
            assert laptop.get("/admin").status_code == 200
