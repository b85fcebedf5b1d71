"""The test on paper as a value, in one language. Nothing is drawn, and no key is known here.

It is made of the published form alone, which holds no key: the sheet of a form whose keys were
changed is the same sheet.
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.banks.schemas import FormItem, PublishedForm
from app.core.errors import ValueRefused
from app.core.paper import PaperItem, paper_item, paper_rows
from app.core.reasons import N_
from app.core.scoring import ItemKind
from app.participants.printed import Sentence, Translate, notice_of
from app.workshops.schemas import WorkshopRecord

_LINES = 4  # to write a short text on
_HINTS = {
    ItemKind.MULTI_SELECT: N_("Tick all that are right."),
    ItemKind.MATCH: N_("Choose one for each line."),
    ItemKind.CLASSIFY: N_("Choose one for each line."),
    ItemKind.ORDER: N_("Number the lines from first to last."),
}
_TERMS = (
    (N_("It measures the workshop, not you."), N_("You can skip a question, or stop.")),
    (
        N_("Refusing costs nothing, not even the certificate."),
        N_("If you agree, fill the sheet in and give it back."),
    ),
    (N_("If someone enters answers for you, that person sees them."),),
    (N_("The tests ask for no name."),),
)


@dataclass(frozen=True)
class PaperChoice:
    """A choice as printed: its letter, and its words."""

    letter: str
    text: str


@dataclass(frozen=True)
class PaperRow:
    """One row of a question: its number and its words; every row has the same letters."""

    number: str
    text: str


@dataclass(frozen=True)
class PaperQuestion:
    """One question; with `lines` to write on it has no choices. `table`: head, then rows."""

    number: str
    told: str
    stem: str
    hint: str
    choices: tuple[PaperChoice, ...]
    lines: int
    rows: tuple[PaperRow, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class PaperTest:
    """The whole test in one language; every page has four boxes for the card's number."""

    language: str
    heading: str
    title: str
    place: str
    starts_on: date
    ends_on: date
    join_code: str
    card_label: str
    terms: tuple[str, ...]
    instruction: str
    questions: tuple[PaperQuestion, ...]
    notice: tuple[Sentence, ...]
    made_at: datetime


def languages_on_paper(workshop: WorkshopRecord, form: PublishedForm) -> tuple[str, ...]:
    """The workshop's languages that the form is published in, in the workshop's order."""
    return tuple(each for each in workshop.languages if each in form.languages)


def build_paper_test(
    workshop: WorkshopRecord,
    form: PublishedForm,
    *,
    heading: str,
    language: str,
    translate: Translate,
) -> PaperTest:
    """The test in a language of the workshop; empty for its first one.

    `heading` is the English name of the occasion. ValueRefused for a language in which the
    workshop is not held or the form not published.
    """
    chosen = choose_language(workshop, form, language)
    return PaperTest(
        language=chosen,
        heading=translate(chosen, heading),
        title=workshop.title,
        place=workshop.place,
        starts_on=workshop.starts_on,
        ends_on=workshop.ends_on,
        join_code=workshop.join_code,
        card_label=translate(chosen, N_("Number on your card")),
        terms=tuple(" ".join(translate(chosen, each) for each in term) for term in _TERMS),
        instruction=translate(
            chosen, N_("Tick one letter for each question, at the edge of the page.")
        ),
        questions=tuple(_question(each, chosen, translate) for each in form.items),
        notice=notice_of(workshop, translate),
        made_at=workshop.created_at,
    )


def choose_language(workshop: WorkshopRecord, form: PublishedForm, wanted: str) -> str:
    """The language of a sheet, the first one where none is wanted; raises ValueRefused."""
    offered = languages_on_paper(workshop, form)
    chosen = wanted or next(iter(offered), "")
    if chosen not in offered:
        raise ValueRefused(field="language", reason="language_not_offered", languages=offered)
    return chosen


def on_paper(item: FormItem) -> tuple[PaperItem, ...]:
    """The item's letters and choices, in the order in which a sheet prints them; row by row."""
    options = [each.option for each in item.options]
    if item.rows:
        return paper_rows(item.item, item.kind, [each.row for each in item.rows], options)
    return (paper_item(item.item, item.kind, options),)


def _question(item: FormItem, language: str, translate: Translate) -> PaperQuestion:
    words = [each.text[language] for each in item.options]
    printed = on_paper(item)
    if item.is_scored:
        words.append(translate(language, N_("I do not know")))
    table = item.table[language] if item.table else None
    return PaperQuestion(
        number=item.item,
        told=item.stimulus[language] if item.stimulus else "",
        stem=item.stem[language],
        hint=translate(language, _HINTS[item.kind]) if item.kind in _HINTS else "",
        choices=tuple(map(PaperChoice, printed[0].letters, words)),
        lines=_LINES if item.kind is ItemKind.SHORT_TEXT else 0,
        rows=tuple(
            PaperRow(part.number, row.text[language])
            for part, row in zip(printed, item.rows, strict=False)
        ),
        table=(table.head, *table.rows) if table else (),
    )
