"""The sheets of a bank's workbook, each with its fields; one row is one thing."""

from dataclasses import dataclass

from app.banks.columns import Field, Shape, fields_of
from app.banks.schemas import (
    BankFile,
    BankItem,
    FormFile,
    ItemTexts,
    Misconception,
    Objective,
    Stimulus,
)

LEFT_OUT = "#"
"""A sheet or a column whose name begins so is for people, and is not read."""


@dataclass(frozen=True)
class SheetShape:
    """A sheet and its fields; `is_flat`: a language's file has one text for each row, no more."""

    name: str
    fields: tuple[Field, ...]
    is_flat: bool = False


def _without(fields: tuple[Field, ...], *names: str) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.path[0] not in names)


PARTS = (
    SheetShape("objectives", fields_of(Objective, frozenset({"title"})), is_flat=True),
    SheetShape("misconceptions", fields_of(Misconception, frozenset({"belief"})), is_flat=True),
    SheetShape(
        "stimuli", _without(fields_of(Stimulus, frozenset({"text"})), "table"), is_flat=True
    ),
    SheetShape("items", fields_of(BankItem, frozenset(ItemTexts.model_fields))),
)
BANK = SheetShape(
    "bank",
    _without(fields_of(BankFile, frozenset({"title"})), *(part.name for part in PARTS)),
)
TABLES = SheetShape(
    "tables",
    (Field(("ref",), Shape.WORD), Field(("table",), Shape.TABLE, is_spoken=True)),
)
"""The tables of shared texts, by the text's name: one cell for each language."""

FORMS = SheetShape(
    "forms",
    _without(fields_of(FormFile, frozenset({"title"})), "bank", "blueprint", "items"),
)
BLUEPRINTS = SheetShape(
    "blueprints",
    (
        Field(("form",), Shape.WORD),
        Field(("objective",), Shape.WORD),
        Field(("number",), Shape.WORD),
    ),
)
FORM_ITEMS = SheetShape("form items", (Field(("form",), Shape.WORD), Field(("item",), Shape.WORD)))
SHEETS = (BANK, *PARTS, TABLES, FORMS, BLUEPRINTS, FORM_ITEMS)
