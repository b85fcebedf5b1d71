"""Before the day: what so many people can show at all."""

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.gains import service as gains
from app.web.house import House
from app.workshops.schemas import Audience
from tests.fixtures.final_rooms import a_final_workshop, a_pair
from tests.fixtures.house import a_workshop, bearer_of, sign_in
from tests.fixtures.loop import API
from tests.fixtures.page_client import PageClient, another_browser


def test_fifteen_points_are_assumed_until_five_workshops_have_told_how_gains_differ(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, 22, audience=Audience.NGO)

    def ask() -> dict[str, object]:
        path = f"{API}/workshops/{room.workshop.id}/gains/detectable?people=22"
        told: dict[str, object] = client.get(path, headers=bearer_of(house, amal)).json()
        return told

    def look() -> str:
        browser = PageClient(another_browser(client), house)
        sign_in(browser.client, house, amal)
        return browser.get(f"/trainer/workshops/{room.workshop.id}").main

    # Half of each ten gain 2 points of 10 and half 3: SD √(50/49 · .25) = .50508 points.
    for _ in range(4):
        a_final_workshop(house, amal, [a_pair(2, 4 + n % 2, "man", "police") for n in range(10)])
    _release(house)
    assert ask() == {"people": 22, "rise_pp": "9", "sd_pp": "15", "workshops": 0}
    assert "if 22 people take both tests, about 9 percentage points." in look()
    assert "Assumed: gains differ by 15 points" in look()

    a_final_workshop(house, amal, [a_pair(2, 4 + n % 2, "man", "police") for n in range(10)])
    _release(house)
    # (2.07961 + .85907) · 5.0508 / √22 = 3.16
    assert ask() == {"people": 22, "rise_pp": "3", "sd_pp": "5", "workshops": 5}
    assert "Measured in 5 earlier workshops: gains differ by 5 points" in look()


def _release(house: House) -> None:
    with house.unit(writes=True) as work:
        gains.release_due(work, threshold=10)
