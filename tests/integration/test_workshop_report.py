"""One workshop's report as PDF: the page's and the API's numbers, and no more than each may see."""

import json
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.gains import service as gains
from app.gains.schemas import Audience as Reader
from app.reports import service as reports
from app.reports.as_csv import as_csv, dictionary_as_csv
from app.reports.as_json import as_json
from app.reports.as_xlsx import as_xlsx
from app.reports.document import ReportDocument
from app.web.house import House
from app.web.pooled import wording_of
from app.workshops import service as workshops
from app.workshops.schemas import Audience, Occasion, WorkshopRecord
from tests.fixtures.house import (
    FakeClock,
    a_staff_member,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import API, rows, take
from tests.fixtures.page_client import Page, PageClient, another_browser
from tests.fixtures.prints import words_of
from tests.fixtures.reports import (
    NOTHING,
    Key,
    Told,
    facts_in_api,
    facts_in_csv,
    facts_in_xlsx,
    hold_founding_workshops,
    is_inside,
    numbers_on_paper,
    read_cell,
)
from tests.fixtures.workshop_reports import as_told, in_api
from tests.integration.test_results_pages import a_room, ask, browse, rows_of

FIRST = ("gain", "topics", "counted")


def the_document(
    house: House, workshop: WorkshopRecord, reader: Reader, language: str = "en"
) -> ReportDocument:
    with house.unit(writes=False) as work:
        return reports.build_workshop_report(
            work,
            workshop,
            reader,
            wording_of(house, language),
            threshold=house.settings.outside_threshold,
            late=house.late,
        )


def pdf_of(client: TestClient, house: House, staff: StaffPerson, path: str) -> bytes:
    answer = client.get(f"{API}{path}", headers=bearer_of(house, staff))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def assert_on_page(page: Page, document: ReportDocument, facts: dict[Key, Told]) -> None:
    """The title and every table that the page has in common with the report."""
    assert page.heading == document.title.translate({0x2066: None, 0x2069: None})
    questions = document.get_table("questions")
    assert questions is not None
    measures = [each.measure for each in questions.columns]
    shown = rows_of(page, "By question")
    for row, cells in zip(questions.rows, shown, strict=True):
        for measure, cell in zip(measures[:-1], cells, strict=False):
            assert read_cell(cell) == facts["questions", row.code, measure]
    for table, caption in (("topics", "By topic"), ("facet_sex", "Women and men")):
        known = document.get_table(table)
        for row, cells in zip(known.rows, rows_of(page, caption), strict=True) if known else ():
            gain, low, high, _ = facts[table, row.code, "room_gain_pp"]
            assert read_cell(cells[0]) == facts[table, row.code, "paired"]
            assert read_cell(cells[2]) == as_told(gain)
            assert low is None or cells[3].startswith(f"{signed(low)} … {signed(high)}")
    counted = [cells[0] for cells in rows_of(page, "Who is counted")]
    names = ("registered", "pre", "post", "paired")
    assert [read_cell(each) for each in counted] == [facts["counted", "", each] for each in names]
    numbers = rows_of(page, "The gain in numbers")
    found = [read_cell(cell)[0] for cells in numbers[:3] for cell in cells]
    names = ("pre_percent", "pre_points", "post_percent", "post_points", "room_gain_pp",
             "gain_points")  # fmt: skip
    assert found == [facts["numbers", "", each][0] for each in names]


def signed(digits: str | None) -> str:
    number = float(digits or 0)
    sign = "−" if number < 0 else "+" if number > 0 else ""
    return f"{sign}{(digits or '').removeprefix('-')}"


def opinions_in(said: dict[Key, Told]) -> list[tuple[object, ...]]:
    """Each question's answers, blanks and counts, in the order of the questions."""
    items = sorted({key[1] for key in said}, key=int)
    names = ("sheets_answered", "sheets_blank", *(f"chose_{place}" for place in range(1, 6)))
    return [
        (item, *(int(said["opinions", item, name][0] or 0) for name in names)) for item in items
    ]


def assert_same_everywhere(
    client: TestClient, house: House, staff: StaffPerson, workshop: WorkshopRecord, gain: Any
) -> ReportDocument:
    """The report is the API's answers and the page's tables, and its PDF prints it."""
    reader = Reader.TEAM if staff.role is Role.TRAINER else Reader.OUTSIDE
    team, outside = f"/workshops/{workshop.id}/gains", f"/reports/workshops/{workshop.id}"
    details, folder, page = {
        Reader.TEAM: (f"{team}/details", team, f"/trainer/workshops/{workshop.id}/results"),
        Reader.OUTSIDE: (outside, outside, f"/evaluator/workshops/{workshop.id}"),
    }[reader]
    document = the_document(house, workshop, reader)
    told = json.loads(as_json(document))
    facts = facts_in_api(told)
    beliefs = document.get_table("beliefs")
    names = {each.code: each.name for each in beliefs.rows} if beliefs else {}
    by_name = {
        (table, names.get(row, row) if table == "beliefs" else row, measure): each
        for (table, row, measure), each in facts.items()
    }
    is_team = reader is Reader.TEAM
    said = {key: by_name.pop(key) for key in list(by_name) if key[0] == "opinions"}
    if is_team:
        counts = ask(client, house, staff, f"/workshops/{workshop.id}/questionnaire")
        assert opinions_in(said) == [
            (each["item"], each["answered"], each["blank"], *each["counts"].values())
            for each in counts["questions"]
            if each["counts"]
        ]
    assert by_name == in_api(gain, ask(client, house, staff, details), is_team=is_team)
    assert_on_page(browse(client, house, staff, page), document, facts)
    words = " ".join(words_of(pdf_of(client, house, staff, f"{folder}/report.pdf")))
    assert document.id in words
    assert is_inside(numbers_on_paper(told, FIRST), iter(words.split()))
    assert facts_in_csv(as_csv(document)) == facts
    assert facts_in_xlsx(as_xlsx(document), told) == facts
    measures = {key[2] for key in facts}
    assert measures <= set(dictionary_as_csv(document).decode().replace("\r\n", ",").split(","))
    return document


def test_every_number_of_the_report_is_the_pages_and_the_apis_and_stands_in_the_pdf(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    room = a_room(house, amal, 24, women=12)
    team = ask(client, house, amal, f"/workshops/{room.workshop.id}/gains")
    document = assert_same_everywhere(client, house, amal, room.workshop, team)
    assert document.get_table("facet_sex")
    assert document.get_table("differences_sex")
    (row,) = ask(client, house, dina, "/reports/gains")["rows"]
    document = assert_same_everywhere(client, house, dina, room.workshop, row["gain"])
    assert not [each for each in document.tables if each.code.startswith(("facet", "diff", "cri"))]


def test_a_real_room_with_leavers_wrong_beliefs_and_tests_on_paper_is_told_alike(
    client: TestClient, house: House
) -> None:
    evaluator = hold_founding_workshops(house)
    found = ask(client, house, evaluator, "/reports/gains")["rows"]
    codes: set[str] = set()
    for row in found[:2]:
        with house.unit(writes=False) as work:
            workshop = workshops.require_workshop(work, row["workshop"]["id"])
            staff = accounts.find_staff(work, evaluator.organisation_id)
        (trainer,) = (each for each in staff if each.id == workshop.owner_id)
        team = ask(client, house, trainer, f"/workshops/{workshop.id}/gains")
        for reader, gain in ((trainer, team), (evaluator, row["gain"])):
            document = assert_same_everywhere(client, house, reader, workshop, gain)
            codes |= {each.code for each in document.tables}
    assert {"beliefs", "crimes_before", "crimes_after", "questions_annex"} <= codes


@pytest.mark.parametrize("people", [3, 7])
def test_of_a_small_room_the_pdf_tells_outside_no_more_than_the_page(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, people: int
) -> None:
    room = a_room(house, amal, people)
    document = the_document(house, room.workshop, Reader.OUTSIDE)
    facts = facts_in_api(json.loads(as_json(document)))
    told = {key[2]: fact[0] for key, fact in facts.items() if fact != NOTHING}
    assert told == {"registered": str(people)}
    assert {each.code for each in document.sections} == {"gain", "counted"}
    assert not any(each.charts for each in document.sections)
    assert document.sentence == ""
    assert {code for code, _ in document.reasons} == {"withheld"}
    page = browse(client, house, dina, f"/evaluator/workshops/{room.workshop.id}")
    assert page.heading == document.title
    # Nothing of how the tests were given either: the page says nothing of it.
    from_records = {"same_items", "days_between", "list_seen", "shown_items", "no_flagged"}
    assert not from_records & {each.code for each in document.method}
    path = f"/reports/workshops/{room.workshop.id}/report.pdf"
    (words,) = words_of(pdf_of(client, house, dina, path))
    assert f"Registered {people} " in words
    assert "Took both –" in words
    assert "Do not pass it on" not in words


def test_the_teams_pdf_of_three_people_has_counts_and_no_average(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 3)
    document = the_document(house, room.workshop, Reader.TEAM)
    assert document.title == "Too few people for an average"
    facts = facts_in_api(json.loads(as_json(document)))
    told = {key[2]: fact[0] for key, fact in facts.items() if fact != NOTHING}
    assert told == dict.fromkeys(("registered", "pre", "post", "paired"), "3")
    words = " ".join(words_of(
        pdf_of(client, house, amal, f"/workshops/{room.workshop.id}/gains/report.pdf")
    ))  # fmt: skip
    assert "Averages are shown from 5 people" in words
    assert "Do not pass it on" in words


def test_both_pages_offer_the_pdf_in_the_readers_language_and_it_is_logged(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    room = a_room(house, amal, 10)
    told = []
    for staff, page, file, reader in (
        (amal, f"/trainer/workshops/{room.workshop.id}/results", "results/report.pdf", Reader.TEAM),
        (dina, f"/evaluator/workshops/{room.workshop.id}", "report.pdf", Reader.OUTSIDE),
    ):
        for language in ("en", "ur"):
            browser = PageClient(another_browser(client), house, language)
            sign_in(browser.client, house, staff)
            links = [each.get("href", "") for each in browser.get(page).find("a")]
            (link,) = (each for each in links if each.endswith(".pdf"))
            assert link == f"{page.removesuffix('/results')}/{file}"
            answer = browser.client.get(link)
            document = the_document(house, room.workshop, reader, language)
            name = f'attachment; filename="tafawut-{document.id}-{language}.pdf"'
            assert answer.headers["content-disposition"] == name
            assert document.id in " ".join(words_of(answer.content))
            told.append(document.id)
    assert told[0] == told[1] != told[2] == told[3]
    logged = rows(
        house, "SELECT object_id, facts FROM audit_events WHERE verb = 'export_results' ORDER BY id"
    )
    assert [each["object_id"] for each in logged] == [room.workshop.id] * 4
    assert all(own in str(each["facts"]) for own, each in zip(told, logged, strict=True))


def test_the_report_says_what_was_on_the_wall_and_who_looked_at_the_list(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, 12, audience=Audience.NGO)
    look = f"{API}/workshops/{room.workshop.id}/gains/teach-first"
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [4] * 12)
    close_test(house, room, Occasion.PRE, amal)
    client.get(look, headers=bearer_of(house, amal))
    with house.unit(writes=True) as work:
        assert gains.show_item(work, room.workshop, "2", by=amal)
    clock.advance(timedelta(days=2))
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [5, 6, 7] * 4)
    close_test(house, room, Occasion.POST, amal)
    document = the_document(house, room.workshop, Reader.OUTSIDE)
    notes = {each.code: dict(each.facts) for each in document.method}
    assert notes["list_seen"] == {"seen": "True"}
    assert notes["shown_items"] == {"items": "2"}
    assert notes["days_between"] == {"days": "2"}
    assert notes["same_items"] == {"same": "True"}
    assert {"law_review", "language_review", "comparison"} <= set(notes)


def test_looking_at_the_list_after_the_closing_taught_nobody(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_room(house, amal, 12)
    before = the_document(house, room.workshop, Reader.TEAM)
    notes = {each.code: each for each in before.method}
    assert notes["list_seen"].facts == (("seen", "False"),)
    assert notes["shown_items"].text.startswith("No question was on the wall")
    clock.advance(timedelta(minutes=1))
    look = f"{API}/workshops/{room.workshop.id}/gains/teach-first"
    assert client.get(look, headers=bearer_of(house, amal)).status_code == 200
    assert the_document(house, room.workshop, Reader.TEAM).id == before.id


def test_a_foreign_workshop_has_no_report(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 5)
    for role, path in (
        (Role.EVALUATOR, f"/reports/workshops/{room.workshop.id}/report.pdf"),
        (Role.TRAINER, f"/workshops/{room.workshop.id}/gains/report.pdf"),
    ):
        foreign = a_staff_member(house, f"far-{role.value}", role, organisation="Elsewhere")
        answer = client.get(f"{API}{path}", headers=bearer_of(house, foreign))
        assert answer.status_code == 404
    assert rows(house, "SELECT 1 FROM audit_events WHERE verb = 'export_results'") == []
    refused = client.get(
        f"{API}/workshops/{room.workshop.id}/gains/report.pdf?language=xx",
        headers=bearer_of(house, amal),
    )
    assert refused.status_code == 422
