"""Who guesses codes and numbers is slowed down, and nobody in the room is refused."""

from datetime import timedelta

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.core.codes import card_number, join_code
from app.web.door import MOST_WRONG_NUMBERS
from app.web.house import House
from app.web.patience import FREE_MISSES, LONGEST_WAIT_SECONDS, WINDOW, Caller, patience_of
from tests.fixtures.house import FakeClock, Room, a_workshop
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import another_browser


def numbers_of_nobody(room: Room) -> list[str]:
    """With a right check digit, as who guesses computes it."""
    taken = {printed.card.number for printed in room.cards}
    return [each for each in map(card_number, range(1000)) if each not in taken]


def type_number(client: TestClient, room: Room, number: str) -> tuple[int, str]:
    """Status, and the state or the code of the refusal."""
    sent = {"code": room.workshop.join_code, "number": number}
    answer = client.post(f"{API}/joins", json=sent)
    told = answer.json()
    return answer.status_code, told["state"] if answer.status_code == 201 else told["code"]


def test_while_numbers_of_a_workshop_are_guessed_digits_wait_for_the_trainer_and_cards_do_not(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room, other = (a_workshop(house, amal, people=4) for _ in range(2))
    first, second, third, fourth = (printed.card.number for printed in room.cards)
    wrong = numbers_of_nobody(room)
    for number in wrong[: MOST_WRONG_NUMBERS - 1]:
        assert type_number(client, room, number) == (404, "card_unknown")
    assert type_number(client, room, first) == (201, "admitted")
    # From another browser, since a guesser keeps no cookie; on the page it is the same count.
    page = another_browser(client).post(
        f"/j/{room.workshop.join_code}", data={"number": wrong[-1], "language": "en"}
    )
    assert page.status_code == 404
    assert type_number(client, room, second) == (201, "waiting")
    assert type_number(client, other, other.cards[0].card.number) == (201, "admitted")
    scanned = client.post(f"{API}/joins", json={"card_token": room.cards[2].token})
    assert scanned.json()["state"] == "admitted"
    phone = another_browser(client)
    path = f"/j/{room.workshop.join_code}"
    assert phone.post(path, data={"number": third, "language": "en"}).headers["location"] == "/my"
    clock.advance(WINDOW)
    assert type_number(client, room, fourth) == (201, "admitted")


def test_a_slip_is_found_by_its_check_digit_and_not_counted(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    (printed,) = room.cards
    last = printed.card.number[-1]
    for digit in set("0123456789") - {last}:
        for _ in range(4):
            slip = printed.card.number[:-1] + digit
            assert type_number(client, room, slip) == (422, "code_mistyped")
    assert type_number(client, room, printed.card.number) == (201, "admitted")


def test_who_types_codes_of_nobody_waits_a_little_and_a_right_one_is_answered(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=1)
    codes = [each for each in map(join_code, range(10_000, 10_040))
             if each != room.workshop.join_code]  # fmt: skip

    def wait(network: str, kind: str = "codes") -> float:
        patience = patience_of(client.app)  # type: ignore[arg-type]
        return Caller(patience, network, clock.now(), kind).wait_seconds()

    for code in codes[: FREE_MISSES + 2]:
        assert client.post("/join", data={"code": code}).status_code == 404
    known = next(each for each in ("unknown", "127.0.0.0/24", "192.168.8.0/24") if wait(each) > 0)
    assert 0 < wait(known) <= LONGEST_WAIT_SECONDS
    assert wait("203.0.113.0/24") == 0  # nobody else waits
    assert wait(known, "papers") == 0  # nor who checks a certificate
    assert client.get(f"/j/{room.workshop.join_code}").status_code == 200
    assert type_number(client, room, room.cards[0].card.number) == (201, "admitted")
    clock.advance(WINDOW + timedelta(seconds=1))
    assert wait(known) == 0
    assert len(rows(house, "SELECT card_id FROM phone_passes")) == 1
