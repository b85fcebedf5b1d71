"""Rules about facts: what a scored item may rest on, and what it must say of itself."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from app.banks.lint_views import FormView, Place, Said, Wording
from app.banks.schemas import BankItem, Flag, ItemBank, Level

READ_IN_A_SOURCE = frozenset({"V1", "V2"})
MOST_SMUGGLING_ACT = 1
LEAST_HIGHER_LEVELS = 0.2
LEAST_ITEMS = 10

_COUNT = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|life)"
_PENALTY = {
    "en": (
        rf"\b{_COUNT}(?:\s*(?:to|-|–)\s*{_COUNT})?[\s-]+years?(?:['’])?(?![\s-]olds?\b)"
        r"(?! (?:of age|later|ago|before|after|earlier))",
        r"\b(?:imprison\w*|jail\w*|prison|fines?|fined|penalt\w+|sentenced?|punishable)\b",
        r"\b(?:Rs\.?|PKR|rupees|lakh|million rupees)\b",
        r"\b(?:magistrate|sessions court|special court|trial court|which court)\b",
    ),
    "ur": (
        r"سال (?:تک )?(?:کی )?(?:سزا|قید)",
        r"\b(?:جرمانہ|جرمانے|عمر قید|مجسٹریٹ|خصوصی عدالت|سیشن کورٹ|لاکھ روپے|روپے)",
    ),
}
_SMUGGLING_ACT = re.compile(r"PSMA|Smuggling of Migrants (?:\(SOM\) )?Act")
_AS_ENACTED = {"en": "as enacted in 2018", "ur": "جیسا وہ 2018 میں منظور ہوا"}


def penalties(words: Wording) -> Said:
    """Later amendments were reported and nobody read their text: no term, fine or trial court."""
    if not words.is_scored:
        return
    for place, text in (*words.all_texts(), (words.stem_place, words.told)):
        for pattern in _PENALTY.get(words.language, ()):
            if found := re.search(pattern, text, re.IGNORECASE):
                told = found.group().strip()
                yield place, f"“{told}” states a penalty or a trial court, which were amended"
                break


def as_enacted(words: Wording) -> Said:
    """What was reported amended is asked of the text of 2018, and says so in every language."""
    item = words.item
    if not words.is_scored or not _needs_year(item):
        return
    says = _AS_ENACTED.get(words.language)
    if says and says not in words.stem:
        yield words.stem_place, f"the question does not say “{says}”"
    if words.is_source:
        missing = {Flag.CONFIRM, Flag.AS_ENACTED_2018} - set(item.flags)
        for flag in sorted(each.value for each in missing):
            yield words.stem_place[:2], f"“{item.ref}” lacks the flag {flag}"


def _needs_year(item: BankItem) -> bool:
    return item.stability == "A" or _rests_on_smuggling_act(item)


def _rests_on_smuggling_act(item: BankItem) -> bool:
    return bool(_SMUGGLING_ACT.search(f"{item.source} {item.stem}"))


def told_source(words: Wording) -> Said:
    """A fact is looked up again only where it can be found."""
    item, place = words.item, words.stem_place[:2]
    if not words.is_source or not words.is_scored:
        return
    for field in ("source", "pinpoint"):
        if len((getattr(item, field) or "").strip()) < 4:
            yield (*place, field), f"“{item.ref}” does not name its {field}"
    if item.confidence not in READ_IN_A_SOURCE:
        told = item.confidence or "nothing"
        yield (
            (*place, "confidence"),
            f"“{item.ref}” says {told} of how its fact was read: V1 or V2 is needed, or it stays "
            "a draft outside the bank",
        )
    if item.review_due is None:
        yield place, f"“{item.ref}” does not say when somebody must look again (review_due)"


def not_reviewed(words: Wording) -> Said:
    """Who has looked at the item: a person's name, or “nobody yet”."""
    if words.is_source and words.is_scored and words.item.reviewed_by is None:
        yield words.stem_place[:2], f"“{words.item.ref}” does not say who reviewed it"


def overdue(bank: ItemBank, today: date) -> Iterator[tuple[str, Place, str]]:
    """Items whose day of review has passed."""
    for number, item in enumerate(bank.source.items):
        if item.review_due is not None and item.review_due < today:
            yield (
                f"{bank.source.bank}/bank.yaml",
                ("items", number, "review_due"),
                f"“{item.ref}” was due for review on {item.review_due.isoformat()}",
            )


def unused(bank: ItemBank) -> Iterator[tuple[str, Place, str]]:
    """Beliefs and shared texts that no item uses: left over, or an item lost its own."""
    used = {belief for item in bank.source.items for belief in item.beliefs()}
    told = {item.stimulus for item in bank.source.items}
    file = f"{bank.source.bank}/bank.yaml"
    for number, row in enumerate(bank.source.misconceptions):
        if row.ref not in used:
            yield file, ("misconceptions", number), f"no option stands for “{row.ref}”"
    for at, text in enumerate(bank.source.stimuli):
        if text.ref not in told:
            yield file, ("stimuli", at), f"no item uses the text “{text.ref}”"


def one_belief_twice(words: Wording) -> Said:
    """Two wrong options for one belief: a room's mistakes cannot be told apart."""
    beliefs = Counter(option.misconception for option in words.item.options if not option.key)
    for belief, count in beliefs.items():
        if words.is_source and words.is_scored and belief is not None and count > 1:
            yield (
                words.stem_place[:2],
                f"{count} options of “{words.item.ref}” stand for “{belief}”",
            )


def smuggling_act_once(form: FormView) -> Said:
    """Items on an Act reported amended: one in a form is enough."""
    found = [item for item in form.items if _rests_on_smuggling_act(item)]
    if len(found) > MOST_SMUGGLING_ACT:
        names = ", ".join(item.ref for item in found)
        yield ("items",), f"{len(found)} items rest on the PSMA, one is enough: {names}"


def levels(form: FormView) -> Said:
    """A test of bare recall misses what the workshops taught by cases."""
    scored = [item for item in form.items if item.level is not None]
    higher = [item for item in scored if item.level in {Level.APPLY, Level.ANALYSE}]
    if len(scored) >= LEAST_ITEMS and len(higher) < LEAST_HIGHER_LEVELS * len(scored):
        yield ("items",), f"{len(higher)} of {len(scored)} items ask to apply or analyse"


def split_case(form: FormView) -> Said:
    """Items on one shared text stand together, so that it is read once."""
    places: dict[str, list[int]] = {}
    for at, item in enumerate(form.items):
        if item.stimulus:
            places.setdefault(item.stimulus, []).append(at)
    for ref, found in places.items():
        if found[-1] - found[0] + 1 != len(found):
            yield ("items", found[-1]), f"the items on “{ref}” do not stand together"


def same_question(form: FormView) -> Said:
    """The same words asked twice of the same text."""
    seen: set[tuple[str, str | None]] = set()
    for at, item in enumerate(form.items):
        asked = (item.stem, item.stimulus)
        if asked in seen:
            yield ("items", at), f"“{item.ref}” asks in the same words as an item before it"
        seen.add(asked)
