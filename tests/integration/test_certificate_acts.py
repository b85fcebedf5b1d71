"""Issuing without a phone, a hundred at a time, what was done, and the end of the names."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.certificates import service as certificates
from app.participants import service as participants
from app.upkeep.setup import forget_names
from app.web.house import House
from tests.fixtures.certificate_office import LATIN, LOCAL, Office, an_office
from tests.fixtures.house import FakeClock, sign_in
from tests.fixtures.loop import API, everything_stored, rows
from tests.fixtures.page_client import PageClient, another_browser, marked_field


@pytest.fixture
def office(client: TestClient, house: House, amal: StaffPerson) -> Office:
    return an_office(client, house, amal)


@pytest.fixture
def trainer(client: TestClient, house: House, amal: StaffPerson) -> PageClient:
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    return browser


def page_of(office: Office) -> str:
    return f"/trainer/workshops/{office.room.workshop.id}/certificates"


def test_somebody_without_a_phone_gets_one_by_a_name_and_a_reason(
    office: Office, client: TestClient
) -> None:
    office.tick(0)
    path = f"/cards/{office.room.cards[0].card.number}/certificate"
    assert office.post(path, latin=LATIN, reason=" ").status_code == 422
    assert office.post(path, latin="", reason="No phone").json()["code"] == "name_missing"
    issued = office.post(path, local=LOCAL, latin=LATIN, reason="No phone")
    assert issued.status_code == 200
    number = issued.json()["number"]
    assert office.post(path, latin="Somebody Else", reason="Again").json()["number"] == number
    check = client.post(f"{API}/certificates/{number}/name-check", json={"name": LATIN})
    assert check.json()["name_match"] == "match"
    (deed,) = office.get(f"/certificates/{number}/history").json()
    assert (deed["verb"], deed["reason"], deed["staff_name"]) == ("issue", "No phone", "Amal")


def test_a_reason_is_no_way_around_attendance_or_the_holders_own_word(office: Office) -> None:
    path = f"/cards/{office.room.cards[0].card.number}/certificate"
    refused = office.post(path, latin=LATIN, reason="A friend")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_attended")
    office.a_holder(1, latin="As I Write It")
    path = f"/cards/{office.room.cards[1].card.number}/certificate"
    office.post(path, latin="As the trainer writes", reason="Nicer")
    content = office.get("/certificates.zip").content
    number = office.issue(1).json()["number"]
    name = {"name": "As I Write It"}
    check = office.client.post(f"{API}/certificates/{number}/name-check", json=name)
    assert check.json()["name_match"] == "match"
    assert number.encode() in content


def test_the_trainers_form_without_a_phone_keeps_what_was_typed(
    office: Office, trainer: PageClient
) -> None:
    office.tick(0)
    number = office.room.cards[0].card.number
    page = trainer.get(page_of(office))
    action = f"{page_of(office)}/{number}/issue"
    refused = trainer.send(page, action, status=422, latin=LATIN, reason="")
    again = trainer.read(refused, 422)
    assert marked_field(again).get("id") == f"issue-{number}-reason"
    assert again.fields(action)["latin"] == LATIN
    trainer.send(again, action, reason="No phone")
    assert "Issued: 1." in trainer.get(page_of(office)).main


@pytest.mark.sqlite_only
def test_a_large_room_is_issued_a_hundred_at_a_time_and_nobody_twice(
    client: TestClient, house: House, amal: StaffPerson, trainer: PageClient
) -> None:
    office = an_office(client, house, amal, people=230)
    with house.unit(writes=True) as work:
        workshop = office.room.workshop
        for printed in office.room.cards:
            participants.tick_attendance(
                work, workshop, printed.card.number, day=workshop.starts_on, was_there=True, by=amal
            )
            participants.store_name(
                work, printed.card, local="", latin=f"P {printed.card.number}", is_confirmed=True
            )
    answer = trainer.send(trainer.get(page_of(office)), page_of(office))
    assert answer.headers["location"].endswith("/certificates?going=true")
    page = trainer.get(answer.headers["location"])
    (progress,) = page.find("progress")
    assert (progress.get("value"), progress.get("max")) == ("100", "230")
    (going,) = page.find("form", action=page_of(office))
    assert going.get("data-goes-on") is not None
    assert office.post("/certificates").json() == {"issued": 100, "left": 30}
    last = trainer.send(trainer.get(page_of(office)), page_of(office))
    assert last.headers["location"].endswith("/certificates")
    assert office.post("/certificates").json() == {"issued": 0, "left": 0}
    assert len(rows(house, "SELECT DISTINCT holder_key FROM certificates")) == 230
    by_card = sorted(
        (line.card_number, line.certificate.number)
        for line in _lines(house, office)
        if line.certificate
    )
    kept = rows(house, "SELECT number FROM certificates ORDER BY rowid")
    in_order = [row["number"] for row in kept]
    assert [number for _, number in by_card] != in_order  # the register does not tell the cards


def _lines(house: House, office: Office) -> list[certificates.HolderLine]:
    with house.unit(writes=False) as work:
        return certificates.find_holders(work, office.room.workshop)


def test_everything_that_was_done_is_told_to_the_own_trainers(
    office: Office, client: TestClient, clock: FakeClock, basma: StaffPerson, house: House,
    amal: StaffPerson,
) -> None:  # fmt: skip
    number = office.a_number()
    for verb, sent in (
        ("supersede", {"latin": "Farah Aly", "reason": "A slip"}),
        ("revoke", {"reason": "Not there"}), ("reinstate", {"reason": "A mistake"}),
    ):  # fmt: skip
        clock.advance(timedelta(hours=1))
        office.post(f"/certificates/{number}/{verb}", **sent)
    told = office.get(f"/certificates/{number}/history").json()
    assert [(each["verb"], each["edition"], each["reason"]) for each in told] == [
        ("issue", 1, ""), ("supersede", 2, "A slip"), ("revoke", 2, "Not there"),
        ("reinstate", 2, "A mistake"),
    ]  # fmt: skip
    trainer = PageClient(another_browser(client), house)
    sign_in(trainer.client, house, amal)
    page = trainer.get(f"{page_of(office)}/{number}")
    for part in ("22 November 2026, 12:00", "name corrected", "A slip", "Not there", "Amal"):
        assert part in page.main, part
    assert LATIN not in page.text
    stranger = PageClient(another_browser(office.client), house)
    sign_in(stranger.client, house, basma)
    assert stranger.get(f"{page_of(office)}/{number}", status=404)


def test_after_the_names_date_nothing_leads_to_a_person_and_a_typed_name_still_fits(
    office: Office, house: House, client: TestClient, trainer: PageClient
) -> None:
    number = office.a_number()
    (before,) = rows(house, "SELECT holder_key, sealed_name, name_digest FROM certificates")
    with house.unit(writes=True) as work:
        forget_names(work, office.room.workshop.id)
    (after,) = rows(house, "SELECT holder_key, sealed_name, name_digest FROM certificates")
    assert (after["holder_key"], after["sealed_name"]) == (None, None)
    assert after["name_digest"] == before["name_digest"]
    assert LATIN not in after["name_digest"]
    stored = everything_stored(house)
    assert before["holder_key"].encode() not in stored
    assert bytes(before["sealed_name"]) not in stored
    for name, match in ((LATIN, "match"), (LOCAL, "match"), ("Ghada", "no_match")):
        told = client.post(f"{API}/certificates/{number}/name-check", json={"name": name}).json()
        assert (told["status"], told["name_match"]) == ("genuine", match)
    assert [line.certificate for line in _lines(house, office)] == [None]
    page = trainer.get(page_of(office))
    assert page.find("a", href=f"{page_of(office)}/{number}")
    assert LATIN not in page.text
    life = trainer.get(f"{page_of(office)}/{number}")
    trainer.send(life, f"{page_of(office)}/{number}/revoke", reason="Found to be false")
    assert client.get(f"{API}/certificates/{number}").json()["status"] == "revoked"


def test_nobody_gets_a_second_certificate_after_the_names_date(
    office: Office, house: House
) -> None:
    office.a_number()
    with house.unit(writes=True) as work:
        forget_names(work, office.room.workshop.id)
    assert office.issue(0).json()["code"] == "name_missing"
    path = f"/cards/{office.room.cards[0].card.number}/certificate"
    refused = office.post(path, latin=LATIN, reason="Lost")
    assert (refused.status_code, refused.json()["code"]) == (410, "key_destroyed")
    assert office.post("/certificates").json() == {"issued": 0, "left": 0}
    assert len(rows(house, "SELECT id FROM certificates")) == 1
