"""What the pairs answered, question by question: transitions, options, beliefs, languages.

Everything comes from the frozen counts of answers. Of a whole room only: a question by sex would be
a handful of answers. Source: statistics.md §4, §6.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Any

from app.banks.schemas import FormBeliefs
from app.core.disclosure import FULL_FROM_PAIRS, Audience
from app.core.distractors import OptionFigures, OptionSums, find_flags, no_row, option_figures
from app.core.figures import Z_95, Reason
from app.core.items import Evidence, item_rest_r, judge_evidence
from app.core.means import ScoreSums
from app.core.placings import row_of
from app.core.proportions import Movement
from app.core.reliability import ItemSums, Reliability, reliability_of
from app.core.scoring import DO_NOT_KNOW, ItemKey, score_item
from app.core.suppression import suppress_groups
from app.gains.cells import Facet
from app.gains.frozen import Frozen
from app.gains.printed import Printer, movement_of, print_change
from app.gains.results import (
    BeliefRow,
    ItemRow,
    LanguageCheck,
    LanguageRow,
    OptionRow,
    Unsaid,
)

OCCASIONS = "pre", "post"


@dataclass(frozen=True)
class Said:
    """One kind of answer to one item: what was ticked, in which language, by how many."""

    chosen: frozenset[str]
    language: str
    people: int
    sum_scores: int
    sum_scores_squared: int


Answers = Mapping[tuple[str, str], Sequence[Said]]
"""Item and occasion -> every kind of answer."""


def read_answers(frozen: Frozen) -> Answers:
    """The frozen counts of answers, by item and occasion."""
    found: dict[tuple[str, str], list[Said]] = {}
    for (item, occasion, language, chosen), sums in frozen.answers.items():
        ticked = frozenset(json.loads(chosen)["options"]) if chosen else frozenset()
        found.setdefault((item, occasion), []).append(Said(ticked, language, *sums))
    return found


def item_sums(answers: Answers, keys: Sequence[ItemKey], occasion: str) -> ItemSums:
    """The sums of all items on one occasion, over the pairs."""
    items, products = [], []
    totals = ScoreSums(n=0, total=0, squares=0)
    for key in keys:
        said = answers.get((key.item, occasion), ())
        units = [score_item(key, each.chosen).units for each in said]
        n = sum(each.people for each in said)
        total = sum(u * each.people for u, each in zip(units, said, strict=True))
        squares = sum(u * u * each.people for u, each in zip(units, said, strict=True))
        items.append(ScoreSums(n=n, total=total, squares=squares))
        products.append(sum(u * each.sum_scores for u, each in zip(units, said, strict=True)))
        totals = ScoreSums(
            n=n,
            total=sum(each.sum_scores for each in said),
            squares=sum(each.sum_scores_squared for each in said),
        )
    return ItemSums(items=tuple(items), products=tuple(products), totals=totals)


def reliability(answers: Answers, keys: Sequence[ItemKey]) -> Reliability:
    """Alpha of the post-test over the pairs."""
    return reliability_of(item_sums(answers, keys, "post"))


def item_rows(
    frozen: Frozen,
    keys: Sequence[ItemKey],
    objectives: Mapping[str, str],
    beliefs: FormBeliefs,
    audience: Audience,
) -> tuple[ItemRow, ...]:
    """Every scored question; below ten pairs only that it is there."""
    answers = read_answers(frozen)
    before, after = (item_sums(answers, keys, occasion) for occasion in OCCASIONS)
    rows = []
    for place, key in enumerate(keys):
        movement = movement_of(frozen.sums((Facet.ITEM.value, key.item)))
        one = _Question(
            key=key,
            place=place,
            movement=movement,
            answers=answers,
            before=before,
            after=after,
            printer=Printer(audience, movement.n),
        )
        rows.append(
            ItemRow(
                item=key.item,
                objective=objectives[key.item],
                guessing_percent=one.printer.percent(100 * key.guessing),
                unsaid=None if one.is_told else one.printer.unsaid(Reason.N_TOO_SMALL),
                **one.shares(),
                **one.counts(),
                **one.quality(beliefs),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One question of a form, and what the pairs did with it."""

    key: ItemKey
    place: int
    movement: Movement
    answers: Answers
    before: ItemSums
    after: ItemSums
    printer: Printer

    @property
    def is_told(self) -> bool:
        """Ten pairs at least."""
        return self.movement.n >= FULL_FROM_PAIRS

    @property
    def is_team(self) -> bool:
        """Whether counts may be told, not only shares."""
        return self.is_told and self.printer.audience is Audience.TEAM

    def shares(self) -> dict[str, Any]:
        """Right before and after, the change, and "I do not know"."""
        names = ("right_before", "right_after", "change", "change_low", "change_high",
                 "do_not_know_before", "do_not_know_after")  # fmt: skip
        if not self.is_told:
            return dict.fromkeys(names, self.printer.blank(Reason.N_TOO_SMALL))
        n, moved = self.movement.n, self.movement
        before, after = (self.printer.share(count, n) for count in (moved.before, moved.after))
        unknown = (
            self.printer.share(
                sum(
                    each.people
                    for each in self.answers.get((self.key.item, occasion), ())
                    if each.chosen == {DO_NOT_KNOW}
                ),
                n,
            )
            for occasion in OCCASIONS
        )
        change = print_change(moved, before, after, self.printer)
        return dict(zip(names, (before, after, *change, *unknown), strict=True))

    def counts(self) -> dict[str, Any]:
        """How many moved which way, and how many left it out."""
        moved = self.movement
        told = {
            "retained": moved.yes_yes,
            "learned": moved.no_yes,
            "lost": moved.yes_no,
            "not_learned": moved.no_no,
            "omitted_before": _count(self.answers, self.key.item, "pre", ""),
            "omitted_after": _count(self.answers, self.key.item, "post", ""),
        }
        return {name: count if self.is_team else None for name, count in told.items()}

    def quality(self, beliefs: FormBeliefs) -> dict[str, Any]:
        """How well the question separates, what to look at, and its options; from 20 pairs."""
        evidence = judge_evidence(self.movement.n)
        if evidence is Evidence.NOT_SHOWN or not self.is_team:
            return {
                "rest_r": self.printer.blank(Reason.N_TOO_SMALL),
                "evidence": Evidence.NOT_SHOWN,
                "flags": (),
                "options": (),
            }
        r = item_rest_r(self.after, self.place)
        both = [
            judge_options(self.answers, self.key, sums, self.place, occasion)
            for sums, occasion in zip((self.before, self.after), OCCASIONS, strict=True)
        ]
        flags = find_flags(
            self.movement,
            item_rest_r=None if isinstance(r, Reason) else r,
            options_pre=both[0],
            options_post=both[1],
            keys=self.key.keys,
            row_of=row_of if self.key.rows else no_row,
        )
        return {
            "rest_r": self.printer.plain(r),
            "evidence": evidence,
            "flags": tuple(flags),
            "options": _option_rows(self.answers, self.key, beliefs, self.printer),
        }


def judge_options(
    answers: Answers, key: ItemKey, sums: ItemSums, place: int, occasion: str
) -> list[OptionFigures]:
    """Each option of an item on one occasion, by the rest of the test; `place` among the keys."""
    chosen: dict[str, OptionSums] = {}
    for said in answers.get((key.item, occasion), ()):
        rest = said.sum_scores - score_item(key, said.chosen).units * said.people
        for option in said.chosen - {DO_NOT_KNOW}:
            known = chosen.get(option, OptionSums(0, 0))
            chosen[option] = OptionSums(known.count + said.people, known.rest_total + rest)
    return option_figures(chosen, sums.rest(place), options=key.options, keys=key.keys)


def _option_rows(
    answers: Answers, key: ItemKey, beliefs: FormBeliefs, printer: Printer
) -> tuple[OptionRow, ...]:
    rows = []
    for option in (*key.options, DO_NOT_KNOW):
        before, after = (_count(answers, key.item, occasion, option) for occasion in OCCASIONS)
        rows.append(
            OptionRow(
                option=option,
                is_key=option in key.keys,
                misconception=beliefs.behind.get(key.item, {}).get(option),
                before=before,
                after=after,
                before_percent=printer.share(before, printer.n),
                after_percent=printer.share(after, printer.n),
            )
        )
    return tuple(rows)


def _count(answers: Answers, item: str, occasion: str, *options: str) -> int:
    """How many ticked an option, or any of some; nothing at all for the empty one."""
    return sum(
        each.people
        for each in answers.get((item, occasion), ())
        if (not each.chosen.isdisjoint(options) if options != ("",) else not each.chosen)
    )


def belief_rows(
    frozen: Frozen, beliefs: FormBeliefs, n: int, audience: Audience
) -> tuple[BeliefRow, ...]:
    """Every false belief that the form offers, the most common before first; ten pairs at least."""
    answers = read_answers(frozen)
    carriers: dict[str, dict[str, list[str]]] = {}
    for item, options in beliefs.behind.items():
        for option, misconception in options.items():
            carriers.setdefault(misconception, {}).setdefault(item, []).append(option)
    rows = []
    for misconception, places in carriers.items():
        items = tuple(places)
        asked = n * len(items)
        # Whoever holds it in two rows of one question is one person who holds it.
        before, after = (
            sum(_count(answers, item, occasion, *options) for item, options in places.items())
            for occasion in OCCASIONS
        )
        is_told = n >= FULL_FROM_PAIRS
        is_team = is_told and audience is Audience.TEAM
        printer = Printer(audience, asked)
        blank = printer.blank(Reason.N_TOO_SMALL)
        rows.append(
            (
                -before if is_told else 0,
                BeliefRow(
                    misconception=misconception,
                    belief=beliefs.texts.get(misconception, {}),
                    items=items,
                    asked=asked if is_told else None,
                    before=before if is_team else None,
                    after=after if is_team else None,
                    # One person's two answers are not two people.
                    before_percent=printer.share(before, asked, people=n) if is_told else blank,
                    after_percent=printer.share(after, asked, people=n) if is_told else blank,
                ),
            )
        )
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


def language_check(
    frozen: Frozen, keys: Sequence[ItemKey], threshold: int, audience: Audience
) -> LanguageCheck:
    """Whether a question is hard in one language only: right after, by the answer's language."""
    if audience is Audience.OUTSIDE:
        return LanguageCheck(rows=(), unsaid=Unsaid.WITHHELD)
    answers = read_answers(frozen)
    told: dict[str, dict[str, tuple[int, int]]] = {}
    languages: set[str] = set()
    for key in keys:
        right: Counter[str] = Counter()
        people: Counter[str] = Counter()
        for said in answers.get((key.item, "post"), ()):
            people[said.language] += said.people
            if score_item(key, said.chosen).units == key.max_units:
                right[said.language] += said.people
        languages |= set(people)
        judged = suppress_groups(people, threshold)
        told[key.item] = {each: (right[each], n) for each, n in judged.published.items() if n}
    if len(languages) < 2:
        return LanguageCheck(rows=(), unsaid=Unsaid.ONE_LANGUAGE)
    rows = {item: shares for item, shares in told.items() if len(shares) > 1}
    if not rows:
        return LanguageCheck(rows=(), unsaid=Unsaid.SUPPRESSED)
    suspects = _find_suspects(rows)
    return LanguageCheck(
        rows=tuple(
            LanguageRow(
                item=item,
                right_after={
                    each: Printer(audience, n).share(count, n)
                    for each, (count, n) in sorted(shares.items())
                },
                is_suspect=item in suspects,
            )
            for item, shares in rows.items()
        ),
        unsaid=None,
    )


def _find_suspects(rows: Mapping[str, Mapping[str, tuple[int, int]]]) -> set[str]:
    """Questions whose gap between two languages is not that of the others."""
    found: set[str] = set()
    pairs = {pair for shares in rows.values() for pair in combinations(sorted(shares), 2)}
    for first, second in pairs:
        gaps = {
            item: (_gap(shares[first], shares[second]))
            for item, shares in rows.items()
            if first in shares and second in shares
        }
        for item, (gap, variance) in gaps.items():
            others = [each for other, (each, _) in gaps.items() if other != item]
            usual = median(others) if others else 0.0  # one odd question must not move it
            if variance > 0 and abs(gap - usual) > Z_95 * math.sqrt(variance):
                found.add(item)
    return found


def _gap(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float]:
    """Difference of two shares, and its variance with one success and failure added to each."""
    shares = [(count + 1) / (n + 2) for count, n in (first, second)]
    variance = sum(
        share * (1 - share) / (n + 2) for share, (_, n) in zip(shares, (first, second), strict=True)
    )
    return shares[0] - shares[1], variance
