"""Files from outside: banks in every form, lists of people, tables of scores, pictures."""

import json
import random
from datetime import date
from functools import cache
from pathlib import Path

from starlette.datastructures import FormData

from app.adapters.brought import Brought, read_brought
from app.adapters.csv_files import CsvRow, CsvUnreadable, read_csv
from app.adapters.pictures import PictureRefused, draw_small
from app.adapters.sheets import SheetRefused, read_sheet, refuse_other_kinds
from app.adapters.workbooks import Tables, read_tables
from app.banks.drafting import draft_form
from app.banks.gift import write_gift
from app.banks.importing import look_over
from app.banks.moodle_xml import write_moodle
from app.banks.plain import as_json, from_json
from app.banks.translating import write_translation
from app.core.errors import BankRefused, ListRefused, ScoresRefused
from app.core.roster_columns import guess_layout
from app.core.rosters import Decisions, read_roster
from app.gains.spreadsheet import Column
from app.participants.rosters import rows_of
from app.reports.from_file import keep_known, read_results
from app.reports.schemas import FileWanted
from app.web.lists import read_sent_list
from tests.fixtures import nasty_rosters
from tests.fixtures.bank_bombs import sheet_of, zipped
from tests.fixtures.logos import a_picture
from tests.fixtures.qti_files import WHOLE, package
from tests.fixtures.rosters import PROVINCES
from tests.fixtures.row_files import BANK as BANK_WITH_ROWS
from tests.fixtures.score_table import SCORES
from tests.fixtures.spoiling import (
    spoil_archive,
    spoil_bytes,
    spoil_json,
    spoil_tables,
    spoil_text,
)
from tests.fixtures.workbooks import EXAMPLE, MADE_AT, banks, written
from tests.long.parser_target import Target, of_files, of_texts
from tests.unit.test_foreign_banks import CHOICES, GIFT, GIFT_LOST, MOODLE, SURVEY
from tests.unit.test_foreign_rows import GIFT_PAIRS, MOODLE_ROWS

_TODAY = date(2026, 11, 23)
_APART = (SheetRefused, BankRefused, RecursionError, MemoryError)
"""How a bank is refused; for the last two the process that serves says "too heavy"."""

_ROSTER = nasty_rosters.csv(
    (
        ("List of participants", "", "", "", ""),
        ("No", "Name", "Father's name", "Sex", "Agency"),
        ("1", "Synthetic One", "Synthetic Father", "F", "Police"),
        ("2", "فرضی دو", "فرضی والد", "مرد", "پولیس"),
        ("3", "Synthetic One", "", "M", "NGO"),
    )
)


def targets() -> list[Target]:
    """All of them."""
    return [*_bank_targets(), *_list_targets(), *_score_targets(), _pictures()]


# --- banks -------------------------------------------------------------------------------------


def _bank_targets() -> list[Target]:
    files = sorted((EXAMPLE / "my-bank").rglob("*.yaml"))
    folder = [(each.relative_to(EXAMPLE).as_posix(), each.read_bytes()) for each in files]
    bank, moodle = banks()["my-bank"], write_moodle(banks()["my-bank"], "en")
    gift = [
        "\n\n".join(text for text, *_ in (*GIFT.values(), *GIFT_PAIRS.values())),
        write_gift(bank, "en").decode(),
    ]
    sheets = [_tables("my-bank"), _tables("translation"), _tables("xlsform")]
    plain = [as_json(bank)]
    return [
        of_texts("bank_yaml", _read_bank_text, *_APART,
                 examples=(_text_of(EXAMPLE / "my-bank" / "bank.yaml"), BANK_WITH_ROWS)),
        of_files("bank_zip", _read_bank, *_APART, examples=[zipped(folder)], spoil=spoil_archive),
        of_files("bank_workbook", _read_bank, *_APART,
                 examples=[written("my-bank"), *_other_workbooks()], spoil=spoil_archive),
        Target("bank_sheets", sheets, lambda chance: spoil_tables(chance.choice(sheets), chance),
               _read_tables, (BankRefused,)),
        of_texts("gift", _read_bank_text, *_APART, examples=gift,
                 words=[text for text, _ in GIFT_LOST.values()]),
        of_files("moodle_xml", _read_bank, *_APART, examples=[moodle, MOODLE, MOODLE_ROWS],
                 spoil=spoil_bytes),
        of_files("qti", _read_bank, *_APART, examples=[*WHOLE.values()], spoil=spoil_bytes),
        of_files("qti_package", _read_bank, *_APART, examples=[package(), package("test/")],
                 spoil=spoil_archive),
        Target("bank_sent_back", plain, lambda chance: spoil_json(chance.choice(plain), chance),
               from_json, (ValueError,)),
    ]  # fmt: skip


def _read_bank_text(text: str) -> None:
    _read_bank(text.encode("utf-8", "surrogatepass"))


def _read_bank(content: bytes) -> None:
    """As an admin's file is: opened apart, looked over, shown, and drafted to be published."""
    if not content.strip():
        raise SheetRefused("list_empty")
    refuse_other_kinds(content)
    _look(read_brought(content))


def _read_tables(tables: Tables) -> None:
    _look(Brought(tables=tables))


def _look(brought: Brought) -> None:
    """What stands behind the process of its own refuses by BankRefused alone."""
    try:
        seen = look_over(brought, banks().get, _TODAY)
        for note in (*seen.notes, *seen.losses):
            str(note.spot)
        if seen.bank is None:
            return
        text = as_json(seen.bank)
        assert from_json(text)[0] == seen.bank or not seen.can_be_published
        for form in seen.bank.forms if seen.can_be_published else ():
            draft_form(seen.bank, form)
    except (SheetRefused, RecursionError, MemoryError) as error:
        raise AssertionError("the process that serves must not end so") from error


@cache
def _other_workbooks() -> tuple[bytes, bytes]:
    translation = write_translation(banks()["my-bank"], "ur", made_at=MADE_AT)
    return translation, sheet_of(SURVEY)()


@cache
def _tables(name: str) -> Tables:
    if name == "xlsform":
        return {
            sheet: read_tables(sheet_of(rows)())["s0"]
            for sheet, rows in (("survey", SURVEY), ("choices", CHOICES))
        }
    return read_tables(_other_workbooks()[0] if name == "translation" else written(name))


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- lists of people ---------------------------------------------------------------------------


def _list_targets() -> list[Target]:
    words = [cell for cell in _ROSTER.replace("\r\n", ",").split(",") if cell]
    arabic = _ROSTER.replace(",", ";").replace("ی", "ي")
    files = [_ROSTER.encode(), _ROSTER.encode("utf-16"), arabic.encode("cp1256"),
             _ROSTER.replace(",", "\t").encode("utf-16-le")]  # fmt: skip
    books = [nasty_rosters.xlsx(line.split(",") for line in _ROSTER.split("\r\n"))]
    sent = [_sent_list()]
    return [
        of_texts("list_pasted", _read_pasted, SheetRefused, examples=[_ROSTER], words=words),
        of_files("list_csv", _read_list, SheetRefused, examples=files, spoil=spoil_bytes),
        of_files("list_workbook", _read_list, SheetRefused, RecursionError, MemoryError,
                 examples=books, spoil=spoil_archive),
        Target("list_sent_back", sent, lambda chance: _spoilt_form(chance.choice(sent), chance),
               _read_sent, (ListRefused,)),
    ]  # fmt: skip


def _read_pasted(text: str) -> None:
    _read_list(text.encode("utf-8", "replace"))


def _read_list(content: bytes) -> None:
    """As a trainer's file is; each name that would be taken in can be kept."""
    rows = rows_of(read_sheet(content))
    layout = guess_layout(rows, PROVINCES)
    for row in read_roster(rows, layout, provinces=PROVINCES, decisions=Decisions({})):
        (row.key + row.person.name).encode()


def _sent_list() -> str:
    rows = [[3, ["1", "Synthetic One", "F"]], [4, ["2", "فرضی دو", "M"]]]
    sent = {"list": json.dumps([{"line": line, "cells": cells} for line, cells in rows]),
            "column-0": "other", "column-1": "name", "column-2": "sex", "above": "0",
            "same-3": "two", "out-4": "yes", "name-4": "Synthetic Two"}  # fmt: skip
    return json.dumps(sent)


def _spoilt_form(text: str, chance: random.Random) -> str:
    """The fields of the page; those that hold JSON are spoilt inside."""
    fields = json.loads(text)
    if chance.random() < 0.6:
        fields["list"] = spoil_json(fields["list"], chance)
    else:
        name = chance.choice([*fields])
        fields[spoil_text(name, chance) if chance.random() < 0.2 else name] = spoil_text(
            fields[name], chance
        )
    return json.dumps(fields)


def _read_sent(text: str) -> None:
    sent = read_sent_list(FormData(json.loads(text)))
    layout = sent.layout or guess_layout(sent.rows, PROVINCES)
    read_roster(sent.rows, layout, provinces=PROVINCES, decisions=sent.decisions)


# --- scores and pictures -----------------------------------------------------------------------


def _score_targets() -> list[Target]:
    head, *lines = SCORES.splitlines()
    table = "\n".join([head, *lines[::4]]) + "\n"
    words = ["12,5", "٫5", "1e3", "۱۲", "-0", "participant", "pre", "قبل", "20.000000001"]
    return [
        of_texts("scores_csv", _read_scores, ScoresRefused, SheetRefused, examples=[table],
                 words=words),
        of_texts("scores_command", _read_score_file, CsvUnreadable, ScoresRefused,
                 examples=[table, f"sep=;\n{table.replace(',', ';')}"], words=words),
    ]  # fmt: skip


def _wanted() -> FileWanted:
    return FileWanted.of(name="scores", max_score=20, pass_mark=12, by=Column.WORKSHOP.value)


def _read_scores(text: str) -> None:
    """As an evaluator's page reads it."""
    sheet = read_sheet(text.encode("utf-8", "replace"))
    read_results(keep_known([CsvRow(row.line, row.cells) for row in sheet.rows]), _wanted())


def _read_score_file(text: str) -> None:
    """As the command line reads it."""
    table = read_csv(text.encode("utf-8", "replace"))
    read_results([table.header, *table.rows], _wanted())


def _pictures() -> Target:
    examples = [a_picture((90, 40)), a_picture((90, 40), "JPEG")]
    return of_files("logo", draw_small, PictureRefused, MemoryError, examples=examples,
                    spoil=spoil_bytes)  # fmt: skip
