"""Rules about the project's files that no linter knows."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, calls, modules, name_of, parse, project_files

TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "alembic.ini", "app",
    "migrations", "pyproject.toml", "question_banks", "requirements-bench.lock",
    "requirements-dev.lock", "requirements.lock", "tests",
}  # fmt: skip
PRODUCT_FOLDERS = ("app", "migrations", "question_banks", "tests")
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")

# Written in parts, so that this file names none of them itself.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("proxy", "golang", "org"),
        ("static", "crates", "io"),
    )
)
MACHINE_PATH = re.compile(
    r"(?<![\w.:~/-])/(?:work|root|home/[a-z]\w*|Users/\w+|opt/pypi|opt/wheels)/"
)
STEERING_FOLDER = "/".join(("..", "shared"))


def test_the_top_level_holds_exactly_what_was_agreed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in project_files()} == TOP_LEVEL


def test_no_file_names_a_package_registry() -> None:
    assert not _files_with(lambda text: [host for host in REGISTRY_HOSTS if host in text])


def test_no_file_names_a_path_of_a_machine() -> None:
    assert not _files_with(MACHINE_PATH.findall)


def test_no_product_file_names_the_steering_folder() -> None:
    found = _files_with(lambda text: [STEERING_FOLDER] * (STEERING_FOLDER in text))
    assert not [line for line in found if line.startswith(PRODUCT_FOLDERS)]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("see /ro" + "ot/x", True),
        ("'/ho" + "me/amal/x'", True),
        ("https://example.org/work/1", False),
        ("app/home/page", False),
    ],
)
def test_the_machine_path_rule_knows_a_path_from_a_url(text: str, is_found: bool) -> None:
    assert bool(MACHINE_PATH.search(text)) is is_found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    requirements = text.replace("\\\n", " ").splitlines()
    assert len(requirements) > 20
    assert not [
        line for line in requirements if not re.search(r"==\S+ .*--hash=sha256:\w{64}", line)
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_holds_a_url_or_an_option(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(?:--(?!hash)|-\w )", text, flags=re.MULTILINE)


def test_the_dev_lock_holds_the_same_versions_as_the_other() -> None:
    assert _pins(LOCKS[0]) <= _pins(LOCKS[1])


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    asks = re.compile(r"(?:^|\.)(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)$")
    assert not _calls_in_app(asks, except_in={"app/adapters/clock.py"})


def test_only_the_unit_of_work_commits() -> None:
    assert not _calls_in_app(re.compile(r"\.commit$"), except_in={"app/adapters/db.py"})


def test_the_core_calls_nothing_that_reads_or_writes() -> None:
    world = re.compile(r"^(?:open|print|input|breakpoint|exec|eval|__import__)$")
    assert not [line for line in _calls_in_app(world) if line.startswith("app/core/")]


def test_every_module_says_what_it_is_for() -> None:
    found = [name_of(path) for path in modules("app", "tests") if not _is_documented(path)]
    assert not found


def test_every_folder_with_modules_is_a_package() -> None:
    # import-linter and grimp do not see modules in a folder without __init__.py.
    folders = {path.parent for path in modules("app")}
    assert not [name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_tables_keep_their_annotations() -> None:
    found = [
        name_of(path)
        for path in modules("app")
        if path.name == "tables.py"
        for node in parse(path).body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert not found, "SQLModel reads annotations; as strings they break its relationships"


def _files_with(find: Callable[[str], list[str]]) -> list[str]:
    found = []
    for path in project_files():
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue  # a font or a picture
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            found += [f"{name_of(path)}:{number}: {hit}" for hit in find(line)]
    return found


def _calls_in_app(
    name: re.Pattern[str], except_in: frozenset[str] | set[str] = frozenset()
) -> list[str]:
    return [
        f"{name_of(path)}:{call.lineno}: {called}"
        for path in modules("app")
        if name_of(path) not in except_in
        for called, call in calls(parse(path))
        if name.search(called)
    ]


def _pins(lock: str) -> set[str]:
    return set(
        re.findall(r"^[\w.-]+==\S+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    )


def _is_documented(path: Path) -> bool:
    return ast.get_docstring(parse(path)) is not None
