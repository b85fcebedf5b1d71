"""A field typed wrong is marked where it stands; the page opens at it, and nothing is lost."""

from typing import Any

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.certificates import service as certificates
from app.participants import service as participants
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import Room, a_workshop, open_test, sign_in
from tests.fixtures.page_client import Page, PageClient, another_browser, marked_field

LOCAL, LATIN = "فرح علی", "Farah Ali"
TURNED = "Kara\u202echi"  # a sign that changes the direction of what follows


def refused(
    browser: PageClient, path: str, action: str, *, status: int = 422, **typed: Any
) -> Page:
    """The page that answers what was typed into one of a page's forms."""
    return browser.read(browser.send(browser.get(path), action, status=status, **typed), status)


def test_a_participants_field_is_marked_where_it_stands(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    tick_everybody(house, room, amal)
    open_test(house, room, Occasion.PRE, amal)
    join = f"/j/{room.workshop.join_code}"
    browser = PageClient(another_browser(client), house, "ur")
    for path, action, typed in (
        ("/", "/join", {"code": "12٣"}),
        (join, join, {"number": "12۳"}),
    ):
        page = refused(browser, path, action, **typed)
        field = marked_field(page)
        assert {field.get("name"): field.get("value")} == typed
    checked = browser.read(browser.client.get("/v", params={"number": "7K3M"}), 422)
    assert marked_field(checked).get("value") == "7K3M"
    sent = {"token": room.cards[0].token, "language": "ur"}
    browser.client.post(join, data=sent)
    browser.client.post("/my/consent", data={"answer": "yes"})
    for wrong, typed in (
        ("local", {"local": TURNED, "latin": LATIN}),
        ("latin", {"local": LOCAL, "latin": "F" * 300}),
        ("local", {"local": " ", "latin": ""}),
    ):
        page = refused(browser, "/my/name", "/my/name", **typed)
        assert marked_field(page).get("name") == wrong
        assert {name: text.strip() for name, text in page.fields("/my/name").items()} == {
            name: text.strip() for name, text in typed.items()
        }


def test_a_trainers_field_is_marked_where_it_stands(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    numbers = issue_to_everybody(house, room, amal)
    here = f"/trainer/workshops/{room.workshop.id}"
    browser = PageClient(another_browser(client), house, "ur")
    wrong_password = {"login": "amal", "password": "not the one"}
    page = refused(browser, "/sign-in", "/sign-in", status=401, **wrong_password)
    assert marked_field(page).get("value") == "amal"
    sign_in(browser.client, house, amal)
    page = refused(browser, here, f"{here}/cards", count="901")
    assert marked_field(page).get("value") == "901"
    page = refused(browser, f"{here}/rescue", f"{here}/rescue", typed="TAFAWUT 12345")
    assert marked_field(page).text == "TAFAWUT 12345"
    office = f"{here}/certificates"
    for verb, wrong, typed in (
        ("supersede", "latin", {"local": LOCAL, "latin": TURNED, "reason": "A letter"}),
        ("supersede", "local", {"local": "", "latin": "", "reason": "A letter"}),
        ("supersede", "reason", {"local": LOCAL, "latin": "Farah B", "reason": " "}),
        ("revoke", "reason", {"reason": "x" * 301}),
    ):
        action = f"{office}/{numbers[0]}/{verb}"
        page = refused(browser, office, action, **typed)
        assert marked_field(page).get("id") == f"{verb}-{numbers[0]}-{wrong}"
        assert {name: page.fields(action)[name] for name in typed} == typed
        other = page.fields(f"{office}/{numbers[1]}/{verb}")
        assert other["reason"] == ""
        (opened,) = [each for each in page.find("details") if "open" in each.attrib]
        assert action in [form.get("action") for form in opened.iter("form")]


def tick_everybody(house: House, room: Room, by: StaffPerson) -> None:
    """Everybody was there on the first day."""
    with house.unit(writes=True) as work:
        for printed in room.cards:
            participants.tick_attendance(
                work, room.workshop, printed.card.number,
                day=room.workshop.starts_on, was_there=True, by=by,
            )  # fmt: skip


def issue_to_everybody(house: House, room: Room, by: StaffPerson) -> list[str]:
    """The numbers of the certificates, by card."""
    tick_everybody(house, room, by)
    with house.unit(writes=True) as work:
        for printed in room.cards:
            participants.store_name(work, printed.card, local=LOCAL, latin=LATIN, is_confirmed=True)
        return [
            certificates.issue_certificate(work, room.workshop, printed.card, by=by).number
            for printed in room.cards
        ]
