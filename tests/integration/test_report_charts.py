"""What a report draws: quarters, latest workshops, topics, opinions; and each drawing as a file."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.feedback.tables import QuestionnaireRound, Sheet
from app.web.house import House
from app.workshops.schemas import Audience, WorkshopRecord
from tests.fixtures.final_rooms import a_final_workshop, a_pair, people, release
from tests.fixtures.house import bearer_of
from tests.fixtures.loop import API, rows
from tests.fixtures.reports import NOTHING, facts_in_api, make_rooms
from tests.integration.test_one_report import Reading

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script> & <b> x'


def answer_sheets(
    house: House, workshop: WorkshopRecord, sheets: Iterable[dict[str, str]], state: str = "closed"
) -> None:
    """A round of the questionnaire with these sheets: question -> choice."""
    with house.unit(writes=True) as work:
        form_id = str(workshop.questionnaire_form_id)
        work.db.add(QuestionnaireRound(
            workshop_id=workshop.id, form_id=form_id, state=state, opened_at=work.now,
        ))  # fmt: skip
        work.db.flush()
        for number, said in enumerate(sheets):
            work.db.add(Sheet(
                id=f"{workshop.id[:20]}-{number}", workshop_id=workshop.id, form_id=form_id,
                answers=json.dumps({item: [option, None] for item, option in said.items()}),
            ))  # fmt: skip


def of_choices(item: str, choices: str) -> list[dict[str, str]]:
    """A sheet for each letter; a space left the question blank."""
    return [{item: each} if each != " " else {} for each in choices]


def a_room(house: House, by: StaffPerson, n: int = 12, **wanted: Any) -> WorkshopRecord:
    return a_final_workshop(house, by, people(n), **({"audience": Audience.NGO} | wanted))


def table_of(told: Any, code: str) -> Any:
    return next(
        (table for each in told["sections"] for table in each["tables"] if table["code"] == code),
        None,
    )


def codes_of(told: Any, table: str) -> list[str]:
    return [row["code"] for row in table_of(told, table)["rows"]]


def notes_of(told: Any, section: str) -> dict[str, str]:
    (found,) = (each for each in told["sections"] if each["code"] == section)
    return {note["code"]: note["text"] for note in found["notes"]}


def test_each_quarter_is_told_as_the_report_of_that_quarter_tells_it(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    reading = Reading(client, house, dina)
    told = reading.everywhere("")
    whole = facts_in_api(told)
    quarters = codes_of(told, "trend")
    assert quarters == sorted(quarters)
    assert len(quarters) > 2
    paired = 0
    for quarter in quarters:
        own = facts_in_api(reading.everywhere(f"?period={quarter}"))
        for name in ("workshops", "paired", "pre_percent", "post_percent", "gain_pp",
                     "pooled_gain_pp"):  # fmt: skip
            assert whole["trend", quarter, name] == own["numbers", "", name], (quarter, name)
        paired += int(whole["trend", quarter, "paired"][0] or 0)
    # What is in no quarter is a bundle of ten people at least, or nothing.
    left = int(whole["numbers", "", "paired"][0] or 0) - paired
    assert left == 0 or left >= 10


def test_one_quarter_is_no_trend(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    told = Reading(client, house, dina).everywhere("?period=2026-2")
    assert table_of(told, "trend") is None


def test_the_thirty_latest_workshops_stand_one_by_one_and_all_others_are_one_row(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    held = []
    for number in range(33):
        pairs = [a_pair(2, 4 + number % 2 + k % 2) for k in range(10)]
        held.append(a_final_workshop(
            house, amal, pairs, title=f"Synthetic {number}", audience=Audience.NGO,
            ends_on=date(2026, 7, 2) + timedelta(days=number),
        ))  # fmt: skip
    a_room(house, amal, 6, ends_on=date(2026, 7, 1))
    a_room(house, amal, 5, ends_on=date(2026, 7, 1))
    release(house)
    told = Reading(client, house, dina).everywhere("")
    assert codes_of(told, "latest") == [*(each.id for each in held[3:]), ""]
    facts = facts_in_api(told)
    # Three older workshops of ten and the bundle of two small ones.
    assert facts["latest", "", "workshops"][0] == "5"
    assert facts["latest", "", "paired"][0] == "41"
    # (4 + 5) / 2, (5 + 6) / 2, (4 + 5) / 2 points of ten; the small rooms gain 2 or 3.
    older = 10 * 4.5 + 10 * 5.5 + 10 * 4.5
    small = sum(2 + k % 4 + 2 + k % 2 for n in (6, 5) for k in range(n))
    assert facts["latest", "", "post_percent"][0] == f"{10 * (older + small) / 41:.0f}"
    (chart,) = (
        each for section in told["sections"] for each in section["charts"]
        if each["code"] == "latest"
    )  # fmt: skip
    assert len(chart["arrows"]) == 31


def test_a_topic_is_the_average_of_its_questions_and_a_limit_where_one_of_them_is(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    a_final_workshop(house, amal, [a_pair(5, 10)] * 12, audience=Audience.NGO)
    a_final_workshop(house, amal, [a_pair(4, 10)] * 12, audience=Audience.NGO)
    release(house)
    told = Reading(client, house, dina).everywhere("")
    facts = facts_in_api(told)
    shares = {
        row["item"]: ((row["retained"] + row["lost"]) / 24, (row["retained"] + row["learned"]) / 24)
        for row in rows(house, "SELECT item, SUM(retained) AS retained, SUM(lost) AS lost, "
                        "SUM(learned) AS learned FROM released_items GROUP BY item")
    }  # fmt: skip
    assert {after for _, after in shares.values()} == {1.0}
    for row in table_of(told, "pooled_topics")["rows"]:
        items = row["name"].rpartition("(")[2].rstrip(")").split(", ")
        before = [shares[each][0] for each in items]
        is_exact = all(0.1 < each < 0.9 for each in before)
        printed = facts["pooled_topics", row["code"], "right_before_percent"]
        if is_exact:
            assert printed[0] == f"{100 * sum(before) / len(before):.0f}"
        # All 24 right: with 20 to 39 people that is told as at least 90 percent.
        after = facts["pooled_topics", row["code"], "right_after_percent"]
        assert after == ("90", None, None, "at_least")
        assert facts["pooled_topics", row["code"], "topic_change_pp"] == NOTHING
    drawn = [chart["code"] for each in told["sections"] for chart in each["charts"]]
    assert "pooled_topics" not in drawn


def test_opinions_are_counted_over_closed_questionnaires_of_ten_sheets_most_agreed_first(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    first, second, few, still_open = (a_room(house, amal) for _ in range(4))
    release(house)
    answers = [
        one | two
        for one, two in zip(of_choices("1", "eeeeddcbba  "), of_choices("2", "eeeeeddddcba"),
                            strict=True)
    ]  # fmt: skip
    answer_sheets(house, first, answers)
    answer_sheets(house, second, of_choices("2", "e" * 10))
    answer_sheets(house, few, of_choices("1", "a" * 9))
    answer_sheets(house, still_open, of_choices("1", "a" * 12), state="open")
    told = Reading(client, house, dina).everywhere("")
    facts = facts_in_api(told)
    assert codes_of(told, "opinions")[:2] == ["2", "1"]
    assert facts["opinions", "1", "agreed_percent"][:1] == ("60",)  # 6 of 10; 12 and 10 sheets
    assert [facts["opinions", "1", f"chose_{place}"][0] for place in range(1, 6)] == [
        "1", "2", "1", "2", "4",
    ]  # fmt: skip
    assert facts["opinions", "1", "sheets_answered"][0] == "10"
    assert facts["opinions", "1", "sheets_blank"][0] == "12"
    assert facts["opinions", "1", "disagreed_percent"][0] == "30"
    # 19 of 22; Wilson's interval by hand.
    assert facts["opinions", "2", "agreed_percent"] == ("86", "67", "95", None)
    assert facts["opinions", "3", "agreed_percent"] == NOTHING
    notes = notes_of(told, "opinions")
    assert "few_sheets" in notes
    assert "22" in notes["sheets"]


def test_nothing_is_counted_from_few_sheets_or_before_the_closing_and_the_page_says_so(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    few, still_open = (a_room(house, amal) for _ in range(2))
    release(house)
    answer_sheets(house, few, of_choices("1", "a" * 9))
    answer_sheets(house, still_open, of_choices("1", "a" * 12), state="open")
    told = Reading(client, house, dina).everywhere("")
    assert table_of(told, "opinions") is None
    assert "when it is closed" in notes_of(told, "opinions")["no_sheets"]


def files_of(
    client: TestClient, house: House, dina: StaffPerson, chart: str, query: str = ""
) -> Sequence[Any]:
    headers = bearer_of(house, dina)
    return [
        client.get(f"{API}/reports/pooled/charts/{chart}.{kind}{query}", headers=headers)
        for kind in ("svg", "csv")
    ]


def test_every_drawing_is_a_picture_and_numbers_with_their_source_and_day_inside(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    room = a_room(house, amal, title=HOSTILE, ends_on=date(2026, 9, 2))
    release(house)
    answer_sheets(house, room, of_choices("1", "eeeeddcbba  "))
    headers = bearer_of(house, dina)
    for language in ("en", "ur"):
        told = client.get(f"{API}/reports/pooled?language={language}", headers=headers).json()
        labels = dict(told["labels"])
        charts = {each["code"] for section in told["sections"] for each in section["charts"]}
        assert {"numbers", "trend", "latest", "pooled_topics", "opinions"} == charts
        for code in sorted(charts):
            picture, table = files_of(client, house, dina, code, f"?language={language}")
            assert picture.headers["content-type"] == "image/svg+xml"
            name = f'filename="tafawut-{told["id"]}-{code}-{language}.svg"'
            assert name in picture.headers["content-disposition"]
            root = ElementTree.fromstring(picture.content)
            assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
                "svg", "title", "desc", "rect", "text", "g", "line", "circle", "path",
            }  # fmt: skip
            words = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
            assert told["id"] in words
            assert labels["source"] in words
            assert "2026" in words
            lines = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
            facts = facts_in_api(told)
            found = {
                (line["table"], line["row"], line["measure"]): line["value"] or None
                for line in lines
            }
            assert found == {key: each[0] for key, each in facts.items() if key[0] == code}
            assert all(told["id"] in line["source"] for line in lines)
            described = root.findtext(f"{SVG}desc") or ""
            for section in told["sections"]:
                for chart in section["charts"]:
                    if chart["code"] == code:
                        assert all(f"{each['before']}%" in described for each in chart["arrows"])
                        assert all(f"{each['agreed']}%" in described for each in chart["bars"])
    (picture, _) = files_of(client, house, dina, "latest")
    assert b"<script" not in picture.content
    assert "alert(1)" in picture.text


def test_a_drawing_that_the_report_lacks_is_not_found_and_a_foreign_kind_is_refused(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    assert [each.status_code for each in files_of(client, house, dina, "nothing")] == [404, 404]
    assert [each.status_code for each in files_of(client, house, dina, "latest", "?by=sex")] == [
        404, 404,
    ]  # fmt: skip
    refused = client.get(f"{API}/reports/pooled/charts/numbers.exe", headers=bearer_of(house, dina))
    assert refused.status_code == 422
