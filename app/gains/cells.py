"""Which cells a person's scores and answers count in: the grains of the running sums.

Pure: the sums of one person, to be added to what stands. `gains.recount` says the same in SQL for
everybody at once; a test holds the two together.
"""

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Facet(StrEnum):
    """How a group of a workshop is named; `flagged`, objectives and items have pairs only."""

    ROOM = ""
    SEX = "sex"
    AGENCY_TYPE = "agency_type"
    PROVINCE = "province"
    FLAGGED = "flagged"
    OBJECTIVE = "objective"
    ITEM = "item"


PROFILE_FACETS = (Facet.SEX, Facet.AGENCY_TYPE, Facet.PROVINCE)
NOT_SAID = "not_said"
"""The value of a facet that nobody was told: a group of its own, never mixed with a known one."""

FLAGGED = "yes"

SUMS = (
    "pre_count", "post_count", "pair_count", "sum_all_pre", "sum_all_pre_squared", "sum_pre",
    "sum_post", "sum_pre_squared", "sum_post_squared", "sum_products", "passed_both",
    "passed_before", "passed_after", "passed_neither", "improved", "same", "declined",
)  # fmt: skip
"""The columns of a cell, in the order of the numbers here."""

Sums = tuple[int, ...]
Group = tuple[str, str]
"""Facet and value."""

WHOLE_ROOM: Group = (Facet.ROOM.value, "")


@dataclass(frozen=True)
class Answer:
    """What stands for one item of one sitting."""

    chosen: str
    language: str
    units: int


@dataclass(frozen=True)
class ItemShape:
    """Where an item counts, and what all of it is worth."""

    objective: str
    max_units: int


@dataclass(frozen=True)
class Person:
    """One participant on one form version; None where a test is missing. `pass_units` 0: no mark.

    Answers are asked only of pairs, for every item of the form.
    """

    pre: int | None
    post: int | None
    sex: str | None = None
    agency_type: str | None = None
    province: str | None = None
    is_flagged: bool = False
    pass_units: int = 0

    @property
    def is_pair(self) -> bool:
        """Whether both tests are scored."""
        return self.pre is not None and self.post is not None

    def groups(self) -> Iterator[Group]:
        """The groups of the room that the person belongs to."""
        yield Facet.ROOM.value, ""
        yield Facet.SEX.value, self.sex or NOT_SAID
        yield Facet.AGENCY_TYPE.value, self.agency_type or NOT_SAID
        yield Facet.PROVINCE.value, self.province or NOT_SAID
        if self.is_flagged and self.is_pair:
            yield Facet.FLAGGED.value, FLAGGED


def taken_sums(person: Person, *, has_new_pre: bool, has_new_post: bool) -> Sums:
    """What newly scored tests add to the counts and to the pre-takers' sums."""
    pre = person.pre if has_new_pre else None
    return (int(has_new_pre), int(has_new_post), 0, pre or 0, (pre or 0) ** 2) + (0,) * 12


def pair_sums(pre: int, post: int, pass_units: int) -> Sums:
    """What one pair adds; `pass_units` 0: there is no mark, and nobody is counted by it."""
    before, after = pre >= pass_units, post >= pass_units
    passed = (before and after, before and not after, after and not before, not before | after)
    counted = tuple(int(each) for each in passed) if pass_units else (0, 0, 0, 0)
    changed = (int(post > pre), int(post == pre), int(post < pre))
    squares = (pre, post, pre * pre, post * post, pre * post)
    return (0, 0, 1, 0, 0, *squares, *counted, *changed)


def item_groups(
    shape: Mapping[str, ItemShape], pre: Mapping[str, Answer], post: Mapping[str, Answer]
) -> Iterator[tuple[Group, Sums]]:
    """What one pair's answers add to the cells of items and objectives."""
    objectives: dict[str, tuple[int, int]] = {}
    for item, each in shape.items():
        before, after = pre[item].units, post[item].units
        yield (Facet.ITEM.value, item), pair_sums(before, after, each.max_units)
        known = objectives.get(each.objective, (0, 0))
        objectives[each.objective] = (known[0] + before, known[1] + after)
    for objective, (before, after) in objectives.items():
        yield (Facet.OBJECTIVE.value, objective), pair_sums(before, after, 0)


def add(first: Sums, second: Sums) -> Sums:
    """Return both together."""
    return tuple(map(operator.add, first, second))
