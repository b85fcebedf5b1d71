"""GIFT, Moodle's plain text: in as a draft, out with what it cannot hold said on top."""

import re
from collections.abc import Iterator

from app.banks.foreign import (
    Foreign,
    ForeignItem,
    ForeignOption,
    export_losses,
    items_for_export,
    plain_text,
)
from app.banks.schemas import ItemBank, Spot
from app.core.scoring import ItemKind

_FILE = "GIFT"
_SPECIAL = "~=#{}:\\"
_TITLE = re.compile(r"\s*::(?P<title>.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(?P<format>html|moodle|plain|markdown)\]", re.IGNORECASE)
_ANSWER = re.compile(
    r"\s*(?P<sign>[=~])\s*(?:%(?P<weight>-?\d+(?:\.\d+)?)%)?(?P<rest>.*)", re.DOTALL
)
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
    kind, options = _read_answers(foreign, spot, answers)
    if kind is None:
        foreign.lose(spot, f"the question “{name or stem[:60]}”")
        return
    foreign.items.append(ForeignItem(spot, name or stem, kind, {"en": stem}, tuple(options)))


def _words(foreign: Foreign, spot: Spot, text: str) -> str:
    words, lost = plain_text(_show(text))
    if lost:
        foreign.lose(spot, f"markup: {', '.join(lost)}")
    return words


def _read_answers(
    foreign: Foreign, spot: Spot, answers: str
) -> tuple[ItemKind | None, list[ForeignOption]]:
    if not answers.strip():
        return ItemKind.SHORT_TEXT, []
    if answers.strip().startswith("#"):
        foreign.lose(spot, "an answer that is a number")
        return None, []
    truth, _, comment = answers.partition("#")
    if truth.strip().lower() in _TRUTHS:
        _lose_comment(foreign, spot, comment)
        is_true = _TRUTHS[truth.strip().lower()]
        words = (("True", is_true), ("False", not is_true))
        return ItemKind.TRUE_FALSE, [ForeignOption({"en": text}, key) for text, key in words]
    found = [each for each in re.split(r"(?=[=~])", answers) if each.strip()]
    return _read_choices(foreign, spot, found)


def _read_choices(
    foreign: Foreign, spot: Spot, found: list[str]
) -> tuple[ItemKind | None, list[ForeignOption]]:
    read = [_ANSWER.fullmatch(each) for each in found]
    if not all(read) or len(read) < 2 or any("->" in each for each in found):
        what = "pairs to be matched" if any("->" in each for each in found) else "its answers"
        foreign.lose(spot, what)
        return None, []
    if not any(each and each["sign"] == "~" for each in read):
        foreign.lose(spot, "right answers to be typed")
        return None, []
    has_one = any(each and each["sign"] == "=" for each in read)
    options = []
    for each in read:
        if each is None:
            continue
        words, _, comment = each["rest"].partition("#")
        _lose_comment(foreign, spot, comment)
        weight = float(each["weight"] or 0)
        is_key = each["sign"] == "=" if has_one else weight > 0
        if has_one and weight:
            foreign.lose(spot, f"part of the points for “{_show(words)}”")
        options.append(ForeignOption({"en": _words(foreign, spot, words)}, is_key))
    keys = sum(option.is_key for option in options)
    return (ItemKind.SINGLE_CHOICE if keys == 1 else ItemKind.MULTI_SELECT), options


def _lose_comment(foreign: Foreign, spot: Spot, comment: str) -> None:
    if comment.strip("# \n"):
        foreign.lose(spot, f"a comment: {_show(comment.strip('#'))}")


def write_gift(bank: ItemBank, language: str) -> bytes:
    """The bank's choices and open questions in one language; a comment says what is left out."""
    lines = [f"// Left out: {lost}" for lost in export_losses(bank, language, keeps_points=False)]
    for item in items_for_export(bank, language):
        keys = sum(option.is_key for option in item.options)
        lines += ["", f"::{_guard(item.name)}::{_guard(item.stem[language])} {{"]
        if item.kind is ItemKind.TRUE_FALSE:
            lines[-1] += "T}" if item.options[0].is_key else "F}"
            continue
        for option in item.options:
            share = f"%{100 / keys:.5f}%" if option.is_key and _is_several(item) else ""
            sign = "=" if option.is_key and not _is_several(item) else f"~{share}"
            lines.append(f"  {sign}{_guard(option.text[language])}")
        lines.append("}")
    return ("\n".join(lines) + "\n").encode()


def _is_several(item: ForeignItem) -> bool:
    return item.kind is ItemKind.MULTI_SELECT


def _guard(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", "\\n")
