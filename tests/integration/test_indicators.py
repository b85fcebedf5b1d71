"""Indicators: each number is the pooled report's, and rows subtracted from rows tell nobody."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.indicator_tokens import MOST_USES
from app.accounts.schemas import StaffPerson
from app.participants.schemas import Sex
from app.reports.indicators import MOST_TABLES, TAKEN, TOLD
from app.reports.indicators_as_csv import RESULTS as COLUMNS
from app.reports.indicators_as_csv import WORKSHOPS as WORKSHOP_COLUMNS
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopState
from tests.fixtures.final_rooms import a_final_workshop, a_pair, people, release
from tests.fixtures.house import a_workshop, bearer_of
from tests.fixtures.indicators import RESULTS, WORKSHOPS, a_token, ask, rows_in_csv, rows_of
from tests.fixtures.loop import API, change
from tests.fixtures.reports import facts_in_api, hold_founding_workshops, make_rooms
from tests.fixtures.table_attacker import make_set
from tests.legs import ROOT

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", '=HYPERLINK("x")')


def at(found: Iterable[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


def told_by_the_report(
    client: TestClient, headers: dict[str, str], form_id: str, row: dict[str, Any]
) -> dict[tuple[str, str, str], Any]:
    """The facts of the pooled report of the same choice."""
    query = {
        "form": form_id, "country": row["country"], "province": row["province"] or "",
        "period": "" if row["period"] == "all" else row["period"].replace("Q", "-"),
        "by": "" if row["breakdown"] == "everybody" else row["breakdown"],
    }  # fmt: skip
    told = client.get(f"{API}/reports/pooled", params=query, headers=headers).json()
    return facts_in_api(told)


def test_each_number_is_the_pooled_reports_number_for_the_same_choice(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    token, headers = a_token(house, dina), bearer_of(house, dina)
    offered = client.get(f"{API}/reports/choices", headers=headers).json()["forms"]
    reports: dict[tuple[Any, ...], Any] = {}
    said = compared = 0
    for query in (
        "?period=quarters",
        "?period=years&by=sex",
        "?period=all",
        "?period=all&province=each",
    ):
        for form_id in offered:
            for row in rows_of(client, token, f"{query}&form={form_id}"):
                choice = (form_id, *(row[name] for name in ("province", "period", "breakdown")))
                if choice not in reports:
                    reports[choice] = told_by_the_report(client, headers, form_id, row)
                fact = reports[choice][_place(row)]
                assert (_digits(row), row["limit"]) == (fact[0], fact[3])
                assert (row["value"] is None) == (row["reason"] is not None)
                said += row["value"] is not None
                compared += 1
    assert compared > 500
    assert said > 100


def _place(row: dict[str, Any]) -> tuple[str, str, str]:
    """Where the pooled report has the fact: table, row, measure."""
    name, by = row["indicator"], row["breakdown"]
    if by == "everybody":
        return ("counted" if name in TAKEN else "numbers", "", name)
    return (f"{by}_annex" if name.startswith("passed_") else by, row["group"], name)


def _digits(row: dict[str, Any]) -> str | None:
    return None if row["value"] is None else str(row["value"])


def test_json_and_csv_have_the_same_rows_in_every_language(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    token = a_token(house, dina)
    for language, woman in (("en", "women"), ("ur", "")):
        query = f"?language={language}"
        told = rows_of(client, token, query)
        lines = rows_in_csv(ask(client, token, f"{RESULTS}.csv{query}").content)
        assert tuple(lines[0]) == tuple(told[0]) == COLUMNS
        assert [_texts(row) for row in told] == [
            {name: value for name, value in line.items() if name != "as_of"} for line in lines
        ]
        names = {row["group_name"] for row in at(told, group="woman")}
        assert len(names) == 1
        assert woman in str(names.pop()).lower()


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {
        name: "" if value is None else str(value) for name, value in row.items() if name != "as_of"
    }


def test_a_lonely_sex_and_small_groups_stay_withheld_with_their_size(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    a_final_workshop(house, amal, people(24))  # men alone
    a_final_workshop(house, amal, people(20, women=4), ends_on=date(2026, 5, 2))
    a_final_workshop(house, amal, people(6), ends_on=date(2026, 2, 2))
    release(house)
    found = rows_of(client, a_token(house, dina))
    for row in at(found, breakdown="sex"):
        assert (row["value"], row["limit"], row["reason"]) == (None, None, "withheld")
    assert {row["group"] for row in at(found, breakdown="sex")} >= {"woman", "man", "not_said"}
    paired = {
        row["period"]: row["value"] for row in at(found, indicator="paired", group="everybody")
    }
    assert paired == {"2026Q1": None, "2026Q2": 20, "2026Q3": 24}
    for row in at(found, period="2026Q1"):
        assert (row["value"], row["reason"]) == (None, "withheld")


def test_no_share_of_women_is_told_of_the_six_founding_workshops(
    client: TestClient, house: House
) -> None:
    token = a_token(house, hold_founding_workshops(house))
    for period in ("quarters", "years", "all"):
        found = rows_of(client, token, f"?period={period}&by=sex")
        assert len({row["form"] for row in found}) == 3
        assert {(row["value"], row["reason"]) for row in found} == {(None, "withheld")}
    head_counts = ask(client, token, WORKSHOPS).json()["rows"]
    assert sum(each["registered"] for each in head_counts) == 27 + 45 + 60
    assert {each["origin"] for each in head_counts} == {"synthetic"}


def test_who_took_one_test_is_told_of_everybody_and_of_no_group(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    left = [a_pair(3, None, "woman"), a_pair(2, None, "man")]
    a_final_workshop(house, amal, [*people(30, women=12), *left])
    release(house)
    found = rows_of(client, a_token(house, dina))
    everybody = {row["indicator"]: row["value"] for row in at(found, group="everybody")}
    assert [everybody[each] for each in ("registered", "pre", "post", "paired")] == [32, 32, 30, 30]
    assert set(everybody) == {*TAKEN, *TOLD}
    groups = {row["indicator"] for row in found if row["group"] != "everybody"}
    assert groups == set(TOLD)


@pytest.mark.parametrize("seed", [3, 8, 11])
def test_every_difference_of_two_rows_is_nobody_or_ten_people(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, seed: int
) -> None:
    """Quarters from years, provinces from the country, groups from everybody, at two moments."""
    told: dict[tuple[Any, ...], int] = {}
    token, made = a_token(house, dina), make_set(seed)
    for turn in (0, 1):
        for each in made:
            if each.round == turn:
                sexes = [sex for sex, n in each.counts["sex"].items() for _ in range(n)]
                a_final_workshop(
                    house, amal, [a_pair(2 + k % 3, 5 + k % 4, sex) for k, sex in enumerate(sexes)],
                    province=each.place.province,
                    ends_on=date(each.place.year, each.place.quarter * 3 - 1, 2),
                )  # fmt: skip
        release(house)
        for query in ("?period=quarters", "?period=years", "?period=all"):
            for area in ("", "&province=each"):
                for row in at(rows_of(client, token, query + area), indicator="paired"):
                    if row["value"] is not None:
                        key = (row["province"], row["period"], row["group"], turn)
                        told[key] = row["value"]
    nested = [
        told[larger] - told[smaller]
        for larger, smaller in permutations(told, 2)
        if _holds(larger, smaller)
    ]
    assert len(nested) > 20
    assert min(told.values()) >= 10
    assert [each for each in nested if each < 0 or 0 < each < 10] == []
    left = list(_remainders(told))
    assert [each for each in left if each < 0 or 0 < each < 10] == []


def _holds(larger: tuple[Any, ...], smaller: tuple[Any, ...]) -> bool:
    """Whether one row holds the other: as wide in area, time and group, and told as late."""
    return (
        larger[0] in (None, smaller[0])
        and (larger[1] == "all" or smaller[1].startswith(larger[1]))
        and larger[2] in ("everybody", smaller[2])
        and larger[3] >= smaller[3]
    )


def _remainders(told: Mapping[tuple[Any, ...], int]) -> Iterator[int]:
    """What all quarters leave of their year, all provinces of the country, all groups of all."""
    for (province, period, group, turn), count in told.items():
        quarters = [f"{period}Q{number}" for number in range(1, 5)]
        years = ["2025", "2026"] if period == "all" else quarters
        parts = [(province, each, group, turn) for each in years]
        yield count - sum(told.get(each, 0) for each in parts)
        if province is None:
            areas = [(each, period, group, turn) for each in ("PK-SD", "PK-PB")]
            yield count - sum(told.get(each, 0) for each in areas)
        if group == "everybody":
            sexes = [(province, period, each, turn) for each in (*Sex, "not_said")]
            yield count - sum(told.get(each, 0) for each in sexes)


def test_head_counts_are_those_staff_entered_of_workshops_that_have_begun(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    held = a_final_workshop(house, amal, people(4), women_count=3, men_count=21, title="Held")
    a_workshop(house, amal, 0, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))
    off = a_workshop(house, amal, 0, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 2))
    with house.unit(writes=True) as work:
        workshops.end_workshop(work, off.workshop, WorkshopState.CANCELLED, by=amal)
    token = a_token(house, dina)
    (row,) = ask(client, token, WORKSHOPS).json()["rows"]
    assert (row["workshop"], row["title"], row["period"]) == (held.id, "Held", "2026Q3")
    counted = (row["registered_women"], row["registered_men"], row["registered"])
    assert counted == (3, 21, 24)
    (line,) = rows_in_csv(ask(client, token, f"{WORKSHOPS}.csv").content)
    assert tuple(line) == tuple(row) == WORKSHOP_COLUMNS
    assert line == {name: str(value) for name, value in row.items()} | {"as_of": line["as_of"]}


def test_what_people_typed_is_no_formula_in_a_csv(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    with house.unit(writes=True) as work:
        programme = accounts.create_programme(
            work, organisation_id=amal.organisation_id, name="Synthetic programme"
        )
    for place, text in enumerate(NASTY):
        a_final_workshop(
            house, amal, people(12), title=f"x{place}", place=f"y{place}", programme_id=programme.id
        )
        _rename(house, f"x{place}", text)
    release(house)
    token = a_token(house, dina)
    lines = rows_in_csv(ask(client, token, f"{WORKSHOPS}.csv").content)
    lines += rows_in_csv(ask(client, token, f"{RESULTS}.csv?programme={programme.id}").content)
    cells = {cell for line in lines for cell in line.values()}
    assert {f"'{text}" for text in NASTY} <= cells
    assert not [each for each in cells if each.lstrip(" ")[:1] in "=+-@\uff1d" and each]
    told = ask(client, token, WORKSHOPS).json()["rows"]
    assert {each["title"] for each in told} == set(NASTY)


def _rename(house: House, title: str, text: str) -> None:
    """As another version of the service might have kept it."""
    change(house, "UPDATE workshops SET title = :text, place = :text WHERE title = :title",
           text=text, title=title)  # fmt: skip


def test_an_address_chooses_among_what_is_there_and_nothing_is_crossed(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    token = a_token(house, dina)
    for query, field in (
        ("?by=workshop", "by"), ("?by=sex_province", "by"), ("?by=province&province=PK-SD", "by"),
        ("?by=province&province=each", "by"), ("?period=1999", "period"),
        ("?period=2026-5", "period"), ("?period=2026-07-01", "period"),
        ("?country=XX", "country"), ("?province=PK-BA", "province"),
        ("?programme=nobody", "programme"), ("?form=nothing", "form"), ("?language=xx", "language"),
    ):  # fmt: skip
        answer = client.get(RESULTS + query, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json().get("field")) == (422, field), query
    for query, periods in (
        ("?period=2026Q3", {"2026Q3"}), ("?period=2026-3", {"2026Q3"}), ("?period=2025", {"2025"}),
        ("?period=all", {"all"}), ("", {"2025Q2", "2025Q3", "2026Q2", "2026Q3"}),
        ("?period=years&country=pk", {"2025", "2026"}),
    ):  # fmt: skip
        assert {row["period"] for row in rows_of(client, token, query)} == periods
    by_province = rows_of(client, token, "?province=each&period=all")
    assert {row["province"] for row in by_province} == {"PK-SD", "PK-PB"}
    assert {row["breakdown"] for row in by_province} == {"everybody", "sex", "agency_type"}


def test_too_many_tables_are_refused_before_any_is_read(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    for year in range(1990, 2026):
        for month in (2, 5, 8, 11):
            for province in ("PK-SD", "PK-PB", "PK-KP") if month == 2 else ("PK-SD",):
                a_final_workshop(
                    house, amal, people(1), ends_on=date(year, month, 2), province=province
                )
    token = a_token(house, dina)
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get(f"{RESULTS}?province=each", headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (422, "many_tables")
    assert len(rows_of(client, token, "?province=each&by=everybody&period=2024")) == 3 * 7


def test_an_empty_organisation_has_a_header_and_no_row(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    token = a_token(house, dina)
    assert rows_of(client, token, "?period=2026") == []
    content = ask(client, token, f"{RESULTS}.csv").content
    assert content.decode("utf-8-sig").strip().split(",") == list(COLUMNS)
    answer = ask(client, token, f"{WORKSHOPS}.csv")
    assert answer.content.decode("utf-8-sig").strip().split(",") == list(WORKSHOP_COLUMNS)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


GUIDE = (ROOT / "app" / "guides" / "indicators.md").read_text(encoding="utf-8")


def test_the_guide_names_every_column_indicator_and_address_and_says_what_was_not_tested() -> None:
    named = set(re.findall(r"`([^`]+)`", GUIDE))
    assert {*COLUMNS, *WORKSHOP_COLUMNS, *TAKEN, *TOLD} <= named
    assert {RESULTS, f"{RESULTS}.csv", WORKSHOPS, f"{WORKSHOPS}.csv"} <= named
    assert f"{MOST_USES} times in ten minutes" in GUIDE
    assert f"more than {MOST_TABLES} tables" in GUIDE
    for heading in ("Excel (Power Query)", "Power BI", "ActivityInfo"):
        assert f"\n## {heading}: not tested\n" in GUIDE
    assert "The import itself, **not tested**" in GUIDE


def test_the_guides_program_makes_data_values_of_what_is_told_exactly(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, tmp_path: Path
) -> None:
    a_final_workshop(house, amal, people(40, women=18))
    release(house)
    told = ask(client, a_token(house, dina), RESULTS)
    (tmp_path / "indicators.json").write_bytes(told.content)
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "to_dhis2.py").write_text(program, encoding="utf-8")
    lines = ["indicator,breakdown,group,area,dataElement,categoryOptionCombo,orgUnit"]
    for name in TOLD:
        lines += [f"{name},sex,{sex},PK,{name}-id,{sex}-id,PK-id" for sex in ("woman", "other")]
    (tmp_path / "ids.csv").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-I", "to_dhis2.py", "indicators.json", "ids.csv"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    values = json.loads(done.stdout)["dataValues"]
    wanted = [
        row for row in at(told.json()["rows"], group="woman")
        if row["value"] is not None and not row["limit"]
    ]  # fmt: skip
    assert {each["dataElement"] for each in values} >= {"paired-id", "workshops-id"}
    assert values == [
        {
            "dataElement": f"{row['indicator']}-id", "categoryOptionCombo": "woman-id",
            "orgUnit": "PK-id", "period": "2026Q3", "value": str(row["value"]),
        }
        for row in wanted
    ]  # fmt: skip
