"""What to teach first: topics and mistaken beliefs of everybody who took the pre-test.

For the workshop's own team, from the pre-test's closing, from five tests. The pairs' exact counts
stand beside it after the post-test: an exact number here would tell what one who left had answered.
So every number is moved at random, once, when it is frozen, about as far as one person can move it,
and only the moved one is kept. Source: interfaces.md §2.3 (T4), statistics.md §0; Ghosh,
Roughgarden & Sundararajan 2012 (decision 0021).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from app.banks.schemas import FormBeliefs
from app.core.disclosure import ROOM_THRESHOLD
from app.core.printing import half_up
from app.core.scoring import ItemKey, score_item

MOST_BELIEFS = 5
TOPIC, BELIEF = "topic", "belief"


class Share(NamedTuple):
    """So much of so much: units won by everybody, or answers that chose a belief."""

    part: int
    most: int


Shares = Mapping[tuple[str, str], Share]
"""TOPIC and objective, or BELIEF and misconception."""


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


def count_shares(
    before: Mapping[tuple[str, str], int],
    taken: int,
    *,
    keys: Sequence[ItemKey],
    objectives: Mapping[str, str],
    beliefs: FormBeliefs,
) -> dict[tuple[str, str], Share]:
    """The exact shares, from item and answer as stored -> people. Nobody may see them.

    `objectives`: item -> objective. Who left an item out has won nothing there, and held nothing.
    Topics stand in the form's order. Below five tests there are none.
    """
    if taken < ROOM_THRESHOLD:
        return {}
    chosen = [
        (item, frozenset(json.loads(content)["options"]), people)
        for (item, content), people in before.items()
    ]
    found: dict[tuple[str, str], Share] = {}
    for key in (each for each in keys if each.max_units):
        units = sum(
            score_item(key, options).units * people
            for item, options, people in chosen if item == key.item
        )  # fmt: skip
        _add(found, (TOPIC, objectives[key.item]), Share(units, key.max_units * taken))
    for place, options_behind in beliefs.behind.items():
        for misconception in dict.fromkeys(options_behind.values()):
            held = sum(
                people for item, options, people in chosen
                if item == place
                and any(options_behind.get(each) == misconception for each in options)
            )  # fmt: skip
            _add(found, (BELIEF, misconception), Share(held, taken))
    return found


def blur(shares: Shares, taken: int, draw: Callable[[int], int]) -> dict[tuple[str, str], Share]:
    """Every share moved by `draw` of the most that one person can move it, and kept possible."""
    return {
        name: Share(min(max(part + draw(most // taken), 0), most), most)
        for name, (part, most) in shares.items()
    }


def teach_first(
    shares: Shares,
    taken: int,
    as_of: datetime,
    *,
    objectives: Mapping[str, str],
    beliefs: FormBeliefs,
) -> TeachFirst:
    """The list from blurred shares. Equal topics stand in the form's order."""
    if taken < ROOM_THRESHOLD or not shares:
        return TeachFirst(as_of, taken)
    topics = (
        TopicToTeach(each, _places(objectives, each), _in_ten(share))
        for (kind, each), share in shares.items() if kind == TOPIC
    )  # fmt: skip
    held = (
        BeliefToTeach(each, beliefs.texts.get(each, {}), _asked(beliefs, each), _in_ten(share))
        for (kind, each), share in shares.items() if kind == BELIEF
    )  # fmt: skip
    common = sorted((each for each in held if each.held_in_ten), key=lambda each: -each.held_in_ten)
    return TeachFirst(
        as_of,
        taken,
        tuple(sorted(topics, key=lambda each: each.right_in_ten)),
        tuple(common[:MOST_BELIEFS]),
    )


def _add(found: dict[tuple[str, str], Share], name: tuple[str, str], more: Share) -> None:
    known = found.get(name, Share(0, 0))
    found[name] = Share(known.part + more.part, known.most + more.most)


def _places(objectives: Mapping[str, str], objective: str) -> tuple[str, ...]:
    return tuple(item for item, own in objectives.items() if own == objective)


def _asked(beliefs: FormBeliefs, misconception: str) -> tuple[str, ...]:
    return tuple(
        item for item, behind in beliefs.behind.items() if misconception in behind.values()
    )


def _in_ten(share: Share) -> int:
    return int(half_up(Fraction(10 * share.part, share.most), 0))
