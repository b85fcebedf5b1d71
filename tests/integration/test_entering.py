"""Sheets of paper: typed once they are in, flagged and audited; typed again they are corrected."""

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.gains import service as gains
from app.participants import service as participants
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_client,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import API, a_program, an_operation, keys_of, rows

PLACES = "ABCDEFGHIJKLM"


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    made = a_workshop(house, amal, people=4)
    open_test(house, made, Occasion.PRE, amal)
    return made


def a_line(house: House, room: Room, person: int, *, right: int = 20, dk: int = 0) -> str:
    """The line of a sheet with so many right, then so many "I do not know", then no answers."""
    parts = []
    for place, key in enumerate(keys_of(house, room)):
        if place < right:
            letters = "".join(
                letter
                for letter, option in zip(PLACES, key.options, strict=False)
                if option in key.keys
            )
        else:
            letters = PLACES[len(key.options)] if place < right + dk else ""
        parts.append((letters or "-") + ("/" if letters and key.kind == "multi_select" else ""))
    return room.cards[person].card.number + "".join(parts)


def send(
    client: TestClient,
    house: House,
    staff: StaffPerson,
    room: Room,
    typed: str,
    occasion: str = "pre",
    **more: Any,
) -> tuple[int, dict[str, Any]]:
    answer = client.post(
        f"{API}/workshops/{room.workshop.id}/administrations/{occasion}/sheets",
        json={"typed": typed} | more,
        headers=bearer_of(house, staff),
    )
    return answer.status_code, answer.json()


def stored(house: House) -> list[dict[str, Any]]:
    return rows(house, "SELECT * FROM sittings ORDER BY started_at")


def test_a_sheet_is_in_scored_flagged_and_audited_without_an_answer_in_the_log(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    status, told = send(client, house, amal, room, a_line(house, room, 0, right=12, dk=3))
    card = room.cards[0].card
    assert (status, told) == (
        200,
        {"card": card.number, "answered_count": 15, "is_corrected": False},
    )
    (row,) = stored(house)
    assert (row["state"], row["is_paper"], row["answered_count"]) == ("submitted", 1, 15)
    assert row["units"] == 12 * 2520
    assert (row["is_late"], row["is_rescued"], row["language"]) == (0, 0, "ur")
    (person,) = rows(house, "SELECT * FROM participants")
    assert (person["card_id"], person["has_agreed"]) == (card.id, 1)
    assert rows(house, "SELECT * FROM phone_passes") == []
    logged = rows(house, "SELECT verb, object_kind, object_id, facts FROM audit_events")
    (line,) = [each for each in logged if each["verb"] == "enter_sheet"]
    assert (line["object_kind"], line["object_id"]) == ("card", card.id)
    assert "options" not in json.dumps(logged)


def test_the_same_sheet_again_changes_nothing_and_another_one_corrects_it(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    line = a_line(house, room, 0, right=20)
    send(client, house, amal, room, line)
    operations = rows(house, "SELECT * FROM sitting_operations")
    assert len(operations) == 20
    assert send(client, house, amal, room, line)[1]["is_corrected"] is True
    assert rows(house, "SELECT * FROM sitting_operations") == operations
    corrected = line[:4] + "--" + line[6:]
    assert send(client, house, amal, room, corrected)[1]["answered_count"] == 18
    (row,) = stored(house)
    assert (row["units"], row["answered_count"]) == (18 * 2520, 18)
    assert len(rows(house, "SELECT * FROM sitting_operations")) == 22
    verbs = [each["verb"] for each in rows(house, "SELECT verb FROM audit_events")]
    assert (verbs.count("enter_sheet"), verbs.count("correct_sheet")) == (1, 2)
    assert send(client, house, amal, room, line)[1]["answered_count"] == 20
    assert stored(house)[0]["units"] == 20 * 2520


def test_paper_and_phone_make_a_pair_that_counts_as_flagged(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    send(client, house, amal, room, a_line(house, room, 0, right=7))
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    person = a_program(client, room.cards[0])
    sitting = person.start()
    operations = [
        an_operation(key.item, key.item, *sorted(key.keys)) for key in keys_of(house, room)
    ]
    assert person.send(sitting, *operations, finish=True).status_code == 200
    (pair,) = rows(
        house,
        "SELECT count(DISTINCT participant_id) AS people, count(*) AS sittings, "
        "sum(CASE WHEN is_paper THEN 1 ELSE 0 END) AS paper FROM sittings",
    )
    assert (pair["people"], pair["sittings"], pair["paper"]) == (1, 2, 1)


def test_the_running_sums_follow_every_correction(
    client: TestClient, house: House, amal: StaffPerson, room: Room, clock: FakeClock
) -> None:
    for occasion, right in (("pre", 7), ("post", 12)):
        open_test(house, room, Occasion(occasion), amal)
        for person in range(4):
            send(client, house, amal, room, a_line(house, room, person, right=right), occasion)
        send(client, house, amal, room, a_line(house, room, 0, right=right + 3), occasion)
        close_test(house, room, Occasion(occasion), amal)
        clock.advance(timedelta(minutes=10))
        send(client, house, amal, room, a_line(house, room, 1, right=right + 2, dk=1), occasion)
    with house.unit(writes=False) as work:
        assert gains.check_rollups(work, room.workshop) == []
    points = sorted(row["units"] // 2520 for row in stored(house))
    assert points == [7, 7, 9, 10, 12, 12, 14, 15]


def test_a_card_that_has_answered_on_a_phone_is_left_alone(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    person = a_program(client, room.cards[0])
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "b"))
    before = stored(house)
    status, told = send(client, house, amal, room, a_line(house, room, 0))
    assert (status, told["code"], told["reason"]) == (409, "sheet_refused", "sheet_on_phone")
    assert stored(house) == before
    assert person.chosen(sitting)["1"] == ["b"]


def test_a_phone_that_only_opened_the_test_gives_way_to_the_sheet(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    a_program(client, room.cards[0]).start()
    assert send(client, house, amal, room, a_line(house, room, 0))[0] == 200
    assert [(row["is_paper"], row["state"]) for row in stored(house)] == [(1, "submitted")]


def test_who_said_no_on_a_phone_is_not_entered(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    a_program(client, room.cards[0], has_agreed=False)
    status, told = send(client, house, amal, room, a_line(house, room, 0))
    assert (status, told["reason"]) == (409, "sheet_declined")
    assert stored(house) == []


def test_sheets_are_taken_until_the_late_hours_end_and_flagged_late(
    client: TestClient, house: House, amal: StaffPerson, room: Room, clock: FakeClock
) -> None:
    assert send(client, house, amal, room, a_line(house, room, 0), "post")[1]["code"] == (
        "administration_not_open"
    )
    close_test(house, room, Occasion.PRE, amal)
    clock.advance(timedelta(hours=24))
    assert send(client, house, amal, room, a_line(house, room, 0))[0] == 200
    assert send(client, house, amal, room, a_line(house, room, 0, right=3))[0] == 200
    assert [(row["is_late"], row["units"]) for row in stored(house)] == [(1, 3 * 2520)]
    clock.advance(timedelta(seconds=1))
    for person in (0, 1):
        status, told = send(client, house, amal, room, a_line(house, room, person))
        assert (status, told["code"]) == (409, "administration_closed")
    assert len(stored(house)) == 1


def test_what_cannot_be_read_changes_nothing_and_names_the_question(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    line = a_line(house, room, 0)
    wrong = {
        line[:6] + "Z" + line[7:]: ("sheet_wrong", "sheet_not_a_choice", "3"),
        line[:7]: ("sheet_wrong", "sheet_too_short", "4"),
        line[:8]: ("sheet_wrong", "sheet_not_closed", "4"),
        line + "A": ("sheet_wrong", "sheet_too_long", "20"),
    }
    for typed, wanted in wrong.items():
        status, told = send(client, house, amal, room, typed)
        assert status == 422
        assert (told["code"], told["reason"], told["item"]) == wanted
    slip = line[:3] + str((int(line[3]) + 1) % 10) + line[4:]
    assert send(client, house, amal, room, slip)[1]["code"] == "code_mistyped"
    assert send(client, house, amal, room, line[:4] + "-" * 20)[1]["code"] == "nothing_answered"
    assert send(client, house, amal, room, line, language="sd")[1]["code"] == "value_refused"
    assert stored(house) == []
    assert rows(house, "SELECT * FROM participants") == []


def test_a_card_of_another_workshop_and_another_organisation_find_nothing(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson, room: Room
) -> None:
    elsewhere = a_workshop(house, amal, people=1)
    numbers = {each.card.number for each in room.cards}
    line = a_line(house, room, 0)
    if elsewhere.cards[0].card.number not in numbers:
        foreign = elsewhere.cards[0].card.number + line[4:]
        assert send(client, house, amal, room, foreign)[1]["code"] == "card_unknown"
    assert send(client, house, basma, room, line)[0] == 404


def test_the_own_result_waits_while_a_sheet_can_still_be_corrected(
    client: TestClient, house: House, amal: StaffPerson, room: Room, clock: FakeClock
) -> None:
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    assert send(client, house, amal, room, a_line(house, room, 0), "post")[0] == 200
    person = a_program(client, room.cards[0])
    assert person.get("/me/result").json()["code"] == "not_yet_released"
    close_test(house, room, Occasion.POST, amal)
    clock.advance(timedelta(hours=24, seconds=1))
    assert person.get("/me/result").status_code == 200


def test_the_page_shows_a_saved_sheet_once_and_forgets_it(
    application: FastAPI, house: House, amal: StaffPerson, room: Room
) -> None:
    client = a_client(application)
    sign_in(client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}/paper"
    page = client.get(path).text
    assert "If someone enters answers for you, that person sees them." in page
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    line = a_line(house, room, 0, right=19, dk=1)
    facts = {"csrf": csrf, "occasion": "pre", "language": "en", "typed": line}
    saved = client.post(path, data=facts)
    assert saved.status_code == 200
    assert f'value="{line}"' in saved.text
    assert "Correct this sheet" in saved.text
    assert saved.text.count('<bdi dir="ltr">20 <strong>G</strong>') == 1
    assert line not in client.get(path).text
    refused = client.post(path, data=facts | {"typed": line[:7]})
    assert refused.status_code == 422
    assert f'value="{line[:7]}"' in refused.text
    assert "Question 4: Nothing is typed for it." in refused.text


def test_the_page_says_when_no_test_takes_sheets(
    application: FastAPI, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    client = a_client(application)
    sign_in(client, house, amal)
    room = a_workshop(house, amal, people=1)
    path = f"/trainer/workshops/{room.workshop.id}/paper"
    assert "No test takes sheets now." in client.get(path).text
    open_test(house, room, Occasion.PRE, amal)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    page = client.get(path).text
    assert page.count("data-asked=") == 2
    assert 'value="post"' in page.partition(" selected")[0].rpartition("<option")[2]
    clock.advance(timedelta(hours=25))
    sign_in(client, house, amal)  # the one of yesterday has ended
    assert client.get(path).text.count("data-asked=") == 1


def test_after_a_sheet_digits_alone_wait_for_the_trainer(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    send(client, house, amal, room, a_line(house, room, 0))
    with house.unit(writes=True) as work:
        phone, _ = participants.join_with_number(
            work, room.workshop, room.cards[0].card.number, language="en"
        )
    assert phone.state == "waiting"
