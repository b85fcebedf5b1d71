"""A draft language stands below English or Urdu for whoever chose it, and nowhere else."""

import re
from xml.etree.ElementTree import Element

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.core.languages import LANGUAGES
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import Room, a_workshop, bearer_of, open_test, sign_in
from tests.fixtures.loop import API, everything_stored, rows
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of

pytestmark = pytest.mark.sqlite_only

PAGES = ("/my", "/my/profile", "/my/questionnaire", "/my/name", "/my/result", "/privacy", "/")
REVIEWED = "لا بیا کتل شوې نه دي"  # "not yet reviewed" in Pashto


@pytest.fixture
def room(house: House, amal: StaffPerson) -> Room:
    """A workshop in Urdu and English with two drafts, its pre-test open."""
    room = a_workshop(house, amal, people=3, draft_languages=("ps", "fa-AF"))
    open_test(house, room, Occasion.PRE, amal)
    return room


def a_phone(client: TestClient, house: House, room: Room, wanted: str, own: str) -> PageClient:
    """A phone that came by its card and chose a language; `own` is what its browser asks for."""
    browser = PageClient(another_browser(client), house, own)
    way_in = f"/j/{room.workshop.join_code}"
    browser.send(browser.get(way_in), way_in, token=room.cards[0].token, language=wanted)
    return browser


def drafts_of(page: Page) -> list[Element]:
    return [each for each in page.tree.iter() if each.get("class") == "draft"]


def ticked_in(page: Page) -> list[str | None]:
    fields = page.find("input", checked="")
    return [each.get("value") for each in fields if each.get("name") == "draft_languages"]


def lang_of(page: Page) -> str | None:
    return next(page.tree.iter("html")).get("lang")


def test_the_language_page_offers_full_languages_first_and_drafts_as_drafts(
    client: TestClient, house: House, room: Room
) -> None:
    page = PageClient(another_browser(client), house).get(f"/j/{room.workshop.join_code}")
    offered = [each for each in page.find("button") if each.get("name") == "language"]
    assert [each.get("value") for each in offered] == ["ur", "en", "ps", "fa-AF"]
    assert [words_of(each) for each in offered] == ["اردو", "English", "پښتو", "دری"]
    assert page.text.index("As a draft, below the first text:") < page.text.index("پښتو")
    assert drafts_of(page) == []


def test_consent_is_in_the_full_language_with_the_draft_below_each_sentence(
    client: TestClient, house: House, room: Room
) -> None:
    for own in ("ur", "en"):
        page = a_phone(client, house, room, "ps", own).get("/my/consent")
        assert lang_of(page) == own
        assert len(drafts_of(page)) > 15
        plain = PageClient(another_browser(client), house, own)
        plain.client.cookies.update(
            {"phone": a_phone(client, house, room, own, own).client.cookies["phone"]}
        )
        for sentence in plain.get("/my/consent").find("span", **{"class": "said"}):
            assert words_of(sentence)[:30] in page.main
        assert page.text.count(REVIEWED) == 1


def test_no_draft_stands_alone_on_any_page(client: TestClient, house: House, room: Room) -> None:
    for draft in house.catalogues.drafts[:2]:
        browser = a_phone(client, house, room, draft, "en")
        browser.send(browser.get("/my/consent"), "/my/consent", answer="no")
        for path in PAGES:
            answer = browser.client.get(path)
            page = browser.read(answer, answer.status_code)
            assert "\ue000" not in page.text, path
            assert "\ue001" not in page.text, path
            assert drafts_of(page), path
            parents = {child: parent for parent in page.tree.iter() for child in parent}
            for each in drafts_of(page):
                assert each.get("lang") == draft
                assert each.get("dir") == LANGUAGES[draft].direction
                whole, below = words_of(parents[each]), words_of(each)
                assert re.search(r"[A-Za-z0-9]", whole[: whole.index(below)]), (path, below)
                assert not [inner for inner in each.iter("span") if inner.get("class") == "draft"][
                    1:
                ]


def test_the_database_never_learns_the_draft(client: TestClient, house: House, room: Room) -> None:
    browser = a_phone(client, house, room, "ps", "en")
    browser.send(browser.get("/my/consent"), "/my/consent", answer="yes")
    browser.client.post("/my/language", data={"language": "fa-AF", "back": "/my"})
    for table in ("phone_passes", "participants", "sittings"):
        assert {row["language"] for row in rows(house, f"SELECT language FROM {table}")} == {"en"}
    kept = everything_stored(house)
    assert kept.count(b'"fa-AF"') == kept.count(b'"ps", "fa-AF"')  # what the trainer ticked


def test_only_what_the_trainer_ticked_can_be_chosen(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3, draft_languages=("ps",))
    page = a_phone(client, house, room, "fa-AF", "en").get("/my/consent")
    assert lang_of(page) == "ur"  # the workshop's first language, as for anything unknown
    assert drafts_of(page) == []


def test_choosing_a_full_language_ends_the_draft_and_a_draft_keeps_the_full_language(
    client: TestClient, house: House, room: Room
) -> None:
    browser = a_phone(client, house, room, "ps", "ur")
    browser.client.post("/my/language", data={"language": "en", "back": "/my"})
    page = browser.get("/my/consent")
    assert (lang_of(page), drafts_of(page)) == ("en", [])
    browser.client.post("/my/language", data={"language": "fa-AF", "back": "/my"})
    page = browser.get("/my/consent")
    assert lang_of(page) == "en"
    assert {each.get("lang") for each in drafts_of(page)} == {"fa-AF"}
    browser.client.post("/my/leave")
    assert "draft" not in browser.client.cookies


def test_a_day_stands_in_the_drafts_calendar_beside_the_gregorian_one(
    client: TestClient, house: House, room: Room
) -> None:
    browser = a_phone(client, house, room, "ps", "en")
    page = browser.get(f"/j/{room.workshop.join_code}")
    assert "22–23 November 2026" in page.main
    assert "۱–۲ لیندۍ ۱۴۰۵" in page.main


def test_numbers_of_the_sentences_are_local_and_the_cards_number_is_not(
    client: TestClient, house: House, room: Room
) -> None:
    browser = a_phone(client, house, room, "ps", "en")
    page = browser.get("/my/consent")
    assert "20 questions, about 15 minutes." in page.main
    assert "۲۰ پوښتنې، نږدې ۱۵ دقیقې." in page.main
    browser.send(page, "/my/consent", answer="no")
    (code,) = [each for each in browser.get("/my").find("bdi") if each.get("class") == "code"]
    assert words_of(code) == room.cards[0].card.number


def test_a_refusal_is_said_in_both(client: TestClient, house: House, room: Room) -> None:
    browser = a_phone(client, house, room, "ps", "en")
    answer = browser.client.get("/my/no-such-page")
    page = browser.read(answer, 404)
    assert page.heading == "There is nothing at this address.په دې پته هېڅ نشته."
    answer = browser.client.post("/join", data={"code": "12345"})
    assert "په دې شمېره کې څه غلط یا کم دي: 12345" in browser.read(answer, 422).main


def test_the_test_shows_the_draft_below_its_own_words_and_says_that_questions_have_none(
    client: TestClient, house: House, room: Room
) -> None:
    browser = a_phone(client, house, room, "ps", "en")
    browser.send(browser.get("/my/consent"), "/my/consent", answer="yes")
    page = browser.get("/my/test")
    small = [each for each in page.find("small", lang="ps") if each.get("dir") == "rtl"]
    said = [words_of(each) for each in small]
    assert {"بله", "شاته", "ولېږئ", "نه پوهېږم"} <= set(said)
    assert [text for text in said if REVIEWED in text] == [
        "ستاسو د ژبې کرښې مسوده دي، لا بیا کتل شوې نه دي. لومړی متن معتبر دی."
    ]
    assert "The questions have no text in your language yet." in page.main
    assert "پوښتنه ۱/۲۰" in said
    links = [each.get("href", "") for each in browser.get("/my").find("a")]
    (own,) = [link for link in links if link.startswith("/my/test/")]
    assert "نه پوهېږم" in browser.client.get(own).text
    browser.client.post("/my/language", data={"language": "en", "back": "/my"})
    assert own not in [each.get("href", "") for each in browser.get("/my").find("a")]


def test_staff_and_other_pages_show_no_draft(
    client: TestClient, house: House, room: Room, amal: StaffPerson
) -> None:
    browser = a_phone(client, house, room, "ps", "en")
    assert drafts_of(browser.get("/v")) == []
    assert drafts_of(browser.get("/")) != []
    sign_in(browser.client, house, amal)
    assert drafts_of(browser.get("/trainer")) == []


def test_a_trainer_ticks_drafts_beside_the_languages(
    client: TestClient, house: House, room: Room, amal: StaffPerson
) -> None:
    browser = PageClient(client, house)
    sign_in(client, house, amal)
    edit = f"/trainer/workshops/{room.workshop.id}/edit"
    page = browser.get(edit)
    assert ticked_in(page) == ["ps", "fa-AF"]
    chosen = {"zone": "", "programme_id": ""}
    browser.send(page, edit, draft_languages=["fa-AF"], **chosen)
    page = browser.get(edit)
    assert ticked_in(page) == ["fa-AF"]
    answer = client.post(edit, data=page.fields(edit) | chosen | {"languages": []})
    again = browser.read(answer, 422)  # a draft is never the only language
    assert "The test is published in these languages" in again.main
    assert ticked_in(again) == ["fa-AF"]


def test_the_api_tells_and_takes_drafts_and_refuses_what_is_none(
    client: TestClient, house: House, room: Room, amal: StaffPerson
) -> None:
    headers = bearer_of(house, amal)
    path = f"{API}/workshops/{room.workshop.id}"
    told = client.get(path, headers=headers).json()
    assert (told["languages"], told["draft_languages"]) == (["ur", "en"], ["ps", "fa-AF"])
    sent = {
        "title": "T",
        "place": "Karachi",
        "province": "PK-SD",
        "starts_on": "2026-11-22",
        "ends_on": "2026-11-22",
        "audience": "multidisciplinary",
    }
    made = client.post(f"{API}/workshops", json=sent | {"draft_languages": ["ps"]}, headers=headers)
    assert (made.status_code, made.json()["draft_languages"]) == (201, ["ps"])
    answer = client.post(
        f"{API}/workshops", json=sent | {"draft_languages": ["en"]}, headers=headers
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "draft_languages")
    answer = client.post(f"{API}/workshops", json=sent | {"languages": ["ps"]}, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "languages")
