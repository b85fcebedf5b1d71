"""The questionnaire: a ticket of its own, sealed sheets of one size, counts from five sheets."""

import json
from typing import Any

from sqlalchemy import inspect
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.core.errors import Refusal
from app.feedback import service as feedback
from app.feedback.schemas import SheetAnswer
from app.participants import service as participants
from app.web.desk import read_desk
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import Room, a_workshop, bearer_of, close_test, open_test
from tests.fixtures.loop import (
    API,
    LATE,
    a_program,
    at_once,
    everything_stored,
    join,
    rows,
    take,
    while_held,
)
from tests.fixtures.page_client import Page, PageClient, another_browser

WORDS = "پہلے کیوں نہیں بتایا"


def a_room_at_the_post_test(house: House, amal: StaffPerson, people: int = 6) -> Room:
    """Everybody has taken the post-test, which is still open."""
    room = a_workshop(house, amal, people)
    open_test(house, room, Occasion.PRE, amal)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [5] * people)
    return room


def ticket_of(client: TestClient, room: Room, person: int) -> str:
    answer = a_program(client, room.cards[person]).post("/me/questionnaire-ticket")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ticket"])


def hand_in(client: TestClient, ticket: str, **said: str) -> Any:
    """Hand in a sheet: item_1="e" is a choice, text_5="…" are words."""
    answers = [
        {"item": name.partition("_")[2], "option" if name.startswith("item") else "text": value}
        for name, value in said.items()
    ]
    return client.post(f"{API}/questionnaires", json={"ticket": ticket, "answers": answers})


def close(house: House, room: Room, by: StaffPerson) -> None:
    with house.unit(writes=True) as work:
        feedback.close_round(work, room.workshop, by=by)


def result_of(client: TestClient, house: House, amal: StaffPerson, room: Room) -> dict[str, Any]:
    path = f"{API}/workshops/{room.workshop.id}/questionnaire"
    told: dict[str, Any] = client.get(path, headers=bearer_of(house, amal)).json()
    return told


def test_a_ticket_works_once_and_needs_no_other_identity(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    ticket = ticket_of(client, room, 0)
    assert hand_in(client, ticket, item_1="e").status_code == 204
    again = hand_in(client, ticket, item_1="a")
    assert (again.status_code, again.json()["code"]) == (409, "questionnaire_ticket_spent")
    invented = hand_in(client, "0" * 32, item_1="a")
    assert invented.content == again.content
    assert ticket_of(client, room, 0) == ticket
    assert len(rows(house, "SELECT id FROM sealed_sheets")) == 1


def test_one_ticket_sent_by_two_tabs_at_the_same_moment_is_one_sheet(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    ticket = ticket_of(client, room, 0)
    answered = at_once(*[lambda: hand_in(client, ticket, item_1="e").status_code] * 3)
    assert sorted(answered) == [204, 409, 409]
    assert len(rows(house, "SELECT id FROM sealed_sheets")) == 1


def test_before_the_closing_nobody_sees_more_than_how_many_sheets_came(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    for person in range(6):
        hand_in(client, ticket_of(client, room, person), item_1="e")
    told = result_of(client, house, amal, room)
    assert told == {"sheets": 6, "is_closed": False, "is_shown": False, "questions": []}


def test_counts_and_words_are_shown_after_the_closing_from_five_sheets(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    for person, said in enumerate(
        [
            {"item_1": "e", "text_5": WORDS},
            {"item_1": "e", "item_2": "a"},
            {"item_1": "d"},
            {"item_1": "a"},
            {"item_2": "c", "text_5": "More cases"},
        ]
    ):
        assert hand_in(client, ticket_of(client, room, person), **said).status_code == 204
    close(house, room, amal)
    told = result_of(client, house, amal, room)
    first, second, *_, words = told["questions"]
    assert (told["sheets"], told["is_shown"]) == (5, True)
    assert first["counts"] == {"a": 1, "b": 0, "c": 0, "d": 1, "e": 2}
    assert (first["answered"], first["blank"], first["top_two"]) == (4, 1, 3)
    assert (second["answered"], second["blank"], second["top_two"]) == (2, 3, 0)
    assert sorted(words["texts"]) == sorted(["More cases", WORDS])


def test_four_sheets_are_too_few_to_show(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    for person in range(4):
        hand_in(client, ticket_of(client, room, person), item_1="e", text_5=WORDS)
    close(house, room, amal)
    told = result_of(client, house, amal, room)
    assert told == {"sheets": 4, "is_closed": True, "is_shown": False, "questions": []}


def test_closing_opens_the_sheets_and_leaves_no_ticket_no_seal_and_no_key(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    ticket, unused = ticket_of(client, room, 0), ticket_of(client, room, 1)
    hand_in(client, ticket, item_1="e")
    name = f"questionnaire-{room.workshop.id}"
    assert house.keys.has(name)
    close(house, room, amal)
    assert not house.keys.has(name)
    assert not (house.settings.key_backup / f"{name}.key").exists()
    assert rows(house, "SELECT * FROM questionnaire_tickets") == []
    assert rows(house, "SELECT * FROM sealed_sheets") == []
    assert rows(house, "SELECT answers FROM sheets") == [{"answers": '{"1": ["e", null]}'}]
    assert hand_in(client, unused, item_1="e").status_code == 409
    handed_out = a_program(client, room.cards[2]).post("/me/questionnaire-ticket")
    assert handed_out.json()["code"] == "questionnaire_closed"
    close(house, room, amal)
    written = rows(house, "SELECT verb FROM audit_events WHERE verb = 'close_questionnaire'")
    assert len(written) == 1


def test_opened_sheets_stand_in_no_order_of_arrival(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal, people=12)
    for person in range(12):
        hand_in(client, ticket_of(client, room, person), text_5=f"{person:02d}")
    close(house, room, amal)
    kept = rows(house, "SELECT answers FROM sheets")
    found = [json.loads(row["answers"])["5"][1] for row in kept]
    assert len(set(found)) == 12
    assert found != sorted(found)


def test_while_the_round_is_open_no_sheet_can_be_read_or_told_by_its_size(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    hand_in(client, ticket_of(client, room, 0), text_5=WORDS)
    hand_in(client, ticket_of(client, room, 1), item_1="e")
    hand_in(client, ticket_of(client, room, 2), item_2="a", text_5="ق" * 500)
    sizes = rows(house, "SELECT length(sealed) AS size FROM sealed_sheets")
    assert len(sizes) == 3
    assert len({row["size"] for row in sizes}) == 1
    kept = everything_stored(house)
    assert WORDS.encode() not in kept
    assert "ققققق".encode() not in kept


def test_no_column_of_the_questionnaire_leads_to_a_person_or_a_time(house: House) -> None:
    columns = {
        table: {column["name"] for column in inspect(house.engine).get_columns(table)}
        for table in ("questionnaire_tickets", "sealed_sheets", "sheets")
    }
    assert columns == {
        "questionnaire_tickets": {"ticket_hash", "workshop_id", "is_spent"},
        "sealed_sheets": {"id", "workshop_id", "sealed"},
        "sheets": {"id", "workshop_id", "form_id", "answers"},
    }


def a_page_with_the_questionnaire(
    client: TestClient, house: House, room: Room, person: int
) -> tuple[PageClient, Page]:
    browser = PageClient(another_browser(client), house)
    sent = {"token": room.cards[person].token, "language": "en"}
    browser.client.post(f"/j/{room.workshop.join_code}", data=sent)
    return browser, browser.get("/my/questionnaire")


def test_the_page_hands_the_sheet_in_without_the_phones_cookie(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    _, page = a_page_with_the_questionnaire(client, house, room, 0)
    stranger = PageClient(another_browser(client), house)
    sent = page.fields("/questionnaire") | {"item-1": "e", "text-5": WORDS}
    thanks = stranger.read(stranger.client.post("/questionnaire", data=sent), 200)
    assert thanks.heading == "Thank you"
    assert dict(stranger.client.cookies) == {}
    spent = stranger.read(stranger.client.post("/questionnaire", data=sent), 409)
    assert "0000" not in spent.text


def test_the_desk_offers_the_questionnaire_until_it_is_handed_in(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    browser, page = a_page_with_the_questionnaire(client, house, room, 0)
    assert "Give your opinion" in browser.get("/my").text
    browser.send(page, "/questionnaire", status=200, **{"item-1": "e"})
    assert "Give your opinion" not in browser.get("/my").text


def test_a_card_made_after_the_opening_has_a_ticket_too(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal, people=1)
    known = {card.card.id for card in room.cards}
    with house.unit(writes=True) as work:
        participants.make_cards(work, room.workshop, 3)
        cards = participants.find_printed_cards(work, room.workshop)
    late = Room(room.workshop, tuple(each for each in cards if each.card.id not in known))
    take(house, late, Occasion.POST, [7, 7])
    assert hand_in(client, ticket_of(client, late, 0), item_1="e").status_code == 204
    browser, page = a_page_with_the_questionnaire(client, house, late, 1)
    assert "Give your opinion" in browser.get("/my").text
    browser.send(page, "/questionnaire", status=200, **{"item-1": "e"})


def test_a_sheet_that_is_refused_comes_back_with_what_was_said(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    browser, page = a_page_with_the_questionnaire(client, house, room, 0)
    empty = browser.send(page, "/questionnaire", status=422)
    assert "/questionnaire" in {
        form.get("action") for form in browser.read(empty, 422).find("form")
    }
    long = {"item-1": "e", "text-5": "x" * 501}
    again = browser.read(browser.send(page, "/questionnaire", status=422, **long), 422)
    assert again.fields("/questionnaire")["text-5"] == "x" * 501
    assert again.fields("/questionnaire")["item-1"] == ["e"]


def test_sending_a_sheet_never_gets_in_the_way_of_the_desk_or_of_the_closing(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room_at_the_post_test(house, amal)
    phone, ticket = join(house, room, 0), ticket_of(client, room, 0)
    second = ticket_of(client, room, 1)

    def send(work: Work, used: str = ticket) -> None:
        feedback.hand_in(work, used, [SheetAnswer("1", "e", None)])

    def look(work: Work) -> None:
        read_desk(work, phone, room.workshop, late=LATE)

    def end(work: Work) -> None:
        feedback.close_round(work, room.workshop, by=amal)

    held = "UPDATE questionnaire_tickets SET is_spent = is_spent"
    assert while_held(house, held, send, look) == [None, None]
    held = "UPDATE questionnaire_rounds SET state = state"
    closed, sent = while_held(house, held, end, lambda work: send(work, second))
    assert closed is None
    assert sent is None or isinstance(sent, Refusal)
