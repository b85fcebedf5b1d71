"""Values of the banks room: what stands in the files, and what a published form is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.banks.spots import Place as Place  # noqa: PLC0414  these are values of the room too
from app.banks.spots import Problem as Problem  # noqa: PLC0414
from app.banks.spots import SourceFile as SourceFile  # noqa: PLC0414
from app.banks.spots import Spot as Spot  # noqa: PLC0414
from app.core.placings import placings_of
from app.core.scoring import ROW_KINDS, SCORED_KINDS, ItemKey, ItemKind

Ref = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
BankRef = Annotated[str, Field(pattern=r"^[a-z0-9-]{3,40}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Cell = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^|\r\n]+$")]
"""What a phone of 320 px shows of a table without scrolling sideways; one line, no bar."""


class Purpose(StrEnum):
    """A test is scored; a questionnaire has no right answers."""

    TEST = "test"
    QUESTIONNAIRE = "questionnaire"


class ReviewKind(StrEnum):
    """Who signs a form: a lawyer, or a native reader of one language."""

    LAW = "law"
    NATIVE = "native"


class Level(StrEnum):
    """What an item asks of the mind."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"


class OptionOrder(StrEnum):
    """Drawn once at publication, or kept as written."""

    DRAWN = "drawn"
    FIXED = "fixed"


class Flag(StrEnum):
    """What an editor should know about an item."""

    CLASSIFY = "classify"
    CASE = "case"
    CONFIRM = "confirm"
    AS_ENACTED_2018 = "as_enacted_2018"


class FileModel(BaseModel):
    """A part of a bank file: unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Objective(FileModel):
    """A row of the blueprint."""

    ref: Ref
    title: Text


class Misconception(FileModel):
    """A named false belief that a distractor stands for."""

    ref: Ref
    belief: Text


class Table(FileModel):
    """A small table: what each column says, and rows whose first cell says what the row is."""

    head: tuple[Cell, ...] = Field(min_length=2, max_length=4)
    rows: tuple[tuple[Cell, ...], ...] = Field(min_length=1, max_length=8)

    def cells(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every cell with its place in the table."""
        for at, cell in enumerate(self.head):
            yield ("head", at), cell
        for number, row in enumerate(self.rows):
            for at, cell in enumerate(row):
                yield ("rows", number, at), cell


class Stimulus(FileModel):
    """What several items share: a text, and the table it speaks of."""

    ref: Ref
    text: Text
    table: Table | None = None


class BankOption(FileModel):
    """A choice: the key, or a distractor with its misconception."""

    ref: Ref
    text: Text
    key: bool = False
    misconception: Ref | None = None


class BankRow(FileModel):
    """What is to be put into a column: the right one, and the belief behind each wrong one.

    In an item to be put in order a row has no column: the file says the right order.
    """

    ref: Ref
    text: Text
    column: Ref | None = None
    misconceptions: dict[Ref, Ref] = Field(default_factory=dict)


class BankItem(FileModel):
    """One question with its options, its source and what it is for.

    With rows the options are the columns. `order` is that of the options; rows are always drawn.
    """

    ref: Ref
    kind: ItemKind
    objective: Ref
    level: Level | None = None
    points: int = Field(default=1, ge=1, le=10)
    stimulus: Ref | None = None
    order: OptionOrder = OptionOrder.DRAWN
    stem: Text
    options: tuple[BankOption, ...] = ()
    rows: tuple[BankRow, ...] = ()
    max_length: int = Field(default=500, ge=1, le=2000)
    source: Text | None = None
    pinpoint: Text | None = None
    law_as_of: date | None = None
    jurisdiction: Text | None = None
    confidence: Text | None = None
    stability: Text | None = None
    flags: tuple[Flag, ...] = ()
    reviewed_by: Text | None = None
    review_due: date | None = None

    def beliefs(self) -> Iterator[str]:
        """The misconceptions behind its wrong options and placings."""
        yield from (each.misconception for each in self.options if each.misconception)
        yield from (belief for row in self.rows for belief in row.misconceptions.values())


class BankFile(FileModel):
    """bank.yaml: structure, keys and the English text."""

    bank: BankRef
    purpose: Purpose
    language: Language
    title: Text
    objectives: tuple[Objective, ...] = Field(min_length=1)
    misconceptions: tuple[Misconception, ...] = ()
    stimuli: tuple[Stimulus, ...] = ()
    items: tuple[BankItem, ...] = Field(min_length=1)


class ItemTexts(FileModel):
    """One item's words in a further language."""

    stem: Text
    options: dict[Ref, Text] = Field(default_factory=dict)
    rows: dict[Ref, Text] = Field(default_factory=dict)


class LanguageFile(FileModel):
    """xx.yaml: the same words in a further language."""

    bank: BankRef
    language: Language
    title: Text
    objectives: dict[Ref, Text]
    misconceptions: dict[Ref, Text] = Field(default_factory=dict)
    stimuli: dict[Ref, Text] = Field(default_factory=dict)
    tables: dict[Ref, Table] = Field(default_factory=dict)
    items: dict[Ref, ItemTexts]


class FormFile(FileModel):
    """forms/xx.yaml: a selection of items in order."""

    form: Ref
    bank: BankRef
    audience: str = Field(pattern=r"^(multidisciplinary|ngo|lea_data|any)$")
    title: dict[Language, Text]
    languages: tuple[Language, ...] = Field(min_length=1)
    blueprint: dict[Ref, int] = Field(default_factory=dict)
    items: tuple[Ref, ...] = Field(min_length=1)


@dataclass(frozen=True)
class ItemBank:
    """One validated bank: its structure, its languages and its forms."""

    source: BankFile
    languages: dict[str, LanguageFile]
    forms: tuple[FormFile, ...]
    files: Mapping[str, SourceFile] = field(default_factory=dict, compare=False, repr=False)
    """What was read, by its name in messages, so that later findings know their spots."""

    def spot_of(self, file: str, place: Place) -> Spot:
        """Where a place of one of the bank's files stands; line 1 for a bank made in memory."""
        return self.files[file].spot_of(place) if file in self.files else Spot(file, 1)


@dataclass(frozen=True)
class PublishedBank:
    """A bank that was published whole, in its newest version."""

    bank_ref: str
    version: int
    title: str
    language: str
    languages: tuple[str, ...]
    item_count: int
    published_at: datetime


@dataclass(frozen=True)
class FormDraft:
    """A form ready to be published: its text without keys, its keys, and its hash."""

    bank_ref: str
    form_ref: str
    purpose: Purpose
    audience: str
    content_hash: str
    document: dict[str, Any]
    key: dict[str, Any]
    item_count: int
    max_units: int


@dataclass(frozen=True)
class FormOption:
    """A choice as printed: a letter and its words per language."""

    option: str
    text: dict[str, str]


@dataclass(frozen=True)
class FormRow:
    """A row as printed: its number and its words per language."""

    row: str
    text: dict[str, str]


@dataclass(frozen=True)
class FormItem:
    """An item as printed; no key, no misconception, no source reference.

    With rows the options are the columns, and an answer is made of placings. `table` is by
    language, as the words are.
    """

    item: str
    kind: ItemKind
    objective: str
    flags: frozenset[str]
    stem: dict[str, str]
    stimulus: dict[str, str] | None
    options: tuple[FormOption, ...]
    max_length: int
    rows: tuple[FormRow, ...] = ()
    table: dict[str, Table] | None = None

    @property
    def is_scored(self) -> bool:
        """Whether the item counts towards the score."""
        return self.kind in SCORED_KINDS

    @property
    def may_have_several(self) -> bool:
        """Whether an answer may be more than one choice."""
        return self.kind is ItemKind.MULTI_SELECT or self.kind in ROW_KINDS

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen, but for "I do not know": letters, or placings of rows."""
        letters = tuple(each.option for each in self.options)
        return placings_of([each.row for each in self.rows], letters) if self.rows else letters


@dataclass(frozen=True)
class PublishedForm:
    """One immutable version of a form, as pages and API may show it: never a key."""

    id: str
    bank_ref: str
    form_ref: str
    version: int
    content_hash: str
    purpose: Purpose
    audience: str
    title: dict[str, str]
    languages: tuple[str, ...]
    objectives: dict[str, dict[str, str]]
    items: tuple[FormItem, ...]
    max_units: int
    published_at: datetime
    is_law_reviewed: bool
    reviewed_languages: frozenset[str]
    retired_at: datetime | None = None
    retired_because: str = ""

    def is_reviewed(self) -> bool:
        """Whether a lawyer and a native reader of every language have signed."""
        return self.is_law_reviewed and set(self.languages) <= self.reviewed_languages

    def get_item(self, item: str) -> FormItem | None:
        """The item with that number in the form."""
        return next((each for each in self.items if each.item == item), None)


@dataclass(frozen=True)
class FormKeys:
    """What scoring needs; never leaves the server."""

    form_id: str
    keys: dict[str, ItemKey]
    max_units: int


@dataclass(frozen=True)
class FormBeliefs:
    """What a form's wrong options stand for; never leaves the server but as counts of a group.

    `texts`: misconception -> language -> the belief in words. `behind`: item -> option ->
    misconception. `crimes`: of items that ask which crime it is, item -> option -> trafficking,
    smuggling, both or neither.
    """

    texts: dict[str, dict[str, str]]
    behind: dict[str, dict[str, str]]
    crimes: dict[str, dict[str, str]]


CRIMES = ("trafficking", "smuggling", "both", "neither")


@dataclass(frozen=True)
class FormContent:
    """What the save path needs of a form, in printed order; never leaves the server."""

    items: dict[str, FormItem]
    keys: tuple[ItemKey, ...]
    letters: dict[str, frozenset[str]]
