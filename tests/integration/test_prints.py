"""The printed things over HTTP: who gets them, what they carry, and when they are drawn."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.participants import service as participants
from app.web import prints
from app.web.house import House
from tests.fixtures.house import Room, a_client, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import change, rows
from tests.fixtures.prints import read, words_of

# What is printed is read by queries that other tests try on both databases.
pytestmark = pytest.mark.sqlite_only

KINDS = ("cards", "poster", "room-sheet", "paper-test")


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    return a_workshop(house, amal, people=25)


@pytest.fixture
def trainer(client: TestClient, house: House, amal: StaffPerson) -> TestClient:
    sign_in(client, house, amal)
    return client


def page_of(room: Room, kind: str) -> str:
    return f"/trainer/workshops/{room.workshop.id}/{kind}.pdf"


@pytest.mark.parametrize("kind", KINDS)
def test_a_trainer_gets_each_as_a_file_that_no_cache_keeps(
    trainer: TestClient, room: Room, kind: str
) -> None:
    answer = trainer.get(page_of(room, kind))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    said = "pre-ur" if kind == "paper-test" else kind
    name = f"tafawut-{room.workshop.join_code}-{said}.pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    pages = {"cards": 2, "paper-test": 6}
    assert len(read(answer.content).pages) == pages.get(kind, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_page_and_api_give_the_same_bytes(
    trainer: TestClient, house: House, amal: StaffPerson, room: Room, kind: str
) -> None:
    path = f"/api/v1/workshops/{room.workshop.id}/{kind}.pdf"
    told = trainer.get(path, headers=bearer_of(house, amal))
    assert told.status_code == 200
    assert told.content == trainer.get(page_of(room, kind)).content


@pytest.mark.parametrize("kind", KINDS)
def test_another_organisations_trainer_finds_nothing(
    application: FastAPI,
    client: TestClient,
    house: House,
    basma: StaffPerson,
    room: Room,
    kind: str,
) -> None:
    foreign = a_client(application)
    sign_in(foreign, house, basma)
    assert foreign.get(page_of(room, kind)).status_code == 404


def test_a_new_card_is_printed_alone_and_the_old_token_no_longer(
    trainer: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    number = room.cards[3].card.number
    before = trainer.get(page_of(room, "cards") + f"?number={number}").content
    with house.unit(writes=True) as work:
        participants.reissue_card(work, room.workshop, number, by=amal)
    after = trainer.get(page_of(room, "cards") + f"?number={number}").content
    assert before != after
    assert len(words_of(after)) == 1
    assert words_of(after)[0].count(room.workshop.join_code[:3]) == 1


def test_an_unknown_number_and_a_workshop_without_cards_print_nothing(
    trainer: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    assert trainer.get(page_of(room, "cards") + "?number=0000").status_code == 404
    empty = a_workshop(house, amal, people=0)
    assert trainer.get(page_of(empty, "cards")).status_code == 404
    assert trainer.get(page_of(empty, "poster")).status_code == 200
    assert trainer.get(page_of(empty, "room-sheet")).status_code == 200


def test_the_room_sheet_speaks_the_readers_language(trainer: TestClient, room: Room) -> None:
    path = page_of(room, "room-sheet")
    english = trainer.get(path, headers={"Accept-Language": "en"})
    urdu = trainer.get(path, headers={"Accept-Language": "ur"})
    assert "Pre-test" in words_of(english.content)[0]
    assert "Pre-test" not in words_of(urdu.content)[0]


def test_the_page_of_cards_leads_to_the_files_and_holds_no_secret(
    trainer: TestClient, room: Room
) -> None:
    page = trainer.get(f"/trainer/workshops/{room.workshop.id}/cards").text
    for kind in KINDS:
        said = "?occasion=pre&amp;language=ur" if kind == "paper-test" else ""
        assert f'href="{page_of(room, kind)}{said}"' in page
    assert not [each for each in room.cards if each.token in page]


def test_a_file_is_drawn_off_the_event_loop_after_the_transaction_has_ended(
    trainer: TestClient, house: House, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bool]] = []
    real = prints.poster_as_pdf

    def watched(poster: Any) -> bytes:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            is_on_loop = False
        else:
            is_on_loop = True
        seen.append((house.engine.pool.checkedout(), is_on_loop))
        return real(poster)

    with house.unit(writes=False):
        assert house.engine.pool.checkedout() == 1
    monkeypatch.setattr(prints, "poster_as_pdf", watched)
    assert trainer.get(page_of(room, "poster")).status_code == 200
    assert seen == [(0, False)]


def test_the_test_on_paper_comes_per_occasion_and_language_and_in_no_other(
    trainer: TestClient, room: Room
) -> None:
    path = page_of(room, "paper-test")
    after = trainer.get(path + "?occasion=post&language=en")
    assert after.headers["content-disposition"].endswith('-post-en.pdf"')
    assert words_of(after.content)[0].startswith("Number on your card Post-test · English 1 / 4")
    later = trainer.get(path + "?occasion=follow_up&language=en")
    assert later.headers["content-disposition"].endswith('-follow-up-en.pdf"')
    assert trainer.get(path + "?language=sd").status_code == 422
    assert trainer.get(path + "?occasion=x").status_code == 422


def test_the_test_on_paper_is_the_same_whatever_the_keys_are(
    trainer: TestClient, house: House, room: Room
) -> None:
    path = page_of(room, "paper-test") + "?language=en"
    before = trainer.get(path).content
    (row,) = rows(house, "SELECT key FROM form_keys WHERE form_id = :id", id=room.workshop.form_id)
    keys = json.loads(row["key"])
    for item in keys["items"].values():
        item["keys"] = [option for option in item["options"] if option not in item["keys"]][:1]
    assert json.dumps(keys) != row["key"]
    change(
        house,
        "UPDATE form_keys SET key = :key WHERE form_id = :id",
        key=json.dumps(keys),
        id=room.workshop.form_id,
    )
    assert trainer.get(path).content == before
