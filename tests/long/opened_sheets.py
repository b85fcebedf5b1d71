"""Workbooks opened by a program people use: LibreOffice reads nasty text and draws Urdu sheets.

It must be installed (Debian: libreoffice-calc-nogui). The pictures lie under build/opened_sheets,
to be looked at: nothing but eyes judges letters.
"""

import argparse
import csv
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import typst

from app.adapters.xlsx import Heading, Look, Number, Sheet, write_workbook
from app.reports.as_xlsx import as_xlsx
from tests.fixtures.documents import MADE_AT, a_document
from tests.fixtures.nasty_cells import NASTY
from tests.fixtures.prints import FONTS
from tests.legs import BUILD

_PICTURES = BUILD / "opened_sheets"
_NAMES = ("فرضی ورکشاپ", "Synthetic (second) workshop", "نمونہ 2 · Karachi")
_AS_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Commas, quotes, UTF-8; cells as they are shown; every sheet as a file of its own."""
_SECONDS = 120
_PAGES = '#set page(width: auto, height: auto, margin: 0pt)\n#image("{name}.pdf", page: {page})'


def run(chosen: argparse.Namespace, folder: Path) -> Mapping[str, object]:
    """How many cells came back as they were written, and how many pages were drawn."""
    office = shutil.which("soffice")
    if office is None:
        return {"office": "not found", "is_ok": False}
    shutil.copytree(FONTS, folder / "home" / ".fonts")
    lost = _read_nasty(office, folder)
    pages = {language: _draw(office, folder, language) for language in ("en", "ur")}
    return {
        "cells": 2 * len(NASTY) + 1,
        "changed": len(lost),
        "which": lost[:5],
        "pages": pages,
        "pictures": str(_PICTURES.relative_to(BUILD.parent)),
        "is_ok": not lost and min(pages.values()) >= 3,
    }


def _read_nasty(office: str, folder: Path) -> list[str]:
    """What is not the same text, or number, in a cell, a heading or the name of a sheet."""
    rows = [[text, Heading(text)] for text in NASTY]
    gain = [Number(-12, Look(is_signed=True)), "end"]
    sheet = Sheet(name="=1+1", rows=[*rows, gain], widths=(40, 40))
    content = write_workbook([sheet], title="=1+1", made_at=MADE_AT, is_rtl=False)
    (folder / "nasty.xlsx").write_bytes(content)
    _convert(office, folder, "nasty.xlsx", _AS_TEXT)
    with (folder / "nasty-=1+1.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    wanted = [[text, text] for text in NASTY] + [["-12", "end"]]
    changed = [str(told) for told, want in zip(found, wanted, strict=False) if told != want]
    return changed or ([] if len(found) == len(wanted) else [f"{len(found)} rows"])


def _draw(office: str, folder: Path, language: str) -> int:
    """A report's sheets as a picture each; returns how many."""
    name = f"report_{language}"
    (folder / f"{name}.xlsx").write_bytes(as_xlsx(a_document(language, names=_NAMES)))
    _convert(office, folder, f"{name}.xlsx", "pdf")
    _PICTURES.mkdir(exist_ok=True)
    page = 0
    while picture := _picture(folder, name, page + 1):
        page += 1
        (_PICTURES / f"{name}_{page}.png").write_bytes(picture)
    return page


def _picture(folder: Path, name: str, page: int) -> bytes | None:
    source = folder / "page.typ"
    source.write_text(_PAGES.format(name=name, page=page), encoding="utf-8")
    try:
        made = typst.compile(source, root=folder, format="png", ppi=90)
    except typst.TypstError:  # there is no such page
        return None
    return made if isinstance(made, bytes) else b""


def _convert(office: str, folder: Path, name: str, kind: str) -> None:
    subprocess.run(
        [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", kind, "--outdir", str(folder), str(folder / name)],
        env=os.environ | {"HOME": str(folder / "home")}, timeout=_SECONDS, check=True,
        capture_output=True,
    )  # fmt: skip
