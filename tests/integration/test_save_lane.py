"""The save path's own lane answers plain saves, and answers nothing otherwise than the route."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.accounts.schemas import StaffPerson
from app.web.api.lane import SaveLane
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import BASE_URL, Room, a_workshop, open_test
from tests.fixtures.loop import Program, a_program, an_operation, rows

pytestmark = pytest.mark.saves_both_ways

GOOD = an_operation("1", "1", "a")


def operations(*sent: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"operations": list(sent), **more}).encode()


BODIES = {
    "one": operations(GOOD),
    "twenty and sent": operations(
        *(an_operation(str(item), str(item), "dk") for item in range(1, 21)), finish=True
    ),
    "nothing": operations(),
    "nothing answered": operations(finish=True),
    "one never arrived": operations(GOOD, finish=True, sent_ids=["operation-1", "operation-9"]),
    "one of two": operations(GOOD, an_operation("2", "1", "z")),
    "none of two": operations(an_operation("1", "77", "a"), an_operation("2", "1", "z")),
    "another content under a known id": operations(GOOD, an_operation("1", "1", "b")),
    "a text of another language": operations(an_operation("1", "1", "a", language="ur")),
    "no json": b'{"operations": [',
    "not a number": b'{"operations": [], "finish": NaN}',
    "half a character": operations({**GOOD, "text": "\ud800"}),
    "another encoding": operations(GOOD).decode().encode("utf-16"),
    "a string for a number": operations({**GOOD, "revision": "1"}),
    "an unknown name": operations({**GOOD, "score": 20}),
    "a NUL": operations({**GOOD, "text": "a\0b"}),
}


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    """A workshop of Amal with the pre-test open."""
    made = a_workshop(house, amal)
    open_test(house, made, Occasion.PRE, amal)
    return made


def as_read(answer: httpx2.Response, sitting_id: str) -> tuple[int, dict[str, str], str]:
    """What a phone can tell of an answer; its sitting's id stands for itself."""
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    if answer.status_code >= 500 or "reference" in answer.text:
        raise AssertionError(answer.text)
    return answer.status_code, headers, answer.text.replace(sitting_id, "its id")


def send(
    program: Program,
    sitting_id: str,
    body: bytes,
    *,
    by_lane: bool,
    headers: dict[str, str] | None = None,
    client: TestClient | None = None,
) -> httpx2.Response:
    """Send a body; in parts of unknown length it goes by the route, as anything unusual."""

    def parts() -> Iterator[bytes]:
        yield body[:7]
        yield body[7:]

    token = next(iter(program.sitting_tokens.values()))
    return (client or program.client).post(
        f"/api/v1/sittings/{sitting_id}/operations",
        content=body if by_lane else parts(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }
        | (headers or {}),
    )


@pytest.mark.parametrize("case", BODIES)
def test_the_lane_and_the_route_give_the_same_answer(
    case: str, client: TestClient, room: Room
) -> None:
    by_lane, by_route = (a_program(client, card) for card in room.cards[:2])
    first, second = by_lane.start(), by_route.start()

    answers = [
        as_read(send(by_lane, first, BODIES[case], by_lane=True), first),
        as_read(send(by_route, second, BODIES[case], by_lane=False), second),
    ]
    again = [
        as_read(send(by_lane, first, BODIES[case], by_lane=False), first),
        as_read(send(by_route, second, BODIES[case], by_lane=True), second),
    ]

    assert answers[0] == answers[1]
    assert again[0] == again[1]
    assert by_lane.chosen(first) == by_route.chosen(second)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer nobody"},
        {"Authorization": "Basic bm9ib2R5"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_what_is_not_a_plain_save_is_refused_alike(
    headers: dict[str, str], client: TestClient, room: Room, house: House
) -> None:
    program = a_program(client, room.cards[0])
    sitting_id = program.start()

    answers = [
        as_read(send(program, sitting_id, BODIES["one"], by_lane=way, headers=headers), sitting_id)
        for way in (True, False)
    ]

    assert answers[0] == answers[1]
    assert answers[0][0] in (401, 404, 415, 422)
    assert rows(house, "SELECT * FROM sitting_operations") == []


def test_another_sittings_token_opens_nothing(client: TestClient, room: Room, house: House) -> None:
    own, foreign = (a_program(client, card) for card in room.cards[:2])
    own.start()
    sitting_id = foreign.start()

    answers = [send(own, sitting_id, BODIES["one"], by_lane=way) for way in (True, False)]

    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert rows(house, "SELECT * FROM sitting_operations") == []


class Reached:
    """An application that only says that it was reached, and with what body."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.bodies.append(await Request(scope, receive).body())
            await PlainTextResponse("the route", 418)(scope, receive, send)


def test_plain_saves_alone_go_by_the_lane(client: TestClient, room: Room, house: House) -> None:
    program = a_program(client, room.cards[0])
    sitting_id = program.start()
    behind = Reached()
    lane = TestClient(SaveLane(behind, house=house), base_url=BASE_URL)

    saved = send(program, sitting_id, BODIES["one"], by_lane=True, client=lane)
    refused = send(program, sitting_id, BODIES["a NUL"], by_lane=True, client=lane)
    in_parts = send(program, sitting_id, BODIES["one"], by_lane=False, client=lane)
    other = lane.get(f"/api/v1/sittings/{sitting_id}/operations")

    assert saved.json()["acknowledged"] == ["operation-1"]
    assert [each.status_code for each in (refused, in_parts, other)] == [418] * 3
    assert behind.bodies == [BODIES["a NUL"], BODIES["one"], b""]
