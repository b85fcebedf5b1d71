"""A bank as a workbook that people go on writing; `workbook_reading` gives the same bank back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.adapters.xlsx import Cell, Heading, Sheet, Words, write_workbook
from app.banks.columns import Column, columns_for, show_cell
from app.banks.schemas import FormFile, ItemBank
from app.banks.workbook_sheets import (
    BANK,
    BLUEPRINTS,
    FORM_ITEMS,
    FORMS,
    LEFT_OUT,
    PARTS,
    TABLES,
    SheetShape,
)
from app.banks.workbook_words import how_to_rows
from app.core.text import is_rtl

_WIDTHS = {"text": 44, "ref": 24, "misconception": 24}
_HOW_TO = f"{LEFT_OUT} how to"
_LEAST = {"options": 5}
"""So many numbered columns stand there at least, for whoever adds an item."""


def write_bank(bank: ItemBank, *, made_at: datetime, more: tuple[str, ...] = ()) -> bytes:
    """The workbook of a bank; `more`: languages that have empty columns beside the bank's own."""
    return write_workbook(
        [*_sheets(bank, more)], title=bank.source.title, made_at=made_at, is_rtl=False
    )


def _sheets(bank: ItemBank, more: tuple[str, ...]) -> Iterator[Sheet]:
    own = bank.source.language
    languages = tuple(dict.fromkeys([own, *sorted(bank.languages), *more]))
    head, *rest = how_to_rows()
    how_to: list[list[Cell]] = [[Heading(cell) for cell in head]]
    how_to += ([Words(cell) for cell in row] for row in rest)
    yield Sheet(_HOW_TO, how_to, (26, 60, 60), frozen_rows=1)
    whole = bank.source.model_dump(mode="json", exclude_defaults=True)
    further = {each: texts.model_dump(mode="json") for each, texts in bank.languages.items()}
    told = {language: texts["title"] for language, texts in further.items()}
    yield _sheet(BANK, [(whole, {"title": told})], languages, own)
    for part in PARTS:
        rows = whole.get(part.name, [])
        yield _sheet(part, [(row, _spoken(part, row, further)) for row in rows], languages, own)
    tables = [(row, _spoken_table(row, further)) for row in whole.get("stimuli", [])]
    yield _sheet(TABLES, [each for each in tables if "table" in each[0]], languages, own)
    forms = [(form.model_dump(mode="json"), {"title": form.title}) for form in bank.forms]
    yield _sheet(FORMS, forms, languages)
    yield _sheet(BLUEPRINTS, [(row, {}) for row in _blueprints(bank.forms)], ())
    yield _sheet(
        FORM_ITEMS,
        [({"form": form.form, "item": item}, {}) for form in bank.forms for item in form.items],
        (),
    )


def _blueprints(forms: Iterable[FormFile]) -> Iterator[dict[str, Any]]:
    for form in forms:
        for objective, number in form.blueprint.items():
            yield {"form": form.form, "objective": objective, "number": number}


_Spoken = Mapping[str, Any]
"""A row's words by field, then by the part's name in a group, then by language."""


def _spoken(part: SheetShape, row: Mapping[str, Any], further: Mapping[str, Any]) -> _Spoken:
    found: dict[str, Any] = {}
    for language, texts in further.items():
        own = texts[part.name].get(row["ref"])
        for field in part.fields:
            name = str(field.path[0])
            if own is None or not field.is_spoken:
                continue
            if part.is_flat:
                found.setdefault(name, {})[language] = own
            elif "#" in field.path:
                for ref, text in own.get(name, {}).items():
                    found.setdefault(name, {}).setdefault(ref, {})[language] = text
            else:
                found.setdefault(name, {})[language] = own[name]
    return found


def _spoken_table(row: Mapping[str, Any], further: Mapping[str, Any]) -> _Spoken:
    own = {language: texts["tables"].get(row["ref"]) for language, texts in further.items()}
    return {"table": own}


def _sheet(
    shape: SheetShape,
    rows: Sequence[tuple[Mapping[str, Any], _Spoken]],
    languages: tuple[str, ...],
    own: str = "",
) -> Sheet:
    """A sheet of these rows; `own`: the language whose words the rows themselves hold."""
    sizes = dict(_LEAST)
    for row, _ in rows:
        for name, value in row.items():
            if isinstance(value, list):
                sizes[name] = max(sizes.get(name, 0), len(value))
    columns = list(columns_for(shape.fields, languages, sizes))
    return Sheet(
        shape.name,
        [
            [Heading(column.label) for column in columns],
            *([_cell(column, row, spoken, own) for column in columns] for row, spoken in rows),
        ],
        [_width(column) for column in columns],
        frozen_rows=1,
        frozen_columns=1,
        typed=True,
        choices={
            at: column.field.choices for at, column in enumerate(columns) if column.field.choices
        },
    )


def _width(column: Column) -> int:
    return 44 if column.language else _WIDTHS.get(str(column.field.path[-1]), 14)


def _cell(column: Column, row: Mapping[str, Any], spoken: _Spoken, own: str) -> Cell:
    name, *deep = column.field.path
    if column.number is not None:
        parts = row.get(str(name), [])
        if column.number > len(parts):
            return None
        here = parts[column.number - 1]
        words = spoken.get(str(name), {}).get(here["ref"], {})
        value = here.get(deep[-1])
    else:
        words, value = spoken.get(str(name), {}), row.get(str(name))
    if column.language not in {None, own}:
        value = words.get(column.language)
    return None if value is None else Words(show_cell(column.field, value), _is_rtl(column))


def _is_rtl(column: Column) -> bool:
    return column.language is not None and is_rtl(column.language)
