"""The test's document: the same bytes for everybody, small, kept by the phone, allowed by hash."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import brotli
import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.i18n import Catalogues
from app.adapters.packing import read_script
from app.banks import service as banks
from app.banks.schemas import PublishedForm, Purpose
from app.web.deps import cookie_name
from app.web.form_document import (
    FormDocument,
    Spoken,
    draft_script,
    get_form_document,
    policy,
    spoken_of,
)
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import Room, a_workshop, open_test
from tests.fixtures.loop import API
from tests.fixtures.page_client import PageClient, another_browser

pytestmark = pytest.mark.sqlite_only

DRAFTS = Catalogues().drafts
ONE_LANGUAGE_BYTES = 14 * 1024
TWO_LANGUAGES_BYTES = 18 * 1024


def scored_forms(house: House) -> list[PublishedForm]:
    with house.unit(writes=False) as work:
        return [each for each in banks.find_forms(work) if each.purpose is Purpose.TEST]


def document(house: House, form: PublishedForm, *languages: str, draft: str = "") -> FormDocument:
    spoken = Spoken(languages or ("ur", "en"), draft)
    return get_form_document(house.catalogues, form, Occasion.PRE, spoken, is_synthetic=False)


def questions(form: PublishedForm, *spoken: str) -> bytes:
    """The words a reader came for, and nothing else."""
    words = [
        text[language]
        for language in spoken
        for item in form.items
        for text in (item.stimulus or {}, item.stem, *(option.text for option in item.options))
        if language in text
    ]
    return "\n".join(words).encode()


def a_phone_at_the_test(client: TestClient, house: House, room: Room, number: int) -> PageClient:
    browser = PageClient(another_browser(client), house)
    way_in = f"/j/{room.workshop.join_code}"
    card = room.cards[number]
    browser.send(browser.get(way_in), way_in, token=card.token, language="ur")
    browser.send(browser.get("/my/consent"), "/my/consent", answer="yes")
    return browser


def test_every_form_is_small_in_one_language_and_in_two(house: House) -> None:
    forms = scored_forms(house)
    assert forms
    for form in forms:
        for spoken, most in (
            (("en",), ONE_LANGUAGE_BYTES),
            (("ur",), ONE_LANGUAGE_BYTES),
            (("ur", "en"), TWO_LANGUAGES_BYTES),
        ):
            made = document(house, form, *spoken)
            assert len(made.gzip) <= most, (form.form_ref, spoken, len(made.gzip))
            assert gzip.decompress(made.gzip) == brotli.decompress(made.brotli) == made.plain


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_below_keeps_a_form_in_two_languages_small(house: House, draft: str) -> None:
    for form in scored_forms(house):
        made = document(house, form, draft=draft)
        assert len(made.gzip) <= TWO_LANGUAGES_BYTES, (form.form_ref, len(made.gzip))


def test_a_draft_costs_nothing_where_nobody_chose_one(house: House) -> None:
    form = scored_forms(house)[0]
    assert b"<small lang" not in document(house, form).plain
    assert draft_script().encode() not in document(house, form).plain
    assert draft_script().encode() in document(house, form, draft="ps").plain


def test_the_full_form_is_at_most_three_times_its_own_words(house: House) -> None:
    form = max(scored_forms(house), key=lambda each: len(each.items))
    made, words = document(house, form), questions(form, "ur", "en")
    assert len(made.gzip) <= 3 * len(gzip.compress(words, 9))


def test_a_script_is_packed_with_its_constants_in_place_and_its_meaning_kept(
    tmp_path: Path,
) -> None:
    source = tmp_path / "source.js"
    source.write_text(
        """/* A note. */ (function () { "use strict"; var LONG_WAY = 20000, C = 2; var most = 4;
        function wait(way) { return way + LONG_WAY; } wait(C); window.C = { C: C, LONG_WAY: most };
        return window.LONG_WAY; }());"""
    )
    assert read_script(source) == (
        '(function(){"use strict";var b=4;function a(b){return b+20000}a(2);'
        "window.C={C:2,LONG_WAY:b};return window.LONG_WAY}())"
    )


def test_everybody_of_a_test_gets_the_same_bytes_without_name_number_or_token(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    open_test(house, room, Occasion.PRE, amal)
    bodies = []
    for number in (0, 1):
        browser = a_phone_at_the_test(client, house, room, number)
        answer = browser.client.get("/my/test/any-version")
        bodies.append(answer.content)
        assert answer.headers["cache-control"] == "private, max-age=43200"
        secrets = [
            browser.client.cookies[cookie_name(house, name)] for name in ("phone", "sitting")
        ]
        for secret in (*secrets, room.cards[number].token, room.workshop.id):
            assert secret not in answer.text
    assert bodies[0] == bodies[1]


def test_the_way_to_the_test_names_the_version_that_is_served(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    browser = a_phone_at_the_test(client, house, room, 0)
    served = browser.client.get("/my/test/any-version").content
    version = hashlib.sha256(served).hexdigest()[:16]
    links = [each.get("href") for each in browser.get("/my").find("a")]
    assert f"/my/test/{version}" in links


def test_the_one_script_and_style_are_allowed_by_hash_and_no_other(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    answer = a_phone_at_the_test(client, house, room, 0).client.get("/my/test/any-version")
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "; worker-src 'self';" in policy
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        (allowed,) = re.findall(f"{directive} ([^;]*);", policy)
        assert f"'sha256-{digest}'" in allowed.split()


def test_the_bytes_fit_what_the_browser_accepts(house: House) -> None:
    made = document(house, scored_forms(house)[0])
    assert made.body_for("gzip, deflate, br") == (made.brotli, {"Content-Encoding": "br"})
    assert made.body_for("gzip;q=0.8") == (made.gzip, {"Content-Encoding": "gzip"})
    assert made.body_for("") == (made.plain, {})


def test_the_sittings_cookie_opens_only_the_save_path(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    open_test(house, room, Occasion.PRE, amal)
    browser = a_phone_at_the_test(client, house, room, 0)
    *token, card, _ = browser.client.cookies["sitting"].split(".")
    assert card == room.cards[0].card.number
    headers = {"Authorization": f"Bearer {'.'.join(token)}"}
    assert client.get(f"{API}/sittings/{token[0]}/responses", headers=headers).status_code == 200
    assert client.get(f"{API}/me", headers=headers).status_code == 401


def test_nastaliq_keeps_within_the_limits_and_is_allowed_by_its_hash(house: House) -> None:
    for form in scored_forms(house):
        for languages, draft, limit in (
            (("ur",), "", ONE_LANGUAGE_BYTES),
            (("ur", "en"), "ps", TWO_LANGUAGES_BYTES),
        ):
            spoken = Spoken(languages, draft, is_nastaliq=True)
            made = get_form_document(
                house.catalogues, form, Occasion.PRE, spoken, is_synthetic=False
            )
            assert len(made.gzip) <= limit
            assert b"Tafawut Nastaliq" in made.plain
            sheet = made.plain.decode().partition("<style>")[2].partition("</style>")[0]
            digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy()
    assert spoken_of(form, ("ur", "en"), "en", letters="nastaliq").is_nastaliq
    assert not spoken_of(form, ("en",), "en", letters="nastaliq").is_nastaliq


def test_a_person_is_asked_in_the_chosen_language_first(house: House) -> None:
    form = scored_forms(house)[0]
    assert spoken_of(form, ("ur", "en"), "en") == Spoken(("en", "ur"))
    assert spoken_of(form, ("ur", "en"), "ur") == Spoken(("ur", "en"))
    assert spoken_of(form, ("ur",), "ur") == Spoken(("ur",))
    assert spoken_of(form, ("ps", "ur"), "ps") == Spoken(("ur",))
