"""Questions as other tools keep them, on their way to a draft of a bank; what is lost is listed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.banks.reading import read_files
from app.banks.schemas import ItemBank, Place, Problem, SourceFile, Spot
from app.core.scoring import ItemKind

_TO_SORT = "to-be-sorted"
_LETTERS = "abcdefghij"
_MARKUP = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_ENDS_A_LINE = frozenset({"br", "div", "li", "p", "tr"})
_SAYS_NOTHING = _ENDS_A_LINE | {"b", "em", "i", "ol", "span", "strong", "ul"}
_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos|nbsp);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


@dataclass(frozen=True)
class Loss:
    """What of a file has no place in a bank, and where it stood."""

    spot: Spot
    message: str


@dataclass(frozen=True)
class ForeignOption:
    """A choice in each language, and whether it is right."""

    text: dict[str, str]
    is_key: bool = False


@dataclass(frozen=True)
class ForeignItem:
    """One question; `name` is what the other tool calls it, and may be anything."""

    spot: Spot
    name: str
    kind: ItemKind
    stem: dict[str, str]
    options: tuple[ForeignOption, ...] = ()
    points: int = 1
    is_fixed: bool = False


@dataclass
class Foreign:
    """The questions of a file, and what of it is lost."""

    purpose: str = "test"
    language: str = "en"
    items: list[ForeignItem] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    def lose(self, spot: Spot, message: str) -> None:
        """List what is not carried."""
        self.losses.append(Loss(spot, message))


def as_draft(foreign: Foreign) -> tuple[ItemBank | None, list[Problem]]:
    """A bank of these questions: what it still needs are its problems, each at its question."""
    own, refs = foreign.language, _refs([item.name for item in foreign.items])
    languages = sorted({code for item in foreign.items for code in item.stem} - {own})
    items: list[Any] = []
    texts: dict[str, dict[str, Any]] = {code: {} for code in languages}
    spots: dict[Place, Spot] = {}
    for number, (item, ref) in enumerate(zip(foreign.items, refs, strict=True)):
        spots["items", number] = item.spot
        items.append(_item(item, ref, own))
        for code in languages:
            texts[code][ref] = _words(item, code)
    rest: dict[str, Any] = {"bank": "draft", "title": "A draft"}
    topics = [{"ref": _TO_SORT, "title": "To be sorted"}]
    files = {
        "bank.yaml": SourceFile(
            "draft",
            rest
            | {"purpose": foreign.purpose, "language": own, "objectives": topics, "items": items},
            spots,
        )
    }
    for code in languages:
        value = rest | {"language": code, "objectives": {_TO_SORT: "–"}, "items": texts[code]}
        places: dict[Place, Spot] = {
            ("items", ref): item.spot for item, ref in zip(foreign.items, refs, strict=True)
        }
        files[f"{code}.yaml"] = SourceFile("draft", value, places)
    return read_files("draft", files)


def _item(item: ForeignItem, ref: str, own: str) -> dict[str, Any]:
    options = [
        {"ref": letter, "text": option.text.get(own, ""), "key": option.is_key}
        for letter, option in zip(_option_refs(item), item.options, strict=False)
    ]
    return {
        "ref": ref,
        "kind": item.kind.value,
        "objective": _TO_SORT,
        "points": item.points,
        "order": "fixed" if item.is_fixed else "drawn",
        "stem": item.stem.get(own, ""),
        "options": options,
    }


def _words(item: ForeignItem, code: str) -> dict[str, Any]:
    options = zip(_option_refs(item), item.options, strict=False)
    found = {letter: option.text[code] for letter, option in options if code in option.text}
    return {"stem": item.stem.get(code, ""), "options": found}


def _option_refs(item: ForeignItem) -> Sequence[str]:
    return ("true", "false") if item.kind is ItemKind.TRUE_FALSE else _LETTERS


def _refs(names: Iterable[str]) -> list[str]:
    """A name for ever for each question, from what it was called; none twice."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:36].strip("-")
        ref = plain or f"question-{number}"
        found.append(f"{ref[:36]}-{number}" if ref in found else ref)
    return found


def plain_text(text: str) -> tuple[str, list[str]]:
    """A text without its markup, and the names of the marks that said something (img, a, table)."""
    lost = sorted({found[2].lower() for found in _MARKUP.finditer(text)} - _SAYS_NOTHING)
    bare = _MARKUP.sub(lambda found: "\n" if found[2].lower() in _ENDS_A_LINE else "", text)
    bare = _ENTITY.sub(_sign, bare)
    return "\n".join(" ".join(line.split()) for line in bare.splitlines() if line.split()), lost


def _sign(found: re.Match[str]) -> str:
    name = found[1]
    if not name.startswith("#"):
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    is_text = 32 <= code < 0x11_0000 and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_text else " "


def export_losses(bank: ItemBank, language: str, *, keeps_points: bool) -> list[str]:
    """What of a bank has no place in another tool's file of one language, in words."""
    source = bank.source
    lost = [
        f"the words in {code}" for code in (source.language, *bank.languages) if code != language
    ]
    parts = (
        ("topics", any(item.objective for item in source.items)),
        ("false beliefs behind wrong options", bool(source.misconceptions)),
        ("names of options", any(item.options for item in source.items)),
        ("levels", any(item.level for item in source.items)),
        ("points", not keeps_points and any(item.points != 1 for item in source.items)),
        ("sources, days and countries of the law", any(item.source for item in source.items)),
        ("flags and reviews", any(item.flags or item.reviewed_by for item in source.items)),
        ("forms", bool(bank.forms)),
        ("shared texts as texts of their own: they stand in each question", bool(source.stimuli)),
    )
    lost += [name for name, has in parts if has]
    kinds = sorted({item.kind.value for item in source.items if item.kind not in EXPORTED})
    return lost + [f"questions of the kind {kind}" for kind in kinds]


EXPORTED = frozenset(
    {ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE, ItemKind.MULTI_SELECT, ItemKind.SHORT_TEXT}
)


def items_for_export(bank: ItemBank, language: str) -> list[ForeignItem]:
    """The items that other tools have too, in one language, the shared text before each stem."""
    source, texts = bank.source, bank.languages.get(language)
    told = {row.ref: row.text for row in source.stimuli} if texts is None else texts.stimuli
    found = []
    for item in source.items:
        own = None if texts is None else texts.items[item.ref]
        stem = item.stem if own is None else own.stem
        if item.stimulus:
            stem = f"{told[item.stimulus]}\n{stem}"
        options = [
            ForeignOption({language: each.text if own is None else own.options[each.ref]}, each.key)
            for each in sorted(item.options, key=lambda each: _true_first(item.kind, each.ref))
        ]
        if item.kind in EXPORTED:
            found.append(
                ForeignItem(
                    Spot("bank", 1), item.ref, item.kind, {language: stem}, tuple(options),
                    item.points, item.order.value == "fixed",
                )
            )  # fmt: skip
    return found


def _true_first(kind: ItemKind, ref: str) -> int:
    return int(kind is ItemKind.TRUE_FALSE and ref != "true")
