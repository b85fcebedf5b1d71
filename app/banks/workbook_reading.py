"""A workbook's cells as the plain data of a bank's files, each value with its sheet and cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from app.adapters.workbooks import TableRow, Tables
from app.banks.columns import Column, read_cell, read_label
from app.banks.reading import read_files
from app.banks.schemas import ItemBank, Place, Problem, SourceFile, Spot
from app.banks.workbook_sheets import (
    BANK,
    BLUEPRINTS,
    FORM_ITEMS,
    FORMS,
    LEFT_OUT,
    PARTS,
    SHEETS,
    TABLES,
    SheetShape,
)


@dataclass(frozen=True)
class Plain:
    """What was read: a bank's name, its files as plain data, and what cannot be read at all."""

    name: str
    files: dict[str, SourceFile]
    problems: list[Problem]


@dataclass
class _File:
    """A file that is being put together."""

    value: dict[str, Any]
    spots: dict[Place, Spot] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    """A row by its columns: what stands there, and where each column stands."""

    texts: Mapping[Column, str]
    spots: Mapping[Column, Spot]
    start: Spot


def read_workbook(tables: Tables) -> tuple[ItemBank | None, list[Problem]]:
    """The bank in a workbook, checked as its files would be; each problem names its cell."""
    plain = read_plain(tables)
    bank, problems = read_files(plain.name, plain.files)
    return bank, sorted([*plain.problems, *problems])


def read_plain(tables: Tables) -> Plain:
    """The workbook as the plain data of bank.yaml, xx.yaml and forms/xx.yaml."""
    problems: list[Problem] = []
    known = {shape.name: shape for shape in SHEETS}
    rows: dict[str, list[_Row]] = {name: [] for name in known}
    for name, table in tables.items():
        shape = known.get(name.strip().lower())
        if name.strip().startswith(LEFT_OUT) or not table:
            continue
        if shape is None:
            names = ", ".join(known)
            problems.append(
                Problem(name, 1, f"no sheet of a bank is called so; they are: {names}", "A")
            )
            continue
        rows[shape.name] = list(_read_sheet(name, shape, table, problems))
    files = _bank_files(rows, problems)
    files |= _form_files(rows, str(files["bank.yaml"].value.get("bank", "")), problems)
    name = str(files["bank.yaml"].value.get("bank", "")) or "bank"
    return Plain(name, {each: _whole(file) for each, file in files.items()}, problems)


def _whole(file: _File) -> SourceFile:
    spot = file.spots.get((), Spot(BANK.name, 1, "A"))
    spots: dict[Place, Spot] = {(): spot, **file.spots}
    for place, each in file.spots.items():
        for length in range(1, len(place)):
            spots.setdefault(place[:length], each)  # of what has no cell of its own, the first
    return SourceFile(spot.file, file.value, spots)


def column_letters(at: int) -> str:
    """A column's letters as a spreadsheet shows them; `at` from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _read_sheet(
    name: str, shape: SheetShape, table: tuple[TableRow, ...], problems: list[Problem]
) -> Iterator[_Row]:
    head, *rest = table
    columns = _read_head(name, shape, head, problems)
    left_out = {at for at, text in head.cells.items() if text.strip().startswith(LEFT_OUT)}
    for row in rest:
        for at in row.formulas:
            spot = Spot(name, row.line, column_letters(at))
            problems.append(Problem.at(spot, "a formula; type its value, or paste it as a value"))
        for at in row.cells:
            if at not in columns and at not in head.cells and at not in left_out:
                spot = Spot(name, row.line, column_letters(at))
                problems.append(Problem.at(spot, "nothing stands above this column"))
        texts = {column: row.cells[at] for at, column in columns.items() if at in row.cells}
        if texts or row.formulas:
            spots = {
                column: Spot(name, row.line, column_letters(at)) for at, column in columns.items()
            }
            yield _Row(texts, spots, Spot(name, row.line, "A"))


def _read_head(
    name: str, shape: SheetShape, head: TableRow, problems: list[Problem]
) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for at, text in head.cells.items():
        spot = Spot(name, head.line, column_letters(at))
        column = read_label(text, shape.fields)
        if text.strip().startswith(LEFT_OUT):
            continue
        if column is None:
            problems.append(Problem.at(spot, f"no column is called “{text.strip()}” here"))
        elif column in columns.values():
            problems.append(Problem.at(spot, f"“{column.label}” stands here twice"))
        else:
            columns[at] = column
    return columns


@dataclass
class _Book:
    """The bank's own file and the further languages' files, while rows are taken into them."""

    own: str
    source: _File
    languages: dict[str, _File]

    def take(self, part: SheetShape, number: int, row: _Row) -> None:
        """One row of a part: its values into the source, its words into every language."""
        whole = self.source.value
        whole[part.name].append({})
        ref = _word(row, "ref")
        self.source.spots[part.name, number] = row.start
        for file in self.languages.values():
            file.spots[part.name, ref] = row.start
        parts = _numbered(row)
        for column in row.spots:
            group = (column.field.path[0], column.number)
            if column.number is not None and group not in parts:
                continue
            index, part_ref = parts.get(group, (0, ""))
            if column.language in {None, self.own}:
                path = [index if each == "#" else each for each in column.field.path]
                self._put(self.source, (part.name, number, *path), column, row)
            elif ref and str(column.language) in self.languages:
                place: Place = (part.name, ref)
                if column.number is not None:
                    place = (*place, column.field.path[0], part_ref)
                elif not part.is_flat:
                    place = (*place, *column.field.path)
                self._put(self.languages[str(column.language)], place, column, row)

    def take_bank(self, row: _Row) -> None:
        """The row of the bank itself."""
        self.source.spots[()] = row.start
        for column in row.spots:
            is_own = column.language in {None, self.own}
            file = self.source if is_own else self.languages.get(str(column.language))
            if file is not None:
                self._put(file, column.field.path, column, row)

    def take_table(self, row: _Row, problems: list[Problem]) -> None:
        """The table of a shared text that was taken before, in every language."""
        ref = _word(row, "ref")
        stimuli = self.source.value["stimuli"]
        at = next((at for at, each in enumerate(stimuli) if each.get("ref") == ref), None)
        if at is None:
            problems.append(Problem.at(row.start, f"no stimulus is called “{ref}”"))
            return
        for column in (each for each in row.spots if each.field.is_spoken):
            if column.language == self.own:
                self._put(self.source, ("stimuli", at, "table"), column, row)
            elif column.language in self.languages:
                self._put(self.languages[column.language], ("tables", ref), column, row)

    @staticmethod
    def _put(file: _File, place: Place, column: Column, row: _Row) -> None:
        file.spots[place] = row.spots[column]
        if column in row.texts and place[-1] != "":
            _put(file.value, place, read_cell(column.field, row.texts[column]))


def _bank_files(rows: Mapping[str, list[_Row]], problems: list[Problem]) -> dict[str, _File]:
    """bank.yaml, and one file for each further language in which anything is written."""
    first = rows[BANK.name][:1]
    own = _word(first[0], "language") if first else ""
    spoken = sorted(_languages_in(rows) - {own})
    book = _Book(
        own,
        _File({part.name: [] for part in PARTS}),
        {each: _File({part.name: {} for part in PARTS}) for each in spoken},
    )
    for row in first:
        book.take_bank(row)
    for row in rows[BANK.name][1:]:
        problems.append(Problem.at(row.start, "a workbook holds one bank, in one row"))
    for part in PARTS:
        for number, row in enumerate(rows[part.name]):
            book.take(part, number, row)
    for row in rows[TABLES.name]:
        book.take_table(row, problems)
    bank = book.source.value.get("bank", "")
    for language, file in book.languages.items():
        file.value |= {"bank": bank, "language": language}
    return {"bank.yaml": book.source} | {
        f"{each}.yaml": file for each, file in book.languages.items()
    }


def _languages_in(rows: Mapping[str, list[_Row]]) -> set[str]:
    """Every language in which a word stands; a column without one is as if it were not there."""
    shapes = (BANK, *PARTS, TABLES)
    found = (
        column.language for shape in shapes for row in rows[shape.name] for column in row.texts
    )
    return {language for language in found if language}


def _numbered(row: _Row) -> dict[tuple[str | int, int | None], tuple[int, str]]:
    """The parts that hold anything, by group and number: their place from 0, and their name."""
    used = sorted(
        {(str(column.field.path[0]), column.number) for column in row.texts if column.number}
    )
    counts: dict[str, int] = {}
    found: dict[tuple[str | int, int | None], tuple[int, str]] = {}
    for group, number in used:
        found[group, number] = (counts.get(group, 0), _word(row, group, "#", "ref", number=number))
        counts[group] = counts.get(group, 0) + 1
    return found


def _word(row: _Row, *path: str, number: int | None = None) -> str:
    """What stands in one column of a row, as a name."""
    for column, text in row.texts.items():
        if column.field.path == path and column.number == number:
            return text.strip()
    return ""


def _put(value: dict[str, Any], place: Place, what: Any) -> None:
    """Into nested dicts and lists, made where they are missing."""
    here: Any = value
    for part, following in pairwise(place):
        fresh: Any = [] if isinstance(following, int) else {}
        if isinstance(part, int):
            here.extend({} for _ in range(part + 1 - len(here)))
            here = here[part]
        else:
            here = here.setdefault(part, fresh)
    here[place[-1]] = what


def _form_files(
    rows: Mapping[str, list[_Row]], bank: str, problems: list[Problem]
) -> dict[str, _File]:
    """forms/xx.yaml: a row of the sheet of forms, with its rows on the two other sheets."""
    forms: dict[str, _File] = {}
    for row in rows[FORMS.name]:
        ref = _word(row, "form")
        if ref in forms:
            problems.append(Problem.at(row.start, f"the form “{ref}” stands here twice"))
            continue
        file = forms[ref] = _File({"bank": bank, "title": {}, "items": [], "blueprint": {}})
        file.spots[()] = row.start
        for column, spot in row.spots.items():
            place = (*column.field.path, *([column.language] if column.language else []))
            file.spots[place] = spot
            if column in row.texts:
                _put(file.value, place, read_cell(column.field, row.texts[column]))
    for row, file in _of_forms(rows[FORM_ITEMS.name], forms, problems):
        file.spots["items", len(file.value["items"])] = row.start
        file.value["items"].append(_word(row, "item"))
    for row, file in _of_forms(rows[BLUEPRINTS.name], forms, problems):
        file.spots["blueprint", _word(row, "objective")] = row.start
        file.value["blueprint"][_word(row, "objective")] = _word(row, "number")
    return {f"forms/{ref}.yaml": file for ref, file in forms.items()}


def _of_forms(
    rows: Iterable[_Row], forms: Mapping[str, _File], problems: list[Problem]
) -> Iterator[tuple[_Row, _File]]:
    for row in rows:
        ref = _word(row, "form")
        if ref in forms:
            yield row, forms[ref]
        else:
            problems.append(
                Problem.at(row.start, f"no form of the sheet “forms” is called “{ref}”")
            )
