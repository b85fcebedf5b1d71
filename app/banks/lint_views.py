"""What the linter's rules look at: an item in one language, or a form, with places."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.banks.drafting import draft_form
from app.banks.schemas import BankItem, Flag, FormFile, ItemBank, LanguageFile, Purpose
from app.banks.schemas import Place as Place  # noqa: PLC0414  the rules find it here
from app.core.scoring import ROW_KINDS, SCORED_KINDS, ItemKind

Said = Iterator[tuple[Place, str]]
"""What a rule found: the place in the file, and one sentence."""


@dataclass(frozen=True)
class OptionWords:
    """One option in one language."""

    ref: str
    text: str
    is_key: bool
    place: Place


@dataclass(frozen=True)
class RowWords:
    """One row in one language, with its right column; None in an item to be put in order."""

    ref: str
    text: str
    column: str | None
    place: Place


@dataclass(frozen=True)
class Wording:
    """One item's words in one language, and where they stand."""

    item: BankItem
    language: str
    is_source: bool
    file: str
    stem: str
    stem_place: Place
    told: str
    options: tuple[OptionWords, ...]
    rows: tuple[RowWords, ...] = ()
    cells: tuple[tuple[Place, str], ...] = ()

    @property
    def is_scored(self) -> bool:
        """Whether the item has a key at all."""
        return self.item.kind in SCORED_KINDS

    @property
    def is_choice(self) -> bool:
        """Single choice or multi-select: words chosen by the author, not true and false."""
        return self.item.kind in {ItemKind.SINGLE_CHOICE, ItemKind.MULTI_SELECT}

    @property
    def is_free_choice(self) -> bool:
        """A choice among the author's own words, not among the crimes' fixed names."""
        return self.is_choice and Flag.CLASSIFY not in self.item.flags

    @cached_property
    def keys(self) -> tuple[OptionWords, ...]:
        """The right options."""
        return tuple(option for option in self.options if option.is_key)

    @cached_property
    def distractors(self) -> tuple[OptionWords, ...]:
        """The wrong options."""
        return tuple(option for option in self.options if not option.is_key)

    @property
    def asked(self) -> str:
        """The stimulus and the stem, as they are read."""
        return f"{self.told} {self.stem}".strip()

    @property
    def seen(self) -> str:
        """All that a person sees of it but the choices: with its table and its rows."""
        parts = [self.asked, *(cell for _, cell in self.cells), *(row.text for row in self.rows)]
        return " ".join(parts)

    def all_texts(self) -> Iterator[tuple[Place, str]]:
        """The stem, every option, every row and every cell of a table with their places."""
        yield self.stem_place, self.stem
        for option in self.options:
            yield option.place, option.text
        for row in self.rows:
            yield row.place, row.text
        yield from self.cells


@dataclass(frozen=True)
class FormView:
    """One form with its items, their words per language, and the letters as they are printed."""

    bank: ItemBank
    form: FormFile
    file: str

    @cached_property
    def wordings(self) -> dict[str, tuple[Wording, ...]]:
        """The form's items in order, in each of its languages."""
        by_ref = {(each.language, each.item.ref): each for each in wordings_of(self.bank)}
        return {
            language: tuple(by_ref[language, ref] for ref in self.form.items)
            for language in self.form.languages
        }

    @cached_property
    def items(self) -> tuple[BankItem, ...]:
        """The items in order."""
        known = {item.ref: item for item in self.bank.source.items}
        return tuple(known[ref] for ref in self.form.items)

    @cached_property
    def key_letters(self) -> tuple[tuple[BankItem, str], ...]:
        """Each item of one key with the letter of its key, as the form prints it."""
        key = draft_form(self.bank, self.form).key["items"]
        return tuple(
            (item, key[str(number)]["keys"][0])
            for number, item in enumerate(self.items, start=1)
            if str(number) in key and item.kind not in ROW_KINDS | {ItemKind.MULTI_SELECT}
        )

    def place_of(self, item: BankItem) -> Place:
        """Where the form names the item."""
        return ("items", self.form.items.index(item.ref))


def wordings_of(bank: ItemBank) -> list[Wording]:
    """Every item in every language, the bank's own first; needs a bank without a problem."""
    return [*_own_words(bank), *_further_words(bank)]


def _own_words(bank: ItemBank) -> Iterator[Wording]:
    told = {row.ref: row.text for row in bank.source.stimuli}
    cells = {
        row.ref: tuple(
            (("stimuli", at, "table", *place), cell) for place, cell in row.table.cells()
        )
        for at, row in enumerate(bank.source.stimuli)
        if row.table
    }
    for number, item in enumerate(bank.source.items):
        yield Wording(
            item=item,
            language=bank.source.language,
            is_source=True,
            file=f"{bank.source.bank}/bank.yaml",
            stem=item.stem,
            stem_place=("items", number, "stem"),
            told=told[item.stimulus] if item.stimulus else "",
            options=tuple(
                OptionWords(each.ref, each.text, each.key, ("items", number, "options", at, "text"))
                for at, each in enumerate(item.options)
            ),
            rows=tuple(
                RowWords(each.ref, each.text, each.column, ("items", number, "rows", at, "text"))
                for at, each in enumerate(item.rows)
            ),
            cells=cells.get(item.stimulus or "", ()),
        )


def _further_words(bank: ItemBank) -> Iterator[Wording]:
    for language, texts in bank.languages.items():
        for item in bank.source.items:
            own = texts.items[item.ref]
            yield Wording(
                item=item,
                language=language,
                is_source=False,
                file=f"{bank.source.bank}/{language}.yaml",
                stem=own.stem,
                stem_place=("items", item.ref, "stem"),
                told=texts.stimuli[item.stimulus] if item.stimulus else "",
                options=tuple(
                    OptionWords(
                        each.ref,
                        own.options[each.ref],
                        each.key,
                        ("items", item.ref, "options", each.ref),
                    )
                    for each in item.options
                ),
                rows=tuple(
                    RowWords(
                        each.ref,
                        own.rows[each.ref],
                        each.column,
                        ("items", item.ref, "rows", each.ref),
                    )
                    for each in item.rows
                ),
                cells=_cells_in(texts, item),
            )


def _cells_in(texts: LanguageFile, item: BankItem) -> tuple[tuple[Place, str], ...]:
    table = texts.tables.get(item.stimulus or "")
    if table is None:
        return ()
    return tuple((("tables", item.stimulus or "", *place), cell) for place, cell in table.cells())


def forms_of(bank: ItemBank) -> list[FormView]:
    """Every form of a bank that is a test."""
    if bank.source.purpose is not Purpose.TEST:
        return []
    return [
        FormView(bank, form, f"{bank.source.bank}/forms/{form.form}.yaml") for form in bank.forms
    ]
