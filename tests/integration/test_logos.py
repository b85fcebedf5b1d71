"""An organisation's logos: brought by the page and by a program, printed, taken away."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.certificates.document import build_document
from app.certificates.papers import get_own_paper
from app.participants import service as participants
from app.web.house import House
from tests.fixtures.certificate_office import an_office
from tests.fixtures.certificates import translate
from tests.fixtures.house import a_staff_member, bearer_of, sign_in
from tests.fixtures.logos import a_picture, a_small_png
from tests.fixtures.loop import API, rows
from tests.fixtures.page_client import PageClient

LOGOS = f"{API}/logos"


def add(client: TestClient, headers: dict[str, str], words: str, content: bytes = b"") -> Any:
    return client.post(
        LOGOS, params={"words": words}, content=content or a_picture(), headers=headers
    )


def printed(house: House, office: Any, person: int) -> Sequence[str]:
    with house.unit(writes=True) as work:
        phone, _ = participants.join_with_token(
            work, office.room.cards[person].token, language="en"
        )
        paper = get_own_paper(work, office.room.workshop, phone)
    document = build_document(paper, address="a", url="u#p", translate=translate)
    assert all(each.content == a_small_png() for each in document.logos)
    return sorted(each.words for each in document.logos)


def test_a_certificate_keeps_the_logos_it_was_issued_with(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    admin = bearer_of(house, a_staff_member(house, "zainab", Role.ADMIN))
    office = an_office(client, house, amal)
    office.a_number(0)
    made = [add(client, admin, each) for each in ("Synthetic Academy", "Synthetic donor")]
    assert [each.status_code for each in made] == [201, 201]
    known = {each["words"] for each in client.get(LOGOS, headers=admin).json()}
    assert known == {"Synthetic Academy", "Synthetic donor"}
    office.a_number(1)
    gone = f"{LOGOS}/{made[0].json()['id']}"
    assert client.delete(gone, headers=admin).status_code == 204
    assert client.delete(gone, headers=admin).status_code == 204  # again changes nothing
    office.a_number(2)
    assert printed(house, office, 0) == []
    assert printed(house, office, 1) == ["Synthetic Academy", "Synthetic donor"]
    assert printed(house, office, 2) == ["Synthetic donor"]
    with house.unit(writes=True) as work:  # as where a workshop's file was brought in
        work.db.connection().execute(text("DELETE FROM logos"))
    assert printed(house, office, 1) == []
    verbs = rows(house, "SELECT verb FROM audit_events WHERE object_kind = 'logo' ORDER BY id")
    assert [each["verb"] for each in verbs] == ["add_logo", "add_logo", "remove_logo"]


def test_a_fourth_logo_and_what_is_no_picture_are_refused_with_a_sentence(
    client: TestClient, house: House
) -> None:
    admin = bearer_of(house, a_staff_member(house, "zainab", Role.ADMIN))
    told = add(client, admin, "Synthetic", b"no picture").json()
    assert (told["code"], told["reason"]) == ("logo_refused", "picture_unknown")
    assert "PNG or JPEG" in told["title"]
    assert add(client, admin, " ").status_code == 422
    for number in range(3):
        assert add(client, admin, f"Synthetic {number}").status_code == 201
    assert add(client, admin, "Synthetic 4").json()["reason"] == "pictures_enough"
    trainer = bearer_of(house, a_staff_member(house, "huda", Role.TRAINER))
    assert add(client, trainer, "Synthetic", b"x" * 100).json()["code"] == "not_allowed"


def test_the_page_takes_a_logo_shows_it_and_takes_it_away(client: TestClient, house: House) -> None:
    sign_in(client, house, a_staff_member(house, "zainab", Role.ADMIN))
    browser = PageClient(client, house)
    page = browser.get("/admin/logos")
    words = {"csrf": page.fields("/admin/logos")["csrf"], "words": "Synthetic Academy"}
    refused = browser.read(client.post("/admin/logos", data=words), 422)
    assert "No picture is chosen." in refused.main
    assert refused.fields("/admin/logos")["words"] == "Synthetic Academy"
    files = {"file": ("logo.png", a_picture(), "image/png")}
    assert client.post("/admin/logos", data=words, files=files).status_code == 303
    assert "Synthetic Academy" in browser.get("/admin/logos").main
    logo_id = rows(house, "SELECT id FROM logos")[0]["id"]
    shown = client.get(f"/admin/logos/{logo_id}.png")
    assert (shown.content, shown.headers["content-type"]) == (a_small_png(), "image/png")
    browser.send(browser.get("/admin/logos"), f"/admin/logos/{logo_id}/remove")
    assert "No logo yet" in browser.get("/admin/logos").main
    assert client.get(f"/admin/logos/{logo_id}.png").status_code == 404
