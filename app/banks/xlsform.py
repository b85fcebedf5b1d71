"""XLSForm, as survey tools keep their forms: its scales and open questions become a draft.

Such a form has no right answers: it becomes a questionnaire. Logic, groups and calculated values
have no place in one, and are listed.
"""

import re
from collections.abc import Mapping

from app.adapters.workbooks import TableRow, Tables
from app.banks.foreign import Foreign, ForeignItem, ForeignOption, plain_text
from app.banks.schemas import Spot
from app.banks.workbook_reading import column_letters
from app.core.scoring import ItemKind

_LABEL = re.compile(r"label\s*(?:::?\s*(?P<name>[^()]*?)\s*(?:\((?P<code>[A-Za-z-]+)\))?)?")
_CODES = {"english": "en", "urdu": "ur", "pashto": "ps", "dari": "fa-AF", "sindhi": "sd",
          "arabic": "ar", "sorani": "ckb", "bangla": "bn"}  # fmt: skip
_KNOWN = frozenset({"type", "name", "label", "list_name", "list name"})


def is_xlsform(tables: Tables) -> bool:
    """Whether a workbook is such a form."""
    return {"survey", "choices"} <= {name.strip().lower() for name in tables}


def read_xlsform(tables: Tables) -> Foreign:
    """The scales and open questions of a form."""
    sheets = {name.strip().lower(): rows for name, rows in tables.items()}
    foreign = Foreign(purpose="questionnaire")
    choices: dict[str, list[dict[str, str]]] = {}
    for _, row, columns in _rows(foreign, "choices", sheets["choices"]):
        ref = _cell(row, columns, "list_name") or _cell(row, columns, "list name")
        choices.setdefault(ref, []).append(_labels(foreign, "choices", row, columns))
    for line, row, columns in _rows(foreign, "survey", sheets["survey"]):
        _read_row(foreign, Spot("survey", line, "A"), row, columns, choices)
    for name in sheets:
        if name not in {"survey", "choices"}:
            foreign.lose(Spot(name, 1, "A"), "the whole sheet")
    found = {code for item in foreign.items for code in item.stem}
    if found and "en" not in found:
        foreign.language = sorted(found)[0]
    return foreign


_Columns = Mapping[str, int]


def _rows(
    foreign: Foreign, sheet: str, table: tuple[TableRow, ...]
) -> list[tuple[int, TableRow, _Columns]]:
    if not table:
        return []
    head, *rest = table
    columns = {" ".join(text.lower().split()): at for at, text in head.cells.items()}
    for name, at in columns.items():
        if name not in _KNOWN and not _LABEL.fullmatch(name):
            spot = Spot(sheet, head.line, column_letters(at))
            foreign.lose(spot, f"the column “{name}”")
    return [(row.line, row, columns) for row in rest]


def _cell(row: TableRow, columns: _Columns, name: str) -> str:
    return row.cells.get(columns.get(name, -1), "").strip()


def _labels(foreign: Foreign, sheet: str, row: TableRow, columns: _Columns) -> dict[str, str]:
    found = {}
    for name, at in columns.items():
        label = _LABEL.fullmatch(name)
        if label and row.cells.get(at, "").strip():
            told = (label["name"] or "").strip()
            code = label["code"] or _CODES.get(told, told if 2 <= len(told) <= 3 else "en")
            words, lost = plain_text(row.cells[at])
            if lost:
                foreign.lose(
                    Spot(sheet, row.line, column_letters(at)), f"markup: {', '.join(lost)}"
                )
            found[_as_told(code)] = words
    return found


def _as_told(code: str) -> str:
    """A language's short name, its country in capitals: headings were read in small letters."""
    language, dash, country = code.partition("-")
    return f"{language}{dash}{country.upper()}"


def _read_row(
    foreign: Foreign,
    spot: Spot,
    row: TableRow,
    columns: _Columns,
    choices: Mapping[str, list[dict[str, str]]],
) -> None:
    kind, name = _cell(row, columns, "type"), _cell(row, columns, "name")
    stem = _labels(foreign, spot.file, row, columns)
    words = " ".join(kind.replace("_", " ").split()).lower()
    if words == "text":
        foreign.items.append(ForeignItem(spot, name, ItemKind.SHORT_TEXT, stem))
        return
    if words.startswith("select one ") and stem:
        ref, *more = re.sub(r"^select[_ ]one( from)?\s+", "", kind, flags=re.IGNORECASE).split()
        if more:
            foreign.lose(spot, f"“{' '.join(more)}” of “{name}”")
        options = tuple(ForeignOption(text) for text in choices.get(ref, []))
        if 3 <= len(options) <= 7:
            item = ForeignItem(spot, name, ItemKind.LIKERT, stem, options, is_fixed=True)
            foreign.items.append(item)
            return
        foreign.lose(spot, f"“{name}”: a choice of {len(options)}, a scale has 3 to 7")
        return
    foreign.lose(
        spot, f"{kind or 'a row without a type'}: “{name or next(iter(stem.values()), '')}”"
    )
