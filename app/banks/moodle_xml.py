"""Moodle XML: in as a draft, out with what it cannot hold said on top."""

from app.adapters.xml_files import XmlElement, escape_xml
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

_FILE = "Moodle XML"
_NOT_CARRIED = {
    "matching": "pairs to be matched", "shortanswer": "right answers to be typed",
    "numerical": "an answer that is a number", "multianswer": "gaps in a text",
    "description": "a text without answers", "ddwtos": "words to be dragged",
    "gapselect": "words to be chosen in a text", "calculated": "an answer that is computed",
}  # fmt: skip
_COMMENTS = (
    "generalfeedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback",
)  # fmt: skip
_TYPES = {
    ItemKind.TRUE_FALSE: "truefalse",
    ItemKind.SHORT_TEXT: "essay",
}


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
    if kind not in {"multichoice", "truefalse", "essay"}:
        what = _NOT_CARRIED.get(kind, f"a question of the kind {kind or 'that is not said'}")
        foreign.lose(spot, f"{what}: “{name}”")
        return
    stem = _words(foreign, question.first("questiontext"), spot)
    for each in _COMMENTS:
        if question.words(each, "text").strip():
            foreign.lose(spot, f"a comment: {plain_text(question.words(each, 'text'))[0]}")
    for word in (each for part in question.find("tags") for each in part.find("tag")):
        foreign.lose(spot, f"a tag: {word.words('text').strip()}")
    options = _options(foreign, question, kind)
    found = {"truefalse": ItemKind.TRUE_FALSE, "essay": ItemKind.SHORT_TEXT}.get(kind)
    if found is None:
        is_single = question.words("single").strip().lower() in {"true", "1", ""}
        found = ItemKind.SINGLE_CHOICE if is_single else ItemKind.MULTI_SELECT
    is_fixed = question.words("shuffleanswers").strip().lower() in {"0", "false"}
    points = _points(foreign, question, spot)
    foreign.items.append(
        ForeignItem(spot, name or stem, found, {"en": stem}, options, points, is_fixed)
    )


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


def _options(foreign: Foreign, question: XmlElement, kind: str) -> tuple[ForeignOption, ...]:
    if kind == "essay":
        return ()
    is_single = question.words("single").strip().lower() in {"true", "1", ""}
    found = []
    for answer in question.find("answer"):
        spot = Spot(_FILE, answer.line)
        share = _number(answer.attributes.get("fraction", "0"))
        is_key = share >= 100 if is_single or kind == "truefalse" else share > 0
        words = _words(foreign, answer, spot)
        if 0 < share < 100 and is_single:
            foreign.lose(spot, f"part of the points for “{words}”")
        if answer.words("feedback", "text").strip():
            foreign.lose(spot, f"a comment: {plain_text(answer.words('feedback', 'text'))[0]}")
        if kind == "truefalse":
            words = words.strip().capitalize()
        found.append(ForeignOption({"en": words}, is_key))
    if kind == "truefalse":
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
    """The bank's choices and open questions in one language; a comment says what is left out."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for lost in export_losses(bank, language, keeps_points=True):
        lines.append(f"<!-- Left out: {lost.replace('--', '–')} -->")
    for item in items_for_export(bank, language):
        kind = _TYPES.get(item.kind, "multichoice")
        lines += [
            f'<question type="{kind}">',
            f"<name><text>{escape_xml(item.name)}</text></name>",
            f'<questiontext format="plain_text"><text>{escape_xml(item.stem[language])}</text>'
            "</questiontext>",
            f"<defaultgrade>{item.points}</defaultgrade>",
        ]
        if kind == "multichoice":
            is_single = item.kind is ItemKind.SINGLE_CHOICE
            lines += [
                f"<single>{'true' if is_single else 'false'}</single>",
                f"<shuffleanswers>{'0' if item.is_fixed else '1'}</shuffleanswers>",
            ]
        lines += _answers(item, language)
        lines.append("</question>")
    return ("\n".join([*lines, "</quiz>"]) + "\n").encode()


def _answers(item: ForeignItem, language: str) -> list[str]:
    keys = sum(option.is_key for option in item.options) or 1
    lines = []
    for at, option in enumerate(item.options):
        share = f"{100 / keys:.7g}" if option.is_key else "0"
        is_truth = item.kind is ItemKind.TRUE_FALSE
        words = ("true", "false")[at] if is_truth else escape_xml(option.text[language])
        lines.append(
            f'<answer fraction="{share}" format="plain_text"><text>{words}</text></answer>'
        )
    return lines
