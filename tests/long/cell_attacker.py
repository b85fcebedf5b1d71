"""Who reads everything each role is told over HTTP about random workshops, and solves for groups.

Each set is one organisation with two to five workshops over two provinces and three quarters. Their
post-tests close, some are opened again for latecomers, then the late hours end, for some earlier.
After each of these three rounds everything is read as trainer and as evaluator: summaries,
details, files, pages, and every table over several workshops. A group that may not be told must not
be known afterwards.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from app.accounts.schemas import Role
from app.banks.service import publish_banks
from app.gains.cells import Person
from app.gains.service import release_due
from app.main import create_app
from app.web.house import House
from tests.fixtures.cell_attacker import POINTS, CellAttack, People, Somebody, Told, groups_of
from tests.fixtures.final_rooms import a_final_workshop, a_pair, add_snapshot, end_late_hours
from tests.fixtures.house import (
    FakeClock,
    a_client,
    a_staff_member,
    bearer_of,
    make_settings,
    sign_in,
)
from tests.fixtures.indicators import a_token, as_bearer
from tests.fixtures.load_room import fresh_database
from tests.fixtures.loop import rows
from tests.fixtures.page_client import another_browser
from tests.long.cell_reading import Organisation, read_evaluator, read_trainer

SETS, SHORT_SETS = 1000, 3
LEAST_GROUP, LEAST_ROOM = 10, 5
ENDS = (date(2025, 5, 2), date(2026, 2, 2), date(2026, 5, 2))
PROVINCES = ("PK-SD", "PK-PB")


def make_people(chance: random.Random) -> list[Somebody]:
    """Everybody of two to five workshops."""
    found = []
    for workshop in range(chance.randint(2, 5)):
        late, left = chance.choice((0, 0, 5, 6, 9, 12)), chance.choice((0, 0, 1, 3, 6, 11))
        counts = ((0, False, chance.choice((3, 6, 9, 12, 15, 20, 26))), (1, False, late),
                  (0, True, left))  # fmt: skip
        women, flagged = chance.choice((1, 3, 5)), chance.choice((0, 0, 0.15, 0.4))
        for wave, has_left, n in counts:
            found += [
                _somebody(chance, workshop, wave, (women, flagged), has_left=has_left)
                for _ in range(n)
            ]
    return found


def _somebody(
    chance: random.Random, workshop: int, wave: int, shares: tuple[int, float], *, has_left: bool
) -> Somebody:
    pre = chance.randint(0, POINTS - 1)
    return Somebody(
        workshop=workshop,
        wave=wave,
        sex=chance.choices(("woman", "man", "prefer_not_to_say"), (shares[0], 5, 0.3))[0],
        agency=chance.choices(("police", "ngo", "prosecution"), (5, 2, 2))[0],
        is_flagged=chance.random() < shares[1],
        pre=pre,
        post=None if has_left else min(POINTS, max(0, pre + chance.randint(-2, 5))),
    )


def play(made: Organisation, chance: random.Random, trainer: Any) -> Iterator[None]:
    """Three rounds: the tests have closed; latecomers, and some are final; all are final."""
    house = made.house
    for number in range(1 + max(each.workshop for each in made.people)):
        first = _persons(made, number, wave=0)
        made.workshops.append(
            a_final_workshop(
                house, trainer, first, is_settled=False, province=chance.choice(PROVINCES),
                ends_on=chance.choice(ENDS), title=f"Synthetic {number}",
                women_count=sum(each.sex == "woman" for each in first),
                men_count=sum(each.sex == "man" for each in first),
            )
        )  # fmt: skip
        own = made.workshops[-1].id
        (known,) = rows(house, "SELECT id FROM gain_snapshots WHERE workshop_id = :id", id=own)
        made.snapshots[known["id"]] = made.inside(number, wave=0)
    yield
    with house.unit(writes=True) as work:
        for number, workshop in enumerate(made.workshops):
            if made.inside(number) != made.inside(number, wave=0):
                snapshot = add_snapshot(work, workshop, _persons(made, number, wave=1))
                made.snapshots[snapshot] = made.inside(number)
            if chance.random() < 0.5:
                end_late_hours(house, work, workshop)
        release_due(work, threshold=LEAST_GROUP)
    yield
    with house.unit(writes=True) as work:
        for workshop in made.workshops:
            end_late_hours(house, work, workshop)
        release_due(work, threshold=LEAST_GROUP)
    yield


def _persons(made: Organisation, workshop: int, *, wave: int) -> list[Person]:
    return [
        a_pair(each.pre, each.post, each.sex, each.agency, is_flagged=each.is_flagged)
        for each in made.people
        if each.workshop == workshop and each.wave <= wave
    ]


@dataclass(frozen=True)
class Findings:
    """Groups looked for and recovered, by reader; figures kept; answers read."""

    looked_for: int
    recovered: tuple[tuple[str, str, int], ...]
    figures: int
    requests: int
    is_consistent: bool


READERS = {"trainer": read_trainer, "evaluator": read_evaluator}


def attack_one(client: TestClient, house: House, number: int, chance: random.Random) -> Findings:
    """Play a random set, read everything in every round, and solve for every small group."""
    made = Organisation(client, house, make_people(chance))
    trainer, evaluator = (
        a_staff_member(house, f"{role.value}-c{number}", role, organisation=f"Cells {number}")
        for role in (Role.TRAINER, Role.EVALUATOR)
    )
    for name, staff in (("trainer", trainer), ("evaluator", evaluator)):
        made.headers[name] = bearer_of(house, staff)
        made.browsers[name] = another_browser(client)
        sign_in(made.browsers[name], house, staff)
    made.headers["program"] = as_bearer(a_token(house, evaluator))
    kept = {name: Told() for name in READERS}
    for _ in play(made, chance, trainer):
        for name, read in READERS.items():
            read(made, kept[name])
    attacks = {name: CellAttack(made.people, told) for name, told in kept.items()}
    looked_for, recovered = 0, []
    for name, attack in attacks.items():
        for group, people in small_groups(made.people, name):
            looked_for += 1
            if attack.is_recovered(people):
                recovered.append((name, group, len(people)))
    return Findings(
        looked_for=looked_for,
        recovered=tuple(recovered),
        figures=sum(len(told.limits) for told in kept.values()),
        requests=made.requests,
        is_consistent=all(attack.agrees_with_truth() for attack in attacks.values()),
    )


def small_groups(people: Sequence[Somebody], reader: str) -> Iterator[tuple[str, People]]:
    """Groups this reader may not know, save those who are exactly some that may be known."""
    in_room = {"room", "left", "flagged", "unflagged"}
    groups = list(groups_of(people))
    least = {
        name: LEAST_ROOM if reader == "trainer" and name in in_room else LEAST_GROUP
        for name, _ in groups
    }
    known = {group for name, group in groups if len(group) >= least[name]}
    for name, group in groups:
        if len(group) < least[name] and group not in known:
            yield name, group


def _say_so_far(found: Sequence[Findings]) -> None:
    """A line for each set, so that a run that is ended early has said something."""
    recovered = sum(len(each.recovered) for each in found)
    looked_for = sum(each.looked_for for each in found)
    sys.stderr.write(f"{len(found)} sets, {looked_for} groups, {recovered} recovered\n")
    sys.stderr.flush()


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All sets for the command line."""
    sets = chosen.sets or (SHORT_SETS if chosen.short else SETS)
    with fresh_database(folder, is_postgres=chosen.postgres) as url:
        application = create_app(make_settings(folder, url), FakeClock())
        with a_client(application) as client:
            house: House = application.state.house
            with house.unit(writes=True) as work:
                publish_banks(work, house.settings.banks)
            found = []
            for seed in range(chosen.seed, chosen.seed + sets):
                found.append(attack_one(client, house, seed, random.Random(seed)))
                _say_so_far(found)
    recovered = [each for findings in found for each in findings.recovered]
    return {
        "sets": len(found),
        "answers_read": sum(each.requests for each in found),
        "figures": sum(each.figures for each in found),
        "groups_looked_for": sum(each.looked_for for each in found),
        "recovered": len(recovered),
        "which": recovered[:10],
        "is_ok": not recovered and all(each.is_consistent for each in found),
    }
