"""What nobody may find: names, answers and tokens in files, in logs, in columns."""

import io
import logging
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.logs import set_up_logs
from app.certificates import service as certificates
from app.core.errors import KeyDestroyed
from app.main import create_app, settle_once
from app.participants import service as participants
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import (
    API,
    Program,
    a_program,
    an_operation,
    change,
    everything_stored,
    rows,
)
from tests.fixtures.page_client import PageClient, another_browser

LOCAL, LATIN = "فرخندہ یوسفزئی", "Farkhunda Yusufzai"
SAID = "میرے تھانے میں کوئی نہیں پوچھتا"
PERSONAL = {"participant_id", "card_id", "units", "sex", "agency_type", "years", "answers"}


class Loop:
    """One participant goes through a whole workshop; a name, an opinion, a certificate."""

    def __init__(self, client: TestClient, house: House, trainer: StaffPerson) -> None:
        self.client = client
        self.house = house
        self.trainer = trainer
        self.room: Room = a_workshop(house, trainer, people=3)
        self.headers = bearer_of(house, trainer)
        self.path = f"{API}/workshops/{self.room.workshop.id}"
        self.person: Program = a_program(client, self.room.cards[0])
        self.ticket = ""
        self.number = ""

    def take_tests(self) -> None:
        """Both tests, with a mistake in each, and the questionnaire."""
        for occasion in (Occasion.PRE, Occasion.POST):
            open_test(self.house, self.room, occasion, self.trainer)
            sitting = self.person.start()
            self.person.send(sitting, an_operation("1", "1", "a"), an_operation("2", "2", "z"))
            self.person.send(sitting, an_operation("1", "1", "b"))
            self.person.finish(sitting)
            if occasion is Occasion.POST:
                self.ticket = self.person.post("/me/questionnaire-ticket").json()["ticket"]
                sheet = {"ticket": self.ticket, "answers": [{"item": "5", "text": SAID}]}
                assert self.client.post(f"{API}/questionnaires", json=sheet).status_code == 204
            close_test(self.house, self.room, occasion, self.trainer)
        sent = {"sex": "woman", "agency_type": "police", "province": "PK-KP", "years": "3-5"}
        assert self.person.post("/me/profile", **sent).status_code == 204

    def certify(self) -> None:
        """Attendance, name, certificate, and a look at it."""
        sent = {"number": self.room.cards[0].card.number, "day": "2026-11-22"}
        self.client.post(f"{self.path}/attendance", json=sent, headers=self.headers)
        assert self.person.post("/me/name", local=LOCAL, latin=LATIN).status_code == 204
        issued = self.client.post(f"{self.path}/certificates", headers=self.headers)
        assert issued.json() == {"issued": 1, "left": 0}
        self.number = self.person.get("/me/certificate").json()["number"]
        self.client.post(f"{API}/certificates/{self.number}/name-check", json={"name": LATIN})

    def read_pages(self) -> None:
        """The trainer's pages, with and without what is asked for."""
        browser = PageClient(another_browser(self.client), self.house)
        sign_in(browser.client, self.house, self.trainer)
        for page in ("", "/cards", "/attendance", "/results", "/certificates", "/missing"):
            browser.client.get(f"/trainer/workshops/{self.room.workshop.id}{page}")
        browser.client.get(f"/j/{self.room.workshop.join_code}/{self.room.cards[0].card.number}")
        browser.client.post("/join", data={"code": self.room.workshop.join_code[::-1]})


def test_names_and_tokens_stand_nowhere_in_the_clear(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    loop = Loop(client, house, amal)
    loop.take_tests()
    loop.certify()
    kept = everything_stored(house)
    names = [LOCAL, LATIN, LATIN.lower(), LATIN.upper(), "Yusufzai", "یوسفزئی"]
    tokens = [loop.ticket, loop.person.token, loop.headers["Authorization"].removeprefix("Bearer ")]
    for secret in names + tokens:
        assert secret.encode() not in kept, secret
        assert secret.encode("utf-16-le") not in kept, secret
    assert loop.number.encode() in kept


def test_a_name_that_was_corrected_or_unconfirmed_leaves_no_trace(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    loop = Loop(client, house, amal)
    loop.certify()
    sealed = rows(house, "SELECT sealed_name FROM certificates")[0]["sealed_name"]
    path = f"{loop.path}/certificates/{loop.number}/supersede"
    sent = {"latin": "Farkhunda Khan", "reason": "A slip"}
    assert loop.client.post(path, json=sent, headers=loop.headers).status_code == 200
    assert bytes(sealed) != bytes(
        rows(house, "SELECT sealed_name FROM certificates")[0]["sealed_name"]
    )
    events = rows(house, "SELECT facts FROM audit_events") + rows(
        house, "SELECT reason AS facts FROM certificate_events"
    )
    assert not any("Farkhunda" in row["facts"] for row in events)


def test_destroying_the_workshops_key_ends_the_names_and_not_the_verification(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    loop = Loop(client, house, amal)
    loop.certify()
    card = loop.room.cards[0].card
    house.keys.destroy(participants.workshop_key(loop.room.workshop.id))
    with house.unit(writes=False) as work:
        assert read_name(work, card) is None
        (holder,) = certificates.find_holders(work, loop.room.workshop)
    assert (holder.name_local, holder.name_latin) == ("", "")
    told = client.post(f"{API}/certificates/{loop.number}/name-check", json={"name": LATIN}).json()
    assert (told["status"], told["name_match"]) == ("genuine", "match")
    wrong = client.post(f"{API}/certificates/{loop.number}/name-check", json={"name": "Ghada"})
    assert wrong.json()["name_match"] == "no_match"
    again = loop.person.post("/me/name", latin=LATIN)
    assert (again.status_code, again.json()["code"]) == (410, "key_destroyed")
    assert not list(house.settings.keys.glob(f"*{loop.room.workshop.id}.key"))


def read_name(work: Any, card: Any) -> Any:
    try:
        return participants.get_name(work, card)
    except KeyDestroyed:
        return None


def test_keys_lie_in_folders_that_nobody_else_may_read(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    Loop(client, house, amal).certify()
    for folder in (house.settings.keys, house.settings.key_backup):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        files = sorted(folder.glob("*.key"))
        assert len(files) == 2  # the service's and the workshop's
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert {len(file.read_bytes()) for file in files} == {32}
    kept = everything_stored(house)
    for file in house.settings.keys.glob("*.key"):
        assert file.read_bytes() not in kept
        assert file.read_bytes().hex().encode() not in kept


def test_names_and_answers_share_no_table_and_no_key(house: House) -> None:
    found = inspect(house.engine)
    columns = {
        table: {column["name"] for column in found.get_columns(table)}
        for table in found.get_table_names()
    }
    assert columns["identities"] == {"person_key", "workshop_id", "sealed_name", "is_confirmed"}
    for table in ("identities", "certificates", "certificate_events", "questionnaire_tickets",
                  "questionnaire_rounds", "sealed_sheets"):  # fmt: skip
        assert columns[table] & PERSONAL == set(), table
        targets = {each["referred_table"] for each in found.get_foreign_keys(table)}
        assert targets <= {"workshops", "forms", "certificates", "staff"}
    with_names = {table for table, names in columns.items() if names & {"sealed_name", "name"}}
    of_things = {"organisations", "programmes", "kept_files"}  # a file's name: report.pdf
    assert with_names == {"identities", "certificates"} | of_things


@contextmanager
def the_log() -> Iterator[io.StringIO]:
    """What the service writes to its error stream meanwhile, set up as in service."""
    with redirect_stderr(io.StringIO()) as stream:
        set_up_logs()
        yield stream


def test_the_log_of_a_whole_loop_holds_no_name_no_code_and_no_answer(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    loop = Loop(client, house, amal)
    with the_log() as log:
        loop.take_tests()
        loop.certify()
        loop.read_pages()
        clock.advance(timedelta(hours=25))
        settle_once(house)
    assert find_secrets(loop, log.getvalue()) == []


def find_secrets(loop: Loop, log: str) -> list[str]:
    card = loop.room.cards[0]
    words = [
        LOCAL, LATIN, SAID, card.token, loop.person.token, loop.ticket,
        loop.headers["Authorization"], loop.trainer.display_name, "options", "sealed_name",
    ]  # fmt: skip
    codes = [loop.room.workshop.join_code, card.card.number]
    found = [code for code in codes if re.search(rf"(?<!\d){code}(?!\d)", log)]
    return found + [word for word in words if word in log]


REFUSE_ALL = {
    "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'refused'); END",
    "postgres": "ALTER TABLE {table} ADD CONSTRAINT refuse CHECK ({column} = 'nothing') NOT VALID",
}


def test_a_row_that_the_database_refuses_is_logged_without_what_stands_in_it(
    client: TestClient, house: House, amal: StaffPerson, database_kind: str
) -> None:
    loop = Loop(client, house, amal)
    open_test(house, loop.room, Occasion.PRE, amal)
    sitting = loop.person.start()
    for table, column in (("sitting_operations", "item"), ("cards", "number")):
        change(house, REFUSE_ALL[database_kind].format(table=table, column=column))
        with the_log() as log:
            if table == "cards":
                path = f"{loop.path}/cards"
                answer = client.post(path, json={"count": 5}, headers=loop.headers)
            else:
                answer = loop.person.send(sitting, an_operation("refused", "1", "a"))
        assert answer.status_code == 500
        assert answer.json()["code"] == "unexpected"
        assert answer.json()["reference"] in log.getvalue()
        for secret in ("options", "operation-refused", "Failing row", "[parameters"):
            assert secret not in log.getvalue(), secret
        change(house, drop_of(database_kind, table))


def drop_of(database_kind: str, table: str) -> str:
    if database_kind == "sqlite":
        return "DROP TRIGGER refuse"
    return f"ALTER TABLE {table} DROP CONSTRAINT refuse"


def test_the_framework_reports_to_nobody_whatever_the_environment_asks_for(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with caplog.at_level(logging.WARNING), TestClient(create_app(house.settings)) as client:
        assert client.get("/about").status_code == 200
    assert [each for each in caplog.records if each.name.startswith("fastapi")] == []
