"""A list comes in by the page and by the API: two steps, bad rows corrected where they stand."""

import json
import re

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.participants import rosters
from app.web.house import House
from tests.fixtures.house import Room, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import API, rows
from tests.fixtures.nasty_rosters import HEADER, csv, xlsx
from tests.fixtures.page_client import Page, PageClient

PEOPLE = [HEADER, *((str(n), f"Synthetic N{n}x", "F", "Police") for n in range(25))]
MIXED = (
    "Name,Father,Sex,Agency\nSynthetic Amna,Karim,F,Police\n=1+1,Anwar,M,NGO\n"
    "Ali\u202eSynthetic,,M,NGO\nSynthetic Amna,,F,Railways\n"
).encode()


def upload(client: PageClient, room: Room, content: bytes, *, status: int = 200) -> Page:
    """What choosing a file does."""
    here = f"/trainer/workshops/{room.workshop.id}/people"
    fields = client.get(here).fields(f"{here}/read")
    files = {"file": ("list.xlsx", content, "application/octet-stream")}
    answer = client.client.post(f"{here}/read", data={"csrf": fields["csrf"]}, files=files)
    return client.read(answer, status)


@pytest.fixture
def trainer(client: TestClient, house: House, amal: StaffPerson) -> PageClient:
    """Amal's browser."""
    sign_in(client, house, amal)
    return PageClient(client, house)


def listed(house: House, room: Room) -> list[str]:
    with house.unit(writes=False) as work:
        found = rosters.find_listed(work, room.workshop)
    return sorted(each.name.latin for each in found if each.name)


@pytest.mark.parametrize("content", [xlsx(PEOPLE), csv(PEOPLE).encode(), csv(PEOPLE, "\t").encode(
    "utf-16")])  # fmt: skip
def test_25_people_are_two_steps_a_file_and_a_confirmation(
    trainer: PageClient, house: House, amal: StaffPerson, content: bytes
) -> None:
    room = a_workshop(house, amal, people=3)
    here = f"/trainer/workshops/{room.workshop.id}/people"
    page = upload(trainer, room, content)
    assert "Ready: 25. Need you: 0." in page.main
    assert listed(house, room) == []
    answer = trainer.send(page, here)
    assert answer.headers["location"] == here
    assert len(listed(house, room)) == 25
    assert "On the list: 25" in trainer.get(here).main
    trainer.send(upload(trainer, room, content), here)
    assert len(listed(house, room)) == 25


def test_bad_rows_stay_with_their_reason_and_are_corrected_in_place(
    trainer: PageClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    here = f"/trainer/workshops/{room.workshop.id}/people"
    page = upload(trainer, room, MIXED)
    assert "Ready: 1. Need you: 3." in page.main
    left = trainer.read(trainer.send(page, here, status=200), 200)
    assert listed(house, room) == ["Synthetic Amna"]
    for words in ("Taken in: 1", "It begins like a formula", "turns the text around", "Two people",
                  "not understood: asked on the phone"):  # fmt: skip
        assert words in left.main
    assert "\u202e" not in left.main
    fixed = {"name-3": "Synthetic Anwar", "shown-4": "1", "same-5": "two"}
    trainer.send(left, here, **fixed)
    assert listed(house, room) == [
        "AliSynthetic", "Synthetic Amna", "Synthetic Amna", "Synthetic Anwar",
    ]  # fmt: skip
    trainer.send(left, here, **fixed)
    assert len(listed(house, room)) == 4


def test_a_column_is_set_by_its_dropdown_and_a_row_left_out(
    trainer: PageClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    here = f"/trainer/workshops/{room.workshop.id}/people"
    page = upload(trainer, room, b"A,B\nx1,Synthetic Amna\nx2,Synthetic Bilal\n")
    assert [each.get("selected") for each in page.find("option", value="name")] == [None, ""]
    swapped = trainer.client.post(
        f"{here}/check",
        data=page.fields(here) | {"column-0": "father", "out-1": "1", "out-3": "1"},
    )
    again = trainer.read(swapped, 200)
    assert "Ready: 1." in again.main
    trainer.send(again, here)
    with house.unit(writes=False) as work:
        (only,) = rosters.find_listed(work, room.workshop)
    assert only.name is not None
    assert (only.name.latin, only.name.father) == ("Synthetic Amna", "x1")


def test_pasted_names_need_no_file(trainer: PageClient, house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal)
    here = f"/trainer/workshops/{room.workshop.id}/people"
    pasted = "Synthetic Amna\nSynthetic Bilal\n"
    answer = trainer.send(trainer.get(here), f"{here}/read", status=200, pasted=pasted)
    trainer.send(trainer.read(answer, 200), here)
    assert listed(house, room) == ["Synthetic Amna", "Synthetic Bilal"]
    ticks = trainer.get(f"/trainer/workshops/{room.workshop.id}/attendance").main
    assert "Synthetic Amna" in ticks


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"), (b"%PDF-1.4", "It is a PDF"),
     (b"", "nothing in it"), (csv([HEADER] + PEOPLE * 30).encode(), "more than 500 people")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_gets_a_sentence(
    trainer: PageClient, house: House, amal: StaffPerson, content: bytes, says: str
) -> None:
    room = a_workshop(house, amal)
    assert says in upload(trainer, room, content, status=422).main
    assert rows(house, "SELECT card_id FROM listed_people") == []


def test_what_is_too_large_is_refused_before_it_is_read(
    trainer: PageClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    upload(trainer, room, b"Name\n" + b"Synthetic\n" * 300_000, status=413)


@pytest.mark.parametrize(
    "broken",
    [{"list": "[]"}, {"list": "{"}, {"list": '[{"line": 1, "cells": ["\\ud800"]}]'},
     {"list": '[{"line": 0, "cells": []}]'}, {"above": "-1"}, {"above": "x"}, {"column-0": "mark"},
     {"list": '[{"line": 1, "cells": ["\\u0000"]}]'}],
)  # fmt: skip
def test_a_page_that_was_tampered_with_takes_nobody_in(
    trainer: PageClient, house: House, amal: StaffPerson, broken: dict[str, str]
) -> None:
    room = a_workshop(house, amal)
    here = f"/trainer/workshops/{room.workshop.id}/people"
    page = upload(trainer, room, csv(PEOPLE).encode())
    for way in ("", "/check"):
        answer = trainer.client.post(here + way, data=page.fields(here) | broken)
        assert answer.status_code == 422
    assert listed(house, room) == []


def test_the_api_reads_and_takes_in_and_tells_who_is_listed(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    here = f"{API}/workshops/{room.workshop.id}/people"
    mine, foreign = bearer_of(house, amal), bearer_of(house, basma)
    read = client.post(f"{here}/readings", content=MIXED, headers=mine)
    assert read.status_code == 200, read.text
    told = read.json()
    assert [each["verdict"] for each in told["people"]] == ["ready", "faulty", "faulty", "like"]
    sent = {name: told[name] for name in ("rows", "columns", "above")} | {"answers": {"5": "same"}}
    checked = client.post(f"{here}/checks", json=sent, headers=mine).json()
    assert (checked["added"], checked["people"][3]["verdict"]) == (0, "same")
    done = client.post(here, json=sent, headers=mine)
    assert (done.status_code, done.json()["added"]) == (200, 1)
    (only,) = client.get(here, headers=mine).json()
    assert (only["sex"], only["agency_type"]) == ("woman", "police")
    assert "Amna" not in str(only)
    for answer in (
        client.get(here, headers=foreign),
        client.post(here, json=sent, headers=foreign),
        client.post(f"{here}/readings", content=MIXED, headers=foreign),
    ):
        assert answer.status_code == 404
    refused = client.post(f"{here}/readings", content=b"%PDF-1.4", headers=mine)
    assert (refused.status_code, refused.json()["reason"]) == (422, "list_pdf")


def test_the_phone_proposes_what_the_list_said(
    trainer: PageClient, client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    here = f"/trainer/workshops/{room.workshop.id}/people"
    trainer.send(upload(trainer, room, b"Name,Sex,Province\nSynthetic Amna,F,KPK\n"), here)
    way_in = f"/j/{room.workshop.join_code}"
    trainer.send(trainer.get(way_in), way_in, token=room.cards[0].token, language="en")
    trainer.send(trainer.get("/my/consent"), "/my/consent", answer="yes")
    fields = trainer.get("/my/profile").fields("/my/profile")
    assert (fields["sex"], fields["province"]) == (["woman"], "PK-KP")


def test_the_log_and_the_page_hold_no_more_than_they_should(
    trainer: PageClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    page = upload(trainer, room, b"Name,CNIC\nSynthetic Amna,00000-0000000-0\n")
    (hidden,) = [each for each in page.find("input") if each.get("name") == "list"]
    assert json.loads(hidden.get("value", ""))[0] == {"line": 1, "cells": ["Name", "CNIC"]}
    assert not re.search("Amna", str(rows(house, "SELECT * FROM audit_events")))
