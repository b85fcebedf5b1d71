"""Certificates as files: who gets them, the same bytes on page and API, and one ZIP for a room."""

import io
import zipfile
from datetime import timedelta

import zxingcpp
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.certificates.proof import find_in_file
from app.participants import service as participants
from app.upkeep.setup import forget_names
from app.web.deps import cookie_name
from app.web.house import House
from tests.fixtures.certificate_office import LATIN, Office, an_office
from tests.fixtures.house import BASE_URL, FakeClock, a_client, bearer_of, sign_in
from tests.fixtures.loop import API, change, rows
from tests.fixtures.page_client import PageClient, another_browser
from tests.fixtures.prints import read, words_of


def a_phone(client: TestClient, house: House, token: str) -> TestClient:
    """A browser that holds this participant's cookie."""
    browser = another_browser(client)
    browser.cookies.set(cookie_name(house, "phone"), token)
    return browser


def own_page(office: Office) -> str:
    return f"/trainer/workshops/{office.room.workshop.id}/certificates"


def test_a_holder_downloads_the_own_certificate_on_the_phone(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    person = office.a_holder(0)
    assert person.get("/me/certificate.pdf").status_code == 404
    number = office.issue(0).json()["number"]
    phone = a_phone(client, house, person.token)
    desk = PageClient(phone, house).get("/my")
    assert [each.get("href") for each in desk.find("a", href="/my/certificate.pdf")]
    page = phone.get("/my/certificate.pdf")
    assert page.status_code == 200
    assert page.headers["content-type"] == "application/pdf"
    assert page.headers["cache-control"] == "no-store"
    name = f"tafawut-certificate-{number}.pdf"
    assert page.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert LATIN in words_of(page.content)[0]
    assert page.content == person.get("/me/certificate.pdf").content
    assert find_in_file(page.content).startswith(f"{BASE_URL}/v/{number}?edition=1#")


def test_a_holder_saves_a_picture_that_a_chat_makes_worse_and_its_square_is_still_read(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    person = office.a_holder(0)
    assert person.get("/me/certificate.png").status_code == 404
    number = office.issue(0).json()["number"]
    phone = a_phone(client, house, person.token)
    assert PageClient(phone, house).get("/my").find("a", href="/my/certificate.png")
    answer = phone.get("/my/certificate.png")
    assert answer.headers["content-type"] == "image/png"
    name = f"tafawut-certificate-{number}.png"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == person.get("/me/certificate.png").content
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert max(picture.size) == 1600
    worse = io.BytesIO()
    picture.save(worse, "JPEG", quality=50)
    (square,) = zxingcpp.read_barcodes(Image.open(worse))
    assert square.text.startswith(f"{BASE_URL}/v/{number}?edition=1#")
    office.post(f"/certificates/{number}/revoke", reason="Not there")
    assert phone.get("/my/certificate.png").status_code == 409


def test_four_digits_never_print_a_name_that_this_phone_did_not_type(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number(0)
    card = office.room.cards[0].card
    joined = client.post(
        f"{API}/joins", json={"code": office.room.workshop.join_code, "number": card.number}
    ).json()
    headers = {"Authorization": f"Bearer {joined['token']}"}
    for kind in ("pdf", "png"):
        assert client.get(f"{API}/me/certificate.{kind}", headers=headers).status_code == 403
    office.post(f"/cards/{card.number}/admit")  # a release by the trainer, logged
    assert client.get(f"{API}/me/certificate.pdf", headers=headers).status_code == 200
    change(house, "UPDATE identities SET is_confirmed = FALSE")
    assert client.get(f"{API}/me/certificate.pdf", headers=headers).status_code == 404
    desk = PageClient(a_phone(client, house, joined["token"]), house).get("/my")
    assert not desk.find("a", href="/my/certificate.pdf")
    assert number in client.get(f"{API}/me/certificate", headers=headers).text


def test_a_trainer_downloads_one_or_all_and_the_log_says_so(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    numbers = sorted(office.a_number(person, latin=f"Person {person}") for person in range(3))
    office.post(f"/certificates/{numbers[0]}/revoke", reason="Not there")
    browser = another_browser(client)
    sign_in(browser, house, amal)
    one = browser.get(f"{own_page(office)}/{numbers[1]}.pdf")
    assert one.content == office.get(f"/certificates/{numbers[1]}.pdf").content
    together = browser.get(f"{own_page(office)}.zip")
    assert together.headers["content-type"] == "application/zip"
    assert "content-length" not in together.headers  # it is sent while it is drawn
    assert together.content == office.get("/certificates.zip").content
    with zipfile.ZipFile(io.BytesIO(together.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"tafawut-certificate-{each}.pdf" for each in numbers[1:]]
        assert archive.read(archive.namelist()[0]) == one.content
    told = rows(house, "SELECT verb FROM audit_events WHERE verb LIKE 'print_cert%' ORDER BY id")
    kinds = ["print_certificate"] * 2 + ["print_certificates"] * 2
    assert [each["verb"] for each in told] == kinds


def test_a_revoked_certificate_is_printed_for_nobody(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    person = office.a_holder(0)
    number = office.issue(0).json()["number"]
    office.post(f"/certificates/{number}/revoke", reason="Not there")
    for answer in (person.get("/me/certificate.pdf"), office.get(f"/certificates/{number}.pdf")):
        assert (answer.status_code, answer.json()["code"]) == (409, "certificate_revoked")
    assert office.get("/certificates.zip").status_code == 404
    office.post(f"/certificates/{number}/reinstate", reason="A mistake")
    assert person.get("/me/certificate.pdf").status_code == 200


def test_what_is_printed_was_frozen_at_issue_and_is_the_same_to_the_byte(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number()
    before = office.get(f"/certificates/{number}.pdf").content
    change(house, "UPDATE workshops SET title = 'Other', place = 'Lahore', languages = '[\"en\"]'")
    change(house, "UPDATE organisations SET name = 'Renamed' WHERE name = 'Here'")
    clock.advance(timedelta(days=30))
    office.post(f"/certificates/{number}/revoke", reason="A slip")
    office.post(f"/certificates/{number}/reinstate", reason="A mistake")
    assert office.get(f"/certificates/{number}.pdf").content == before
    office.post(f"/certificates/{number}/supersede", latin="Farah Aly", reason="A slip")
    after = office.get(f"/certificates/{number}.pdf").content
    (said,) = words_of(after)
    assert "Farah Aly" in said
    assert "Edition 2, of 22 December 2026." in said
    assert len(read(after).pages) == 1


def test_nothing_is_printed_once_the_names_have_ended(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number()
    with house.unit(writes=True) as work:
        forget_names(work, office.room.workshop.id)
    for path in (f"/certificates/{number}.pdf", "/certificates.zip"):
        answer = office.get(path)
        assert (answer.status_code, answer.json()["code"]) == (410, "key_destroyed")


def test_another_organisations_trainer_and_a_stranger_print_nothing(
    application: FastAPI, client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number()
    foreign = bearer_of(house, basma)
    path = f"{API}/workshops/{office.room.workshop.id}"
    for file in (f"/certificates/{number}.pdf", "/certificates.zip"):
        assert client.get(path + file, headers=foreign).status_code == 404
        assert a_client(application).get(path + file).status_code == 401
    assert client.get(f"{API}/me/certificate.pdf").status_code == 401


def test_a_rooms_papers_are_read_with_the_cards_of_that_room_alone(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office, other = an_office(client, house, amal), an_office(client, house, amal)
    mine, theirs = office.a_number(0), other.a_number(0, latin="Somebody Else")
    content = office.get("/certificates.zip").content
    assert mine.encode() in content
    assert theirs.encode() not in content
    with house.unit(writes=False) as work:
        card = participants.require_card(work, other.room.workshop, other.room.cards[0].card.number)
        assert participants.get_name(work, card) is not None
