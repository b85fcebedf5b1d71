"""The fixed tables outside the team: sums of whole bundles, released once, never by a handful."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.schemas import StaffPerson
from app.core.disclosure import Audience
from app.core.errors import ValueRefused
from app.gains import service as gains
from app.gains.cells import Person
from app.gains.results import Unsaid
from app.gains.service import Breakdown, Choice
from app.gains.tables_told import OutsideTable
from app.main import settle_once
from app.web.house import House
from app.workshops.schemas import Audience as ForWhom
from app.workshops.schemas import WorkshopRecord
from tests.fixtures.final_rooms import a_final_workshop, a_pair, people, release
from tests.fixtures.house import FakeClock, a_workshop
from tests.fixtures.loop import rows, run_workshop
from tests.fixtures.table_attacker import FACETS, count_recovered, make_set


def table(house: House, workshop: WorkshopRecord, **chosen: Any) -> OutsideTable:
    with house.unit(writes=False) as work:
        return gains.read_table(
            work, workshop.organisation_id, workshop.form_id, Choice(country="PK", **chosen)
        )


def paired(found: OutsideTable) -> int | None:
    return found.whole.figures.paired if found.whole.figures else None


def by_value(found: OutsideTable) -> dict[str, int | None]:
    return {row.value: row.figures.paired if row.figures else None for row in found.rows}


def test_a_workshop_of_ten_is_told_and_smaller_ones_together(
    house: House, amal: StaffPerson
) -> None:
    first = a_final_workshop(house, amal, people(12))
    small = [a_final_workshop(house, amal, people(n)) for n in (6, 5)]
    a_final_workshop(house, amal, people(4), province="PK-PB")
    assert release(house) == 8  # two of rooms, and each of them by three facets
    assert release(house) == 0
    found = table(house, first, breakdown=Breakdown.WORKSHOP)
    assert by_value(found) == {first.id: 12, "": 11}
    assert [row.workshops for row in found.rows] == [1, 2]
    assert paired(found) == 23
    assert paired(table(house, first, province="PK-PB")) is None
    assert table(house, first, province="PK-PB").whole.unsaid is Unsaid.WITHHELD
    assert not any(each.id in by_value(found) for each in small)


def test_more_workshops_than_anybody_reads_are_not_listed_one_by_one(
    house: House, amal: StaffPerson
) -> None:
    room = a_final_workshop(house, amal, people(12))
    release(house)
    names = ("organisation_id", "form_id", "breakdown", "country", "programme_id", "year",
             "quarter", "workshop_id", "workshop_count", "released_at")  # fmt: skip
    with house.unit(writes=True) as work:
        work.db.connection().execute(
            text(
                "WITH RECURSIVE more(n) AS "
                "(SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 500)"
                f" INSERT INTO released_bundles (id, province, {', '.join(names)})"
                f" SELECT 'b' || n, 'PK-PB', {', '.join(names)} FROM released_bundles, more"
                " WHERE breakdown = ''"
            )
        )
    with pytest.raises(ValueRefused) as refused:
        table(house, room, breakdown=Breakdown.WORKSHOP)
    assert refused.value.facts == {"field": "by", "reason": "many_workshops"}
    # 500 are, and everything but the list is told of any number.
    assert by_value(table(house, room, breakdown=Breakdown.WORKSHOP, province="PK-PB")) == {}
    assert by_value(table(house, room, breakdown=Breakdown.WORKSHOP, province="PK-SD")) == {
        room.id: 12
    }
    assert paired(table(house, room)) == 12


def test_a_table_by_hand(house: House, amal: StaffPerson) -> None:
    # Ten pairs of 2, 3, 4, 5, … points; half gain 2 and half 3: mean 2.5 of 10 points.
    first = a_final_workshop(house, amal, people(10))
    release(house)
    told = table(house, first)
    total, pooled = told.whole.figures, told.whole.pooled
    assert total is not None
    assert (str(total.gain_pp.value), total.paired) == ("25", 10)
    # SD √(10/9 · .25) = .52705 points, t(9) = 2.26216: ± .37703 points.
    assert (str(total.gain_pp_low.value), str(total.gain_pp_high.value)) == ("21", "29")
    assert pooled is not None
    assert (pooled.workshops, pooled.gain_pp.unsaid) == (1, Unsaid.WITHHELD)
    assert (str(told.median_pre.value), told.median_post.value is not None) == ("3.00", True)
    assert told.wilcoxon_p.value is not None


def test_three_workshops_are_pooled_and_two_are_not(house: House, amal: StaffPerson) -> None:
    rooms = [a_final_workshop(house, amal, people(12, gain=gain)) for gain in (1, 2)]
    release(house)
    two = table(house, rooms[0]).whole.pooled
    assert two is not None
    assert (two.entered, two.gain_pp.unsaid) == (2, Unsaid.WITHHELD)
    a_final_workshop(house, amal, people(12, gain=3))
    release(house)
    found = table(house, rooms[0])
    three = found.whole.pooled
    assert three is not None
    assert (three.entered, str(three.gain_pp.value)) == (3, "25")
    assert three.prediction_low.value is not None
    assert three.average_low.unsaid is Unsaid.WITHHELD
    assert found.whole.figures is not None
    # People of one room are alike: no interval or test forgets that (statistics.md, 6).
    told = [getattr(found.whole.figures, name) for name in ("gain_pp", "effect", "part_gained")]
    assert all(each.value is not None for each in told)
    for name in ("gain_pp_low", "effect_high", "part_gained_low", "passed_change_high"):
        assert getattr(found.whole.figures, name).unsaid is Unsaid.SEVERAL_ROOMS
    assert found.wilcoxon_p.unsaid is Unsaid.SEVERAL_ROOMS


def test_the_average_participant_has_an_interval_from_ten_rooms_on(
    house: House, amal: StaffPerson
) -> None:
    # Ten rooms of ten, mean gains 1.5 and 2.5 points in turn: mean 2, and by rooms
    # SE² = 10/9 · 10 · (10 · .5)² / 100² = 1/36, t(9) = 2.26216: ± .37703 of 10 points.
    # Small workshops together are one cluster more, so the tenth may be two of five.
    rooms = [a_final_workshop(house, amal, people(10, gain=1 + n % 2)) for n in range(9)]
    release(house)
    nine = table(house, rooms[0]).whole.pooled
    assert nine is not None
    assert nine.average_low.unsaid is Unsaid.WITHHELD
    pairs = people(10, gain=2)
    a_final_workshop(house, amal, pairs[:4])
    a_final_workshop(house, amal, pairs[4:])
    release(house)
    whole = table(house, rooms[0]).whole
    ten = whole.pooled
    assert ten is not None
    assert whole.figures is not None
    assert (whole.workshops, ten.workshops, str(whole.figures.gain_pp.value)) == (11, 9, "20")
    assert (str(ten.average_low.value), str(ten.average_high.value)) == ("16", "24")


def test_a_group_is_pooled_over_its_bundles(house: House, amal: StaffPerson) -> None:
    rooms = [a_final_workshop(house, amal, people(20, women=10, gain=gain)) for gain in (1, 2, 3)]
    release(house)
    found = table(house, rooms[0], breakdown=Breakdown.SEX)
    for row in found.rows:
        assert row.pooled is not None
        # Each room's ten gain 1.5, 2.5 and 3.5 on average, so their average is 2.5 of 10 points.
        assert (row.workshops, row.pooled.entered, str(row.pooled.gain_pp.value)) == (3, 3, "25")


def test_groups_of_a_fixed_list_have_a_dash_whether_anybody_is_in_them_or_not(
    house: House, amal: StaffPerson
) -> None:
    room = a_final_workshop(house, amal, people(24, women=12))
    release(house)
    with house.unit(writes=False) as work:
        found = gains.read_table(
            work, room.organisation_id, room.form_id,
            Choice(country="PK", breakdown=Breakdown.SEX, province="PK-SD"),
            values=["woman", "man", "prefer_not_to_say"],
        )  # fmt: skip
        nowhere = gains.read_table(
            work, room.organisation_id, room.form_id,
            Choice(country="PK", breakdown=Breakdown.SEX, province="PK-PB"),
            values=["woman", "man", "prefer_not_to_say"],
        )  # fmt: skip
    assert by_value(found) == {"woman": 12, "man": 12, "prefer_not_to_say": None}
    dash = found.rows[2]
    assert (dash.workshops, dash.pooled, dash.unsaid) == (None, None, Unsaid.WITHHELD)
    assert by_value(nowhere) == {"woman": None, "man": None, "prefer_not_to_say": None}
    assert nowhere.rows[2] == dash


def test_women_of_several_workshops_are_told_when_they_are_ten(
    house: House, amal: StaffPerson
) -> None:
    rooms = [a_final_workshop(house, amal, people(20, women=4)) for _ in range(2)]
    release(house)
    assert table(house, rooms[0], breakdown=Breakdown.SEX).rows == ()
    a_final_workshop(house, amal, people(20, women=4))
    release(house)
    found = table(house, rooms[0], breakdown=Breakdown.SEX)
    assert by_value(found) == {"man": 48, "woman": 12}
    (difference,) = found.differences
    assert (difference.first, difference.second, difference.bundles) == ("man", "woman", 1)
    assert difference.difference_pp.unsaid is Unsaid.WITHHELD  # one bundle is not pooled


def test_a_period_or_programme_tells_what_lies_in_it_as_a_whole(
    house: House, amal: StaffPerson
) -> None:
    third = a_final_workshop(house, amal, people(11), ends_on=date(2026, 8, 2))
    a_final_workshop(house, amal, people(13), ends_on=date(2026, 5, 2))
    a_final_workshop(house, amal, people(6), ends_on=date(2026, 2, 2))
    a_final_workshop(house, amal, people(7), ends_on=date(2026, 6, 2))
    a_final_workshop(house, amal, people(17), ends_on=date(2025, 6, 2), province="PK-PB")
    release(house)
    assert paired(table(house, third, year=2026, quarter=3)) == 11
    assert paired(table(house, third, year=2026, quarter=2)) == 13
    assert paired(table(house, third, year=2026, quarter=1)) is None
    assert paired(table(house, third, year=2026)) == 11 + 13 + 13
    assert paired(table(house, third)) == 54
    assert paired(table(house, third, province="PK-SD")) == 37
    assert paired(table(house, third, programme_id="elsewhere")) is None
    assert paired(table(house, third, programme_id="none")) == 54


def test_what_is_not_over_or_not_final_waits(house: House, amal: StaffPerson) -> None:
    now = a_final_workshop(house, amal, people(6), ends_on=date(2026, 11, 20))
    a_final_workshop(house, amal, people(7), ends_on=date(2026, 11, 21))
    a_final_workshop(house, amal, people(30), is_settled=False)
    assert release(house) == 0
    assert paired(table(house, now)) is None


def test_what_was_released_does_not_move(house: House, amal: StaffPerson) -> None:
    room = a_final_workshop(house, amal, people(12))
    release(house)
    before = table(house, room, province="PK-SD")
    with house.unit(writes=True) as work:
        work.db.connection().exec_driver_sql("UPDATE workshops SET province = 'PK-PB'")
        work.db.connection().exec_driver_sql("UPDATE gain_snapshots SET pair_count = 5")
    assert release(house) == 0
    assert table(house, room, province="PK-SD") == before


def test_late_hours_end_with_the_release(house: House, amal: StaffPerson, clock: FakeClock) -> None:
    room = a_workshop(house, amal, 10, audience=ForWhom.NGO)
    run_workshop(house, room, amal, [(n % 4, 3 + n % 5) for n in range(10)])
    assert paired(table(house, room.workshop)) is None
    clock.advance(timedelta(hours=25))
    settle_once(house)
    told = table(house, room.workshop)
    assert paired(told) == 10
    with house.unit(writes=False) as work:
        questions = gains.read_items(
            work, room.workshop.organisation_id, room.workshop.form_id, Choice(country="PK")
        )
        summary = gains.read_results(work, room.workshop, Audience.OUTSIDE, threshold=10)
    assert [each.item for each in questions] == [str(number) for number in range(1, 11)]
    assert summary.room == told.whole.figures  # the same digits through both doors


def test_different_tests_are_pooled_as_effects_alone(house: House, amal: StaffPerson) -> None:
    first = a_final_workshop(house, amal, people(15, gain=1))
    a_final_workshop(house, amal, people(15, gain=3))
    other = a_final_workshop(house, amal, people(15, gain=2), audience=ForWhom.LEA_DATA)
    release(house)
    assert paired(table(house, first)) == 30
    with house.unit(writes=False) as work:
        effect = gains.read_effect(work, first.organisation_id, Choice(country="PK"))
    assert effect.form_ids == tuple(sorted({first.form_id, other.form_id}))
    assert effect.workshops == 3
    assert effect.effect.value is not None


def test_foreign_organisations_see_nothing(
    house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    room = a_final_workshop(house, amal, people(12))
    release(house)
    with house.unit(writes=False) as work:
        found = gains.read_table(work, basma.organisation_id, room.form_id, Choice(country="PK"))
    assert (found.whole.figures, found.whole.unsaid) == (None, Unsaid.WITHHELD)


@pytest.mark.parametrize("seed", [3, 8])
def test_every_table_is_a_sum_of_whole_bundles(house: House, amal: StaffPerson, seed: int) -> None:
    made = make_set(seed)
    names, first = {}, None
    for turn in (0, 1):
        for each in made:
            if each.round == turn:
                room = a_final_workshop(
                    house, amal, _pairs(each.counts), province=each.place.province,
                    ends_on=date(each.place.year, each.place.quarter * 3 - 1, 2),
                )  # fmt: skip
                names[each.name], first = room.id, first or room
        release(house)
    assert first is not None
    members = rows(house, "SELECT b.*, m.workshop_id AS member FROM released_bundles b "
                          "JOIN released_members m ON m.bundle_id = b.id")  # fmt: skip
    counts = {names[each.name]: each.counts for each in made}
    for breakdown, province, period in product(
        (Breakdown.SEX, Breakdown.AGENCY_TYPE, Breakdown.WHOLE),
        (None, "PK-SD", "PK-PB"),
        ({}, {"year": 2026}, {"year": 2026, "quarter": 1}),
    ):
        found = table(house, first, breakdown=breakdown, province=province, **period)
        inside = [
            each["member"]
            for each in members
            if each["breakdown"] == breakdown.value
            and province in (None, each["province"])
            and all(each[name] == value for name, value in period.items())
        ]
        is_lonely = breakdown is Breakdown.SEX and len(found.rows) == 1
        assert all((row.figures is None) == is_lonely for row in found.rows)
        for row in () if is_lonely else found.rows:
            wanted = sum(counts[each][breakdown.value].get(row.value, 0) for each in inside)
            assert row.figures is not None
            assert 10 <= (row.figures.paired or 0) <= wanted
        if breakdown is Breakdown.WHOLE:
            total = sum(sum(counts[each]["sex"].values()) for each in inside)
            assert (paired(found) or 0) == total


def _pairs(counts: Any) -> Sequence[Person]:
    sexes, agencies = (
        [value for value, n in counts[facet].items() for _ in range(n)]
        for facet in ("sex", "agency_type")
    )
    chance = random.Random(len(sexes))
    return [
        a_pair(chance.randint(0, 6), chance.randint(3, 10), sex, agency)
        for sex, agency in zip(sexes, agencies, strict=True)
    ]


@pytest.mark.parametrize("facet", FACETS)
def test_who_solves_all_tables_of_random_workshops_recovers_no_small_group(facet: str) -> None:
    sets = [make_set(seed) for seed in range(6)]
    assert [count_recovered(made, facet) for made in sets] == [0] * 6
    # The attacker is worth something: withholding table by table would have told.
    assert sum(count_recovered(made, facet, is_naive=True) for made in sets) > 0
