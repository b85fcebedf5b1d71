"""The printed things as PDF, one page format: A4."""

import unicodedata
from typing import Any

from app.adapters.i18n import days_text, language_name
from app.adapters.pdf import render
from app.adapters.qr import qr_svg, wifi_text
from app.core.codes import CARD_NUMBER_GROUPS, JOIN_CODE_GROUPS, grouped
from app.participants.paper_test import PaperQuestion, PaperTest
from app.participants.printed import CardSheet, Door, Poster, RoomSheet, Sentence


def card_sheet_as_pdf(sheet: CardSheet) -> bytes:
    """24 cards a page; nothing of a card is written to a disk on the way."""
    return render("cards", card_sheet_facts(sheet), made_at=sheet.made_at)


def poster_as_pdf(poster: Poster) -> bytes:
    """One page for the wall."""
    return render("poster", poster_facts(poster), made_at=poster.made_at)


def room_sheet_as_pdf(sheet: RoomSheet) -> bytes:
    """As many pages as the numbers need, each with the table's head."""
    return render("room-sheet", room_sheet_facts(sheet), made_at=sheet.made_at)


def paper_test_as_pdf(test: PaperTest) -> bytes:
    """As many pages as the questions need; none is cut in two."""
    return render("paper-test", paper_test_facts(test), made_at=test.made_at)


def card_sheet_facts(sheet: CardSheet) -> dict[str, Any]:
    """What cards.typ draws."""
    return {
        "heading": _sentence(sheet.heading),
        "square_name": _sentence(sheet.square_name),
        "sentences": [_sentence(each) for each in sheet.sentences],
        "door": _door(sheet.door),
        "notice": [_sentence(each) for each in sheet.notice],
        "cards": [
            {
                "number": grouped(card.number, CARD_NUMBER_GROUPS),
                "square": qr_svg(card.url, is_one_of_many=True),
            }
            for card in sheet.cards
        ],
    }


def poster_facts(poster: Poster) -> dict[str, Any]:
    """What poster.typ draws."""
    wifi = poster.wifi
    return {
        "heading": _sentence(poster.heading),
        "square_name": _sentence(poster.square_name),
        "title": typed_text(poster.title),
        "steps": [[_sentence(each) for each in step] for step in poster.steps],
        "door": _door(poster.door),
        "notice": [_sentence(each) for each in poster.notice],
        "square": qr_svg(poster.door.join_url),
        "wifi": wifi
        and {
            "ssid": typed_text(wifi.ssid),
            "password": wifi.password,
            "square": qr_svg(wifi_text(wifi.ssid, wifi.password)),
        },
    }


def room_sheet_facts(sheet: RoomSheet) -> dict[str, Any]:
    """What room-sheet.typ draws."""
    return {
        "language": sheet.language,
        "heading": sheet.heading,
        "title": typed_text(sheet.title),
        "place": typed_text(sheet.place),
        "days": days_text(sheet.starts_on, sheet.ends_on, sheet.language),
        "door": _door(sheet.door),
        "notice": [_sentence(each) for each in sheet.notice],
        "caution": sheet.caution,
        "columns": sheet.columns,
        "numbers": [grouped(number, CARD_NUMBER_GROUPS) for number in sheet.numbers],
    }


def paper_test_facts(test: PaperTest) -> dict[str, Any]:
    """What paper-test.typ draws."""
    return {
        "language": test.language,
        "language_name": language_name(test.language),
        "heading": test.heading,
        "title": typed_text(test.title),
        "place": typed_text(test.place),
        "days": days_text(test.starts_on, test.ends_on, test.language),
        "join_code": grouped(test.join_code, JOIN_CODE_GROUPS),
        "card_label": test.card_label,
        "terms": test.terms,
        "instruction": test.instruction,
        "questions": [_question(each) for each in test.questions],
        "notice": [_sentence(each) for each in test.notice],
    }


def _question(question: PaperQuestion) -> dict[str, Any]:
    return {
        "number": question.number,
        "told": question.told,
        "stem": question.stem,
        "hint": question.hint,
        "choices": [{"letter": each.letter, "text": each.text} for each in question.choices],
        "lines": question.lines,
        "rows": [{"number": each.number, "text": each.text} for each in question.rows],
        "table": question.table,
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {"language": sentence.language, "text": sentence.text}


def _door(door: Door) -> dict[str, Any]:
    return {"address": door.address, "join_code": grouped(door.join_code, JOIN_CODE_GROUPS)}


def typed_text(text: str) -> dict[str, Any]:
    """A text of unknown language, with the direction of its first strong letter."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL"))
    return {"text": text, "is_rtl": next(strong, "L") != "L"}
