"""What an Urdu page says about a field, a province or a deed holds no English."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.participants import service as participants
from app.upkeep.setup import first_run_token
from app.web.house import House
from tests.architecture.test_catalogues import LATIN_PUNCTUATION
from tests.fixtures.house import Room, a_staff_member, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import rows
from tests.fixtures.page_client import Page, PageClient, another_browser, marked_field, words_of

ISOLATED = re.compile("[\u2066\u2068][^\u2066-\u2069]*\u2069")
ENTRY = "This entry cannot be kept. "
NEW, WORKSHOPS = "/trainer/workshops/new", "/trainer/workshops"
GOOD = {"title": "T", "place": "Karachi", "province": "PK-SD", "zone": "", "programme_id": ""}
REFUSED = (
    ("country", {"country": " "}, ()),
    ("province", {"province": "", "place": "a village"}, ()),
    ("province", {"province": "", "place": "between Lahore and Quetta"}, ()),
    ("province", {"province": "PK-XX"}, ("PK-XX", "PK")),
    ("starts_on", {"starts_on": "soon"}, ("2026-11-22",)),
    ("title", {"title": "T" * 201}, ()),
    ("place", {"place": ""}, ()),
    ("place", {"place": "Karachi\u202e"}, ()),
    ("funder_line", {"funder_line": "x" * 301}, ()),
    ("cards", {"cards": "901"}, ("0", "900")),
    ("cards", {"cards": "many"}, ("0", "900")),
    ("women_count", {"women_count": "many"}, ("0", "900")),
    ("days_needed", {"days_needed": "9"}, ("1",)),
    ("pass_mark_points", {"pass_mark_points": "900"}, ("1",)),
    ("zone", {"zone": "Mars/Olympus"}, ("Asia/Karachi",)),
    ("audience", {"audience": "everybody"}, ()),
    ("languages", {"languages": ["en", "fr"]}, ("English", "اردو")),
    ("languages", {"languages": None}, ("English", "اردو")),
    ("programme_id", {"programme_id": "nothing"}, ()),
    ("cotrainer_logins", {"cotrainer_logins": ["nobody"]}, ("nobody",)),
)


def a_browser(
    started: TestClient, house: House, staff: StaffPerson, language: str = "ur"
) -> PageClient:
    client = another_browser(started)
    sign_in(client, house, staff)
    return PageClient(client, house, language)


def a_phone(started: TestClient, house: House, room: Room, language: str = "ur") -> PageClient:
    client = another_browser(started)
    sent = {"token": room.cards[0].token, "language": language}
    assert client.post(f"/j/{room.workshop.join_code}", data=sent).status_code == 303
    return PageClient(client, house, language)


def own_words(element: Element) -> str:
    """The text of an element without its runs in another language or direction."""
    inner = "".join(_inner(child) for child in element)
    return ISOLATED.sub("", (element.text or "") + inner)


def _inner(child: Element) -> str:
    is_foreign = (
        child.tag == "bdi" or child.get("dir") == "ltr" or child.get("lang") not in (None, "ur")
    )
    return ("" if is_foreign else own_words(child)) + (child.tail or "")


def is_urdu(element: Element) -> bool:
    """Whether there are words, in Urdu letters and with Urdu punctuation."""
    said = own_words(element)
    has_words = re.search("[\u0600-\u06ff]{2}", said)
    return bool(
        has_words and not re.search("[A-Za-z]", said) and not LATIN_PUNCTUATION.search(said)
    )


def notes_of(page: Page) -> list[Element]:
    """Where a page says what is wrong: above, and beside the field."""
    kinds = ("field-error", "note bad")
    found = [each for each in page.tree.iter() if each.get("class") in kinds]
    assert found
    return found


@pytest.mark.parametrize(("field", "typed", "named"), REFUSED)
def test_a_refused_field_of_a_workshop_is_told_in_urdu(
    field: str,
    typed: dict[str, Any],
    named: tuple[str, ...],
    client: TestClient,
    house: House,
    amal: StaffPerson,
) -> None:
    a_staff_member(house, "farah", Role.TRAINER)
    browser = a_browser(client, house, amal)

    answer = browser.send(browser.get(NEW), WORKSHOPS, status=422, **(GOOD | typed))

    page = browser.read(answer, 422)
    assert all(is_urdu(note) for note in notes_of(page)), [own_words(n) for n in notes_of(page)]
    (beside,) = page.find("span", id=f"{field}-error")
    assert marked_field(page).get("id") == field
    for each in named:
        assert each in words_of(beside)
    assert "…" not in words_of(beside)


def test_what_the_admin_may_not_add_is_told_in_urdu(
    client: TestClient, house: House, admin: StaffPerson
) -> None:
    browser = a_browser(client, house, admin)
    for field, typed in (
        ("login", {"login": "admin", "display_name": "A", "role": "trainer"}),
        ("login", {"login": " ", "display_name": "A", "role": "evaluator"}),
        ("display_name", {"login": "new", "display_name": "", "role": "viewer"}),
        ("role", {"login": "new", "display_name": "A", "role": "boss"}),
        ("name", {"name": "", "funder_line": "By somebody"}),
        ("funder_line", {"name": "Synthetic programme", "funder_line": "x" * 301}),
    ):
        place = "/admin/programmes" if "name" in typed else "/admin/staff"
        page = browser.read(browser.send(browser.get("/admin"), place, status=422, **typed), 422)
        assert marked_field(page).get("id") == field
        assert all(is_urdu(note) for note in notes_of(page))
        told = page.fields(place)
        selected = [each.get("value") for each in page.find("option") if "selected" in each.attrib]
        assert selected == [
            typed[name] for name in typed if name == "role" and typed[name] != "boss"
        ]
        texts = {name: value for name, value in typed.items() if name != "role"}
        assert {name: told[name] for name in texts} == texts


def test_what_a_first_admin_types_wrong_is_marked_at_its_field_and_the_rest_is_kept(
    client: TestClient, house: House
) -> None:
    with house.unit(writes=True) as work:
        path = f"/one-time/{first_run_token(work)}"
    browser = PageClient(another_browser(client), house, "ur")
    good = {"organisation": "Org", "display_name": "Naz", "login": "naz"}
    for field, value in (
        ("organisation", "\u202e"),
        ("display_name", "N" * 121),
        ("login", "n" * 81),
    ):
        typed = good | {field: value, "password": "four words are enough"}
        page = browser.read(browser.send(browser.get(path), path, status=422, **typed), 422)
        assert marked_field(page).get("name") == field
        assert page.fields(path) | {"csrf": ""} == typed | {"password": "", "csrf": ""}
        assert all(is_urdu(note) for note in notes_of(page))


def test_provinces_are_named_in_the_readers_language(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    names = {}
    for language in ("en", "ur"):
        listed = a_browser(client, house, amal, language).get(NEW).find("option", value="PK-SD")
        chosen = a_phone(client, house, room, language).get("/my/profile")
        names[language] = [words_of(each) for each in [*listed, *chosen.find("option")]]
    assert names["en"][0] == "Sindh" in names["en"][1:]
    assert names["ur"][0] == "سندھ" in names["ur"][1:]
    assert not re.search("[A-Za-z]", " ".join(names["ur"]))


def test_the_admin_reads_in_urdu_what_was_done(
    client: TestClient, house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    card, day = room.cards[0].card.number, room.workshop.starts_on
    with house.unit(writes=True) as work:
        participants.tick_attendance(work, room.workshop, card, day=day, was_there=True, by=amal)
    page = a_browser(client, house, admin).get("/admin")
    (table,) = page.find("table", **{"class": "events"})
    lines = list(table.iter("tr"))[1:]
    assert len(lines) == len(rows(house, "SELECT id FROM audit_events"))
    for line in lines:
        _, _, deed, kind, _ = list(line)
        assert is_urdu(deed)
        assert is_urdu(kind)


def test_lists_and_places_are_parted_by_the_urdu_comma(
    client: TestClient, house: House, admin: StaffPerson
) -> None:
    page = a_browser(client, house, admin).get("/admin")
    assert "English، اردو" in page.main
    assert ", " not in own_words(next(page.tree.iter("main")))


def test_only_the_refused_spelling_of_a_name_is_marked(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    with house.unit(writes=True) as work:
        participants.tick_attendance(
            work,
            room.workshop,
            room.cards[0].card.number,
            day=room.workshop.starts_on,
            was_there=True,
            by=amal,
        )
    phone = a_phone(client, house, room)
    for local, latin, marked in (
        ("فرح", "F" * 300, ["latin"]),
        ("ف" * 300, "Farah", ["local"]),
        ("", "", ["local", "latin"]),
    ):
        answer = phone.client.post("/my/name", data={"local": local, "latin": latin})
        page = phone.read(answer, 422)
        wrong = page.find("input", **{"aria-invalid": "true"})
        assert [each.get("name") for each in wrong] == marked
        assert page.find("a", href=f"#{marked[0]}")
        assert all(is_urdu(note) for note in notes_of(page))


def test_the_interface_for_programs_stays_english_and_names_the_reason(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    body = {
        "title": "T", "province": "PK-XX", "place": "Karachi", "starts_on": "2026-11-22",
        "ends_on": "2026-11-22", "languages": ["ur"], "audience": "multidisciplinary",
    }  # fmt: skip
    headers = bearer_of(house, amal) | {"Accept-Language": "ur"}
    told = client.post("/api/v1/workshops", json=body, headers=headers).json()
    assert told["title"] == ENTRY + "The province PK-XX is not in PK. Check both codes."
    assert (told["reason"], told["province"], told["country"]) == ("not_in_country", "PK-XX", "PK")
