"""Rows of single people for analysts: who may be in a file, and what two files give away."""

import csv
import io
import re
import zipfile
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.gains.cells import Person
from app.web.house import House
from tests.fixtures.final_rooms import a_final_workshop, a_pair, people, release
from tests.fixtures.house import FakeClock, bearer_of, sign_in
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import PageClient

PATH = f"{API}/reports/rows"
HERE = "/evaluator/rows"
WHO_ALONE = ("form", "form_version", "country", "points_possible", "origin")


def a_room_of(women: int, men: int, *, start: int = 2) -> list[Person]:
    """People of two kinds whose scores rise from the second quarter to the third or fourth."""
    kinds = ["woman"] * women + ["man"] * men
    return [a_pair(start + k % 2, 5 + k % 4, kind, "police") for k, kind in enumerate(kinds)]


class Analyst:
    """Dina, asking for rows of the only test there is."""

    def __init__(self, client: TestClient, house: House, dina: StaffPerson) -> None:
        self.client, self.headers = client, bearer_of(house, dina)

    def ask(self, by: str = "", *, status: int = 200) -> Any:
        forms = self.client.get(f"{API}/reports/choices", headers=self.headers).json()["forms"]
        sent = {"form": next(iter(forms)), "country": "PK", "by": by}
        answer = self.client.post(PATH, json=sent, headers=self.headers)
        assert answer.status_code == status, answer.text[:300]
        return answer

    def rows(self, by: str = "") -> list[dict[str, str]]:
        with zipfile.ZipFile(io.BytesIO(self.ask(by).content)) as archive:
            told = archive.read("rows.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(told)))


@pytest.fixture
def analyst(client: TestClient, house: House, dina: StaffPerson) -> Analyst:
    """Dina."""
    return Analyst(client, house, dina)


def scores(told: list[dict[str, str]]) -> Counter[tuple[str, ...]]:
    """The rows as an attacker compares them: without their order."""
    return Counter(tuple(row.values()) for row in told)


def test_a_row_is_two_scores_of_one_person_and_nothing_that_leads_to_the_room(
    house: House, amal: StaffPerson, analyst: Analyst
) -> None:
    made = [a_final_workshop(house, amal, people(20, women=10), title=f"T{k}") for k in range(3)]
    release(house)
    answer = analyst.ask()
    told = analyst.rows()
    assert [tuple(row) for row in told] == [(*WHO_ALONE, "pre_points", "post_points")] * 60
    there = Counter((f"{2 + k % 4}.00", f"{4 + k % 4 + k % 2}.00") for k in range(20))
    assert Counter((row["pre_points"], row["post_points"]) for row in told) == Counter(
        {pair: 3 * n for pair, n in there.items()}
    )
    assert {row["country"] for row in told} == {"PK"}
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}
    for workshop in made:
        for secret in (workshop.id, workshop.title, workshop.place, workshop.province):
            assert secret.encode() not in content
    assert not re.search(rb"20[12]\d-\d\d", content)
    disposition = answer.headers["content-disposition"]
    assert disposition == 'attachment; filename="tafawut-rows-PK-ngo-v1-scores.zip"'


def test_the_order_is_another_one_each_time(
    house: House, amal: StaffPerson, analyst: Analyst
) -> None:
    for _ in range(3):
        a_final_workshop(house, amal, people(30))
    release(house)
    first, second = analyst.rows(), analyst.rows()
    assert scores(first) == scores(second)
    assert [tuple(row.values()) for row in first] != [tuple(row.values()) for row in second]


def test_one_room_or_a_room_and_what_its_trainer_can_take_away_stays_here(
    house: House, amal: StaffPerson, analyst: Analyst
) -> None:
    a_final_workshop(house, amal, people(60))
    release(house)
    refused = analyst.ask(status=422).json()
    assert (refused["code"], refused["field"]) == ("rows_refused", "by")
    a_final_workshop(house, amal, people(20))  # who knows the first is left with twenty
    release(house)
    analyst.ask(status=422)
    a_final_workshop(house, amal, people(20))
    release(house)
    assert len(analyst.rows()) == 100


def test_two_files_never_differ_by_one_room(
    house: House, amal: StaffPerson, analyst: Analyst
) -> None:
    for _ in range(3):
        a_final_workshop(house, amal, people(20))
    release(house)
    before = scores(analyst.rows())
    for n in (30, 30):
        a_final_workshop(house, amal, people(n, gain=4))
        release(house)
        assert scores(analyst.rows()) == before  # 30 would be left of 60 without one of them
    a_final_workshop(house, amal, people(30, gain=4))
    release(house)
    after = scores(analyst.rows())
    assert (after - before).total() == 90
    assert (before - after).total() == 0


def test_what_is_not_final_or_not_released_is_in_no_row(
    house: House, amal: StaffPerson, analyst: Analyst
) -> None:
    for _ in range(3):
        a_final_workshop(house, amal, people(20))
    a_final_workshop(house, amal, people(40), is_settled=False)
    release(house)
    for _ in range(3):
        a_final_workshop(house, amal, people(20))  # final, and not released yet
    assert len(analyst.rows()) == 60


def test_beside_a_thing_about_people_every_pair_of_scores_fits_every_group(
    house: House, amal: StaffPerson, analyst: Analyst
) -> None:
    for _ in range(3):
        a_final_workshop(house, amal, [*a_room_of(20, 25), a_pair(9, 1, "man", "police")])
    release(house)
    told = analyst.rows("sex")
    assert set(told[0]) == {*WHO_ALONE, "sex", "pre_percent", "post_percent"}
    by_pair: dict[tuple[str, str], Counter[str]] = {}
    for row in told:
        pair = row["pre_percent"], row["post_percent"]
        by_pair.setdefault(pair, Counter())[row["sex"]] += 1
    for groups in by_pair.values():
        assert groups["woman"] >= 10
        assert groups["man"] >= 10
    assert ("75 to 100", "0 to 24") not in by_pair  # the arrows of three men
    assert len(told) == 3 * 46  # and still nobody is left out
    table = analyst.client.get(f"{API}/reports/pooled?by=sex", headers=analyst.headers).json()
    groups = next(
        each for section in table["sections"] for each in section["tables"] if each["code"] == "sex"
    )
    place = [each["measure"] for each in groups["columns"]].index("paired")
    in_table = {row["code"]: row["facts"][place]["value"] for row in groups["rows"]}
    assert {value: str(n) for value, n in Counter(row["sex"] for row in told).items()} == {
        value: n for value, n in in_table.items() if n is not None
    }


def test_a_group_that_the_table_withholds_is_in_no_row(
    house: House, amal: StaffPerson, analyst: Analyst
) -> None:
    """Rows less the table by sex would be the women that the table withholds."""
    for _ in range(4):
        a_final_workshop(house, amal, a_room_of(20, 25))
    a_final_workshop(house, amal, a_room_of(3, 40))
    release(house)
    told = Counter(row["sex"] for row in analyst.rows("sex"))
    assert told["woman"] == 80


@pytest.mark.parametrize("by", ["sex", "agency_type", "province"])
def test_a_small_group_is_refused_with_the_rule_and_without_a_number(
    house: House, amal: StaffPerson, analyst: Analyst, by: str
) -> None:
    """Three women a room; one agency and one province alone: all refused in the same words."""
    for _ in range(4):
        a_final_workshop(house, amal, a_room_of(3, 40))
    release(house)
    refused = analyst.ask(by, status=422).json()
    told = " ".join(str(refused[name]) for name in refused if name not in ("status", "reference"))
    assert "Choose nothing beside the scores" in told
    assert not re.search(r"\d", told.replace(refused.get("type", ""), ""))


def test_nothing_that_happens_to_a_workshop_later_changes_its_rows(
    house: House, amal: StaffPerson, analyst: Analyst, clock: FakeClock
) -> None:
    for _ in range(3):
        a_final_workshop(house, amal, people(20))
    release(house)
    before = scores(analyst.rows())
    with house.unit(writes=True) as work:
        for statement in (
            "DELETE FROM snapshot_contents", "UPDATE workshops SET place = 'elsewhere'",
            "UPDATE gain_snapshots SET sum_pre = 0",
        ):  # fmt: skip
            work.db.connection().execute(text(statement))
    clock.advance(timedelta(days=300))  # a token ends after a year
    assert scores(analyst.rows()) == before


def test_each_download_is_in_the_audit_log_and_a_refusal_leaves_nothing(
    house: House, amal: StaffPerson, dina: StaffPerson, analyst: Analyst
) -> None:
    a_final_workshop(house, amal, people(20))
    release(house)
    analyst.ask(status=422)
    for _ in range(2):
        a_final_workshop(house, amal, people(20))
    release(house)
    analyst.ask()
    (line,) = rows(house, "SELECT staff_id, facts FROM audit_events WHERE verb = 'export_rows'")
    assert line["staff_id"] == dina.id
    assert '"rows": 60' in line["facts"]


def test_synthetic_workshops_are_said_and_another_organisations_are_not_there(
    house: House, amal: StaffPerson, basma: StaffPerson, analyst: Analyst
) -> None:
    for _ in range(3):
        a_final_workshop(house, amal, people(20))
        a_final_workshop(house, basma, people(20))
    release(house)
    told = analyst.rows()
    assert len(told) == 60
    assert {row["origin"] for row in told} == {"entered here"}
    with house.unit(writes=True) as work:
        work.db.connection().execute(text("UPDATE workshops SET is_synthetic = true"))
    for _ in range(3):
        a_final_workshop(house, amal, people(20))
    release(house)
    with house.unit(writes=True) as work:
        work.db.connection().execute(text("UPDATE workshops SET is_synthetic = true"))
    origins = {row["origin"] for row in analyst.rows()}
    assert origins == {"some of the organisation's workshops are synthetic"}


def test_the_page_gives_the_file_or_the_reason(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    sign_in(client, house, dina)
    browser = PageClient(client, house)
    assert "No workshops yet." in browser.get(HERE).main
    for _ in range(3):
        a_final_workshop(house, amal, a_room_of(3, 40))
    release(house)
    page = browser.get(HERE)
    sent = browser.send(page, HERE, status=200)
    assert sent.headers["content-type"] == "application/zip"
    answer = browser.send(page, HERE, status=422, by="sex")
    again = browser.read(answer, 422)
    assert "Some group is too small, or rare beside some scores." in again.main
    assert again.fields(HERE)["by"] == "sex"
    browser.read(browser.send(page, HERE, status=422, of="PK/unknown"), 422)
