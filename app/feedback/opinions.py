"""The questionnaire's answers over workshops: counts of closed rounds, and nothing of a sheet.

A round enters whole or not at all, and only with so many sheets that its own counts may be told:
whatever two choices of workshops differ by is again a sum of such rounds. Written answers stay
with the workshop's own team. Source: statistics.md §8.
"""

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.adapters.db import Work
from app.banks import service as banks
from app.banks.schemas import FormItem
from app.core.printing import printed_percent
from app.core.questionnaires import agreement_of
from app.core.scoring import ItemKind
from app.feedback import queries
from app.feedback.schemas import Opinion, Opinions, OptionCount, Share

MOST_SHEETS = 20_000


def count_opinions(work: Work, workshop_ids: Sequence[str], *, least: int) -> Opinions:
    """The closed rounds of these workshops that have `least` sheets, on the form that most have.

    Over MOST_SHEETS nothing is counted: a page would wait for seconds.
    """
    rounds = queries.count_closed_sheets(work.db, workshop_ids)
    enough = [each for each in rounds if each.sheets >= least]
    few = len(rounds) - len(enough)
    if not enough:
        return Opinions(form_id=None, workshops=0, few=few, others=0, sheets=0, questions=())
    forms = Counter(each.form_id for each in enough)
    form_id = min(forms, key=lambda each: (-forms[each], each))
    told = [each for each in enough if each.form_id == form_id]
    sheets = sum(each.sheets for each in told)
    found = Opinions(
        form_id=form_id, workshops=len(told), few=few, others=len(enough) - len(told),
        sheets=sheets, questions=(),
    )  # fmt: skip
    if sheets > MOST_SHEETS:
        return found
    counts = _count(work, [each.workshop_id for each in told])
    items = [item for item in banks.require_form(work, form_id).items if _is_scale(item)]
    questions = [_opinion(item, counts, sheets) for item in items]
    return Opinions(
        form_id=form_id, workshops=len(told), few=few, others=found.others, sheets=sheets,
        questions=tuple(sorted(questions, key=_agreed_first)),
    )  # fmt: skip


def _is_scale(item: FormItem) -> bool:
    return item.kind is ItemKind.LIKERT


def _agreed_first(opinion: Opinion) -> tuple[bool, Fraction, int, str]:
    """Most agreed with first; what nobody answered last."""
    share = opinion.agreed.exact
    return (share is None, -(share or Fraction(0)), len(opinion.item), opinion.item)


def _count(work: Work, workshop_ids: Sequence[str]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for answers in queries.find_answers(work.db, workshop_ids):
        for item, (option, _) in json.loads(answers).items():
            if option:
                counts[item, option] += 1
    return counts


def _opinion(item: FormItem, counts: Counter[tuple[str, str]], sheets: int) -> Opinion:
    choices = tuple(
        OptionCount(option=each.option, text=each.text, count=counts[item.item, each.option])
        for each in item.options
    )
    points = [place for place, each in enumerate(choices, start=1) for _ in range(each.count)]
    answered = len(points)
    found = agreement_of([*points, *[None] * (sheets - answered)], len(choices))
    wilson = found.top2_wilson
    return Opinion(
        item=item.item,
        stem=item.stem,
        choices=choices,
        answered=answered,
        blank=sheets - answered,
        agreed=Share(
            exact=found.top2,
            value=_percent(found.top2, answered),
            low=_percent(wilson.low if wilson else None, answered),
            high=_percent(wilson.high if wilson else None, answered),
        ),
        disagreed=_percent(found.bottom2, answered),
    )


def _percent(share: Fraction | float | None, n: int) -> Decimal | None:
    return None if share is None else printed_percent(100 * share, n)
