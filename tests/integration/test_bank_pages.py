"""The admin's page of banks: out as a workbook, in again, looked over, published; no one else's."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.banks.service import find_forms, publish_bank, publish_banks
from app.banks.translating import write_translation
from app.core.errors import BankNotMended
from app.upkeep.failing import sentence_of
from app.web.house import House
from tests.fixtures.house import sign_in
from tests.fixtures.loop import everything_stored, rows
from tests.fixtures.page_client import Page, PageClient
from tests.fixtures.workbooks import EXAMPLE, MADE_AT, banks, written

HERE = "/admin/banks"
PUBLISHED = "SELECT object_id, facts FROM audit_events WHERE verb = 'publish_bank'"


@pytest.fixture
def browser(client: TestClient, house: House, admin: StaffPerson) -> PageClient:
    """The admin's browser."""
    sign_in(client, house, admin)
    return PageClient(client, house)


def bring(browser: PageClient, content: bytes, status: int = 200) -> Page:
    """What choosing a file and pressing the button shows."""
    answer = send(browser, content)
    assert answer.status_code == status, answer.text[:400]
    return browser.read(answer, status)


def send(browser: PageClient, content: bytes) -> Any:
    """The answer to the chosen file as it came."""
    token = browser.get(HERE).fields(f"{HERE}/read")["csrf"]
    files = {"file": ("a-bank.xlsx", content, "application/octet-stream")}
    return browser.client.post(f"{HERE}/read", data={"csrf": token}, files=files)


def words(page: Page) -> str:
    """What is read, without what stands around it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def publish(browser: PageClient, page: Page, **changed: str) -> Any:
    """Press the button below what was looked over."""
    return browser.client.post(HERE, data=page.fields(HERE) | changed, files={"none": b""})


def edited(change: Callable[[Any], None]) -> bytes:
    book = load_workbook(io.BytesIO(written("my-bank")))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def package() -> bytes:
    """The example as a ZIP of its folder, as a computer packs it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(EXAMPLE.rglob("*.yaml")):
            archive.writestr(path.relative_to(EXAMPLE).as_posix(), path.read_bytes())
    return buffer.getvalue()


@pytest.mark.parametrize("make", [lambda: written("my-bank"), package], ids=["workbook", "package"])
def test_a_bank_is_looked_over_published_once_and_taken_out_again(
    browser: PageClient, house: House, make: Callable[[], bytes]
) -> None:
    before = everything_stored(house)
    page = bring(browser, make())
    assert everything_stored(house) == before, "nothing is stored before it is published"
    text = page.text
    assert "Nothing must be mended." in text
    assert "On which day is the counter open?" in text
    assert "کاؤنٹر کس دن کھلا ہوتا ہے؟" in text

    answer = publish(browser, page)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    with house.unit(writes=False) as work:
        (form,) = [each for each in find_forms(work) if each.bank_ref == "my-bank"]
    assert (form.form_ref, form.version, form.is_reviewed()) == ("my-form", 1, False)
    (event,) = rows(
        house, "SELECT verb, object_id, facts FROM audit_events WHERE verb = 'publish_bank'"
    )
    assert (event["object_id"], event["facts"]) == ("my-bank", '{"forms": ["my-form v1"]}')

    again = publish(browser, bring(browser, make()))
    assert again.status_code == 303
    assert len(rows(house, "SELECT 1 FROM bank_sources WHERE bank_ref = 'my-bank'")) == 1
    assert "An example to write over" in browser.get(HERE).text

    out = browser.client.get(f"{HERE}/my-bank/bank.xlsx")
    assert out.status_code == 200
    assert "Nothing must be mended." in bring(browser, out.content).text
    assert "not yet reviewed by a lawyer" in browser.get("/admin").text


@pytest.mark.sqlite_only
def test_texts_and_tables_before_a_question_are_seen_before_publishing_and_after(
    browser: PageClient, house: House
) -> None:
    seen = send(browser, written("tip-som"))  # “None” begins an answer of it: not read as a page
    assert seen.text.count("<td>16,950</td>") == 2, "in English, and in Urdu beside it"
    assert "A table for a report shows the victims" in seen.text
    with house.unit(writes=False) as work:
        forms = [each for each in find_forms(work) if any(item.table for item in each.items)]
    assert forms
    for form in forms:
        assert browser.get(f"/admin/forms/{form.id}").text.count("<td>16,950</td>") == 1


@pytest.mark.sqlite_only
def test_every_problem_stands_in_its_place_and_nothing_can_be_published(
    browser: PageClient, house: House
) -> None:
    page = bring(browser, edited(lambda book: book["items"].__setitem__("C3", "no-topic")))
    assert "Problems that must be mended: 2" in words(page)
    assert "items C3 no objective is called “no-topic”" in words(page)
    assert 'name="bank"' not in page.text

    page = bring(
        browser, edited(lambda book: book["items"].__setitem__("V3", "Tuesday <b>noon</b>"))
    )
    assert "Problems that must be mended: 2" in words(page)
    assert "items V3" in page.text
    assert 'name="bank"' not in page.text


@pytest.mark.sqlite_only
def test_what_the_linter_refuses_is_not_published_whoever_sends_it(
    browser: PageClient, house: House
) -> None:
    page = bring(browser, written("my-bank"))
    whole = page.fields(HERE)["bank"]
    before = everything_stored(house)
    for was, now, code in (
        ("On Tuesday", "On every Tuesday and on every other day, as was said before", 422),
        ('"objective":"first-topic"', '"objective":"no-topic"', 422),
        ('"bank.yaml"', '"other.yaml"', 422),
        ("{", "[" * 5000 + "{", 422),
    ):
        answer = publish(browser, page, bank=whole.replace(was, now, 1))
        assert answer.status_code == code, was
        assert browser.read(answer, code).find("div", role="alert")
    assert everything_stored(house) == before


def test_a_translators_sheet_comes_back_alone_and_adds_its_language(
    browser: PageClient, house: House
) -> None:
    with house.unit(writes=True) as work:
        publish_bank(work, banks()["my-bank"])
    out = browser.client.get(f"{HERE}/my-bank/translation.xlsx?language=ps")
    assert out.status_code == 200
    book = load_workbook(io.BytesIO(out.content))
    sheet = book["translation"]
    for row in range(2, sheet.max_row + 1):
        question = "؟" if "?" in str(sheet[f"C{row}"].value) else ""
        sheet[f"D{row}"] = f"پښتو کرښه {chr(0x0627 + row)}{question}"
    buffer = io.BytesIO()
    book.save(buffer)
    page = bring(browser, buffer.getvalue())
    assert "Nothing must be mended." in page.text
    assert publish(browser, page).status_code == 303
    (newest,) = rows(house, "SELECT max(version) AS newest FROM bank_sources")
    assert newest["newest"] == 2
    assert rows(house, "SELECT 1 FROM audit_events WHERE verb = 'export_translation'")


@pytest.mark.sqlite_only
def test_a_translation_of_a_bank_that_is_not_here_says_so(browser: PageClient) -> None:
    content = write_translation(banks()["workshop-feedback"], "ps", made_at=MADE_AT)
    assert "The bank that it translates is not published here." in bring(browser, content, 422).text


@pytest.mark.sqlite_only
def test_the_template_is_a_bank_that_comes_in_as_it_is(browser: PageClient) -> None:
    template = browser.client.get(f"{HERE}/template.xlsx")
    assert template.status_code == 200
    assert "Nothing must be mended." in bring(browser, template.content).text


@pytest.mark.sqlite_only
def test_no_file_and_a_foreign_file_get_a_sentence(browser: PageClient) -> None:
    token = browser.get(HERE).fields(f"{HERE}/read")["csrf"]
    answer = browser.client.post(f"{HERE}/read", data={"csrf": token}, files={"none": b""})
    assert "No file is chosen." in browser.read(answer, 422).text
    assert "It is neither a workbook" in bring(browser, b"%PDF-1.7 synthetic", 422).text


@pytest.mark.sqlite_only
def test_who_is_no_admin_has_no_byte_of_a_file_read(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    sign_in(client, house, amal)
    browser = PageClient(client, house)
    token = browser.get("/trainer").fields("/sign-out")["csrf"]
    files = {"file": ("a-bank.xlsx", b"PK" + b"\0" * 1000, "application/octet-stream")}
    assert client.post(f"{HERE}/read", data={"csrf": token}, files=files).status_code == 403
    assert client.get(f"{HERE}/tip-som/bank.xlsx").status_code == 403


@pytest.mark.sqlite_only
def test_the_command_refuses_what_the_linter_refuses(tmp_path: Path, house: House) -> None:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    bank = tmp_path / "my-bank" / "bank.yaml"
    bank.write_text(bank.read_text(encoding="utf-8").replace("On Tuesday", "All of the above"))
    with pytest.raises(BankNotMended) as refused, house.unit(writes=True) as work:
        publish_banks(work, tmp_path)
    assert sentence_of(refused.value).startswith(
        "Nothing is published. This must be mended first: my-bank/bank.yaml:6"
    )
    assert "All of the above" in sentence_of(refused.value)
    assert not rows(house, "SELECT 1 FROM forms WHERE bank_ref = 'my-bank'")


@pytest.mark.sqlite_only
def test_questions_of_another_tool_become_a_draft_with_a_list_of_what_is_lost(
    browser: PageClient, house: House
) -> None:
    before = everything_stored(house)
    page = bring(browser, b"::Bridge::Who keeps it?{~Music#no =Roads}\n\nWhen?{#1822:1}\n")
    assert "A draft from another tool." in words(page)
    assert "Not carried: 3" in words(page)
    assert "GIFT:3 an answer that is a number" in words(page)
    draft = browser.client.post(
        f"{HERE}/draft.xlsx", data=page.fields(f"{HERE}/draft.xlsx"), files={"none": b""}
    )
    assert draft.status_code == 200
    sheet = load_workbook(io.BytesIO(draft.content))["items"]
    assert sheet["A2"].value == "bridge"
    assert "names no misconception" in words(bring(browser, draft.content))
    assert everything_stored(house) == before


@pytest.mark.sqlite_only
def test_a_bank_goes_out_as_gift_and_as_moodle_xml_with_a_line_in_the_log(
    browser: PageClient, house: House
) -> None:
    with house.unit(writes=True) as work:
        publish_bank(work, banks()["my-bank"])
    for ending, begins in (("gift", b"// Left out: the words in ur"), ("xml", b"<?xml ")):
        out = browser.client.get(f"{HERE}/my-bank/bank.{ending}")
        assert (out.status_code, out.content.startswith(begins)) == (200, True)
        assert b"On which day is the counter open?" in out.content
        assert "Not carried: 0" in words(bring(browser, out.content))
    assert len(rows(house, "SELECT 1 FROM audit_events WHERE verb = 'export_bank'")) == 2
