"""Turns a form's selection into what is published: text without keys, keys, one hash.

The order of the options, and of rows, is drawn from the content's own hash: the same content has
the same order on every server, and the order tells nothing about the key.
"""

import hashlib
import json
from typing import Any

from app.banks.schemas import (
    BankItem,
    BankOption,
    BankRow,
    FormDraft,
    FormFile,
    ItemBank,
    LanguageFile,
    OptionOrder,
    Purpose,
    Table,
)
from app.core.placings import placing_of, placings_of
from app.core.scoring import ROW_KINDS, SCORED_KINDS, UNITS_PER_POINT, ItemKind

_LETTERS = "abcdefghij"
_LATER = {"rows", "table", "tables"}
_ABOUT_REVIEWS = {"review_due", "reviewed_by"}


def draft_form(bank: ItemBank, form: FormFile) -> FormDraft:
    """The form as it will be published; needs a bank that was read without a problem."""
    items = {item.ref: item for item in bank.source.items}
    chosen = [items[ref] for ref in form.items]
    used = _used_by(chosen)
    content_hash = _hash_content(bank, form, chosen)
    document_items: list[dict[str, Any]] = []
    key_items: dict[str, Any] = {}
    for number, item in enumerate(chosen, start=1):
        options, rows = draw_order(item, content_hash), draw_rows(item, content_hash)
        told = _item_document(bank, form, item, str(number), options)
        if item.kind in ROW_KINDS:
            told |= _rows_document(bank, form, item, rows)
            key_items[str(number)] = _rows_key(item, options, rows)
        elif item.kind in SCORED_KINDS and bank.source.purpose is Purpose.TEST:
            key_items[str(number)] = _item_key(item, options)
        document_items.append(told)
    return FormDraft(
        bank_ref=bank.source.bank,
        form_ref=form.form,
        purpose=bank.source.purpose,
        audience=form.audience,
        content_hash=content_hash,
        document={
            "title": form.title,
            "languages": list(form.languages),
            "objectives": {
                row.ref: _words(
                    bank, form, row.title, lambda texts, ref=row.ref: texts.objectives[ref]
                )
                for row in bank.source.objectives
                if row.ref in used
            },
            "items": document_items,
        },
        key={
            "items": key_items,
            "misconceptions": {
                row.ref: _words(
                    bank, form, row.belief, lambda texts, ref=row.ref: texts.misconceptions[ref]
                )
                for row in bank.source.misconceptions
                if row.ref in used
            },
        },
        item_count=len(chosen),
        max_units=sum(each["points"] for each in key_items.values()) * UNITS_PER_POINT,
    )


def draw_order(item: BankItem, content_hash: str) -> list[BankOption]:
    """The item's options in the order they are printed: sorted by a hash of their refs."""
    if item.kind is ItemKind.ORDER:
        return [BankOption(ref=each, text=each) for each in map(str, range(1, len(item.rows) + 1))]
    if item.order is OptionOrder.FIXED or item.kind not in SCORED_KINDS:
        return list(item.options)
    return sorted(item.options, key=lambda option: _drawn(f"{content_hash}/{item.ref}", option.ref))


def draw_rows(item: BankItem, content_hash: str) -> list[BankRow]:
    """The item's rows in the order they are printed. An author writes them by their columns."""
    return sorted(item.rows, key=lambda row: _drawn(f"{content_hash}/{item.ref}/row", row.ref))


def _drawn(place: str, ref: str) -> bytes:
    return hashlib.sha256(f"{place}/{ref}".encode()).digest()


def _item_document(
    bank: ItemBank, form: FormFile, item: BankItem, number: str, options: list[BankOption]
) -> dict[str, Any]:
    stimulus = next((row for row in bank.source.stimuli if row.ref == item.stimulus), None)
    table = stimulus.table if stimulus else None
    told: dict[str, Any] = {
        "item": number,
        "ref": item.ref,
        "kind": item.kind.value,
        "objective": item.objective,
        "flags": sorted(flag.value for flag in item.flags),
        "max_length": item.max_length,
        "stem": _words(bank, form, item.stem, lambda texts: texts.items[item.ref].stem),
        "stimulus": stimulus
        and _words(bank, form, stimulus.text, lambda texts: texts.stimuli[stimulus.ref]),
        "options": [
            {
                "option": letter,
                "ref": option.ref,
                "text": _option_words(bank, form, item, option),
            }
            for letter, option in zip(_LETTERS, options, strict=False)
        ],
    }
    if stimulus is not None and table is not None:
        told["table"] = {
            language: _table_document(bank, stimulus.ref, table, language)
            for language in form.languages
        }
    return told


def _option_words(
    bank: ItemBank, form: FormFile, item: BankItem, option: BankOption
) -> dict[str, str]:
    """The choice in each language; a place in an order is the same number in all of them."""
    if item.kind is ItemKind.ORDER:
        return dict.fromkeys(form.languages, option.text)
    return _words(bank, form, option.text, lambda texts: texts.items[item.ref].options[option.ref])


def _table_document(bank: ItemBank, ref: str, own: Table, language: str) -> dict[str, Any]:
    table = own if language == bank.source.language else bank.languages[language].tables[ref]
    return table.model_dump(mode="json")


def _rows_document(
    bank: ItemBank, form: FormFile, item: BankItem, rows: list[BankRow]
) -> dict[str, Any]:
    return {
        "rows": [
            {
                "row": str(number),
                "ref": row.ref,
                "text": _words(
                    bank, form, row.text, lambda texts, ref=row.ref: texts.items[item.ref].rows[ref]
                ),
            }
            for number, row in enumerate(rows, start=1)
        ]
    }


def _rows_key(item: BankItem, columns: list[BankOption], rows: list[BankRow]) -> dict[str, Any]:
    """The key in placings: of every row its column, in an order its place in the file."""
    letters = {each.ref: letter for each, letter in zip(columns, _LETTERS, strict=False)}
    numbers = {row.ref: str(number) for number, row in enumerate(rows, start=1)}
    right = {
        row.ref: letters[row.column or str(place)] for place, row in enumerate(item.rows, start=1)
    }
    return {
        "kind": item.kind.value,
        "points": item.points,
        "options": list(placings_of(list(numbers.values()), list(letters.values()))),
        "keys": [placing_of(numbers[row.ref], right[row.ref]) for row in rows],
        "misconceptions": {
            placing_of(numbers[row.ref], letters[column]): belief
            for row in rows
            for column, belief in row.misconceptions.items()
        },
    }


def _item_key(item: BankItem, options: list[BankOption]) -> dict[str, Any]:
    letters = dict(zip((option.ref for option in options), _LETTERS, strict=False))
    return {
        "kind": item.kind.value,
        "points": item.points,
        "options": list(letters.values()),
        "keys": [letters[option.ref] for option in options if option.key],
        "misconceptions": {
            letters[option.ref]: option.misconception for option in options if option.misconception
        },
    }


def _words(bank: ItemBank, form: FormFile, own: str, look_up: Any) -> dict[str, str]:
    """One text in each of the form's languages."""
    return {
        language: own if language == bank.source.language else look_up(bank.languages[language])
        for language in form.languages
    }


def _hash_content(bank: ItemBank, form: FormFile, chosen: list[BankItem]) -> str:
    """SHA-256 over everything a reader or the scoring could notice of this form; not over reviews.

    A bank may grow: what the form does not use is no part of it.
    """
    used = _used_by(chosen)
    content = {
        "bank": bank.source.bank,
        "purpose": bank.source.purpose,
        "form": form.model_dump(mode="json"),
        **{
            part: [_without_unsaid(row.model_dump()) for row in rows if row.ref in used]
            for part, rows in (
                ("objectives", bank.source.objectives),
                ("misconceptions", bank.source.misconceptions),
                ("stimuli", bank.source.stimuli),
            )
        },
        "items": [
            _without_unsaid(item.model_dump(mode="json", exclude=_ABOUT_REVIEWS)) for item in chosen
        ],
        "texts": {
            language: _used_texts(bank.languages[language], used)
            for language in form.languages
            if language in bank.languages
        },
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _used_by(chosen: list[BankItem]) -> set[str]:
    """The names of the items and of every objective, shared text and belief behind them."""
    used = {item.ref for item in chosen} | {item.objective for item in chosen}
    used |= {item.stimulus for item in chosen if item.stimulus}
    return used | {belief for item in chosen for belief in item.beliefs()}


def _used_texts(texts: LanguageFile, used: set[str]) -> dict[str, Any]:
    whole = texts.model_dump(mode="json")
    whole["items"] = {ref: _without_unsaid(each) for ref, each in whole["items"].items()}
    parts = ("objectives", "misconceptions", "stimuli", "tables", "items")
    return _without_unsaid(
        whole
        | {part: {ref: each for ref, each in whole[part].items() if ref in used} for part in parts}
    )


def _without_unsaid(content: dict[str, Any]) -> dict[str, Any]:
    """What a form does not have is no part of its hash: older forms knew no rows and no tables."""
    return {name: each for name, each in content.items() if each or name not in _LATER}
