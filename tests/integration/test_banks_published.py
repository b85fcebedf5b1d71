"""Publishing: once per content, immutable, without keys, in an order that tells nothing."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.banks.drafting import draft_form
from app.banks.reading import require_banks
from app.banks.schemas import BankFile, FormFile, ItemBank, LanguageFile
from app.banks.service import find_forms, publish_bank
from app.core.errors import BankBroken
from app.main import build_house
from app.web.house import House
from tests.fixtures.bank_files import BANK, FORM, URDU, changed, write_bank
from tests.fixtures.house import bearer_of, make_settings
from tests.legs import ROOT

SHIPPED = ROOT / "question_banks"


def test_publishing_twice_publishes_once(application: FastAPI, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "banks")
    house: House = application.state.house

    first = _publish(house, folder)
    again = _publish(house, folder)

    assert [(form["form_ref"], form["version"]) for form in first] == [("short", 1)]
    assert again == first


def test_changed_content_is_a_new_version_and_the_old_one_stays_byte_for_byte(
    application: FastAPI, tmp_path: Path
) -> None:
    house: House = application.state.house
    folder = write_bank(tmp_path / "banks")
    first = _publish(house, folder)

    write_bank(folder, bank=changed(BANK, "Which number is", "Which of the numbers is"))
    both = _publish(house, folder)

    assert [(form["form_ref"], form["version"]) for form in both] == [("short", 1), ("short", 2)]
    assert both[0] == first[0]
    assert "Which of the numbers is" in both[1]["document"]


def test_a_correction_in_the_item_bank_is_a_new_version_of_every_form_with_that_item(
    application: FastAPI, tmp_path: Path
) -> None:
    house: House = application.state.house
    folder = write_bank(tmp_path / "banks")
    other = folder / "little" / "forms" / "other.yaml"
    one = FORM.replace("form: short", "form: other").replace("telling: 2", "telling: 1")
    other.write_text(one.replace("  - number\n", ""), encoding="utf-8")
    _publish(house, folder)

    write_bank(folder, bank=changed(BANK, "Which number is", "Which of the numbers is"))
    forms = _publish(house, folder)

    assert [(form["form_ref"], form["version"]) for form in forms] == [
        ("other", 1),
        ("short", 1),
        ("short", 2),
    ]


def test_a_bank_may_grow_without_new_versions_of_the_forms_that_do_not_use_what_is_new(
    application: FastAPI, tmp_path: Path
) -> None:
    house: House = application.state.house
    folder = write_bank(tmp_path / "banks")
    first = _publish(house, folder)

    bank = BANK.replace(
        "items:\n",
        '  - ref: sea-myth\n    belief: "It needs a sea"\n'
        "stimuli:\n  - ref: a-boat\n    text: A boat sails.\nitems:\n",
    )
    bank = bank.replace("misconceptions:", "  - ref: sea\n    title: At sea\nmisconceptions:", 1)
    urdu = URDU.replace("misconceptions:", "  sea: سمندر\nmisconceptions:", 1)
    urdu = urdu.replace("items:", "  sea-myth: سمندر\nstimuli:\n  a-boat: کشتی\nitems:", 1)
    write_bank(folder, bank=bank.encode(), ur=urdu.encode())

    assert _publish(house, folder) == first


def test_one_broken_bank_publishes_nothing_at_all(application: FastAPI, tmp_path: Path) -> None:
    house: House = application.state.house
    folder = write_bank(tmp_path / "banks")
    broken = folder / "other"
    broken.mkdir()
    (broken / "bank.yaml").write_text("bank: other\n", encoding="utf-8")

    with pytest.raises(BankBroken) as refused:
        _publish(house, folder)

    assert "other/bank.yaml:1: “items” is missing" in refused.value.says_with_facts()
    with house.unit(writes=False) as work:
        assert find_forms(work) == []


def test_the_stored_document_holds_no_key_and_no_misconception(
    application: FastAPI, tmp_path: Path
) -> None:
    bank = BANK.replace("border-myth", "canary-myth")
    bank = bank.replace("Trafficking needs a border\n", "CANARY belief\n")
    bank = bank.replace("A made-up law", "CANARY source").replace("Article", "CANARY pinpoint")
    urdu = URDU.replace("border-myth", "canary-myth").replace("سرحد ضروری ہے", "CANARY یقین")
    folder = write_bank(tmp_path / "banks", bank=bank.encode(), ur=urdu.encode())

    (form,) = _publish(application.state.house, folder)

    assert "canary" not in form["document"].lower()
    assert "canary-myth" in form["key"]
    assert _names_in(json.loads(form["document"])) == {
        *("title", "languages", "en", "ur", "objectives", "telling", "items"),
        *("item", "ref", "kind", "objective", "flags", "max_length", "stem", "stimulus"),
        *("options", "option", "text"),
    }


def test_no_shipped_document_and_no_answer_of_the_api_has_a_place_for_keys(
    house: House, admin: StaffPerson, client: TestClient
) -> None:
    with house.unit(writes=False) as work:
        rows = work.db.connection().execute(text("SELECT document FROM forms")).scalars().all()

    told = client.get("/api/v1/forms", headers=bearer_of(house, admin))

    assert told.status_code == 200
    assert len(rows) == len(told.json()) == 8
    secret = {"key", "keys", "misconception", "misconceptions", "source", "pinpoint", "points"}
    for content in (*map(json.loads, rows), told.json()):
        assert _names_in(content) >= {"items", "options", "text"}
        assert _names_in(content) & secret == set()


def test_the_same_content_has_the_same_option_order_in_two_databases(
    house: House, sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "second.sqlite3")
    settings = make_settings(tmp_path / "second", f"sqlite:///{tmp_path / 'second.sqlite3'}")
    second = build_house(settings)
    try:
        there = _publish(second, SHIPPED)
    finally:
        second.engine.dispose()
    here = _publish(house, SHIPPED)

    columns = ("form_ref", "version", "content_hash", "document", "key")
    assert [[form[name] for name in columns] for form in here] == [
        [form[name] for name in columns] for form in there
    ]


def test_the_printed_order_tells_nothing_about_the_key_or_about_what_was_written_first() -> None:
    keys: Counter[str] = Counter()
    first_written: Counter[str] = Counter()
    for number in range(150):
        bank = _synthetic_bank(number)
        draft = draft_form(bank, bank.forms[0])
        for item in draft.document["items"]:
            letters = {option["ref"]: option["option"] for option in item["options"]}
            first_written[letters["one"]] += 1
            keys[draft.key["items"][item["item"]]["keys"][0]] += 1

    # Chi-square with 3 degrees of freedom; 16.27 is passed once in a thousand. Nothing is
    # random here: the order follows from the content, so that the result is always the same.
    assert keys.total() == first_written.total() == 1200
    assert _chi_square(keys, expected=300) < 16.27
    assert _chi_square(first_written, expected=300) < 16.27


def _publish(house: House, folder: Path) -> list[dict[str, Any]]:
    """Publish the folder; every stored column of every form, with its key."""
    with house.unit(writes=True) as work:
        for bank in require_banks(folder):
            publish_bank(work, bank)
    with house.unit(writes=False) as work:
        rows = work.db.connection().execute(
            text(
                "SELECT forms.*, form_keys.key FROM forms JOIN form_keys "
                "ON form_keys.form_id = forms.id ORDER BY form_ref, version"
            )
        )
        return [dict(row) for row in rows.mappings()]


def _names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_names_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(_names_in, value))
    return set()


def _chi_square(counts: Counter[str], *, expected: int) -> float:
    return sum((counts[letter] - expected) ** 2 / expected for letter in "abcd")


def _synthetic_bank(number: int) -> ItemBank:
    """Eight items with four options; the key moves through what is written first to last."""
    refs = ("one", "two", "three", "four")
    items = [
        {
            "ref": f"item-{index}",
            "kind": "single_choice",
            "objective": "all",
            "stem": f"Question {index} of bank {number}?",
            "options": [
                {"ref": ref, "text": ref, "key": at == index % 4} for at, ref in enumerate(refs)
            ],
        }
        for index in range(8)
    ]
    source = {
        "bank": f"synthetic-{number}",
        "purpose": "test",
        "language": "en",
        "title": "Synthetic",
        "objectives": [{"ref": "all", "title": "All"}],
        "items": items,
    }
    form = {
        "form": "whole",
        "bank": f"synthetic-{number}",
        "audience": "any",
        "title": {"en": "Whole"},
        "languages": ["en"],
        "items": [item["ref"] for item in items],
    }
    no_texts: dict[str, LanguageFile] = {}
    return ItemBank(BankFile.model_validate(source), no_texts, (FormFile.model_validate(form),))
