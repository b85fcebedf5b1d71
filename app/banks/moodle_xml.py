"""Moodle XML: in as a draft, out with what it cannot hold said on top."""

from dataclasses import replace

from app.adapters.xml_files import XmlElement, escape_xml
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

TOOL = Tool(CHOICES | PAIRS | {ItemKind.ORDER}, keeps_points=True, keeps_order=True)
_FILE = "Moodle XML"
_NOT_CARRIED = {
    "shortanswer": "right answers to be typed",
    "numerical": "an answer that is a number", "multianswer": "gaps in a text",
    "description": "a text without answers", "ddwtos": "words to be dragged",
    "gapselect": "words to be chosen in a text", "calculated": "an answer that is computed",
}  # fmt: skip
_COMMENTS = (
    "generalfeedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint",
)  # fmt: skip
_TYPES = {
    ItemKind.TRUE_FALSE: "truefalse",
    ItemKind.SHORT_TEXT: "essay",
    ItemKind.MATCH: "matching",
    ItemKind.ORDER: "ordering",
}
_KINDS = {name: kind for kind, name in _TYPES.items()}
_FALSE = frozenset({"0", "false"})
_OUR_COUNT = "ABSOLUTE_POSITION"
"""Each step that stands in its own place brings its part, as it does here."""


def is_moodle(root: XmlElement) -> bool:
    """Whether a document is such a file."""
    return root.name == "quiz"


def read_moodle(root: XmlElement) -> Foreign:
    """The questions of a document."""
    foreign = Foreign()
    for question in root.find("question"):
        _read_question(foreign, question)
    return foreign


def _read_question(foreign: Foreign, question: XmlElement) -> None:
    spot, kind = Spot(_FILE, question.line), question.attributes.get("type", "")
    name = question.words("name", "text").strip()
    if kind == "category":
        foreign.lose(spot, f"the category: {question.words('category', 'text').strip()}")
        return
    if kind != "multichoice" and kind not in _KINDS:
        what = _NOT_CARRIED.get(kind, f"a question of the kind {kind or 'that is not said'}")
        foreign.lose(spot, f"{what}: “{name}”")
        return
    stem = _words(foreign, question.first("questiontext"), spot)
    for part in (part for each in _COMMENTS for part in question.find(each)):
        if part.words("text").strip():
            foreign.lose(spot, f"a comment: {plain_text(part.words('text'))[0]}")
    for word in (each for part in question.find("tags") for each in part.find("tag")):
        foreign.lose(spot, f"a tag: {word.words('text').strip()}")
    found = _KINDS.get(kind)
    if found is None:
        found = ItemKind.SINGLE_CHOICE if _is_single(question) else ItemKind.MULTI_SELECT
    item = ForeignItem(
        spot, name or stem, found, {"en": stem}, points=_points(foreign, question, spot)
    )
    foreign.items.append(_answered(foreign, question, item))


def _is_single(question: XmlElement) -> bool:
    return question.words("single").strip().lower() in {"true", "1", ""}


def _answered(foreign: Foreign, question: XmlElement, item: ForeignItem) -> ForeignItem:
    """The question with its choices or its lines."""
    is_kept = question.words("shuffleanswers").strip().lower() in _FALSE
    if item.kind is ItemKind.MATCH:
        if is_kept:
            foreign.lose(item.spot, "that its lines keep their order")
        return _pairs(foreign, question, item)
    if item.kind is ItemKind.ORDER:
        return _steps(foreign, question, item)
    return replace(item, options=_options(foreign, question, item.kind), is_fixed=is_kept)


def _pairs(foreign: Foreign, question: XmlElement, item: ForeignItem) -> ForeignItem:
    """Lines and their columns; a column without a line is one that is wrong everywhere."""
    found = []
    for part in question.find("subquestion"):
        spot = Spot(_FILE, part.line)
        row, column = _words(foreign, part, spot), _words(foreign, part.first("answer"), spot)
        found.append((row, column))
    columns = list(dict.fromkeys(column for _, column in found))
    rows = tuple(ForeignRow({"en": row}, columns.index(column)) for row, column in found if row)
    return replace(
        item, rows=rows, options=tuple(ForeignOption({"en": column}) for column in columns)
    )


def _steps(foreign: Foreign, question: XmlElement, item: ForeignItem) -> ForeignItem:
    """The lines of an order, by the places that the file says."""
    counted = question.words("gradingtype").strip()
    if counted not in {"", _OUR_COUNT}:
        foreign.lose(item.spot, f"its way of counting: {counted}")
    if question.words("selecttype").strip() not in {"", "ALL"}:
        foreign.lose(item.spot, "that some of its lines are drawn")
    answers = question.find("answer")
    placed = sorted(answers, key=lambda each: _number(each.attributes.get("fraction", "0")))
    rows = [ForeignRow({"en": _words(foreign, each, Spot(_FILE, each.line))}) for each in placed]
    for each in answers:
        _lose_feedback(foreign, each)
    return replace(item, rows=tuple(rows))


def _words(foreign: Foreign, part: XmlElement | None, spot: Spot) -> str:
    if part is None:
        return ""
    is_plain = part.attributes.get("format") == "plain_text"
    text = part.words("text")
    words, lost = (text.strip(), []) if is_plain else plain_text(text)
    if lost:
        foreign.lose(spot, f"markup: {', '.join(lost)}")
    for file in part.find("file"):
        foreign.lose(spot, f"a file: {file.attributes.get('name', '')}")
    return words


def _lose_feedback(foreign: Foreign, answer: XmlElement) -> None:
    if answer.words("feedback", "text").strip():
        told = plain_text(answer.words("feedback", "text"))[0]
        foreign.lose(Spot(_FILE, answer.line), f"a comment: {told}")


def _options(foreign: Foreign, question: XmlElement, kind: ItemKind) -> tuple[ForeignOption, ...]:
    if kind is ItemKind.SHORT_TEXT:
        return ()
    is_truth, is_single = kind is ItemKind.TRUE_FALSE, _is_single(question)
    found, shares = [], []
    for answer in question.find("answer"):
        spot = Spot(_FILE, answer.line)
        share = _number(answer.attributes.get("fraction", "0"))
        is_key = share >= 100 if is_single or is_truth else share > 0
        words = _words(foreign, answer, spot)
        shares.append((spot, words, share))
        _lose_feedback(foreign, answer)
        if is_truth:
            words = words.strip().capitalize()
        found.append(ForeignOption({"en": words}, is_key))
    lose_shares(foreign, shares, sum(option.is_key for option in found))
    if is_truth:
        found.sort(key=lambda option: option.text["en"] != "True")
    return tuple(found)


def _points(foreign: Foreign, question: XmlElement, spot: Spot) -> int:
    told = _number(question.words("defaultgrade") or "1")
    if told != int(told) or not 1 <= told <= 10:
        foreign.lose(spot, f"its points: {told:g}, which is no whole number from 1 to 10")
        return 1
    return int(told)


def _number(text: str) -> float:
    try:
        found = float(text.strip())
    except ValueError:
        return 0.0
    return found if abs(found) < 1e6 else 0.0


def write_moodle(bank: ItemBank, language: str) -> bytes:
    """The bank's questions in one language; a comment says what is left out."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for lost in export_losses(bank, language, TOOL):
        lines.append(f"<!-- Left out: {lost.replace('--', '–')} -->")
    for item in items_for_export(bank, language, TOOL):
        kind = _TYPES.get(item.kind, "multichoice")
        lines += [
            f'<question type="{kind}">',
            f"<name>{_text(item.name)}</name>",
            f'<questiontext format="plain_text">{_text(item.stem[language])}</questiontext>',
            f"<defaultgrade>{item.points}</defaultgrade>",
        ]
        if item.kind is ItemKind.MATCH:
            lines += _written_pairs(item, language)
        elif item.kind is ItemKind.ORDER:
            lines += _written_steps(item, language)
        else:
            lines += _written_choices(item, language)
        lines.append("</question>")
    return ("\n".join([*lines, "</quiz>"]) + "\n").encode()


def _text(text: str) -> str:
    return f"<text>{escape_xml(text)}</text>"


def _written_choices(item: ForeignItem, language: str) -> list[str]:
    """Of several keys each has its share, and a wrong tick takes as much away, as we count."""
    is_several, is_truth = item.kind is ItemKind.MULTI_SELECT, item.kind is ItemKind.TRUE_FALSE
    lines = []
    if item.kind in {ItemKind.SINGLE_CHOICE, ItemKind.MULTI_SELECT}:
        lines += [
            f"<single>{'false' if is_several else 'true'}</single>",
            f"<shuffleanswers>{'0' if item.is_fixed else '1'}</shuffleanswers>",
        ]
    part = 100 / (sum(option.is_key for option in item.options) or 1)
    for at, option in enumerate(item.options):
        share = part if option.is_key else -part if is_several else 0
        words = ("true", "false")[at] if is_truth else option.text[language]
        lines.append(f'<answer fraction="{share:.7g}" format="plain_text">{_text(words)}</answer>')
    return lines


def _written_pairs(item: ForeignItem, language: str) -> list[str]:
    named = {row.column for row in item.rows}
    pairs = [
        (row.text[language], item.options[row.column].text[language])
        for row in item.rows
        if row.column is not None
    ]
    pairs += [("", each.text[language]) for at, each in enumerate(item.options) if at not in named]
    return ["<shuffleanswers>1</shuffleanswers>"] + [
        f'<subquestion format="plain_text">{_text(row)}'
        f'<answer format="plain_text">{_text(column)}</answer></subquestion>'
        for row, column in pairs
    ]


def _written_steps(item: ForeignItem, language: str) -> list[str]:
    return [
        "<layouttype>VERTICAL</layouttype>",
        "<selecttype>ALL</selecttype>",
        f"<gradingtype>{_OUR_COUNT}</gradingtype>",
    ] + [
        f'<answer fraction="{place}" format="plain_text">{_text(row.text[language])}</answer>'
        for place, row in enumerate(item.rows, start=1)
    ]
