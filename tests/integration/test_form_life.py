"""A published form: offered, retired, offered again; its tests go on and its results stay."""

import json

import pytest
from starlette.testclient import TestClient

from app.__main__ import main
from app.accounts.schemas import Role, StaffPerson
from app.banks import corrections, life
from app.banks import service as banks
from app.banks.schemas import PublishedForm, ReviewKind
from app.banks.tables import Form, FormKey
from app.core.errors import FormOffered, FormRetired, FormUnknown, ValueRefused
from app.core.scoring import ItemKey, ItemKind
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Audience
from tests.fixtures.house import a_plan, a_staff_member, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import rows, run_workshop
from tests.fixtures.page_client import PageClient, another_browser


def form_of(house: House, ref: str) -> PublishedForm:
    with house.unit(writes=False) as work:
        return life.find_form(work, ref)


def offered(house: House) -> set[str]:
    with house.unit(writes=False) as work:
        return {each.form_ref for each in workshops.find_tests(work)}


def test_a_retired_form_is_offered_no_more_and_can_be_offered_again(
    house: House, amal: StaffPerson
) -> None:
    admin = a_staff_member(house, "admin-life", Role.ADMIN)
    form = form_of(house, "ngo")
    assert "ngo" in offered(house)
    with house.unit(writes=True) as work, pytest.raises(ValueRefused):
        life.retire_form(work, form, reason=" ", by=admin)
    with house.unit(writes=True) as work:
        retired = life.retire_form(work, form, reason="The law has changed.", by=admin)
    assert retired.retired_at
    assert retired.retired_because == "The law has changed."
    assert "ngo" not in offered(house)
    plan = a_plan(audience=Audience.NGO, form_ref="ngo")
    with house.unit(writes=True) as work, pytest.raises(FormUnknown):
        workshops.create_workshop(work, plan, by=amal)
    with house.unit(writes=True) as work, pytest.raises(FormRetired):
        life.retire_form(work, retired, reason="Again.", by=admin)
    with house.unit(writes=True) as work:
        life.offer_form(work, retired, by=admin)
        assert workshops.create_workshop(work, plan, by=amal).form_id == form.id
    with house.unit(writes=True) as work, pytest.raises(FormOffered):
        life.offer_form(work, form_of(house, "ngo"), by=admin)
    verbs = rows(house, "SELECT verb FROM audit_events WHERE object_kind = 'form' ORDER BY id")
    assert [each["verb"] for each in verbs] == ["retire_form", "offer_form"]


def test_tests_and_results_of_a_retired_form_go_on(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=6)
    run_workshop(house, room, amal, [(3, 6)] * 6)
    admin = a_staff_member(house, "admin-life", Role.ADMIN)
    browser = another_browser(client)
    sign_in(browser, house, amal)
    address = f"/trainer/workshops/{room.workshop.id}/results"
    before = PageClient(browser, house).get(address).main
    with house.unit(writes=True) as work:
        form = banks.require_form(work, room.workshop.form_id)
        life.retire_form(work, form, reason="Too hard.", by=admin)
    assert PageClient(browser, house).get(address).main == before
    edit = PageClient(browser, house).get(f"/trainer/workshops/{room.workshop.id}/edit")
    assert f'value="multidisciplinary/{form.form_ref}" checked' in edit.text  # still its own


def test_the_page_and_the_api_retire_offer_and_compare(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    admin = a_staff_member(house, "admin-life", Role.ADMIN)
    form = form_of(house, "ngo")
    browser = another_browser(client)
    sign_in(browser, house, admin)
    page = PageClient(browser, house)
    assert "This is the first version." in page.get(f"/admin/forms/{form.id}").main
    headers = bearer_of(house, admin)
    sent = client.post(
        f"/api/v1/forms/{form.id}/retire", headers=headers, json={"reason": "Old law."}
    )
    assert sent.json()["retired_at"] is not None
    assert "Old law." in page.get(f"/admin/forms/{form.id}").main
    assert client.post(f"/api/v1/forms/{form.id}/offer", headers=headers).json()[
        "retired_at"
    ] is None  # fmt: skip
    other = form_of(house, "ngo-full")
    changes = client.get(
        f"/api/v1/forms/{other.id}/changes", headers=headers, params={"since": form.id}
    ).json()
    on_page = page.get(f"/admin/forms/{other.id}?since={form.id}").main
    assert {"item_added", "title"} <= {each["kind"] for each in changes}
    assert all(" ".join(each["says"].split()) in on_page for each in changes)


@pytest.mark.sqlite_only
def test_the_command_says_what_changed_since_the_version_before(
    house: House, amal: StaffPerson, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    form = form_of(house, "ngo")
    with house.unit(writes=True) as work:
        connection = work.db.connection()
        (document,) = connection.exec_driver_sql(
            f"SELECT document FROM forms WHERE id = '{form.id}'"
        ).one()
        changed = json.loads(document)
        changed["title"]["en"] = "A newer title"
        connection.exec_driver_sql(
            "INSERT INTO forms SELECT 'newer', bank_ref, form_ref, version + 1, 'newer', purpose, "
            "audience, item_count, max_units, document, published_at FROM forms "
            f"WHERE id = '{form.id}'"
        )
        connection.exec_driver_sql(
            f"INSERT INTO form_keys SELECT 'newer', key FROM form_keys WHERE form_id = '{form.id}'"
        )
    with house.unit(writes=True) as work:
        row = work.db.get_one(Form, "newer")
        row.document = json.dumps(changed)
        work.db.add(row)
    monkeypatch.setenv("TAFAWUT_DATA_DIR", str(house.settings.data_dir))
    monkeypatch.setenv("TAFAWUT_DATABASE_URL", house.settings.database)
    assert main(["banks", "diff", "ngo"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ngo: version 1 to version 2\n")
    assert "now “A newer title”." in said
    assert main(["banks", "diff", "nothing"]) == 1


def test_a_corrected_version_stays_retired_and_keeps_who_read_its_words(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    form = form_of(house, "ngo")
    key = next(each for each in keys_by_form(house, form) if each.kind is ItemKind.SINGLE_CHOICE)
    other = [next(each for each in key.options if each not in key.keys)]
    with house.unit(writes=True) as work:
        banks.sign_form(work, form, kind=ReviewKind.NATIVE, language="ur", reviewer="Zarmina")
        banks.sign_form(work, form, kind=ReviewKind.LAW, language="", reviewer="Dr. Shahbaz")
        retired = life.retire_form(work, form, reason="The law has changed.", by=amal)
        made = corrections.correct_form(
            work, retired, item=key.item, keys=other, reason="The law says otherwise.", by=amal
        )
    assert (made.retired_at, made.retired_because) == (retired.retired_at, "The law has changed.")
    assert "ngo" not in offered(house)
    signed = rows(house, "SELECT kind, language FROM form_reviews WHERE form_id = :id", id=made.id)
    assert signed == [{"kind": "native", "language": "ur"}]


def keys_by_form(house: House, form: PublishedForm) -> tuple[ItemKey, ...]:
    with house.unit(writes=False) as work:
        return banks.require_content(work, form.id).keys


def test_the_page_says_offered_of_the_version_that_trainers_get(
    client: TestClient, house: House
) -> None:
    """A version that was corrected when a later one was out has the highest number, no more."""
    form = form_of(house, "ngo")
    key = next(each for each in keys_by_form(house, form) if each.kind is ItemKind.SINGLE_CHOICE)
    other = [next(each for each in key.options if each not in key.keys)]
    with house.unit(writes=True) as work:
        row, stored = work.db.get(Form, form.id), work.db.get(FormKey, form.id)
        assert row is not None
        assert stored is not None
        number = row.version + 1
        own = {"id": "later", "content_hash": "0" * 64, "version": number}
        work.db.add(Form(**(row.model_dump() | own)))
        work.db.flush()
        work.db.add(FormKey(form_id="later", key=stored.key))
        made = corrections.correct_form(
            work, form, item=key.item, keys=other, reason="The law says otherwise.", by=None
        )
    assert made.version > number
    browser = another_browser(client)
    sign_in(browser, house, a_staff_member(house, "admin-offer", Role.ADMIN))
    said = {
        each: "offered to trainers" in PageClient(browser, house).get(f"/admin/forms/{each}").main
        for each in (form.id, "later", made.id)
    }
    assert said == {form.id: False, "later": True, made.id: False}
