"""Nobody's mark can be worked out from all that the service ever told about a workshop."""

import random
from statistics import stdev

import pytest
from scipy.special import stdtrit
from starlette.testclient import TestClient

from app.web.house import House
from tests.fixtures.attacker import Attack, Release, totals_of
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


def test_an_attacker_adds_up_the_questions() -> None:
    half = {"value": "50", "extreme": None}
    counted = {"retained": 4, "lost": 1, "learned": 3, "right_before": half}
    room = {"paired": 16, "improved": {"value": "80", "extreme": "at_least"}}
    assert totals_of({"room": room, "items": [counted, counted]}) == {
        "total_pre": (10, 10), "total_post": (14, 14), "higher": (13, 16),
    }  # fmt: skip
    none = dict.fromkeys(("retained", "lost", "learned"))
    # 38 percent of 16 can only be six people; at most 20 percent none to three; no share anybody.
    shares: list[dict[str, object]] = [
        {"value": "38", "extreme": None},
        {"value": "20", "extreme": "at_most"},
        {"value": "80", "extreme": "at_least"},
        {"value": None, "extreme": None},
    ]
    items = [none | {"right_before": each, "right_after": each} for each in shares]
    limits = (6 + 0 + 13 + 0, 6 + 3 + 16 + 16)
    assert totals_of({"room": room, "items": items}) == {
        "total_pre": limits, "total_post": limits, "higher": (13, 16),
    }  # fmt: skip
    assert totals_of({"room": None, "items": []}) == {}
