"""The minority ballot on its pages: asked after the questionnaire, switched on, read."""

from typing import Any

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Occasion, WorkshopRecord
from tests.fixtures.ballots import close, rooms_that_answer, start
from tests.fixtures.house import a_client, bearer_of, close_test, open_test, sign_in
from tests.fixtures.loop import API, rows, take
from tests.fixtures.page_client import PageClient, another_browser
from tests.fixtures.scene import a_synthetic_workshop

ASKED = "Do you belong to a religious, ethnic or language minority?"


def a_thank_you_page(
    client: TestClient, house: House, amal: StaffPerson
) -> tuple[PageClient, Any, WorkshopRecord]:
    """Somebody of a synthetic workshop has just handed the questionnaire in."""
    room = a_synthetic_workshop(house, amal)
    open_test(house, room, Occasion.PRE, amal)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [5])
    browser = PageClient(another_browser(client), house)
    sent = {"token": room.cards[0].token, "language": "en"}
    browser.client.post(f"/j/{room.workshop.join_code}", data=sent)
    page = browser.get("/my/questionnaire")
    answer = browser.send(page, "/questionnaire", status=200, **{"item-1": "e"})
    return browser, browser.read(answer, 200), room.workshop


def test_the_page_asks_after_the_questionnaire_and_takes_the_answer_without_a_cookie(
    client: TestClient, house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    _, page, _ = a_thank_you_page(client, house, amal)
    assert ASKED in page.text
    assert "I prefer not to say" in page.text
    stranger = PageClient(another_browser(client), house)
    sent = page.fields("/ballot") | {"answer": "y"}
    thanks = stranger.client.post("/ballot", data=sent)
    other = stranger.client.post("/ballot", data=page.fields("/ballot") | {"answer": "n"})
    assert thanks.content == other.content  # the same, whatever was said, also a second time
    assert "Your answer was counted." in stranger.read(thanks, 200).text
    assert dict(stranger.client.cookies) == {}
    assert rows(house, "SELECT waiting_answers FROM ballot_rounds") == [{"waiting_answers": 1}]
    assert stranger.client.post("/ballot", data={"slip": "x"}).status_code == 422


def test_where_it_is_off_the_page_asks_nothing_and_the_program_gets_no_slip(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    _, page, _ = a_thank_you_page(client, house, amal)
    assert ASKED not in page.text
    assert "/ballot" not in {form.get("action") for form in page.find("form")}


def test_an_admin_switches_it_on_and_off_and_an_evaluator_reads(
    client: TestClient, house: House, amal: StaffPerson, admin: StaffPerson, dina: StaffPerson
) -> None:
    office = PageClient(another_browser(client), house)
    sign_in(office.client, house, admin)
    page = office.get("/admin/ballots")
    refused = office.send(page, "/admin/ballots", status=422, country="Pakistan")
    assert office.read(refused, 422).fields("/admin/ballots")["country"] == "Pakistan"
    office.send(page, "/admin/ballots", country="pk")
    rooms = rooms_that_answer(house, amal, [(4, 5), (4, 5), (4, 5)])
    reader = PageClient(a_client(client.app), house)  # type: ignore[arg-type]
    sign_in(reader.client, house, dina)
    headers = bearer_of(house, dina)
    assert "Not yet told" in reader.get("/evaluator/ballots").main
    (waits,) = client.get(f"{API}/ballots", headers=headers).json()
    assert (waits["country"], waits["yes"], waits["workshops"]) == ("PK", None, None)
    close(house, amal, *rooms)
    (found,) = client.get(f"{API}/ballots", headers=headers).json()
    assert (found["yes"], found["no"], found["share_percent"]) == (12, 15, "44")
    assert "44%" in reader.get("/evaluator/ballots").main
    shown = office.get("/admin/ballots")
    office.send(shown, "/admin/ballots/stop")
    assert "Nowhere." in office.get("/admin/ballots").main
