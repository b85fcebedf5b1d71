"""Rules about keys that show: by length, looks, words, names of parts, or another question."""

import re
from collections.abc import Callable
from itertools import pairwise

from app.banks.lint_views import FormView, OptionWords, Place, Said, Wording
from app.banks.schemas import Flag
from app.core.readability import numbers_in, words_in
from app.core.scoring import ItemKind

MUCH_LONGER = 1.6
LONGEST_TOO_OFTEN = 0.5
LEAST_ITEMS = 5
LEAST_WORDS = 3
"""A key of one or two words may well stand in another question by chance."""
SAME_LETTER_TOO_OFTEN = 0.5
LONGEST_RUN = 4

_TELLING = re.compile(
    r"(?:^|-)(?:key|keys|correct|right|answer|best|wrong|incorrect|distractors?|foil|lure|decoy)"
    r"\d*(?=-|$)|^(?:true|false|yes|no|ok|good|bad)\d*$"
)
_ABSOLUTE = re.compile(
    r"\b(?:always|never|only|every|all|none|nobody|nothing|must|entirely|completely)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:usually|often|generally|sometimes|mostly|typically|as a rule)\b", re.IGNORECASE
)
_CLEAR_LOOKS: dict[str, Callable[[str], bool]] = {
    "ends with a full stop": lambda text: text.rstrip().endswith((".", "۔")),
    "begins with a small letter": lambda text: text[:1].islower(),
    "has quotation signs": lambda text: bool(re.search('[“”"«»]', text)),
    "is in capitals": lambda text: len(text) > 4 and text.isascii() and text.isupper(),
}
_SOFT_LOOKS: dict[str, Callable[[str], bool]] = {
    "has brackets": lambda text: "(" in text,
    "has numbers": lambda text: bool(numbers_in(text)),
    "says usually, often or the like": lambda text: bool(_HEDGED.search(text)),
}
_COMMON = 5
"""Words shorter than this tell nothing."""


def key_longest(words: Wording) -> Said:
    """The key is much longer than each of the others: the usual way in which keys show."""
    key, others = _lengths(words)
    if key > 20 and key > MUCH_LONGER * max(others):
        yield words.keys[0].place, "the key is far longer than every other option"


def key_shortest(words: Wording) -> Said:
    """The key is much shorter than each of the others."""
    key, others = _lengths(words)
    if min(others) > 20 and key * MUCH_LONGER < min(others):
        yield words.keys[0].place, "the key is far shorter than every other option"


def _lengths(words: Wording) -> tuple[int, list[int]]:
    if words.item.kind is not ItemKind.SINGLE_CHOICE or not words.distractors:
        return 0, [0]
    return len(words.keys[0].text), [len(each.text) for each in words.distractors]


def key_looks(words: Wording) -> Said:
    """The key alone, or every option but the key, is written otherwise."""
    yield from _looks(words, _CLEAR_LOOKS)


def key_soft_looks(words: Wording) -> Said:
    """The same with what may have its reason."""
    yield from _looks(words, _SOFT_LOOKS)


def _looks(words: Wording, looks: dict[str, Callable[[str], bool]]) -> Said:
    if not words.is_free_choice or len(words.distractors) < 2:
        return
    for name, test in looks.items():
        of_keys = {test(option.text) for option in words.keys}
        of_others = {test(option.text) for option in words.distractors}
        if len(of_keys) == len(of_others) == 1 and of_keys != of_others:
            who = "the key alone" if of_keys == {True} else "every option but the key"
            yield words.keys[0].place, f"{who} {name}"


def absolute_words(words: Wording) -> Said:
    """ "Always" and "only" stand in wrong options: people who know nothing learn to avoid them."""
    if words.language != "en" or not words.is_choice or len(words.distractors) < 3:
        return
    if all(_ABSOLUTE.search(each.text) for each in words.distractors) and not any(
        _ABSOLUTE.search(each.text) for each in words.keys
    ):
        yield words.stem_place, "every wrong option, and no key, says always, only, all or the like"


def clue_words(words: Wording) -> Said:
    """A longer word of the question comes back in the key and in no other option."""
    if not words.is_free_choice or words.language != "en":
        return
    asked = {word for word in words_in(words.seen) if len(word) >= _COMMON}
    others = {word for option in words.distractors for word in words_in(option.text)}
    for key in words.keys:
        shared = sorted((asked & set(words_in(key.text))) - others)
        if shared:
            yield key.place, f"“{shared[0]}” stands in the question and in no option but the key"


def key_in_question(words: Wording) -> Said:
    """The question, or the text before it, says the key word for word and no other option."""
    if not words.is_free_choice:
        return
    asked = _flat(words.seen)
    if any(_says(asked, each) for each in words.distractors):
        return
    for key in words.keys:
        if _says(asked, key):
            yield key.place, f"the question itself says “{key.text}”"


def article(words: Wording) -> Said:
    """A question that ends with "a" or "an" rules options out by grammar."""
    found = re.search(r"\b(an?)\s*(?:…|\.\.\.|:|_+)?\s*$", words.stem, re.IGNORECASE)
    if words.language == "en" and words.is_choice and found:
        yield words.stem_place, f"the question ends with “{found.group(1)}”: it rules options out"


def telling_names(words: Wording) -> Said:
    """Names of items and options travel in files: they must not say which option is right."""
    item = words.item
    if not words.is_source or not words.is_scored:
        return
    place = words.stem_place[:2]
    if _TELLING.search(item.ref):
        yield (*place, "ref"), f"the name “{item.ref}” speaks of the key"
    for option in words.options:
        if item.kind is not ItemKind.TRUE_FALSE and _TELLING.search(option.ref):
            yield _ref_of(option), f"the name “{option.ref}” says whether the option is right"
    for row in words.rows:
        if _TELLING.search(row.ref) or row.column in row.ref.split("-"):
            yield (*row.place[:-1], "ref"), f"the name “{row.ref}” says where the row belongs"
    yield from _key_in_name(words, (*place, "ref"))
    yield from _odd_name(words)


def _key_in_name(words: Wording, place: Place) -> Said:
    if not words.is_free_choice:
        return
    asked = set(words_in(words.asked))
    for name in filter(None, (words.item.ref, words.item.stimulus)):
        parts = {part for part in name.split("-") if len(part) >= 4} - asked
        others = {part for each in words.distractors for part in _names(each)}
        for key in words.keys:
            if told := sorted((parts & _names(key)) - others):
                yield place, f"the name “{name}” says “{told[0]}”, as the key alone does"
                return


def _odd_name(words: Wording) -> Said:
    """All wrong options are named alike with a number, the key is not; or the other way round."""
    if words.item.kind is not ItemKind.SINGLE_CHOICE or len(words.distractors) < 2:
        return
    alike = {re.sub(r"\d+$", "", each.ref) for each in words.distractors}
    numbered = all(re.search(r"\d$", each.ref) for each in words.distractors)
    key = words.keys[0]
    if numbered and len(alike) == 1 and re.sub(r"\d+$", "", key.ref) not in alike:
        yield _ref_of(key), f"the name “{key.ref}” is unlike those of the wrong options"


def written_order(words: Wording) -> Said:
    """An author's order tells of the key; only an order with a meaning may stay as written."""
    item = words.item
    if not words.is_source or not words.is_choice or item.order.value != "fixed":
        return
    if Flag.CLASSIFY in item.flags or _is_ascending(words.options):
        return
    yield (*words.stem_place[:2], "order"), "the order is fixed and has no meaning: say drawn"


def _is_ascending(options: tuple[OptionWords, ...]) -> bool:
    first = [re.search(r"\d+(?:\.\d+)?", option.text.replace(",", "")) for option in options]
    numbers = [float(each.group()) for each in first if each]
    return len(numbers) == len(options) and numbers == sorted(numbers)


def longest_too_often(form: FormView) -> Said:
    """In a form the key is the one longest option more often than half of the time."""
    for language, all_words in form.wordings.items():
        asked = [
            each
            for each in all_words
            if each.item.kind is ItemKind.SINGLE_CHOICE and Flag.CLASSIFY not in each.item.flags
        ]
        longest = [each for each in asked if _is_longest(each)]
        if len(asked) >= LEAST_ITEMS and len(longest) > LONGEST_TOO_OFTEN * len(asked):
            yield (
                ("items",),
                f"in “{language}” the key is the longest option in {len(longest)} of "
                f"{len(asked)} questions",
            )


def _is_longest(words: Wording) -> bool:
    return len(words.keys[0].text) > max(len(each.text) for each in words.distractors)


def same_letter(form: FormView) -> Said:
    """In a form one letter is the key of most questions with four and more options."""
    letters = [letter for item, letter in form.key_letters if len(item.options) > 2]
    for letter in sorted(set(letters)):
        count = letters.count(letter)
        if count >= LEAST_ITEMS and count > SAME_LETTER_TOO_OFTEN * len(letters):
            yield (
                ("items",),
                f"{letter.upper()} is the key of {count} of {len(letters)} questions",
            )
    run = 1
    for before, after in pairwise(letters):
        run = run + 1 if before == after else 1
        if run == LONGEST_RUN + 1:
            yield ("items",), f"{after.upper()} is the key of {run} questions one after another"


def same_truth(form: FormView) -> Said:
    """In a form all statements are true, or all are false."""
    judged = [
        option.ref
        for item in form.items
        for option in item.options
        if item.kind is ItemKind.TRUE_FALSE and option.key
    ]
    if len(judged) >= 3 and len(set(judged)) == 1:
        yield ("items",), f"all {len(judged)} statements have the same key"


def told_by_another(form: FormView) -> Said:
    """One question, or a text shared by others, says the key of another."""
    for all_words in form.wordings.values():
        for words in all_words:
            if not words.is_free_choice:
                continue
            for other in all_words:
                if other.item.stimulus and other.item.stimulus == words.item.stimulus:
                    continue
                asked = _flat(other.seen)
                if other is words or any(_says(asked, each) for each in words.distractors):
                    continue
                if any(
                    _says(asked, key) and len(words_in(key.text)) >= LEAST_WORDS
                    for key in words.keys
                ):
                    yield (
                        form.place_of(words.item),
                        f"“{other.item.ref}” says the key of “{words.item.ref}”",
                    )


def _says(asked: str, option: OptionWords) -> bool:
    told = _flat(option.text)
    return len(told) >= 12 and told in asked


def _flat(text: str) -> str:
    return f" {' '.join(words_in(text))} "


def _names(option: OptionWords) -> set[str]:
    return {*option.ref.split("-"), *words_in(option.text)}


def _ref_of(option: OptionWords) -> Place:
    return (*option.place[:-1], "ref")
