"""Checking a certificate: what is said first, to whom it is slow, and without a network."""

import json
import re
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.sealing import KeyFolder
from app.certificates.proof import public_key
from app.core.errors import TooManyTries
from app.web import patience
from app.web.house import House
from tests.fixtures.certificate_office import LATIN, LOCAL, Office, an_office
from tests.fixtures.certificates import a_document, a_paper
from tests.fixtures.house import BASE_URL, FakeClock, a_client
from tests.fixtures.loop import API, at_once, change
from tests.fixtures.page_client import Page, PageClient, another_browser
from tests.fixtures.server import run_app

UNKNOWN = "00000000000"


@pytest.fixture
def office(client: TestClient, house: House, amal: StaffPerson) -> Office:
    return an_office(client, house, amal)


@pytest.fixture
def anybody(client: TestClient, house: House) -> PageClient:
    return PageClient(another_browser(client), house)


def square_of(office: Office, number: str) -> str:
    """What a camera reads on the paper."""
    content = office.get(f"/certificates/{number}.pdf").content
    found = re.search(rb"http[^<>\s]+/v/[^<>\s]+#[0-9A-Z]+", content)
    assert found
    return found[0].decode()


def altered(square: str) -> str:
    """The same with another sign in what is signed."""
    return square[:-150] + ("0" if square[-150] != "0" else "1") + square[-149:]


def shown(page: Page) -> list[str]:
    """Which verdicts of the page without a network can be seen."""
    return [
        str(each.get("data-state"))
        for each in page.tree.iter("div")
        if each.get("data-state") and each.get("hidden") is None
    ]


def test_the_status_comes_first_and_large(office: Office, anybody: PageClient) -> None:
    number = office.a_number()
    page = anybody.get(f"/v/{number}?edition=1")
    assert page.heading == "Genuine certificate"
    first = next(each for each in page.tree.iter("main"))
    assert first[0].get("class") == "verdict good"
    assert [each.tag for each in first[0].iter("h1")] == ["h1"]
    assert "Issued on 22 November 2026. Not revoked." in page.main
    assert LATIN not in page.text
    assert LOCAL not in page.text


def test_a_paper_that_was_replaced_is_called_by_its_name(
    office: Office, anybody: PageClient, client: TestClient, clock: FakeClock
) -> None:
    number = office.a_number()
    clock.advance(timedelta(days=2))
    office.post(f"/certificates/{number}/supersede", latin="Farah Aly", reason="A slip")
    clock.advance(timedelta(days=2))
    office.post(f"/certificates/{number}/revoke", reason="Not there")
    office.post(f"/certificates/{number}/reinstate", reason="A mistake")
    old = anybody.get(f"/v/{number}?edition=1")
    assert old.heading == "Replaced by edition 2"
    assert "This paper is edition 1. Another has stood for it since 24 November 2026." in old.main
    assert anybody.get(f"/v/{number}?edition=2").heading == "Genuine, edition 2"
    assert anybody.get(f"/v/{number}").heading == "Genuine, edition 2"
    assert anybody.get(f"/v/{number}?edition=3", status=404).heading == "Certificate not found"
    told = {
        edition: client.get(f"{API}/certificates/{number}?edition={edition}").json()["status"]
        for edition in (0, 1, 2, 3)
    }
    assert told == {0: "not_found", 1: "replaced", 2: "genuine", 3: "not_found"}
    office.post(f"/certificates/{number}/revoke", reason="Not there")
    assert anybody.get(f"/v/{number}?edition=1").heading == "Revoked certificate"


def test_the_typed_name_is_compared_for_the_edition_on_the_paper(
    office: Office, anybody: PageClient
) -> None:
    number = office.a_number()
    page = anybody.get(f"/v/{number}?edition=1")
    sent = anybody.send(page, f"/v/{number}?edition=1", status=200, name=LATIN)
    assert "The name fits this certificate." in anybody.read(sent, 200).main


def test_capitals_of_the_address_are_read_as_a_square_brings_them(
    office: Office, anybody: PageClient
) -> None:
    number = office.a_number()
    assert anybody.get(f"/V/{number}").heading == "Genuine certificate"


def test_never_issued_and_erased_are_answered_alike(
    office: Office, anybody: PageClient, client: TestClient, house: House
) -> None:
    number = office.a_number()
    change(house, "DELETE FROM certificate_events")
    change(house, "DELETE FROM certificates")
    erased, never = (anybody.get(f"/v/{each}", status=404) for each in (number, UNKNOWN))
    spans = re.compile(r"<span>[0-9A-Z]{3,4}</span>|[0-9A-Z]{11}")
    assert spans.sub("", erased.text) == spans.sub("", never.text)
    api = [client.get(f"{API}/certificates/{each}").json() for each in (number, UNKNOWN)]
    assert api[0] | {"number": ""} == api[1] | {"number": ""}


def test_a_name_is_compared_also_where_there_is_no_certificate(
    office: Office, client: TestClient
) -> None:
    office.a_number()
    sent = {"name": LATIN}
    answer = client.post(f"{API}/certificates/{UNKNOWN}/name-check", json=sent).json()
    assert (answer["status"], answer["name_match"]) == ("not_found", "no_match")


def test_who_guesses_numbers_waits_and_who_checks_papers_does_not(
    office: Office, client: TestClient, clock: FakeClock
) -> None:
    number = office.a_number()
    asked = patience.Patience()
    guesser = patience.Caller(asked, "192.168.8.0/24", clock.now())
    honest = patience.Caller(asked, "192.168.9.0/24", clock.now())
    waits = []
    for _ in range(60):
        waits.append(guesser.wait_seconds())
        guesser.note_miss()
    assert waits[:20] == [0] * 20
    assert waits[21] > 0
    assert waits == sorted(waits)
    assert max(waits) == patience.LONGEST_WAIT_SECONDS
    assert honest.wait_seconds() == 0
    clock.advance(patience.WINDOW)
    assert patience.Caller(asked, "192.168.8.0/24", clock.now()).wait_seconds() == 0
    for _ in range(30):  # never refused, and a real paper is answered
        assert client.get(f"{API}/certificates/{UNKNOWN}").status_code == 200
    began = time.monotonic()
    assert client.get(f"{API}/certificates/{number}").json()["status"] == "genuine"
    assert time.monotonic() - began < 10


def test_misses_are_counted_by_many_threads_at_once(clock: FakeClock) -> None:
    counted, over = patience.Patience(), clock.now() + patience.WINDOW
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns between any two steps
    try:
        for _ in range(30):
            for _ in range(200):
                counted.note_miss("a network", clock.now())
            told = at_once(*[lambda: counted.count_misses("a network", over)] * 4)
            assert told == [0] * 4
    finally:
        sys.setswitchinterval(interval)


def test_a_hundred_papers_are_checked_from_one_address_without_waiting(
    office: Office, client: TestClient, clock: FakeClock
) -> None:
    number = office.a_number()
    for _ in range(100):
        assert client.get(f"{API}/certificates/{number}").status_code == 200
    found = patience.patience_of(client.app)  # type: ignore[arg-type]
    assert patience.Caller(found, "unknown", clock.now()).wait_seconds() == 0
    assert found.count_misses("everybody", clock.now()) == 0


def test_names_cannot_be_tried_one_after_another(
    office: Office, client: TestClient, anybody: PageClient, clock: FakeClock
) -> None:
    number = office.a_number()
    other = office.a_number(1)
    path = f"{API}/certificates/{number}/name-check"
    for attempt in range(patience.MOST_NAMES):
        assert client.post(path, json={"name": f"Ali {attempt}"}).status_code == 200
    refused = client.post(path.replace(number, number.lower()), json={"name": LATIN})
    assert (refused.status_code, refused.json()["code"]) == (429, TooManyTries.code)
    page = anybody.get(f"/v/{number}")  # the paper itself is still checked
    again = anybody.send(page, f"/v/{number}", status=429, name=LATIN)
    assert "too many tries" in anybody.read(again, 429).main
    elsewhere = client.post(f"{API}/certificates/{other}/name-check", json={"name": LATIN})
    assert elsewhere.json()["name_match"] == "match"
    clock.advance(patience.WINDOW)
    assert client.post(path, json={"name": LATIN}).json()["name_match"] == "match"


def test_neighbours_of_a_network_are_counted_together() -> None:
    assert patience.network_of("203.0.113.7") == patience.network_of("203.0.113.250")
    assert patience.network_of("203.0.113.7") != patience.network_of("203.0.114.7")
    assert patience.network_of("2001:db8::1") == patience.network_of("2001:db8:0:ff::1")
    assert patience.network_of("testclient") == "unknown"


def test_a_square_is_checked_by_a_page_without_a_script(
    office: Office, anybody: PageClient
) -> None:
    square = square_of(office, office.a_number())
    page = anybody.get("/v/offline")
    assert shown(page) == []
    sent = anybody.send(page, "/v/offline", status=200, text=square, name=LATIN)
    read = anybody.read(sent, 200)
    assert shown(read) == ["signed"]
    for part in (
        "Whether it was revoked since cannot be seen without a network.", "Karachi",
        "Telling trafficking from smuggling", "22 November 2026", "The name fits this certificate.",
    ):  # fmt: skip
        assert part in read.main, part
    for text, state in ((altered(square), "altered"), (square[:-9], "unreadable")):
        again = anybody.send(page, "/v/offline", status=200, text=text)
        assert shown(anybody.read(again, 200)) == [state]


def test_a_revoked_paper_is_still_signed_and_the_page_says_that_it_cannot_know(
    office: Office, anybody: PageClient
) -> None:
    number = office.a_number()
    square = square_of(office, number)
    office.post(f"/certificates/{number}/revoke", reason="Not there")
    page = anybody.get("/v/offline")
    read = anybody.read(anybody.send(page, "/v/offline", status=200, text=square), 200)
    assert shown(read) == ["signed"]
    (link,) = read.find("a", id="register")
    assert anybody.get(str(link.get("href"))).heading == "Revoked certificate"


def test_the_key_is_told_to_everybody_and_the_api_checks_squares(
    office: Office, client: TestClient, house: House
) -> None:
    square = square_of(office, office.a_number())
    key = client.get(f"{API}/certificates/signing/key").json()
    assert key == {"algorithm": "Ed25519", "public_key": public_key(house.keys).hex()}
    said = client.post(f"{API}/certificates/square-check", json={"text": square, "name": LOCAL})
    told = said.json()
    assert (told["state"], told["name_match"], told["edition"]) == ("signed", "match", 1)
    assert (told["starts_on"], told["days_attended"], told["days_held"]) == ("2026-11-22", 1, 2)
    false = client.post(f"{API}/certificates/square-check", json={"text": altered(square)}).json()
    assert (false["state"], false["number"]) == ("altered", None)


@pytest.mark.sqlite_only
def test_the_command_checks_a_file_or_a_text_without_the_database(tmp_path: Path) -> None:
    place = {"TAFAWUT_DATA_DIR": str(tmp_path)}
    none = run_app(["verify", "words"], place)
    assert none.returncode == 1
    assert none.stderr.startswith("No signing key lies here.")
    assert list(tmp_path.iterdir()) == []
    keys = KeyFolder(tmp_path / "keys")
    document = a_document(keys=keys)
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"%PDF-1.7 <pdf:Keywords>" + document.url.encode() + b"</pdf:Keywords>")
    told = run_app(["verify", str(file), "--name", LATIN], place)
    assert told.returncode == 0
    assert told.stdout == (
        "Signed: this is what was issued.\n"
        "Number: 3G92 30VQ VS2, edition 1\n"
        "Workshop: Telling trafficking from smuggling\n"
        "Place and dates: Karachi, 22–23 November 2026\n"
        "Days attended: 2 of 2\n"
        "Name: fits\n"
        "Whether it was revoked or replaced since cannot be seen without a network.\n"
    )
    key = run_app(["verify", "--show-key"], place).stdout.strip()
    assert key == public_key(keys).hex()
    elsewhere = {"TAFAWUT_DATA_DIR": str(tmp_path / "other")}
    said = run_app(["verify", document.url, "--key", key, "--json"], elsewhere)
    facts = json.loads(said.stdout)
    assert (facts["state"], facts["knows_revocation"], facts["edition"]) == ("signed", False, 1)
    refused = run_app(["verify", altered(document.url)], place)
    assert (refused.returncode, refused.stdout.splitlines()[0]) == (
        1, "Not signed: something in this square was changed.",
    )  # fmt: skip
    assert run_app(["verify", document.url, "--key", "ff" * 32], place).returncode == 1
    assert run_app(["verify", document.url, "--key", "short"], place).returncode == 1
    assert run_app(["verify"], place).stderr.startswith("Say a file")
    assert a_paper(keys=keys).proof in document.url


def test_the_page_and_its_worker_are_there_for_everybody_and_keep_nobodys_paper(
    office: Office, client: TestClient
) -> None:
    office.a_number()
    stranger = a_client(client.app)  # type: ignore[arg-type]
    worker = stranger.get("/v/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["service-worker-allowed"] == "/v/"
    assert "VERSION" not in worker.text
    assert stranger.get("/v/offline").status_code == 200
    assert f"{BASE_URL}/v/" not in stranger.get("/v/offline").text
