"""Solar Hijri days: known days of history and every new year of half a century."""

from datetime import date, timedelta

import pytest

from app.core.calendars import MONTHS, is_leap, solar_hijri


@pytest.mark.parametrize(
    ("day", "own"),
    [
        ("1979-02-11", (1357, 11, 22)),
        ("2021-08-15", (1400, 5, 24)),
        ("2020-03-20", (1399, 1, 1)),
        ("2021-03-20", (1399, 12, 30)),
        ("2021-03-21", (1400, 1, 1)),
        ("2024-03-19", (1402, 12, 29)),
        ("2024-03-20", (1403, 1, 1)),
        ("2025-03-20", (1403, 12, 30)),
        ("2025-03-21", (1404, 1, 1)),
        ("2029-03-20", (1408, 1, 1)),
        ("2030-03-20", (1408, 12, 30)),
        ("2030-03-21", (1409, 1, 1)),
        ("2026-09-22", (1405, 6, 31)),
        ("2026-09-23", (1405, 7, 1)),
        ("2026-11-22", (1405, 9, 1)),
    ],
)
def test_known_days(day: str, own: tuple[int, int, int]) -> None:
    assert solar_hijri(date.fromisoformat(day)) == own


def test_the_leap_years_of_two_generations() -> None:
    leap = [year for year in range(1370, 1421) if is_leap(year)]
    assert leap == [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420]


def test_every_day_follows_the_one_before() -> None:
    day, before = date(1950, 3, 21), (1328, 12, 29)
    assert solar_hijri(day - timedelta(days=1)) == before
    for _ in range(33 * 366 * 3):
        year, month, number = before
        own = solar_hijri(day)
        assert own in ((year, month, number + 1), (year, month + 1, 1), (year + 1, 1, 1))
        assert own is not None
        if own[0] != year:
            assert (month, number) == (12, 30 if is_leap(year) else 29)
        before, day = own, day + timedelta(days=1)


@pytest.mark.parametrize("day", [date.min, date(1799, 3, 20), date(2300, 1, 1), date.max])
def test_outside_of_the_cycle_there_is_no_day(day: date) -> None:
    assert solar_hijri(day) is None


def test_afghanistan_and_iran_name_their_months_differently() -> None:
    assert {language: len(set(names)) for language, names in MONTHS.items()} == {
        "fa": 12,
        "fa-AF": 12,
        "ps": 12,
    }
    assert (MONTHS["fa"][0], MONTHS["fa-AF"][0], MONTHS["ps"][0]) == ("فروردین", "حمل", "وری")
