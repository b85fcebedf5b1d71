"""Answers that come by hand: taken in once, for the right card and test, without being shown."""

import json
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.banks import service as banks
from app.core.rescue import encode
from app.core.rescue_fields import Answer, ItemShape
from app.web.deps import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import FakeClock, Room, a_workshop, bearer_of, close_test, open_test
from tests.fixtures.loop import API, Program, a_program, an_operation, rows

ANSWERS: list[Answer] = [frozenset({"a"})] * 19 + [frozenset({"dk"})]


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    made = a_workshop(house, amal, people=2)
    open_test(house, made, Occasion.PRE, amal)
    return made


def shown_by(
    house: House, room: Room, sitting_id: str, number: str, revision: int, answers: list[Answer]
) -> str:
    """What the phone of that sitting would show."""
    (row,) = rows(
        house, "SELECT administration_id, form_id FROM sittings WHERE id = :id", id=sitting_id
    )
    with house.unit(writes=False) as work:
        items = banks.require_content(work, row["form_id"]).items.values()
    shape = [ItemShape(item.kind, len(item.options)) for item in items]
    code = encode(
        shape, card=number, form=row["administration_id"], revision=revision, answers=answers
    )
    return code.text


def take_in(client: TestClient, house: House, amal: StaffPerson, room: Room, typed: str) -> tuple:  # type: ignore[type-arg]
    answer = client.post(
        f"{API}/workshops/{room.workshop.id}/rescues",
        json={"typed": typed},
        headers=bearer_of(house, amal),
    )
    told = answer.json()
    return answer.status_code, told.get("code") or told["answered_count"]


def a_person(client: TestClient, room: Room, card: int = 0) -> tuple[Program, str]:
    person = a_program(client, room.cards[card])
    return person, person.start()


def test_what_the_phone_shows_is_in_once_flagged_and_audited(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    person, sitting = a_person(client, room)
    person.send(sitting, an_operation("1", "1", "b", revision=3))
    typed = shown_by(house, room, sitting, room.cards[0].card.number, 24, ANSWERS)
    assert take_in(client, house, amal, room, typed) == (200, 20)
    assert take_in(client, house, amal, room, typed.lower()) == (200, 20)
    assert len(rows(house, "SELECT * FROM sitting_operations")) == 1 + 20
    (row,) = rows(house, "SELECT * FROM sittings")
    assert (row["state"], row["is_rescued"], row["submitted_by"]) == ("submitted", 1, "participant")
    stands = rows(house, "SELECT content FROM responses WHERE item = '1'")
    assert json.loads(stands[0]["content"])["options"] == ["a"]
    log = rows(house, "SELECT verb, facts FROM audit_events WHERE verb = 'take_in_rescue'")
    assert len(log) == 2
    assert '"a"' not in json.dumps(log)


def test_the_phone_that_wakes_up_later_adds_nothing_and_loses_nothing(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    person, sitting = a_person(client, room)
    typed = shown_by(house, room, sitting, room.cards[0].card.number, 24, ANSWERS)
    take_in(client, house, amal, room, typed)
    late = person.send(sitting, an_operation("1", "1", "a", revision=24), finish=True)
    assert late.json()["refused"] == [{"id": "operation-1", "code": "sitting_closed"}]
    assert person.finish(sitting).json()["receipt"]["answered_count"] == 20


def test_a_code_for_another_card_test_or_workshop_is_not_taken(
    client: TestClient, house: House, amal: StaffPerson, room: Room, clock: FakeClock
) -> None:
    _, sitting = a_person(client, room)
    own, other = (card.card.number for card in room.cards)
    assert take_in(
        client, house, amal, room, shown_by(house, room, sitting, other, 1, ANSWERS)
    ) == (409, "rescue_foreign")
    elsewhere = a_workshop(house, amal, people=1)
    typed = shown_by(house, room, sitting, own, 1, ANSWERS)
    assert take_in(client, house, amal, elsewhere, typed)[1] in ("card_unknown", "rescue_foreign")
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    clock.advance(timedelta(minutes=5))
    # It is the pre-test's, and was given in time.
    assert take_in(client, house, amal, room, typed) == (200, 20)
    (row,) = rows(house, "SELECT state, is_late FROM sittings")
    assert (row["state"], row["is_late"]) == ("submitted", 1)


def test_a_slip_names_the_group_and_a_fragment_says_that_more_follows(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    _, sitting = a_person(client, room)
    typed = shown_by(house, room, sitting, room.cards[0].card.number, 24, ANSWERS)
    groups = typed.split()
    wrong = "0" if groups[3][0] != "0" else "1"
    slip = " ".join([*groups[:3], wrong + groups[3][1:], *groups[4:]])
    told = client.post(
        f"{API}/workshops/{room.workshop.id}/rescues",
        json={"typed": slip},
        headers=bearer_of(house, amal),
    ).json()
    assert (told["code"], told["group"]) == ("rescue_group_wrong", 3)
    assert take_in(client, house, amal, room, " ".join(groups[:-1])) == (422, "rescue_unfinished")
    assert take_in(client, house, amal, room, "hello")[0] == 422
    assert rows(house, "SELECT * FROM sitting_operations") == []
