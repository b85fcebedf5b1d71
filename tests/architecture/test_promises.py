"""What participants are promised is what the pages say, and tests prove each sentence."""

import ast
import re
from hashlib import sha256
from pathlib import Path

from app.adapters.i18n import Catalogues
from app.participants.consent import CONSENT_TEXTS, CONSENT_VERSION
from app.participants.schemas import Profile
from app.tables import metadata
from tests.architecture.source import APP, modules, parse
from tests.promises import NO_PROMISES, PROMISES

ROOT = Path(__file__).parents[2]
TEMPLATES = APP / "web" / "templates"
PAGES = ("privacy.html", "participant/consent.html", "participant/mine.html",
         "participant/erase.html")  # fmt: skip
SAID = re.compile(r'_\(\s*"([^"]+)"')
COOKIES = {"phone", "sitting", "language", "script", "draft"}
STAFFS_COOKIES = {"staff"}
OTHER_SERVERS = {
    "smtplib", "poplib", "imaplib", "ftplib", "telnetlib", "xmlrpc", "urllib.request", "httpx",
    "httpx2", "requests", "aiohttp", "urllib3", "http.client",
}  # fmt: skip
HELP = ("Somebody of my choice helps me", "That person sees your answers.")


def said_on(page: str) -> list[str]:
    return SAID.findall((TEMPLATES / page).read_text(encoding="utf-8"))


def test_every_sentence_on_privacy_is_a_promise_with_its_tests_or_none() -> None:
    said = {sentence for page in PAGES for sentence in said_on(page)}
    assert sorted(said - set(PROMISES) - NO_PROMISES) == [], "nothing proves it"
    assert sorted(set(PROMISES) - said) == [], "no page says it any more"
    assert sorted(NO_PROMISES - said) == [], "no page says it any more"


def test_every_promise_names_tests_that_exist() -> None:
    known = {
        f"{path.relative_to(ROOT).as_posix()}::{node.name}"
        for place in ("integration", "unit", "architecture", "browser")
        for path in (ROOT / "tests" / place).glob("test_*.py")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert sorted({test for tests in PROMISES.values() for test in tests} - known) == []
    assert all(PROMISES.values())


def test_the_consent_texts_of_the_present_version_are_kept_word_for_word() -> None:
    path = APP / "participants" / "consent_texts" / f"{CONSENT_VERSION}.txt"
    kept = path.read_text(encoding="utf-8")
    catalogues = Catalogues()
    english = [*said_on("participant/consent.html"), *HELP]
    urdu = [catalogues.translate("ur", sentence) for sentence in english]
    told = [("en", english), ("ur", urdu)]
    now = "".join(f"{language}: {each}\n" for language, words in told for each in words)
    assert now == kept, "the words have changed: keep them as a new version, beside the old one"
    assert CONSENT_TEXTS[CONSENT_VERSION] == sha256(kept.encode()).hexdigest()


def test_every_consent_text_that_was_ever_shown_is_still_there() -> None:
    folder = APP / "participants" / "consent_texts"
    assert {path.stem for path in folder.glob("*.txt")} == set(CONSENT_TEXTS)
    for version, digest in CONSENT_TEXTS.items():
        assert sha256((folder / f"{version}.txt").read_bytes()).hexdigest() == digest


def test_every_part_of_the_profile_may_be_left_out() -> None:
    assert set(vars(Profile())) == {"sex", "agency_type", "province", "years"}
    assert set(vars(Profile()).values()) == {None}
    columns = metadata.tables["participants"].c
    assert all(columns[name].nullable for name in vars(Profile()))


def test_no_table_of_tests_has_a_column_for_a_name() -> None:
    for table in ("participants", "sittings", "sitting_operations", "responses"):
        assert [each.name for each in metadata.tables[table].columns if "name" in each.name] == []


def test_a_phone_is_given_no_other_cookie_than_the_page_says() -> None:
    given = {
        argument.value
        for path in modules("app")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "set_cookie"
        for argument in node.args[2:3]
        if isinstance(argument, ast.Constant)
    }
    assert given >= {"phone", "language", "script"}
    assert given <= COOKIES | STAFFS_COOKIES
    direct = [
        path.name
        for path in modules("app")
        if ".set_cookie(" in path.read_text(encoding="utf-8") and path.name != "cookies.py"
    ]
    assert direct == []


def test_no_module_can_send_mail_or_ask_another_server() -> None:
    found = {
        (path.name, name)
        for path in modules("app")
        for node in ast.walk(parse(path))
        for name in _imported(node)
        if any(name == each or name.startswith(each + ".") for each in OTHER_SERVERS)
    }
    assert found == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    return []
