"""Questions across forms: the same words, options and key in several forms are one version."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.adapters.db import Work
from app.banks import queries
from app.core.placings import placing_of
from app.core.scoring import ItemKind


@dataclass(frozen=True)
class VersionOption:
    """A choice by its name in the bank; `belief`: the misconception behind it, in words."""

    ref: str
    text: dict[str, str]
    is_key: bool
    belief: dict[str, str] | None


@dataclass(frozen=True)
class ItemPlace:
    """Where an item version stands: form, number, and which letter is which option."""

    form_id: str
    item: str
    letters: Mapping[str, str]


@dataclass(frozen=True)
class ItemVersion:
    """One scored question with its key as it stands in published forms; staff only.

    `code` names the content: words in all languages, options, key, points; the order of the options
    is each form's own. `places`: the newest form first.
    """

    code: str
    bank_ref: str
    ref: str
    kind: ItemKind
    stem: dict[str, str]
    stimulus: dict[str, str] | None
    table: dict[str, Any] | None
    options: tuple[VersionOption, ...]
    places: tuple[ItemPlace, ...]

    @property
    def is_one_choice(self) -> bool:
        """Whether each person makes one choice at most, of the item or of each of its rows."""
        return self.kind is not ItemKind.MULTI_SELECT


def choices_of(item: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every choice of a stored item: as it is answered, its name in the bank, its words.

    Where rows are put into columns a choice is a row in a column (`core.placings`).
    """
    for row in item.get("rows", ()):
        for each in item["options"]:
            words = {code: f"{row['text'][code]} → {text}" for code, text in each["text"].items()}
            yield placing_of(row["row"], each["option"]), f"{row['ref']}:{each['ref']}", words
    if not item.get("rows"):
        for each in item["options"]:
            yield each["option"], each["ref"], each["text"]


def find_item_versions(work: Work) -> list[ItemVersion]:
    """Every scored question of every published test, by bank and name; the newest version first."""
    found: dict[str, ItemVersion] = {}
    places: dict[str, list[ItemPlace]] = {}
    for stored in queries.find_stored(work.db):
        document, key = json.loads(stored.document), json.loads(stored.key)
        for each in document["items"]:
            own = key["items"].get(each["item"])
            if own is None:
                continue
            version = _version_of(stored.bank_ref, each, own, key["misconceptions"])
            found.setdefault(version.code, version)
            letters = {option: ref for option, ref, _ in choices_of(each)}
            places.setdefault(version.code, []).append(
                ItemPlace(stored.form_id, each["item"], letters)
            )
    versions = [_placed(each, places[each.code]) for each in found.values()]
    return sorted(versions, key=lambda each: (each.bank_ref, each.ref))


def _placed(version: ItemVersion, places: list[ItemPlace]) -> ItemVersion:
    return replace(version, places=tuple(places))


def _version_of(
    bank_ref: str, item: Mapping[str, Any], key: Mapping[str, Any], beliefs: Mapping[str, Any]
) -> ItemVersion:
    options = tuple(
        VersionOption(
            ref=ref,
            text=text,
            is_key=option in key["keys"],
            belief=beliefs.get(key["misconceptions"].get(option, "")),
        )
        for option, ref, text in choices_of(item)
    )
    content = {
        "bank": bank_ref,
        "ref": item["ref"],
        "kind": item["kind"],
        "points": key["points"],
        "stem": item["stem"],
        "stimulus": item["stimulus"],
        "options": {each.ref: [each.text, each.is_key, each.belief] for each in options},
    }
    if item.get("table"):  # questions without one keep their code
        content["table"] = item["table"]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return ItemVersion(
        code=hashlib.sha256(canonical.encode()).hexdigest()[:12],
        bank_ref=bank_ref,
        ref=item["ref"],
        kind=ItemKind(item["kind"]),
        stem=item["stem"],
        stimulus=item["stimulus"],
        table=item.get("table"),
        options=tuple(sorted(options, key=lambda each: (not each.is_key, each.ref))),
        places=(),
    )
