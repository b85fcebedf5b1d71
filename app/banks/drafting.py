"""Turns a form's selection into what is published: text without keys, keys, one hash.

The order of the options is drawn from the content's own hash: the same content has the same
order on every server, and the order tells nothing about the key.
"""

import hashlib
import json
from typing import Any

from app.banks.schemas import (
    SCORED_KINDS,
    BankItem,
    BankOption,
    FormDraft,
    FormFile,
    ItemBank,
    OptionOrder,
    Purpose,
)
from app.core.scoring import UNITS_PER_POINT

_LETTERS = "abcdefghij"


def draft_form(bank: ItemBank, form: FormFile) -> FormDraft:
    """The form as it will be published; needs a bank that was read without a problem."""
    items = {item.ref: item for item in bank.source.items}
    chosen = [items[ref] for ref in form.items]
    content_hash = _hash_content(bank, form, chosen)
    document_items: list[dict[str, Any]] = []
    key_items: dict[str, Any] = {}
    for number, item in enumerate(chosen, start=1):
        options = draw_order(item, content_hash)
        document_items.append(_item_document(bank, form, item, str(number), options))
        if item.kind in SCORED_KINDS and bank.source.purpose is Purpose.TEST:
            key_items[str(number)] = _item_key(item, options)
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
            },
        },
        item_count=len(chosen),
        max_units=sum(each["points"] for each in key_items.values()) * UNITS_PER_POINT,
    )


def draw_order(item: BankItem, content_hash: str) -> list[BankOption]:
    """The item's options in the order they are printed: sorted by a hash of their refs."""
    if item.order is OptionOrder.FIXED or item.kind not in SCORED_KINDS:
        return list(item.options)
    return sorted(
        item.options,
        key=lambda option: hashlib.sha256(
            f"{content_hash}/{item.ref}/{option.ref}".encode()
        ).digest(),
    )


def _item_document(
    bank: ItemBank, form: FormFile, item: BankItem, number: str, options: list[BankOption]
) -> dict[str, Any]:
    stimulus = next((row for row in bank.source.stimuli if row.ref == item.stimulus), None)
    return {
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
                "text": _words(
                    bank,
                    form,
                    option.text,
                    lambda texts, ref=option.ref: texts.items[item.ref].options[ref],
                ),
            }
            for letter, option in zip(_LETTERS, options, strict=False)
        ],
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
    """SHA-256 over everything a reader or the scoring could notice; not over review dates."""
    refs = {item.ref for item in chosen}
    content = {
        "bank": bank.source.bank,
        "purpose": bank.source.purpose,
        "form": form.model_dump(mode="json"),
        "objectives": [row.model_dump() for row in bank.source.objectives],
        "misconceptions": [row.model_dump() for row in bank.source.misconceptions],
        "stimuli": [row.model_dump() for row in bank.source.stimuli],
        "items": [item.model_dump(mode="json", exclude={"review_due"}) for item in chosen],
        "texts": {
            language: {
                **bank.languages[language].model_dump(mode="json", exclude={"items"}),
                "items": {
                    ref: texts.model_dump()
                    for ref, texts in bank.languages[language].items.items()
                    if ref in refs
                },
            }
            for language in form.languages
            if language in bank.languages
        },
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
