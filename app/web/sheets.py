"""The desk where sheets of paper are typed: which tests take them, and what was typed, shown."""

from dataclasses import dataclass

from app.adapters.db import Work
from app.core.paper import PaperItem, letters_of, write_sheet
from app.sittings.entering import EnteredSheet, find_entered_tests, find_paper_items
from app.web.house import House
from app.web.prints import paper_languages
from app.workshops.schemas import Occasion, WorkshopRecord


@dataclass(frozen=True)
class SheetTest:
    """A test that takes sheets now, with what its line asks: number, letters, several or not."""

    occasion: Occasion
    items: tuple[PaperItem, ...]

    @property
    def asked(self) -> str:
        """The line's parts for the page's script: "1:5 2:7+ …", "+" where several may stand."""
        return " ".join(
            f"{each.number}:{len(each.letters)}{'+' * each.is_several}"
            for each in self.items
            if each.letters
        )


@dataclass(frozen=True)
class SheetDesk:
    """What the page needs to take sheets in; no test, no sheet."""

    tests: tuple[SheetTest, ...]
    languages: tuple[str, ...]
    occasion: Occasion | None
    language: str


@dataclass(frozen=True)
class ShownSheet:
    """A sheet as the trainer typed it: letters by question, and the line to correct."""

    card: str
    letters: tuple[tuple[str, str], ...]
    line: str
    answered_count: int
    is_corrected: bool


def read_desk(
    house: House, work: Work, workshop: WorkshopRecord, occasion: str = "", language: str = ""
) -> SheetDesk:
    """The desk with the last choices kept; else the latest test and the first language."""
    tests = tuple(
        SheetTest(each.occasion, find_paper_items(work, each))
        for each in find_entered_tests(work, workshop, late=house.late)
    )
    languages = paper_languages(work, workshop)
    offered = [each.occasion for each in tests]
    latest = offered[-1] if offered else None
    return SheetDesk(
        tests=tests,
        languages=languages,
        occasion=Occasion(occasion) if occasion in offered else latest,
        language=language if language in languages else next(iter(languages), ""),
    )


def shown(entered: EnteredSheet) -> ShownSheet:
    """What was typed, for the eyes of who typed it."""
    answers = entered.sheet.answers
    asked = [each for each in entered.items if each.letters]
    return ShownSheet(
        card=entered.sheet.card,
        letters=tuple((each.number, letters_of(each, answers[each.number])) for each in asked),
        line=write_sheet(entered.sheet, entered.items),
        answered_count=entered.sitting.answered_count,
        is_corrected=entered.is_corrected,
    )
