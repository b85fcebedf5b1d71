"""Questions as other tools keep them, on their way to a draft of a bank; what is lost is listed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.banks.reading import read_files
from app.banks.schemas import BankItem, ItemBank, OptionOrder, Place, Problem, SourceFile, Spot
from app.banks.table_cells import show_table
from app.core.scoring import ROW_KINDS, SCORED_KINDS, ItemKind

_TO_SORT = "to-be-sorted"
_ROUNDED = 0.1  # of a third, other tools write 33.3
_MARKUP = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
ENDS_A_LINE = frozenset({"br", "div", "li", "p", "tr"})
SAYS_NOTHING = ENDS_A_LINE | {"b", "em", "i", "ol", "span", "strong", "ul"}
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
class ForeignRow:
    """A line in each language, and the number of its right column; None where none is said.

    The lines of an order have no columns: they stand in the right order.
    """

    text: dict[str, str]
    column: int | None = None


@dataclass(frozen=True)
class ForeignItem:
    """One question; `name` is what the other tool calls it, and may be anything.

    With rows the options are the columns.
    """

    spot: Spot
    name: str
    kind: ItemKind
    stem: dict[str, str]
    options: tuple[ForeignOption, ...] = ()
    points: int = 1
    is_fixed: bool = False
    rows: tuple[ForeignRow, ...] = ()


@dataclass(frozen=True)
class Tool:
    """What another tool's file can hold beside words and right answers."""

    kinds: frozenset[ItemKind]
    keeps_points: bool = False
    keeps_order: bool = False
    """Whether the choices of a question may be kept in the order they are written in."""


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


def lose_shares(foreign: Foreign, shares: Sequence[tuple[Spot, str, float]], keys: int) -> None:
    """List the shares of points, in percent, that are not as ours are.

    Here right choices share all points alike, and a wrong one takes as much away; a file in which
    it takes nothing away is not blamed for it.
    """
    part = 100 / max(1, keys)
    for spot, words, share in shares:
        if min(abs(share - own) for own in (part, -part, 0)) > _ROUNDED:
            foreign.lose(spot, f"part of the points for “{words}”")


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
        for letter, option in zip(_option_refs(item), item.options, strict=True)
    ]
    told: dict[str, Any] = {
        "ref": ref,
        "kind": item.kind.value,
        "objective": _TO_SORT,
        "points": item.points,
        "order": "fixed" if item.is_fixed else "drawn",
        "stem": item.stem.get(own, ""),
        "options": options,
    }
    if item.rows:
        columns = _option_refs(item)
        told["rows"] = [
            {"ref": f"row-{number}", "text": row.text.get(own, "")}
            | ({} if row.column is None else {"column": columns[row.column]})
            for number, row in enumerate(item.rows, start=1)
        ]
    return told


def _words(item: ForeignItem, code: str) -> dict[str, Any]:
    options = zip(_option_refs(item), item.options, strict=True)
    found = {letter: option.text[code] for letter, option in options if code in option.text}
    rows = {
        f"row-{number}": row.text[code]
        for number, row in enumerate(item.rows, start=1)
        if code in row.text
    }
    return {"stem": item.stem.get(code, ""), "options": found, "rows": rows}


def _option_refs(item: ForeignItem) -> Sequence[str]:
    """A name for each choice: letters, and beyond z numbers, so that none is left out."""
    if item.kind is ItemKind.TRUE_FALSE and len(item.options) == 2:
        return ("true", "false")
    return [chr(97 + at) if at < 26 else f"option-{at + 1}" for at in range(len(item.options))]


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
    lost = sorted({found[2].lower() for found in _MARKUP.finditer(text)} - SAYS_NOTHING)
    bare = _MARKUP.sub(lambda found: "\n" if found[2].lower() in ENDS_A_LINE else "", text)
    bare = _ENTITY.sub(_sign, bare)
    return "\n".join(" ".join(line.split()) for line in bare.splitlines() if line.split()), lost


def _sign(found: re.Match[str]) -> str:
    name = found[1]
    if not name.startswith("#"):
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    is_text = 32 <= code < 0x11_0000 and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_text else " "


def export_losses(bank: ItemBank, language: str, tool: Tool) -> list[str]:
    """What of a bank has no place in another tool's file of one language, in words."""
    source = bank.source
    lost = [
        f"the words in {code}" for code in (source.language, *bank.languages) if code != language
    ]
    items = [item for item in source.items if item.kind in tool.kinds]
    parts = (
        ("topics", any(item.objective for item in items)),
        ("false beliefs behind wrong options", bool(source.misconceptions)),
        ("names of options", any(item.options for item in items)),
        ("names of rows", any(item.rows for item in items)),
        ("levels", any(item.level for item in items)),
        ("points", not tool.keeps_points and any(item.points != 1 for item in items)),
        ("that options keep their order", not tool.keeps_order and any(map(_keeps_order, items))),
        ("that columns keep their order", any(item.rows and _is_fixed(item) for item in items)),
        (
            "that a question asks which crime it is: it is to be matched",
            any(item.kind is ItemKind.CLASSIFY for item in items),
        ),
        ("sources, days and countries of the law", any(item.source for item in items)),
        ("flags and reviews", any(item.flags or item.reviewed_by for item in items)),
        ("forms", bool(bank.forms)),
        ("shared texts as texts of their own: they stand in each question", bool(source.stimuli)),
        (
            "tables as tables: their cells stand in each question, a bar between them",
            any(text.table for text in source.stimuli),
        ),
    )
    lost += [name for name, has in parts if has]
    kinds = sorted({item.kind.value for item in source.items if item.kind not in tool.kinds})
    return lost + [f"questions of the kind {kind}" for kind in kinds]


CHOICES = frozenset(
    {ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE, ItemKind.MULTI_SELECT, ItemKind.SHORT_TEXT}
)
PAIRS = frozenset({ItemKind.MATCH, ItemKind.CLASSIFY})


def _is_fixed(item: BankItem) -> bool:
    return item.order is OptionOrder.FIXED


def _keeps_order(item: BankItem) -> bool:
    """True and false stand in one order everywhere."""
    is_choice = item.kind in SCORED_KINDS - ROW_KINDS - {ItemKind.TRUE_FALSE}
    return is_choice and _is_fixed(item)


def items_for_export(bank: ItemBank, language: str, tool: Tool) -> list[ForeignItem]:
    """The items that the tool has too, in one language, the shared text before each stem."""
    return [
        _outgoing(item, language, _Words(bank, language))
        for item in bank.source.items
        if item.kind in tool.kinds
    ]


class _Words:
    """The words of a bank in one language, whether it is its own or another."""

    def __init__(self, bank: ItemBank, language: str) -> None:
        self._bank, self._texts = bank, bank.languages.get(language)

    def stem(self, item: BankItem) -> str:
        """The question below its shared text and the lines of the table."""
        own = item.stem if self._texts is None else self._texts.items[item.ref].stem
        return "\n".join([*self._shared(item), own])

    def _shared(self, item: BankItem) -> Iterator[str]:
        for row in self._bank.source.stimuli:
            if row.ref != item.stimulus:
                continue
            yield row.text if self._texts is None else self._texts.stimuli[row.ref]
            table = row.table if self._texts is None else self._texts.tables.get(row.ref)
            if table is not None:
                yield show_table(table.model_dump())

    def options(self, item: BankItem) -> dict[str, str]:
        """The words of each choice or column, true before false."""
        own = {each.ref: each.text for each in item.options}
        texts = own if self._texts is None else self._texts.items[item.ref].options
        is_truth = item.kind is ItemKind.TRUE_FALSE
        refs = sorted(own, key=lambda ref: int(is_truth and ref != "true"))
        return {ref: texts[ref] for ref in refs}

    def rows(self, item: BankItem) -> dict[str, str]:
        """The words of each line."""
        own = {each.ref: each.text for each in item.rows}
        return own if self._texts is None else dict(self._texts.items[item.ref].rows)


def _outgoing(item: BankItem, language: str, words: _Words) -> ForeignItem:
    """Columns stand as the lines name them, since other tools collect them so; others behind."""
    options, keys = words.options(item), {each.ref for each in item.options if each.key}
    if item.rows:
        named = [row.column for row in item.rows if row.column]
        order = list(dict.fromkeys([*named, *options]))
        options = {ref: options[ref] for ref in order}
    at = {ref: number for number, ref in enumerate(options)}
    rows = words.rows(item)
    return ForeignItem(
        Spot("bank", 1),
        item.ref,
        ItemKind.MATCH if item.kind in PAIRS else item.kind,
        {language: words.stem(item)},
        tuple(ForeignOption({language: text}, ref in keys) for ref, text in options.items()),
        item.points,
        _is_fixed(item) and not item.rows,
        tuple(
            ForeignRow({language: rows[row.ref]}, None if row.column is None else at[row.column])
            for row in item.rows
        ),
    )
