"""The linter: what a careful editor would say of a bank, by rules that stand in one table.

It reads a bank in which `reading` found nothing wrong, so that every reference holds and every
language has the same structure. It decides nothing else: an error is what must not be published, a
warning what somebody should look at. Pure: the day is given.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from app.banks import lint_facts as facts
from app.banks import lint_keys as keys
from app.banks import lint_languages as languages
from app.banks import lint_rows as rows
from app.banks import lint_wording as wording
from app.banks.lint_views import Place, Said, Wording, forms_of, wordings_of
from app.banks.schemas import ItemBank, Purpose, Spot
from app.core.scoring import ItemKind


class Severity(StrEnum):
    """An error must be mended; a warning must be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """One sentence about one place; `rule` is its name in the table."""

    file: str
    line: int
    message: str
    rule: str
    severity: Severity
    column: str = ""

    def __str__(self) -> str:
        note = "" if self.severity is Severity.ERROR else "warning: "
        return f"{Spot(self.file, self.line, self.column)}: {note}{self.message}"


class Rule(NamedTuple):
    """A rule's name, how grave it is, and its question to what it looks at."""

    name: str
    severity: Severity
    check: Callable[..., Iterable[tuple[Any, ...]]]


def _number_of_options(words: Wording) -> Said:
    kind, count = words.item.kind, len(words.options)
    if words.is_source and kind is ItemKind.SINGLE_CHOICE and not 4 <= count <= 5:
        yield (*words.stem_place[:2], "options"), f"“{words.item.ref}” has {count} options, not 4–5"


ERROR, WARNING = Severity.ERROR, Severity.WARNING

OF_WORDS = (
    Rule("options", ERROR, _number_of_options),
    Rule("length", WARNING, wording.lengths),
    Rule("reading-ease", WARNING, wording.ease),
    Rule("all-of-the-above", ERROR, wording.all_of_the_above),
    Rule("do-not-know", ERROR, wording.do_not_know),
    Rule("banned-term", ERROR, wording.banned_terms),
    Rule("abbreviation", ERROR, wording.abbreviations),
    Rule("negative", WARNING, wording.negations),
    Rule("same-option", ERROR, wording.same_option),
    Rule("picture", ERROR, wording.pictures),
    Rule("invisible", ERROR, wording.invisible_signs),
    Rule("key-length", ERROR, keys.key_longest),
    Rule("key-short", WARNING, keys.key_shortest),
    Rule("key-looks", ERROR, keys.key_looks),
    Rule("key-soft-looks", WARNING, keys.key_soft_looks),
    Rule("absolute", WARNING, keys.absolute_words),
    Rule("clue", WARNING, keys.clue_words),
    Rule("key-in-question", ERROR, keys.key_in_question),
    Rule("article", ERROR, keys.article),
    Rule("name", ERROR, keys.telling_names),
    Rule("order", ERROR, keys.written_order),
    Rule("one-column", ERROR, rows.one_column),
    Rule("column", WARNING, rows.column_too_often),
    Rule("left-over", WARNING, rows.left_over),
    Rule("row-says-column", ERROR, rows.says_column),
    Rule("penalty", ERROR, facts.penalties),
    Rule("as-enacted", ERROR, facts.as_enacted),
    Rule("source", ERROR, facts.told_source),
    Rule("reviewer", ERROR, facts.not_reviewed),
    Rule("belief-twice", WARNING, facts.one_belief_twice),
    Rule("question-sign", WARNING, languages.question_signs),
)
OF_FORMS = (
    Rule("longest", ERROR, keys.longest_too_often),
    Rule("letter", ERROR, keys.same_letter),
    Rule("truth", WARNING, keys.same_truth),
    Rule("told-by-another", ERROR, keys.told_by_another),
    Rule("smuggling-act", WARNING, facts.smuggling_act_once),
    Rule("levels", WARNING, facts.levels),
    Rule("split-case", ERROR, facts.split_case),
    Rule("same-question", ERROR, facts.same_question),
)
OF_BANKS = (
    Rule("unused", WARNING, facts.unused),
    Rule("copied", ERROR, languages.copied),
    Rule("numbers", ERROR, languages.numbers),
)
OF_DAYS = (Rule("overdue", WARNING, facts.overdue),)
RULES = (*OF_WORDS, *OF_FORMS, *OF_BANKS, *OF_DAYS)


def lint_bank(bank: ItemBank, today: date) -> list[Finding]:
    """Everything the rules say of a bank that was read without a problem, in the files' order."""
    found = (
        (rule, bank.spot_of(file, place), message)
        for rule, file, place, message in _found(bank, today)
    )
    return sorted(
        Finding(spot.file, spot.line, message, rule.name, rule.severity, spot.column)
        for rule, spot, message in found
    )


def _found(bank: ItemBank, today: date) -> Iterator[tuple[Rule, str, Place, str]]:
    for words in wordings_of(bank):
        for rule in OF_WORDS:
            if bank.source.purpose is Purpose.TEST or rule.name in _OF_QUESTIONNAIRES:
                yield from ((rule, words.file, *found) for found in rule.check(words))
    for form in forms_of(bank):
        for rule in OF_FORMS:
            yield from ((rule, form.file, *found) for found in rule.check(form))
    for rule in OF_BANKS:
        yield from ((rule, *found) for found in rule.check(bank))
    for rule in OF_DAYS:
        yield from ((rule, *found) for found in rule.check(bank, today))


_OF_QUESTIONNAIRES = frozenset(
    {"length", "reading-ease", "banned-term", "abbreviation", "same-option", "picture", "invisible"}
)
