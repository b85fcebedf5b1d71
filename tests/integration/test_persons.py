"""Whoever holds a card sees, takes along and erases what is kept under it, without staff.

R23 (what is erased stands nowhere), R12 `erase_then_resend`; decision 0026.
"""

import json
import tempfile
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.certificates import service as certificates
from app.core.codes import card_number
from app.core.errors import CardErased
from app.gains import rollups
from app.main import settle_once
from app.participants import service as participants
from app.participants.consent import CONSENT_TEXTS
from app.upkeep import persons
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Occasion, WorkshopState
from tests.fixtures.house import FakeClock, Room, a_client, a_workshop, close_test, open_test
from tests.fixtures.house import sign_in as sign_in_as
from tests.fixtures.loop import (
    API,
    Program,
    a_program,
    an_operation,
    everything_stored,
    join,
    rows,
    run_workshop,
)
from tests.fixtures.page_client import PageClient, another_browser
from tests.integration.test_privacy import LATIN, Loop, the_log

CANARY = "canary-5f1e"


def a_browser(client: TestClient, house: House, room: Room, person: int, **sent: str) -> PageClient:
    """A phone of one's own that scanned the card, or typed its digits."""
    phone = PageClient(another_browser(client), house)
    typed = {"token": room.cards[person].token} | sent
    answer = phone.client.post(f"/j/{room.workshop.join_code}", data=typed | {"language": "en"})
    assert answer.status_code == 303, answer.text
    return phone


def a_finished_loop(client: TestClient, house: House, amal: StaffPerson) -> Loop:
    """Somebody took both tests with ids that can be looked for, and has a certificate."""
    loop = Loop(client, house, amal)
    for occasion in (Occasion.PRE, Occasion.POST):
        open_test(house, loop.room, occasion, amal)
        sitting = loop.person.start()
        change = an_operation(f"{CANARY}-{occasion}", "1", "a", device=f"{CANARY}-device")
        loop.person.send(sitting, change)
        loop.person.finish(sitting)
        close_test(house, loop.room, occasion, amal)
    sent = {"sex": "woman", "agency_type": "police", "province": "PK-KP", "years": "3-5"}
    assert loop.person.post("/me/profile", **sent).status_code == 204
    loop.certify()
    return loop


def test_the_card_alone_opens_everything_sixty_days_later_in_a_workshop_put_away(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    loop = a_finished_loop(client, house, amal)
    with house.unit(writes=True) as work:
        workshops.end_workshop(work, loop.room.workshop, WorkshopState.ARCHIVED, by=amal)
    clock.advance(timedelta(days=60))
    settle_once(house)
    card = loop.room.cards[0].card
    stranger = PageClient(another_browser(client), house)
    stranger.get(f"/j/{loop.room.workshop.join_code}/{card.number}")
    typed = {"number": card.number, "language": "en"}
    by_digits = stranger.client.post(f"/j/{loop.room.workshop.join_code}", data=typed)
    assert by_digits.status_code == 404  # digits start nothing in a workshop that is over
    phone = a_browser(client, house, loop.room, 0)
    page = phone.get("/my/kept")
    for said in (LATIN, "A woman", "Police", "3 to 5", "Points:", "Days attended"):
        assert said in page.text, said
    told = phone.client.get("/my/kept.json")
    assert told.headers["cache-control"] == "no-store"
    kept = json.loads(told.content)
    assert kept["name"]["latin"] == LATIN
    assert kept["profile"]["province"] == "PK-KP"
    assert [test["occasion"] for test in kept["tests"]] == ["pre", "post"]
    assert kept["tests"][0]["changes"][0]["device"] == f"{CANARY}-device"
    assert kept["tests"][0]["answers"][0]["answer"]
    version, digest = kept["consent"]["version"].split()
    assert CONSENT_TEXTS[version].startswith(digest)
    assert kept["certificate"]["number"] == loop.number
    assert {each["verb"] for each in kept["staff_acts"]} == {"tick_attendance"}
    phone.get("/my/erase")
    assert phone.client.post("/my/erase", data={"sure": "yes"}).status_code == 200
    assert rows(house, "SELECT id FROM participants") == []


def test_nothing_of_an_erased_person_stands_anywhere(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    loop = a_finished_loop(client, house, amal)
    (sealed,) = rows(house, "SELECT sealed_name FROM identities")
    (person,) = rows(house, "SELECT id FROM participants")
    tests = [row["id"] for row in rows(house, "SELECT id FROM sittings")]
    secrets = [
        CANARY.encode(), person["id"].encode(), loop.room.cards[0].card.id.encode(),
        bytes(sealed["sealed_name"])[:40], *(each.encode() for each in tests),
    ]  # fmt: skip
    if "sqlite" in house.settings.database:
        assert all(secret in everything_stored(house) for secret in secrets[:4])
    phone = a_browser(client, house, loop.room, 0)
    before = set(Path(tempfile.gettempdir()).iterdir())
    with the_log() as log:
        erased = phone.client.post("/my/erase", data={"sure": "yes", "certificate": "keep"})
    assert erased.status_code == 200
    stored = everything_stored(house)
    assert [secret for secret in secrets if secret in stored] == []
    assert [secret for secret in secrets if secret.decode("latin-1") in log.getvalue()] == []
    assert not [
        path for path in set(Path(tempfile.gettempdir()).iterdir()) - before if path.is_file()
    ]
    (tombstone,) = rows(house, "SELECT * FROM erased_cards")
    assert len(tombstone["card_hash"]) == len(tombstone["number_key"]) == 64
    (line,) = rows(house, "SELECT * FROM audit_events WHERE verb = 'erase_person'")
    assert (line["staff_id"], line["object_kind"]) == (None, "workshop")
    told = client.post(f"{API}/certificates/{loop.number}/name-check", json={"name": LATIN}).json()
    assert (told["status"], told["name_match"]) == ("genuine", "match")
    assert rows(house, "SELECT sealed_name, holder_key FROM certificates") == [
        {"sealed_name": None, "holder_key": None}
    ]


def test_a_certificate_goes_too_when_its_holder_says_so(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    loop = a_finished_loop(client, house, amal)
    phone = a_browser(client, house, loop.room, 0)
    assert "And your certificate?" in phone.get("/my/erase").text
    sent = {"sure": "yes", "certificate": "remove"}
    assert phone.client.post("/my/erase", data=sent).status_code == 200
    told = client.get(f"{API}/certificates/{loop.number}").json()
    assert told.get("status") != "genuine"
    assert rows(house, "SELECT id FROM certificate_events") == []


def test_an_erased_phone_that_still_sends_gets_a_sentence_and_brings_nothing_back(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    person = a_program(client, room.cards[0])
    open_test(house, room, Occasion.PRE, amal)
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "a"))
    phone = a_browser(client, house, room, 0)
    unsure = phone.client.post("/my/erase", data={})
    assert unsure.status_code == 422
    assert "Nothing was erased" in unsure.text
    assert phone.client.post("/my/erase", data={"sure": "yes"}).status_code == 200
    late = person.send(sitting, an_operation("2", "2", "a"))
    assert (late.status_code, late.json()["code"]) == (410, "sitting_gone")
    assert late.json()["title"] == "These answers were erased."
    assert person.get("/me").status_code == 401
    scanned = client.post(f"{API}/joins", json={"card_token": room.cards[0].token})
    assert (scanned.status_code, scanned.json()["code"]) == (410, "card_erased")
    typed = {"number": room.cards[0].card.number, "language": "en"}
    answer = phone.client.post(f"/j/{room.workshop.join_code}", data=typed)
    assert answer.status_code == 410
    assert "What was kept under this card was erased." in answer.text
    assert rows(house, "SELECT id FROM sittings") == []


def test_an_erased_number_is_never_given_to_anybody_else(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, people=890)
    gone = room.cards[17].card
    with house.unit(writes=True) as work:
        persons.erase_for(work, room.workshop, gone, keeps=True, asked="aloud", by=amal)
        made = participants.make_cards(work, room.workshop, 899)
        assert gone.number not in {card.number for card in made}
        with pytest.raises(CardErased):
            participants.require_card(work, room.workshop, gone.number)


def test_a_phone_that_a_trainer_let_in_sees_and_erases_nothing(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=3)
    digits = {"number": room.cards[0].card.number, "token": ""}
    first = a_browser(client, house, room, 0, **digits)
    first.client.post("/my/consent", data={"answer": "no"})
    clock.advance(timedelta(minutes=1))
    second = a_browser(client, house, room, 0, **digits)
    with house.unit(writes=True) as work:
        participants.admit_phone(work, room.workshop, digits["number"], by=amal)
    assert second.client.get("/my").status_code == 200
    for path in ("/my/kept", "/my/kept.json", "/my/erase"):
        assert second.client.get(path).status_code == 403, path
    assert second.client.post("/my/erase", data={"sure": "yes"}).status_code == 403
    assert first.client.get("/my/kept").status_code == 200  # it began with these digits


def test_marks_and_answers_wait_for_the_end_of_the_post_test(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=3)
    person = a_program(client, room.cards[0])
    open_test(house, room, Occasion.PRE, amal)
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "a"))
    person.finish(sitting)
    close_test(house, room, Occasion.PRE, amal)
    phone = a_browser(client, house, room, 0)
    (early,) = json.loads(phone.client.get("/my/kept.json").content)["tests"]
    assert (early["points"], early["answers"], early["changes"]) == (None, [], [])
    assert "Points and answers are shown after the post-test." in phone.get("/my/kept").text
    open_test(house, room, Occasion.POST, amal)
    close_test(house, room, Occasion.POST, amal)
    clock.advance(timedelta(hours=25))
    (later,) = json.loads(phone.client.get("/my/kept.json").content)["tests"]
    assert later["points"] is not None
    assert len(later["changes"]) == 1


def erase(house: House, room: Room, person: int, amal: StaffPerson, *, keeps: bool = True) -> None:
    with house.unit(writes=True) as work:
        card = room.cards[person].card
        persons.erase_for(work, room.workshop, card, keeps=keeps, asked="aloud", by=amal)


def test_what_is_being_written_for_somebody_who_is_being_erased_goes_too(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    join(house, room, 0)
    card = room.cards[0].card
    erasing = threading.Thread(target=erase, args=(house, room, 0, amal), kwargs={"keeps": False})
    with house.unit(writes=True) as work:
        for day in (room.workshop.starts_on, room.workshop.ends_on):
            participants.tick_attendance(
                work, room.workshop, card.number, day=day, was_there=True, by=amal
            )
    with house.unit(writes=True) as work:
        participants.store_name(work, card, local="", latin=LATIN, is_confirmed=True)
        certificates.issue_certificate(work, room.workshop, card, by=amal)
        erasing.start()
        erasing.join(timeout=0.5)
        assert erasing.is_alive()
    erasing.join(timeout=30)
    assert rows(house, "SELECT person_key FROM identities") == []
    assert rows(house, "SELECT id FROM certificates WHERE holder_key IS NOT NULL") == []

    with house.unit(writes=True) as work, pytest.raises(CardErased):
        participants.store_name(work, card, local="", latin=LATIN, is_confirmed=True)
    with house.unit(writes=True) as work, pytest.raises(CardErased):
        certificates.issue_certificate(work, room.workshop, card, by=amal)


def snapshot_of(house: House, room: Room) -> dict[str, Any]:
    sql = "SELECT * FROM gain_snapshots WHERE workshop_id = :id ORDER BY id DESC"
    return rows(house, sql, id=room.workshop.id)[0]


def test_the_rooms_figures_move_once_five_people_are_erased_and_never_by_one(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=16)
    for person in range(16):
        join(house, room, person)
    run_workshop(house, room, amal, [(4, 9 + person % 3) for person in range(16)])
    clock.advance(timedelta(hours=25))
    settle_once(house)
    released = rows(house, "SELECT * FROM released_cells ORDER BY bundle_id, value")
    assert released
    shown = snapshot_of(house, room)
    clock.advance(timedelta(days=1))
    for person in range(4):
        erase(house, room, person, amal)
        assert snapshot_of(house, room) == shown
        with house.unit(writes=False) as work:
            assert rollups.find_differences(work, room.workshop.id, room.workshop.form_id) == []
    erase(house, room, 4, amal)
    assert snapshot_of(house, room)["pair_count"] == 11
    assert rows(house, "SELECT * FROM released_cells ORDER BY bundle_id, value") == released
    with house.unit(writes=True) as work:
        assert rollups.check_all(work).differences == ()


def test_in_a_room_too_small_to_show_anything_the_frozen_scores_go_at_once(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=3)
    for person in range(3):
        join(house, room, person)
    run_workshop(house, room, amal, [(4, 9), (5, 10), (6, 17)])
    clock.advance(timedelta(hours=25))
    settle_once(house)
    erase(house, room, 2, amal)
    (left,) = rows(house, "SELECT * FROM gain_snapshots")
    assert (left["pair_count"], left["sum_pre"]) == (2, (4 + 5) * 2520)
    (content,) = rows(house, "SELECT pair_counts FROM snapshot_contents")
    assert json.loads(content["pair_counts"])[""] == {"": 2}


def test_a_trainer_erases_for_somebody_who_asks(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    join(house, room, 0)
    number = room.cards[0].card.number
    browser = PageClient(another_browser(client), house)
    sign_in_as(browser.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}/erase"
    page = browser.get(path)
    browser.send(page, path, status=422, number=number, asked="in_writing")
    known = {printed.card.number for printed in room.cards}
    strange = next(n for n in map(card_number, range(100, 110)) if n not in known)
    browser.send(page, path, status=404, number=strange, sure="yes")
    sent = browser.send(page, path, status=200, number=number, asked="in_writing", sure="yes")
    assert "is erased" in sent.text
    (line,) = rows(house, "SELECT * FROM audit_events WHERE verb = 'erase_person'")
    assert (line["staff_id"], json.loads(line["facts"])) == (amal.id, {"asked": "in_writing"})
    assert number not in str(line)
    assert rows(house, "SELECT id FROM participants") == []


def test_others_in_the_room_keep_all_they_have(
    application: FastAPI, client: TestClient, house: House, amal: StaffPerson
) -> None:
    loop = a_finished_loop(client, house, amal)
    other: Program = a_program(a_client(application), loop.room.cards[1])
    erase(house, loop.room, 0, amal)
    assert other.get("/me").status_code == 200
    assert len(rows(house, "SELECT id FROM participants")) == 1
    assert len(rows(house, "SELECT id FROM cards")) == 2
