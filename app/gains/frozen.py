"""What a snapshot freezes, as a value and as the bytes that are stored.

Everything a workshop's results need, so that pages and reports never look at answers: the cells of
all groups, the answers to every item, and how many pairs had which two scores, for the room and for
each group of the profile.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.core.bundling import Place
from app.gains.cells import PROFILE_FACETS, SUMS, WHOLE_ROOM, Group, Person, Sums
from app.gains.teaching import Share, Shares

_PEOPLE = {WHOLE_ROOM[0], *(each.value for each in PROFILE_FACETS)}
AnswerKey = tuple[str, str, str, str]
"""Item, occasion, language, what was chosen (as stored; empty for nothing)."""


@dataclass(frozen=True)
class Frozen:
    """The cells of one workshop and form version at one moment.

    `answers`: people, sum and sum of squares of their test scores. `pairs`: group -> (pre, post)
    in units -> people. `pass_units` 0: there was no pass mark. `to_teach`: blurred shares of
    everybody who took the pre-test; only where its closing froze them, from five tests.
    """

    groups: Mapping[Group, Sums]
    answers: Mapping[AnswerKey, Sums]
    pairs: Mapping[Group, Mapping[tuple[int, int], int]]
    pass_units: int
    to_teach: Shares = field(default_factory=dict)

    def sums(self, group: Group = WHOLE_ROOM) -> dict[str, int]:
        """A group's numbers by the names of the columns; 0 where there is nobody."""
        return dict(zip(SUMS, self.groups.get(group, (0,) * len(SUMS)), strict=True))

    def values(self, facet: str) -> list[str]:
        """The values of a facet that anybody has, in order."""
        return sorted(value for own, value in self.groups if own == facet)


def count_pairs(people: Iterable[Person]) -> dict[Group, Counter[tuple[int, int]]]:
    """How many people of each group of the room had which two scores."""
    found: dict[Group, Counter[tuple[int, int]]] = {}
    for person in people:
        if person.pre is None or person.post is None:
            continue
        for facet, value in person.groups():
            if facet in _PEOPLE:
                found.setdefault((facet, value), Counter())[person.pre, person.post] += 1
    return found


def pack(frozen: Frozen) -> bytes:
    """The value as stored; equal values are equal bytes."""
    document = {
        "groups": [[*key, *sums] for key, sums in sorted(frozen.groups.items())],
        "answers": [[*key, *sums] for key, sums in sorted(frozen.answers.items())],
        "pairs": [
            [*key, *scores, people]
            for key, cells in sorted(frozen.pairs.items())
            for scores, people in sorted(cells.items())
        ],
        "pass_units": frozen.pass_units,
        "to_teach": [[*name, *share] for name, share in frozen.to_teach.items()],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode())


def unpack(content: bytes) -> Frozen:
    """The value that was stored."""
    document = json.loads(zlib.decompress(content))
    pairs: dict[Group, dict[tuple[int, int], int]] = {}
    for facet, value, pre, post, people in document["pairs"]:
        pairs.setdefault((facet, value), {})[pre, post] = people
    return Frozen(
        groups={(facet, value): tuple(sums) for facet, value, *sums in document["groups"]},
        answers={tuple(row[:4]): tuple(row[4:]) for row in document["answers"]},
        pairs=pairs,
        pass_units=document["pass_units"],
        to_teach={
            (kind, name): Share(part, most)
            for kind, name, part, most in document.get("to_teach", ())
        },
    )


def pack_counts(frozen: Frozen) -> str:
    """How many pairs the room and each group of the profile has, as stored beside the value."""
    at = SUMS.index("pair_count")
    counts: dict[str, dict[str, int]] = {}
    for (facet, value), sums in sorted(frozen.groups.items()):
        if facet in _PEOPLE and sums[at]:
            counts.setdefault(facet, {})[value] = sums[at]
    return json.dumps(counts, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, order=True)
class Stream:
    """What is told together: one organisation's workshops on one form version."""

    organisation_id: str
    form_id: str


@dataclass(frozen=True, slots=True)
class Final:
    """A workshop whose results change no more, with the state outside readers see.

    `packed`: what `pack_counts` made of that state; thousands of workshops may wait at once.
    """

    workshop_id: str
    place: Place
    snapshot_id: int
    packed: str

    def pair_counts(self, breakdown: str) -> dict[str, int]:
        """Value -> pairs, of those who have any."""
        counts: dict[str, dict[str, int]] = json.loads(self.packed)
        return counts.get(breakdown, {})
