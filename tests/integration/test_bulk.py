"""Hundreds of rows at once: whole hundreds and what is left over, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table

from app.adapters.bulk import add_rows, put_rows, sum_rows
from app.web.house import House
from tests.fixtures.loop import rows

COUNTS = [1, 99, 100, 101, 250]
COUNTED = Table(
    "counted",
    MetaData(),
    Column("place", String, primary_key=True),
    Column("people", Integer),
    Column("at", DateTime(timezone=True)),
)


def some_rows(count: int, people: int) -> list[dict[str, object]]:
    at = datetime(2026, 2, 11, 9, people, tzinfo=UTC)
    return [
        {"people": n * people, "place": f"p{n:03}", "at": at, "elsewhere": 1} for n in range(count)
    ]


def stored(house: House) -> list[tuple[str, int, str]]:
    found = rows(house, "SELECT place, people, at FROM counted ORDER BY place")
    return [(each["place"], each["people"], str(each["at"])[14:16]) for each in found]


@pytest.mark.parametrize("count", COUNTS)
def test_rows_are_added_put_in_place_and_summed_by_key(house: House, count: int) -> None:
    with house.unit(writes=True) as work:
        COUNTED.create(work.db.connection())
        add_rows(work.db, COUNTED, ("people", "place", "at"), some_rows(count, 1))
    assert stored(house) == [(f"p{n:03}", n, "01") for n in range(count)]
    with house.unit(writes=True) as work:
        put_rows(work.db, COUNTED, ("place", "at"), some_rows(count, 2), key=("place",))
    assert stored(house) == [(f"p{n:03}", n, "02") for n in range(count)]
    with house.unit(writes=True) as work:
        sum_rows(work.db, COUNTED, ("place", "people"), some_rows(count, 4), key=("place",))
    assert stored(house) == [(f"p{n:03}", n * 5, "02") for n in range(count)]


def test_one_bad_row_of_many_leaves_nothing(house: House) -> None:
    with house.unit(writes=True) as work:
        COUNTED.create(work.db.connection())
    twice = [*some_rows(150, 1), *some_rows(1, 1)]
    with pytest.raises(Exception, match=r"(?i)unique"), house.unit(writes=True) as work:
        add_rows(work.db, COUNTED, ("people", "place", "at"), twice)
    assert stored(house) == []
