"""A workshop's results in detail: page, API and files say the same, and no more than each may."""

import csv
import io
import re
from typing import Any
from xml.etree.ElementTree import tostring

from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.participants import service as participants
from app.participants.schemas import Profile, Sex
from app.web.house import House
from app.workshops.schemas import Audience
from tests.fixtures.house import Room, a_staff_member, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import API, join, rows, run_workshop
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of

SVG = "{http://www.w3.org/2000/svg}"


def a_room(house: House, amal: StaffPerson, people: int, *, women: int = 0) -> Room:
    """Everybody gets better by two to four points of ten; the first ones are women."""
    room = a_workshop(house, amal, people, audience=Audience.NGO)
    for person in range(people if women else 0):
        phone = join(house, room, person)
        sex = Sex.WOMAN if person < women else Sex.MAN
        with house.unit(writes=True) as work:
            participants.save_profile(work, phone, Profile(sex=sex), house.on_profiled)
    run_workshop(house, room, amal, [(2 + n % 4, 4 + (3 * n) % 6) for n in range(people)])
    return room


def browse(client: TestClient, house: House, staff: StaffPerson, path: str) -> Page:
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, staff)
    return browser.get(path)


def ask(client: TestClient, house: House, staff: StaffPerson, path: str) -> Any:
    answer = client.get(f"{API}{path}", headers=bearer_of(house, staff))
    assert answer.status_code == 200, answer.text
    return answer.json()


def read_file(
    client: TestClient, house: House, staff: StaffPerson, path: str
) -> list[dict[str, str]]:
    answer = client.get(f"{API}{path}", headers=bearer_of(house, staff))
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def printed(figure: dict[str, Any], *, unit: str = "", has_sign: bool = False) -> str:
    """A figure of the API as a page prints it."""
    if figure["value"] is None:
        return "–"
    value = figure["value"]
    sign = {"at_most": "≤ ", "at_least": "≥ ", None: ""}[figure["extreme"]]
    if has_sign:
        number = float(value)
        value = f"{'+' if number > 0 else '−' if number < 0 else ''}{value.removeprefix('-')}"
    return f"{sign}{value}{unit}"


def in_file(figure: dict[str, Any]) -> str:
    sign = {"at_most": "<=", "at_least": ">=", None: ""}[figure["extreme"]]
    return "" if figure["value"] is None else f"{sign}{figure['value']}"


def rows_of(page: Page, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, "(why)" of a dash left out."""
    (table,) = (
        each for each in page.find("table") if words_of(next(each.iter("caption"))) == heading
    )
    return [
        [words_of(cell).partition(" (")[0] for cell in row.iter("td")]
        for row in table.iter("tr")
        if row.find("td") is not None
    ]


def test_each_question_has_the_same_digits_on_page_in_api_and_in_the_file(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    room = a_room(house, amal, 21)
    team = f"/workshops/{room.workshop.id}/gains"
    outside = f"/reports/workshops/{room.workshop.id}"
    for staff, address, api, folder in (
        (amal, f"/trainer/workshops/{room.workshop.id}/results", f"{team}/details", team),
        (dina, f"/evaluator/workshops/{room.workshop.id}", outside, outside),
    ):
        told = ask(client, house, staff, api)
        lines = read_file(client, house, staff, f"{folder}/items.csv")
        shown = rows_of(browse(client, house, staff, address), "By question")
        assert len(told["items"]) == len(lines) == len(shown) == 10
        for item, line, cells in zip(told["items"], lines, shown, strict=True):
            counts = [item[name] for name in ("retained", "learned", "lost", "not_learned")]
            known = [] if staff is dina else [str(each) for each in counts]
            assert counts == [None] * 4 or sum(counts) == 21
            wanted = [
                *known,
                printed(item["right_before"], unit="%"),
                printed(item["right_after"], unit="%"),
            ]
            assert cells[: len(wanted)] == wanted
            assert cells[len(wanted)].startswith(printed(item["change"], has_sign=True))
            assert line["right_before_percent"] == in_file(item["right_before"])
            assert line["change_pp"] == in_file(item["change"])
            assert line["do_not_know_after_percent"] == in_file(item["do_not_know_after"])
            assert line["learned"] == ("" if staff is dina else str(item["learned"]))


def test_topics_have_the_same_digits_on_page_and_in_api(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 12)
    told = ask(client, house, amal, f"/workshops/{room.workshop.id}/gains/details")
    page = browse(client, house, amal, f"/trainer/workshops/{room.workshop.id}/results")
    shown = rows_of(page, "By topic")
    assert len(shown) == len(told["objectives"]) > 1
    for row, cells in zip(told["objectives"], shown, strict=True):
        figures = row["figures"]
        assert cells[0] == "12"
        assert cells[2] == printed(figures["gain_pp"], has_sign=True)
        low, high = (printed(figures[f"gain_pp_{end}"], has_sign=True) for end in ("low", "high"))
        assert cells[3] == (f"{low} … {high}" if low != "–" else "–")


def test_beliefs_are_sentences_for_the_team_and_shares_outside(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    room = a_room(house, amal, 12)
    told = ask(client, house, amal, f"/workshops/{room.workshop.id}/gains/details")
    first = told["beliefs"][0]
    team = browse(client, house, amal, f"/trainer/workshops/{room.workshop.id}/results").main
    for row in told["beliefs"]:
        said = "thought" if len(row["items"]) == 1 else "answers said"
        if row["asked"]:
            assert f"{row['before']} of {row['asked']} {said}: {row['belief']['en']}" in team
    assert {len(row["items"]) for row in told["beliefs"]} >= {1, 2}
    outside = browse(client, house, dina, f"/evaluator/workshops/{room.workshop.id}").main
    assert " thought:" not in outside
    assert f"{first['belief']['en']}: " in outside


def test_a_belief_that_nobody_held_is_no_finding(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=12, audience=Audience.NGO)
    run_workshop(house, room, amal, [(3, 6)] * 12)  # right, or "I do not know"
    main = browse(client, house, amal, f"/trainer/workshops/{room.workshop.id}/results").main
    assert "Nobody chose an answer with a mistaken belief behind it, before or after." in main
    before_the_fold = main.split("All ")[0]
    assert " thought:" not in before_the_fold
    assert " answers said:" not in before_the_fold
    assert " of 12 thought:" in main
    assert "any more" not in main


def test_groups_are_told_from_ten_pairs_and_the_small_one_hides_the_next(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    for women, told_words in ((11, {"Women": "11", "Men": "12"}), (4, {})):
        room = a_room(house, amal, 23, women=women)
        told = ask(client, house, amal, f"/workshops/{room.workshop.id}/gains/details")
        (table,) = (each for each in told["facets"] if each["facet"] == "sex")
        sizes = {row["value"]: row["figures"] and row["figures"]["paired"] for row in table["rows"]}
        lines = read_file(client, house, amal, f"/workshops/{room.workshop.id}/gains/groups.csv")
        in_lines = {line["value"]: line["paired"] for line in lines if line["facet"] == "sex"}
        page = browse(client, house, amal, f"/trainer/workshops/{room.workshop.id}/results")
        if told_words:
            assert sizes == {"woman": 11, "man": 12}
            assert in_lines == {"woman": "11", "man": "12"}
            shown = rows_of(page, "Women and men")
            assert [cells[0] for cells in shown] == ["12", "11"]
            gains = [row["figures"]["gain_pp"] for row in table["rows"]]
            assert [cells[2] for cells in shown] == [printed(each, has_sign=True) for each in gains]
        else:
            assert sizes == {"woman": None, "man": None}
            assert in_lines == {"woman": "", "man": ""}
            assert "No group is shown: with so few people" in page.main


def test_nothing_of_a_small_room_is_told_outside_and_no_detail_inside(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    room = a_room(house, amal, 9)
    path = f"/evaluator/workshops/{room.workshop.id}"
    page = browse(client, house, dina, path)
    assert page.heading == "Too few people to show anything"
    assert page.find("table") != []
    told = ask(client, house, dina, f"/reports/workshops/{room.workshop.id}")
    assert (told["room"], told["items"], told["beliefs"], told["facets"]) == (None, [], [], [])
    assert told["unsaid"] == told["attrition"]["completion_percent"]["unsaid"] == "withheld"
    assert read_file(client, house, dina, f"/reports/workshops/{room.workshop.id}/items.csv") == []
    inside = browse(client, house, amal, f"/trainer/workshops/{room.workshop.id}/results")
    assert "By question" not in inside.main


def test_an_evaluator_of_another_organisation_finds_nothing(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, 2)
    foreign = a_staff_member(house, "elsewhere", Role.EVALUATOR, organisation="Elsewhere")
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, foreign)
    browser.get(f"/evaluator/workshops/{room.workshop.id}", status=404)
    for table in ("", "/items.csv", "/groups.csv"):
        path = f"{API}/reports/workshops/{room.workshop.id}{table}"
        assert client.get(path, headers=bearer_of(house, foreign)).status_code == 404


def test_a_download_is_logged_and_an_unknown_table_is_refused(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 10)
    browser = another_browser(client)
    sign_in(browser, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}/results"
    answer = browser.get(f"{path}/groups.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="tafawut-groups.csv"'
    assert browser.get(f"{path}/people.csv").status_code in (404, 422)
    logged = rows(house, "SELECT verb FROM audit_events WHERE verb = 'export_results'")
    assert len(logged) == 1


def test_arrows_of_pairs_say_nothing_but_the_two_scores(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    room = a_workshop(house, amal, 11, audience=Audience.NGO)
    for person in range(11):
        phone = join(house, room, person)
        with house.unit(writes=True) as work:
            participants.save_profile(work, phone, Profile(sex=Sex.WOMAN), house.on_profiled)
    # Two are quite alike; the last came to the post-test alone.
    run_workshop(
        house, room, amal, [(4, 6), (4, 6), *((n, n + 3) for n in range(7)), (8, 3), (2, 2)]
    )
    path = f"/trainer/workshops/{room.workshop.id}/results"
    page = browse(client, house, amal, path)
    (chart,) = page.find(f"{SVG}svg", **{"class": "pairs"})
    arrows = [each for each in chart if each.tag == f"{SVG}svg"]
    drawn = [
        (float(next(each.iter(f"{SVG}circle")).get("cx", "").rstrip("%")), each.get("class"))
        for each in arrows
    ]
    starts = [0, 10, 20, 20, 30, 40, 40, 40, 50, 60, 80]
    assert [place for place, _ in drawn] == starts
    assert drawn[-1] == (80, "pair fell")
    told = ask(client, house, amal, f"/workshops/{room.workshop.id}/gains/details")["pair_arrows"]
    assert [float(each["before"]) for each in told["arrows"]] == starts
    assert told["arrows"][-1] == {"before": "80.0", "after": "30.0", "way": "fell"}
    outside = ask(client, house, dina, f"/reports/workshops/{room.workshop.id}")["pair_arrows"]
    assert outside == {"arrows": [], "unsaid": "withheld"}
    # Nothing tells one from its equal but the place below each other; no word, number or card.
    inside = [tostring(each, encoding="unicode") for each in arrows]
    plain = [re.sub(r' y="\d+"', "", each, count=1) for each in inside]
    assert len(set(plain)) == 10
    assert {name for each in chart.iter() for name in each.attrib} <= {
        "class", "direction", "height", "role", "aria-label", "x", "x1", "x2", "y", "y2", "cx", "r",
        "d", "transform", "overflow",
    }  # fmt: skip
    assert "".join("".join(each.itertext()) for each in arrows).strip() == ""
    section = chart.get("aria-label", "")
    assert section == "Arrows: 11. Higher after: 9. Same: 1. Lower: 1."
    for printed_card in room.cards:
        assert printed_card.card.number not in tostring(chart, encoding="unicode")
    assert not browse(client, house, dina, f"/evaluator/workshops/{room.workshop.id}").find(
        f"{SVG}svg", **{"class": "pairs"}
    )


def test_below_ten_pairs_there_is_a_sentence_in_place_of_the_arrows(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 9)
    page = browse(client, house, amal, f"/trainer/workshops/{room.workshop.id}/results")
    assert not page.find(f"{SVG}svg", **{"class": "pairs"})
    assert "Arrows of single pairs are drawn from 10 pairs on" in page.main


def test_a_fall_has_the_same_minus_everywhere(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=12, audience=Audience.NGO)
    run_workshop(house, room, amal, [(8 - k % 3, 4 - k % 2) for k in range(12)])
    main = browse(client, house, amal, f"/trainer/workshops/{room.workshop.id}/results").main
    # By hand: 7.0 of 10 before, 3.5 after; (3.5 - 7) / (10 - 7) = -1.17.
    assert re.search(r"Part of what could still be gained: −1.17 \(", main)
    assert not re.search(r"[^\w]-\d", main)
