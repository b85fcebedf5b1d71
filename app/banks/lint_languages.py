"""Rules about translations: counted, and told apart from what was only copied."""

import re
from collections.abc import Iterator

from app.banks.lint_views import Place, Said, Wording
from app.banks.schemas import ItemBank, LanguageFile
from app.core.readability import numbers_in, words_in

_ARABIC_SCRIPT = frozenset({"ar", "ckb", "fa", "ps", "sd", "ur"})
_ARABIC = re.compile(r"[\u0600-\u06ff]")

Translated = tuple[Place, str, str]
"""A place in a language's file, the bank's own words, and the translated ones."""


def pairs_of(bank: ItemBank, texts: LanguageFile) -> list[Translated]:
    """Every text that a language's file must have, beside the bank's own words."""
    source = bank.source
    found: list[Translated] = [(("title",), source.title, texts.title)]
    found += [
        (("objectives", row.ref), row.title, texts.objectives[row.ref]) for row in source.objectives
    ]
    found += [
        (("misconceptions", row.ref), row.belief, texts.misconceptions[row.ref])
        for row in source.misconceptions
    ]
    found += [(("stimuli", row.ref), row.text, texts.stimuli[row.ref]) for row in source.stimuli]
    for row in source.stimuli:
        own_cells = row.table.cells() if row.table else ()
        given_cells = texts.tables[row.ref].cells() if row.table else ()
        found += [
            (("tables", row.ref, *place), cell, given)
            for (place, cell), (_, given) in zip(own_cells, given_cells, strict=True)
        ]
    for item in source.items:
        own = texts.items[item.ref]
        found.append((("items", item.ref, "stem"), item.stem, own.stem))
        found += [
            (("items", item.ref, "options", each.ref), each.text, own.options[each.ref])
            for each in item.options
        ]
        found += [
            (("items", item.ref, "rows", each.ref), each.text, own.rows[each.ref])
            for each in item.rows
        ]
    return found


def count_translated(bank: ItemBank, language: str) -> tuple[int, int]:
    """How many of a language's texts are translated, and how many there are."""
    found = pairs_of(bank, bank.languages[language])
    return sum(not _is_copied(language, own, given) for _, own, given in found), len(found)


def copied(bank: ItemBank) -> Iterator[tuple[str, Place, str]]:
    """Texts that stand in a language's file in the bank's own language."""
    for language, texts in bank.languages.items():
        for place, own, given in pairs_of(bank, texts):
            if _is_copied(language, own, given):
                yield (
                    f"{bank.source.bank}/{language}.yaml",
                    place,
                    f"“{given}” is not translated",
                )


def numbers(bank: ItemBank) -> Iterator[tuple[str, Place, str]]:
    """A year, an age, an article or a count got lost, or came in, on the way."""
    for language, texts in bank.languages.items():
        for place, own, given in pairs_of(bank, texts):
            wanted, has = numbers_in(own), numbers_in(given)
            if wanted != has:
                said = ", ".join(sorted(wanted ^ has))
                yield (
                    f"{bank.source.bank}/{language}.yaml",
                    place,
                    f"the numbers differ from {bank.source.language}: {said}",
                )


def question_signs(words: Wording) -> Said:
    """A question stays a question, a statement a statement."""
    if words.is_source:
        return
    if ("?" in words.item.stem) != bool({"?", "؟"} & set(words.stem)):
        yield words.stem_place, "in one language it is a question, in the other a statement"


def _is_copied(language: str, own: str, given: str) -> bool:
    if language in _ARABIC_SCRIPT and len(words_in(own)) > 1 and not _ARABIC.search(given):
        return True
    return own == given and len(words_in(own)) > 1
