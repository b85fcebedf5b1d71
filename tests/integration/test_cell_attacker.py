"""No small group of any workshop can be worked out from all that each role is told over HTTP."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from app.web.house import House
from tests.fixtures.cell_attacker import CellAttack, Somebody, Told, groups_of
from tests.long.cell_attacker import attack_one

pytestmark = pytest.mark.sqlite_only


def somebody(number: int, sex: str, *, wave: int = 0, left: bool = False) -> Somebody:
    """A person of the only workshop; the points differ from person to person."""
    return Somebody(
        workshop=0, wave=wave, sex=sex, agency="police", is_flagged=False,
        pre=number % 5, post=None if left else 4 + number % 6,
    )  # fmt: skip


def tell(told: Told, people: list[Somebody], group: list[int]) -> None:
    """The printed means of a group, in points of ten."""
    n = len(group)
    pre = sum(people[each].pre for each in group)
    post = sum(people[each].post or 0 for each in group)
    figures = {
        "mean_pre_points": f"{Decimal(pre) / n:.2f}",
        "mean_post_points": f"{Decimal(post) / n:.2f}",
        "gain_points": f"{Decimal(post - pre) / n:.2f}",
    }
    told.add_means(frozenset(group), figures, tuple(figures))


PEOPLE = [somebody(n, "man" if n < 12 else "woman") for n in range(16)]
MEN, WOMEN, ALL = list(range(12)), list(range(12, 16)), list(range(16))


def test_who_subtracts_a_large_group_from_the_room_gets_the_small_one() -> None:
    told = Told()
    tell(told, PEOPLE, ALL)
    attack = CellAttack(PEOPLE, told)
    assert attack.agrees_with_truth()
    assert not attack.is_recovered(WOMEN)
    tell(told, PEOPLE, MEN)
    attack = CellAttack(PEOPLE, told)
    assert attack.agrees_with_truth()
    assert attack.is_recovered(WOMEN)


def test_who_subtracts_two_releases_gets_those_who_came_between() -> None:
    people = [somebody(n, "man", wave=int(n >= 13)) for n in range(16)]
    told = Told()
    for group in (ALL, list(range(13))):
        tell(told, people, group)
    assert CellAttack(people, told).is_recovered(range(13, 16))
    people[13] = replace(people[13], agency="ngo")
    attack = CellAttack(people, told)
    assert attack.is_recovered(range(13, 16))
    assert not attack.is_recovered([13])
    with pytest.raises(ValueError, match="cannot be told apart"):
        attack.is_recovered([14])


def test_two_groups_that_are_withheld_together_are_not_known() -> None:
    people = [somebody(n, "man" if n < 12 else "woman" if n < 20 else "other") for n in range(26)]
    told = Told()
    tell(told, people, list(range(26)))
    tell(told, people, list(range(12)))
    attack = CellAttack(people, told)
    assert not attack.is_recovered(range(12, 20))
    assert not attack.is_recovered(range(20, 26))
    assert attack.is_recovered(range(12, 26))


def test_means_that_cannot_be_true_are_noticed() -> None:
    told = Told()
    tell(told, PEOPLE, ALL)
    told.add(((frozenset(WOMEN), 1.0, 0.0),), 39.0, 40.0)
    assert not CellAttack(PEOPLE, told).agrees_with_truth()


def test_every_group_is_looked_for_in_each_wave_and_in_all() -> None:
    people = [*PEOPLE, somebody(3, "man", wave=1), somebody(4, "man", left=True)]
    found = {(name, len(group)) for name, group in groups_of(people)}
    assert {("man", 12), ("man", 1), ("man", 13), ("woman", 4), ("room", 17), ("left", 1)} <= found


def test_no_small_group_is_known_to_trainers_or_evaluators_who_keep_everything(
    client: TestClient, house: House
) -> None:
    # At 15 and 110 flagged latecomers were once told by subtraction.
    seeds = (0, 15, 110)
    found = [attack_one(client, house, seed, random.Random(seed)) for seed in seeds]
    assert all(each.is_consistent for each in found)
    assert sum(each.figures for each in found) > 40
    assert sum(each.looked_for for each in found) > 100
    assert [each.recovered for each in found] == [()] * len(seeds)
