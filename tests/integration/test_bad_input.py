"""Bad input gets a clear error and loses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.everything import read_tables
from tests.fixtures.house import FakeClock, Room, a_workshop, bearer_of, close_test, open_test
from tests.fixtures.loop import Program, a_program, an_operation, rows
from tests.fixtures.server import run_well, serving

WRONG_CODE = "100008"  # its check digit would be 9
UNKNOWN_CODE = "100009"


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    """A workshop of Amal with the pre-test open."""
    made = a_workshop(house, amal)
    open_test(house, made, Occasion.PRE, amal)
    return made


@pytest.fixture
def program(client: TestClient, room: Room) -> Program:
    """A participant's program that has agreed."""
    return a_program(client, room.cards[0])


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", "/join", {"data": {"code": WRONG_CODE}}),
        ("POST", "/join", {"data": {"code": "１２３"}}),
        ("POST", "/join", {"data": {}}),
        ("GET", f"/j/{WRONG_CODE}", {}),
        ("POST", f"/j/{WRONG_CODE}", {"data": {"number": "1007"}}),
        ("POST", "/api/v1/joins", {"json": {"code": WRONG_CODE, "number": "1007"}}),
        ("GET", "/v/0000100000B", {}),
        ("GET", "/api/v1/certificates/0000100000B", {}),
    ],
)
def test_a_mistyped_number_is_answered_without_the_database(
    method: str, path: str, content: dict[str, Any], client: TestClient, house: House
) -> None:
    with _statements(house) as said:
        answer = client.request(method, path, **content)

    assert answer.status_code == 422
    assert "Something in this number is wrong or missing" in answer.text
    assert said == []


def test_an_unknown_code_says_what_to_compare_and_keeps_what_was_typed(client: TestClient) -> None:
    page = client.post("/join", data={"code": "100 009"})
    told = client.post("/api/v1/joins", json={"code": UNKNOWN_CODE, "number": "1007"})

    assert page.status_code == told.status_code == 404
    assert "No open test has this number." in page.text
    assert "Compare the six digits with the trainer&#39;s screen." in page.text
    assert 'value="100 009"' in page.text
    assert told.json()["code"] == "join_code_unknown"


def test_a_card_of_another_workshop_does_not_open_this_one(
    client: TestClient, house: House, amal: StaffPerson, room: Room
) -> None:
    other = a_workshop(house, amal, people=1)
    foreign = other.cards[0].card.number
    taken = {each.card.number for each in room.cards}
    number = foreign if foreign not in taken else "0000"

    told = client.post("/api/v1/joins", json={"code": room.workshop.join_code, "number": number})

    assert told.status_code == 404
    assert told.json()["code"] == "card_unknown"
    assert rows(house, "SELECT * FROM phone_passes") == []


def test_an_answer_to_a_closed_test_is_refused_and_the_earlier_ones_stand(
    program: Program, clock: FakeClock, house: House, amal: StaffPerson, room: Room
) -> None:
    sitting = program.start()
    program.send(sitting, an_operation("1", "1", "a"))
    close_test(house, room, Occasion.PRE, amal)
    clock.advance(timedelta(hours=1))

    late = program.send(sitting, an_operation("2", "2", "b"))

    assert late.status_code == 409
    assert late.json()["acknowledged"] == []
    assert late.json()["code"] in ("administration_closed", "sitting_closed")
    assert program.chosen(sitting) == {"1": ["a"]}


def test_a_test_that_is_not_open_cannot_be_started(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    program = a_program(client, a_workshop(house, amal).cards[0])

    told = program.post("/sittings")

    assert told.status_code == 409
    assert told.json()["code"] == "administration_not_open"
    assert told.json()["next_step"] == "Wait; the trainer opens it for everybody."


def test_what_is_sent_twice_is_kept_once_and_answered_alike(program: Program, house: House) -> None:
    sitting = program.start()
    operation = an_operation("1", "1", "a")

    answers = [program.send(sitting, operation) for _ in range(3)]
    receipts = [program.finish(sitting, "operation-1") for _ in range(3)]

    assert [answer.json() for answer in answers] == [
        {"acknowledged": ["operation-1"], "refused": []}
    ] * 3
    assert [receipt.json() for receipt in receipts] == [receipts[0].json()] * 3
    assert len(rows(house, "SELECT * FROM sitting_operations")) == 1


def test_the_same_id_with_another_answer_is_a_conflict_and_the_first_one_stands(
    program: Program,
) -> None:
    sitting = program.start()
    program.send(sitting, an_operation("1", "1", "a"))

    told = program.send(sitting, an_operation("1", "1", "b"))

    assert told.status_code == 409
    assert told.json()["code"] == "operation_conflict"
    assert told.json()["operation_id"] == "operation-1"
    assert program.chosen(sitting) == {"1": ["a"]}


@pytest.mark.parametrize(
    ("item", "option", "code"),
    [
        ("99", "a", "item_unknown"),
        ("0", "a", "item_unknown"),
        ("1", "z", "option_unknown"),
    ],
)
def test_an_unknown_item_or_choice_is_refused_and_its_neighbours_are_kept(
    item: str, option: str, code: str, program: Program
) -> None:
    sitting = program.start()
    told = program.send(sitting, an_operation("1", item, option), an_operation("2", "2", "b"))
    alone = program.send(sitting, an_operation("3", item, option))

    assert told.status_code == 200
    assert told.json() == {
        "acknowledged": ["operation-2"],
        "refused": [{"id": "operation-1", "code": code}],
    }
    assert (alone.status_code, alone.json()["code"]) == (422, code)
    assert program.chosen(sitting) == {"2": ["b"]}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"operations": [', "body"),
        (b"", "body"),
        (b"[]", "body"),
        (b'{"operations": null}', "body.operations"),
        (b'{"operations": [{"id": "operation-1", "item": "1"}]}', "body.operations.0.revision"),
        (
            b'{"operations": [{"id": "operation-1", "item": "1", "revision": false}]}',
            "body.operations.0.revision",
        ),
        (
            b'{"operations": [{"id": "operation-1", "item": "1", "revision": "1"}]}',
            "body.operations.0.revision",
        ),
        (
            b'{"operations": [{"id": "operation-1", "item": 1, "revision": 1}]}',
            "body.operations.0.item",
        ),
        (
            b'{"operations": [{"id": "operation-1", "item": "1", "revision": 1, "points": 1}]}',
            "body.operations.0.points",
        ),
    ],
)
def test_a_body_that_does_not_fit_names_the_place_and_stores_nothing(
    content: bytes, field: str, program: Program, house: House
) -> None:
    sitting = program.start()
    before = read_tables(house.engine)

    told = program.client.post(
        f"/api/v1/sittings/{sitting}/operations",
        content=content,
        headers={
            "Authorization": f"Bearer {program.sitting_tokens[sitting]}",
            "Content-Type": "application/json",
        },
    )

    assert told.status_code == 422
    assert told.json()["code"] == "request_malformed"
    assert any(place.startswith(field) for place in told.json()["fields"])
    assert read_tables(house.engine) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"count": False}, "body.count"),
        ({"count": "6"}, "body.count"),
        ({"count": 6.5}, "body.count"),
        ({"count": 901}, "body.count"),
        ({"count": 6, "number": 6}, "body.number"),
    ],
)
def test_cards_are_counted_in_whole_numbers_alone(
    body: dict[str, object], field: str, client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)

    told = client.post(
        f"/api/v1/workshops/{room.workshop.id}/cards", json=body, headers=bearer_of(house, amal)
    )

    assert told.status_code == 422
    assert told.json()["fields"] == [field]
    assert len(rows(house, "SELECT * FROM cards")) == 1


@pytest.mark.parametrize(
    "content",
    [
        b'{"\\ud800": 1}',
        b'{"code": "\\ud800"}',
        b'{"code": "\xe9"}',
        b'{"code": NaN}',
        b'{"code": ' + b"9" * 5000 + b"}",
        b"[" * 30_000,
    ],
    ids=["surrogate name", "surrogate value", "latin-1", "NaN", "huge number", "deep"],
)
def test_what_no_json_should_hold_is_malformed_and_never_an_error_of_ours(
    content: bytes, client: TestClient
) -> None:
    told = client.post(
        "/api/v1/joins", content=content, headers={"Content-Type": "application/json"}
    )

    assert (told.status_code, told.json()["code"]) == (422, "request_malformed")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/workshops/%00",
        "/api/v1/workshops/%00/cards",
        "/api/v1/forms/%00",
        "/api/v1/certificates/%00",
        "/j/%00",
        "/v/%00",
        "/one-time/%00",
        "/static/%00",
    ],
)
def test_a_nul_in_an_address_finds_nothing(
    path: str, client: TestClient, house: House, amal: StaffPerson
) -> None:
    """PostgreSQL takes no NUL in a text; SQLite does."""
    answer = client.get(path, headers=bearer_of(house, amal))

    assert answer.status_code in (404, 410, 422)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sign-in", {"login": "\0", "password": "x"}),
        ("/language", {"language": "\0"}),
        ("/my/language", {"language": "\0"}),
        ("/my/test", {"sitting": "\0"}),
        ("/my/profile", {"sex": "\0", "province": "\0"}),
    ],
)
def test_a_nul_in_a_field_of_a_page_is_never_an_error_of_ours(
    path: str, body: dict[str, str], client: TestClient, room: Room
) -> None:
    client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[0].token})
    client.post("/my/consent", data={"answer": "yes"})

    assert client.post(path, data=body).status_code < 500


def test_a_nul_in_a_text_is_refused_before_it_is_stored(
    client: TestClient, house: House, amal: StaffPerson, admin: StaffPerson, room: Room
) -> None:
    programme = {"name": "Founding", "funder_line": "A\0donor"}
    join = {"card_token": room.cards[0].token, "language": "\0"}

    answers = [
        client.post("/api/v1/programmes", json=programme, headers=bearer_of(house, admin)),
        client.post("/api/v1/joins", json=join),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert rows(house, "SELECT * FROM programmes") == []
    assert rows(house, "SELECT * FROM phone_passes") == []


@pytest.mark.parametrize("path", ["/my/test", "/my/profile", "/join", "/trainer/workshops"])
def test_a_file_where_words_are_expected_is_refused_and_left_nowhere(
    path: str, client: TestClient, room: Room
) -> None:
    """A form's file that nobody closes is a ResourceWarning, and here an error."""
    client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[0].token})
    names = ("sitting", "sex", "code", "csrf")

    answer = client.post(path, files=dict.fromkeys(names, b"not words"))

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("path", ["/language", "/my/language"])
def test_a_language_nobody_offers_changes_nothing(
    path: str, client: TestClient, house: House, room: Room
) -> None:
    client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[0].token})
    before = rows(house, "SELECT language FROM phone_passes")

    answer = client.post(path, data={"language": "x" * 5000, "back": "/my"})

    assert answer.status_code < 500
    assert "xxxx" not in answer.headers.get("set-cookie", "")
    assert rows(house, "SELECT language FROM phone_passes") == before


def test_ten_megabytes_are_refused_by_the_real_server_and_the_next_client_is_served(
    tmp_path: Path,
) -> None:
    environment = {"TAFAWUT_DATA_DIR": str(tmp_path / "data"), "TAFAWUT_DATABASE_URL": ""}
    run_well(["migrate"], environment)
    with serving(["serve"], environment) as (told, _), httpx2.Client() as one:
        base = str(told["base_url"])
        answers = [
            one.post(base + "/api/v1/joins", content=content, headers={"Content-Type": kind})
            for kind in ("application/json", "application/x-www-form-urlencoded")
            for content in (b"x" * 10_000_000, iter([b"x" * 10_000] * 1000))
        ]
        page = one.post(base + "/join", content=b"code=" + b"1" * 10_000_000)
        with httpx2.Client() as other:
            healthy = [client.get(base + "/health").status_code for client in (one, other)]

    assert [answer.status_code for answer in answers] == [413] * 4
    assert [answer.json()["code"] for answer in answers] == ["body_too_large"] * 4
    assert page.status_code == 413
    assert "This is too large to be taken in." in page.text
    assert healthy == [200, 200]


@contextmanager
def _statements(house: House) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(house.engine, "before_cursor_execute", hear)
    yield said
    event.remove(house.engine, "before_cursor_execute", hear)
