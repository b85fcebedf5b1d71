"""The rows of `tests.load.gains`, but few: true sums, and reports that are their arithmetic."""

from pathlib import Path
from typing import Any

from app.banks import service as banks
from app.core.scoring import UNITS_PER_POINT
from app.gains import rollups
from app.gains import service as gains
from app.gains.release_checks import check_releases
from app.gains.service import Breakdown, Choice
from app.gains.tables_told import OutsideTable
from app.web.house import House
from tests.fixtures.loop import rows
from tests.load.gain_bare import aggregate
from tests.load.gain_figures import Task, measure
from tests.load.gain_rows import Country, Size, fill

PAIRS, ROOMS, ANSWERED = 300, 12, 100


def table(house: House, country: Country, breakdown: Breakdown) -> OutsideTable:
    with house.unit(writes=False) as work:
        return gains.read_table(
            work,
            country.organisation_id,
            country.form_id,
            Choice(country="PK", breakdown=breakdown),
        )


def test_a_made_up_country_is_counted_released_and_reported_as_it_is(
    house: House, tmp_path: Path
) -> None:
    country = fill(house, Size(PAIRS, ROOMS, ANSWERED))
    people = rows(
        house,
        "SELECT p.sex, p.province, x.units AS pre, y.units AS post FROM participants p "
        "JOIN sittings x ON x.participant_id = p.id AND x.id LIKE '%pr' "
        "JOIN sittings y ON y.participant_id = p.id AND y.id LIKE '%po'",
    )
    assert len(people) == PAIRS
    assert_answers_are_the_scores(house)

    figures = measure(Task(house.settings.database, str(tmp_path), *vars(country).values()))

    assert set(figures.report_seconds) == {"whole", "sex", "province"}
    with house.unit(writes=True) as work:
        assert rollups.check_all(work) == rollups.RollupCheck(rooms=ROOMS, sealed=0, differences=())
        assert check_releases(work).differences == ()
        shape = rollups.shape_of(work, country.form_id)
        most = banks.require_form(work, country.form_id).max_units
    assert aggregate(house.engine, shape)[1:] == tuple(
        rows(house, f"SELECT count(*) AS n FROM {name}")[0]["n"]
        for name in ("group_rollups", "response_rollups")
    )
    whole = table(house, country, Breakdown.WHOLE).whole
    assert whole.workshops == ROOMS
    assert_is_arithmetic(whole, people, most)
    told = 0
    for breakdown, column in ((Breakdown.SEX, "sex"), (Breakdown.PROVINCE, "province")):
        for row in table(house, country, breakdown).rows:
            if row.workshops == ROOMS:
                told += 1
                own = [each for each in people if (each[column] or "not_said") == row.value]
                assert_is_arithmetic(row, own, most)
    assert told


def assert_answers_are_the_scores(house: House) -> None:
    """20 answers of 1 point at most each, and their points are the sitting's."""
    found = rows(
        house,
        "SELECT s.units, count(*) AS n, sum(r.units) AS total FROM responses r "
        "JOIN sittings s ON s.id = r.sitting_id GROUP BY s.id, s.units",
    )
    assert len(found) == 2 * ANSWERED
    assert all((each["n"], each["total"]) == (20, each["units"]) for each in found)
    assert all(each["units"] % UNITS_PER_POINT == 0 for each in found)


def assert_is_arithmetic(row: Any, people: list[dict[str, Any]], most: int) -> None:
    """n, both means and the gain, by hand; from 200 pairs on with one decimal."""
    figures, n = row.figures, len(people)
    before, after = (
        100 * sum(each[name] for each in people) / n / most for name in ("pre", "post")
    )
    assert figures.paired == n
    half = 0.05 if n >= 200 else 0.5
    for told, counted in (
        (figures.pre_percent, before),
        (figures.post_percent, after),
        (figures.gain_pp, after - before),
    ):
        assert abs(float(told.value) - counted) <= half + 1e-9
