"""A translator's sheet: every text of a bank beside its translation, out and back in.

It comes back alone: the places in its first column say where each text belongs, and the words it
was made from are compared with what the bank says today.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.adapters.workbooks import TableRow, Tables
from app.adapters.xlsx import Cell, Heading, Sheet, Words, write_workbook
from app.banks.plain import source_files
from app.banks.reading import read_files
from app.banks.schemas import ItemBank, Place, Problem, SourceFile, Spot
from app.banks.table_cells import read_table, show_table
from app.banks.workbook_sheets import PARTS
from app.core.text import is_rtl

SHEET = "translation"
_HEADINGS = ("place", "what it is", "source", "translation")
_WHAT = {
    "objectives": "topic", "misconceptions": "false belief", "stimuli": "shared text",
    "stem": "question", "options": "option", "rows": "line", "tables": "table", "title": "title",
}  # fmt: skip


class Translated(NamedTuple):
    """A text of the bank: its place, the bank's own words, and those of a language, or none."""

    place: Place
    own: str
    given: str


def texts_of(bank: ItemBank, language: str) -> Iterator[Translated]:
    """Every text that a language needs, in the bank's order; forms' titles last."""
    whole = bank.source.model_dump(mode="json")
    texts = bank.languages.get(language)
    known: Mapping[str, Any] = texts.model_dump(mode="json") if texts else {}
    yield Translated(("title",), bank.source.title, str(known.get("title", "")))
    for part in PARTS:
        for row in whole[part.name]:
            for field in part.fields:
                if field.is_spoken:
                    yield from _texts_in(
                        row, (part.name, row["ref"]), field.path, known, part.is_flat
                    )
    for row in bank.source.stimuli:
        if row.table is not None:
            given = known.get("tables", {}).get(row.ref)
            own = show_table(row.table.model_dump(mode="json"))
            yield Translated(("tables", row.ref), own, show_table(given) if given else "")
    for form in bank.forms:
        own = form.title.get(bank.source.language, "")
        yield Translated(("forms", form.form, "title"), own, form.title.get(language, ""))


def _texts_in(
    row: Mapping[str, Any], at: Place, path: Place, known: Mapping[str, Any], is_flat: bool
) -> Iterator[Translated]:
    name = str(path[0])
    if "#" not in path:
        place = at if is_flat else (*at, name)
        yield Translated(place, row[name], _find(known, place))
        return
    for each in row[name]:
        place = (*at, name, each["ref"])
        yield Translated(place, each[str(path[-1])], _find(known, place))


def _find(known: Mapping[str, Any], place: Place) -> str:
    here: Any = known
    for part in place:
        here = here.get(part, {}) if isinstance(here, Mapping) else {}
    return here if isinstance(here, str) else ""


def write_translation(bank: ItemBank, language: str, *, made_at: datetime) -> bytes:
    """The sheet for one language, known to the bank or new."""
    own = bank.source.language
    head = [Heading(f"{_HEADINGS[2]} [{own}]"), Heading(f"{_HEADINGS[3]} [{language}]")]
    rows: list[list[Cell]] = [[Heading(_HEADINGS[0]), Heading(_HEADINGS[1]), *head]]
    for each in texts_of(bank, language):
        rows.append(
            [
                Words("/".join([bank.source.bank, *map(str, each.place)])),
                Words(_what(each.place)),
                Words(each.own, is_rtl(own)),
                Words(each.given, is_rtl(language)),
            ]
        )
    sheet = Sheet(SHEET, rows, (34, 14, 56, 56), frozen_rows=1, typed=True)
    return write_workbook(
        [sheet], title=f"{bank.source.title} ({language})", made_at=made_at, is_rtl=False
    )


def _what(place: Place) -> str:
    return next(_WHAT[str(part)] for part in reversed(place) if part in _WHAT)


def is_translation(tables: Tables) -> bool:
    """Whether a workbook is such a sheet, and no bank."""
    return SHEET in tables


def bank_of_translation(tables: Tables) -> str:
    """The name of the bank it belongs to, as its places say; empty where they say nothing."""
    places = [row.cells.get(0, "") for row in tables[SHEET][1:]]
    return places[0].partition("/")[0].strip() if places else ""


def read_translation(tables: Tables, bank: ItemBank) -> tuple[ItemBank | None, list[Problem]]:
    """The bank with the sheet's words in it, checked as a whole; each problem names its cell."""
    head, *rows = tables[SHEET]
    language = head.cells.get(3, "").removeprefix(_HEADINGS[3]).strip(" []")
    if not language or language == bank.source.language:
        spot = Spot(SHEET, head.line, "D")
        return None, [Problem.at(spot, f"the language must stand here: {_HEADINGS[3]} [ur]")]
    files = source_files(bank)
    wanted = {
        "/".join([bank.source.bank, *map(str, each.place)]): each
        for each in texts_of(bank, language)
    }
    file = SourceFile(SHEET, _empty_texts(bank, language), {(): Spot(SHEET, 1, "D")})
    files[f"{language}.yaml"] = file
    spots: dict[Place, Spot] = {}
    problems: list[Problem] = []
    for row in rows:
        known = wanted.get(row.cells.get(0, "").strip())
        if known is None:
            spot = Spot(SHEET, row.line, "A")
            problems.append(Problem.at(spot, "the bank has no text of this name; take a new sheet"))
            continue
        problems += _say_changed(row, known.own)
        spots[known.place] = Spot(SHEET, row.line, "D")
        if known.place[0] == "forms":
            _put_title(files, known.place, language, row)
        elif 3 in row.cells and known.place[0] == "tables":
            file.value["tables"][str(known.place[1])] = read_table(row.cells[3])
        elif 3 in row.cells:
            _put(file.value, known.place, row.cells[3])
    for place, spot in list(spots.items()):
        for length in range(1, len(place)):
            spots.setdefault(place[:length], spot)  # of what has no cell of its own, the first
    files[f"{language}.yaml"] = SourceFile(SHEET, file.value, {**file.spots, **spots})
    found, wrong = read_files(bank.source.bank, files)
    return found, sorted([*problems, *wrong])


def _say_changed(row: TableRow, own: str) -> Iterator[Problem]:
    for at in row.formulas:
        spot = Spot(SHEET, row.line, "ABCD"[at] if at < 4 else "A")
        yield Problem.at(spot, "a formula; type its value, or paste it as a value")
    if row.cells.get(2, "") != own:
        spot = Spot(SHEET, row.line, "C")
        yield Problem.at(spot, f"the source has changed since; it says now: “{own}”")


def _empty_texts(bank: ItemBank, language: str) -> dict[str, Any]:
    parts: dict[str, Any] = {part.name: {} for part in PARTS}
    return {"bank": bank.source.bank, "language": language, "tables": {}} | parts


def _put(value: dict[str, Any], place: Place, text: str) -> None:
    *way, last = place
    for part in way:
        value = value.setdefault(str(part), {})
    value[str(last)] = text


def _put_title(files: dict[str, SourceFile], place: Place, language: str, row: TableRow) -> None:
    form = files[f"forms/{place[1]}.yaml"].value
    if 3 in row.cells:
        form["title"][language] = row.cells[3]
    elif language not in form["languages"]:
        form["title"].pop(language, None)
