"""Values of the banks room: what stands in the files, and what a published form is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.scoring import ItemKey, ItemKind

Ref = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
BankRef = Annotated[str, Field(pattern=r"^[a-z0-9-]{3,40}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


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


class Stimulus(FileModel):
    """A text that several items share."""

    ref: Ref
    text: Text


class BankOption(FileModel):
    """A choice: the key, or a distractor with its misconception."""

    ref: Ref
    text: Text
    key: bool = False
    misconception: Ref | None = None


class BankItem(FileModel):
    """One question with its options, its source and what it is for."""

    ref: Ref
    kind: ItemKind
    objective: Ref
    level: Level | None = None
    points: int = Field(default=1, ge=1, le=10)
    stimulus: Ref | None = None
    order: OptionOrder = OptionOrder.DRAWN
    stem: Text
    options: tuple[BankOption, ...] = ()
    max_length: int = Field(default=500, ge=1, le=2000)
    source: Text | None = None
    pinpoint: Text | None = None
    law_as_of: date | None = None
    jurisdiction: Text | None = None
    confidence: Text | None = None
    stability: Text | None = None
    flags: tuple[Flag, ...] = ()
    review_due: date | None = None


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


class LanguageFile(FileModel):
    """xx.yaml: the same words in a further language."""

    bank: BankRef
    language: Language
    title: Text
    objectives: dict[Ref, Text]
    misconceptions: dict[Ref, Text] = Field(default_factory=dict)
    stimuli: dict[Ref, Text] = Field(default_factory=dict)
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


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a bank, where it stands, in words its author understands."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class ItemBank:
    """One validated bank: its structure, its languages and its forms."""

    source: BankFile
    languages: dict[str, LanguageFile]
    forms: tuple[FormFile, ...]


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
class FormItem:
    """An item as printed; no key, no misconception, no source reference."""

    item: str
    kind: ItemKind
    objective: str
    flags: frozenset[str]
    stem: dict[str, str]
    stimulus: dict[str, str] | None
    options: tuple[FormOption, ...]
    max_length: int

    @property
    def is_scored(self) -> bool:
        """Whether the item counts towards the score."""
        return self.kind in SCORED_KINDS


SCORED_KINDS = frozenset({ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE, ItemKind.MULTI_SELECT})


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
