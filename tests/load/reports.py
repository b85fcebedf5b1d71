"""What a report's files cost, beside a bare loop of the library that writes them.

`python -m tests.load.reports [--json] [--rows N]`. Ratios are of one run on one computer; the best
of three goes counts, in processor time, ours and the bare one by turns.

xlsx_ratio  `as_xlsx` of a report with a table of 100,000 rows ÷ xlsxwriter's own `write` in a loop
            over the same cells, with the same options
pdf_ratio   `as_pdf` of reports of 30 workshops ÷ one compiler that draws the same ready facts
peak_mb     the most memory of a process that writes that workbook; `growth_mb`: how much of it
            came after the report stood in memory
page_ratio  the page over 200 workshops ÷ the reading of its numbers; beside it the milliseconds of
            that page, of the page by workshop and of the list (`report_pages`)
"""

import argparse
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import typst
import xlsxwriter

from app.adapters.xlsx import Cell, Heading, Number
from app.reports.as_pdf import as_pdf, report_facts
from app.reports.as_xlsx import as_xlsx, sheets_of
from app.reports.document import ReportDocument
from tests.fixtures.documents import a_document
from tests.fixtures.prints import FONTS, TEMPLATES
from tests.legs import ROOT
from tests.load.gain_figures import peak_mb
from tests.load.report_pages import measure_pages

ROWS, WORKSHOPS, PRINTS, GOES = 100_000, 30, 5, 3
LIMITS = {"xlsx_ratio": "≤ 1.1", "pdf_ratio": "≤ 1.5", "page_ratio": "≤ 2"}
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_Look = tuple[str, str, bool, int | None]


def run(rows: int = ROWS) -> dict[str, Any]:
    """The figures of one run."""
    large = _report_of(rows)
    ready = [[_plain(cell) for cell in row] for sheet in sheets_of(large) for row in sheet.rows]
    assert large.id  # the audit log has it before anything is written
    xlsx = _best(lambda: as_xlsx(large), lambda: _write_bare(ready))
    prints = [_report_of(WORKSHOPS, number) for number in range(PRINTS)]
    facts = [json.dumps(report_facts(each), ensure_ascii=False) for each in prints]
    pdf = _best(lambda: [as_pdf(each) for each in prints], lambda: _draw_bare(facts))
    peak, growth = _measure_memory(rows)
    return {
        "xlsx_ratio": round(xlsx[0] / xlsx[1], 2),
        "pdf_ratio": round(pdf[0] / pdf[1], 2),
        "peak_mb": peak,
        "growth_mb": growth,
        "xlsx_seconds": round(xlsx[0], 1),
        "pdf_ms_each": round(1000 * pdf[0] / PRINTS),
        **measure_pages(),
    }


def _report_of(workshops: int, minutes: int = 0) -> ReportDocument:
    made = a_document(names=tuple(f"Synthetic workshop {each}" for each in range(workshops)))
    return replace(made, as_of=made.as_of + timedelta(minutes=minutes))


def _plain(cell: Cell) -> tuple[str | float | None, _Look | None]:
    """A cell as xlsxwriter takes it, and what its format is known by."""
    if isinstance(cell, Number):
        places = int(cell.value.as_tuple().exponent) if hasattr(cell.value, "as_tuple") else None
        return float(cell.value), (*cell.look, places)
    return (cell.text if isinstance(cell, Heading) else cell), None


def _write_bare(rows: Sequence[Sequence[tuple[str | float | None, _Look | None]]]) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), _OPTIONS)
    page = book.add_worksheet()
    formats: dict[_Look, Any] = {}
    for row, cells in enumerate(rows):
        for column, (value, look) in enumerate(cells):
            if look is not None and look not in formats:
                formats[look] = book.add_format({"num_format": "0.0"})
            if value is not None:
                page.write(row, column, value, formats[look] if look else None)
    book.close()


def _draw_bare(facts: Sequence[str]) -> None:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
    for told in facts:
        assert compiler.compile(
            input=TEMPLATES / "report.typ", format="pdf", sys_inputs={"facts": told},
            pdf_standards=["a-2a", "ua-1"], timestamp=0,
        )  # fmt: skip


def _best(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time of both, by turns, the best of each."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(GOES):
        for act, seconds in zip((ours, bare), found, strict=True):
            began = time.process_time()
            act()
            seconds.append(time.process_time() - began)
    return min(found[0]), min(found[1])


def _measure_memory(rows: int) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.load.reports", "--alone", "--rows", str(rows)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    before, after = json.loads(done.stdout)
    return round(after), round(after - before)


def _write_alone(rows: int) -> list[float]:
    """Megabytes before and after a workbook is written."""
    large = _report_of(rows)
    before = peak_mb()
    as_xlsx(large)
    return [before, peak_mb()]


def main() -> int:
    """Print a table, or one JSON line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        print(json.dumps(_write_alone(chosen.rows)))
        return 0
    figures = run(chosen.rows)
    if chosen.json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        print(f"{name:20} {value:>8} {LIMITS.get(name, ''):>8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
