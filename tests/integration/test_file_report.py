"""A table of one's own becomes a report: the rules of every report, marked, and nothing stored."""

import csv
import io
import re
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.csv_files import read_csv
from app.gains.analysis import analyse
from app.gains.spreadsheet import read_sheet
from app.reports.as_json import read_json
from app.reports.document import Fact, ReportDocument
from app.web.house import House
from tests.fixtures.house import bearer_of, sign_in
from tests.fixtures.loop import API, everything_stored
from tests.fixtures.nasty_rosters import xlsx
from tests.fixtures.page_client import Page, PageClient

HERE = "/evaluator/file"
MARK = "from a file, not from tests taken here"
HEAD = ("Participant", "Pre", "Post", "Workshop", "Sex")
Rows = list[tuple[str, ...]]


def a_table(rooms: int = 3, size: int = 20, women: int = 8) -> Rows:
    """Synthetic people of some workshops, by a fixed chance; points of 20."""
    chance = Random(6)
    return [HEAD] + [
        (
            f"canary-{room}-{place}", str(chance.randint(4, 12)), str(chance.randint(9, 20)),
            f"Room {room}", "F" if place < women else "M",
        )
        for room in range(rooms) for place in range(size)
    ]  # fmt: skip


def as_csv(rows: Rows) -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode("utf-8-sig")


@pytest.fixture
def evaluator(client: TestClient, house: House, dina: StaffPerson) -> PageClient:
    """Dina's browser."""
    sign_in(client, house, dina)
    return PageClient(client, house)


def bring(
    browser: PageClient, content: bytes, *, to: str = HERE, status: int = 200,
    name: str = "scores.csv", **typed: str,
) -> Any:  # fmt: skip
    """What choosing a file and typing beside it does."""
    token = browser.get(HERE).fields(HERE)["csrf"]
    data = {"csrf": token, "max_score": "20"} | typed
    files = {"file": (name, content, "application/octet-stream")}
    answer = browser.client.post(to, data=data, files=files)
    assert answer.status_code == status, answer.text[:400]
    return browser.read(answer, status) if to == HERE or status != 200 else answer


def plain(text: str) -> str:
    """Without signs of direction and without spaces."""
    return re.sub("[\u2066-\u2069\\s]", "", text)


def hidden(page: Page) -> dict[str, str]:
    """What the page holds of the table."""
    found = page.find("input", type="hidden")
    return {each.get("name", ""): each.get("value", "") for each in found}


def document_of(browser: PageClient, content: bytes, **typed: str) -> ReportDocument:
    answer = bring(browser, content, to=f"{HERE}/report.json", **typed)
    return read_json(answer.content)


def fact(document: ReportDocument, table: str, measure: str, row: str = "") -> Fact:
    found = document.get_table(table)
    assert found is not None
    (known,) = (each for each in found.rows if each.code == row)
    (one,) = (each for each in known.facts if each.measure == measure)
    return one


@pytest.mark.parametrize("make", [as_csv, xlsx])
def test_the_numbers_are_those_of_the_command_line(evaluator: PageClient, make: Any) -> None:
    rows = a_table()
    document = document_of(evaluator, make(rows), pass_mark="14")
    expected = analyse(
        read_sheet(read_csv(as_csv(rows)), max_score=20), max_score=20, pass_mark=14  # type: ignore[arg-type]
    )  # fmt: skip
    paired, meta = expected["paired"], expected["meta"]
    assert fact(document, "numbers", "paired").value == paired["n_pairs"] == 60
    for measure, value in (
        ("pre_percent", paired["pct_mean_pre"]),
        ("post_percent", paired["pct_mean_post"]),
        ("gain_pp", paired["gain_pp"]),
        ("pooled_gain_pp", meta["mu_PM"] * 5),
        ("improved_percent", 100 * paired["p_improved"]),
    ):
        told = fact(document, "numbers", measure).value
        assert told is not None
        assert abs(float(told) - value) <= 0.5, measure
    pooled = fact(document, "numbers", "pooled_gain_pp")
    for end, value in zip((pooled.low, pooled.high), meta["ci_hksj_modified_PM"], strict=True):
        assert end is not None
        assert abs(float(end) - 5 * value) <= 0.5
    assert fact(document, "counted", "completion_percent").value == 100


def test_page_and_files_show_the_same_facts_and_say_where_they_come_from(
    evaluator: PageClient,
) -> None:
    content = as_csv(a_table())
    page = bring(evaluator, content, by="workshop")
    document = document_of(evaluator, content, by="workshop")
    assert document.id in page.main
    assert document.is_from_file
    assert "From a file." in page.main
    assert MARK in page.main
    for note in document.method:
        assert plain(note.text) in plain(page.main)

    sent = bring(evaluator, content, to=f"{HERE}/report.csv", by="workshop")
    told = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert {each["origin"] for each in told} == {MARK}
    assert {each["report"] for each in told} == {document.id}
    gains = {each["row"]: each["value"] for each in told if each["measure"] == "gain_pp"}
    assert set(gains) == {"", "Room 0", "Room 1", "Room 2"}

    book = load_workbook(io.BytesIO(
        bring(evaluator, content, to=f"{HERE}/report.xlsx", by="workshop").content
    ))  # fmt: skip
    cover = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert MARK in cover
    sent = bring(evaluator, content, to=f"{HERE}/report.pdf", by="workshop")
    assert sent.headers["content-disposition"].endswith(f'from-a-file-{document.id}-en.pdf"')
    words = [page.extract_text() for page in PdfReader(io.BytesIO(sent.content)).pages]
    assert "not from tests taken here" in " ".join(" ".join(words).split())


def test_nothing_of_the_table_is_stored(evaluator: PageClient, house: House) -> None:
    content = as_csv(a_table())
    bring(evaluator, content)
    bring(evaluator, content, to=f"{HERE}/report.csv")
    assert b"canary-" not in everything_stored(house)


def test_the_page_holds_the_table_and_asks_for_it_once(evaluator: PageClient) -> None:
    rows = a_table()
    named = [(*row, "Synthetic Amna" if place else "Name") for place, row in enumerate(rows)]
    page = bring(evaluator, as_csv(named), max_score="twenty", status=422)
    assert "Type a whole number from 1 to 1000." in page.main
    held = hidden(page)
    assert "Synthetic Amna" not in held["table"]  # no column that means something here

    answer = evaluator.client.post(HERE, data=held | {"max_score": "20", "by": "workshop"})
    again = evaluator.read(answer, 200)
    assert "Room 2" in again.main
    assert hidden(again)["table"] == held["table"]


def test_rows_that_cannot_count_are_listed_with_line_and_reason(evaluator: PageClient) -> None:
    rows = [
        *a_table(),
        ("extra", "ten", "12", "Room 0", "F"), ("extra-2", "5", "21", "Room 0", "F"),
        ("", "5", "6", "Room 0", "F"), ("canary-0-0", "5", "6", "Room 0", "F"),
    ]  # fmt: skip
    page = bring(evaluator, as_csv(rows))
    for words in (
        "Rows that do not count: 4",
        "Correct them in your file and choose it again. The other rows count.",
        "62 pre: 'ten' is not a number", "63 post: 21 is not between 0 and 20",
        "64 no participant is named",
        "65 canary-0-0 stands in line 2 already; that row counts",
    ):  # fmt: skip
        assert plain(words) in plain(page.main)
    urdu = PageClient(evaluator.client, evaluator.house, "ur")
    assert "is not a number" not in bring(urdu, as_csv(rows)).main


def test_groups_below_ten_are_withheld_with_those_that_would_give_them_away(
    evaluator: PageClient,
) -> None:
    whole = document_of(evaluator, as_csv(a_table(rooms=1, size=9)))
    assert whole.finding == "withheld"
    assert {f.value for table in whole.tables for row in table.rows for f in row.facts} == {None}

    few = document_of(evaluator, as_csv(a_table(rooms=1, size=24, women=4)), by="sex")
    for sex in ("F", "M"):  # 24 less the men are the women
        assert fact(few, "file_sex", "gain_pp", sex).unsaid == "withheld"
        assert fact(few, "file_sex", "paired", sex).value is None
    enough = document_of(evaluator, as_csv(a_table(rooms=1, size=24, women=11)), by="sex")
    assert fact(enough, "file_sex", "paired", "F").value == 11

    rooms = [HEAD, *a_table(rooms=3, size=20)[1:], *(
        (f"few-{place}", "5", "9", "Room few", "M") for place in range(4)
    )]  # fmt: skip
    told = document_of(evaluator, as_csv(rooms), by="workshop")
    withheld = {row.code for row in told.tables[-2].rows if row.facts[0].value is None}
    assert withheld == {"Room few", "Room 0"}  # one more, so that a total does not tell it


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7", "It is no table. Save the table as XLSX or CSV."),
        (b"", "There is nothing in it."),
        (b"id,score\n1,2\n", "The first row needs these headings too: pre, post"),
        (b"id,pre,before,post\n1,2,3,4\n", "Two headings mean pre: pre and before"),
        (b"id,pre,post\n" + b"".join(b"%d,1,2\n" % n for n in range(600)),
         "It is too large: 500 rows and 60 columns at most."),
        (b"id,pre,post\n1,1.12345678,2\n",
         "Its scores have too many decimal places. Round them to two."),
    ],
)  # fmt: skip
def test_what_is_no_table_of_scores_gets_a_sentence(
    evaluator: PageClient, content: bytes, says: str
) -> None:
    page = bring(evaluator, content, status=422)
    assert f"This table cannot be used. {says}" in page.main
    assert page.find("input", id="file")


def test_nasty_names_stay_text(evaluator: PageClient) -> None:
    rows = [
        (*row[:3], "=1+1\u202e" if row[3] == "Room 0" else row[3], *row[4:]) for row in a_table()
    ]
    name = "../../=cmd\u202e\x07<script>.csv"
    page = bring(evaluator, as_csv(rows), by="workshop", name=name)
    assert "<script>." not in page.text
    assert "\u202ecsv" not in page.text
    sent = bring(evaluator, as_csv(rows), to=f"{HERE}/report.csv", by="workshop", name=name)
    told = csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")))
    assert not [cell for row in told for cell in row.values() if cell.startswith("=")]


def test_a_program_gets_the_same_report(
    client: TestClient, house: House, dina: StaffPerson, evaluator: PageClient
) -> None:
    content = as_csv(a_table())
    shown = document_of(evaluator, content, by="workshop", pass_mark="14")
    asked = {"max_score": "20", "pass_mark": "14", "by": "workshop"}
    path = f"{API}/reports/from-file/report"
    headers = bearer_of(house, dina)
    answer = client.post(f"{path}.json", params=asked, headers=headers, content=content)
    assert read_json(answer.content).hash == shown.hash
    ur = asked | {"language": "ur"}
    answer = client.post(f"{path}.json", params=ur, headers=headers, content=xlsx(a_table()))
    assert read_json(answer.content).hash == shown.hash
    bad = client.post(f"{path}.csv", params=asked, headers=headers, content=b"%PDF-1.7")
    assert (bad.status_code, bad.json()["code"]) == (422, "scores_refused")


def test_a_trainers_file_is_not_read(client: TestClient, house: House, amal: StaffPerson) -> None:
    sign_in(client, house, amal)
    answer = client.post(HERE, files={"file": ("scores.csv", as_csv(a_table()), "text/csv")})
    assert answer.status_code == 403
