"""Cards and phones: what four digits may open, what a token may open, what nobody keeps."""

from typing import Any

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.core.codes import grouped
from app.participants import service as participants
from app.participants.schemas import OpenPass
from app.sittings import service as sittings
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import Room, a_workshop, bearer_of, open_test, sign_in
from tests.fixtures.loop import (
    API,
    Program,
    a_program,
    an_operation,
    at_once,
    everything_stored,
    join,
    rows,
    run_workshop,
)
from tests.fixtures.page_client import PageClient, another_browser

DIGITS = {
    "Urdu": "۰۱۲۳۴۵۶۷۸۹",
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "Bengali": "০১২৩৪৫৬৭৮৯",
    "full width": "０１２３４５６７８９",
}
OWN_PATHS = ("/me", "/me/result", "/me/certificate", "/sittings/{sitting}")


def join_by_number(client: TestClient, room: Room, number: str) -> Any:
    sent = {"code": room.workshop.join_code, "number": number}
    return client.post(f"{API}/joins", json=sent)


def a_program_by_number(client: TestClient, room: Room, person: int = 0) -> Program:
    joined = join_by_number(client, room, room.cards[person].card.number)
    return Program(client, joined.json()["token"])


def admit(client: TestClient, house: House, trainer: StaffPerson, room: Room) -> int:
    number = room.cards[0].card.number
    path = f"{API}/workshops/{room.workshop.id}/cards/{number}/admit"
    return client.post(path, headers=bearer_of(house, trainer)).status_code


def test_four_digits_start_and_the_same_phone_goes_on(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    open_test(house, room, Occasion.PRE, amal)
    joined = join_by_number(client, room, room.cards[0].card.number)
    assert joined.status_code == 201
    assert joined.json()["state"] == "admitted"
    person = Program(client, joined.json()["token"])
    assert person.post("/me/consent", has_agreed=True).status_code == 204
    sitting = person.start()
    person.send(sitting, an_operation("1", "1", "a"))
    assert person.chosen(sitting) == {"1": ["a"]}


def test_digits_of_any_script_with_spaces_and_hyphens_are_the_same_digits(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=4)
    for (script, digits), printed in zip(DIGITS.items(), room.cards, strict=True):
        to_script = str.maketrans("0123456789", digits)
        code = " ".join(grouped(room.workshop.join_code, (3, 3))).translate(to_script)
        number = "- ".join(grouped(printed.card.number, (2, 2))).translate(to_script)
        joined = client.post(f"{API}/joins", json={"code": code, "number": f" {number}\u200f"})
        assert joined.status_code == 201, script
        assert joined.json()["card_number"] == printed.card.number
        assert client.post("/join", data={"code": code}).headers["location"] == (
            f"/j/{room.workshop.join_code}"
        )


def test_a_slip_of_the_finger_and_an_unknown_card_are_told_apart(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    number = room.cards[0].card.number
    slip = number[:3] + str((int(number[3]) + 1) % 10)
    unknown = "1007" if number != "1007" else "1010"
    for typed, status, code in (
        (slip, 422, "code_mistyped"),
        (number[:3], 422, "code_mistyped"),
        ("²²²²", 422, "code_mistyped"),
        ("", 422, "code_mistyped"),
        (unknown, 404, "card_unknown"),
    ):
        refused = join_by_number(client, room, typed)
        assert (refused.status_code, refused.json()["code"]) == (status, code), typed
    wrong_code = client.post(f"{API}/joins", json={"code": "123456", "number": number})
    assert wrong_code.json()["code"] == "code_mistyped"
    free = "100009" if room.workshop.join_code != "100009" else "100014"
    nobody = client.post(f"{API}/joins", json={"code": free, "number": number})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "join_code_unknown")
    assert rows(house, "SELECT id FROM phone_passes") == []


def test_a_second_phone_with_four_digits_waits_and_is_told_nothing(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    run_workshop(house, room, amal, [(4, 9)])
    first = a_program(client, room.cards[0])
    sitting = rows(house, "SELECT id FROM sittings LIMIT 1")[0]["id"]
    assert first.get("/me/result").json()["post_points"] == "9"
    joined = join_by_number(client, room, room.cards[0].card.number)
    assert joined.json()["state"] == "waiting"
    second = Program(client, joined.json()["token"])
    for path in OWN_PATHS:
        answer = second.get(path.format(sitting=sitting))
        assert (answer.status_code, answer.json()["code"]) == (403, "card_waiting")
    for path, body in (
        ("/me/consent", {"has_agreed": False}),
        ("/me/name", {"latin": "Somebody Else"}),
        ("/me/profile", {}),
        ("/sittings", {}),
        ("/me/questionnaire-ticket", {}),
    ):
        assert second.post(path, **body).status_code == 403
    assert first.get("/me").json()["has_agreed"] is True


def test_the_page_of_a_waiting_phone_says_so_and_shows_nothing_else(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    run_workshop(house, room, amal, [(4, 9)])
    browser = a_page_by_number(client, house, room)
    page = browser.get("/my", status=403)
    assert page.heading == "Show this to the trainer"
    for path in ("consent", "test", "profile", "questionnaire", "result", "name"):
        told = browser.get(f"/my/{path}", status=403)
        assert told.heading == "This card is in use on another phone. Nothing is lost."
        assert "9" not in told.main


def a_page_by_number(client: TestClient, house: House, room: Room) -> PageClient:
    browser = PageClient(another_browser(client), house)
    way_in = f"/j/{room.workshop.join_code}"
    number = room.cards[0].card.number
    browser.send(browser.get(way_in), way_in, number=number, language="en")
    return browser


def test_a_waiting_phone_can_be_used_with_another_card(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    join(house, room, 0)
    browser = a_page_by_number(client, house, room)
    way_in = f"/j/{room.workshop.join_code}"
    assert browser.get("/my", status=403).find("a", href=way_in) != []
    number = room.cards[1].card.number
    browser.send(browser.get(way_in), way_in, number=number, language="en")
    assert browser.get("/my/consent").heading == "Before you start"


def test_the_trainers_tap_lets_the_second_phone_in_and_is_written_down(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    first = a_program(client, room.cards[0])
    second = a_program_by_number(client, room)
    assert admit(client, house, basma, room) == 404
    assert second.get("/me").status_code == 403
    assert admit(client, house, amal, room) == 204
    assert [each.get("/me").status_code for each in (first, second)] == [200, 200]
    written = rows(house, "SELECT staff_id FROM audit_events WHERE verb = 'admit_phone'")
    assert written == [{"staff_id": amal.id}]


def test_the_rooms_page_shows_the_waiting_phone_first_with_the_button_that_lets_it_in(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    a_program(client, room.cards[2])
    waiting = join_by_number(client, room, room.cards[2].card.number)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    page = browser.get(path)
    first_row = page.find("tbody")[0][0]
    assert "second phone waits" in "".join(first_row.itertext())
    browser.send(page, f"{path}/cards/{room.cards[2].card.number}/admit")
    assert Program(client, waiting.json()["token"]).get("/me").status_code == 200


def test_a_second_phone_with_the_cards_token_goes_on_at_once(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    first, second = (a_program(client, room.cards[0]) for _ in range(2))
    sitting = first.start()
    first.send(sitting, an_operation("1", "1", "a"))
    assert second.chosen(sitting) == {"1": ["a"]}


def test_a_new_card_ends_the_old_one_and_its_phones_and_keeps_the_answers(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    old = a_program(client, room.cards[0])
    sitting = old.start()
    old.send(sitting, an_operation("1", "1", "a"))
    number = room.cards[0].card.number
    path = f"{API}/workshops/{room.workshop.id}/cards/{number}/reissue"
    card = client.post(path, headers=bearer_of(house, amal)).json()
    assert (card["number"], card["edition"]) == (number, 2)
    assert old.get("/me").status_code == 401
    lost = client.post(f"{API}/joins", json={"card_token": room.cards[0].token})
    assert (lost.status_code, lost.json()["code"]) == (404, "card_unknown")
    found = client.post(f"{API}/joins", json={"card_token": card["token"]})
    assert Program(client, found.json()["token"]).chosen(sitting) == {"1": ["a"]}
    again = client.get(
        f"{API}/workshops/{room.workshop.id}/cards", headers=bearer_of(house, amal)
    ).json()
    assert again[0]["token"] == card["token"]
    assert len(rows(house, "SELECT id FROM audit_events WHERE verb = 'reissue_card'")) == 1


def test_leaving_frees_the_card_for_the_next_phone_with_four_digits(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    first = a_program_by_number(client, room)
    assert first.post("/me/leave").status_code == 204
    assert first.get("/me").status_code == 401
    assert a_program_by_number(client, room).get("/me").status_code == 200


def test_leaving_on_the_page_clears_the_phone(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    browser = a_page_by_number(client, house, room)
    browser.send(browser.get("/my/consent"), "/my/consent", answer="no")
    left = browser.send(browser.get("/my"), "/my/leave")
    # What was not sent yet stays on the phone, under the sitting's own token.
    assert left.headers["clear-site-data"] == '"cache"'
    assert 'phone="";' in left.headers["set-cookie"]
    browser.get("/my", status=401)


def test_no_token_of_a_card_or_a_phone_is_ever_stored(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=5)
    phones = [a_program(client, card) for card in room.cards]
    kept = everything_stored(house)
    assert room.cards[0].card.number.encode() in kept
    assert len({card.token for card in room.cards}) == 5
    for secret in [card.token for card in room.cards] + [phone.token for phone in phones]:
        assert len(secret) >= 32
        assert secret.encode() not in kept


def test_two_taps_on_agree_at_the_same_moment_are_one_participant(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=5)
    open_test(house, room, Occasion.PRE, amal)

    def agree(phone: OpenPass) -> bool:
        with house.unit(writes=True) as work:
            return sittings.answer_consent(work, phone, has_agreed=True) is not None

    for printed in room.cards:
        with house.unit(writes=True) as work:
            phone, _ = participants.join_with_token(work, printed.token, language="en")
        answered = at_once(*[lambda p=phone: agree(p)] * 3)
        assert answered == [True, True, True]
    assert len(rows(house, "SELECT id FROM participants")) == 5
    assert len(rows(house, "SELECT id FROM sittings")) == 5


def test_refusing_costs_nothing_and_can_be_said_again_the_other_way(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    person = a_program(client, room.cards[0], has_agreed=False)
    refused = person.post("/sittings")
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_missing")
    assert person.post("/me/consent", has_agreed=True).status_code == 204
    assert person.get("/me").json()["can_take"] is True
    assert len(rows(house, "SELECT id FROM participants")) == 1
