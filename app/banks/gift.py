"""GIFT, Moodle's plain text: in as a draft, out with what it cannot hold said on top."""

import re
from collections.abc import Iterator
from dataclasses import replace

from app.banks.foreign import (
    CHOICES,
    PAIRS,
    Foreign,
    ForeignItem,
    ForeignOption,
    ForeignRow,
    Tool,
    export_losses,
    items_for_export,
    lose_shares,
    plain_text,
)
from app.banks.schemas import ItemBank, Spot
from app.core.scoring import ItemKind

TOOL = Tool(CHOICES | PAIRS)
_FILE = "GIFT"
_ARROW = "->"
_SPECIAL = "~=#{}:\\"
_TITLE = re.compile(r"\s*::(?P<title>.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(?P<format>html|moodle|plain|markdown)\]", re.IGNORECASE)
_ANSWER = re.compile(
    r"\s*(?P<sign>[=~])\s*(?:%(?P<weight>-?\d+(?:\.\d+)?)%)?(?P<rest>.*)", re.DOTALL
)
_OPEN = ItemKind.SHORT_TEXT
_GAP = "_____"
_TRUTHS = {"t": True, "true": True, "f": False, "false": False}
_HIDE = {sign: chr(0xE000 + at) for at, sign in enumerate(_SPECIAL)}
"""An escaped sign is kept apart as a sign that nobody writes, until the text was read."""


def looks_like_gift(text: str) -> bool:
    """Whether a text has a question with its answers in braces."""
    return bool(re.search(r"\{[^{}]*\}", text))


def read_gift(text: str) -> Foreign:
    """The questions of a file; line numbers are those of the file."""
    foreign = Foreign()
    for line, block in _blocks(text):
        _read_question(foreign, Spot(_FILE, line), block)
    return foreign


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """The questions with their first lines: an empty line ends one, outside of its braces."""
    begun, depth = 0, 0
    lines: list[str] = []
    for number, line in enumerate([*text.replace("\r\n", "\n").split("\n"), ""], start=1):
        if line.lstrip().startswith("//"):
            continue
        if not line.strip() and depth <= 0:
            if lines:
                yield begun, "\n".join(lines)
            begun, lines, depth = 0, [], 0
            continue
        set_apart = _hide(line)
        depth += set_apart.count("{") - set_apart.count("}")
        begun = begun or number
        lines.append(set_apart)
    if lines:
        yield begun, "\n".join(lines)


def _hide(text: str) -> str:
    return re.sub(r"\\([~=#{}:\\])", lambda found: _HIDE[found[1]], text)


def _show(text: str) -> str:
    for sign, other in _HIDE.items():
        text = text.replace(other, sign)
    return text.replace("\\n", "\n").strip()


def _read_question(foreign: Foreign, spot: Spot, block: str) -> None:
    if block.lstrip().upper().startswith("$CATEGORY"):
        foreign.lose(spot, f"the category: {_show(block.partition(':')[2])}")
        return
    title = _TITLE.match(block)
    rest = block[title.end() :] if title else block
    asked = _FORMAT.match(rest)
    rest = rest[asked.end() :] if asked else rest
    before, brace, after = rest.partition("{")
    answers, _, behind = after.rpartition("}")
    stem = _words(foreign, spot, f"{before} {_GAP} {behind}" if behind.strip(" .\n") else before)
    name = _show(title["title"]) if title else ""
    if not brace or not stem:
        foreign.lose(spot, f"a text without answers: {stem[:60]}")
        return
    item = _read_answers(foreign, ForeignItem(spot, name or stem, _OPEN, {"en": stem}), answers)
    if item is None:
        foreign.lose(spot, f"the question “{name or stem[:60]}”")
        return
    foreign.items.append(item)


def _words(foreign: Foreign, spot: Spot, text: str) -> str:
    words, lost = plain_text(_show(text))
    if lost:
        foreign.lose(spot, f"markup: {', '.join(lost)}")
    return words


def _read_answers(foreign: Foreign, item: ForeignItem, answers: str) -> ForeignItem | None:
    """The question with its answers; None where they have no place here, which is listed."""
    if not answers.strip():
        return item
    if answers.strip().startswith("#"):
        foreign.lose(item.spot, "an answer that is a number")
        return None
    truth, _, comment = answers.partition("#")
    if truth.strip().lower() in _TRUTHS:
        _lose_comment(foreign, item.spot, comment)
        is_true = _TRUTHS[truth.strip().lower()]
        words = (("True", is_true), ("False", not is_true))
        options = tuple(ForeignOption({"en": text}, key) for text, key in words)
        return replace(item, kind=ItemKind.TRUE_FALSE, options=options)
    found = [_ANSWER.fullmatch(each) for each in re.split(r"(?=[=~])", answers) if each.strip()]
    read = [each for each in found if each is not None]
    if len(read) < len(found) or len(read) < 2:
        foreign.lose(item.spot, "its answers")
        return None
    if any(each["sign"] == "~" for each in read):
        return _read_choices(foreign, item, read)
    if any(_ARROW in each["rest"] for each in read):
        return _read_pairs(foreign, item, read)
    foreign.lose(item.spot, "right answers to be typed")
    return None


def _read_choices(foreign: Foreign, item: ForeignItem, read: list[re.Match[str]]) -> ForeignItem:
    has_one = any(each["sign"] == "=" for each in read)
    options, shares = [], []
    for each in read:
        words, _, comment = each["rest"].partition("#")
        _lose_comment(foreign, item.spot, comment)
        weight = float(each["weight"] or 0)
        is_key = each["sign"] == "=" if has_one else weight > 0
        if each["weight"]:
            shares.append((item.spot, _show(words), weight))
        options.append(ForeignOption({"en": _words(foreign, item.spot, words)}, is_key))
    keys = sum(option.is_key for option in options)
    lose_shares(foreign, shares, keys)
    if has_one and keys > 1:
        foreign.lose(item.spot, "that one of several right answers is enough")
    kind = ItemKind.SINGLE_CHOICE if keys == 1 else ItemKind.MULTI_SELECT
    return replace(item, kind=kind, options=tuple(options))


def _read_pairs(
    foreign: Foreign, item: ForeignItem, read: list[re.Match[str]]
) -> ForeignItem | None:
    """Lines and their columns; an answer without a line before its arrow is one more column."""
    pairs = []
    for each in read:
        before, arrow, after = each["rest"].partition(_ARROW)
        if not arrow:
            foreign.lose(item.spot, f"an answer without its pair: “{_show(before)}”")
            return None
        if each["weight"]:
            foreign.lose(item.spot, f"part of the points for “{_show(before)}”")
        pairs.append((_words(foreign, item.spot, before), _words(foreign, item.spot, after)))
    columns = list(dict.fromkeys(column for _, column in pairs))
    rows = tuple(ForeignRow({"en": row}, columns.index(column)) for row, column in pairs if row)
    options = tuple(ForeignOption({"en": column}) for column in columns)
    return replace(item, kind=ItemKind.MATCH, options=options, rows=rows)


def _lose_comment(foreign: Foreign, spot: Spot, comment: str) -> None:
    if comment.strip("# \n"):
        foreign.lose(spot, f"a comment: {_show(comment.strip('#'))}")


def write_gift(bank: ItemBank, language: str) -> bytes:
    """The bank's questions in one language; a comment says what is left out."""
    lost = export_losses(bank, language, TOOL)
    lines: list[str] = []
    for item in items_for_export(bank, language, TOOL):
        lines += ["", f"::{_guard(item.name)}::{_guard(item.stem[language])} {{"]
        if item.kind is ItemKind.TRUE_FALSE:
            lines[-1] += "T}" if item.options[0].is_key else "F}"
            continue
        answers = _pairs(item, language) if item.rows else _choices(item, language)
        if item.rows and _has_arrow(item, language):
            lost.append(f"the sign -> in “{item.name}”: it is written →")
        lines += [*(f"  {answer}" for answer in answers), "}"]
    return ("\n".join([*(f"// Left out: {each}" for each in lost), *lines]) + "\n").encode()


def _choices(item: ForeignItem, language: str) -> Iterator[str]:
    """Of several keys each has its share, and a wrong tick takes as much away, as we count."""
    share = 100 / max(1, sum(option.is_key for option in item.options))
    for option in item.options:
        sign = "=" if option.is_key else "~"
        if item.kind is ItemKind.MULTI_SELECT:
            sign = f"~%{share if option.is_key else -share:.5f}%"
        yield f"{sign}{_guard(option.text[language])}"


def _pairs(item: ForeignItem, language: str) -> Iterator[str]:
    columns = [_guard(_unarrowed(option.text[language])) for option in item.options]
    for row in item.rows:
        if row.column is not None:
            yield f"={_guard(_unarrowed(row.text[language]))} {_ARROW} {columns[row.column]}"
    named = {row.column for row in item.rows}
    for at, column in enumerate(columns):
        if at not in named:
            yield f"= {_ARROW} {column}"


def _has_arrow(item: ForeignItem, language: str) -> bool:
    texts = [each.text[language] for each in item.rows]
    return any(_ARROW in each for each in [*texts, *(each.text[language] for each in item.options)])


def _unarrowed(text: str) -> str:
    """The format has no way to write this sign inside a line."""
    return text.replace(_ARROW, "→")


def _guard(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", "\\n")
