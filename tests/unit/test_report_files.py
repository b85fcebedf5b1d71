"""A report as files: archivable and tagged on paper, the same bytes, and typed text stays text."""

import json
import re
import zipfile
from io import BytesIO

import pytest

from app.reports.as_csv import COLUMN_WORDS, HEADER, REASONS, as_csv, dictionary_as_csv
from app.reports.as_json import as_json, read_json
from app.reports.as_pdf import as_pdf, report_facts, runs_of
from app.reports.as_xlsx import as_xlsx
from app.reports.as_zip import as_zip
from tests.fixtures.documents import a_document
from tests.fixtures.prints import fonts_in, pictures_of, read, words_of

HOSTILE = '#read("/etc/passwd") $x$ *b* _i_ \\ @preview <a> #import "parts.typ": *'
MAKERS = {"csv": as_csv, "json": as_json, "pdf": as_pdf, "xlsx": as_xlsx, "zip": as_zip}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_same_report_is_the_same_bytes(kind: str, language: str) -> None:
    make = MAKERS[kind]
    assert make(a_document(language)) == make(a_document(language))


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_report_keeps_its_hash_over_versions_and_languages(language: str) -> None:
    kept = "fb6924dd3cac11a6d3e6a2be837c691bbab58264fd6f1c34bc915db9d7146e62"
    assert a_document(language).hash == kept  # as kept reports have it; another is another report


@pytest.mark.parametrize("language", ["en", "ur"])
def test_paper_is_tagged_archivable_and_holds_its_fonts(language: str) -> None:
    made = as_pdf(a_document(language, names=("فرضی ورکشاپ", "Synthetic", "نمونہ 2 · Karachi")))
    told = made.decode("latin-1")
    assert re.search(r"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>A", told)
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    fonts = fonts_in(made)
    assert fonts
    assert all(fonts.values())
    title = read(made).metadata
    assert title is not None
    assert title.title == a_document(language).title.replace("\u2066", "").replace("\u2069", "")


def test_the_finding_and_the_numbers_stand_on_two_pages_and_the_annex_behind_them() -> None:
    pages = words_of(as_pdf(a_document()))
    assert len(pages) == 3
    assert "Knowledge rose from 30% to 65%" in pages[0]
    assert "+35" in pages[0]
    assert "−3 … +40" in pages[0]
    assert "≤ 10%" in pages[0]
    assert "How this was measured" in pages[1]
    assert "Technical annex" in pages[2]


def test_a_long_table_ends_on_paper_with_where_the_rest_is() -> None:
    pages = words_of(as_pdf(a_document(names=tuple(f"Synthetic {n}" for n in range(300)))))
    assert len(pages) < 8
    assert "More rows are in the spreadsheet of this report." in " ".join(pages)


def test_what_people_typed_is_printed_and_read_by_nothing() -> None:
    said = " ".join(words_of(as_pdf(a_document(names=(HOSTILE,)))))
    assert HOSTILE in " ".join(said.split())
    assert "root:" not in said


def test_every_page_can_be_drawn_in_both_languages() -> None:
    for language in ("en", "ur"):
        pages = pictures_of("report", report_facts(a_document(language)), ppi=50)
        assert len(pages) == 3
        assert all(len(set(page.tobytes())) > 20 for page in pages)


def test_isolated_words_are_runs_of_their_own() -> None:
    told = runs_of("from \u206630%\u2069 in \u2068کراچی \u20662026\u2069\u2069, again")
    assert [(run["text"], run["is_own"]) for run in told] == [
        ("from ", True), ("30%", False), (" in ", True), ("کراچی 2026", False), (", again", True),
    ]  # fmt: skip
    assert [run["is_rtl"] for run in told if not run["is_own"]] == [False, True]


def test_the_dictionary_names_every_column_measure_and_reason() -> None:
    assert list(COLUMN_WORDS) == list(HEADER)
    document = a_document()
    lines = dictionary_as_csv(document).decode("utf-8-sig").splitlines()
    named = {tuple(line.split(",")[:2]) for line in lines}
    own = {each.measure for table in document.tables for each in table.columns}
    assert {name for kind, name in named if kind == "measure"} == own
    assert {("reason", each) for each in REASONS} <= named


def test_the_archive_holds_the_csv_its_dictionary_and_the_program() -> None:
    document = a_document()
    with zipfile.ZipFile(BytesIO(as_zip(document))) as archive:
        assert archive.namelist() == ["report.csv", "dictionary.csv", "recompute.py"]
        assert archive.read("report.csv") == as_csv(document)


def test_a_report_kept_before_sections_said_their_part_stands_where_it_stood() -> None:
    document = a_document()
    told = json.loads(as_json(document))
    for section in told["sections"]:
        section["is_annex"] = section.pop("part") == "annex"
    assert read_json(json.dumps(told).encode()) == document
