"""Downloads that are written into the audit log: they keep nobody waiting, and none is unlogged."""

import threading

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.web.deps import AuditedWork
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import a_staff_member, a_workshop, bearer_of, open_test
from tests.fixtures.loop import a_program, an_operation, at_once, change, rows

LINES = "SELECT verb FROM audit_events WHERE verb = 'export_csv'"


def test_a_download_in_the_making_keeps_nobody_from_saving(
    application: FastAPI, client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal)
    open_test(house, room, Occasion.PRE, amal)
    program = a_program(client, room.cards[0])
    sitting = program.start()
    is_making, is_saved = threading.Event(), threading.Event()

    @application.get("/slow-download")
    def download(work: AuditedWork) -> None:
        accounts.find_organisations(work)
        accounts.record_event(
            work, by=amal, verb="export_csv", object_kind="organisation", object_id="one"
        )
        is_making.set()
        assert is_saved.wait(10)

    def save() -> None:
        assert is_making.wait(10)
        told = program.send(sitting, an_operation("1", "1", "a"))
        assert told.json()["acknowledged"] == ["operation-1"]
        joined = client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[1].token})
        assert joined.status_code == 303
        is_saved.set()

    assert at_once(lambda: client.get("/slow-download").status_code, save) == [200, None]
    assert rows(house, LINES) == [{"verb": "export_csv"}]


def test_a_download_that_fails_is_not_logged(
    application: FastAPI, client: TestClient, house: House, amal: StaffPerson
) -> None:
    @application.get("/failing-download")
    def download(work: AuditedWork) -> None:
        accounts.record_event(
            work, by=amal, verb="export_csv", object_kind="organisation", object_id="one"
        )
        raise ZeroDivisionError

    assert client.get("/failing-download").status_code == 500
    assert rows(house, LINES) == []


def test_nothing_is_downloaded_that_cannot_be_logged(client: TestClient, house: House) -> None:
    evaluator = a_staff_member(house, "eva", Role.EVALUATOR)
    headers = bearer_of(house, evaluator)
    address = "/api/v1/reports/gains.csv"
    assert client.get(address, headers=headers).status_code == 200
    assert len(rows(house, LINES)) == 1

    change(house, "ALTER TABLE audit_events RENAME TO audit_events_lost")
    refused = client.get(address, headers=headers)
    change(house, "ALTER TABLE audit_events_lost RENAME TO audit_events")

    assert refused.status_code >= 500
    assert "workshop" not in refused.text
    assert len(rows(house, LINES)) == 1
