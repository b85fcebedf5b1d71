"""Nobody's mark can be worked out from all that the service ever told about a workshop."""

import random
from statistics import stdev

import pytest
from scipy.special import stdtrit
from starlette.testclient import TestClient

from app.web.house import House
from tests.fixtures.attacker import Attack, Release
from tests.fixtures.house import FakeClock
from tests.long.attacker import SHORT_SETS, attack_one, make_service

pytestmark = pytest.mark.sqlite_only


def told(marks: list[tuple[int, int]]) -> dict[str, object]:
    """The figures of these pairs, as a service would print that takes no care."""
    n = len(marks)
    half = float(stdtrit(n - 1, 0.975)) * stdev(y - x for x, y in marks) / n**0.5
    before, after = sum(x for x, _ in marks), sum(y for _, y in marks)
    return {
        "mean_pre_points": f"{before / n:.2f}",
        "mean_post_points": f"{after / n:.2f}",
        "gain_points": f"{(after - before) / n:.2f}",
        "gain_points_low": f"{(after - before) / n - half:.2f}",
        "gain_points_high": f"{(after - before) / n + half:.2f}",
        "improved": sum(y > x for x, y in marks),
        "same": sum(y == x for x, y in marks),
        "declined": sum(y < x for x, y in marks),
    }


def test_an_attacker_who_sees_figures_move_by_one_person_gets_that_persons_marks() -> None:
    marks = [(2, 5), (3, 5), (4, 6), (5, 9), (6, 6), (7, 8), (3, 9)]
    attack = Attack([Release(frozenset(range(n)), told(marks[:n])) for n in (6, 7)])
    assert attack.agrees_with(dict(enumerate(marks)))
    assert attack.find_determined(dict(enumerate(marks))) == [(6, "pre"), (6, "post")]


def test_no_mark_is_determined_by_what_trainers_and_evaluators_are_told(
    client: TestClient, house: House, clock: FakeClock
) -> None:
    chance = random.Random(4)
    found = [
        attack_one(make_service(client, house, clock, number), chance)
        for number in range(SHORT_SETS)
    ]
    assert all(each.is_consistent for each in found)
    assert sum(each.figures for each in found) > 20
    assert [each.determined for each in found] == [()] * SHORT_SETS
