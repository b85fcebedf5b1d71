"""Questions over all workshops and forms: one computation, from released bundles alone."""

import csv
import io
import json
from collections.abc import Sequence

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.adapters.migrating import move_schema
from app.gains import service as gains
from app.gains.cells import Person
from app.gains.release_checks import check_releases
from app.reports import item_report
from app.reports.item_report import ItemLine
from app.web.house import House
from tests.fixtures.final_rooms import a_final_workshop, a_pair, people, release
from tests.fixtures.house import a_staff_member, bearer_of, sign_in
from tests.fixtures.loop import rows
from tests.fixtures.page_client import PageClient, another_browser


def lines(house: House, evaluator: StaffPerson) -> dict[str, ItemLine]:
    with house.unit(writes=False) as work:
        return {each.version.ref: each for each in item_report.list_items(work, evaluator)}


def told(house: House, evaluator: StaffPerson) -> list[ItemLine]:
    return [each for each in lines(house, evaluator).values() if each.figures.paired]


def some(n: int) -> Sequence[Person]:
    """From 0 to 9 points before, up to three more after: every question is missed by some."""
    return [a_pair(k % 8, min(10, k % 8 + k % 3), "man") for k in range(n)]


def test_questions_are_told_from_released_workshops_and_from_nothing_else(
    house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    a_final_workshop(house, amal, some(24))
    assert told(house, dina) == []
    release(house)
    first = told(house, dina)
    assert [each.figures.paired for each in first] == [24] * 10
    small = a_final_workshop(house, amal, some(6))  # waits for company: nothing moves
    release(house)
    assert [each.figures for each in told(house, dina)] == [each.figures for each in first]
    a_final_workshop(house, amal, some(30), province=small.province)
    release(house)
    assert {each.figures.paired for each in told(house, dina)} == {54}


def test_one_form_is_told_as_its_transitions_and_choices_were(
    house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    a_final_workshop(house, amal, some(200))
    release(house)
    for line in told(house, dina):
        figures = line.figures
        sql = "SELECT retained, lost FROM released_items WHERE item = :item"
        (counts,) = rows(house, sql, item=figures.forms[0].item)
        assert figures.evidence.value == "firm"
        if figures.right_before.extreme is None:
            share = (counts["retained"] + counts["lost"]) / 2
            assert float(figures.right_before.value or 0) == pytest.approx(share, abs=0.05)
        keys = [each for each in figures.options if each.is_key]
        if len(keys) == 1:
            assert keys[0].before == figures.right_before
            assert keys[0].after == figures.right_after
        moves = (figures.retained, figures.learned, figures.lost, figures.not_learned)
        exact = [each.value for each in moves if each.value is not None and not each.extreme]
        assert len(exact) in (0, 4)
        assert figures.do_not_know_before.extreme is not None  # nobody said so: only a limit


def test_one_workshop_on_one_form_is_judged_as_its_own_team_sees_it(
    house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    workshop = a_final_workshop(house, amal, some(60))
    release(house)
    with house.unit(writes=False) as work:
        own = gains.read_results(work, workshop, gains.Audience.TEAM, threshold=10)
    by_item = {each.item: each for each in own.items}
    for line in told(house, dina):
        figures, team = line.figures, by_item[line.figures.forms[0].item]
        assert figures.flags == team.flags
        assert figures.forms[0].rest_r == team.rest_r
        assert (figures.evidence, figures.paired) == (team.evidence, 60)
        if figures.change.value is not None:
            assert figures.change == team.change
    assert any(line.figures.flags for line in told(house, dina))
    assert not all("check_key" in line.figures.flags for line in told(house, dina))


def test_page_api_and_files_say_the_same(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    a_final_workshop(house, amal, some(120))
    release(house)
    expected = told(house, dina)
    bearer = bearer_of(house, dina)
    sent = client.get("/api/v1/reports/items", headers=bearer).json()
    told_by_api = [each for each in sent if each["figures"]["paired"]]
    file = client.get("/api/v1/reports/items/items.csv", headers=bearer).content.decode("utf-8-sig")
    by_file = {row["item_version"]: row for row in csv.DictReader(io.StringIO(file))}
    browser = another_browser(client)
    sign_in(browser, house, dina)
    page = PageClient(browser, house).get("/evaluator/items")
    assert {each["code"] for each in told_by_api} == {each.version.code for each in expected}
    for line in expected:
        (one,) = [each for each in told_by_api if each["code"] == line.version.code]
        after, sign = line.figures.right_after, {"at_most": "<=", "at_least": ">=", None: ""}
        assert one["figures"]["right_after"]["value"] == str(after.value)
        assert by_file[line.version.code]["right_after_percent"] == (
            f"{sign[after.extreme.value if after.extreme else None]}{after.value}"
        )
        assert f"{after.value}%" in page.main
        detail = client.get(f"/api/v1/reports/items/{line.version.code}", headers=bearer).json()
        assert detail == one
    with_flags = [bool(each["figures"]["flags"]) for each in sent]
    assert with_flags == sorted(with_flags, reverse=True)
    events = rows(house, "SELECT facts FROM audit_events WHERE verb = 'export_items'")
    assert [json.loads(each["facts"])["table"] for each in events] == ["items"]


def test_another_organisation_sees_nothing_of_it(
    house: House, amal: StaffPerson, dina: StaffPerson, basma: StaffPerson
) -> None:
    a_final_workshop(house, amal, people(12))
    release(house)
    assert told(house, basma) == []
    stranger = a_staff_member(house, "eva-2", Role.EVALUATOR)
    assert (len(told(house, stranger)) > 0) == (stranger.organisation_id == dina.organisation_id)


def test_answers_of_released_bundles_are_checked_and_rebuilt_by_the_migration(
    house: House, amal: StaffPerson
) -> None:
    a_final_workshop(house, amal, some(24))
    release(house)
    before = rows(house, "SELECT * FROM released_answers ORDER BY item, occasion, chosen")
    assert before
    house.engine.dispose()
    move_schema(house.settings.database, to="0019", drops_rows=True)
    move_schema(house.settings.database, to="head", drops_rows=False)
    assert rows(house, "SELECT * FROM released_answers ORDER BY item, occasion, chosen") == before
    with house.unit(writes=False) as work:
        assert check_releases(work).differences == ()
