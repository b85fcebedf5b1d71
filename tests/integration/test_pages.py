"""Every page of every reader, in English and Urdu, in each state of a workshop's day."""

import random
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.routing import Route
from starlette.testclient import TestClient

from app.accounts import loans, sign_ins
from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.certificates import service as certificates
from app.feedback import service as feedback
from app.participants import service as participants
from app.reports.keeping import keep_documents
from app.upkeep.synthetic import fill_questionnaire
from app.web.house import House
from app.workshops.schemas import Occasion, WorkshopState
from app.workshops.service import end_workshop
from tests.fixtures.documents import a_document
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_staff_member,
    a_workshop,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import change, join, rows, take
from tests.fixtures.page_client import PageClient, another_browser, known_messages

STATIC = Path(__file__).parent.parent.parent / "app" / "web" / "static"
LANGUAGES = ("en", "ur")
ANYONE = (
    "/", "/help", "/methods", "/privacy", "/accessibility", "/about", "/docs", "/v", "/v/{number}",
    "/v/{number}?edition=1", "/V/{number}", "/v/offline", "/v/12345678901",
    "/sign-in", "/sign-in?next=/trainer", "/one-time/{one_time}",
    "/one-time/spent", "/b", "/b?number=12", "/b/{loan}", "/b/000000000000",
    "/j/{code}", "/J/{code}", "/j/{code}/{card}", "/j/123456", "/nowhere", "/my/away",
)  # fmt: skip
PARTICIPANT = (
    "/my", "/my/consent", "/my/test", "/my/test/{version}", "/my/profile", "/my/questionnaire",
    "/my/result", "/my/name", "/my/kept", "/my/erase",
)  # fmt: skip
TRAINER = (
    "/staff", "/staff/devices",
    "/trainer", "/trainer/workshops/new", "/trainer/workshops/{workshop}/again",
    "/trainer/workshops/{workshop}",
    "/trainer/workshops/{workshop}/edit", "/trainer/workshops/{workshop}/cards",
    "/trainer/workshops/{workshop}/attendance", "/trainer/workshops/{workshop}/people",
    "/trainer/workshops/{workshop}/results", "/trainer/workshops/{workshop}/projector",
    "/trainer/workshops/{workshop}/teach",
    "/trainer/workshops/{workshop}/teach/wall", "/trainer/workshops/{workshop}/teach/items/1",
    "/trainer/workshops/{workshop}/teach/items/1/wall",
    "/trainer/workshops/{workshop}/administrations/pre/close",
    "/trainer/workshops/{workshop}/certificates", "/trainer/workshops/{workshop}/rescue",
    "/trainer/workshops/{workshop}/certificates/{number}",
    "/trainer/workshops/{workshop}/paper", "/trainer/workshops/{workshop}/erase",
    "/trainer/workshops/{workshop}/read-aloud",
    "/trainer/workshops/missing", "/viewer",
)  # fmt: skip
EVALUATOR = (
    "/staff", "/evaluator", "/evaluator/workshops/{workshop}", "/viewer", "/admin", "/trainer",
    "/evaluator/pooled", "/evaluator/pooled?by=sex", "/evaluator/pooled?period=1999",
    "/viewer/{kept}", "/evaluator/tokens", "/evaluator/file",
    "/evaluator/rows", "/evaluator/ballots", "/evaluator/items", "/evaluator/items/missing",
)  # fmt: skip
ADMIN = (
    "/staff", "/staff/sign-in", "/staff/again", "/admin/staff/{person}", "/admin/log",
    "/admin/log?what=names", "/admin", "/admin/banks", "/admin/logos", "/admin/ballots",
    "/admin/forms/{form}", "/evaluator", "/viewer", "/trainer",
)  # fmt: skip
NO_PAGES = {
    "/admin/logos/{logo_id}.png", "/admin/banks/template.xlsx",
    "/admin/banks/{bank}/bank.xlsx", "/admin/banks/{bank}/translation.xlsx",
    "/admin/banks/{bank}/bank.gift", "/admin/banks/{bank}/bank.xml", "/admin/log.csv",
    "/evaluator/report.csv", "/evaluator/pooled/{file}", "/evaluator/items/{table}.csv",
    "/viewer/{kept_id}/{file}", "/evaluator/pooled/charts/{chart}.{kind}",
    "/viewer/{kept_id}/charts/{chart}.{kind}", "/evaluator/workshops/{workshop_id}/{table}.csv",
    "/trainer/workshops/{workshop_id}/results/{table}.csv",
    "/trainer/workshops/{workshop_id}/results/report.pdf",
    "/evaluator/workshops/{workshop_id}/report.pdf",
    "/trainer/workshops/{workshop_id}/results/charts/{chart}.{kind}",
    "/evaluator/workshops/{workshop_id}/charts/{chart}.{kind}",
    "/trainer/workshops/{workshop_id}/progress", "/health", "/healthz", "/readyz",
    "/trainer/workshops/{workshop_id}/projector/live", "/my/live", "/my/worker.js", "/v/worker.js",
    "/my/certificate.pdf", "/my/certificate.png", "/my/kept.json",
    "/trainer/workshops/{workshop_id}/certificates.zip",
    "/trainer/workshops/{workshop_id}/certificates/{number}.pdf", "/static/nastaliq.woff2",
    "/static/naskh-{weight}.ttf", "/trainer/workshops/{workshop_id}/cards.pdf",
    "/trainer/workshops/{workshop_id}/poster.pdf",
    "/trainer/workshops/{workshop_id}/room-sheet.pdf",
    "/trainer/workshops/{workshop_id}/paper-test.pdf",
    "/trainer/workshops/{workshop_id}/read-aloud/state",
}  # fmt: skip


class Visitors:
    """One browser for each kind of reader and language."""

    def __init__(self, started: TestClient, house: House, trainer: StaffPerson) -> None:
        self.house = house
        self.started = started
        people = {
            "trainer": trainer,
            "evaluator": a_staff_member(house, "dina-2", Role.EVALUATOR),
            "admin": a_staff_member(house, "admin-2", Role.ADMIN),
            "anyone": None,
        }
        self.browsers = {
            (name, language): self._browser(staff, language)
            for name, staff in people.items()
            for language in LANGUAGES
        }
        self.admin = people["admin"]

    def _browser(self, staff: StaffPerson | None, language: str) -> PageClient:
        client = another_browser(self.started)
        if staff is not None:
            sign_in(client, self.house, staff)
        return PageClient(client, self.house, language)

    def add_participant(self, name: str, room: Room, person: int) -> None:
        """Phones of one participant, one in each language."""
        for language in LANGUAGES:
            client = another_browser(self.started)
            sent = {"token": room.cards[person].token, "language": language}
            assert client.post(f"/j/{room.workshop.join_code}", data=sent).status_code == 303
            self.browsers[name, language] = PageClient(client, self.house, language)

    def look_everywhere(self, room: Room, *, are_all: bool = False) -> dict[str, int]:
        """Visit every page of participants and trainer, or of everybody.

        Returns the statuses in English by reader and address.
        """
        places = self._places(room)
        seen = {}
        for (name, language), browser in self.browsers.items():
            is_outside = name in ("anyone", "evaluator", "admin")
            for address in _addresses_of(name):
                is_slow = address.endswith("/cards")  # a QR for each card
                if not are_all and (is_outside or is_slow):
                    continue
                status = browser.look(address.format(**places))
                if language == "en":
                    seen[f"{name} {address}"] = status
        return seen

    def _places(self, room: Room) -> dict[str, str]:
        numbers = rows(self.house, "SELECT number FROM certificates ORDER BY number LIMIT 1")
        with self.house.unit(writes=True) as work:
            assert self.admin is not None
            one_time = accounts.make_one_time_link(work, self.admin)
            token = sign_ins.start_sign_in(work, self.admin, self.house.sign_in_rules)
            lender = sign_ins.get_sign_in(work, token, self.house.sign_in_rules)
            assert lender is not None
            loan = loans.lend(work, lender)
            kept = keep_documents(work, [a_document(each) for each in LANGUAGES], by=self.admin)
        return {
            "form": room.workshop.form_id,
            "workshop": room.workshop.id,
            "code": room.workshop.join_code,
            "version": "newest",
            "card": room.cards[0].card.number if room.cards else "1234",
            "number": numbers[0]["number"] if numbers else "00000000000",
            "one_time": one_time,
            "loan": loan,
            "kept": kept,
            "person": self.admin.id,
        }


def _addresses_of(name: str) -> tuple[str, ...]:
    staff = {"trainer": TRAINER, "evaluator": EVALUATOR, "admin": ADMIN, "anyone": ANYONE}
    return staff.get(name, PARTICIPANT)


def test_every_page_has_its_place_in_the_table_of_this_file(application: FastAPI) -> None:
    known = {*ANYONE, *PARTICIPANT, *TRAINER, *EVALUATOR, *ADMIN}
    known = {path.partition("?")[0] for path in known}
    routes = [each for each in walk(application.routes) if "GET" in (each.methods or set())]
    pages = [each for each in routes if not each.path.startswith("/api/")]
    assert len(pages) > 30
    left_out = {
        each.path
        for each in pages
        if each.path not in NO_PAGES and not any(each.path_regex.match(path) for path in known)
    }
    assert left_out == set()


def walk(routes: Any) -> list[Route]:
    """The routes, also those of included routers, without the API's."""
    found: list[Route] = []
    for each in routes:
        if not hasattr(each, "original_router"):
            found += [each] * isinstance(each, Route)
        elif each.include_context.prefix != "/api/v1":
            found += walk(each.original_router.routes)
    return found


def test_the_empty_service_has_a_page_for_everybody(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    visitors = Visitors(client, house, amal)
    for (name, _), browser in visitors.browsers.items():
        for path in _addresses_of(name):
            if "{" not in path:
                browser.look(path)
    trainer, evaluator = visitors.browsers["trainer", "en"], visitors.browsers["evaluator", "en"]
    assert "No workshop yet." in trainer.get("/trainer").main
    assert evaluator.get("/evaluator").find("tr") == []


def test_all_pages_hold_before_and_during_the_pre_test(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    bare = a_workshop(house, amal, people=0)
    visitors = Visitors(client, house, amal)
    visitors.look_everywhere(bare, are_all=True)
    room = a_workshop(house, amal, people=4)
    visitors.add_participant("early", room, 0)
    assert visitors.look_everywhere(room)["early /my/consent"] == 200
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [3], is_sent=False)
    take(house, room, Occasion.PRE, [None, 5])
    join(house, room, 2, has_agreed=False)
    visitors.add_participant("finished", room, 1)
    visitors.add_participant("declined", room, 2)
    during = visitors.look_everywhere(room)
    assert during["early /my/test"] == 200
    assert during["finished /my/test"] == during["declined /my/test"] == 303
    assert during["finished /my/result"] == 409
    close_test(house, room, Occasion.PRE, amal, seconds=120)
    clock.advance(timedelta(seconds=30))
    page = visitors.browsers["early", "en"].get("/my/test")
    assert "The test closes in 1:30 minutes." in page.main
    visitors.look_everywhere(room)
    close_test(house, room, Occasion.PRE, amal)
    assert visitors.look_everywhere(room)["early /my/test"] == 303


def test_all_pages_hold_during_and_after_the_post_test_of_twelve_people(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=13)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, range(1, 13))
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [3, 5, 5, 8, 8, 9, 9, 12, 12, 13, 14, None, 9])
    visitors = Visitors(client, house, amal)
    visitors.add_participant("both", room, 0)
    visitors.add_participant("only-pre", room, 11)
    visitors.add_participant("only-post", room, 12)
    during = visitors.look_everywhere(room)
    assert during["both /my/questionnaire"] == during["both /my/result"] == 200
    assert during["only-pre /my/result"] == 409
    close_test(house, room, Occasion.POST, amal)
    visitors.look_everywhere(room, are_all=True)
    results = visitors.browsers["trainer", "en"].get(
        f"/trainer/workshops/{room.workshop.id}/results"
    )
    assert results.heading == "Knowledge rose from 30% to 45%"


def test_all_pages_hold_when_certificates_are_issued_and_the_workshop_is_put_away(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=6)
    open_test(house, room, Occasion.PRE, amal)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [5] * 6)
    finish_the_day(house, room, amal)
    visitors = Visitors(client, house, amal)
    visitors.add_participant("holder", room, 0)
    visitors.add_participant("attended", room, 1)
    after = visitors.look_everywhere(room, are_all=True)
    assert after["anyone /v/{number}"] == after["attended /my/name"] == 200
    with house.unit(writes=True) as work:
        end_workshop(work, room.workshop, WorkshopState.ARCHIVED, by=amal)
    assert visitors.look_everywhere(room, are_all=True)["anyone /j/{code}"] == 404


def finish_the_day(house: House, room: Room, by: StaffPerson) -> None:
    """Sheets and attendance of everybody, one certificate, everything closed."""
    with house.unit(writes=True) as work:
        for number, printed in enumerate(room.cards):
            phone, _ = participants.join_with_token(work, printed.token, language="en")
            fill_questionnaire(work, room.workshop, phone, random.Random(number))
            participants.tick_attendance(
                work, room.workshop, printed.card.number,
                day=room.workshop.starts_on, was_there=True, by=by,
            )  # fmt: skip
        card = room.cards[0].card
        participants.store_name(work, card, local="فرح", latin="Farah", is_confirmed=True)
        certificates.issue_certificate(work, room.workshop, card, by=by)
    close_test(house, room, Occasion.POST, by)
    with house.unit(writes=True) as work:
        feedback.close_round(work, room.workshop, by=by)


def test_error_pages_speak_the_readers_language_and_show_the_way_out(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    visitors = Visitors(client, house, amal)
    visitors.add_participant("early", room, 0)
    for name, path, status in (
        ("anyone", "/nowhere", 404),
        ("anyone", "/sign-out", 405),
        ("anyone", "/j/123456", 422),
        ("anyone", "/my", 401),
        ("anyone", "/one-time/spent", 410),
        ("trainer", "/admin", 403),
        ("trainer", "/trainer/workshops/missing", 404),
        ("early", "/my/result", 409),
    ):
        page = visitors.browsers[name, "ur"].get(path, status=status)
        assert next(page.tree.iter("html")).get("lang") == "ur"
        assert [each.get("href") for each in page.find("a", **{"class": "button primary"})] or (
            page.find("button", **{"class": "primary"})
        )
    anyone = visitors.browsers["anyone", "ur"]
    anyone.read(anyone.client.post("/join", data={"code": "1" * 70_000}), 413)


def test_a_broken_database_is_told_in_the_readers_language_and_nothing_of_it_is_shown(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = PageClient(another_browser(client), house, "ur")
    change(house, "ALTER TABLE phone_passes RENAME TO gone")
    answer = browser.client.get("/my", headers={"Cookie": "phone=anything"})
    assert answer.status_code in (500, 503)
    page = browser.read(answer, answer.status_code)
    assert "phone_passes" not in page.text
    assert "Traceback" not in page.text


def test_every_sentence_of_the_pages_has_its_urdu(house: House) -> None:
    assert "ur" in house.catalogues.languages
    missing = {
        message
        for message in known_messages()
        if re.search("[A-Za-z]{2}", message) and house.catalogues.count_missing("ur", {message})
    }
    assert missing == set()


def test_translations_keep_every_place_for_a_value(house: House) -> None:
    places = re.compile(r"%\(\w+\)s|\{\w+\}")
    for message in known_messages():
        translated = house.catalogues.translate("ur", message)
        assert sorted(places.findall(translated)) == sorted(places.findall(message)), message


def test_the_style_sheet_of_staff_knows_no_left_and_no_right() -> None:
    sheet = (STATIC / "staff.css").read_text(encoding="utf-8")
    assert re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*\s*[:;}]", sheet) == []


def test_the_style_sheet_of_participants_does_the_same_on_both_sides() -> None:
    sheet = (STATIC / "participant.css").read_text(encoding="utf-8")
    assert re.findall(r"(?:float|text-align|clear)\s*:\s*(?:left|right)", sheet) == []
    for rule in re.findall(r"\{([^{}]*)\}", sheet):
        sides = {
            side: sorted(re.findall(rf"([\w-]*)\b{side}\b([\w-]*\s*:[^;}}]*)", rule))
            for side in ("left", "right")
        }
        assert sides["left"] == sides["right"], rule


def test_participants_pages_ask_nothing_of_chromium_64_that_it_cannot_do() -> None:
    sheet = (STATIC / "participant.css").read_text(encoding="utf-8")
    newer = re.compile(r":has\(|:is\(|:where\(|(?<![\w-])(?:row-|column-)?gap\s*:|inset\s*:|@layer")
    assert newer.findall(sheet) == []
    script = (STATIC / "join.js").read_text(encoding="utf-8")
    assert re.findall(r"=>|\b(?:let|const|async|await)\b|`|\?\.", script) == []


def test_the_live_part_of_the_room_is_the_same_alone_and_on_the_page(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [2, 3])
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    page = browser.client.get(f"/trainer/workshops/{room.workshop.id}").text
    part = browser.client.get(f"/trainer/workshops/{room.workshop.id}/progress").text
    assert part.strip() in page
    assert 'Finished: <bdi dir="ltr">2</bdi> of <bdi dir="ltr">3</bdi>' in part
    assert "<html" not in part
