"""Every printed number has its recipe: labels, columns and fields lead to /methods."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args
from xml.etree.ElementTree import Element

import pytest
from jinja2 import nodes
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.main import settle_once
from app.reports.gains_as_csv import HEADER
from app.reports.item_report import ITEM_COLUMNS, OPTION_COLUMNS
from app.reports.measures import MEASURES
from app.reports.results_as_csv import GROUP_HEADER, ITEM_HEADER
from app.web.api.wire_results import ToldGain
from app.web.columns import COLUMNS
from app.web.house import House
from app.web.recipes import OF, REASON_WORDS, RECIPES, WHEN, WITHOUT
from app.web.sources import SOURCES
from app.web.view import make_environment
from app.workshops.schemas import Audience
from tests.fixtures.house import FakeClock, a_workshop, sign_in
from tests.fixtures.loop import run_workshop
from tests.fixtures.page_client import TEMPLATES, Page, PageClient, another_browser, words_of

pytestmark = pytest.mark.sqlite_only

LANGUAGES = ("en", "ur")
# Reviewed: columns that hold no computed number.
NOT_NUMBERS = {
    "workshop_id", "title", "organisation", "programme", "funder", "country", "province", "place",
    "starts_on", "ends_on", "dates", "form", "form_version", "form_hash", "law_review",
    "language_review", "provisional", "origin", "item", "objective", "facet", "value", "year",
    "quarter", "bank", "item_version", "forms", "workshops", "evidence", "flags", "option",
    "is_key", "misconception",
}  # fmt: skip


def recipe_keys_of_templates() -> Iterator[tuple[str, str]]:
    """Template and key of every call of the macro `recipe`."""
    environment = make_environment()
    for path in sorted(Path(TEMPLATES).rglob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "recipe":
                key = call.args[0]
                assert isinstance(key, nodes.Const), f"{path.name}: the key is not written out"
                yield path.name, key.value


def linked(cell: Element) -> list[str]:
    return [
        target
        for each in cell.iter("a")
        if (target := each.get("href") or "").startswith("/methods#")
    ]


def labels_of_numbers(page: Page) -> Iterator[Element]:
    """What names a number on a page: heads of number columns; the rows' heads where there is none.

    A table that lists things, whose first cell names a thing, is read by its columns.
    """
    for table in page.find("table"):
        heads = [each for each in table.iter("th") if each.get("scope") == "col"]
        numbered = [each for each in heads if "number" in (each.get("class") or "")]
        is_list = bool({"report", "plot"} & set((table.get("class") or "").split()))
        rows = [
            row.find("th")
            for row in table.iter("tr")
            if any("number" in (cell.get("class") or "") for cell in row.iter("td"))
        ]
        yield from numbered if is_list else (each for each in rows if each is not None)


def test_every_key_of_a_template_is_a_recipe_and_templates_use_them() -> None:
    used = list(recipe_keys_of_templates())
    assert [(place, key) for place, key in used if key not in RECIPES] == []
    assert {"results.html", "report.html", "_findings.html"} <= {place for place, _ in used}


def test_every_recipe_stands_on_the_page_in_both_languages(
    client: TestClient, house: House
) -> None:
    for language in LANGUAGES:
        page = PageClient(another_browser(client), house, language).get("/methods")
        headings = {each.get("id"): words_of(each) for each in page.find("h3")}
        for recipe in RECIPES.values():
            assert headings[recipe.anchor] == house.catalogues.translate(language, recipe.name)
            assert house.catalogues.translate(language, recipe.says) in page.main


def test_formulas_and_sources_run_from_left_to_right_in_urdu(
    client: TestClient, house: House
) -> None:
    page = PageClient(another_browser(client), house, "ur").get("/methods")
    ltr = {words_of(each) for each in page.find("bdi", dir="ltr", lang="en")}
    for recipe in RECIPES.values():
        assert {" ".join(line.split()) for line in recipe.formula} <= ltr
        assert {source.text for source in recipe.sources} <= ltr


def test_a_source_that_we_did_not_read_is_marked(client: TestClient, house: House) -> None:
    page = PageClient(another_browser(client), house).get("/methods")
    assert "Lakens 2013, Front. Psychol. 4:863 (not yet checked)" in page.main
    assert "Hake 1998, Am. J. Phys. 66:64; PhysPort (read)" in page.main
    assert "Bao 2006, Am. J. Phys. 74:917 (abstract read, details not yet checked)" in page.main


def test_every_recipe_is_complete() -> None:
    cited = {each for recipe in RECIPES.values() for each in recipe.from_sources}
    assert cited == set(SOURCES)
    for recipe in RECIPES.values():
        assert recipe.of in OF
        assert recipe.without in WITHOUT
        assert recipe.when in WHEN
        assert set(recipe.reasons) <= set(REASON_WORDS)
        assert re.fullmatch(r"[a-z][a-z_]*", recipe.key)


def test_every_number_of_the_file_and_of_the_api_has_a_recipe() -> None:
    assert set(COLUMNS.values()) <= set(RECIPES)
    columns = {*HEADER, *ITEM_HEADER, *GROUP_HEADER, *ITEM_COLUMNS, *OPTION_COLUMNS}
    assert sorted(columns - set(COLUMNS) - NOT_NUMBERS) == []
    assert {each.recipe for each in MEASURES.values()} <= set(RECIPES)
    numbers = {
        name
        for name, field in ToldGain.model_fields.items()
        if {int, Decimal} & {field.annotation, *get_args(field.annotation)}
    }
    assert len(numbers) > 15
    assert sorted(numbers - set(COLUMNS)) == []


def test_every_number_on_the_results_page_and_in_the_report_names_its_recipe(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, 12, audience=Audience.NGO)
    run_workshop(house, room, amal, [(n % 5, 3 + n % 6) for n in range(12)])
    clock.advance(timedelta(hours=25))
    settle_once(house)
    anchors = {each.anchor for each in RECIPES.values()}
    for staff, path in (
        (amal, f"/trainer/workshops/{room.workshop.id}/results"),
        (dina, "/evaluator"),
        (dina, f"/evaluator/workshops/{room.workshop.id}"),
        (dina, "/evaluator/pooled?by=sex"),
    ):
        browser = PageClient(another_browser(client), house)
        sign_in(browser.client, house, staff)
        page = browser.get(path)
        labels = list(labels_of_numbers(page))
        assert len(labels) >= 6
        assert [words_of(each) for each in labels if not linked(each)] == []
        targets = {target.partition("#")[2] for each in labels for target in linked(each)}
        assert targets <= anchors


def test_the_way_to_the_recipes_stands_on_help_about_and_every_page_of_staff(
    client: TestClient, house: House, dina: StaffPerson
) -> None:
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, dina)
    for path in ("/help", "/about", "/evaluator"):
        assert browser.get(path).find("a", href="/methods"), path
