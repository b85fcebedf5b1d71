"""Certificates of participation: attendance is the only rule, and no page tells a name."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import inspect
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.certificates import service as certificates
from app.certificates.schemas import CertificateRecord
from app.participants import service as participants
from app.web.api.wire_staff import SentWorkshop
from app.web.house import House
from tests.fixtures.certificate_office import LATIN, LOCAL, an_office
from tests.fixtures.house import FakeClock, bearer_of, sign_in
from tests.fixtures.loop import (
    API,
    a_program,
    at_once,
    change,
    everything_stored,
    rows,
    run_workshop,
)
from tests.fixtures.page_client import PageClient, another_browser


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def name_match(client: TestClient, number: str, name: str) -> str:
    answer = client.post(f"{API}/certificates/{number}/name-check", json={"name": name})
    return str(answer.json()["name_match"])


def test_attendance_is_the_only_rule_also_for_somebody_who_took_no_test(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal, days_needed=2)
    person = a_program(client, office.room.cards[0], has_agreed=False)
    assert told(person.post("/me/name", latin=LATIN)) == (409, "not_attended")
    assert told(office.issue(0)) == (409, "not_attended")
    office.tick(0)
    assert told(office.issue(0)) == (409, "not_attended")
    office.tick(0, date(2026, 11, 23))
    assert person.post("/me/name", latin=LATIN).status_code == 204
    issued = office.issue(0)
    assert issued.status_code == 200
    assert issued.json()["days_attended"] == 2
    assert person.get("/me/certificate").json()["number"] == issued.json()["number"]


def test_hours_are_printed_as_they_were_when_it_was_issued(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal, hours=12)
    number = office.a_number(0)
    assert client.get(f"{API}/certificates/{number}").json()["certificate"]["hours"] == 12
    planned = office.get("").json()
    sent = {name: planned[name] for name in SentWorkshop.model_fields if name in planned}
    assert office.put("", **sent | {"hours": 6}).status_code == 200
    assert office.get("").json()["hours"] == 6
    assert client.get(f"{API}/certificates/{number}").json()["certificate"]["hours"] == 12
    too_many = office.put("", **sent | {"hours": 49})  # of two days
    assert told(too_many)[0] == 422


def test_marks_do_not_matter(client: TestClient, house: House, amal: StaffPerson) -> None:
    office = an_office(client, house, amal)
    run_workshop(house, office.room, amal, [(20, 20), (20, 20)])
    assert told(office.issue(0)) == (409, "not_attended")
    assert office.a_number(0)


def test_a_tick_outside_the_workshop_or_for_no_card_is_refused(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    assert office.tick(0, date(2026, 11, 24)) == 422
    number = "1007" if office.room.cards[0].card.number != "1007" else "1010"
    unknown = office.post("/attendance", number=number, day="2026-11-22")
    assert told(unknown) == (404, "card_unknown")
    office.tick(0)
    assert office.tick(0, was_there=False) == 204
    assert rows(house, "SELECT * FROM attendance") == []


def test_only_the_holder_confirms_the_name(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    office.tick(0)
    assert told(office.issue(0)) == (422, "name_missing")
    with house.unit(writes=True) as work:
        card = office.room.cards[0].card
        participants.store_name(work, card, local="", latin="From a roster", is_confirmed=False)
    assert told(office.issue(0)) == (422, "name_missing")
    office.a_holder(0)
    assert office.issue(0).status_code == 200


def test_asking_twice_gives_the_same_record(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    office = an_office(client, house, amal)
    office.a_holder(0)
    office.a_holder(1)
    first = office.issue(0).json()
    clock.advance(timedelta(days=1))
    assert office.issue(0).json() == first
    assert [office.post("/certificates").json() for _ in range(2)] == [
        {"issued": 1, "left": 0},
        {"issued": 0, "left": 0},
    ]
    assert len(rows(house, "SELECT id FROM certificates")) == 2


def test_two_trainers_who_issue_at_the_same_moment_issue_one_record(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    for person in range(6):
        office.a_holder(person)

    def issue(person: int) -> CertificateRecord:
        with house.unit(writes=True) as work:
            card = office.room.cards[person].card
            return certificates.issue_certificate(work, office.room.workshop, card, by=amal)

    for person in range(6):
        issued = at_once(*[lambda p=person: issue(p)] * 3)
        assert len({str(each) for each in issued}) == 1, issued


def test_a_corrected_name_keeps_the_number_and_ends_the_old_name(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number()
    path = f"/certificates/{number}/supersede"
    no_reason = office.post(path, latin="Farah Aly", reason=" ")
    assert told(no_reason) == (422, "value_refused")
    assert name_match(client, number, LATIN) == "match"
    corrected = office.post(path, local=LOCAL, latin="Farah Aly", reason="A slip").json()
    assert (corrected["number"], corrected["edition"], corrected["status"]) == (number, 2, "issued")
    assert name_match(client, number, LATIN) == "no_match"
    assert name_match(client, number, "farah aly") == "match"
    assert name_match(client, number, LOCAL) == "match"


def test_a_revoked_certificate_says_so_until_it_is_reinstated(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number()
    browser = PageClient(another_browser(client), house)
    assert browser.get(f"/v/{number}").heading == "Genuine certificate"
    clock.advance(timedelta(days=3))
    revoked = [office.post(f"/certificates/{number}/revoke", reason="Not there") for _ in range(2)]
    assert [each.json()["status"] for each in revoked] == ["revoked", "revoked"]
    page = browser.get(f"/v/{number}")
    assert page.heading == "Revoked certificate"
    assert "25 November 2026" in page.main
    assert "Not there" not in page.text
    assert client.get(f"{API}/certificates/{number}").json()["status"] == "revoked"
    office.post(f"/certificates/{number}/reinstate", reason="A mistake")
    assert client.get(f"{API}/certificates/{number}").json()["status"] == "genuine"
    verbs = [row["verb"] for row in rows(house, "SELECT verb FROM certificate_events ORDER BY id")]
    assert verbs == ["issue", "revoke", "reinstate"]


def test_the_verification_page_and_the_api_never_tell_the_name(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number()
    browser = PageClient(another_browser(client), house)
    page = browser.get(f"/v/{number}")
    wrong = browser.read(browser.client.post(f"/v/{number}", data={"name": "Ghada"}), 200)
    api = client.get(f"{API}/certificates/{number}")
    holders = office.client.get(
        f"{API}/workshops/{office.room.workshop.id}/certificates", headers=bearer_of(house, amal)
    )
    for answer in (page.text, wrong.text, api.text, holders.text):
        assert "Farah" not in answer
        assert "فرح" not in answer
    assert "The name does not fit." in wrong.main
    right = browser.read(browser.client.post(f"/v/{number}", data={"name": LATIN}), 200)
    assert "The name fits this certificate." in right.main


def test_a_typed_name_is_compared_as_people_read_it(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number(local="علی کاظمی", latin="Ali Kazmi")
    for typed, expected in {
        "علی کاظمی": "match",
        "علي كاظمي": "match",
        "  ALI   kazmi ": "match",
        "Ali-Kazmi": "match",
        "Ali": "no_match",
        "Kazmi Ali": "no_match",
        "علی کاظم": "no_match",
        "Ali Kazmi علی کاظمی": "no_match",
    }.items():
        assert name_match(client, number, typed) == expected, typed


def test_an_unknown_number_is_not_found_and_a_mistyped_one_needs_no_database(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    number = an_office(client, house, amal).a_number()
    browser = PageClient(another_browser(client), house)
    assert browser.get("/v/00000000000", status=404).heading == "Certificate not found"
    unknown = client.get(f"{API}/certificates/00000000000").json()
    assert (unknown["status"], unknown["certificate"]) == ("not_found", None)
    assert name_match(client, "00000000000", LATIN) == "no_match"
    small = number.lower().replace("1", "l").replace("0", "o")
    assert client.get(f"{API}/certificates/{small}").json()["number"] == number
    change(house, "ALTER TABLE certificates RENAME TO gone")
    mistyped = number[:-1] + ("Z" if number[-1] != "Z" else "Y")
    assert told(client.get(f"{API}/certificates/{mistyped}")) == (422, "code_mistyped")
    assert browser.get(f"/v/{mistyped}", status=422).fields("/v") == {"number": mistyped}


def test_the_register_has_no_column_that_leads_to_a_person_a_mark_or_a_sex(house: House) -> None:
    tables = {
        table: {column["name"] for column in inspect(house.engine).get_columns(table)}
        for table in ("certificates", "certificate_events")
    }
    assert tables["certificates"] == {
        "id", "number", "workshop_id", "holder_key", "edition", "status", "organisation_name",
        "languages", "workshop_title", "place", "starts_on", "ends_on", "days_attended",
        "days_held", "hours", "logos", "sealed_name", "name_digest", "is_specimen", "issued_at",
        "edition_at", "changed_at",
    }  # fmt: skip
    assert tables["certificate_events"] == {
        "id", "certificate_id", "happened_at", "verb", "edition", "staff_id", "reason",
    }  # fmt: skip


def test_nothing_is_issued_by_a_get(client: TestClient, house: House, amal: StaffPerson) -> None:
    office = an_office(client, house, amal)
    office.a_holder(0)
    number = office.room.cards[0].card.number
    sign_in(client, house, amal)
    path = f"/workshops/{office.room.workshop.id}"
    asked = [
        client.get(f"/trainer{path}/certificates/{number}/issue"),
        client.get(f"{API}{path}/cards/{number}/certificate", headers=bearer_of(house, amal)),
        client.get(f"/trainer{path}/certificates"),
    ]
    assert [each.status_code for each in asked] == [405, 405, 200]
    assert rows(house, "SELECT id FROM certificates") == []


def test_a_trainer_touches_the_certificates_of_the_own_workshops_alone(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    number = an_office(client, house, amal).a_number()
    elsewhere = an_office(client, house, basma)
    foreign = elsewhere.post(f"/certificates/{number}/revoke", reason="Mine now")
    missing = elsewhere.post("/certificates/00000000000/revoke", reason="Mine now")
    assert foreign.status_code == 404
    assert foreign.content == missing.content
    assert client.get(f"{API}/certificates/{number}").json()["status"] == "genuine"


def test_the_trainers_page_issues_what_is_ready(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    office.a_holder(0)
    office.tick(1)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    path = f"/trainer/workshops/{office.room.workshop.id}/certificates"
    page = browser.get(path)
    assert "Ready: 1. Issued: 0. People: 2." in page.main
    assert LATIN in page.main
    browser.send(page, path)
    assert "Ready: 0. Issued: 1. People: 2." in browser.get(path).main


def test_sealed_names_have_one_length_whatever_the_name(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    office.a_number(0, local="", latin="Bo")
    office.a_number(1, local="ف" * 100, latin="F" * 200)
    assert b"FFFFF" not in everything_stored(house)
    for table in ("identities", "certificates"):
        found = rows(house, f"SELECT length(sealed_name) AS size FROM {table}")
        assert len(found) == 2
        assert found[0] == found[1]
