"""Several workshops together for evaluators: what can be chosen, and what is told of it."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.gains import service as gains
from app.web.house import House
from app.workshops.schemas import Audience, WorkshopRecord
from tests.fixtures.final_rooms import a_final_workshop, a_pair
from tests.fixtures.house import bearer_of, sign_in
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of

PAGE = "/evaluator/pooled"


def some(n: int, *, women: int = 0) -> list[Any]:
    return [a_pair(1 + k % 4, 4 + k % 5, "woman" if k < women else "man", "ngo") for k in range(n)]


@pytest.fixture
def held(house: House, amal: StaffPerson) -> list[WorkshopRecord]:
    """Three workshops in two provinces and quarters, one of them small, all released."""
    made = [
        a_final_workshop(house, amal, some(24, women=12), ends_on=date(2026, 5, 2)),
        a_final_workshop(house, amal, some(30, women=4), ends_on=date(2026, 8, 2)),
        a_final_workshop(house, amal, some(6), ends_on=date(2026, 8, 2), province="PK-PB"),
    ]
    with house.unit(writes=True) as work:
        gains.release_due(work, threshold=10)
    return made


@pytest.fixture
def dinas(client: TestClient, house: House, dina: StaffPerson) -> PageClient:
    """Dina's browser: she evaluates."""
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, dina)
    return browser


def ask(client: TestClient, house: House, staff: StaffPerson, query: str = "") -> Any:
    return client.get(f"{API}/reports/pooled{query}", headers=bearer_of(house, staff))


def facts_of(told: Any, table: str) -> dict[str, dict[str, Any]]:
    """A table's facts by row and measure."""
    (found,) = (
        each for section in told["sections"] for each in section["tables"] if each["code"] == table
    )
    return {row["code"]: {fact["measure"]: fact for fact in row["facts"]} for row in found["rows"]}


def cells_by_row(page: Page, caption: str) -> dict[str, list[str]]:
    """The cells of a table's rows by their head, "(why)" of a dash left out."""
    (table,) = (
        each for each in page.find("table") if words_of(next(each.iter("caption"))) == caption
    )
    found = {}
    for row in table.iter("tr"):
        head = row.find("th")
        if head is not None and head.get("scope") == "row":
            cells = [words_of(each).partition(" (")[0] for each in row.iter("td")]
            found[words_of(head)] = cells
    return found


def test_the_usual_choice_is_the_test_and_country_of_most_workshops(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson,
    held: list[WorkshopRecord],
) -> None:  # fmt: skip
    other = a_final_workshop(house, amal, some(12), audience=Audience.LEA_DATA)
    told = ask(client, house, dina).json()
    scope = told["scope"]
    form = next(
        each for each in rows(house, "SELECT * FROM forms") if each["id"] == held[0].form_id
    )
    assert (scope["form"], scope["form_hash"]) == (form["form_ref"], form["content_hash"])
    assert scope["country"] == "PK"
    assert {scope[name] for name in ("province", "year", "quarter", "programme")} == {None}
    assert scope["words"] == ["Pakistan", "All years", "All programmes"]
    offered = client.get(f"{API}/reports/choices", headers=bearer_of(house, dina)).json()
    assert offered["forms"] == [held[0].form_id, other.form_id]
    assert offered["provinces"] == ["PK-PB", "PK-SD"]
    assert offered["periods"] == ["2026-3", "2026-2", "2026"]
    assert facts_of(told, "numbers")[""]["paired"]["value"] == "54"


def test_a_quarter_a_province_and_a_breakdown_are_told_as_chosen(
    client: TestClient, house: House, dina: StaffPerson, held: list[WorkshopRecord]
) -> None:
    told = ask(client, house, dina, "?period=2026-2&province=pk-sd&by=sex").json()
    scope = told["scope"]
    assert (scope["year"], scope["quarter"]) == (2026, 2)
    assert (scope["province"], scope["breakdown"]) == ("PK-SD", "sex")
    assert scope["words"] == [
        "Sindh, Pakistan",
        "\u20662026\u2069, quarter \u20662\u2069",
        "All programmes",
    ]
    assert facts_of(told, "numbers")[""]["workshops"]["value"] == "1"
    assert {key: row["workshops"]["value"] for key, row in facts_of(told, "sex").items()} == {
        "woman": "1", "man": "1", "prefer_not_to_say": None, "not_said": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ("?form=somebody-elses", "form", "not_in_list"),
        ("?country=AF", "country", "not_in_list"),
        ("?province=PK-KP", "province", "not_in_list"),
        ("?period=2026-1", "period", "not_in_list"),
        ("?programme=other", "programme", "not_in_list"),
        ("?by=person", "by", "not_in_list"),
        ("?by=province&province=PK-SD", "by", "one_province"),
    ],
)
def test_what_is_not_offered_is_refused_with_a_sentence(
    client: TestClient, house: House, dina: StaffPerson, dinas: PageClient,
    held: list[WorkshopRecord], query: str, field: str, reason: str,
) -> None:  # fmt: skip
    answer = ask(client, house, dina, query)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"]) == ("value_refused", field)
    assert answer.json()["reason"] == reason
    page = dinas.get(f"{PAGE}{query}", status=422)
    assert page.find("span", id=f"{field}-error")
    assert page.find("select", **{"id": field, "aria-describedby": f"{field}-error"})
    assert "–" not in page.main


def test_outside_the_team_what_is_withheld_is_a_dash_with_one_code_and_the_way_to_the_pooled_number(
    client: TestClient, house: House, dina: StaffPerson, dinas: PageClient,
    held: list[WorkshopRecord],
) -> None:  # fmt: skip
    query = "?province=PK-PB&by=sex"
    told = ask(client, house, dina, query).json()
    facts = [
        fact
        for table in ("numbers", "counted", "sex", "sex_annex")
        for row in facts_of(told, table).values()
        for fact in row.values()
    ]
    assert len(facts) > 40
    nothing = {"value": None, "low": None, "high": None, "limit": None, "unsaid": "withheld"}
    assert {json.dumps({name: fact[name] for name in nothing}) for fact in facts} == {
        json.dumps(nothing)
    }
    assert list(facts_of(told, "sex")) == ["woman", "man", "prefer_not_to_say", "not_said"]
    assert (told["finding"], told["sentence"]) == ("withheld", "")
    page = dinas.get(f"{PAGE}{query}")
    assert "Withheld: too few people in final workshops." in page.main
    assert cells_by_row(page, "Women and men")["Women"][:2] == ["–", "–"]
    wider = [
        each.get("href")
        for each in page.find("a")
        if words_of(each).startswith("the whole country")
    ]
    form = held[0].form_id
    assert set(wider) == {f"{PAGE}?form={form}&country=PK&by=sex"}
    assert cells_by_row(dinas.get(wider[0] or ""), "Women and men")["Men"][0] == "1"


def test_the_page_of_a_workshop_that_is_withheld_leads_to_the_pooled_number(
    dinas: PageClient, held: list[WorkshopRecord]
) -> None:
    page = dinas.get(f"/evaluator/workshops/{held[2].id}")
    assert page.find("a", href=f"{PAGE}?form={held[2].form_id}")


def test_women_who_are_few_everywhere_are_withheld_like_those_who_are_not_there(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    for _ in range(2):
        a_final_workshop(house, amal, some(20, women=3))
    with house.unit(writes=True) as work:
        gains.release_due(work, threshold=10)
    told = facts_of(ask(client, house, dina, "?by=sex").json(), "sex")
    assert {fact["unsaid"] for row in told.values() for fact in row.values()} == {"withheld"}


def test_downloads_are_logged_and_need_no_workshop(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    answer = client.get(f"{API}/reports/pooled/report.csv", headers=bearer_of(house, dina))
    assert answer.status_code == 200
    assert list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))) == []
    assert len(rows(house, "SELECT 1 FROM audit_events WHERE verb = 'export_pooled'")) == 1
    told = ask(client, house, dina).json()
    assert (told["scope"], told["sections"]) == (None, [])


def test_an_organisation_is_told_of_its_own_workshops_alone(
    client: TestClient, house: House, held: list[WorkshopRecord], basma: StaffPerson
) -> None:
    a_final_workshop(house, basma, some(11), province="PK-KP")
    with house.unit(writes=True) as work:
        gains.release_due(work, threshold=10)
        (foreign,) = rows(house, "SELECT id FROM workshops WHERE province = 'PK-KP'")
    told = rows(
        house, "SELECT organisation_id FROM released_bundles WHERE workshop_id = :id",
        id=foreign["id"],
    )  # fmt: skip
    assert {each["organisation_id"] for each in told} == {basma.organisation_id}
