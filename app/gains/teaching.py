"""What to teach first: topics and mistaken beliefs of everybody who took the pre-test.

For the workshop's own team, from the pre-test's closing, from five tests. Told in tenths: a count
beside the pairs' exact counts after the post-test would tell what one who left had answered.
Source: interfaces.md §2.3 (T4), statistics.md §0.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.banks.schemas import FormBeliefs
from app.core.disclosure import ROOM_THRESHOLD
from app.core.printing import half_up
from app.core.scoring import ItemKey, score_item

MOST_BELIEFS = 5


@dataclass(frozen=True)
class TopicToTeach:
    """A learning objective: of ten points that could be won, about so many were."""

    objective: str
    items: tuple[str, ...]
    right_in_ten: int


@dataclass(frozen=True)
class BeliefToTeach:
    """A mistaken belief: of ten people asked, about so many chose it; 1 or more."""

    misconception: str
    belief: Mapping[str, str]
    items: tuple[str, ...]
    held_in_ten: int


@dataclass(frozen=True)
class TeachFirst:
    """The weakest topic first, the most common belief first.

    `taken`: tests that were scored when it was frozen; below five there are no topics and beliefs.
    `as_of` is None before the pre-test has closed.
    """

    as_of: datetime | None
    taken: int
    topics: tuple[TopicToTeach, ...] = ()
    beliefs: tuple[BeliefToTeach, ...] = ()

    @property
    def is_too_small(self) -> bool:
        """Fewer than five tests."""
        return self.taken < ROOM_THRESHOLD


def teach_first(
    before: Mapping[tuple[str, str], int],
    taken: int,
    as_of: datetime,
    *,
    keys: Sequence[ItemKey],
    objectives: Mapping[str, str],
    beliefs: FormBeliefs,
) -> TeachFirst:
    """From item and answer -> people; who left an item out has won nothing there, and held nothing.

    `objectives`: item -> objective. Equal topics stand in the form's order.
    """
    if taken < ROOM_THRESHOLD or not before:
        return TeachFirst(as_of, taken)
    chosen = {
        (item, content): frozenset(json.loads(content)["options"]) for item, content in before
    }
    won, most = dict.fromkeys(objectives.values(), 0), dict.fromkeys(objectives.values(), 0)
    by_item = {key.item: key for key in keys}
    for key in keys:
        most[objectives[key.item]] += key.max_units * taken
    for (item, content), people in before.items():
        if item in by_item:
            units = score_item(by_item[item], chosen[item, content]).units
            won[objectives[item]] += units * people
    shares = {each: Fraction(won[each], most[each]) for each in most if most[each]}
    topics = tuple(
        TopicToTeach(each, _items_of(objectives, each), _in_ten(shares[each]))
        for each in sorted(shares, key=lambda each: _in_ten(shares[each]))
    )
    return TeachFirst(as_of, taken, topics, _beliefs(before, chosen, taken, beliefs))


def _beliefs(
    before: Mapping[tuple[str, str], int],
    chosen: Mapping[tuple[str, str], frozenset[str]],
    taken: int,
    beliefs: FormBeliefs,
) -> tuple[BeliefToTeach, ...]:
    held: dict[str, int] = {}
    places: dict[str, list[str]] = {}
    for item, options in beliefs.behind.items():
        for option, misconception in options.items():
            places.setdefault(misconception, []).append(item)
            held[misconception] = held.get(misconception, 0) + sum(
                people for place, people in before.items()
                if place[0] == item and option in chosen[place]
            )  # fmt: skip
    found = [
        BeliefToTeach(
            misconception,
            beliefs.texts.get(misconception, {}),
            tuple(dict.fromkeys(items)),
            _in_ten(Fraction(held[misconception], taken * len(set(items)))),
        )
        for misconception, items in places.items()
    ]
    told = sorted((each for each in found if each.held_in_ten), key=lambda each: -each.held_in_ten)
    return tuple(told[:MOST_BELIEFS])


def _items_of(objectives: Mapping[str, str], objective: str) -> tuple[str, ...]:
    return tuple(item for item, own in objectives.items() if own == objective)


def _in_ten(share: Fraction) -> int:
    return int(half_up(share * 10, 0))
