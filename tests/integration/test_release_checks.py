"""What was released is compared with its snapshots, number by number, and never set right."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from app.accounts.schemas import StaffPerson
from app.adapters.migrating import move_schema
from app.gains.release_checks import ReleaseCheck, check_releases
from app.upkeep.counting import check_or_rebuild, say_rollups
from app.web.house import House
from tests.fixtures.final_rooms import a_final_workshop, people, release
from tests.fixtures.loop import change, rows


def check(house: House) -> ReleaseCheck:
    with house.unit(writes=False) as work:
        return check_releases(work)


def make_rooms(house: House, amal: StaffPerson) -> None:
    """Three rooms with women and men enough for a difference, two small ones, another place."""
    for gain in (1, 2, 3):
        a_final_workshop(house, amal, people(24, women=11, gain=gain))
    for n in (4, 7):
        a_final_workshop(house, amal, people(n), province="PK-PB")
    release(house)


def test_what_was_released_agrees_with_its_snapshots(house: House, amal: StaffPerson) -> None:
    make_rooms(house, amal)
    bundles = len(rows(house, "SELECT 1 FROM released_bundles"))
    assert bundles > 8
    assert check(house) == ReleaseCheck(bundles=bundles, differences=())


@pytest.mark.parametrize(
    ("sql", "table", "column"),
    [
        ("UPDATE released_cells SET sum_post = sum_post + 1 WHERE value = 'woman'",
         "released_cells", "sum_post"),
        ("DELETE FROM released_cells WHERE value = ''", "released_cells", "pair_count"),
        ("UPDATE released_pairs SET people = people + 1 WHERE breakdown = 'sex'",
         "released_pairs", "people"),
        ("UPDATE released_items SET learned = learned - 1", "released_items", "learned"),
        ("DELETE FROM released_items", "released_items", "learned"),
        ("UPDATE released_totals SET sum_pre = sum_pre + 1", "released_totals", "sum_pre"),
        ("UPDATE released_totals SET gains = substr(gains, 25)", "released_totals", "gains"),
        ("UPDATE released_differences SET difference = difference + 0.001",
         "released_differences", "difference"),
        ("UPDATE released_difference_totals SET differences = substr(differences, 25)",
         "released_difference_totals", "pairs"),
        ("UPDATE released_bundles SET workshop_count = workshop_count + 1",
         "released_bundles", "workshop_count"),
        ("DELETE FROM released_members WHERE breakdown = 'agency_type'",
         "released_bundles", "workshop_count"),
    ],
)  # fmt: skip
def test_every_number_that_was_changed_after_its_release_is_found(
    house: House, amal: StaffPerson, sql: str, table: str, column: str
) -> None:
    make_rooms(house, amal)
    change(house, sql)
    assert (table, column) in {(each.table, each.column) for each in check(house).differences}


def test_totals_of_what_was_released_before_there_were_any_are_made_by_the_migration(
    house: House, amal: StaffPerson
) -> None:
    make_rooms(house, amal)
    names = ("released_totals", "released_difference_totals")
    before, differences = (rows(house, f"SELECT * FROM {name}") for name in names)
    assert {len(each["gains"]) // 24 for each in before} == {1, 3}  # small ones together are one
    house.engine.dispose()
    move_schema(house.settings.database, to="0007", drops_rows=True)
    move_schema(house.settings.database, to="head", drops_rows=False)
    after, differences_after = (rows(house, f"SELECT * FROM {name}") for name in names)
    assert unordered(after) == unordered(before)
    assert differences
    assert unordered(differences_after) == unordered(differences)
    assert check(house).differences == ()


def unordered(totals: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows as they would be if bundles had been packed by size."""
    return sorted(
        tuple(
            sorted(value[at : at + 24] for at in range(0, len(value), 24))
            if name in ("gains", "differences") else [value]
            for name, value in row.items()
        )
        for row in totals
    )  # fmt: skip


def test_hundreds_of_workshops_are_released_as_one_by_one(house: House, amal: StaffPerson) -> None:
    # More at once than snapshots are read, so that bundles end in the middle of a reading.
    chance = random.Random(7)
    sizes = [chance.randint(3, 13) for _ in range(230)]
    for n in sizes:
        a_final_workshop(house, amal, people(n, women=chance.randint(0, n)))
    release(house)
    counted = rows(
        house, "SELECT sum(workshop_count) AS n FROM released_bundles GROUP BY breakdown"
    )
    assert max(each["n"] for each in counted) == 230
    (told,) = rows(house, "SELECT sum(pair_count) AS n FROM released_totals WHERE breakdown = ''")
    (cells,) = rows(house, "SELECT sum(c.pair_count) AS n FROM released_cells c JOIN "
                    "released_bundles b ON b.id = c.bundle_id WHERE b.breakdown = ''")  # fmt: skip
    assert told["n"] == cells["n"] == sum(sizes)
    assert check(house).differences == ()


def test_the_command_tells_of_released_numbers_that_differ_and_leaves_them(
    house: House, amal: StaffPerson, capsys: pytest.CaptureFixture[str]
) -> None:
    make_rooms(house, amal)
    change(
        house, "UPDATE released_items SET lost = lost + 1 WHERE province = 'PK-PB' AND item = '1'"
    )
    for rebuilds in (False, True, False):
        with house.unit(writes=True) as work:
            found = check_or_rebuild(work, rebuilds=rebuilds)
        assert not found.is_true
    say_rollups(found)
    told = capsys.readouterr().out
    assert told.endswith("Differences: 1. They stay as they are: look into a backup.\n")
    assert ": lost is " in told
