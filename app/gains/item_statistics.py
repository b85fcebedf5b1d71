"""A question over all workshops and forms, as readers outside the team may see it.

From released bundles alone (`core.bundling`): every count is a sum over whole bundles of ten
people, at any moment, so that two looks differ by whole bundles. What is printed is coded once
more: no part of a whole is told that would give a limit ("at most 5 %") its true value. By language
nothing is told: no bundle is made by language, so that two looks could differ by one person's.
Source: statistics.md §4, §6; decision 0020.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from sqlmodel import Session

from app.core.disclosure import Audience, CodedShare, code_choices, code_moves, code_share
from app.core.distractors import ItemFlag, OptionFigures, find_flags
from app.core.figures import Reason
from app.core.items import Evidence, item_rest_r, judge_evidence
from app.core.printing import printed_percent
from app.core.proportions import Movement
from app.core.reliability import ItemSums
from app.core.scoring import DO_NOT_KNOW, ItemKey
from app.gains import told_queries as queries
from app.gains.frozen import Frozen
from app.gains.printed import Printer, print_change
from app.gains.questions import Answers, item_sums, judge_options, read_answers
from app.gains.results import Figure, Unsaid

SMALL_N = 40
"""Below, "hardly anybody chose it" would mean nobody did: a limit's true value."""

_MOVES = ("retained", "learned", "lost", "not_learned")
_SHARES = ("right_before", "right_after", "change", *_MOVES, "do_not_know_before",
           "do_not_know_after")  # fmt: skip


@dataclass(frozen=True)
class AskedItem:
    """A question to be told: in which forms it stands, as which number, with which options.

    `letters`: of each form, the letter of each option -> its name; names are the same in all forms.
    """

    code: str
    keys: frozenset[str]
    options: tuple[str, ...]
    is_one_choice: bool  # of the item, or of each row
    places: tuple[tuple[str, str, Mapping[str, str]], ...]


@dataclass(frozen=True, kw_only=True)
class OptionShare:
    """One choice: which part took it before and after. `option` dk: "I do not know"."""

    option: str
    is_key: bool
    before: Figure
    after: Figure


@dataclass(frozen=True, kw_only=True)
class FormShare:
    """A question in one form version: how it goes with the rest of that test."""

    form_id: str
    item: str
    paired: int | None
    rest_r: Figure


@dataclass(frozen=True, kw_only=True)
class ItemStatistics:
    """A question over all released workshops; `paired` None: nothing is told of it yet.

    The four moves are parts of all pairs; where one is a limit, the others are withheld.
    `evidence`, flags, options and `rest_r` from 20 pairs: a first sign below 100.
    """

    code: str
    workshops: int
    paired: int | None
    right_before: Figure
    right_after: Figure
    change: Figure
    retained: Figure
    learned: Figure
    lost: Figure
    not_learned: Figure
    do_not_know_before: Figure
    do_not_know_after: Figure
    evidence: Evidence
    flags: tuple[ItemFlag, ...]
    options: tuple[OptionShare, ...]
    forms: tuple[FormShare, ...]


@dataclass(frozen=True)
class ToldForm:
    """All that is told of a form version: answers, moves, keys in the order of the test."""

    form_id: str
    keys: tuple[ItemKey, ...]
    answers: Answers
    moves: Mapping[str, tuple[int, int, int, int]]
    workshops: int

    @cached_property
    def before(self) -> ItemSums:
        """The sums of all questions before."""
        return item_sums(self.answers, self.keys, "pre")

    @cached_property
    def after(self) -> ItemSums:
        """The sums of all questions after."""
        return item_sums(self.answers, self.keys, "post")

    def place_of(self, item: str) -> int:
        """Where a question stands among the keys."""
        return [key.item for key in self.keys].index(item)


def read_told_form(
    db: Session, organisation_id: str, form_id: str, keys: Sequence[ItemKey]
) -> ToldForm:
    """What is told of one form version in one organisation."""
    found = queries.find_answers(db, organisation_id, form_id)
    return ToldForm(
        form_id=form_id,
        keys=tuple(keys),
        answers=read_answers(Frozen(groups={}, answers=found, pairs={}, pass_units=0)),
        moves=queries.sum_all_items(db, organisation_id, form_id),
        workshops=queries.count_workshops(db, organisation_id, form_id),
    )


def statistics_of(asked: AskedItem, forms: Mapping[str, ToldForm]) -> ItemStatistics:
    """One question over all forms that hold it."""
    own = [
        _Part(forms[form_id], item, letters)
        for form_id, item, letters in asked.places
        if item in forms[form_id].moves
    ]
    return _Question(asked, tuple(own)).told()


@dataclass(frozen=True)
class _Part:
    """A question in one form."""

    form: ToldForm
    item: str
    letters: Mapping[str, str]

    @cached_property
    def movement(self) -> Movement:
        retained, lost, learned, not_learned = self.form.moves[self.item]
        return Movement(yes_yes=retained, yes_no=lost, no_yes=learned, no_no=not_learned)

    def count(self, occasion: str) -> Counter[str]:
        """How many chose each option, by its name; people who chose none are in none."""
        found: Counter[str] = Counter()
        for said in self.form.answers.get((self.item, occasion), ()):
            for option in said.chosen:
                found[self.letters.get(option, option)] += said.people
        return found

    def options(self, occasion: str) -> dict[str, OptionFigures]:
        """The options' figures on one occasion, by name."""
        place = self.form.place_of(self.item)
        sums = self.form.before if occasion == "pre" else self.form.after
        judged = judge_options(self.form.answers, self.form.keys[place], sums, place, occasion)
        return {self.letters.get(each.option, each.option): each for each in judged}

    def rest_r(self) -> float | Reason:
        return item_rest_r(self.form.after, self.form.place_of(self.item))


@dataclass(frozen=True)
class _Question:
    """A question and its parts; nothing is told of it where there are none."""

    asked: AskedItem
    parts: tuple[_Part, ...]

    def told(self) -> ItemStatistics:
        n = self.moved.n
        evidence = judge_evidence(n)
        is_judged = evidence is not Evidence.NOT_SHOWN
        choices = {occasion: self._choices(occasion) for occasion in ("pre", "post")}
        return ItemStatistics(
            code=self.asked.code,
            workshops=sum(part.form.workshops for part in self.parts),
            paired=n or None,
            evidence=evidence,
            flags=self._flags() if is_judged else (),
            options=self._options(choices) if is_judged else (),
            forms=tuple(self._form(part) for part in self.parts),
            **(self._shares(choices) if n else dict.fromkeys(_SHARES, _WITHHELD)),
        )

    @cached_property
    def moved(self) -> Movement:
        moved = [part.movement for part in self.parts]
        return Movement(
            yes_yes=sum(each.yes_yes for each in moved),
            yes_no=sum(each.yes_no for each in moved),
            no_yes=sum(each.no_yes for each in moved),
            no_no=sum(each.no_no for each in moved),
        )

    @property
    def printer(self) -> Printer:
        return Printer(Audience.OUTSIDE, self.moved.n)

    def _shares(self, choices: Mapping[str, Mapping[str, Figure]]) -> dict[str, Figure]:
        moved, printer = self.moved, self.printer
        before, after = (printer.share(each, moved.n) for each in (moved.before, moved.after))
        coded = code_moves((moved.yes_yes, moved.no_yes, moved.yes_no, moved.no_no))
        return {
            "right_before": before,
            "right_after": after,
            "change": print_change(moved, before, after, printer)[0],
            **{name: self._figure(each) for name, each in zip(_MOVES, coded, strict=True)},
            "do_not_know_before": choices["pre"][DO_NOT_KNOW],
            "do_not_know_after": choices["post"][DO_NOT_KNOW],
        }

    def _choices(self, occasion: str) -> dict[str, Figure]:
        """Which part of all pairs made each choice."""
        n, counts = self.moved.n, Counter[str]()
        for part in self.parts:
            counts.update(part.count(occasion))
        wanted = {name: counts[name] for name in (*self.asked.options, DO_NOT_KNOW)}
        if not n:
            return dict.fromkeys(wanted, _WITHHELD)
        if not self.asked.is_one_choice:
            return {name: self._figure(code_share(each, n)) for name, each in wanted.items()}
        return {name: self._figure(each) for name, each in self._coded(wanted).items()}

    def _coded(self, counts: Mapping[str, int]) -> dict[str, CodedShare | Reason]:
        """Each row is a whole of its own; "I do not know" belongs to each of them."""
        rows: dict[str, list[str]] = {}
        for name in self.asked.options:
            rows.setdefault(_row_of(name), []).append(name)
        # What is right is told as a share of its own, and "I do not know" in other places.
        last = (DO_NOT_KNOW, *self.asked.keys)
        found: dict[str, CodedShare | Reason] = {}
        for names in rows.values():
            own = {name: counts[name] for name in (*names, DO_NOT_KNOW)}
            coded = code_choices(own, self.moved.n, last=last)
            if isinstance(unknown := found.get(DO_NOT_KNOW), Reason):
                coded[DO_NOT_KNOW] = unknown  # withheld beside one row, told beside none
            found |= coded
        return found

    def _figure(self, coded: CodedShare | Reason) -> Figure:
        if isinstance(coded, Reason):
            return self.printer.blank(coded)
        return Figure(printed_percent(coded.percent, self.moved.n), extreme=coded.extreme)

    def _options(self, choices: Mapping[str, Mapping[str, Figure]]) -> tuple[OptionShare, ...]:
        return tuple(
            OptionShare(
                option=name,
                is_key=name in self.asked.keys,
                before=choices["pre"][name],
                after=choices["post"][name],
            )
            for name in (*self.asked.options, DO_NOT_KNOW)
        )

    def _form(self, part: _Part) -> FormShare:
        n = part.movement.n
        is_judged = judge_evidence(n) is not Evidence.NOT_SHOWN
        r = part.rest_r() if is_judged else Reason.N_TOO_SMALL
        printer = Printer(Audience.OUTSIDE, n)
        return FormShare(
            form_id=part.form.form_id, item=part.item, paired=n, rest_r=printer.plain(r)
        )

    def _flags(self) -> tuple[ItemFlag, ...]:
        """From all pairs; what needs the rest of a test, from the form with the most of them."""
        n, largest = self.moved.n, max(self.parts, key=lambda part: part.movement.n)
        r = largest.rest_r() if largest.movement.n >= 20 else Reason.N_TOO_SMALL
        flags = find_flags(
            self.moved,
            item_rest_r=None if isinstance(r, Reason) else r,
            options_pre=self._pooled("pre", largest),
            options_post=self._pooled("post", largest),
            keys=self.asked.keys,
            row_of=_row_of,
        )
        return tuple(flag for flag in flags if flag is not ItemFlag.DEAD_DISTRACTOR or n >= SMALL_N)

    def _pooled(self, occasion: str, largest: _Part) -> list[OptionFigures]:
        n, counts = self.moved.n, Counter[str]()
        for part in self.parts:
            counts.update(part.count(occasion))
        known = largest.options(occasion)
        return [
            replace(
                known[name],
                option=name,
                count=counts[name],
                share=Fraction(counts[name], n),
                non_functioning=name not in self.asked.keys and 20 * counts[name] < n,
            )
            for name in self.asked.options
        ]


def _row_of(option: str) -> str:
    """The row in a choice's name (`banks.versions.choices_of`): "whale" of "whale:sea"."""
    row, colon, _ = option.partition(":")
    return row if colon else ""


_WITHHELD = Figure(None, Unsaid.WITHHELD)
