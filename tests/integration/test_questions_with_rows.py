"""Questions with rows and tables, from the bank's files to the gain: API, page, paper, rescue."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.banks import service as banks
from app.banks.service import publish_banks
from app.core.rescue import encode
from app.core.rescue_fields import ItemShape
from app.participants.as_pdf import paper_test_as_pdf
from app.web.house import House
from app.web.prints import paper_test_of
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import API, a_program, an_operation, keys_of, rows, take
from tests.fixtures.page_client import PageClient, another_browser
from tests.fixtures.prints import words_of
from tests.fixtures.row_files import write_row_bank

SEA = {"whale": "Sea", "camel": "Land", "shark": "Sea", "horse": "Land"}
MakeRoom = Callable[..., Room]


@pytest.fixture
def a_room(house: House, amal: StaffPerson, tmp_path: Path) -> MakeRoom:
    """A workshop whose form has a question of each kind with rows, and one with a table."""
    with house.unit(writes=True) as work:
        publish_banks(work, write_row_bank(tmp_path / "banks"))

    def make(people: int) -> Room:
        made = a_workshop(house, amal, people, audience=Audience.NGO, form_ref="short")
        open_test(house, made, Occasion.PRE, amal)
        return made

    return make


def right(house: House, room: Room, item: str) -> list[str]:
    """The key of an item, row by row."""
    (key,) = (each for each in keys_of(house, room) if each.item == item)
    return sorted(key.keys)


def wrong(house: House, room: Room, item: str, row: str) -> str:
    """A wrong placing of a row."""
    (key,) = (each for each in keys_of(house, room) if each.item == item)
    return next(each for each in key.options if each[0] == row and each not in key.keys)


def stored(house: House) -> dict[str, tuple[list[str], int | None]]:
    """What stands for each item, and its units."""
    found = rows(house, "SELECT item, content, units FROM responses ORDER BY item")
    return {each["item"]: (json.loads(each["content"])["options"], each["units"]) for each in found}


def form_rows(house: House, room: Room) -> list[dict[str, str]]:
    """The rows of the first question, with the words of its columns by letter."""
    with house.unit(writes=False) as work:
        item = banks.require_form(work, room.workshop.form_id).items[0]
    columns = {each.option: each.text["en"] for each in item.options}
    return [{"ref": each.row, "text": each.text["en"]} | columns for each in item.rows]


def test_a_program_reads_rows_and_tables_and_answers_them_row_by_row(
    client: TestClient, house: House, a_room: MakeRoom
) -> None:
    room = a_room(1)
    person = a_program(client, room.cards[0])
    told = person.post("/sittings").json()
    parts, crimes, steps, boats = told["items"]
    assert [each["kind"] for each in told["items"]] == [
        "match", "classify", "order", "single_choice",
    ]  # fmt: skip
    assert {each["text"]["en"] for each in parts["rows"]} == {
        "A whale", "A camel", "A shark", "A horse",
    }  # fmt: skip
    assert [each["row"] for each in crimes["rows"]] == ["1", "2", "3"]
    assert [each["text"]["ur"] for each in steps["options"]] == ["1", "2", "3"]
    assert boats["table"]["en"] == {
        "head": ["Month", "Boats", "Nets"], "rows": [["May", "12", "40"], ["June", "15", "38"]],
    }  # fmt: skip
    assert (parts["table"], boats["rows"]) == (None, [])
    sitting = person.start()
    half = right(house, room, "1")[:2]
    answers = [
        an_operation("1", "1", *half, "dk"),
        an_operation("2", "2", *right(house, room, "2")),
        an_operation("3", "3", "dk"),
    ]
    odd = [
        an_operation("4", "4", "a", "b"),
        an_operation("5", "1", "1a", "1b", revision=2),
        an_operation("6", "1", "5a", revision=2),
        an_operation("7", "1", "a", revision=2),
    ]
    saved = person.send(sitting, *answers, *odd).json()
    assert saved["acknowledged"] == ["operation-1", "operation-2", "operation-3"]
    assert [each["code"] for each in saved["refused"]] == [
        "response_malformed", "response_malformed", "option_unknown", "option_unknown",
    ]  # fmt: skip
    assert person.chosen(sitting)["1"] == half
    assert person.send(sitting, finish=True).json()["receipt"]
    assert stored(house) == {
        "1": (half, 1260),
        "2": (right(house, room, "2"), 2520),
        "3": (["dk"], 0),
    }


def test_before_and_after_make_a_gain_a_matrix_and_counts_of_every_row(
    client: TestClient, house: House, amal: StaffPerson, a_room: MakeRoom
) -> None:
    room = a_room(21)
    for occasion, points in ((Occasion.PRE, 0), (Occasion.POST, 3)):
        if occasion is Occasion.POST:
            open_test(house, room, occasion, amal)
        take(house, room, occasion, [None] + [points] * 20)
        person = a_program(client, room.cards[0])
        sitting = person.start()
        one = wrong(house, room, "2", "1")
        half = [an_operation(f"{occasion.value}-2", "2", one, *right(house, room, "2")[1:])]
        assert person.send(sitting, *half, finish=True).status_code == 200
        close_test(house, room, occasion, amal)
    staff = bearer_of(house, amal)
    told = client.get(f"{API}/workshops/{room.workshop.id}/gains/details", headers=staff).json()
    crimes = told["crimes"]
    # 20 people say "I do not know" to three cases before; one has two of the three right.
    assert sum(each["do_not_know"] for each in crimes["before"].values()) == 60
    right_after = [row[case] for case, row in crimes["after"].items()]
    assert sum(right_after) == 62
    parts = told["items"][0]
    counts = {each["option"]: (each["before"], each["after"]) for each in parts["options"]}
    assert {counts[each] for each in right(house, room, "1")} == {(0, 20)}
    assert counts["dk"] == (20, 0)
    gain = client.get(f"{API}/workshops/{room.workshop.id}/gains", headers=staff).json()
    assert gain["paired"] == 21
    # Points of 4: 20 people from 0 to 3, one stays at two thirds of a point.
    assert float(gain["gain_points"]) == pytest.approx(60 / 21, abs=0.01)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    page = browser.get(f"/trainer/workshops/{room.workshop.id}/results")
    lines = [
        words for each in page.find("th", scope="rowgroup") if (words := "".join(each.itertext()))
    ]
    assert len(lines) == 4 + 3 + 3
    assert any("A whale" in each for each in lines)
    shown = browser.get(f"/trainer/workshops/{room.workshop.id}/teach/items/4/wall")
    assert [each.text for each in shown.find("th", scope="row")] == ["May", "June"]


def test_the_page_without_a_script_keeps_rows_and_shows_them_again(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock, a_room: MakeRoom
) -> None:
    room = a_room(1)
    browser = PageClient(another_browser(client), house)
    way_in = f"/j/{room.workshop.join_code}"
    browser.send(browser.get(way_in), way_in, number=room.cards[0].card.number, language="en")
    browser.send(browser.get("/my/consent"), "/my/consent", answer="yes")
    page = browser.get("/my/test")
    assert [each.get("scope") for each in page.find("th")].count("row") == 4  # in two languages
    odd = browser.send(page, "/my/test", status=422, **{"item-1-1": ["1a", "1b"], "item-1-2": "2c"})
    again = browser.read(odd, 422)
    assert again.fields("/my/test")["item-1-2"] == ["2c"]
    assert stored(house) == {}
    browser.send(page, "/my/test", **{"item-1-1": "1a", "item-1-2": "2c", "item-3": "dk"})
    assert {item: options for item, (options, _) in stored(house).items()} == {
        "1": ["1a", "2c"], "3": ["dk"],
    }  # fmt: skip
    close_test(house, room, Occasion.PRE, amal)
    for act in (open_test, close_test):
        act(house, room, Occasion.POST, amal)
    clock.advance(timedelta(hours=25))
    mine = browser.get("/my/kept").main
    words = {each["ref"]: each for each in form_rows(house, room)}
    assert f"{words['1']['text']} – {words['1']['a']}" in mine
    assert f"{words['2']['text']} – {words['2']['c']}" in mine


def test_a_sheet_of_paper_has_letters_for_every_row(
    client: TestClient, house: House, amal: StaffPerson, a_room: MakeRoom
) -> None:
    room = a_room(2)
    with house.unit(writes=False) as work:
        test = paper_test_of(house, work, room.workshop, Occasion.PRE, "en")
    printed = " ".join(words_of(paper_test_as_pdf(test)))
    for words in (
        "A whale",
        "Month Boats Nets",
        "June 15 38",
        "1.4",
        "3.3",
        "Choose one for each line",
    ):
        assert words in printed, words
    assert [each.letter for each in test.questions[0].choices] == ["A", "B", "C", "D"]
    # Question 1: B, nothing, D is "I do not know", A; question 2: D in the first row alone is
    # "neither"; question 3: only "I do not know"; question 4: E.
    line = room.cards[0].card.number + "B-DA" + "D--" + "D-D" + "E"
    told = client.post(
        f"{API}/workshops/{room.workshop.id}/administrations/pre/sheets",
        json={"typed": line},
        headers=bearer_of(house, amal),
    )
    assert told.json()["answered_count"] == 4
    assert {item: options for item, (options, _) in stored(house).items()} == {
        "1": ["1b", "4a"], "2": ["1d"], "3": ["dk"], "4": ["dk"],
    }  # fmt: skip
    odd = client.post(
        f"{API}/workshops/{room.workshop.id}/administrations/pre/sheets",
        json={"typed": room.cards[1].card.number + "B-EA"},
        headers=bearer_of(house, amal),
    )
    assert odd.json()["item"] == "1.3"


def test_a_phone_that_never_reconnects_carries_its_rows(
    client: TestClient, house: House, amal: StaffPerson, a_room: MakeRoom
) -> None:
    room = a_room(1)
    a_program(client, room.cards[0]).start()
    (row,) = rows(house, "SELECT administration_id, form_id FROM sittings")
    with house.unit(writes=False) as work:
        items = banks.require_content(work, row["form_id"]).items.values()
    code = encode(
        [ItemShape(each.kind, len(each.options), len(each.rows)) for each in items],
        card=room.cards[0].card.number,
        form=row["administration_id"],
        revision=9,
        answers=[frozenset({"1a", "4c"}), frozenset({"dk"}), None, frozenset("b")],
    )
    told: dict[str, Any] = client.post(
        f"{API}/workshops/{room.workshop.id}/rescues",
        json={"typed": code.text},
        headers=bearer_of(house, amal),
    ).json()
    assert told["answered_count"] == 3
    assert {item: options for item, (options, _) in stored(house).items()} == {
        "1": ["1a", "4c"], "2": ["dk"], "4": ["b"],
    }  # fmt: skip


def test_the_admin_sees_the_right_column_of_every_row(
    client: TestClient, house: House, admin: StaffPerson, a_room: MakeRoom
) -> None:
    room = a_room(1)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, admin)
    page = browser.get(f"/admin/forms/{room.workshop.form_id}").main
    for row in form_rows(house, room):
        (placing,) = (each for each in right(house, room, "1") if each[0] == row["ref"])
        assert f"{row['text']} ✓{placing} {row[placing[1]]}" in page
