"""The audit log: who saw names, in words, by kind, person and day, a page at a time, as a file."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.web.event_words import DEEDS, GROUPS
from app.web.house import House
from tests.fixtures.house import FakeClock, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import PageClient, another_browser

NAME = "Synthetic Canary Person"


@pytest.fixture
def office(client: TestClient, house: House, admin: StaffPerson) -> PageClient:
    """The admin's browser."""
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, admin)
    return browser


def do(house: House, by: StaffPerson | None, verb: str, object_id: str = "thing") -> None:
    with house.unit(writes=True) as work:
        accounts.record_event(
            work, by=by, verb=verb, object_kind="workshop", object_id=object_id, rows=7
        )


def deeds_of(page: PageClient, query: str = "") -> list[str]:
    shown = page.get(f"/admin/log{query}")
    cells = re.findall(r"<tr><td.*?</td><td>.*?</td><td>(.*?)</td>", shown.text)
    return [re.sub(r"<[^>]+>", "", each) for each in cells]


def test_who_looks_at_names_stands_in_the_log_once_a_day(
    client: TestClient, house: House, amal: StaffPerson, office: PageClient, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=1)
    trainer = PageClient(another_browser(client), house)
    sign_in(trainer.client, house, amal)
    here = f"/trainer/workshops/{room.workshop.id}"
    for _ in range(2):
        for page in ("people", "attendance", "certificates"):
            trainer.get(f"{here}/{page}")
    for page in ("", "/results", "/cards"):  # no name stands there
        trainer.get(f"{here}{page}")
    seen = "SELECT staff_id, object_id FROM audit_events WHERE verb = 'see_names'"
    assert rows(house, seen) == [{"staff_id": amal.id, "object_id": room.workshop.id}]
    clock.advance(timedelta(days=1))
    sign_in(trainer.client, house, amal)
    trainer.get(f"{here}/people")
    assert len(rows(house, seen)) == 2
    sign_in(office.client, house, office_admin(house))
    shown = office.get("/admin/log?what=names")
    assert shown.text.count("<td>saw names</td>") == 2


def office_admin(house: House) -> StaffPerson:
    with house.unit(writes=False) as work:
        found = accounts.get_staff_by_login(work, "admin")
    assert found is not None
    return found


@pytest.mark.sqlite_only
def test_lines_are_found_by_kind_person_and_day(
    house: House, amal: StaffPerson, dina: StaffPerson, office: PageClient, clock: FakeClock
) -> None:
    do(house, amal, "reopen")
    do(house, dina, "export_pooled")
    clock.advance(timedelta(days=1))
    sign_in(office.client, house, office_admin(house))
    do(house, dina, "keep_report")
    reopened, pooled = "opened the test again", "downloaded tables over several workshops"
    kept = "kept a report"
    assert deeds_of(office, "?what=tests") == [reopened]
    assert deeds_of(office, "?what=downloads") == [pooled]
    assert deeds_of(office, f"?who={dina.id}") == [kept, pooled]
    assert deeds_of(office, f"?who={dina.id}&since=2026-11-23") == [kept]
    assert deeds_of(office, f"?who={dina.id}&until=2026-11-22") == [pooled]
    assert deeds_of(office, f"?who={dina.id}&until=۲۰۲۶-۱۱-۲۲") == [pooled]
    assert "rows: <bdi" in office.get(f"/admin/log?who={dina.id}").text
    for wrong in ("since=yesterday", "until=2026-13-01", "what=secrets"):
        assert office.client.get(f"/admin/log?{wrong}").status_code == 422, wrong


@pytest.mark.sqlite_only
def test_lines_come_fifty_a_page_each_once(
    client: TestClient, house: House, admin: StaffPerson, dina: StaffPerson, office: PageClient
) -> None:
    for _ in range(117):
        do(house, dina, "export_csv")
    query, seen = f"?who={dina.id}", []
    while query:
        page = office.get(f"/admin/log{query}")
        seen.append(page.text.count("<td>downloaded the report</td>"))
        older = re.findall(r'href="/admin/log(\?[^"]*before=\d+)"', page.text)
        query = older[0].replace("&amp;", "&") if older else ""
    assert seen == [50, 50, 17]
    headers, before, ids = bearer_of(house, admin), 0, []
    while before is not None:
        told = client.get(
            f"{API}/audit-log", headers=headers, params={"who": dina.id, "before": before}
        ).json()
        ids += [line["id"] for line in told["lines"]]
        before = told["older"]
    assert len(ids) == len(set(ids)) == 117
    assert ids == sorted(ids, reverse=True)


@pytest.mark.sqlite_only
def test_other_organisations_lines_are_not_shown_and_commands_are(
    house: House, amal: StaffPerson, basma: StaffPerson, office: PageClient
) -> None:
    own, foreign = (a_workshop(house, each, people=0).workshop.id for each in (amal, basma))
    do(house, basma, "reopen", foreign)
    do(house, None, "forget_names", own)
    do(house, None, "forget_names", foreign)
    shown = office.get("/admin/log")
    assert foreign[:8] not in shown.text
    assert shown.text.count("<td>ended the names</td>") == 1
    assert "a command on the server" in shown.text


@pytest.mark.sqlite_only
def test_the_file_holds_the_same_lines_guarded_and_its_download_is_logged(
    house: House, admin: StaffPerson, dina: StaffPerson, office: PageClient, clock: FakeClock
) -> None:
    with house.unit(writes=True) as work:
        accounts.rename_staff(work, dina, display_name="=1+1", login="dina")
    do(house, dina, "export_csv")
    told = office.client.get(f"/admin/log.csv?who={dina.id}")
    assert told.headers["content-type"] == "text/csv; charset=utf-8"
    header, line = told.content.decode("utf-8-sig").splitlines()
    assert header == "when_utc,who,deed,what,kind,object,facts"
    assert line.startswith("2026-11-22T06:00:00Z,'=1+1,export_csv,downloaded the report,workshop,")
    assert deeds_of(office, "?what=names")[0] == "downloaded this log"
    with house.unit(writes=True) as work:
        accounts.set_password(work, admin, "vier einfache Wörter hier")
    sign_in(office.client, house, admin)
    clock.advance(timedelta(minutes=11))
    chosen = f"/admin/log.csv?who={dina.id}&since=2026-11-01"
    again = office.get(office.client.get(chosen).headers["location"])
    assert again.fields("/staff/again")["next"] == chosen  # the choice, not the whole log


@pytest.mark.sqlite_only
def test_a_day_that_is_none_or_has_none_after_it_is_refused_with_a_sentence(
    client: TestClient, house: House, admin: StaffPerson, office: PageClient
) -> None:
    headers = bearer_of(house, admin)
    for until in ("9999-12-31", "2026-02-30", "soon"):
        told = client.get(f"{API}/audit-log", headers=headers, params={"until": until})
        assert (told.status_code, told.json()["field"]) == (422, "until"), until
        office.get(f"/admin/log?until={until}", status=422)
    assert client.get(f"{API}/audit-log?until=9999-12-30", headers=headers).status_code == 200


def test_every_deed_of_a_group_is_in_the_words() -> None:
    assert [verb for _, verbs in GROUPS.values() for verb in verbs if verb not in DEEDS] == []
