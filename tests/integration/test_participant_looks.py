"""Letters of Urdu, the own result's calm words, and what an old phone can run."""

import gzip
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.main import create_app
from app.settings import Mode, Settings
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import (
    a_client,
    a_workshop,
    close_test,
    make_settings,
    open_test,
    sign_in,
)
from tests.fixtures.loop import run_workshop
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of

STATIC = Path(__file__).parents[2] / "app" / "web" / "static"
SCRIPTS = ("join.js", "wait.js", "questionnaire.js")
SHEETS = ("participant.css", "nastaliq.css")
NEWER = re.compile(r"=>|\b(?:let|const|async|await|class)\s|`|\?\.|\.\.\.|\bfor\s*\(\w+ of ")


def sheets_of(page: Page) -> list[str]:
    return [each.get("href", "") for each in page.find("link", rel="stylesheet")]


def letters_of(page: Page) -> list[str]:
    buttons = page.find("button", lang="ur", dir="rtl")
    return [each.get("value", "") for each in buttons if each.get("name") == "script"]


def test_urdu_is_nastaliq_in_a_rooms_own_network_until_the_reader_says_otherwise(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = PageClient(another_browser(client), house, "ur")
    page = browser.get("/")
    assert sheets_of(page) == ["/static/participant.css", "/static/nastaliq.css"]
    assert letters_of(page) == ["naskh"]
    browser.client.post("/language", data={"script": "naskh", "back": "/help"})
    page = browser.get("/help")
    assert (sheets_of(page), letters_of(page)) == (["/static/participant.css"], ["nastaliq"])
    browser.client.post("/language", data={"script": "comic", "back": "/help"})
    assert letters_of(browser.get("/help")) == ["nastaliq"]
    sign_in(browser.client, house, amal)
    assert letters_of(browser.get("/trainer")) == []
    english = PageClient(another_browser(client), house, "en").get("/")
    assert (sheets_of(english), letters_of(english)) == (["/static/participant.css"], [])


def test_the_choice_on_the_own_pages_keeps_the_language(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    browser = PageClient(another_browser(client), house, "en")
    sent = {"token": room.cards[0].token, "language": "ur"}
    browser.client.post(f"/j/{room.workshop.join_code}", data=sent)
    browser.client.post("/my/language", data={"script": "naskh", "back": "/my"})
    page = browser.get("/my/consent")
    assert next(page.tree.iter("html")).get("lang") == "ur"
    assert letters_of(page) == ["nastaliq"]


@pytest.mark.sqlite_only
def test_elsewhere_urdu_is_in_the_phones_own_letters_until_nastaliq_is_chosen(
    tmp_path: Path, database_url: str
) -> None:
    settings: Settings = make_settings(tmp_path, database_url, mode=Mode.HTTPS)
    application: FastAPI = create_app(settings)
    with a_client(application) as client:
        client.base_url = "https://127.0.0.1:8000"  # type: ignore[assignment]
        browser = PageClient(client, application.state.house, "ur")
        assert letters_of(browser.get("/")) == ["nastaliq"]
        client.post("/language", data={"script": "nastaliq", "back": "/"})
        assert letters_of(browser.get("/")) == ["naskh"]
    application.state.house.engine.dispose()


def test_the_font_is_asked_for_once_and_is_small(client: TestClient) -> None:
    (address,) = re.findall(r'url\("([^"]+)"\)', (STATIC / "nastaliq.css").read_text())
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "font/woff2")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(answer.content) < 112_000


@pytest.mark.parametrize(
    ("points", "heading"),
    [
        ((9, 15), "You moved from 9 to 15 of 20."),
        ((9, 9), "Your answers changed little"),
        ((15, 9), "Your answers changed little"),
    ],
)
def test_the_own_result_is_a_picture_and_numbers_in_calm_words(
    client: TestClient, house: House, amal: StaffPerson, points: tuple[int, int], heading: str
) -> None:
    room = a_workshop(house, amal, people=6)
    run_workshop(house, room, amal, [points, *[(3, 18)] * 5])
    browser = PageClient(another_browser(client), house)
    sent = {"token": room.cards[0].token, "language": "en"}
    browser.client.post(f"/j/{room.workshop.join_code}", data=sent)
    page = browser.get("/my/result")
    assert page.heading == heading
    (picture,) = [
        each for each in page.find("{http://www.w3.org/2000/svg}svg") if each.get("role") == "img"
    ]
    assert words_of(page.find("h1")[0]) == picture.get("aria-label")
    numbers = [words_of(each) for each in page.find("dd")]
    assert numbers == [str(points[0]), str(points[1]), "20"]
    main = next(page.tree.iter("main"))
    kinds = {kind for each in main.iter() for kind in (each.get("class") or "").split()}
    assert kinds & {"bad", "warn", "field-error"} == set()
    assert not re.search(r"rank|place|best|average|right answer|18", page.main)


@pytest.mark.parametrize("name", SCRIPTS)
def test_participants_scripts_are_es5_and_small(name: str) -> None:
    script = (STATIC / name).read_text(encoding="utf-8")
    code = re.sub(r"//.*", "", script)
    assert NEWER.findall(code) == []
    assert len(gzip.compress(script.encode())) < 2_500


@pytest.mark.parametrize("name", SHEETS)
def test_participants_sheets_ask_nothing_of_chromium_64_that_it_cannot_do(name: str) -> None:
    sheet = (STATIC / name).read_text(encoding="utf-8")
    newer = re.compile(r":has\(|:is\(|:where\(|(?<![\w-])(?:row-|column-)?gap\s*:|inset\s*:|@layer")
    assert newer.findall(sheet) == []


def test_every_page_of_a_participant_is_below_eight_kilobytes(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=6)
    run_workshop(house, room, amal, [(4, 9)] * 6)
    open_test(house, room, Occasion.POST, amal)
    browser = PageClient(another_browser(client), house)
    sent = {"token": room.cards[0].token, "language": "ur"}
    browser.client.post(f"/j/{room.workshop.join_code}", data=sent)
    for path in ("", "/consent", "/profile", "/questionnaire", "/result", "/live"):
        answer = browser.client.get(f"/my{path}")
        assert answer.status_code == 200
        assert len(gzip.compress(answer.content)) < 8 * 1024
    close_test(house, room, Occasion.POST, amal)
