"""Forms retired, offered and corrected by the command line, as the page does it."""

import builtins
from dataclasses import replace

import pytest

from app.__main__ import main
from app.accounts.schemas import StaffPerson
from app.banks import life
from app.banks import service as banks
from app.banks.drafting import draft_form
from app.banks.reading import require_banks
from app.core.errors import FormUnknown, ValueRefused
from app.core.scoring import ItemKind
from app.web.house import House
from tests.fixtures.house import a_workshop
from tests.fixtures.loop import keys_of, rows, run_workshop

pytestmark = pytest.mark.sqlite_only
PAIRS = [(1 + k % 5, 3 + k % 6) for k in range(4)]
WHY = ["--reason", "The law says otherwise."]


@pytest.fixture(autouse=True)
def _environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAFAWUT_DATA_DIR", str(house.settings.data_dir))
    monkeypatch.setenv("TAFAWUT_DATABASE_URL", house.settings.database)


def events(house: House, admin: StaffPerson) -> list[str]:
    found = rows(house, f"SELECT verb FROM audit_events WHERE staff_id = '{admin.id}'")
    return [str(each["verb"]) for each in found if str(each["verb"]).endswith(("form", "item"))]


def test_a_form_is_retired_and_offered_again_by_an_admins_name(
    house: House, admin: StaffPerson, amal: StaffPerson, capsys: pytest.CaptureFixture[str]
) -> None:
    with house.unit(writes=False) as work:
        form = life.find_form(work, "ngo")
    assert main(["banks", "retire", "ngo", "--by", admin.login, *WHY]) == 0
    assert capsys.readouterr().out == f"ngo v{form.version} is offered no more.\n"
    with house.unit(writes=False) as work:
        assert banks.require_form(work, form.id).retired_because == "The law says otherwise."
    assert main(["banks", "retire", "ngo", "--by", admin.login, *WHY]) == 1
    assert main(["banks", "offer", "ngo", "--by", admin.login]) == 0
    assert main(["banks", "offer", "ngo", "--by", admin.login]) == 1
    with house.unit(writes=False) as work:
        assert banks.require_form(work, form.id).retired_at is None
    capsys.readouterr()
    for nobody in (amal.login, "nobody"):
        assert main(["banks", "offer", "ngo", "--by", nobody]) == 1
        assert capsys.readouterr().err == f"No admin signs in as {nobody}.\n"
    assert main(["banks", "retire", "nothing", "--by", admin.login, *WHY]) == 1
    assert events(house, admin) == ["retire_form", "offer_form"]


def test_two_banks_may_call_a_form_the_same(house: House) -> None:
    """The command asks which one; with its bank a form is found in either."""
    bank = require_banks(house.settings.banks)[0]
    draft = draft_form(bank, bank.forms[0])
    name = draft.form_ref
    with house.unit(writes=True) as work:
        twin = replace(draft, bank_ref="another", content_hash="1" * 64)
        other = banks.publish_form(work, twin)
        with pytest.raises(ValueRefused) as refused:
            life.find_form(work, name)
        told = sorted([f"another/{name}", f"{draft.bank_ref}/{name}"])
        assert refused.value.facts["forms"] == ", ".join(told)
        assert life.find_form(work, f"another/{name}") == other
        assert life.find_form(work, f"{draft.bank_ref}/{name}", 1).bank_ref == draft.bank_ref
        with pytest.raises(FormUnknown):
            life.describe_changes(work, f"another/{name}", None, None)


def test_a_key_is_corrected_after_it_was_asked_and_everybody_is_scored_anew(
    house: House, admin: StaffPerson, amal: StaffPerson, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    room = a_workshop(house, amal, people=len(PAIRS))
    run_workshop(house, room, amal, PAIRS)
    key = next(each for each in keys_of(house, room) if each.kind is ItemKind.SINGLE_CHOICE)
    (old,) = key.keys
    new = next(each for each in key.options if each not in key.keys)
    with house.unit(writes=False) as work:
        form = banks.require_form(work, room.workshop.form_id)
    words = ["banks", "correct", form.form_ref, "--item", key.item, "--by", admin.login, *WHY]

    monkeypatch.setattr(builtins, "input", lambda _asked: "no")
    assert main([*words, "--keys", new]) == 1
    said = capsys.readouterr().err
    assert f"question {key.item}: " in said
    assert f"right until now: {old}\nright from now on: {new}\n" in said
    assert said.endswith("Nothing was changed.\n")
    assert events(house, admin) == []

    assert main([*words, "--keys", old, "--yes"]) == 1
    assert main([*words, "--keys", "z", "--yes"]) == 1
    assert events(house, admin) == []
    capsys.readouterr()

    monkeypatch.setattr(builtins, "input", lambda _asked: "yes")
    assert main([*words, "--keys", new]) == 0
    told = capsys.readouterr().out
    assert told == (
        f"{form.form_ref} v{form.version + 1} is offered in its place. Workshops scored anew: 1.\n"
    )
    assert main([*words, "--withdraw", "--yes"]) == 0
    assert "Workshops scored anew: 1.\n" in capsys.readouterr().out
    (moved,) = rows(house, f"SELECT form_id FROM workshops WHERE id = '{room.workshop.id}'")
    with house.unit(writes=False) as work:
        newest = life.find_form(work, form.form_ref)
        assert moved["form_id"] == newest.id
        assert newest.version == form.version + 2
        assert key.item not in banks.require_keys(work, newest.id).keys
    assert [each for each in events(house, admin) if each != "rescore_form"] == [
        "correct_form", "withdraw_item",
    ]  # fmt: skip
