"""The columns of a bank's sheets, made from the schemas: a new field is a new column.

A column is called like the way to its value: `stem [ur]`, `option 2 misconception`. A field that
holds several parts of one shape (`options`) is numbered columns; a list of names is one cell, and
so are names with a name each (`sea=everywhere land=swapped`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from app.banks.schemas import FileModel, Place, Text
from app.banks.table_cells import read_table, show_table

_LABEL = re.compile(r"\s*(?P<words>[^\[\]]*?)\s*(?:\[\s*(?P<language>[A-Za-z-]+)\s*\])?\s*")
_BETWEEN = re.compile(r"[\s,;،؛]+")
_TICKS = frozenset({"x", "✓", "✔", "✗", "☑", "1.0"})


class Shape(StrEnum):
    """How a cell's text becomes a value."""

    TEXT = "text"
    WORD = "word"
    TICK = "tick"
    LIST = "list"
    NAMED = "named"
    TABLE = "table"


@dataclass(frozen=True)
class Field:
    """One value of a part: the way to it, its shape, the words it may be, whether it is spoken.

    In the way of a value in a numbered group stands "#" for the number. A spoken field has a column
    for each language.
    """

    path: Place
    shape: Shape
    choices: tuple[str, ...] = ()
    is_spoken: bool = False


@dataclass(frozen=True)
class Column:
    """One column: its field, its number in a group (from 1), and its language."""

    field: Field
    number: int | None = None
    language: str | None = None

    @property
    def label(self) -> str:
        """What stands above it."""
        words = [str(self.number) if word == "#" else word for word in _spelled(self.field)]
        name = " ".join(words)
        return f"{name} [{self.language}]" if self.language else name


def fields_of(model: type[FileModel], spoken: frozenset[str]) -> tuple[Field, ...]:
    """A part's fields, what stands alone first and the numbered groups last.

    `spoken`: the names of fields that are translated; of a group it is the text of each part.
    """
    alone: list[Field] = []
    words: list[Field] = []
    groups: list[Field] = []
    for name, hint in _hints(model).items():
        inner = _part_of(hint)
        if inner is not None:
            groups += (
                Field(
                    (name, "#", each),
                    _shape(deep),
                    _choices(deep),
                    name in spoken and each == "text",
                )
                for each, deep in _hints(inner).items()
            )
        elif name in spoken:
            words.append(Field((name,), Shape.TEXT, is_spoken=True))
        else:
            alone.append(Field((name,), _shape(hint), _choices(hint)))
    return (*alone, *words, *groups)


def columns_for(
    fields: tuple[Field, ...], languages: tuple[str, ...], sizes: Mapping[str, int]
) -> Iterator[Column]:
    """The columns to write: every field, in every language, so many times as its group is long."""
    groups = dict.fromkeys(str(field.path[0]) for field in fields if "#" in field.path)
    for field in fields:
        if "#" not in field.path:
            yield from _spoken(field, None, languages)
    for name in groups:
        for number in range(1, sizes.get(name, 0) + 1):
            for field in fields:
                if "#" in field.path and field.path[0] == name:
                    yield from _spoken(field, number, languages)


def read_label(label: str, fields: tuple[Field, ...]) -> Column | None:
    """The column that a heading names; None for one that is not known."""
    found = _LABEL.fullmatch(label)
    if found is None:
        return None
    words = found["words"].lower().replace("_", " ").split()
    number = next((int(word) for word in words if word.isdecimal() and len(word) < 3), None)
    wanted = ["#" if word.isdecimal() else word for word in words]
    for field in fields:
        if " ".join(_spelled(field)).replace("_", " ").split() == wanted:
            language = found["language"] if field.is_spoken else None
            fits = bool(found["language"]) == field.is_spoken
            return Column(field, number, language) if fits else None
    return None


def read_cell(field: Field, text: str) -> Any:
    """A cell's text as plain data, as a file would hold it."""
    if field.shape is Shape.TEXT:
        return text
    word = text.strip()
    if field.shape is Shape.TABLE:
        return read_table(text)
    if field.shape is Shape.LIST:
        return [each for each in _BETWEEN.split(word) if each]
    if field.shape is Shape.NAMED:
        parts = (each.partition("=") for each in _BETWEEN.split(word) if each)
        return {name: value for name, _, value in parts}
    if field.shape is Shape.TICK and word.lower() in _TICKS:
        return "true"
    return word


def show_cell(field: Field, value: Any) -> str:
    """The same the other way round."""
    if field.shape is Shape.TABLE:
        return show_table(value)
    if field.shape is Shape.LIST:
        return " ".join(str(each) for each in value)
    if field.shape is Shape.NAMED:
        return " ".join(f"{name}={each}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _spoken(field: Field, number: int | None, languages: tuple[str, ...]) -> Iterator[Column]:
    for language in languages if field.is_spoken else (None,):
        yield Column(field, number, language)


@cache
def _hints(model: type[FileModel]) -> dict[str, Any]:
    return get_type_hints(model, include_extras=True)


def _part_of(hint: Any) -> type[FileModel] | None:
    """The model of each part where the field holds several of them."""
    if get_origin(hint) is not tuple:
        return None
    inner = get_args(hint)[0]
    return inner if isinstance(inner, type) and issubclass(inner, FileModel) else None


def _shape(hint: Any) -> Shape:
    kinds = {hint, *get_args(hint)}
    if get_origin(hint) is tuple:
        return Shape.LIST
    if get_origin(hint) is dict:
        return Shape.NAMED
    if Text in kinds:
        return Shape.TEXT
    return Shape.TICK if bool in kinds else Shape.WORD


def _choices(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) in {tuple, dict}:
        return ()
    for each in (hint, *get_args(hint)):
        if each is bool:
            return ("yes",)
        if isinstance(each, type) and issubclass(each, StrEnum):
            return tuple(each)
    return ()


def _spelled(field: Field) -> list[str]:
    """The way to a field as people say it: one option, not options."""
    first, *rest = map(str, field.path)
    return [first.removesuffix("s") if rest else first, *rest]
