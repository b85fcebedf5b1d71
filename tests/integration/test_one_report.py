"""A report is one value: page, API and files print its facts, digit for digit, and the door's."""

import io
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.gains import service as gains
from app.gains.results import Figure
from app.gains.tables_told import Breakdown, Choice
from app.reports.as_json import as_json, read_json
from app.web.house import House
from tests.fixtures.house import FakeClock, bearer_of, sign_in
from tests.fixtures.loop import API, change, rows
from tests.fixtures.page_client import PageClient, another_browser
from tests.fixtures.prints import words_of as words_of_pdf
from tests.fixtures.reports import (
    NOTHING,
    Key,
    Told,
    facts_in_api,
    facts_in_csv,
    facts_in_xlsx,
    facts_on_page,
    hold_founding_workshops,
    is_inside,
    make_rooms,
    numbers_on_paper,
    recompute,
)

pytestmark = pytest.mark.sqlite_only

CHOICES = (
    {"by": "sex"},
    {"by": "agency_type", "province": "PK-SD"},
    {"by": "province", "period": "2026"},
    {"by": "workshop", "period": "2026-3"},
    {"period": "2026-2"},
    {"by": "sex", "period": "2025"},
)
NEVER_IN_ROOMS_WITHOUT_SITTINGS = {
    "unflagged_paired", "unflagged_gain_pp", "wilcoxon_p",
}  # fmt: skip


class Reading:
    """Somebody who reads reports everywhere they are shown."""

    def __init__(self, client: TestClient, house: House, staff: StaffPerson) -> None:
        self.client, self.headers = client, bearer_of(house, staff)
        self.browser = PageClient(another_browser(client), house)
        sign_in(self.browser.client, house, staff)

    def everywhere(self, query: str) -> Any:
        """The document; checks that every rendering has the same facts."""
        told = self.client.get(f"{API}/reports/pooled{query}", headers=self.headers).json()
        facts = facts_in_api(told)
        assert facts_in_csv(self.file("report.csv", query)) == facts, query
        assert facts_in_xlsx(self.file("report.xlsx", query), told) == facts, query
        pages = words_of_pdf(self.file("report.pdf", query))
        assert is_inside(numbers_on_paper(told), iter(" ".join(pages).split())), query
        self.recomputed(query, facts)
        assert facts_on_page(self.browser.get(f"/evaluator/pooled{query}"), told) == facts, query
        return told

    def recomputed(self, query: str, facts: dict[Key, Told]) -> None:
        """The program in the archive finds the same headline, where there is one."""
        if facts["numbers", "", "paired"] == NOTHING:
            return
        with TemporaryDirectory() as folder:
            said = recompute(self.file("report.zip", query), Path(folder))
        assert (said.returncode, said.stderr) == (0, ""), said.stdout
        found = {name: tuple(digits) for name, *digits in map(str.split, said.stdout.splitlines())}
        wanted = ("paired", "pre_percent", "post_percent", "gain_pp", "pooled_gain_pp")
        for name in wanted:
            value, low, high, _ = facts["numbers", "", name]
            digits = (value,) if name != "pooled_gain_pp" else (value, low, high)
            assert value is None or found[name] == (*digits, "agrees")
            assert (value is None) == (name not in found)

    def file(self, name: str, query: str) -> bytes:
        """One file of a report."""
        answer = self.client.get(f"{API}/reports/pooled/{name}{query}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.content


def digits(figure: Figure) -> str | None:
    return None if figure.value is None else str(figure.value)


def at_the_door(
    house: House, organisation_id: str, form_id: str, choice: Choice
) -> dict[Key, Told]:
    """What the one door tells of everybody and of groups, as facts."""
    with house.unit(writes=False) as work:
        table = gains.read_table(work, organisation_id, form_id, choice)
    found: dict[Key, Told] = {}
    listed = [("numbers", table.whole), *((choice.breakdown.value, row) for row in table.rows)]
    for key, row in listed:
        figures, pooled = row.figures, row.pooled
        if figures is None:
            continue
        found[key, row.value, "paired"] = (str(figures.paired), None, None, None)
        found[key, row.value, "workshops"] = (str(row.workshops), None, None, None)
        for name, figure in (("pre", figures.pre_percent), ("post", figures.post_percent)):
            found[key, row.value, f"{name}_percent"] = (digits(figure), None, None, None)
        if pooled is not None:
            ends = (pooled.gain_pp_low, pooled.gain_pp_high)
            found[key, row.value, "pooled_gain_pp"] = (
                digits(pooled.gain_pp), *map(digits, ends), None,
            )  # fmt: skip
        own = (figures.gain_pp_low, figures.gain_pp_high)
        several = row.workshops != 1 and pooled is not None
        ends = (pooled.average_low, pooled.average_high) if several and pooled else own
        found[key, row.value, "gain_pp"] = (
            digits(figures.gain_pp), *map(digits, ends), None,
        )  # fmt: skip
    return found


def test_page_api_and_files_have_the_same_facts_as_the_door(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    reading, said, asked = Reading(client, house, dina), set(), set()
    for query in CHOICES:
        told = reading.everywhere("?" + "&".join(f"{name}={each}" for name, each in query.items()))
        facts = facts_in_api(told)
        asked |= {key[2] for key in facts}
        said |= {key[2] for key, each in facts.items() if each != NOTHING}
        year, _, quarter = query.get("period", "").partition("-")
        choice = Choice(
            country="PK", province=query.get("province"), year=int(year) if year else None,
            quarter=int(quarter) if quarter else None, breakdown=Breakdown(query.get("by", "")),
        )  # fmt: skip
        (form,) = rows(
            house, "SELECT id FROM forms WHERE content_hash = :hash",
            hash=told["scope"]["form_hash"],
        )  # fmt: skip
        known = at_the_door(house, amal.organisation_id, form["id"], choice)
        assert {key: facts.get(key) for key in known} == known
    assert said == asked - NEVER_IN_ROOMS_WITHOUT_SITTINGS
    assert len(said) > 35


def test_the_six_workshops_are_told_alike_everywhere_and_no_gain_of_women_in_points(
    client: TestClient, house: House
) -> None:
    reading = Reading(client, house, hold_founding_workshops(house))
    offered = client.get(f"{API}/reports/choices", headers=reading.headers).json()
    assert len(offered["forms"]) == 3
    counted = []
    for form in offered["forms"]:
        for by in Breakdown:
            told = reading.everywhere(f"?form={form}&by={by.value}")
            if by is Breakdown.SEX:
                facts = facts_in_api(told)
                groups = {key: each for key, each in facts.items() if key[0].startswith("sex")}
                assert len(groups) > 40
                assert set(groups.values()) == {NOTHING}
                assert not [key for key in facts if key[0] == "differences"]
            if by is Breakdown.WORKSHOP:
                counted.append(_registered(told))
    assert sorted(counted) == [27, 45, 60]


def _registered(told: Mapping[str, Any]) -> int:
    value = facts_in_api(told)["counted", "", "registered"][0]
    assert value is not None
    return int(value)


def test_the_workbook_is_right_to_left_in_urdu_and_the_same_bytes_for_the_same_report(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    reading = Reading(client, house, dina)
    for language, is_rtl in (("en", False), ("ur", True)):
        query = f"?by=workshop&language={language}"
        content = reading.file("report.xlsx", query)
        assert reading.file("report.xlsx", query) == content
        book = load_workbook(io.BytesIO(content))
        assert {bool(each.sheet_view.rightToLeft) for each in book.worksheets} == {is_rtl}
        told = read_json(reading.file("report.json", query))
        cover = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
        assert {told.title, told.id, told.hash, *(note.text for note in told.method)} <= cover
        assert len(book.worksheets) == 1 + len(told.tables)
        assert "f" not in {
            cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row
        }


def test_the_program_in_the_archive_finds_a_number_that_was_changed(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, tmp_path: Path
) -> None:
    make_rooms(house, amal)
    content = Reading(client, house, dina).file("report.zip", "")
    assert recompute(content, tmp_path).returncode == 0
    file = tmp_path / "report.csv"
    text = file.read_text(encoding="utf-8-sig")
    line = next(
        each for each in text.splitlines() if ",numbers,,Everybody together,gain_pp," in each
    )
    digits = re.search(r",pp,(-?[\d.]+),", line)
    assert digits is not None
    changed = line.replace(digits[0], f",pp,1{digits[1]},")
    file.write_text(text.replace(line, changed), encoding="utf-8-sig")
    said = subprocess.run(
        [sys.executable, "-I", "recompute.py", "report.csv"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert said.returncode == 1
    assert f"gain_pp {digits[1]} not" in said.stdout


def test_a_document_comes_back_from_its_json_and_is_not_read_when_a_number_was_changed(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    content = Reading(client, house, dina).file("report.json", "?by=sex")
    document = read_json(content)
    assert as_json(document) == content
    value = next(each.value for each in document.tables[0].rows[0].facts)
    changed = content.replace(f'"value":"{value}"'.encode(), b'"value":"99"', 1)
    with pytest.raises(ValueError, match="hash"):
        read_json(changed)


def test_the_same_facts_have_the_same_id_in_every_language_and_at_every_moment(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, clock: FakeClock
) -> None:
    make_rooms(house, amal)
    reading = Reading(client, house, dina)
    english = read_json(reading.file("report.json", "?by=sex"))
    clock.advance(timedelta(hours=1))
    urdu = read_json(reading.file("report.json", "?by=sex&language=ur"))
    other = read_json(reading.file("report.json", "?by=workshop"))
    assert english.id == urdu.id != other.id
    assert english.title != urdu.title
    assert english.as_of < urdu.as_of


def test_a_test_that_is_marked_after_the_release_changes_no_report(
    client: TestClient, house: House
) -> None:
    reading = Reading(client, house, hold_founding_workshops(house))
    before = read_json(reading.file("report.json", "?by=agency_type"))
    change(house, "UPDATE sittings SET is_late = (1 = 1), is_paper = (1 = 1)")
    assert read_json(reading.file("report.json", "?by=agency_type")).id == before.id
